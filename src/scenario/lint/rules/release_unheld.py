"""A release of a lock that the thread can not hold."""

from __future__ import annotations

from collections.abc import Iterator

from scenario.diagnostics import Diagnostic, Page
from scenario.lint.facts import Facts
from scenario.lint.objects import LockKey
from scenario.lint.roots import Root
from scenario.program import ops
from scenario.program.program import BoundedSemaphore, Condition, Lock, RLock
from scenario.syntax import Ref

PAGE = Page(
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
    for root in facts.roots_of_their_own:
        for op in root.walk.given_twice:
            message = f"this `with` gives `{op.ref.name}` back at its end, but its steps have done so already"
            yield Diagnostic(PAGE.code, message, op.span, None, "warning")
        for visit in root.walk.visits:
            if not isinstance(visit.op, ops.Release) or visit.caught:
                continue
            key = root.walk.objects.key(visit.op.ref)
            if key is None or key in visit.held.maybe:
                continue
            if _may_not(facts, root, key, visit.op.ref):
                message = f"`{key}` is released here, but this thread does not hold it"
                yield Diagnostic(PAGE.code, message, visit.op.span, None, "warning")


def _may_not(facts: Facts, root: Root, key: LockKey, ref: Ref) -> bool:
    match root.walk.objects.kind(ref):
        case RLock() | Condition() if root.walk.objects.is_reentrant(ref):
            return True
        case Lock() | Condition():
            return not _is_handed(facts, key)
        case BoundedSemaphore():
            return not any(_takes(other, key) for other in facts.roots)
    return False


def _is_handed(facts: Facts, key: LockKey) -> bool:
    """Whether some thread takes the lock and leaves it to others to give it back."""
    return any(key.may_be(other) for root in facts.roots for held, _ in root.walk.ends for other in held.maybe) or any(
        _takes(root, key) and not root.walk.ends for root in facts.roots
    )


def _takes(root: Root, key: LockKey) -> bool:
    return any(
        isinstance(visit.op, ops.Acquire | ops.With) and root.walk.objects.key(visit.op.ref) in (key, None)
        for visit in root.walk.visits
    )
