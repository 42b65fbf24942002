"""Gates inside the real code of conditions and barriers: what hangs on their private methods, for replay.

A condition's own code goes from one step to the next in `_release_save` (queueing is done) and in
`_acquire_restore` (the lock is taken back); a barrier's in `_release` (it opens).
"""

from __future__ import annotations

from collections import deque
from typing import Any

from scenario.engines.threads.controlled.player import always
from scenario.engines.threads.controlled.stage import Stage
from scenario.engines.threads.controlled.waits import held
from scenario.engines.threads.privates import is_waiting, waiters
from scenario.interpreter import objects as build
from scenario.real.endable import Abandoned


def hang_on(stage: Stage, name: str, condition: Any, *, late: bool) -> None:
    """Queueing is the end of a step; what follows (time out, go on, take the lock back) stands at gates.

    `late`: who has timed out wants its lock back like the others (a condition of the scenario's own).
    """
    save, restore = condition._release_save, condition._acquire_restore

    def release_save() -> object:
        me = stage.current()
        me.queue_at(condition._waiters[-1], condition)
        state = save()
        me.step_over()
        way = stage.scheduler.way(me)
        if way in ("timeout", "spurious"):
            cue = stage.gate(me.span, me.wait, lambda: not is_waiting(me.waiter, condition), timed=way == "timeout")
            me.expire(expired=cue.way == "timeout")
            if cue.way == "spurious":
                condition._waiters.remove(me.waiter)
                me.waiter.release()
                stage.exempt["spurious"] = None
        else:
            stage.move_to(me, "queued")
        return state

    def acquire_restore(state: object) -> None:
        me = stage.current()
        expired = me.has_expired()
        if late or not expired:
            if stage.over:
                restore(state)
                raise Abandoned
            ready = (lambda: not build.locked(condition)) if late else always
            stage.gate(me.span, held(stage, "relock", name, condition) if late else me.wait, ready, counts=False)
        restore(state)

    condition._release_save, condition._acquire_restore = release_save, acquire_restore


def leave_last(stage: Stage, barrier: Any) -> None:
    """The party that opens a barrier leaves by a step of its own, like the others."""
    real, condition = barrier._release, barrier._cond

    def release() -> None:
        real()
        condition.release()
        try:
            me = stage.current()
            stage.gate(me.span, me.wait)
        finally:
            condition.acquire()

    barrier._release = release


def order_waiters(stage: Stage, condition: Any, wakes: tuple[str, ...]) -> None:
    """Those that the schedule wakes stand first in the queue."""
    chosen = [stage.players[ref].waiter for ref in wakes if ref in stage.players]
    queued = waiters(condition)
    if queued[: len(chosen)] != chosen and all(waiter in queued for waiter in chosen):
        if set(map(id, queued[: len(chosen)])) != set(map(id, chosen)):
            stage.exempt["waiter"] = None
        condition._waiters = deque([*chosen, *(waiter for waiter in queued if waiter not in chosen)])


def take_calls_from(pool: Any, calls: object, idle: object) -> None:
    """The pool's workers take their calls from here, and `submit` asks here whether one is idle."""
    pool._work_queue, pool._idle_semaphore = calls, idle
