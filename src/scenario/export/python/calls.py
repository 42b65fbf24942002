"""Threads (or processes), timers, pools and futures as calls of Python's own."""

from __future__ import annotations

from scenario.export.python.function import Body, Steps
from scenario.export.python.processes.passing import given_to_routine, pid
from scenario.export.python.routines import closed, is_name
from scenario.program import ops
from scenario.program.ops import Op
from scenario.program.walk import walk_all
from scenario.syntax import Ref, Template


def call(body: Body, op: Op, block: Steps) -> None:
    """One step; what has no Python of its own is refused."""
    out, writer = body.out, body.writer
    match op:
        case ops.Start(ref):
            _start(body, ref)
        case ops.Join(ref, timeout):
            _join(body, ref, "" if timeout is None else writer.argument(timeout))
        case ops.Kill(ref):
            _kill(body, ref)
        case ops.CancelTimer(ref):
            _each(body, ref, "cancel()")
        case ops.Submit(routine, to, into=into):
            given = ", ".join([_callee(body, routine, op), *body.given_to(op)])
            body.store(into, f"{writer.place(to)}.submit({given})")
        case ops.Map(routine, to, over):
            given = ", ".join([_callee(body, routine, op), writer.argument(over), *body.optional(op, "timeout")])
            source = f"{writer.place(to)}.map({given})"
            if op.target is not None:
                body.loop(op.target, source, op.body or (), block)
            else:
                body.store(op.into, f"list({source})")
        case ops.ShutdownPool(ref):
            out.line(f"{writer.place(ref)}.shutdown({', '.join(body.optional(op, 'wait', 'cancel_futures'))})")
        case ops.Result(future, _, into):
            body.store(into, f"{writer.argument(future)}.result({', '.join(body.optional(op, 'timeout'))})")
        case ops.CancelFuture(future, into):
            body.store(into, f"{writer.argument(future)}.cancel()")
        case ops.SetResult(future, value):
            out.line(f"{writer.argument(future)}.set_result({body.given(value)})")
        case ops.SetException(future, error, message):
            text = writer.text(message) if isinstance(message, Template) else ""
            out.line(f"{writer.argument(future)}.set_exception({body.names.exception(error)}({text}))")
        case ops.SetRunning(future, into):
            body.store(into, f"{writer.argument(future)}.set_running_or_notify_cancel()")
        case ops.AddDoneCallback(future):
            _callback(body, op, writer.argument(future))
        case ops.WaitFutures(futures):
            _wait_futures(body, op, writer.argument(futures))
        case ops.AsCompleted(target, futures, steps):
            given = ", ".join([writer.argument(futures), *body.optional(op, "timeout")])
            body.loop(target, f"{body.names.module('concurrent.futures.as_completed')}({given})", steps, block)
        case _:
            body.refuse(f"a step of the kind `{type(op).__name__}`", op)


def _start(body: Body, ref: Ref) -> None:
    if ref.name != "all":
        _each(body, ref, "start()")
        return
    one, many = body.names.words.one, body.names.words.many
    with body.out.block(f"for {one} in {many}:"):
        if _others(body, ops.Start):
            with body.out.block(f"if {one}.ident is None:"):
                body.out.line(f"{one}.start()")
        else:
            body.out.line(f"{one}.start()")


def _join(body: Body, ref: Ref, timeout: str) -> None:
    if ref.name != "all":
        _each(body, ref, f"join({timeout})")
        return
    one, many = body.names.words.one, body.names.words.many
    conditions = [f"{one}.ident is not None"] if _others(body, ops.Start) else []
    if any(group.daemon for group in body.names.program.groups):
        conditions.append(f"not {one}.daemon")
    with body.out.block(f"for {one} in {many}:"):
        if conditions:
            with body.out.block(f"if {' and '.join(conditions)}:"):
                body.out.line(f"{one}.join({timeout})")
        else:
            body.out.line(f"{one}.join({timeout})")


def _others(body: Body, kind: type[ops.Start]) -> bool:
    """Whether some are started by name, so that `all` means those that are left."""
    return any(isinstance(node, kind) and node.ref.name != "all" for node in walk_all(body.names.program.main or ()))


def _kill(body: Body, ref: Ref) -> None:
    """Python has a process killed by the one that made it; others send the signal themselves."""
    names, group = body.names, body.names.groups[ref.name]
    if body.writer.scope == "main" or group.is_group or names.program.main is not None:
        _each(body, ref, "kill()")
    else:
        body.out.line(f"{names.module('os.kill')}({pid(names, group)}, {names.module('signal.SIGKILL')})")


def _each(body: Body, ref: Ref, what: str) -> None:
    if body.names.words.one == "process" and body.writer.scope != "main":
        body.writer.refusals.refuse("a process that starts, joins or kills another one, as `main` alone can,", ref.span)
    if not body.names.is_group(ref):
        body.out.line(f"{body.writer.place(ref)}.{what}")
        return
    one = body.names.words.one
    with body.out.block(f"for {one} in {body.names.ref(ref.name)}:"):
        body.out.line(f"{one}.{what}")


def _callee(body: Body, routine: str, op: Op) -> str:
    if routine in body.names.of_index:
        body.refuse(f"`{routine}`, which asks for the `index` of a pool's worker,", op)
    return body.names.identifier(routine)


def _callback(body: Body, op: ops.AddDoneCallback, future: str) -> None:
    """A callback is called with the future; its arguments are those of now."""
    routine, given = op.routine, [*map(body.given, op.args), *(body.given(value) for _, value in op.keywords)]
    if routine in body.names.of_index:
        body.refuse(f"`{routine}`, which asks for the `index` of whoever completes a future,", op)
    if body.names.words.one == "task" and routine in closed(body.names.program, is_name):
        body.refuse(f"`{routine}`, which asks for the `name` of whoever completes a future,", op)
    names = [f"a{number}" for number in range(len(given))]
    kept = "".join(f", {name}={value}" for name, value in zip(names, given, strict=True))
    for at, (name, _) in enumerate(op.keywords, len(op.args)):
        names[at] = f"{name}={names[at]}"
    names += given_to_routine(body.names, routine)
    body.out.line(f"{future}.add_done_callback(lambda _{kept}: {body.names.identifier(routine)}({', '.join(names)}))")


def _wait_futures(body: Body, op: ops.WaitFutures, futures: str) -> None:
    given = [futures, *body.optional(op, "timeout")]
    if op.return_when is not None:
        given.append(f"return_when={body.writer.argument(op.return_when)}")
    source = f"{body.names.module('concurrent.futures.wait')}({', '.join(given)})"
    body.store(op.into, source)
