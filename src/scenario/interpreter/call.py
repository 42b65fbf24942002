"""The bodies that are being executed in one thread: the outermost, and in it calls of routines."""

from __future__ import annotations

from collections.abc import Sequence

from scenario.interpreter.environment import Locals
from scenario.program.bounded.limits import MOST_CALLS
from scenario.record import mutable
from scenario.steps.code import AnyInstruction, Code


@mutable
class Call:
    """A body that is being executed, and where."""

    code: Code
    locals: Locals
    pc: int = 0

    @property
    def instruction(self) -> AnyInstruction:
        return self.code.instructions[self.pc]

    def go(self, to: int) -> None:
        self.pc = to


class Calls:
    """`top` is the innermost; there is none once the outermost has been left."""

    def __init__(self, code: Code, outermost: Locals) -> None:
        self._stack = [Call(code, outermost)]

    def __bool__(self) -> bool:
        return bool(self._stack)

    @property
    def top(self) -> Call:
        return self._stack[-1]

    def enter(self, code: Code, args: Sequence[object]) -> None:
        """Raises RecursionError."""
        if len(self._stack) >= MOST_CALLS:
            raise RecursionError("maximum recursion depth exceeded")
        self._stack.append(Call(code, dict(zip(code.slots, args, strict=False))))

    def leave(self) -> None:
        """Back to the caller, if there is one."""
        self._stack.pop()

    def unwind(self) -> bool:
        """To the nearest handler; False where there is none."""
        while (handler := self.top.instruction.handler) is None:
            if len(self._stack) == 1:
                return False
            self._stack.pop()
        self.top.go(handler)
        return True
