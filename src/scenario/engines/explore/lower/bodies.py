"""Verbs -> instructions: one arm a class of `program.ops`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import fields
from typing import assert_never

from scenario.engines.explore.code import (
    Begin,
    Branch,
    Code,
    Emit,
    End,
    Enter,
    Fail,
    Guard,
    Operate,
    Pick,
    Snooze,
)
from scenario.engines.explore.lower.builder import Builder, Cleanup, Loop
from scenario.engines.explore.lower.expressions import asked, flat, flat_template, held, run_over
from scenario.engines.explore.lower.statements import assign, statement
from scenario.program import ops
from scenario.program.exceptions import catches
from scenario.program.program import Program
from scenario.program.show import expression
from scenario.program.walk import walk
from scenario.syntax import (
    Assign,
    AugmentedAssign,
    Binary,
    Boolean,
    Break,
    Compare,
    Const,
    Continue,
    Delete,
    Evaluate,
    Expr,
    ListDisplay,
    Local,
    Method,
    Pass,
    Ref,
    Reraise,
    Return,
    Shared,
    Template,
    Unary,
)


def body_code(
    program: Program,
    name: str,
    body: ops.Block,
    params: tuple[str, ...] = (),
    registers: frozenset[str] = frozenset(),
    *,
    timer: bool = False,
) -> Code:
    """The code of one thread, routine or main; a timer's begins with the step that fires it."""
    b = Builder(program, name, params, registers)
    if timer:
        b.add(Operate(ops.Start, part="fire"))
    block(b, body)
    return b.finish()


def block(b: Builder, body: ops.Block) -> None:
    for op in body:
        step(b, op)


def step(b: Builder, op: ops.Op) -> None:
    """Emits one step of the file."""
    outer, b.span = b.span, op.span
    _emit(b, op)
    b.span = outer


def _emit(b: Builder, op: ops.Op) -> None:  # noqa: PLR0915 (one arm a class: the total dispatch)
    match op:
        case (
            Assign() | AugmentedAssign() | Delete() | Evaluate() | Break() | Continue() | Pass() | Return() | Reraise()
        ):
            statement(b, op)
        case ops.Print(text):
            if b.program.claims.output is not None:
                _observed(b, text, "output")
        case ops.Mark(text):
            if b.program.claims.order:
                _observed(b, text, "marks")
        case ops.Sleep(seconds):
            value = b.to_local(flat(b, seconds))
            b.run(f"_seconds({b.source(value)})", value)
            b.add(Snooze(uses=(b.slot(value.name),)))
        case (
            ops.Acquire() | ops.Release() | ops.WaitCondition() | ops.Notify() | ops.NotifyAll() | ops.WaitEvent()
            | ops.SetEvent() | ops.ClearEvent() | ops.WaitBarrier() | ops.AbortBarrier() | ops.ResetBarrier()
            | ops.Put() | ops.Get() | ops.TaskDone() | ops.JoinQueue() | ops.ShutdownQueue()
            | ops.CancelTimer() | ops.Result() | ops.CancelFuture() | ops.WaitFutures()
        ):  # fmt: skip
            operate(b, op)
        case ops.With(ref, body):
            _with(b, ref, body)
        case ops.WaitFor():
            _wait_for(b, op)
        case ops.Start(ref) | ops.Join(ref):
            _each_thread(b, op)
        case ops.Submit(routine, _, args):
            operate(b, op, args=args, routine=routine)
        case ops.ShutdownPool(wait=wait):
            operate(b, op)
            done = b.label()
            if wait is not None:
                b.branch(flat(b, wait), done)
            operate(b, ops.ShutdownPool(op.ref, span=op.span), part="wait")
            b.place(done)
        case ops.Map():
            _map(b, op)
        case ops.AsCompleted():
            _as_completed(b, op)
        case ops.CallRoutine(routine, args, into):
            slots = tuple(b.slot(local.name) for local in _in_order(b, args))
            result = b.temporary()
            b.add(Enter(routine, uses=slots, defines=(b.slot(result.name),)))
            if into is not None:
                assign(b, into, result)
        case ops.CallPython():
            raise TypeError("the user's own code is not explored: the caller says undecided first")
        case ops.If():
            _if(b, op)
        case ops.While(test, body):
            with _loop(b) as (top, end):
                b.place(top)
                b.branch(flat(b, test), end)
                block(b, body)
                b.jump(top)
        case ops.Repeat():
            _repeat(b, op)
        case ops.For(target, iterable, body):
            _for(b, target, iterable, body)
        case ops.Try():
            _try(b, op)
        case ops.Raise(exception, message):
            value = b.temporary()
            b.compute(value, flat_template(b, message) if message is not None else Template(()))
            keyed = exception == "KeyError" and message is not None
            b.run(f"w.throw({exception!r}, {b.source(value)}, {keyed})", value)
        case ops.Assert(test, message):
            good, over = b.label(), b.label()
            b.branch(Unary("not", flat(b, test)), good)
            words = None if message is None else b.function(message)
            b.add(
                Fail(
                    "assert",
                    f"`{expression(test)}` is false",
                    words,
                    uses=b.uses(*(() if message is None else (message,))),
                )
            )
            b.jump(over)
            b.place(good)
            b.place(over)
        case ops.Expect(exception, body):
            _expect(b, exception, body)
        case ops.Choose(target, values):
            source, picked = b.to_local(flat(b, values)), b.temporary()
            b.add(Pick(uses=(b.slot(source.name),), defines=(b.slot(picked.name),)))
            assign(b, target, picked)
        case ops.Await(test, timeout):
            _await(b, test, timeout)
        case ops.Atomic(body):
            _atomic(b, body)
        case _:
            assert_never(op)


def _observed(b: Builder, text: Template, stream: str) -> None:
    line = b.temporary()
    b.compute(line, flat_template(b, text))
    b.add(Emit(stream, uses=(b.slot(line.name),)))


# --- operations on primitives ---------------------------------------------------------------------


_ARGUMENTS = {
    "n",
    "blocking",
    "timeout",
    "item",
    "block",
    "immediate",
    "cancel_futures",
    "future",
    "futures",
    "return_when",
}


def operate(b: Builder, op: ops.Op, *, args: tuple[Expr, ...] = (), routine: str = "", part: str = "") -> Local:
    """One `Operate`: its arguments are read before, left to right, and `into` is written after."""
    ref = getattr(op, "ref", None) or getattr(op, "to", None)
    named = [(f.name, getattr(op, f.name)) for f in fields(op) if f.name in _ARGUMENTS]
    given = [(name, value) for name, value in named if value is not None]
    positional = [(f"arg{i}", value) for i, value in enumerate(args)]
    index = ref.index if isinstance(ref, Ref) else None
    values = ([index] if index is not None else []) + [value for _, value in (*given, *positional)]
    locals_ = _in_order(b, values)
    slots = [b.slot(local.name) for local in locals_]
    index_slot = slots.pop(0) if index is not None else None
    names = [name for name, _ in (*given, *positional)]
    result = b.temporary()
    uses = tuple(slots) + ((index_slot,) if index_slot is not None else ())
    b.add(
        Operate(
            type(op), ref.name if isinstance(ref, Ref) else "", index_slot, dict(zip(names, slots, strict=True)),
            part, routine, uses=uses, defines=(b.slot(result.name),),
        )
    )  # fmt: skip
    into = getattr(op, "into", None)
    if into is not None and not isinstance(op, ops.Map):
        assign(b, into, result)
    return result


def _in_order(b: Builder, values: list[Expr] | tuple[Expr, ...]) -> list[Local]:
    return [b.to_local(flat(b, value)) for value in values]


@contextmanager
def _cleanup(b: Builder, emit: Callable[[], None]) -> Iterator[None]:
    """A region that runs `emit` however it is left: normally, by an exception, a jump or a return."""
    landing, after = b.label(), b.label()
    b.cleanups.append(Cleanup(emit, b.handler))
    with b.handled_by(landing):
        yield
    b.cleanups.pop()
    emit()
    b.jump(after)
    b.place(landing)
    caught = b.temporary()
    b.catch(caught)
    emit()
    b.throw(b.slot(caught.name))
    b.place(after)


def _with(b: Builder, ref: Ref, body: ops.Block) -> None:
    span = b.span
    held_ref = ref if ref.index is None else Ref(ref.name, b.to_local(flat(b, ref.index)), span=ref.span)
    pool = b.is_pool(ref.name)
    if not pool:
        operate(b, ops.Acquire(held_ref))

    def leave() -> None:
        outer, b.span = b.span, span
        if pool:
            operate(b, ops.ShutdownPool(held_ref))
            operate(b, ops.ShutdownPool(held_ref), part="wait")
        else:
            operate(b, ops.Release(held_ref))
        b.span = outer

    with _cleanup(b, leave):
        block(b, body)


def _wait_for(b: Builder, op: ops.WaitFor) -> None:
    """The loop of `Condition.wait_for`: wait until the predicate holds or a wait has timed out."""
    index = None if op.ref.index is None else b.to_local(flat(b, op.ref.index))
    ref = Ref(op.ref.name, index, span=op.ref.span)
    timeout = None if op.timeout is None else b.to_local(flat(b, op.timeout))
    deadline = b.temporary()
    if timeout is not None:
        b.run(f"L[{b.slot(deadline.name)}] = w.deadline_of({b.source(timeout)})", timeout,
              defines=(b.slot(deadline.name),))  # fmt: skip
    top, again, end = b.label(), b.label(), b.label()
    result, going = b.temporary(), b.constant(True)
    first = b.constant(True)
    b.place(top)
    b.compute(result, flat(b, op.until))
    b.branch(result, again)
    b.jump(end)
    b.place(again)
    b.branch(going, end)
    if timeout is not None:
        left = b.temporary()
        b.run(f"L[{b.slot(left.name)}] = w.left_of({b.source(timeout)}, {b.source(deadline)})", timeout, deadline,
              defines=(b.slot(left.name),))  # fmt: skip
        b.branch(Boolean("or", (first, Compare(left, (">",), (Const(0),)))), end)  # CPython waits once in any case
        b.compute(first, Const(False))
        b.compute(going, operate(b, ops.WaitCondition(ref, left, span=op.span)))
    else:
        operate(b, ops.WaitCondition(ref, span=op.span))
    b.jump(top)
    b.place(end)
    if op.into is not None:
        assign(b, op.into, result)


def _each_thread(b: Builder, op: ops.Start | ops.Join) -> None:
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


def _await(b: Builder, test: Expr, timeout: Expr | None) -> None:
    slot = None if timeout is None else b.slot(b.to_local(flat(b, timeout)).name)
    reads = frozenset(n.name for n in walk(test) if isinstance(n, Shared))
    uses = b.uses(test) + (() if slot is None else (slot,))
    b.add(Guard(b.function(test), reads, asked(test), slot, uses=uses))


# --- pools ------------------------------------------------------------------------------------------


def _map(b: Builder, op: ops.Map) -> None:
    """All submits, then a result after the other; whoever leaves early cancels the calls left."""
    index = None if op.to.index is None else b.to_local(flat(b, op.to.index))
    ref = Ref(op.to.name, index, span=op.to.span)
    timeout = None if op.timeout is None else b.to_local(flat(b, op.timeout))
    futures, results = b.temporary(), b.temporary()
    b.compute(futures, ListDisplay(()))

    def submit(item: Local) -> None:
        future = operate(b, ops.Submit(op.routine, ref, span=op.span), args=(item,), routine=op.routine)
        b.compute(None, Method(futures, "append", (future,)))

    run_over(b, op.over, submit)
    deadline = b.temporary()
    if timeout is not None:
        b.run(f"L[{b.slot(deadline.name)}] = w.deadline_of({b.source(timeout)})", timeout,
              defines=(b.slot(deadline.name),))  # fmt: skip
    b.compute(results, ListDisplay(()))
    with _cleanup(b, lambda: _cancel_left(b, futures)), _loop(b) as (top, end):
        b.place(top)
        b.branch(futures, end)
        left = None
        if timeout is not None:
            left = b.temporary()
            b.run(f"L[{b.slot(left.name)}] = w.left_of({b.source(timeout)}, {b.source(deadline)})", timeout, deadline,
                  defines=(b.slot(left.name),))  # fmt: skip
        first = b.temporary()
        b.run(f"L[{b.slot(first.name)}] = L[{b.slot(futures.name)}][0]", futures, defines=(b.slot(first.name),))
        value = operate(b, ops.Result(first, left, span=op.span), part="map")
        b.compute(None, Method(futures, "pop", (Const(0),)))
        if op.body is not None and op.target is not None:
            assign(b, op.target, value)
            block(b, op.body)
        elif op.into is not None:
            b.compute(None, Method(results, "append", (value,)))
        b.jump(top)
    if op.into is not None:
        assign(b, op.into, results)


def _cancel_left(b: Builder, futures: Local) -> None:
    top, end = b.label(), b.label()
    b.place(top)
    b.branch(futures, end)
    first = b.to_local(Method(futures, "pop", (Const(0),)))
    operate(b, ops.CancelFuture(first))
    b.jump(top)
    b.place(end)


def _as_completed(b: Builder, op: ops.AsCompleted) -> None:
    """One step looks at all futures, then one a future that was not done."""
    timeout = None if op.timeout is None else b.to_local(flat(b, op.timeout))
    futures = b.to_local(flat(b, op.futures))
    state = operate(b, ops.AsCompleted(op.target, futures, (), span=op.span), part="look")
    with _loop(b) as (top, end):
        b.place(top)
        ready = b.label()
        b.branch(Unary("not", _item(b, state, 0)), ready)
        b.branch(_item(b, state, 1), end)
        arrived = operate(b, ops.AsCompleted(op.target, _item(b, state, 1), (), timeout, span=op.span), part="next")
        b.run(f"{b.source(state)}[1].remove({b.source(arrived)}); {b.source(state)}[0].append({b.source(arrived)})",
              state, arrived)  # fmt: skip
        b.place(ready)
        assign(b, op.target, b.to_local(Method(_item(b, state, 0), "pop", (Const(0),))))
        block(b, op.body)
        b.jump(top)


def _item(b: Builder, pair: Local, position: int) -> Local:
    target = b.temporary()
    slot = b.slot(target.name)
    b.run(f"L[{slot}] = {b.source(pair)}[{position}]", pair, defines=(slot,))
    return target


# --- control flow -----------------------------------------------------------------------------------


@contextmanager
def _loop(b: Builder) -> Iterator[tuple[int, int]]:
    """Labels of the top (where `continue` goes) and of the end (where `break` goes, placed on leaving)."""
    top, end = b.label(), b.label()
    b.loops.append(Loop(top, [end], len(b.cleanups)))
    yield top, end
    b.loops.pop()
    b.place(end)


def _if(b: Builder, op: ops.If) -> None:
    end = b.label()
    for test, body in op.branches:
        otherwise = b.label()
        b.branch(flat(b, test), otherwise)
        block(b, body)
        b.jump(end)
        b.place(otherwise)
    block(b, op.orelse)
    b.place(end)


def _repeat(b: Builder, op: ops.Repeat) -> None:
    times, done = b.temporary(), b.constant(-1)
    value = b.to_local(flat(b, op.times))
    b.run(f"L[{b.slot(times.name)}] = _times({b.source(value)})", value, defines=(b.slot(times.name),))
    with _loop(b) as (top, end):
        b.place(top)
        b.compute(done, Binary("+", done, Const(1)))
        b.branch(Compare(done, ("<",), (times,)), end)
        if op.target is not None:
            assign(b, op.target, done)
        block(b, op.body)
        b.jump(top)


def _for(b: Builder, target: Expr, iterable: Expr, body: ops.Block) -> None:
    top, end = b.label(), b.label()
    b.loops.append(Loop(top, [end], len(b.cleanups)))

    def inner(item: Local) -> None:
        assign(b, target, item)
        block(b, body)

    run_over(b, iterable, inner, again=top)
    b.loops.pop()
    b.place(end)


def _try(b: Builder, op: ops.Try) -> None:
    if not op.finalbody:
        _handlers(b, op)
        return
    with _cleanup(b, lambda: block(b, op.finalbody)):
        _handlers(b, op)


def _handlers(b: Builder, op: ops.Try) -> None:
    if not op.handlers:
        block(b, op.body)
        block(b, op.orelse)
        return
    landing, after = b.label(), b.label()
    with b.handled_by(landing):
        block(b, op.body)
    block(b, op.orelse)
    b.jump(after)
    b.place(landing)
    caught = b.temporary()
    b.catch(caught)
    slot = b.slot(caught.name)
    for handler in op.handlers:
        other = b.label()
        _unless_caught(b, slot, handler.exception, other)
        b.run(f"L[{b.slot('error')}] = L[{slot}].message", caught, defines=(b.slot("error"),))
        b.caught.append(slot)
        block(b, handler.body)
        b.caught.pop()
        b.jump(after)
        b.place(other)
    b.throw(slot)
    b.place(after)


def _unless_caught(b: Builder, slot: int, exception: str, to: int) -> None:
    b.add(Branch(lambda _, frame: catches(exception, frame[slot].name), to, uses=(slot,)))


def _expect(b: Builder, exception: str, body: ops.Op) -> None:
    """`raises`: the step must raise this; anything else fails the scenario."""
    landing, after, other = b.label(), b.label(), b.label()
    with b.handled_by(landing):
        step(b, body)
    b.add(Fail("raises", text=f"{exception} was expected, and nothing was raised"))
    b.jump(after)
    b.place(landing)
    caught = b.temporary()
    b.catch(caught)
    _unless_caught(b, b.slot(caught.name), exception, other)
    b.jump(after)
    b.place(other)
    b.add(Fail("raises", text=f"{exception} was expected, and another exception was raised"))
    b.throw(b.slot(caught.name))
    b.place(after)


def _atomic(b: Builder, body: ops.Block) -> None:
    b.add(Begin())
    with _cleanup(b, lambda: b.add(End())):
        block(b, body)
