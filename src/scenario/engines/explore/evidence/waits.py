"""What a thread waits for in a state: the fact that reports, patterns and the other engines speak of."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import partial

from scenario.engines.explore.model.code import Guard, Operate, Snooze
from scenario.engines.explore.step.context import Context
from scenario.engines.explore.step.primitives.model import Held, Standing
from scenario.engines.explore.step.primitives.processes.ends import killed
from scenario.engines.explore.step.primitives.table import wait_at
from scenario.engines.explore.step.stepper import Stepper
from scenario.engines.explore.step.transitions import State
from scenario.program.operations import Act, Operation
from scenario.program.ops import BLOCKING
from scenario.results.waiting import Blocked, Wait


def blocked(stepper: Stepper, state: State, number: int, held: Held | None = None) -> Blocked:
    """Where a thread stands, and for what it waits (`held`: who holds what, as the way there tells)."""
    thread = stepper.layout.threads[number]
    pool = "" if thread.pool is None else stepper.layout.name_of(thread.pool)
    w = stepper.context(state, thread)
    if not w.frames:
        return Blocked(thread.ref, stepper.layout.program.claims.at, Wait("nothing"), pool, thread.daemon)
    return Blocked(
        thread.ref, w.instruction.span, _of_killed(w, _wait(stepper, state, w, held or {})), pool, thread.daemon
    )


def _of_killed(w: Context, wait: Wait) -> Wait:
    """The same, told of each holder whether it has been killed."""
    dead = killed(w)
    if not dead or not wait.holders:
        return wait
    return replace(wait, holders=tuple(replace(one, is_killed=one.thread in dead) for one in wait.holders))


def in_file_order(stepper: Stepper, numbers: Iterable[int]) -> list[int]:
    """Threads, then main, then workers, and daemons last: as every engine names those that wait."""
    threads, main = stepper.layout.threads, stepper.layout.main
    return sorted(numbers, key=lambda n: (threads[n].daemon, threads[n].pool is not None, n == main, n))


def _wait(stepper: Stepper, state: State, w: Context, held: Held) -> Wait:
    instruction = w.instruction
    match instruction:
        case Guard():
            return Wait("await")
        case Snooze():
            return Wait("sleep")
        case Operate(verb=verb, part=part) if verb in BLOCKING or part == "take" or _may_wait(w, verb):
            return wait_at(Standing(w, instruction, held, partial(_phases, stepper, state)))
        case _:
            return Wait("turn")


def _may_wait(w: Context, verb: type[Act]) -> bool:
    """On multiprocessing who notifies waits, and who wants what is held meanwhile."""
    return w.layout.processes is not None and issubclass(verb, Operation)


def _phases(stepper: Stepper, state: State) -> dict[str, tuple[object, ...]]:
    """The operations in the middle of which each thread is."""
    return {
        thread.ref: tuple(frame[3] for frame in stepper.parts[state[1 + thread.number]].frames)
        for thread in stepper.layout.threads
    }
