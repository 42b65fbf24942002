"""The next step of a thread: its alternatives, and what an access or an observed line does."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from operator import add

from scenario.engines.explore.model.code import Access, Emit, Gap, Guard, Operate, Snooze
from scenario.engines.explore.model.parts import CANCELLED, ENDED, ENDING, SPINNING, UNSTARTED
from scenario.engines.explore.model.raising import attempt, on_values, rethrow
from scenario.engines.explore.model.values import Raised
from scenario.engines.explore.step.context import Context
from scenario.engines.explore.step.interrupts import interrupting
from scenario.engines.explore.step.primitives import table
from scenario.engines.explore.step.primitives.alternatives import Alternative, Alternatives, due
from scenario.engines.explore.step.primitives.processes import sharing
from scenario.engines.explore.step.unwinding import end, may_end
from scenario.steps.computing import is_container


def alternatives(w: Context) -> Alternatives:
    """What the thread may do next; none while it is blocked or has ended."""
    if not w.frames or w.status[w.thread.number] in (UNSTARTED, CANCELLED, *ENDED):
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
        case Access(asks=asks):
            if w.layout.processes is None or not asks:
                return (Alternative(_access),)
            return [Alternative(partial(_access_where, objects=objects)) for objects in sharing.ways(w, asks)]
        case Guard(timeout=timeout):
            limit = None if timeout is None else w.frame.locals[timeout]
            if limit is not None:
                on_values(add, limit, 0)
            if ways := _holding(w, instruction):
                return ways
            if limit is None or not due(w, limit):
                return ()
            return (Alternative(lambda _: rethrow(Raised("TimeoutError", "")), "timeout"),)
        case Operate():
            return table.alternatives(w, instruction)
        case Emit():
            return (Alternative(_emit),)
        case Gap():
            return (Alternative(Context.finish),)
        case Snooze():
            return (Alternative(Context.finish),) if due(w, w.frame.locals[instruction.uses[0]]) else ()
        case _:
            raise TypeError(f"a thread does not stop at {instruction!r}")


def _holding(w: Context, guard: Guard) -> Alternatives:
    """The ways in which what an `await` waits for holds."""
    if w.layout.processes is None or not guard.asks:
        return (Alternative(Context.finish),) if guard.function(w, w.frame.locals) else ()
    found, before = [], list(w.objects)
    for objects in sharing.ways(w, guard.asks):
        w.objects[:] = objects
        if guard.function(w, w.frame.locals):
            found.append(Alternative(partial(_found_where, objects=objects)))
    w.objects[:] = before
    return found


def _found_where(w: Context, objects: Sequence[object]) -> None:
    w.objects[:] = objects
    w.finish()


def _access_where(w: Context, objects: Sequence[object]) -> None:
    w.objects[:] = objects
    _access(w)


def _access(w: Context) -> None:
    instruction = w.instruction
    assert isinstance(instruction, Access)
    counted = w.layout.counted.keys() & instruction.takes
    before = {name: _keys(w.S[name]) for name in counted}
    try:
        value = instruction.function(w, w.frame.locals)
        if w.layout.processes is not None:
            sharing.check(w, instruction, value)
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
