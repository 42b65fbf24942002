"""What is written otherwise where bodies are coroutines: whatever may wait is awaited, and nothing needs a hidden lock."""

from __future__ import annotations

from collections.abc import Mapping

from scenario.program import ops
from scenario.program.ops import Op
from scenario.real.emit.atomic import changed
from scenario.real.emit.context import Body, Context
from scenario.real.emit.control import again
from scenario.real.emit.futures import exception_of, receiver
from scenario.real.emit.guarded import arguments_of, changes
from scenario.real.emit.threads import each
from scenario.real.emit.writer import Held
from scenario.record import field_names
from scenario.syntax import Expr, Node

_AWAITED: Mapping[type[ops.Operation], str] = {
    ops.Acquire: "acquire", ops.WaitCondition: "wait_condition", ops.WaitEvent: "wait_event", ops.WaitBarrier: "wait_barrier",
    ops.AbortBarrier: "abort", ops.ResetBarrier: "reset", ops.Put: "put", ops.Get: "get", ops.JoinQueue: "join_queue",
}  # fmt: skip
"""Operations that are coroutines, by the function that awaits them."""


def emit(c: Context, op: Op, body: Body) -> bool:
    """Writes one operation; false if it is written as anywhere else."""
    match op:
        case ops.Sleep(seconds):
            c.out.line(_awaited(c, "sleep", c.read(seconds)))
        case ops.WaitFor():
            limit = "" if op.timeout is None else f", {c.read(op.timeout)}"
            _done(c, op, op.into, _awaited(c, "wait_for", f"{c.ref(op.ref)}, lambda: {c.read(op.until)}{limit}"))
        case ops.Operation():
            _operation(c, op)
        case ops.With():
            _with(c, op, body)
        case ops.Start(ref):
            each(c, ref, lambda thread: f"rt_start({thread})", "rt_start_all()")
            c.check(changes(c, op))
        case ops.Join(ref, timeout):
            limit = "" if timeout is None else f", {c.read(timeout)}"
            each(
                c,
                ref,
                lambda thread: _awaited(c, "join", f"{thread}{limit}"),
                _awaited(c, "join_all", limit.removeprefix(", ")),
            )
        case ops.CancelTimer(ref):
            each(c, ref, lambda thread: f"rt_cancel({thread})", "")
        case ops.CancelThread():
            _cancel(c, op)
        case ops.Timeout(seconds, block):
            limit = c.temp(f"rt_timeout(me, {c.read(seconds)})")
            with c.out.block(f"async with {limit}:"):
                body(c, block)
        case ops.Await(test, timeout):
            limit = "" if timeout is None else f", {c.read(timeout)}"
            c.out.line(_awaited(c, "await", f"lambda: {c.read(test)}{limit}"))
        case ops.Atomic():
            _atomic(c, op, body)
        case _:
            return _future(c, op, body)
    return True


def _cancel(c: Context, op: ops.CancelThread) -> None:
    if op.into is None:
        each(c, op.ref, lambda thread: f"rt_cancel({thread})", "")
    else:
        c.store(op.into, f"rt_cancel({c.ref(op.ref)})")


def _future(c: Context, op: Op, body: Body) -> bool:
    match op:
        case ops.Result(future, timeout, into):
            limit = "" if timeout is None else f", {c.read(timeout)}"
            _done(c, op, into, _awaited(c, "result", f"{receiver(c, future)}{limit}"), sure=False)
        case ops.CancelFuture(future, into):
            _complete(c, into, f"rt_by(me, {receiver(c, future)}).cancel()")
        case ops.SetResult(future, value):
            _complete(c, None, f"rt_by(me, {receiver(c, future)}).set_result({c.given(value)})")
        case ops.SetException():
            _complete(c, None, f"rt_by(me, {receiver(c, op.future)}).set_exception({exception_of(c, op)})")
        case ops.AddDoneCallback(future, routine, args):
            given = "".join(f", {c.given(arg)}" for arg in args)
            c.out.line(f"{receiver(c, future)}.add_done_callback(rt_callback(me, r_{routine}{given}))")
        case ops.WaitFutures():
            rest = arguments_of(c, limit=op.timeout, return_when=op.return_when)
            _done(c, op, op.into, _awaited(c, "wait_futures", f"{c.read(op.futures)}{rest}"))
        case ops.AsCompleted():
            _as_completed(c, op, body)
        case _:
            return False
    return True


def _as_completed(c: Context, op: ops.AsCompleted, body: Body) -> None:
    """A loop whose iterator is waited for; it is a local, as those of other loops are."""
    answers = c.temp(f"rt_as_completed(me, {c.read(op.futures)}{arguments_of(c, limit=op.timeout)})")
    with c.out.block(f"while {_awaited(c, 'comes', answers)}:"):
        again(c)
        c.store(op.target, f"{answers}.take()", sure=False)
        body(c, op.body)


def _awaited(c: Context, function: str, rest: str) -> str:
    """A call of ours that may wait; it is told who waits, and in which line."""
    return f"await rt_{function}(me, {c.out.next_line}{', ' if rest else ''}{rest})"


def _operation(c: Context, op: ops.Operation) -> None:
    names = [name for name in field_names(type(op)) if name not in ("span", "ref", "into")]
    given = {name: c.read(value) for name in names if (value := getattr(op, name)) is not None and name != "item"}
    place, into = c.ref(op.ref), getattr(op, "into", None)
    item = f", {c.given(op.item)}" if isinstance(op, ops.Put) else ""
    rest = item + "".join(f", {'limit' if name == 'timeout' else name}={value}" for name, value in given.items())
    function = _AWAITED.get(type(op))
    if function is not None:
        _done(c, op, into, _awaited(c, function, f"{place}{rest}"), sure=op.gives_plain)
    elif isinstance(op, ops.Release):
        _done(c, op, None, f"rt_release(me, {place}{rest})")
    else:
        _done(c, op, into, f"{place}.{op.verb}({rest.removeprefix(', ')})")


def _done(c: Context, op: Node, into: Expr | None, source: str, *, sure: bool = True) -> None:
    """The operation with its checks, then the write of what it gives: two steps."""
    names = changes(c, op)
    if into is None or c.checks(names):
        kept = "" if into is None else c.fresh()
        c.out.line(f"{kept} = {source}" if kept else source)
        c.check(names)
        if into is not None:
            c.store(into, kept, sure=sure)
        return
    c.store(into, source, sure=sure)


def _with(c: Context, op: ops.With, body: Body) -> None:
    place = c.temp(c.ref(op.ref))
    c.out.line(_awaited(c, "acquire", place))
    c.check(changes(c, ops.Acquire(op.ref)))
    with c.out.block("try:"), c.out.inside(Held(place, op.span)):
        body(c, op.body)
    with c.out.leaving():
        c.out.line(f"rt_release(me, {place})")
        c.check(changes(c, ops.Release(op.ref)))


def _atomic(c: Context, op: ops.Atomic, body: Body) -> None:
    """Only its first step may wait; what is left is one step by itself, with the checks behind it."""
    checks = c.checks(changed(c, op.body))
    if c.inside or not checks:
        with c.held():
            body(c, op.body)
        return
    with c.out.block("try:"), c.held():
        body(c, op.body)
    with c.out.block("finally:"):
        c.out.line(c.leave(checks))


def _complete(c: Context, into: Expr | None, call: str) -> None:
    own = c.facts.footprint.futures
    if into is None:
        c.out.line(call)
        c.check(own)
        return
    kept = c.temp(call)
    c.check(own)
    c.store(into, kept)
