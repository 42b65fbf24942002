"""A future that is completed under a lock which its callback takes: callbacks run in the thread that completes."""

from __future__ import annotations

from collections.abc import Iterator

from scenario.diagnostics import Diagnostic, Page
from scenario.lint.access import Access
from scenario.lint.facts import Facts
from scenario.lint.held import is_try
from scenario.lint.objects import LockKey
from scenario.lint.places import Place
from scenario.lint.roots import Root
from scenario.program import ops
from scenario.program.program import Lock
from scenario.syntax import Expr, OwnFuture

PAGE = Page(
    "SC415",
    "callback-takes-lock",
    "A future is completed under a lock that its callback takes.",
    "Callbacks run in the thread that completes or cancels the future, right after, under whatever that thread holds. One that takes "
    "a lock which is held there waits for its own thread, for ever. Complete the future when the lock has been given back.",
    "primitives: {lock: Lock, reply: Future}\nroutines:\n  note:\n    steps:\n      - with: lock\n        do: [pass]\nthreads:\n  A:\n    steps:\n"
    "      - add_done_callback: reply\n        run: note\n  B:\n    steps:\n      - with: lock\n        do:\n          - set_result: reply\n            value: 1\n",
    "primitives: {lock: Lock, reply: Future}\nroutines:\n  note:\n    steps:\n      - with: lock\n        do: [pass]\nthreads:\n  A:\n    steps:\n"
    "      - add_done_callback: reply\n        run: note\n  B:\n    steps:\n      - with: lock\n        do: [pass]\n      - set_result: reply\n        value: 1\n",
)


def check(facts: Facts) -> Iterator[Diagnostic]:
    if facts.shows_a_bug:
        return
    for number, root in enumerate(facts.roots):
        for at, visit in enumerate(root.walk.visits if facts.takes_part(root) else ()):
            op = visit.op
            if not isinstance(op, ops.SetResult | ops.SetException | ops.CancelFuture) or visit.caught:
                continue
            if not isinstance(op.future, OwnFuture):
                continue
            name = op.future.ref.name
            completes = (number, Access(Place(name), writes=False, at=at, visit=visit))
            routines = set(_callbacks(facts, op.future, completes))
            for key in _held(facts, root, at):
                for line in _taken(facts, routines, key):
                    message = f"`{name}` is completed while holding `{key}`, which its callback takes in line {line}: it waits for itself"
                    hint = f"complete it when `{key}` has been given back"
                    yield Diagnostic(PAGE.code, message, op.span, hint, "warning")


def _callbacks(facts: Facts, future: Expr, completes: tuple[int, Access]) -> Iterator[str]:
    """The routines that may have been added to it by then."""
    for number, root in enumerate(facts.roots):
        for at, visit in enumerate(root.walk.visits):
            op = visit.op
            if isinstance(op, ops.AddDoneCallback) and isinstance(op.future, OwnFuture) and op.future == future:
                adds = (number, Access(Place(op.future.ref.name), writes=False, at=at, visit=visit))
                if at < completes[1].at if number == completes[0] else not facts.order.may_precede(completes, adds):
                    yield op.routine


def _held(facts: Facts, root: Root, at: int) -> Iterator[LockKey]:
    """The locks that are surely held there, and that nobody can take twice."""
    for key, op in sorted(root.walk.visits[at].held.surely.items(), key=str):
        if isinstance(root.walk.objects.kind(op.ref), Lock) and not facts.is_signal(key):
            yield key


def _taken(facts: Facts, routines: set[str], key: LockKey) -> Iterator[int]:
    """The lines in which one of them waits for the lock."""
    for root in facts.roots:
        for visit in root.walk.visits if root.role == "callback" and root.name in routines else ():
            op = visit.op
            if isinstance(op, ops.Acquire | ops.With) and root.walk.objects.key(op.ref) == key:
                yield from [] if is_try(op) or visit.caught else [op.span.line]
