"""Thread pools, as concurrent/futures/thread.py has them.

A worker takes a call off the queue, settles its future, and only then lets `submit` know that it is idle: a `submit` in
between starts another worker.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import ClassVar

from scenario.engines.explore.model.code import Operate
from scenario.engines.explore.model.parts import ALIVE, NAMELESS, NEW, UNSTARTED, PoolState, now_of
from scenario.engines.explore.model.values import Future, Key, Raised, freeze, thaw
from scenario.engines.explore.step.context import Context
from scenario.engines.explore.step.primitives.alternatives import (
    Alternative,
    Alternatives,
    argument,
    finishing,
    put,
    raising,
)
from scenario.engines.explore.step.primitives.completing import becomes, complete, settle, without_callbacks
from scenario.engines.explore.step.primitives.futures import Calling
from scenario.engines.explore.step.primitives.model import Impersonal, Phase, Standing, Steps
from scenario.program import ops
from scenario.program.program import ThreadPool
from scenario.record import record
from scenario.results.waiting import Wait

_BROKEN = "A thread initializer failed, the thread pool is not usable anymore"


@record
class ThrowingAway(Phase):
    """Who has the pool's lock has taken this future's call off the queue; None: looks for the next."""

    future: int | None


class PoolModel(Impersonal):
    """A thread pool; its steps are those of who submits, and of its workers."""

    def __init__(self, number: int, kind: ThreadPool) -> None:
        super().__init__(number)
        self._is_initialized = kind.initializer is not None

    def first(self) -> PoolState:
        return PoolState()

    def asked(self, _: Sequence[object]) -> Mapping[str, object]:
        return {}

    def taken(self, _: PoolState) -> int:
        return 0

    def touched(self) -> None:
        """A call's end settles futures."""

    def wait(self, at: Standing) -> Wait:
        name, state = at.w.layout.name_of(self.number), at.w.objects[self.number]
        match at.op.part:
            case "take" if state.is_deaf:
                return Wait("wake-up", name)
            case "wait":
                return Wait("calls", name)
            case _:
                return Wait("turn")

    # --- submitting ----------------------------------------------------------------------------

    def submit(self, w: Context, op: Operate) -> Alternatives:
        """The scenario's submit, and the steps of a worker."""
        match op.part:
            case "take":
                return self._worker(w, op)
            case "finish":
                return (Alternative(lambda v: _settled(v, op, "finished")),)
            case "fail":
                return (Alternative(lambda v: _settled(v, op, "failed")),)
            case "break":
                return self._breaking(w)
            case _:
                return self._submitting(w, op)

    def _submitting(self, w: Context, op: Operate) -> Alternatives:
        pool: PoolState = w.objects[self.number]
        if pool.is_held:
            return ()
        if pool.is_broken:
            return raising("BrokenThreadPool", _BROKEN)
        if pool.is_shut or w.closed:
            when = "shutdown" if pool.is_shut else "interpreter shutdown"
            return raising("RuntimeError", f"cannot schedule new futures after {when}")
        return (Alternative(lambda v: self._submit(v, op, pool)),)

    def _submit(self, w: Context, op: Operate, pool: PoolState) -> None:
        """As `ThreadPoolExecutor`: a queued call has the idle worker that it will wake, or starts one."""
        future = _made(w)
        args = [argument(w, op, f"arg{i}") for i in range(sum(name.startswith("arg") for name in op.args))]
        pool = pool._replace(calls=(*pool.calls, (future.number, op.routine, freeze(args))))
        fresh = (t.number for t in w.layout.threads if t.pool == self.number and w.status[t.number] == UNSTARTED)
        if pool.idle < len(pool.calls) and (worker := next(fresh, None)) is not None:
            w.start(worker, ALIVE)
            starting = pool.starting + self._is_initialized
            pool = pool._replace(started=pool.started + 1, idle=pool.idle + 1, starting=starting)
        w.objects[self.number] = pool
        w.finish(future)

    # --- workers -------------------------------------------------------------------------------

    def _worker(self, w: Context, op: Operate) -> Alternatives:
        """The next call; without one, who has just finished his is idle from now on."""
        pool: PoolState = w.objects[self.number]
        idle = argument(w, op, "idle")
        if pool.calls:
            free = pool._replace(calls=pool.calls[1:], idle=pool.idle - idle)
            return (Alternative(lambda v: self._take(v, op, free, pool.calls[0])),)
        if idle:
            return ()
        rests = pool._replace(idle=pool.idle + 1)
        return (Alternative(lambda v: self._no_call(v, op, rests, idle=True)),)

    def _take(self, w: Context, op: Operate, pool: PoolState, call: tuple[int, str, object]) -> None:
        """The call becomes running; one that has been cancelled is over, and whoever waits for many hears of it."""
        future, routine, args = call
        if now_of(w.futures, future).state == "cancelled":
            settle(w, future, "notified", None)
            self._no_call(w, op, pool, idle=False)
            return
        w.objects[self.number] = pool
        becomes(w, future, now_of(w.futures, future)._replace(state="running"))
        w.frame.locals[op.args["idle"]] = False
        w.stay(Calling(future))
        w.push(f"routine {routine}", thaw(args))

    def _no_call(self, w: Context, op: Operate, pool: PoolState, *, idle: bool) -> None:
        """Nothing to run: on to the worker's next look at the queue."""
        _, ran, _ = op.defines
        w.objects[self.number] = pool
        w.frame.locals[ran], w.frame.locals[op.args["idle"]] = False, idle
        w.finish()

    def _breaking(self, w: Context) -> Alternatives:
        """An initializer that raised fails what is queued, up to a call that is cancelled: of that the worker ends (InvalidStateError)."""
        pool: PoolState = w.objects[self.number]
        match w.phase:
            case ThrowingAway(int() as future) if now_of(w.futures, future).state == "cancelled":
                return (Alternative(lambda v: self._broken(v, is_deaf=pool.is_deaf)),)
            case ThrowingAway(int() as future):
                broken = freeze(Raised("BrokenThreadPool", _BROKEN))
                return (Alternative(lambda v: _throw_away(v, future, "failed", broken), part="throws away"),)
            case None if pool.is_held:
                return ()
            case _ if pool.calls:
                return (self._taking_off(pool._replace(is_broken=True)),)
            case _:
                return self._emptied(w, pool)

    def _emptied(self, w: Context, pool: PoolState) -> Alternatives:
        """Of the wake-up (None) too, by which a pool that is shut lets its workers end: each takes that, puts it back, and ends.

        So it is not lost where one who is idle has it in hand meanwhile.
        """
        loses = pool.is_shut or w.closed
        lost = Alternative(lambda v: self._broken(v, is_deaf=loses or pool.is_deaf))
        if not loses or pool.is_deaf or pool.idle == pool.starting:
            return (lost,)
        return lost, Alternative(lambda v: self._broken(v, is_deaf=False), part="kept")

    def _broken(self, w: Context, *, is_deaf: bool) -> None:
        pool: PoolState = w.objects[self.number]
        w.objects[self.number] = pool._replace(
            idle=pool.idle - 1,
            starting=pool.starting - 1,
            gone=pool.gone + 1,
            is_held=False,
            is_broken=True,
            is_deaf=is_deaf,
        )
        w.finish()

    # --- throwing calls away -------------------------------------------------------------------

    def _taking_off(self, pool: PoolState) -> Alternative:
        """The next call off the queue: workers may take others before it is thrown away, and before the look after it."""
        (future, *_), *left = pool.calls

        def apply(w: Context) -> None:
            w.objects[self.number] = pool._replace(calls=tuple(left), is_held=True)
            w.stay(ThrowingAway(future))

        return Alternative(apply, part="takes off")

    # --- shutting down -------------------------------------------------------------------------

    def shutdown(self, w: Context, op: Operate) -> Alternatives:
        """Refuses further calls (a step), and waits for those that there are (another): its workers are joined.

        With `cancel_futures` it goes through the queue in between, whose calls the workers take meanwhile.
        """
        pool: PoolState = w.objects[self.number]
        if op.part != "wait":
            return self._shutting(pool, w.phase, cancels=argument(w, op, "cancel_futures", False))
        if w.thread.pool == self.number:
            return raising("RuntimeError", "cannot join current thread")
        return (Alternative(finishing(), part="second"),) if pool.is_quiet else ()

    def _shutting(self, pool: PoolState, phase: ThrowingAway | None, *, cancels: bool) -> Alternatives:
        match phase:
            case ThrowingAway(int() as future):
                return (Alternative(lambda v: _throw_away(v, future, "cancelled", None), part="throws away"),)
            case None if pool.is_held:
                return ()
            case _ if cancels and pool.calls:
                return (self._taking_off(pool._replace(is_shut=True)),)
            case _:
                return (Alternative(put(self.number, pool._replace(is_held=False, is_shut=True, is_deaf=False))),)

    steps: ClassVar[Steps] = {ops.Submit: submit, ops.ShutdownPool: shutdown}


def _made(w: Context) -> Future:
    """A new future, if anything may ask for it."""
    given, after = w.instruction.defines[0], w.frame.code.live[w.frame.pc + 1]
    if given not in after:
        return Future(NAMELESS)
    w.futures.append(NEW)
    return Future(len(w.futures) - 1)


def _throw_away(w: Context, future: int, state: str, value: Key) -> None:
    without_callbacks(w, future)
    settle(w, future, state, value)
    w.stay(ThrowingAway(None))


def _settled(w: Context, op: Operate, state: str) -> None:
    """An exception that a future has is raised anew where it is asked for."""
    value = argument(w, op, "value")
    kept = replace(value, place=None) if isinstance(value, Raised) else value
    complete(w, w.phase.future, state, freeze(kept))
