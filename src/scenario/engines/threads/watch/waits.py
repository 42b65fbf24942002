"""What a thread waits for, read from its frames and from the state of the objects: never from time.

Semaphores, events, barriers, queues (`library.py`) and futures are Python over a Condition, so a thread is blocked there if
and only if its waiter is still queued. Lock, RLock and SimpleQueue block in C: there the emitted line says what it waits for.
"""

from __future__ import annotations

import opcode
import queue
import sys
import threading
from collections.abc import Iterator
from pathlib import Path, PurePath
from types import CodeType, FrameType
from typing import Any, Literal

from scenario.engines.threads import privates
from scenario.engines.threads.live.guard import Poll
from scenario.engines.threads.watch.library import FUNCTIONS
from scenario.interpreter.objects import LOCK, RLOCK, is_rlock, lock_of, rlock_state
from scenario.real.emit.module import Module
from scenario.real.emit.writer import Site
from scenario.record import record
from scenario.results.waiting import WaitKind
from scenario.source import START, Span

_CONDITION = privates.CONDITION
_WAIT: CodeType = _CONDITION.wait.__code__
_ENTER = _CONDITION.__enter__.__code__
_JOIN = threading.Thread.join.__code__
_OLD_JOIN = getattr(getattr(threading.Thread, "_wait_for_tstate_lock", None), "__code__", None)
_BARRIER_WAIT = threading.Barrier.wait.__code__
_BARRIER = {method.__code__ for method in (threading.Barrier.wait, threading.Barrier.abort, threading.Barrier.reset)}
_CALLS = {
    opcode.opmap[name]
    for name in ("CALL", "PRECALL", "CALL_KW", "CALL_FUNCTION_EX", "BEFORE_WITH")
    if name in opcode.opmap
}
_NOT_THEIRS = (str(Path(__file__).parents[2]), str(Path(queue.__file__).parent), "<")
"""Where files are that are not the user's own: ours, and the standard library."""


@record
class Wait:
    """A thread that can not go on now: `kind` of wait, for which object, at which step.

    `timed`: it goes on by itself when its time is over. `queued`: it counts for `blocked` (a woken thread that
    wants its lock back does not). `frame` is where it waits; the same frame later is the same wait.
    """

    kind: WaitKind | Literal["idle"]
    place: Any
    span: Span
    frame: FrameType
    timed: bool = False
    queued: bool = True
    polls: bool = False
    needs: int = 1
    """Of futures: how many must be done."""
    waiter: Any = None
    """What stands for it in the queue of a condition: the same later is the same wait."""


class Queues:
    """Who is queued at each condition, read once a look: after the frames, so that a waiter that is gone is not missed."""

    def __init__(self) -> None:
        self._waiters: dict[int, frozenset[object]] = {}

    def of(self, condition: object) -> frozenset[object]:
        """The locks at which its waiters stand."""
        known = self._waiters.get(id(condition))
        if known is None:
            known = self._waiters[id(condition)] = frozenset(privates.waiters(condition))
        return known


def frames(top: FrameType | None) -> Iterator[FrameType]:
    """The frame and its callers."""
    while top is not None:
        yield top
        top = top.f_back


def wait_of(top: FrameType, module: Module, queues: Queues) -> Wait | None:
    """What the thread with this top frame waits for; None if it moves, or may move for all that is known."""
    inner: FrameType | None = None
    for frame in frames(top):
        if frame.f_code.co_filename == module.filename:
            span = module.steps[frame.f_lineno or 0]
            return _at_line(frame, module, span) if inner is None else _in_library(top, frame, inner, span, queues)
        inner = frame
    return _idle(top)


def _idle(top: FrameType) -> Wait | None:
    """A pool's worker without a call."""
    if privates.is_idle(top):
        return Wait("idle", top.f_locals.get("work_queue"), START, top)
    return None


def own_code(top: FrameType, module: Module) -> tuple[Span, str, str] | None:
    """The step that called the user's own code, and where that is now: `bank.py:12`, `transfer`. None: not there."""
    theirs: FrameType | None = None
    for frame in frames(top):
        code = frame.f_code
        if code.co_filename == module.filename:
            return None if theirs is None else (module.steps[frame.f_lineno or 0], *_place(theirs))
        if theirs is None and not code.co_filename.startswith(_NOT_THEIRS):
            theirs = frame
    return None if theirs is None else (START, *_place(theirs))  # called by a pool, from no step


def _place(frame: FrameType) -> tuple[str, str]:
    return f"{PurePath(frame.f_code.co_filename).name}:{frame.f_lineno}", frame.f_code.co_name


# --- blocked in C, called by emitted code --------------------------------------------------------------


def _at_line(frame: FrameType, module: Module, span: Span) -> Wait | None:
    site = module.sites.get(frame.f_lineno or 0)
    if site is None or frame.f_code.co_code[frame.f_lasti] not in _CALLS:
        return None
    names = frame.f_locals
    place = names.get(site.place)
    timed = _is_timed(site, names)
    if place is None or timed is None:
        return None
    if site.kind == "simple":
        return Wait("item", place, span, frame, timed)
    lock = lock_of(place)
    return Wait("lock", lock, span, frame, timed) if isinstance(lock, LOCK | RLOCK) else None


def _is_timed(site: Site, names: dict[str, object]) -> bool | None:
    """None: the call does not wait at all."""
    blocking = names.get(site.blocking, True) if site.blocking else True
    timeout = names.get(site.timeout, -1) if site.timeout else -1
    if not blocking:
        return None
    return not (timeout is None or timeout == -1)


# --- blocked in the library's Python ----------------------------------------------------------------------


def _in_library(top: FrameType, emitted: FrameType, outer: FrameType, span: Span, queues: Queues) -> Wait | None:
    code = top.f_code
    if code is _WAIT or code is privates.RESTORE:
        waiting = top if code is _WAIT else top.f_back
        if waiting is not None and waiting.f_code is _WAIT:
            return _on_condition(waiting, code is privates.RESTORE, outer, span, queues)
        return None
    if code is _ENTER:
        caller = top.f_back
        if caller is emitted:
            return Wait("lock", lock_of(top.f_locals["self"]), span, top)
        # a barrier's lock is held for long only by who runs the action; those of others are free at once
        return Wait("action", caller.f_locals["self"], span, top) if caller and caller.f_code in _BARRIER else None
    if code in (_JOIN, _OLD_JOIN):
        join = top if code is _JOIN else top.f_back
        if join is None or join.f_code is not _JOIN:
            return None
        return Wait("thread", join.f_locals["self"], span, join, join.f_locals["timeout"] is not None)
    return None


def _on_condition(waiting: FrameType, restoring: bool, outer: FrameType, span: Span, queues: Queues) -> Wait | None:
    names = waiting.f_locals
    condition, waiter = names["self"], names.get("waiter")
    if restoring or waiting.f_lineno in privates.lines_of(_WAIT, "_acquire_restore"):
        # a wait of the scenario's own condition is called by emitted code, or through wait_for
        if outer is waiting or outer.f_code is _CONDITION.wait_for.__code__:
            return Wait("relock", condition, span, waiting, queued=False)
        return (
            Wait("action", outer.f_locals["self"], span, waiting, queued=False)
            if outer.f_code is _BARRIER_WAIT
            else None
        )
    if waiter is None or waiter not in queues.of(condition):
        return None
    function = FUNCTIONS.get(outer.f_code)
    timed = names["timeout"] is not None
    if function is not None:
        place = condition if function.kind == "condition" else outer.f_locals["self"]
        return Wait(function.kind, place, span, waiting, timed, waiter=waiter)
    return _on_futures(waiting, outer, span, timed)


def _on_futures(waiting: FrameType, outer: FrameType, span: Span, timed: bool) -> Wait | None:
    """`result`, `map`, `wait_futures`, `as_completed`: something of concurrent.futures is under the wait."""
    base = sys.modules.get("concurrent.futures._base")
    if base is None:
        return None
    for frame in frames(waiting):
        if frame.f_code in (base.Future.result.__code__, base.Future.exception.__code__):
            future = frame.f_locals["self"]
            # on its way out it lets go of itself: the wait has ended while we looked
            return None if future is None else Wait("future", (future,), span, waiting, timed)
        if frame.f_code is base.as_completed.__code__:
            return Wait("futures", tuple(frame.f_locals["pending"]), span, waiting, timed)
        if frame.f_code is base.wait.__code__:
            futures = tuple(frame.f_locals["fs"])
            needs = 1 if frame.f_locals["return_when"] == base.FIRST_COMPLETED else len(futures)
            return Wait("futures", futures, span, waiting, timed, needs=needs)
        if frame is outer:
            break
    return None


def polled(top: FrameType, module: Module, poll: Poll) -> Wait | None:
    """What the thread with this top frame tries again and again, the hidden lock free between two tries."""
    for frame in frames(top):
        if frame.f_code.co_filename == module.filename:
            span = module.steps[frame.f_lineno or 0]
            place = lock_of(poll.place) if poll.kind == "lock" else poll.place
            return Wait(poll.kind, place, span, frame, poll.timed, queued=poll.kind != "await", polls=True)
    return None


# --- who holds what --------------------------------------------------------------------------------------


def released_by_wait(top: FrameType) -> set[int]:
    """The locks (by id) that a thread has let go while it waits on a condition, although it stands inside `with`."""
    return {id(lock_of(frame.f_locals["self"])) for frame in frames(top) if frame.f_code is _WAIT}


def held_by_form(top: FrameType, module: Module) -> Iterator[tuple[object, Span]]:
    """What a thread holds because it stands inside the body of a `with`: (object, where it was acquired), outermost first."""
    for frame in reversed(list(frames(top))):
        if frame.f_code.co_filename == module.filename:
            for held in module.held.get(frame.f_lineno or 0, ()):
                place = frame.f_locals.get(held.place)
                if place is not None:
                    yield place, held.span


def actions(top: FrameType | None) -> Iterator[object]:
    """The barriers whose action the thread runs now."""
    for frame in frames(top):
        if frame.f_code is privates.RELEASE:
            yield frame.f_locals["self"]


def is_held(lock: Any) -> bool:
    return rlock_state(lock)[1] if is_rlock(lock) else bool(lock.locked())
