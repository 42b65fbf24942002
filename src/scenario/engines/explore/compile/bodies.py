"""The instructions of a body with their functions: what the explorer executes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypedDict, assert_never

from scenario.engines.explore.compile.accesses import access
from scenario.engines.explore.compile.operations import operation
from scenario.engines.explore.compile.spelling import Body
from scenario.engines.explore.compile.together import together
from scenario.engines.explore.model import code as compiled
from scenario.engines.explore.model.code import Function
from scenario.program.bounded.patience import Look, unhurried
from scenario.program.walk import walk_all
from scenario.source import Span
from scenario.steps import code as steps
from scenario.syntax import Shared


def compiled_body(code: steps.Code, look: Look = unhurried) -> compiled.Code:
    """The explorer's own form of a body."""
    body = Body(code)
    instructions = tuple(_instruction(body, instruction, look) for instruction in code.instructions)
    live = _liveness(instructions, code.registers)
    return compiled.Code(code.name, code.params, code.slots, together(code, instructions, live), live)


def _instruction(body: Body, of: steps.AnyInstruction, look: Look) -> compiled.Instruction:
    look()
    place = _place(of)
    match of:
        case (
            steps.Read() | steps.Load() | steps.Call() | steps.Write() | steps.Delete() | steps.Update()
            | steps.Extend() | steps.Next()
        ):  # fmt: skip
            function, action = access(body, of)
            reaches = frozenset(node.name for node in walk_all(of.reached) if isinstance(node, Shared))
            return compiled.Access(
                function, action, of.reads, of.writes, of.asks, of.shown, reaches, _takes(of), **place
            )
        case steps.Operate() | steps.Fire() | steps.Work():
            return compiled.Operate(**operation(body, of), **place)
        case steps.Guard(test, reads, asks, timeout):
            return compiled.Guard(body.function(test), reads, asks, timeout, **place)
        case steps.Branch(test, to):
            return compiled.Branch(test, to, body.function(test), **place)
        case steps.Fail(kind, text, message, looks):
            words = None if message is None else body.function(message)
            return compiled.Fail(kind, text, words, looks, **place)
        case steps.Compute(value):
            return compiled.Compute(body.function(value), **place)
        case steps.Store() | steps.Remove() | steps.Change() | steps.Raise() | steps.Started():
            return compiled.Compute(_effect(body, of), stores=False, **place)
        case (
            steps.Jump() | steps.Iterate() | steps.Throw() | steps.Pick() | steps.Enter() | steps.Leave()
            | steps.Begin() | steps.End() | steps.Emit() | steps.Snooze() | steps.Gap()
        ):  # fmt: skip
            return of
        case _:
            assert_never(of)


def _effect(body: Body, of: steps.Store | steps.Remove | steps.Change | steps.Raise | steps.Started) -> Function:
    """Local work that is done for its effect."""
    match of:
        case steps.Store(place, value):
            return body.statement(body.store(place, value))
        case steps.Remove(place):
            return body.statement(body.remove(place))
        case steps.Change(place, operator, value):
            return body.statement(body.change(place, operator, value))
        case steps.Raise(exception):
            words = "".join(f", L[{slot}]" for slot in of.uses)
            return body.statement(f"w.throw({exception!r}{words})")
        case steps.Started(pool, element):
            return body.statement(f"w.initialized({pool!r}, {element!r})")
        case _:
            assert_never(of)


def _takes(of: steps.AnyAccess) -> frozenset[str]:
    """The variables out of which the access may take a key."""
    takes = isinstance(of, steps.Delete) or (isinstance(of, steps.Call) and of.call.name in ("pop", "popitem", "clear"))
    return of.writes if takes else frozenset()


class _Place(TypedDict):
    span: Span
    handler: int | None
    uses: tuple[int, ...]
    defines: tuple[int, ...]


def _place(of: steps.Instruction) -> _Place:
    """What is the same of the compiled instruction."""
    return {"span": of.span, "handler": of.handler, "uses": of.uses, "defines": of.defines}


def _liveness(instructions: Sequence[steps.Instruction], always: frozenset[int]) -> tuple[frozenset[int], ...]:
    """For each instruction the slots live before it (backward data flow to a fixed point).

    The others are forgotten there, so that states which differ in them are one.
    """
    before: list[frozenset[int]] = [always] * len(instructions)
    changed = True
    while changed:
        changed = False
        for pc in range(len(instructions) - 1, -1, -1):
            instruction = instructions[pc]
            after = always.union(*(before[to] for to in steps.successors(instruction, pc)))
            live = (after - frozenset(instruction.defines)) | frozenset(instruction.uses) | always
            if instruction.handler is not None:
                live |= before[instruction.handler]
            if live != before[pc]:
                before[pc] = live
                changed = True
    return tuple(before)
