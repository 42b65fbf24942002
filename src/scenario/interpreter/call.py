"""One body that is being executed: a call of a routine, or the outermost one."""

from __future__ import annotations

from scenario.interpreter.environment import Locals
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
