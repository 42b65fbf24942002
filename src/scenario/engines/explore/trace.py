"""A path of the graph as a schedule that a person reads and a replay follows."""

from __future__ import annotations

from typing import Any

from scenario.engines.explore.code import Access, Emit, Guard, Instruction, Operate, Snooze
from scenario.engines.explore.lower.source import UNSET
from scenario.engines.explore.outcomes import plain
from scenario.engines.explore.stepper import State, Stepper
from scenario.engines.explore.world import World
from scenario.program.show import expression
from scenario.run.schedule import Move, Schedule
from scenario.syntax import Expr


def follow(
    stepper: Stepper, start: State, choices: list[tuple[int, int]], cycle: int | None = None
) -> tuple[Schedule, State]:
    """Takes the (thread, alternative) steps from a first state; the schedule and the state they lead to.

    Raises LookupError where a thread has no such alternative.
    """
    moves: list[Move] = []
    state, last = start, -1
    for number, alternative in choices:
        thread = stepper.layout.threads[number]
        if stepper.layout.virtual and not any(
            True for t in stepper.layout.threads for _ in stepper.of_thread(state, t)
        ):
            state = stepper.next_moment(state)
        successors = list(stepper.of_thread(state, thread))
        if alternative >= len(successors):
            raise LookupError(f"{thread.ref} can not take alternative {alternative} at step {len(moves) + 1}")
        goes_on = last >= 0 and any(s.kind == "ok" for s in stepper.of_thread(state, stepper.layout.threads[last]))
        action, detail = _words(stepper, state, number, alternative)
        span = stepper.world(state, thread).instruction.span
        moves.append(Move(thread.ref, alternative, span, action, detail, goes_on and last != number))
        state, last = successors[alternative].state, number
    return Schedule(stepper.layout.program.digest, tuple(moves), cycle), state


def _words(stepper: Stepper, state: State, number: int, alternative: int) -> tuple[str, str]:
    """What the step does, and how it goes."""
    thread = stepper.layout.threads[number]
    before = stepper.world(state, thread)
    instruction = before.instruction
    phase = before.phase
    passed = 0
    for taken, _, after in stepper.outcomes(before, state, thread, tracing=True):
        if passed == alternative:
            return _action(instruction, before, after, phase), taken.label
        passed += max(len(stepper.started(after)), 1)
    return _action(instruction, before, before, phase), ""


def _action(instruction: Instruction, before: World, after: World, phase: Any) -> str:
    if phase == ("end",):
        return "end"
    match instruction:
        case Access():
            return _access(instruction, before, after)
        case Guard():
            return "await holds"
        case Emit(stream=stream):
            return "print" if stream == "output" else "mark"
        case Snooze():
            return "wake up"
        case Operate():
            return _operation(instruction, before)
        case _:
            return type(instruction).__name__.lower()


def _access(instruction: Access, before: World, after: World) -> str:
    names = ", ".join(sorted(instruction.reads | instruction.writes)) or "state"
    text = _node_text(instruction.node) or names
    shared = before.shared_part()
    notes = after.notes or []
    value = next((v for action, v in notes if action == instruction.action), None)
    match instruction.action:
        case "write":
            written = after.S[next(iter(instruction.writes))] if instruction.writes else None
            root = next(iter(instruction.writes), "")
            if text == root:
                return f"{root} = {plain(written, shared)!r}"
            return f"write {text}"
        case "read":
            return f"read {text} -> {plain(value, shared)!r}"
        case "next":
            return f"next of {text} -> {plain(value[0], shared)!r}" if value else f"end of {text}"
        case _:
            return text


def _node_text(node: Expr | None) -> str:
    if node is None:
        return ""
    text = expression(node)
    return "" if "$" in text else text


def _operation(op: Operate, w: World) -> str:
    index = None if op.index is None else w.frame.locals[op.index]
    name = op.name if index is None or index is UNSET else f"{op.name}[{index}]"
    verb = {
        "WaitCondition": "wait", "WaitEvent": "wait", "WaitBarrier": "wait", "SetEvent": "set", "ClearEvent": "clear",
        "AbortBarrier": "abort", "ResetBarrier": "reset", "JoinQueue": "join", "ShutdownQueue": "shutdown",
        "ShutdownPool": "shutdown", "CancelTimer": "cancel", "CancelFuture": "cancel", "NotifyAll": "notify_all",
        "TaskDone": "task_done", "WaitFutures": "wait_futures", "AsCompleted": "as_completed",
    }.get(op.verb.__name__, op.verb.__name__.lower())  # fmt: skip
    if op.part in ("take", "finish", "fail", "break", "fire"):
        return op.part
    return f"{verb} {name}".strip()
