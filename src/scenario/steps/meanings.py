"""What the temporaries of a body stand for, in the file's own words."""

from __future__ import annotations

import re
from collections.abc import Mapping

from scenario.program.show import expression
from scenario.steps.code import Access, Code, Compute, Instruction
from scenario.steps.values import Copied
from scenario.syntax import Expr

_TEMPORARY = re.compile(r"\$h?\d+")
"""The name of a value that no scenario can name."""


def meanings(code: Code) -> Mapping[str, str]:
    """Temporary -> the text of what was read into it, by a step of its own, or computed from locals."""
    known: dict[str, str] = {}
    for instruction in code.instructions:
        meant = _meant(instruction)
        if meant is not None and instruction.defines:
            known[code.slots[instruction.defines[0]]] = text(meant, known)
    return known


def text(node: Expr, known: Mapping[str, str]) -> str:
    """The expression as the file has it; what was computed in between is left out."""
    return _TEMPORARY.sub(lambda found: known.get(found[0], "…"), expression(node))


def _meant(instruction: Instruction) -> Expr | None:
    """The expression whose value the instruction gives."""
    match instruction:
        case Access(shown=shown):
            return shown
        case Compute(Copied(value)):
            return value
        case Compute(value) if isinstance(value, Expr):
            return value
        case _:
            return None
