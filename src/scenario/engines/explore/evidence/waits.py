"""What a thread waits for in a state: the fact that reports, patterns and the other engines speak of."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from scenario.engines.explore.evidence.holders import Held
from scenario.engines.explore.model.code import Guard, Operate, Snooze
from scenario.engines.explore.model.parts import COUNTED
from scenario.engines.explore.model.values import Future
from scenario.engines.explore.step.context import Context
from scenario.engines.explore.step.primitives import threads
from scenario.engines.explore.step.primitives.alternatives import argument
from scenario.engines.explore.step.stepper import State, Stepper
from scenario.program import ops
from scenario.program.program import Barrier, BoundedSemaphore, Semaphore, ThreadPool
from scenario.results.waiting import Blocked, Wait, WaitKind

_ON_OBJECT: dict[type[object], WaitKind] = {
    ops.WaitEvent: "event", ops.Get: "item", ops.Put: "room", ops.JoinQueue: "tasks", ops.ShutdownPool: "calls",
}  # fmt: skip
"""Operations that wait for one thing only, and name no more than their object."""


def blocked(stepper: Stepper, state: State, number: int, held: Held | None = None) -> Blocked:
    """Where a thread stands, and for what it waits (`held`: who holds what, as the way there tells)."""
    thread = stepper.layout.threads[number]
    pool = "" if thread.pool is None else stepper.layout.name_of(thread.pool)
    w = stepper.context(state, thread)
    if not w.frames:
        return Blocked(thread.ref, stepper.layout.program.claims.at, Wait("nothing"), pool)
    return Blocked(thread.ref, w.instruction.span, _wait(stepper, state, w, held or {}), pool)


def in_file_order(stepper: Stepper, numbers: Iterable[int]) -> list[int]:
    """Threads, then main, then workers: as every engine names those that wait."""
    layout = stepper.layout
    return sorted(numbers, key=lambda n: (layout.threads[n].pool is not None, n == layout.main, n))


def _wait(stepper: Stepper, state: State, w: Context, held: Held) -> Wait:
    instruction = w.instruction
    match instruction:
        case Guard():
            return Wait("await")
        case Snooze():
            return Wait("sleep")
        case Operate(verb=ops.Join):
            number = threads.thread_of(w, instruction)
            ref = "main" if number is None else w.layout.threads[number].ref
            return Wait("thread", ref, by=(ref,))
        case Operate(verb=ops.Result):
            return _future(stepper, state, w, argument(w, instruction, "future"))
        case Operate(verb=ops.WaitFutures | ops.AsCompleted):
            return _futures(stepper, state, w, instruction)
        case Operate() if any(instruction.name == name for name, _ in w.layout.objects):
            return _on_object(stepper, state, w, instruction, held)
        case _:
            return Wait("turn")  # a future's cancelling, a timer's firing, an access


def _on_object(stepper: Stepper, state: State, w: Context, op: Operate, held: Held) -> Wait:
    number = w.object(op.name, None if op.index is None else w.frame.locals[op.index])
    name, lock = w.layout.name_of(number), w.layout.locks[number]
    if op.verb in _ON_OBJECT:
        return Wait(_ON_OBJECT[op.verb], name)
    if op.verb is ops.WaitCondition:
        is_queued = w.thread.number in w.objects[number]
        return Wait("condition", name) if is_queued else Wait("relock", name, held.get(lock, ()))
    if op.verb is ops.Acquire:
        is_semaphore = isinstance(w.layout.kinds[lock], Semaphore | BoundedSemaphore)
        return Wait("semaphore" if is_semaphore else "lock", w.layout.name_of(lock), held.get(lock, ()))
    kind = w.layout.kinds[number]
    return _barrier(stepper, state, w, number, kind) if isinstance(kind, Barrier) else Wait("turn")


def _barrier(stepper: Stepper, state: State, w: Context, number: int, kind: Barrier) -> Wait:
    mode, arrived = w.objects[number]
    name = w.layout.name_of(number)
    if mode == "action":
        return Wait("action", name, by=tuple(_in_phase(stepper, state, lambda p: p[0] == "barrier" and p[2] == number)))
    return Wait("barrier", name, needs=kind.parties, has=len(arrived))


def _in_phase(stepper: Stepper, state: State, asked: Callable[[tuple[Any, ...]], bool]) -> Iterator[str]:
    """The threads that are in the middle of such an operation: who runs a barrier's action, or a future's call."""
    for thread in stepper.layout.threads:
        phases = [frame[3] for frame in stepper.parts[state[1 + thread.number]].frames]
        if any(isinstance(phase, tuple) and asked(phase) for phase in phases):
            yield thread.ref


# --- futures -------------------------------------------------------------------------------------------


def _future(stepper: Stepper, state: State, w: Context, future: object) -> Wait:
    """Who runs its call, or where it is queued."""
    if not isinstance(future, Future):
        return Wait("future")
    by = tuple(_in_phase(stepper, state, lambda phase: phase == ("call", future.number)))
    if by:
        (pool,) = (t.pool for t in w.layout.threads if t.ref == by[0])
        return Wait("future", "" if pool is None else w.layout.name_of(pool), by=by)
    for number, kind in enumerate(w.layout.kinds):
        queued = w.objects[number].calls if isinstance(kind, ThreadPool) else ()
        for routine in (routine for call, routine, _ in queued if call == future.number):
            return Wait("future", w.layout.name_of(number), routine=routine)
    return Wait("future")


def _futures(stepper: Stepper, state: State, w: Context, op: Operate) -> Wait:
    """Several: how many must be done, how many are, who runs the calls of the others."""
    futures = {future for future in argument(w, op, "futures") if isinstance(future, Future)}
    pending = sorted(f.number for f in futures if w.futures[f.number][0] not in COUNTED)
    each = [_future(stepper, state, w, Future(number)) for number in pending]
    pools = {wait.name for wait in each}
    everyone = op.verb is ops.WaitFutures and argument(w, op, "return_when", "ALL_COMPLETED") != "FIRST_COMPLETED"
    return Wait(
        "futures",
        pools.pop() if len(pools) == 1 else "",
        by=tuple(dict.fromkeys(ref for wait in each for ref in wait.by)),
        needs=len(futures) if everyone else 1,
        has=len(futures) - len(pending),
    )
