"""Steps that are written otherwise on asyncio: what may wait is awaited, and a timeout is `asyncio.timeout` around it."""

from __future__ import annotations

from scenario.export.python.function import Body, Steps
from scenario.export.python.tasks import making
from scenario.export.python.tasks.coroutines import awaits, may_wait
from scenario.language.primitives import Barrier
from scenario.program import ops
from scenario.program.ops import Op
from scenario.syntax import Const, Expr


def step(c: Body, op: Op, block: Steps) -> bool:
    """Writes one step; false if it is written as on threads."""
    out, writer, module = c.out, c.writer, c.names.module
    match op:
        case ops.Sleep(seconds):
            out.line(f"await {module('asyncio.sleep')}({writer.argument(seconds)})")
        case ops.Timeout(seconds, body):
            with out.block(f"async with {module('asyncio.timeout')}({writer.argument(seconds)}):"):
                block(c, body)
        case ops.Await(test, timeout):
            _await(c, test, timeout)
        case ops.Atomic(body):  # nothing comes between two awaits
            block(c, body)
        case ops.Operation():
            _operation(c, op)
        case ops.Start(ref):
            making.start(c, ref)
        case ops.Join(ref, timeout):
            making.join(c, ref, timeout)
        case ops.CancelThread(ref, into):
            making.cancel(c, ref, into)
        case ops.CancelTimer(ref):
            _cancel_timer(c, op)
        case _:
            return _future(c, op, block)
    return True


def _await(c: Body, test: Expr, timeout: Expr | None) -> None:
    """What a program can do about a variable: look again in each round of the loop."""
    if timeout is not None:
        with c.out.block(f"async with {c.names.module('asyncio.timeout')}({c.writer.argument(timeout)}):"):
            _await(c, test, None)
        return
    with c.out.block(f"while not ({c.writer.write(test)}):"):
        c.out.line(f"await {c.names.module('asyncio.sleep')}(0)")


def _cancel_timer(c: Body, op: ops.CancelTimer) -> None:
    """A task that sleeps first; once it has fired, cancelling it does nothing."""
    group = c.names.groups[op.ref.name]
    if may_wait(c.names.program, group.body):
        c.refuse("`cancel` of a timer whose steps wait", op)
    making.cancel(c, op.ref, None)


def _operation(c: Body, op: ops.Operation) -> None:
    place, into, argument = c.writer.place(op.ref), getattr(op, "into", None), c.writer.argument
    match op:
        case ops.Acquire() if ops.is_at_once(op):
            c.store(into, f"{c.names.helper('at_once')}({place}.acquire())")
        case ops.Acquire(timeout=timeout) | ops.WaitEvent(timeout=timeout) | ops.WaitCondition(timeout=timeout):
            _refuse_computed(c, op)
            c.store(into, _limited(c, f"{place}.{op.verb}()", timeout))
        case ops.WaitFor(_, until, timeout):
            test = c.writer.write(until)
            again = "" if timeout is None else f" or {test}"
            c.store(into, _limited(c, f"{place}.wait_for(lambda: {test})", timeout) + again)
        case ops.WaitBarrier(_, timeout):
            _barrier(c, op, timeout)
        case ops.Put(_, item, _, timeout):
            _refuse_computed(c, op)
            call = f"{place}.{'put' if awaits(op) else 'put_nowait'}({c.given(item)})"
            c.out.line(_limited(c, call, timeout, "asyncio.QueueFull") if awaits(op) else call)
        case ops.Get(timeout=timeout):
            _refuse_computed(c, op)
            call = f"{place}.{'get' if awaits(op) else 'get_nowait'}()"
            c.store(into, _limited(c, call, timeout, "asyncio.QueueEmpty") if awaits(op) else call)
        case ops.Release(_, n) if n is not None:
            with c.out.block(f"for _ in range({argument(n)}):"):
                c.out.line(f"{place}.release()")
        case _:
            given = [argument(n) for n in (getattr(op, "n", None), getattr(op, "immediate", None)) if n is not None]
            c.out.line(f"{'await ' * awaits(op)}{place}.{op.verb}({', '.join(given)})")


def _refuse_computed(c: Body, op: ops.Acquire | ops.WaitEvent | ops.WaitCondition | ops.Put | ops.Get) -> None:
    """Whether a call waits is another method there."""
    asked = getattr(op, "blocking", None) or getattr(op, "block", None)
    if asked is not None and not isinstance(asked, Const):
        c.refuse("`blocking` or `block` that is computed", op)


def _limited(c: Body, call: str, timeout: Expr | None, late: str = "") -> str:
    """The call, awaited: for so long at most, after which it gives False, or this is raised."""
    if timeout is None:
        return f"await {call}"
    more = f", {c.names.module(late)}" if late else ""
    return f"await {c.names.helper('in_time')}({call}, {c.writer.argument(timeout)}{more})"


def _barrier(c: Body, op: ops.WaitBarrier, timeout: Expr | None) -> None:
    place, kind = c.writer.place(op.ref), c.writer.kind(op.ref)
    own = kind.timeout if isinstance(kind, Barrier) else None
    limit = repr(own) if timeout is None and own is not None else timeout and c.writer.argument(timeout)
    if limit is None:
        c.store(op.into, f"await {place}.wait()")
    else:
        c.store(op.into, f"await {c.names.helper('passed_in_time')}({place}, {limit})")


def _future(c: Body, op: Op, block: Steps) -> bool:
    argument, helper = c.writer.argument, c.names.helper
    match op:
        case ops.Result(future, None, into):
            c.store(into, f"await {argument(future)}")
        case ops.Result(future, timeout, into) if timeout is not None:
            c.store(into, f"await {helper('result_in_time')}({argument(future)}, {argument(timeout)})")
        case ops.WaitFutures(futures):
            given = [argument(futures), *c.optional(op, "timeout", "return_when")]
            c.store(op.into, f"await {c.names.module('asyncio.wait')}({', '.join(given)})")
        case ops.AsCompleted(target, futures, body):
            given = [argument(futures), *c.optional(op, "timeout")]
            with c.out.block(f"async for {c.target(target)} in {helper('completed')}({', '.join(given)}):"):
                block(c, body)
        case _:
            return False
    return True
