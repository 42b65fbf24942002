"""Who a blocked thread waits for: those who hold the lock (as the way there tells), a joined thread."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

from scenario.engines.explore.code import Guard, Operate, Snooze
from scenario.engines.explore.semantics import threads
from scenario.engines.explore.stepper import State, Stepper
from scenario.engines.explore.values import FutureHandle
from scenario.engines.explore.world import World
from scenario.program import ops
from scenario.program.program import Barrier, BoundedSemaphore, Lock, RLock, Semaphore, ThreadPool
from scenario.run.schedule import Move
from scenario.source import START, Span

Held: TypeAlias = dict[int, tuple[tuple[str, Span], ...]]
"""For each lock or semaphore that is held: the threads that took it, and the steps that did."""


def holders(stepper: Stepper, states: Sequence[State], moves: Sequence[Move]) -> Held:
    """Who holds what after the moves; a plain lock does not know its owner, the way there does."""
    held: Held = {}
    for before, after, move in zip(states, states[1:], moves, strict=False):
        old, new = stepper.shared[before[0]].objects, stepper.shared[after[0]].objects
        for number, kind in enumerate(stepper.layout.kinds):
            if old[number] == new[number] or not isinstance(kind, Lock | RLock | Semaphore | BoundedSemaphore):
                continue
            taken = _taken(kind, new[number]) - _taken(kind, old[number])
            if taken > 0:
                held[number] = (*held.get(number, ()), (move.thread, move.span))
            elif taken < 0:
                held[number] = _without(held.get(number, ()), move.thread)
    return held


def _taken(kind: object, state: object) -> int:
    """How many holders more than none; of a semaphore, counted down from its value."""
    if isinstance(kind, Semaphore | BoundedSemaphore):
        assert isinstance(state, int)
        return -state
    return 1 if state else 0


def _without(holding: tuple[tuple[str, Span], ...], thread: str) -> tuple[tuple[str, Span], ...]:
    """One holder fewer: the thread that released, else the first (anyone may release a lock or semaphore)."""
    place = next((i for i, (ref, _) in enumerate(holding) if ref == thread), 0)
    return holding[:place] + holding[place + 1 :]


def describe(stepper: Stepper, state: State, w: World, held: Held) -> tuple[str, tuple[tuple[str, Span], ...]]:
    """What the thread waits for in words, and the threads it waits for."""
    instruction = w.instruction
    match instruction:
        case Guard():
            return "its condition to hold", ()
        case Snooze():
            return "its sleep to end", ()
        case Operate(verb=ops.Join):
            number = threads.thread_of(w, instruction)
            thread = None if number is None else stepper.layout.threads[number]
            return ("main to end" if thread is None else f"{thread.ref} to end"), (
                () if thread is None else ((thread.ref, START),)
            )
        case Operate(verb=ops.Result):
            return _future(stepper, state, w, w.frame.locals[instruction.args["future"]])
        case Operate(verb=ops.WaitFutures | ops.AsCompleted):
            return "a future", ()
        case Operate():
            return _object(stepper, w, instruction, held)
        case _:
            return "its turn", ()


def _future(stepper: Stepper, state: State, w: World, future: object) -> tuple[str, tuple[tuple[str, Span], ...]]:
    """Who runs its call, or where it is queued."""
    if not isinstance(future, FutureHandle):
        return "a future", ()
    for thread in stepper.layout.threads:
        frames = stepper.parts[state[1 + thread.number]].frames
        if thread.pool is not None and any(phase == ("call", future.number) for _, _, _, phase in frames):
            return f"a future ({thread.ref} runs its call)", ((thread.ref, START),)
    for (name, index), number in stepper.layout.objects.items():
        if isinstance(stepper.layout.kinds[number], ThreadPool):
            for queued, routine, _ in w.objects[number][0]:
                if queued == future.number:
                    pool = name if index is None else f"{name}[{index}]"
                    return f"a future (its call of {routine} is queued in {pool})", ()
    return "a future", ()


def _arrived(w: World, number: int) -> str:
    kind, state = w.layout.kinds[number], w.objects[number]
    if not isinstance(kind, Barrier) or state[0] != "filling":
        return ""
    return f" ({len(state[1])} of {kind.parties} are there)"


def _object(stepper: Stepper, w: World, op: Operate, held: Held) -> tuple[str, tuple[tuple[str, Span], ...]]:
    index = None if op.index is None else w.frame.locals[op.index]
    text = op.name if index is None else f"{op.name}[{index}]"
    if index is None and (op.name, None) not in w.layout.objects:
        return "its turn", ()  # not on an object: a future's cancelling, a timer's firing
    words = {
        ops.WaitEvent: f"{text} to be set",
        ops.WaitCondition: f"a notification of {text}",
        ops.WaitBarrier: f"the other parties of {text}{_arrived(w, w.object(op.name, index))}",
        ops.Get: f"an item of {text}",
        ops.Put: f"room in {text}",
        ops.JoinQueue: f"all tasks of {text} to be done",
        ops.ShutdownPool: f"the calls of {text} to end",
    }
    number = stepper.layout.locks.get(w.object(op.name, index), -1)
    if op.verb is ops.WaitCondition and w.thread.number not in w.objects[w.object(op.name, index)]:
        return f"the lock of {text}, to go on after its wait", held.get(number, ())
    if op.verb in words:
        return words[op.verb], ()
    return text, held.get(number, ())
