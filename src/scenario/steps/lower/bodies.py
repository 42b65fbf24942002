"""The dispatch: every op to the instructions that it is."""

from __future__ import annotations

from scenario import syntax
from scenario.program import ops
from scenario.program.bounded.patience import Look, unhurried
from scenario.program.program import Program
from scenario.source import Span
from scenario.steps.code import Code, Fire
from scenario.steps.lower import control, operations, pools, printing
from scenario.steps.lower.builder import Builder
from scenario.steps.lower.statements import statement


def body_code(
    program: Program,
    name: str,
    body: ops.Block,
    params: tuple[str, ...] = (),
    registers: frozenset[str] = frozenset(),
    *,
    timer: Span | None = None,
    is_called: bool = False,
    look: Look = unhurried,
) -> Code:
    """The code of one thread, main or a routine, which is called; a timer's begins with the step that fires it."""
    b = Builder(program, name, params, registers, look=look, is_called=is_called)
    if timer is not None:
        b.add(Fire(span=timer))
    block(b, body)
    return b.finish()


def block(b: Builder, body: ops.Block) -> None:
    """The steps one after the other."""
    with b.block():
        for op in body:
            with b.at(op.span):
                b.gap()
                step(b, op)
                if ops.is_a_call(op):
                    b.gap()


def step(b: Builder, op: ops.Op) -> None:
    """One step of the file."""
    match op:
        case (
            syntax.Assign() | syntax.AugmentedAssign() | syntax.Delete() | syntax.Evaluate() | syntax.Break()
            | syntax.Continue() | syntax.Pass() | syntax.Return() | syntax.Reraise()
        ):  # fmt: skip
            statement(b, op)
        case ops.Print(text):
            printing.emit(b, text, "output", is_asked=b.program.claims.output is not None)
        case ops.Mark(text):
            printing.emit(b, text, "marks", is_asked=bool(b.program.claims.order))
        case ops.Sleep():
            operations.sleep(b, op)
        case ops.Compute():
            operations.compute(b, op)
        case ops.With():
            operations.with_(b, op, block)
        case ops.WaitFor():
            operations.wait_for(b, op)
        case (
            ops.Operation() | ops.CancelTimer() | ops.CancelThread() | ops.Kill() | ops.Submit() | ops.Result() | ops.CancelFuture() | ops.WaitFutures()
            | ops.SetResult() | ops.SetRunning() | ops.AddDoneCallback()
            | ops.CallPython()  # to be shown: a file that has one is not explored
        ):  # fmt: skip
            operations.operate(b, op)
        case ops.Timeout(_, body):  # to be shown: on asyncio no step code is explored
            block(b, body)
        case ops.SetException():
            pools.set_exception(b, op)
        case ops.Start() | ops.Join():
            operations.each_thread(b, op)
        case ops.Await():
            operations.await_(b, op)
        case ops.ShutdownPool():
            pools.shutdown(b, op)
        case ops.Map():
            pools.map_(b, op, block)
        case ops.AsCompleted():
            pools.as_completed(b, op, block)
        case _:
            control.flow(b, op, block)
