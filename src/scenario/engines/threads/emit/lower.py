"""The dispatch: every op to the lines that do it."""

from __future__ import annotations

from typing import assert_never

from scenario.engines.threads.emit import control, objects, statements
from scenario.engines.threads.emit.context import Context
from scenario.program import ops
from scenario.program.ops import Block, Op
from scenario.syntax import (
    Assign,
    AugmentedAssign,
    Break,
    Continue,
    Delete,
    Evaluate,
    Pass,
    Reraise,
    Return,
)


def block(c: Context, steps: Block) -> None:
    """The steps one after the other."""
    for op in steps:
        with c.out.at(op.span):
            step(c, op)


def step(c: Context, op: Op) -> None:  # noqa: PLR0915 (one arm a class: the total dispatch)
    """One step."""
    match op:
        case (
            Assign() | AugmentedAssign() | Delete() | Evaluate() | Break() | Continue() | Pass() | Return() | Reraise()
        ):
            statements.emit(c, op)
        case ops.Print(text):
            c.out.line(f"rt_print({c.text(text)})")
        case ops.Mark(text):
            c.out.line(f"rt_mark({c.text(text)})")
        case ops.Sleep(seconds):
            c.out.line(f"rt_sleep({c.read(seconds)})")
        case ops.Acquire():
            objects.acquire(c, op)
        case ops.Release():
            objects.release(c, op)
        case ops.With():
            objects.with_(c, op, block)
        case ops.WaitCondition() | ops.WaitFor():
            objects.wait_condition(c, op)
        case ops.Notify() | ops.NotifyAll():
            objects.notify(c, op)
        case ops.WaitEvent() | ops.WaitBarrier():
            objects.wait(c, op)
        case ops.SetEvent() | ops.ClearEvent() | ops.AbortBarrier() | ops.ResetBarrier() | ops.TaskDone():
            objects.at_once(c, op)
        case ops.Put():
            objects.put(c, op)
        case ops.Get():
            objects.get(c, op)
        case ops.JoinQueue():
            objects.join_queue(c, op)
        case ops.ShutdownQueue():
            objects.shutdown_queue(c, op)
        case ops.Start():
            objects.start(c, op)
        case ops.Join():
            objects.join(c, op)
        case ops.CancelTimer():
            objects.cancel_timer(c, op)
        case ops.Submit():
            objects.submit(c, op)
        case ops.Map():
            objects.map_(c, op, block)
        case ops.Result():
            objects.result(c, op)
        case ops.CancelFuture():
            objects.cancel_future(c, op)
        case ops.WaitFutures():
            objects.wait_futures(c, op)
        case ops.AsCompleted():
            objects.as_completed(c, op, block)
        case ops.ShutdownPool():
            objects.shutdown_pool(c, op)
        case ops.CallRoutine():
            control.call(c, op)
        case ops.CallPython():
            control.call_python(c, op)
        case ops.If():
            control.branch(c, op, block)
        case ops.While():
            control.while_(c, op, block)
        case ops.Repeat():
            control.repeat(c, op, block)
        case ops.For():
            control.for_(c, op, block)
        case ops.Try():
            control.try_(c, op, block)
        case ops.Raise():
            control.raise_(c, op)
        case ops.Assert():
            control.check(c, op)
        case ops.Expect():
            control.expect(c, op, block)
        case ops.Choose():
            control.choose(c, op)
        case ops.Await():
            control.await_(c, op)
        case ops.Atomic():
            control.atomic(c, op, block)
        case _:
            assert_never(op)
