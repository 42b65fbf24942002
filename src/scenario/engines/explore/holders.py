"""Who a blocked thread waits for, as far as a state tells: an RLock's owner, a joined thread, a call's worker."""

from __future__ import annotations

from scenario.engines.explore.code import Guard, Operate, Snooze
from scenario.engines.explore.semantics import threads
from scenario.engines.explore.stepper import State, Stepper
from scenario.engines.explore.world import World
from scenario.program import ops
from scenario.program.program import RLock


def describe(stepper: Stepper, state: State, w: World) -> tuple[str, tuple[str, ...]]:
    """What the thread waits for in words, and the refs of the threads it waits for."""
    instruction = w.instruction
    match instruction:
        case Guard():
            return "its condition to hold", ()
        case Snooze():
            return "its sleep to end", ()
        case Operate(verb=ops.Join):
            number = threads.thread_of(w, instruction)
            ref = "main" if number is None else stepper.layout.threads[number].ref
            return f"{ref} to end", (ref,)
        case Operate(verb=ops.Result | ops.WaitFutures | ops.AsCompleted):
            return "a future", ()
        case Operate():
            return _object(stepper, w, instruction)
        case _:
            return "its turn", ()


def _object(stepper: Stepper, w: World, op: Operate) -> tuple[str, tuple[str, ...]]:
    index = None if op.index is None else w.frame.locals[op.index]
    text = op.name if index is None else f"{op.name}[{index}]"
    words = {
        ops.WaitEvent: f"{text} to be set",
        ops.WaitCondition: f"a notification of {text}",
        ops.WaitBarrier: f"the other parties of {text}",
        ops.Get: f"an item of {text}",
        ops.Put: f"room in {text}",
        ops.JoinQueue: f"all tasks of {text} to be done",
        ops.ShutdownPool: f"the calls of {text} to end",
    }.get(op.verb, text)
    number = stepper.layout.locks.get(w.object(op.name, index), -1)
    owner = w.objects[number] if isinstance(stepper.layout.kinds[number], RLock) else None
    return words, () if owner is None else (stepper.layout.threads[owner[0]].ref,)
