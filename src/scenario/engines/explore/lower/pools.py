"""Pools' verbs that are several steps: `map`, `as_completed`, and shutting down."""

from __future__ import annotations

from scenario.engines.explore.lower import timeouts
from scenario.engines.explore.lower.builder import Body, Builder
from scenario.engines.explore.lower.expressions import flat, run_over
from scenario.engines.explore.lower.operations import held_ref, operate
from scenario.engines.explore.lower.regions import cleanup, loop
from scenario.engines.explore.lower.statements import assign
from scenario.program import ops
from scenario.syntax import Const, ListDisplay, Local, Method, Unary


def map_(b: Builder, op: ops.Map, body: Body) -> None:
    """All submits, then a result after the other; whoever leaves early cancels the calls left."""
    ref = held_ref(b, op.to)
    seconds = timeouts.read(b, op.timeout)
    futures, results = b.temporary(), b.temporary()
    b.compute(futures, ListDisplay(()))

    def submit(item: Local) -> None:
        future = operate(b, ops.Submit(op.routine, ref, span=op.span), args=(item,), routine=op.routine)
        b.compute(None, Method(futures, "append", (future,)))

    run_over(b, op.over, submit)
    timeout = timeouts.begun(b, seconds)
    b.compute(results, ListDisplay(()))
    with cleanup(b, lambda: _cancel_left(b, futures)), loop(b) as (top, end):
        b.place(top)
        b.branch(futures, end)
        left = timeouts.left(b, timeout)
        first = _item(b, futures, 0)
        value = operate(b, ops.Result(first, left, span=op.span), part="map")
        b.compute(None, Method(futures, "pop", (Const(0),)))
        if op.body is not None and op.target is not None:
            assign(b, op.target, value)
            body(b, op.body)
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


def as_completed(b: Builder, op: ops.AsCompleted, body: Body) -> None:
    """One step looks at all futures, then one a future that was not done."""
    timeout = timeouts.read(b, op.timeout)
    futures = b.to_local(flat(b, op.futures))
    state = operate(b, ops.AsCompleted(op.target, futures, (), span=op.span), part="look")
    with loop(b) as (top, end):
        b.place(top)
        ready = b.label()
        b.branch(Unary("not", _item(b, state, 0)), ready)
        b.branch(_item(b, state, 1), end)
        arrived = operate(b, ops.AsCompleted(op.target, _item(b, state, 1), (), timeout, span=op.span), part="next")
        b.run(f"{b.source(state)}[1].remove({b.source(arrived)}); {b.source(state)}[0].append({b.source(arrived)})",
              state, arrived)  # fmt: skip
        b.place(ready)
        assign(b, op.target, b.to_local(Method(_item(b, state, 0), "pop", (Const(0),))))
        body(b, op.body)
        b.jump(top)


def _item(b: Builder, pair: Local, position: int) -> Local:
    return b.local(f"{b.source(pair)}[{position}]", pair)


def shutdown(b: Builder, op: ops.ShutdownPool) -> None:
    """Refuses further calls (a step), then waits for those that there are (a step) unless it is told not to."""
    operate(b, op)
    done = b.label()
    if op.wait is not None:
        b.branch(flat(b, op.wait), done)
    operate(b, ops.ShutdownPool(op.ref, span=op.span), part="wait")
    b.place(done)
