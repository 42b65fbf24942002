"""A check of shared state that another thread can undo before the act that depends on it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from scenario.diagnostics import Diagnostic, Page
from scenario.lint.access import Access
from scenario.lint.checks import checks, together
from scenario.lint.facts import Facts
from scenario.lint.objects import LockKey
from scenario.lint.order import Channel
from scenario.lint.races import MOST, Numbered, locks, others, section, watched
from scenario.lint.roots import Root
from scenario.lint.visits import Visit
from scenario.program import ops
from scenario.program.places import root as variable_of
from scenario.program.walk import walk
from scenario.source import Span
from scenario.syntax import Expr, Method

PAGE = Page(
    "SC411",
    "check-then-act",
    "Another thread can undo what was checked before the act that depends on it.",
    "Between `if tickets > 0` and `tickets -= 1` another thread may take the last ticket. Check and act belong together: "
    "in one `with` of one lock (not in two, one after the other) or in one `atomic` block. Of a queue, do not ask whether "
    "it is empty: `get` with `block: false` says so by `Empty`; of a lock, `acquire` with `blocking: false`.\n\n"
    "The rule speaks of `if`, `while` and `await`, of a check made by way of a local, and of a value that is read in "
    "one critical section and written back in another. It says nothing where the act looks again under its lock, where no "
    "other thread changes what is checked, or where an event, queue, flag or the like may keep the others away.",
    "vars: {tickets: 1}\nprimitives: {lock: Lock}\nthreads:\n  A:\n    count: 2\n    steps:\n      - with: lock\n"
    "        do:\n          - left = tickets\n      - if: left > 0\n        then:\n          - with: lock\n"
    "            do:\n              - tickets -= 1\n",
    "vars: {tickets: 1}\nprimitives: {lock: Lock}\nthreads:\n  A:\n    count: 2\n    steps:\n      - with: lock\n"
    "        do:\n          - if: tickets > 0\n            then:\n              - tickets -= 1\n",
)

HINT = "do both in one `with` of the same lock, or in one `atomic` block"
QUEUE_HINT = "do not ask first: write `block: false`, and `raises` or `except` for what it raises"


def check(facts: Facts) -> Iterator[Diagnostic]:
    if facts.shows_a_bug:
        return
    found: dict[Span, Diagnostic] = {}
    for at, message, hint in (*_of_variables(facts), *_of_objects(facts), *_of_waits(facts)):
        found.setdefault(at.op.span, Diagnostic(PAGE.code, message, at.op.span, hint, "warning"))
    yield from found.values()


def _of_variables(facts: Facts) -> Iterator[tuple[Visit, str, str]]:
    for name, accesses in facts.shared.items():
        if len(accesses) > MOST or watched(facts, name):
            continue
        for mine in accesses:
            told = late(facts, mine)
            if told is not None:
                yield *told, HINT


def late(facts: Facts, mine: Numbered) -> tuple[Visit, str] | None:
    """Where to say that a write comes too late after its check, and what."""
    number, act = mine
    if not act.writes or _is_harmless(act):
        return None
    root = facts.roots[number]
    looks = [*checks(root, act)]
    reads = [read for _, read in looks] or [read for read in act.updates if not _is_its_own(facts, number, read)]
    if not reads or any(together(facts, number, read, act) for read in reads):
        return None
    name, line = act.place.name, act.visit.op.span.line
    if not looks:
        if not any(locks(facts, number, one.visit) for one in (act, *reads)) or any(r.at == act.at for r in reads):
            return None  # a bare update: SC408
        if _undone(facts, number, reads[0], act):
            message = (
                f"`{name}` was read in line {reads[0].visit.op.span.line}: another thread may have changed it since"
            )
            return act.visit, message
        return None
    at, read = looks[0]
    if _undone(facts, number, read, act):
        message = f"`{name}` may change between this check and the act in line {line}"
        return root.walk.visits[at], message
    return None


def _is_its_own(facts: Facts, number: int, read: Access) -> bool:
    """Whether what it reads is what the thread itself has put there in the same critical section, from nothing older."""
    return any(
        one.writes
        and one.at < read.at
        and one.place.alike(read.place)
        and not one.updates
        and section(facts, number, one, read)
        for one in facts.roots[number].accesses.all
    )


def _is_harmless(act: Access) -> bool:
    """Whether the act does no harm where the check is out of date: `d.pop(key, None)`, `s.discard(x)`."""
    calls = [node for node in walk(act.visit.op) if isinstance(node, Method) and _root(node.value) == act.place.name]
    return bool(calls) and all(
        call.name in ("discard", "setdefault", "add") or (call.name == "pop" and len(call.args) > 1) for call in calls
    )


def _root(receiver: Expr) -> str | None:
    variable = variable_of(receiver)
    return None if variable is None else variable.name


def _undone(facts: Facts, number: int, read: Access, act: Access) -> bool:
    """Whether another thread may write in between. That both wait for the same does not keep them apart."""
    own = None if isinstance(read.visit.op, ops.If) else Channel("var", act.place.name)
    return any(
        theirs.writes
        and not facts.order.may_precede((other, theirs), (number, read), besides=own)
        and not facts.order.may_precede((number, act), (other, theirs), besides=own)
        for other, theirs in others(facts, (number, read))
    )


# --- waiting for a condition ---------------------------------------------------------------------------------

WAIT_HINT = "take the condition's lock before the check, and keep it until the wait"


def _of_waits(facts: Facts) -> Iterator[tuple[Visit, str, str]]:
    """What was found without the lock decides to wait: the notification may have come already."""
    for number, root in enumerate(facts.roots):
        for visit in root.walk.visits:
            if not isinstance(visit.op, ops.WaitCondition) or visit.op.timeout is not None:
                continue
            reads = [(at, read) for at in visit.controls for read in root.accesses.tests.get(at, ())]
            if not reads or any(_keys(read.visit) & _keys(visit) for _, read in reads):
                continue
            for at, read in reads:
                if any(theirs.writes for _, theirs in others(facts, (number, read))):
                    name, line = read.place.name, visit.op.span.line
                    message = f"`{name}` may change, and the notification come, between this check and the wait in line {line}"
                    yield root.walk.visits[at], message, WAIT_HINT
                    break


def _keys(visit: Visit) -> set[tuple[LockKey, int]]:
    return {(key, id(op)) for key, op in visit.held.maybe.items()}


# --- queues, events, locks ------------------------------------------------------------------------------------

Act = ops.Get | ops.Put | ops.SetEvent | ops.Acquire | ops.With

ASKED: Mapping[type[ops.Op], tuple[frozenset[str], str, str]] = {
    ops.Get: (frozenset({"empty", "full", "qsize"}), "take from", QUEUE_HINT),
    ops.Put: (frozenset({"empty", "full", "qsize"}), "put into", QUEUE_HINT),
    ops.SetEvent: (frozenset({"is_set"}), "set", HINT),
    ops.Acquire: (frozenset({"locked"}), "take", "write `acquire` with `blocking: false` and `into`"),
    ops.With: (frozenset({"locked"}), "take", "write `acquire` with `blocking: false` and `into`"),
}
"""Which question about an object decides about which act, and what another thread does in between."""


def _of_objects(facts: Facts) -> Iterator[tuple[Visit, str, str]]:
    for root in facts.roots:
        for number, visit in enumerate(root.walk.visits):
            op = visit.op
            if type(op) not in ASKED or visit.caught or visit.atomic is not None:
                continue
            assert isinstance(op, Act), "as the table says"
            attributes, what, hint = ASKED[type(op)]
            for at in visit.controls:
                asked = [query for query in root.accesses.asked.get(at, ()) if query.attribute in attributes]
                if not any(query.ref.name == op.ref.name for query in asked) or not _rival(facts, root, at, visit, op):
                    continue
                if isinstance(op, ops.SetEvent) and root.walk.lasts[at] == number == at + 1:
                    continue  # to set it once more changes nothing
                message = f"another thread may {what} `{op.ref.name}` between this check and line {op.span.line}"
                yield root.walk.visits[at], message, hint


def _rival(facts: Facts, root: Root, at: int, act: Visit, op: Act) -> bool:
    """Whether another thread may do the same to the object, without a lock that is held from check to act."""
    start = root.walk.visits[at].held.maybe
    held = {key for key, taken in act.held.maybe.items() if start.get(key) is taken}
    kinds = (ops.Acquire, ops.With) if isinstance(op, ops.Acquire | ops.With) else (type(op),)
    return any(
        (other is not root or root.count > 1) and not held & visit.held.maybe.keys()
        for other, visit in facts.uses(op.ref.name, *kinds)
    )
