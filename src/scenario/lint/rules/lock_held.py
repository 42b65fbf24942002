"""A lock that a thread takes and still holds where it ends."""

from __future__ import annotations

from collections.abc import Iterator

from scenario.diagnostics import Diagnostic, Page
from scenario.lint.facts import Facts
from scenario.lint.objects import LockKey
from scenario.lint.roots import Root
from scenario.program import ops
from scenario.program.program import Condition, Lock, RLock
from scenario.syntax import Return

PAGE = Page(
    "SC402",
    "lock-never-released",
    "A thread ends with a lock that it took and nobody gives back.",
    "Whoever wants the lock next waits for ever. `with` gives it back on every path, also when its body fails.",
    "primitives: {lock: Lock}\nthreads:\n  A:\n    steps:\n      - acquire: lock\n",
    "primitives: {lock: Lock}\nthreads:\n  A:\n    steps:\n      - with: lock\n        do: [pass]\n",
)


def check(facts: Facts) -> Iterator[Diagnostic]:
    if facts.shows_a_bug:
        return
    for root in facts.roots_of_their_own:
        for held, end in root.walk.ends:
            for key, op in held.open.items():
                is_lock = isinstance(root.walk.objects.kind(op.ref), Lock | RLock | Condition)
                if (
                    is_lock
                    and (key in held.surely or _always_taken(root, op))
                    and not _given_elsewhere(facts, root, key)
                ):
                    message = (
                        f"`{key}` is taken here and still held when the thread ends{_where(end, key in held.surely)}"
                    )
                    yield Diagnostic(PAGE.code, message, op.span, f"write `- with: {op.ref.name}`", "warning")


def _where(end: ops.Op | None, on_every_path: bool) -> str:
    match end:
        case None:
            return "" if on_every_path else " on some path"
        case Return():
            return f" on the path that returns in line {end.span.line}"
        case _:
            return f" on the path that raises in line {end.span.line}"


def _always_taken(root: Root, op: ops.Op) -> bool:
    """Whether no `if` decides that the lock is taken: the same one may decide that it is given back."""
    return not any(visit.controls for visit in root.walk.visits if visit.op is op)


def _given_elsewhere(facts: Facts, root: Root, key: LockKey) -> bool:
    """Whether another thread releases the lock: a plain lock may be handed over."""
    return any(
        isinstance(visit.op, ops.Release) and other.walk.objects.key(visit.op.ref) in (key, None)
        for other in facts.roots
        if other is not root or root.count > 1
        for visit in other.walk.visits
        if key not in visit.held.surely
    )
