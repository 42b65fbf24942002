"""Operations on primitives and threads: their arguments are read before, left to right, and `into` is written after."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, TypeVar

from scenario.program import ops
from scenario.program.places import changes
from scenario.program.show import expression
from scenario.program.sizes import is_scalar
from scenario.program.walk import map_children, walk
from scenario.record import record
from scenario.steps.code import Guard, Operate, Snooze
from scenario.steps.lower.builder import Body, Builder
from scenario.steps.lower.expressions import asked, flat, held
from scenario.steps.lower.regions import cleanup
from scenario.steps.lower.statements import assign
from scenario.steps.operands import ARGUMENTS, arguments, place
from scenario.steps.values import Copied, Deadline, Left, Pause, Timed
from scenario.syntax import Boolean, Compare, Const, Expr, Local, Node, Ref, Shared

N = TypeVar("N", bound=Node)


def operate(b: Builder, op: ops.Act, *, part: str = "", about: str = "") -> Local:
    """One `Operate`: its arguments are read before, left to right, and `into` is written after.

    `about` says what it is on where the file does not name it.
    """
    ref, given = place(op), arguments(op)
    index = () if ref is None or ref.index is None else (ref.index,)
    at = in_order(b, (*index, *given.values()))
    result = b.temporary()
    b.add(
        Operate(
            _over_locals(op, at[: len(index)], dict(zip(given, at[len(index) :], strict=True))), part,
            about or named(op),
            uses=tuple(b.slot(local.name) for local in at), defines=(b.slot(result.name),),
        )
    )  # fmt: skip
    into = getattr(op, "into", None)
    if into is not None and not isinstance(op, ops.Map):
        assign(b, into, result)
    return result


def _over_locals(op: ops.Act, index: Sequence[Local], given: dict[str, Local]) -> ops.Act:
    """The operation with locals for what has been evaluated; where its value goes is said by what follows it."""
    changes: dict[str, Any] = {name: local for name, local in given.items() if name in ARGUMENTS}
    for local in index:
        where = "ref" if hasattr(op, "ref") else "to"
        changes[where] = Ref(getattr(op, where).name, local, span=op.span)
    of_call = [local for name, local in given.items() if name not in ARGUMENTS]
    if isinstance(op, ops.Submit | ops.CallPython | ops.AddDoneCallback):
        changes["args"] = tuple(of_call[: len(op.args)])
        named = zip(op.keywords, of_call[len(op.args) :], strict=True)
        changes["keywords"] = tuple((name, local) for (name, _), local in named)
    if hasattr(op, "into"):
        changes["into"] = None
    return replace(op, **changes)


def named(op: ops.Act) -> str:
    """The future, or futures, as the file has it; nothing for one that it does not name."""
    about = getattr(op, "future", None) or getattr(op, "futures", None)
    text = "" if about is None else expression(about)
    return "" if "$" in text else text


def in_order(b: Builder, values: list[Expr] | tuple[Expr, ...]) -> list[Local]:
    return [b.to_local(flat(b, value)) for value in values]


def given_in_order(b: Builder, values: tuple[Expr, ...]) -> list[Local]:
    """The same of what is given to a routine: it is copied before what comes after it is evaluated, if that may change it."""
    return [_given(b, value, values[i + 1 :]) for i, value in enumerate(values)]


def _given(b: Builder, value: Expr, later: tuple[Expr, ...]) -> Local:
    local = b.to_local(flat(b, value))
    return b.local(Copied(local)) if changes(later) and not is_scalar(value) else local


def held_ref(b: Builder, ref: Ref) -> Ref:
    """The ref with its index read now, for several operations on the same object."""
    return ref if ref.index is None else Ref(ref.name, b.to_local(flat(b, ref.index)), span=ref.span)


def with_(b: Builder, op: ops.With, body: Body) -> None:
    span = b.span
    pool, ref = b.is_pool(op.ref.name), held_ref(b, op.ref)
    if not pool:
        operate(b, ops.Acquire(ref))

    def leave() -> None:
        with b.at(span):
            if pool:
                operate(b, ops.ShutdownPool(ref))
                operate(b, ops.ShutdownPool(ref), part="wait")
            else:
                operate(b, ops.Release(ref))

    with cleanup(b, leave):
        body(b, op.body)


def wait_for(b: Builder, op: ops.WaitFor) -> None:
    """The loop of `Condition.wait_for`: wait until the predicate holds or a wait has timed out."""
    ref = held_ref(b, op.ref)
    timeout = begun(b, seconds_of(b, op.timeout))
    top, again, end = b.label(), b.label(), b.label()
    result, going = b.temporary(), b.constant(True)
    first = b.constant(True)
    b.place(top)
    b.compute(result, flat(b, _as_function(op.until)))
    b.branch(result, again)
    b.jump(end)
    b.place(again)
    b.branch(going, end)
    left = rest_of(b, timeout)
    if left is not None:
        b.branch(
            Boolean("or", (first, Compare(left, ("is",), (Const(None),)), Compare(left, (">",), (Const(0),)))), end
        )  # CPython waits once in any case
        b.compute(first, Const(False))
        b.compute(going, operate(b, ops.WaitCondition(ref, left, span=op.span)))
    else:
        operate(b, ops.WaitCondition(ref, span=op.span))
    b.jump(top)
    b.place(end)
    if op.into is not None:
        assign(b, op.into, result)


def _as_function(predicate: N) -> N:
    """As Python compiles it: its locals are those of the function around it."""
    return replace(predicate, free=True) if isinstance(predicate, Local) else map_children(predicate, _as_function)


def each_thread(b: Builder, op: ops.Start | ops.Join) -> None:
    """Starting or joining a group, or `all`, is a step a thread, in order."""
    group = next((g for g in b.program.groups if g.key == op.ref.name), None)
    targets = [group] if group is not None else b.program.groups if op.ref.name == "all" else []
    if not targets or (group is not None and (op.ref.index is not None or not group.is_group)):
        operate(b, op)
        return
    part = "all" if op.ref.name == "all" else ""
    timeout = None
    if isinstance(op, ops.Join) and op.timeout is not None:
        timeout = held(b, flat(b, op.timeout))
    for member in targets:
        for i in range(len(member.names)):
            ref = Ref(member.key, Const(i) if member.is_group else None, span=op.ref.span)
            if isinstance(op, ops.Start):
                operate(b, ops.Start(ref, span=op.span), part=part)
            else:
                operate(b, ops.Join(ref, timeout, span=op.span), part=part)


def await_(b: Builder, op: ops.Await) -> None:
    test = op.test
    timeout = added(b, op.timeout)
    slot = None if timeout is None else b.slot(timeout.name)
    reads = frozenset(n.name for n in walk(test) if isinstance(n, Shared))
    uses = b.uses(test) + (() if slot is None else (slot,))
    b.add(Guard(test, reads, asked(test), slot, uses=uses))


# --- output and time ---------------------------------------------------------------------------------


def sleep(b: Builder, op: ops.Sleep) -> None:
    value = b.to_local(flat(b, op.seconds))
    b.compute(None, Pause(value))
    b.add(Snooze(uses=(b.slot(value.name),)))


def compute(b: Builder, op: ops.Compute) -> None:
    """Work of the thread's own, whose length nothing depends on: its seconds are looked at as those of a sleep."""
    b.compute(None, Pause(b.to_local(flat(b, op.seconds))))


# --- timeouts that run while several steps are taken -------------------------------------------------------


@record
class Timeout:
    """Its seconds, and when they are over."""

    seconds: Local
    deadline: Local


def seconds_of(b: Builder, timeout: Expr | None) -> Local | None:
    """The seconds that the file gives, if it does."""
    return None if timeout is None else b.to_local(flat(b, timeout))


def added(b: Builder, timeout: Expr | None) -> Local | None:
    """The same where they are added to the time before anything is looked at."""
    seconds = seconds_of(b, timeout)
    if seconds is not None:
        b.compute(None, Timed(seconds))
    return seconds


def begun(b: Builder, seconds: Local | None) -> Timeout | None:
    """It runs from here on."""
    return None if seconds is None else Timeout(seconds, b.local(Deadline(seconds)))


def rest_of(b: Builder, timeout: Timeout | None) -> Local | None:
    """What is left of it."""
    return None if timeout is None else b.local(Left(timeout.seconds, timeout.deadline))
