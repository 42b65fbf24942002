"""The next step of a thread: its alternatives, and what an access or an observed line does."""

from __future__ import annotations

from operator import add

from scenario.engines.explore.model.code import Access, Emit, Guard, Operate, Snooze
from scenario.engines.explore.model.parts import CANCELLED, ENDING, OVER, SPINNING, UNSTARTED
from scenario.engines.explore.model.raising import attempt, on_values, rethrow
from scenario.engines.explore.model.values import Raised
from scenario.engines.explore.step.context import Context
from scenario.engines.explore.step.interrupts import interrupting
from scenario.engines.explore.step.primitives import table
from scenario.engines.explore.step.primitives.alternatives import Alternative, Alternatives, due
from scenario.engines.explore.step.unwinding import end, may_end
from scenario.steps.computing import is_container


def alternatives(w: Context) -> Alternatives:
    """What the thread may do next; none while it is blocked or has ended."""
    if not w.frames or w.status[w.thread.number] in (UNSTARTED, CANCELLED, OVER):
        return ()
    if w.phase == ENDING:
        return (Alternative(end),) if may_end(w) else ()
    if w.phase == SPINNING:
        return ()
    found = attempt(w.instruction.span, _alternatives, w)
    own = (Alternative(lambda _: rethrow(found)),) if isinstance(found, Raised) else found
    return (*own, *interrupting(w, own)) if w.came else own


def _alternatives(w: Context) -> Alternatives:
    instruction = w.instruction
    match instruction:
        case Access():
            return (Alternative(_access),)
        case Guard(function, timeout=timeout):
            limit = None if timeout is None else w.frame.locals[timeout]
            if limit is not None:
                on_values(add, limit, 0)
            if function(w, w.frame.locals):
                return (Alternative(Context.finish),)
            if limit is None or not due(w, limit):
                return ()
            return (Alternative(lambda _: rethrow(Raised("TimeoutError", "")), "timeout"),)
        case Operate():
            return table.alternatives(w, instruction)
        case Emit():
            return (Alternative(_emit),)
        case Snooze():
            return (Alternative(Context.finish),) if due(w, w.frame.locals[instruction.uses[0]]) else ()
        case _:
            raise TypeError(f"a thread does not stop at {instruction!r}")


def _access(w: Context) -> None:
    instruction = w.instruction
    assert isinstance(instruction, Access)
    counted = w.layout.counted.keys() & instruction.takes
    before = {name: _keys(w.S[name]) for name in counted}
    try:
        value = instruction.function(w, w.frame.locals)
        if counted:
            w.S.take([name for name in counted if before[name] is None or before[name] != _keys(w.S[name])])
    finally:
        w.S.write_back(instruction.writes)
    if w.log is not None:
        w.log.accesses.append((instruction, instruction.action != "update" or value == ()))
    if instruction.action == "next":
        w.frame.locals[instruction.defines[0]] = value
        w.move(w.frame.pc + 1)
    else:
        w.finish(value)


def _keys(value: object) -> list[object] | None:
    """Of a dict; None of what may have one inside."""
    return list(value) if isinstance(value, dict) and not any(map(is_container, value.values())) else None


def _emit(w: Context) -> None:
    instruction = w.instruction
    assert isinstance(instruction, Emit)
    w.emit(instruction.stream, w.frame.locals[instruction.uses[0]])
    w.finish()
