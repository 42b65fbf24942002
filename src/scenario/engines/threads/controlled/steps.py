"""The dispatch: every op to the function that does it on the real objects."""

from __future__ import annotations

from typing import assert_never

from scenario import syntax
from scenario.engines.threads.controlled import control, members, pools, primitives
from scenario.engines.threads.controlled.walker import Walker
from scenario.program import ops


def perform(w: Walker, op: ops.Op) -> None:  # noqa: PLR0915 (one arm a class: the total dispatch)
    """One step."""
    match op:
        case (
            syntax.Assign() | syntax.AugmentedAssign() | syntax.Delete() | syntax.Evaluate() | syntax.Break()
            | syntax.Continue() | syntax.Pass() | syntax.Return() | syntax.Reraise()
        ):  # fmt: skip
            control.statement(w, op)
        case ops.Print():
            control.print_(w, op)
        case ops.Mark():
            control.mark(w, op)
        case ops.Sleep():
            control.sleep(w, op)
        case ops.Acquire():
            primitives.acquire(w, op)
        case ops.Release():
            primitives.release(w, op)
        case ops.With():
            primitives.with_(w, op)
        case ops.WaitCondition():
            primitives.wait_condition(w, op)
        case ops.WaitFor():
            primitives.wait_for(w, op)
        case ops.Notify():
            primitives.notify(w, op)
        case ops.NotifyAll(ref):
            primitives.at_once(w, ref, "notify_all")
        case ops.WaitEvent():
            primitives.wait_event(w, op)
        case ops.SetEvent(ref):
            primitives.at_once(w, ref, "set")
        case ops.ClearEvent(ref):
            primitives.at_once(w, ref, "clear")
        case ops.WaitBarrier():
            primitives.wait_barrier(w, op)
        case ops.AbortBarrier() | ops.ResetBarrier():
            primitives.call_off(w, op)
        case ops.Put():
            primitives.put(w, op)
        case ops.Get():
            primitives.get(w, op)
        case ops.TaskDone(ref):
            primitives.at_once(w, ref, "task_done")
        case ops.JoinQueue():
            primitives.join_queue(w, op)
        case ops.ShutdownQueue():
            primitives.shutdown_queue(w, op)
        case ops.Start():
            members.start(w, op)
        case ops.Join():
            members.join(w, op)
        case ops.CancelTimer():
            members.cancel_timer(w, op)
        case ops.Submit():
            pools.submit(w, op)
        case ops.Map():
            pools.map_(w, op)
        case ops.Result():
            pools.result(w, op)
        case ops.CancelFuture():
            pools.cancel(w, op)
        case ops.WaitFutures():
            pools.wait_futures(w, op)
        case ops.AsCompleted():
            pools.as_completed(w, op)
        case ops.ShutdownPool():
            pools.shutdown(w, op)
        case ops.CallRoutine():
            control.call(w, op)
        case ops.CallPython():
            raise TypeError("the user's own code is not explored, so there is no schedule of it")
        case ops.If():
            control.branch(w, op)
        case ops.While():
            control.while_(w, op)
        case ops.Repeat():
            control.repeat(w, op)
        case ops.For():
            control.for_(w, op)
        case ops.Try():
            control.try_(w, op)
        case ops.Raise():
            control.raise_(w, op)
        case ops.Assert():
            control.check(w, op)
        case ops.Expect():
            control.expect(w, op)
        case ops.Choose():
            control.choose(w, op)
        case ops.Await():
            control.await_(w, op)
        case ops.Atomic():
            control.atomic(w, op)
        case _:
            assert_never(op)
