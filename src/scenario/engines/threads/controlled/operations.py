"""The dispatch: every operation to the function that does it on the real objects."""

from __future__ import annotations

from typing import Any

from scenario.engines.threads.controlled import futures, members, pools, primitives
from scenario.engines.threads.controlled.interpreter import Interpreter
from scenario.program import ops
from scenario.steps.code import Operate


def perform(w: Interpreter, of: Operate) -> Any:
    """One operation (or one part of it, where it is several steps); its value."""
    match of.op:
        case ops.Operation():
            return primitives.on_object(w, of.op)
        case ops.Start():
            return members.start(w, of.op, of_all=of.part == "all")
        case ops.Join():
            return members.join(w, of.op, of_all=of.part == "all")
        case ops.CancelTimer():
            return members.cancel_timer(w, of.op)
        case ops.Submit():
            return pools.submit(w, of.op)
        case ops.Result():
            return futures.result(w, of.op)
        case ops.CancelFuture():
            return futures.cancel(w, of.op)
        case ops.SetResult():
            return futures.set_result(w, of.op)
        case ops.SetException():
            return futures.set_exception(w, of.op)
        case ops.SetRunning():
            return futures.set_running(w, of.op)
        case ops.AddDoneCallback():
            return futures.add_done_callback(w, of.op)
        case ops.WaitFutures():
            return futures.wait_futures(w, of.op)
        case ops.AsCompleted():
            return futures.look(w, of.op) if of.part == "look" else futures.next_done(w, of.op)
        case ops.ShutdownPool():
            return pools.wait_for_calls(w, of.op) if of.part == "wait" else pools.shut(w, of.op)
        case _:
            raise TypeError(f"no operation of a schedule: {of.op!r}")
