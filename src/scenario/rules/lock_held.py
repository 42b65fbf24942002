"""A lock that a thread takes and still holds where it ends."""

from __future__ import annotations

from collections.abc import Iterator

from scenario.diagnostics import Diagnostic, Rule
from scenario.program import ops
from scenario.program.program import Condition, Lock, RLock
from scenario.rules.facts import Facts, Root

RULE = Rule(
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
    for root in facts.roots:
        for held, end in root.walk.ends:
            for key, op in held.surely.items():
                is_lock = isinstance(root.walk.kind(op.ref), Lock | RLock | Condition)
                if is_lock and not _given_elsewhere(facts, root, key):
                    where = "" if end is None else f" on the path that returns in line {end.span.line}"
                    message = f"`{key}` is taken here and still held when the thread ends{where}"
                    yield Diagnostic(RULE.code, message, op.span, f"write `- with: {op.ref.name}`", "warning")


def _given_elsewhere(facts: Facts, root: Root, key: str) -> bool:
    """Whether another thread releases the lock: a plain lock may be handed over."""
    return any(
        isinstance(visit.op, ops.Release) and other.walk.key(visit.op.ref) in (key, None)
        for other in facts.roots
        if other is not root
        for visit in other.walk.visits
        if not any(taken == key for taken in visit.held.maybe)
    )
