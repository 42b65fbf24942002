"""Which slots what follows may still read: the others are forgotten, so that states which differ in them are one."""

from __future__ import annotations

from collections.abc import Sequence

from scenario.steps.code import Instruction, successors


def liveness(instructions: Sequence[Instruction], always: frozenset[int]) -> tuple[frozenset[int], ...]:
    """For each instruction the slots live before it (backward data flow to a fixed point)."""
    before: list[frozenset[int]] = [always] * len(instructions)
    changed = True
    while changed:
        changed = False
        for pc in range(len(instructions) - 1, -1, -1):
            instruction = instructions[pc]
            after = always.union(*(before[to] for to in successors(instruction, pc)))
            live = (after - frozenset(instruction.defines)) | frozenset(instruction.uses) | always
            if instruction.handler is not None:
                live |= before[instruction.handler]
            if live != before[pc]:
                before[pc] = live
                changed = True
    return tuple(before)
