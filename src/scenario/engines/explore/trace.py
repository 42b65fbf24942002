"""A path of the graph as a schedule that a person reads and a replay follows."""

from __future__ import annotations

from scenario.engines.explore.accesses import told, written
from scenario.engines.explore.beginnings import at_the_start, beginnings
from scenario.engines.explore.code import Access, Emit, Guard, Instruction, Operate, Pick, Snooze
from scenario.engines.explore.lower.source import UNSET
from scenario.engines.explore.outcomes import plain
from scenario.engines.explore.parts import ENDING
from scenario.engines.explore.stepper import State, Stepper
from scenario.engines.explore.values import thaw
from scenario.engines.explore.world import Note, World
from scenario.run.schedule import Move, Schedule


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
        action, detail, reads, writes = _words(stepper, state, number, alternative)
        span = stepper.world(state, thread).instruction.span
        preempts = goes_on and last != number
        moves.append(Move(thread.ref, alternative, span, action, detail, preempts, reads=reads, writes=writes))
        after = successors[alternative].state
        state, last = after, number
    return Schedule(stepper.layout.program.digest, tuple(moves), cycle, *_opening(stepper, start)), state


def _opening(stepper: Stepper, start: State) -> tuple[int | None, tuple[Move, ...]]:
    """Which of the first states it is, and the values that lead there."""
    starts = [first for _, first in stepper.initial()]
    if len(starts) == 1:
        return None, ()
    number = starts.index(start)
    return number, tuple(Move(one.thread, 0, one.span, one.words) for one in at_the_start(stepper)[number])


def _words(
    stepper: Stepper, state: State, number: int, alternative: int
) -> tuple[str, str, tuple[str, ...], tuple[str, ...]]:
    """What the step does, how it goes, and which shared variables it reads and writes."""
    thread = stepper.layout.threads[number]
    before = stepper.world(state, thread)
    instruction, atomic = before.instruction, before.atomic > 0
    operation = "end" if before.phase == ENDING else _action(instruction, before)
    passed = 0
    for taken, _, after in stepper.outcomes(before, state, thread, tracing=True):
        begun = beginnings(stepper, after.shared_part(), [stepper.layout.threads[n] for n in after.started])
        if passed + len(begun) > alternative:
            notes = after.notes or []
            first = [f"{one.thread}: {one.words}" for one in begun[alternative - passed]]
            told_ = [] if operation is None else [operation]
            words = ", ".join([*told_, *(_noted(note, after) for note in notes), *first])
            detail = "" if words in _PARTS.values() else taken.label
            guarded = instruction.reads if isinstance(instruction, Guard) else frozenset()
            reads = sorted(guarded.union(*(note[0].reads for note in notes if isinstance(note[0], Access))))
            writes = sorted({name for note in notes for name in written(note)})
            return f"atomic: {words}" if atomic else words, detail, tuple(reads), tuple(writes)
        passed += len(begun)
    return operation or "", "", (), ()


def _action(instruction: Instruction, w: World) -> str | None:
    """The step in words; None for an access, which its note tells."""
    match instruction:
        case Access():
            return None
        case Guard():
            return "await holds"
        case Emit(stream=stream):
            return "print" if stream == "output" else "mark"
        case Snooze():
            return "wake up"
        case Operate():
            return _operation(instruction, w)
        case _:
            return type(instruction).__name__.lower()


def _noted(note: Note, after: World) -> str:
    """An access (or a choice) with the value that it read or wrote."""
    instruction, key, names = note
    value = plain(thaw(key), after.shared_part())
    if isinstance(instruction, Pick):
        return f"choose {instruction.target} = {value!r}"
    assert isinstance(instruction, Access)
    return told(instruction, value, names)


_PARTS = {
    "take": "take a call", "idle": "be idle", "finish": "finish the call", "fail": "finish the call, failed", "break": "break the pool",
    "fire": "fire",
}  # fmt: skip
"""Steps of a worker or a timer that no line of the file names."""


def _operation(op: Operate, w: World) -> str:
    index = None if op.index is None else w.frame.locals[op.index]
    name = op.name if index is None or index is UNSET else f"{op.name}[{index}]"
    verb = {
        "WaitCondition": "wait", "WaitEvent": "wait", "WaitBarrier": "wait", "SetEvent": "set", "ClearEvent": "clear",
        "AbortBarrier": "abort", "ResetBarrier": "reset", "JoinQueue": "join", "ShutdownQueue": "shutdown",
        "ShutdownPool": "shutdown", "CancelTimer": "cancel", "CancelFuture": "cancel", "NotifyAll": "notify_all",
        "TaskDone": "task_done", "WaitFutures": "wait_futures", "AsCompleted": "as_completed",
    }.get(op.verb.__name__, op.verb.__name__.lower())  # fmt: skip
    if op.part in _PARTS:
        is_idle = op.part == "take" and not w.objects[w.object(op.name, index)].calls
        return _PARTS["idle" if is_idle else op.part]
    if op.verb.__name__ == "Submit" and op.routine:
        return f"submit {op.routine} to {name}"
    return f"{verb} {name}".strip()
