"""What an `atomic` block may hold: only its first step may block."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from scenario.compile import codes
from scenario.compile.findings import Findings
from scenario.compile.steps.blocks import all_ops, inner_blocks
from scenario.program import ops, program
from scenario.program.whole import called
from scenario.syntax import Const

FIRST = "only the first step may block: an untimed acquire, get, put, join, result, await, or wait on an event"


def check_atomics(
    bodies: Sequence[ops.Block],
    routines: Mapping[str, program.Routine],
    primitives: Iterable[program.Primitive],
    found: Findings,
) -> None:
    """Every atomic block of these bodies."""
    calls_back = any(isinstance(op, ops.AddDoneCallback) for body in bodies for op in all_ops(body))
    check = AtomicCheck(routines, {primitive.name: primitive for primitive in primitives}, found, calls_back=calls_back)
    for body in bodies:
        check.check(body)


class AtomicCheck:
    """Checks the atomic blocks of one program."""

    def __init__(self, routines: Mapping[str, program.Routine], primitives: Mapping[str, program.Primitive],
                 found: Findings, *, calls_back: bool) -> None:  # fmt: skip
        self.routines = routines
        self.primitives = primitives
        self.found = found
        self.calls_back = calls_back

    def check(self, block: ops.Block) -> None:
        """Every atomic block in it."""
        for op in block:
            if isinstance(op, ops.Atomic):
                self._atomic(op.body, first=True)
            else:
                for inner in inner_blocks(op):
                    self.check(inner)

    def _atomic(self, block: ops.Block, *, first: bool) -> None:
        for number, op in enumerate(block):
            self._inside(op, first=first and number == 0)

    def _inside(self, op: ops.Op, *, first: bool) -> None:
        if isinstance(op, ops.Expect):
            self._inside(op.body, first=first)
        elif isinstance(op, ops.Atomic):
            self._atomic(op.body, first=first)
        elif first and may_begin(op):
            pass
        elif why := self.forbidden(op):
            self.found.add(codes.ATOMIC, f"{why} inside `atomic`", op.span, FIRST)
        else:
            for inner in inner_blocks(op):
                self._atomic(inner, first=False)

    def forbidden(self, op: ops.Op) -> str | None:
        """Why an operation can not stand inside an atomic block, apart from what is inside of it."""
        match op:
            case ops.CallRoutine():
                bad = self._is_in_routine(op)
                return f"`{op.routine}` is called, which does what can not stand" if bad else None
            case ops.CallPython():
                return "the user's own code is called"
            case ops.Sleep():
                return "this sleeps"
            case ops.Submit():
                return "this submits"
            case ops.AddDoneCallback():
                return "this may call back"
            case ops.SetResult() | ops.SetException() | ops.CancelFuture() if self.calls_back:
                return "this calls back, as there are callbacks,"
            case _:
                return "this may block" if self.may_block(op) else None

    def _is_in_routine(self, call: ops.CallRoutine) -> bool:
        """Whether something that can not stand there is in the routine, or in one that it calls."""
        blocks = (routine.body for routine in called(call, self.routines).values())
        inside = (op for block in blocks for op in all_ops(block) if not isinstance(op, ops.CallRoutine))
        return any(self.forbidden(op) is not None for op in inside)

    def may_block(self, op: ops.Op) -> bool:
        """Whether an operation may have to wait."""
        match op:
            case ops.Put():
                return not ops.is_at_once(op) and self._bounded(op.ref.name)
            case ops.ShutdownPool(wait=Const(False)):
                return False
            case ops.AbortBarrier() | ops.ResetBarrier():  # not for long: where an action is run
                return False
            case ops.Operation():
                return bool(op.waits_for) and not ops.is_at_once(op)
            case _:
                return type(op) in ops.BLOCKING

    def _bounded(self, name: str) -> bool:
        """Whether a queue can be full."""
        primitive = self.primitives.get(name)
        if primitive is None:
            return True
        return any(
            isinstance(kind, program.Queue | program.LifoQueue | program.PriorityQueue) and kind.maxsize > 0
            for kind in primitive.elements
        )


def may_begin(op: ops.Op) -> bool:
    """Whether a step that may block can be the first of an atomic block."""
    match op:
        case ops.Acquire() | ops.Get() | ops.Put() | ops.Join() | ops.Result() | ops.Await() | ops.WaitEvent():
            return op.timeout is None
        case ops.JoinQueue():
            return True
        case _:
            return False
