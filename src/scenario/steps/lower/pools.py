"""Pools' verbs that are several steps: `map`, `as_completed`, and shutting down."""

from __future__ import annotations

from dataclasses import replace

from scenario.program import ops
from scenario.steps.lower.builder import Body, Builder
from scenario.steps.lower.expressions import flat, flat_template, run_over
from scenario.steps.lower.operations import added, begun, held_ref, named, operate, rest_of
from scenario.steps.lower.regions import cleanup, loop
from scenario.steps.lower.statements import assign
from scenario.syntax import Binary, Builtin, Const, ListDisplay, Local, Method, Subscript, Template, Unary


def map_(b: Builder, op: ops.Map, body: Body) -> None:
    """All submits, then a result after the other; whoever leaves early cancels the calls left."""
    ref = held_ref(b, op.to)
    seconds = added(b, op.timeout)
    futures, results = b.temporary(), b.temporary()
    about = f"{op.routine}(…)"
    b.compute(futures, ListDisplay(()))

    def submit(item: Local) -> None:
        future = operate(b, ops.Submit(op.routine, ref, (item,), span=op.span))
        b.compute(None, Method(futures, "append", (future,)))

    run_over(b, op.over, submit)
    timeout = begun(b, seconds)
    b.compute(results, ListDisplay(()))
    with cleanup(b, lambda: _cancel_left(b, futures, about)), loop(b) as (top, end):
        b.place(top)
        b.branch(futures, end)
        rest = rest_of(b, timeout)
        first = _item(b, futures, 0)
        value = operate(b, ops.Result(first, rest, span=op.span), part="map", about=about)
        b.compute(None, Method(futures, "pop", (Const(0),)))
        if op.body is not None and op.target is not None:
            assign(b, op.target, value)
            body(b, op.body)
        elif op.into is not None:
            b.compute(None, Method(results, "append", (value,)))
        b.jump(top)
    if op.into is not None:
        assign(b, op.into, results)


def _cancel_left(b: Builder, futures: Local, about: str) -> None:
    top, end = b.label(), b.label()
    b.place(top)
    b.branch(futures, end)
    first = b.to_local(Method(futures, "pop", (Const(0),)))
    operate(b, ops.CancelFuture(first), about=about)
    b.jump(top)
    b.place(end)


def as_completed(b: Builder, op: ops.AsCompleted, body: Body) -> None:
    """One step looks at all futures, then one a future that was not done."""
    timeout = added(b, op.timeout)
    futures = b.to_local(flat(b, op.futures))
    state = operate(b, ops.AsCompleted(op.target, futures, (), span=op.span), part="look")
    done, pending = _item(b, state, 0), _item(b, state, 1)
    total = b.local(Binary("+", Builtin("len", (done,)), Builtin("len", (pending,))))
    item, ready, go = b.temporary(), b.label(), b.label()
    with loop(b) as (top, end):
        b.place(top)
        b.branch(Unary("not", _item(b, state, 0)), ready)
        b.branch(_item(b, state, 1), end)
        waiting = ops.AsCompleted(op.target, _item(b, state, 1), (), timeout, total, span=op.span)
        arrived = operate(b, waiting, part="next")
        b.compute(None, Method(_item(b, state, 1), "remove", (arrived,)))
        b.compute(item, arrived)
        b.jump(go)
        b.place(ready)
        b.compute(item, Method(_item(b, state, 0), "pop", (Const(0),)))
        b.place(go)
        assign(b, op.target, item)
        body(b, op.body)
        b.jump(top)


def _item(b: Builder, pair: Local, position: int) -> Local:
    return b.local(Subscript(pair, Const(position)))


def set_exception(b: Builder, op: ops.SetException) -> None:
    """The exception is made, with its words, before the future has it."""
    future = b.to_local(flat(b, op.future))
    words = b.local(flat_template(b, op.message)) if isinstance(op.message, Template) else op.message
    operate(b, replace(op, future=future, message=words), about=named(op))


def shutdown(b: Builder, op: ops.ShutdownPool) -> None:
    """Refuses further calls (a step), then waits for those that there are (a step) unless it is told not to."""
    operate(b, op)
    done = b.label()
    if op.wait is not None:
        b.branch(flat(b, op.wait), done)
    operate(b, ops.ShutdownPool(op.ref, span=op.span), part="wait")
    b.place(done)
