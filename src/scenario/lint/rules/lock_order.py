"""Locks that threads take in an order that goes round in a circle."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import product
from typing import NamedTuple

from scenario.diagnostics import Diagnostic, Page
from scenario.lint.access import Access
from scenario.lint.facts import Facts
from scenario.lint.held import is_try
from scenario.lint.objects import LockKey
from scenario.lint.places import Place
from scenario.lint.roots import Root
from scenario.program import ops
from scenario.program.program import Condition, Lock, RLock
from scenario.source import Span

PAGE = Page(
    "SC404",
    "lock-order",
    "Threads take the same locks in different orders.",
    "Each may hold what the other waits for: a deadlock. When all threads take their locks in one order there is none. A "
    "thread that is joined is waited for like a lock: if it takes a lock that the joining one holds, neither gets on.",
    "primitives: {a: Lock, b: Lock}\nthreads:\n  A:\n    steps:\n      - with: [a, b]\n        do: [pass]\n"
    "  B:\n    steps:\n      - with: [b, a]\n        do: [pass]\n",
    "primitives: {a: Lock, b: Lock}\nthreads:\n  A:\n    steps:\n      - with: [a, b]\n        do: [pass]\n"
    "  B:\n    steps:\n      - with: [a, b]\n        do: [pass]\n",
)

LONGEST = 5
"""Locks in a circle that are looked for."""

MOST = 200
"""Pairs of locks taken inside one another; a file with more is not looked at."""


class Edge(NamedTuple):
    """A thread waits for `wanted` while it holds `has`, and `gates` besides."""

    has: LockKey
    wanted: LockKey
    gates: frozenset[LockKey]
    root: int
    many: bool
    at: int
    span: Span


def check(facts: Facts) -> Iterator[Diagnostic]:
    if facts.shows_a_bug:
        return
    yield from _again(facts)
    yield from _joins(facts)
    edges = tuple({edge._replace(at=0): edge for edge in _edges(facts)}.values())
    if len(edges) > MOST:
        return
    for circle in _circles(facts, edges):
        first = circle[0]
        others = ", ".join(f"line {edge.span.line}: `{edge.wanted}` while holding `{edge.has}`" for edge in circle[1:])
        message = f"`{first.wanted}` is taken while holding `{first.has}`, and in {others}"
        yield Diagnostic(PAGE.code, message, first.span, "take the locks in one order everywhere", "warning")
        return  # one circle tells it; the next is most often the same one, turned


def _again(facts: Facts) -> Iterator[Diagnostic]:
    """The shortest circle: a thread waits for a lock that it has itself."""
    for root in facts.roots:
        for visit in root.walk.visits:
            op = visit.op
            if isinstance(op, ops.Acquire | ops.With) and isinstance(root.walk.objects.kind(op.ref), Lock):
                key = root.walk.objects.key(op.ref)
                if key is None or facts.is_signal(key):
                    continue  # what others give back is waited for like a signal
                if key in visit.held.surely and not visit.caught and not is_try(op):
                    line = visit.held.surely[key].span.line
                    message = (
                        f"`{key}` is taken while this thread holds it already, since line {line}: it waits for itself"
                    )
                    yield Diagnostic(PAGE.code, message, op.span, "an RLock may be taken again by its owner", "warning")


def _joins(facts: Facts) -> Iterator[Diagnostic]:
    """Threads are joined under a lock that they take themselves."""
    for number, root in enumerate(facts.roots):
        for at, visit in enumerate(root.walk.visits):
            op = visit.op
            if not isinstance(op, ops.Join) or op.timeout is not None or visit.caught:
                continue
            for key in sorted(visit.held.surely, key=str):
                wanted = dict(_wanted_by(facts, op, (number, at), key))
                if wanted:
                    hint = f"join when `{key}` has been given back"
                    yield Diagnostic(PAGE.code, _joined(key, wanted), op.span, hint, "warning")
                    break


def _joined(key: LockKey, wanted: Mapping[str, int]) -> str:
    """Who is joined, and where each takes the lock."""
    threads, lines = _listed([f"`{thread}`" for thread in wanted]), sorted(set(wanted.values()))
    are, take = ("is", "takes") if len(wanted) == 1 else ("are", "take")
    where = f"line{'s' * (len(lines) > 1)} {_listed([*map(str, lines)])}"
    return f"{threads} {are} joined with `{key}` held, and {take} it in {where}"


def _listed(words: Sequence[str]) -> str:
    *most, last = words
    return f"{', '.join(most)} and {last}" if most else last


def _wanted_by(facts: Facts, join: ops.Join, joining: tuple[int, int], key: LockKey) -> Iterator[tuple[str, int]]:
    """The joined threads that may still have to take the lock, each with the line."""
    number, at = joining
    visits = facts.roots[number].walk.visits
    since = next(i for i, visit in enumerate(visits) if visit.op is visits[at].held.surely[key])
    holds = (number, Access(Place(key.name), writes=False, at=since, visit=visits[since]))
    for other, root in enumerate(facts.roots):
        joined = root.role == "thread" and join.ref.name in (root.key, "all") and facts.takes_part(root)
        for place, visit in enumerate(root.walk.visits if joined and other != number else ()):
            if _takes(root, visit.op, key):
                takes = (other, Access(Place(key.name), writes=False, at=place, visit=visit))
                if not facts.order.may_precede(takes, holds):
                    yield root.key, visit.op.span.line
                    break


def _takes(root: Root, op: ops.Op, key: LockKey) -> bool:
    """Whether it waits for the lock until it has it."""
    return isinstance(op, ops.Acquire | ops.With) and not is_try(op) and root.walk.objects.key(op.ref) == key


def _edges(facts: Facts) -> Iterator[Edge]:
    for number, root in enumerate(facts.roots):
        for at, visit in enumerate(root.walk.visits):
            op = visit.op
            if not isinstance(op, ops.Acquire | ops.With) or not isinstance(
                root.walk.objects.kind(op.ref), Lock | RLock | Condition
            ):
                continue
            if is_try(op):
                continue
            wanted = root.walk.objects.key(op.ref)
            held = frozenset(visit.held.surely)
            if wanted is None or wanted in held:
                continue
            for has in sorted(held, key=str):
                yield Edge(has, wanted, held - {has}, number, root.count > 1, at, op.span)


def _circles(facts: Facts, edges: tuple[Edge, ...]) -> Iterator[tuple[Edge, ...]]:
    paths: list[tuple[Edge, ...]] = [(edge,) for edge in edges]
    for _ in range(LONGEST - 1):
        longer: list[tuple[Edge, ...]] = []
        for path, edge in product(paths, edges):
            if edge.has != path[-1].wanted or not all(_apart(facts, edge, other) for other in path):
                continue
            if edge.wanted == path[0].has:
                yield (*path, edge)
            else:
                longer.append((*path, edge))
        paths = longer[:500]


def _apart(facts: Facts, one: Edge, other: Edge) -> bool:
    """Whether two threads can be there at once: no common lock keeps them apart, and none is over before."""
    if (one.root == other.root and not one.many) or one.gates & other.gates or one.wanted == other.wanted:
        return False
    return facts.lifetimes.apart(_as_access(facts, one), _as_access(facts, other))


def _as_access(facts: Facts, edge: Edge) -> tuple[int, Access]:
    visit = facts.roots[edge.root].walk.visits[edge.at]
    return edge.root, Access(Place(edge.wanted.name), writes=False, at=edge.at, visit=visit)
