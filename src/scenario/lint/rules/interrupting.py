"""A lock that an interrupt takes although its thread may hold it: nobody is left to give it back."""

from __future__ import annotations

from collections.abc import Iterator

from scenario.diagnostics import Diagnostic, Page
from scenario.lint.facts import Facts
from scenario.lint.held import is_try
from scenario.lint.objects import LockKey
from scenario.lint.roots import Root
from scenario.program import ops
from scenario.program.program import Interrupt, Lock

PAGE = Page(
    "SC413",
    "interrupt-takes-lock",
    "An interrupt takes a lock that its own thread may hold.",
    "A signal handler or finalizer runs on the stack of the thread in whose middle it comes. If that thread holds the lock, the "
    "interrupt waits for its own thread, for ever. An RLock may be taken again; better still, an interrupt takes no lock at all: it "
    "notes what has come, or puts it into a SimpleQueue.",
    "primitives: {lock: Lock}\nthreads:\n  A:\n    steps:\n      - with: lock\n        do: [pass]\n"
    "  finalizer:\n    interrupts: A\n    steps:\n      - with: lock\n        do: [pass]\n",
    "primitives: {lock: RLock}\nthreads:\n  A:\n    steps:\n      - with: lock\n        do: [pass]\n"
    "  finalizer:\n    interrupts: A\n    steps:\n      - with: lock\n        do: [pass]\n",
)


def check(facts: Facts) -> Iterator[Diagnostic]:
    if facts.shows_a_bug:
        return
    for interrupt in facts.program.interrupts:
        held = {key for root in _threads(facts, interrupt) for visit in root.walk.visits for key in visit.held.surely}
        for root in facts.roots:
            if root.role == "interrupt" and root.name == interrupt.routine and interrupt.times:
                yield from _taken(root, interrupt, held)


def _threads(facts: Facts, interrupt: Interrupt) -> Iterator[Root]:
    return (
        root
        for root in facts.roots
        if root.role == "thread" and root.key == interrupt.target and facts.takes_part(root)
    )


def _taken(root: Root, interrupt: Interrupt, held: set[LockKey]) -> Iterator[Diagnostic]:
    """The locks that it waits for, of those that its thread holds at some step."""
    for visit in root.walk.visits:
        op = visit.op
        if (
            not isinstance(op, ops.Acquire | ops.With)
            or visit.caught
            or not isinstance(root.walk.objects.kind(op.ref), Lock)
        ):
            continue
        key = root.walk.objects.key(op.ref)
        if key in held and not is_try(op):
            message = (
                f"`{key}` may be held by `{interrupt.target}`, in whose middle this comes: it would wait for itself"
            )
            yield Diagnostic(PAGE.code, message, op.span, "an RLock may be taken again by its owner", "warning")
