"""A sleep that is meant to order threads."""

from __future__ import annotations

from collections.abc import Iterator

from scenario.diagnostics import Diagnostic, Page
from scenario.lint.access import Access
from scenario.lint.facts import Facts
from scenario.lint.races import MOST, watched
from scenario.lint.roots import Root
from scenario.program import ops
from scenario.program.program import Condition
from scenario.program.walk import walk_all
from scenario.syntax import Assign, Node, Now, Pass, Query

PAGE = Page(
    "SC412",
    "sleep-for-order",
    "A thread sleeps so that another one has done something; nothing makes that so.",
    "A thread can always be late: on a busy machine the sleep is over before the other thread has begun. Exploring says "
    "so at once, for there `sleep` orders nothing. Wait for what you need: `join` the thread, `wait` for an event, `get` "
    "from a queue, `wait_for` a condition, or `await` a flag.\n\n"
    "The rule speaks of a sleep outside of loops and locks whose next step looks for what another thread does: it reads a "
    "variable that another thread writes and that this one has not used before, asks an event, queue or thread for its "
    "state, takes from a queue without waiting, or notifies a condition whose waiters look at nothing. It says "
    "nothing where something else orders the two, nor where the file is about time (`elapsed`, `now()`, the virtual clock).",
    "vars: {result: 0}\nthreads:\n  A: {steps: [result = 42]}\nmain:\n  - start: A\n  - sleep: 0.5\n"
    "  - print: '{result}'\n  - join: A\n",
    "vars: {result: 0}\nthreads:\n  A: {steps: [result = 42]}\nmain:\n  - start: A\n  - join: A\n"
    "  - print: '{result}'\n",
)

HINT = "wait for it: `join`, `wait`, `get`, `wait_for` or `await`"

_LOCAL = (ops.Print, ops.Mark, Pass, ops.With, ops.Atomic, ops.Expect, ops.If, ops.Assert, Assign)
"""What may stand between the sleep and what it is for."""


def check(facts: Facts) -> Iterator[Diagnostic]:
    if facts.shows_a_bug or _about_time(facts):
        return
    for number, root in enumerate(facts.roots):
        for at, visit in enumerate(root.walk.visits):
            if isinstance(visit.op, ops.Sleep) and visit.loop is None and not visit.held.maybe:
                what = _purpose(facts, number, at)
                if what is not None:
                    message = f"only this sleep makes it likely that {what}"
                    yield Diagnostic(PAGE.code, message, visit.op.span, HINT, "warning")


def _about_time(facts: Facts) -> bool:
    timed = facts.program.settings.clock == "virtual"
    return timed or facts.program.claims.elapsed is not None or any(isinstance(node, Now) for node in facts.nodes)


def _purpose(facts: Facts, number: int, at: int) -> str | None:
    """What the steps right after a sleep rely on."""
    root = facts.roots[number]
    used = {access.place.name for access in root.accesses.all if access.at < at}
    for later in range(at + 1, len(root.walk.visits)):
        visit = root.walk.visits[later]
        here = [access for access in root.accesses.all if access.at == later]
        for access in here:
            if not access.writes and access.place.name not in used and not watched(facts, access.place.name):
                line = _written(facts, number, access)
                if line is not None:
                    return f"`{access.place.name}` has been written before, in line {line}"
        what = _asked(facts, root, visit.op, caught=visit.caught)
        if what is not None:
            return what
        if not isinstance(visit.op, _LOCAL) or any(access.writes for access in here):
            return None
    return None


def _written(facts: Facts, number: int, read: Access) -> int | None:
    """The line in which another thread writes what is read, if nothing orders the two."""
    accesses = facts.shared.get(read.place.name, [])
    writes = [(n, a) for n, a in accesses if a.writes and n != number and a.place.overlaps(read.place)]
    if not writes or len(accesses) > MOST or any(not facts.order.apart(write, (number, read)) for write in writes):
        return None
    return writes[0][1].visit.op.span.line


def _asked(facts: Facts, root: Root, op: ops.Op, *, caught: bool) -> str | None:
    match op:
        case ops.Get(ref=ref, block=block) if block is not None and not caught:
            if _others(facts, root, ops.Put, ref.name):
                return f"something has been put into `{ref.name}`"
        case ops.Notify(ref=ref) | ops.NotifyAll(ref=ref) if isinstance(root.walk.objects.kind(ref), Condition):
            if _waits_blindly(facts, ref.name):
                return f"another thread waits for `{ref.name}` already"
        case ops.Print() | ops.Assert() | Assign() | ops.If():
            looked_at = op.branches[0][0] if isinstance(op, ops.If) else op
            for node in walk_all((looked_at,)):
                if (
                    isinstance(node, Query)
                    and node.attribute == "is_set"
                    and _others(facts, root, ops.SetEvent, node.ref.name)
                ):
                    return f"`{node.ref.name}` has been set"
    return None


def _others(facts: Facts, root: Root, kind: type[Node], name: str) -> bool:
    return any(other is not root for other, _ in facts.uses(name, kind))


def _waits_blindly(facts: Facts, name: str) -> bool:
    """Whether a thread waits for the condition with nothing that it looks at before or after."""
    return any(not visit.controls and _untimed(visit.op) for _, visit in facts.uses(name, ops.WaitCondition))


def _untimed(op: ops.Op) -> bool:
    return isinstance(op, ops.WaitCondition) and op.timeout is None
