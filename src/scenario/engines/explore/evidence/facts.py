"""One step as facts: which operation on which object, how it went, whom it woke, what it raised."""

from __future__ import annotations

from typing import Any

from scenario.engines.explore.model.code import Access, Emit, Gap, Guard, Instruction, Operate, Snooze
from scenario.engines.explore.model.parts import ENDING, ScenarioError
from scenario.engines.explore.step.context import Context
from scenario.engines.explore.step.deeds import element
from scenario.engines.explore.step.primitives import threads
from scenario.engines.explore.step.primitives.alternatives import Alternative, target
from scenario.program import ops
from scenario.results.schedule import Way


def facts(before: Context, taken: Alternative, after: Context) -> dict[str, Any]:
    """The fields of `Move` that patterns look at."""
    if taken.interrupt:
        return {"operation": "interrupt", "object": taken.interrupt, "raises": after.raised}
    instruction = before.instruction
    ends = before.phase == ENDING
    named = ("end", before.thread.ref) if ends else _operation(instruction, before)
    accesses = [access for access, _ in after.logged.accesses]
    asked = {
        name for access in (instruction, *accesses) if isinstance(access, Access | Guard) for name, _ in access.asks
    }
    return {
        "operation": named[0],
        "object": named[1],
        "group": before.thread.group if ends else instruction.name if isinstance(instruction, Operate) else "",
        "pool": "" if before.thread.pool is None else before.layout.name_of(before.thread.pool),
        "lock": _lock(instruction, before),
        "way": _way(taken),
        "part": taken.part,
        "woken": tuple(before.layout.threads[n].ref for n in taken.woken),
        "raises": after.raised,
        "asks": tuple(sorted(asked)),
    }


def _way(taken: Alternative) -> Way:
    if taken.gives_up:
        return "fails"
    return "queues" if taken.part == "first" else taken.kind


def _operation(instruction: Instruction, w: Context) -> tuple[str, str]:
    match instruction:
        case Access():
            return "access", ""
        case Guard():
            return "await", ""
        case Emit(stream=stream):
            return stream, ""
        case Snooze():
            return "sleep", ""
        case Gap():
            return "gap", ""
        case Operate(part="take" | "finish" | "fail" | "break" | "fire" as part):  # of a worker or a timer
            return part, _object(instruction, w)
        case Operate(verb=verb):
            return verb.named(), _object(instruction, w)
        case _:
            return "", ""


def _object(op: Operate, w: Context) -> str:
    """Its name in the file; a thread's ref for what is done with threads."""
    if op.verb in (ops.Start, ops.Join, ops.CancelTimer, ops.Kill):
        return _thread(op, w)
    try:
        return w.layout.name_of(target(w, op))
    except ScenarioError:  # there is no such element, which is what the step raises
        return element(op.name, None if op.index is None else w.frame.locals[op.index])


def _thread(op: Operate, w: Context) -> str:
    try:
        number = threads.thread_of(w, op)
    except ScenarioError:  # there is no such thread, which is what the step raises
        return op.name
    return "main" if number is None else w.layout.threads[number].ref


def _lock(instruction: Instruction, w: Context) -> str:
    """The lock (or semaphore) that an operation takes, gives back or needs; a condition's goes by the lock's own name."""
    if not isinstance(instruction, Operate) or not issubclass(instruction.verb, ops.Operation):
        return ""
    try:
        lock = w.layout.models[target(w, instruction)].lock
        return "" if lock is None else w.layout.name_of(lock)
    except ScenarioError:  # there is no such element, which is what the step raises
        return ""
