"""A release of a lock that the thread can not hold."""

from __future__ import annotations

from collections.abc import Iterator

from scenario.diagnostics import Diagnostic, Rule
from scenario.program import ops
from scenario.program.program import Lock, RLock
from scenario.rules.facts import Facts, Root

RULE = Rule(
    "SC403",
    "release-without-acquire",
    "A lock is released that was not acquired.",
    "Releasing a lock that is not held raises RuntimeError; an RLock is released by the thread that holds it only.",
    "primitives: {lock: Lock}\nthreads:\n  A:\n    steps:\n      - release: lock\n",
    "primitives: {lock: Lock}\nthreads:\n  A:\n    steps:\n      - acquire: lock\n      - release: lock\n",
)


def check(facts: Facts) -> Iterator[Diagnostic]:
    if facts.shows_a_bug:
        return
    for root in facts.roots:
        for visit in root.walk.visits:
            if isinstance(visit.op, ops.Release) and not visit.caught:
                key, kind = root.walk.key(visit.op.ref), root.walk.kind(visit.op.ref)
                if key is None or key in visit.held.maybe:
                    continue
                if isinstance(kind, RLock) or (isinstance(kind, Lock) and not _taken_elsewhere(facts, root, key)):
                    message = f"`{key}` is released here, but this thread does not hold it"
                    yield Diagnostic(RULE.code, message, visit.op.span, None, "warning")


def _taken_elsewhere(facts: Facts, root: Root, key: str) -> bool:
    """Whether another thread takes the lock: a plain lock may be handed over."""
    return root.count > 1 or any(
        isinstance(visit.op, ops.Acquire | ops.With) and other.walk.key(visit.op.ref) in (key, None)
        for other in facts.roots
        if other is not root
        for visit in other.walk.visits
    )
