"""Patterns of deadlocks: who waits for what, and why it never comes."""

from __future__ import annotations

from collections.abc import Iterator

from scenario.judge.patterns.history import Finder, History
from scenario.judge.patterns.notified import missed_notification
from scenario.judge.patterns.values import check_then_act, lost_update
from scenario.results.patterns import Pattern
from scenario.results.patterns.values import ActedOnAnOldLook, LookedLate, LostUpdate
from scenario.results.patterns.waiting import (
    ClearedAgain,
    JoinAndLockCycle,
    JoinCycle,
    LockCycle,
    NeverReleased,
    NobodyCompletes,
    NobodyLeft,
    NotGivenBack,
    NothingChanges,
    NotReported,
    PoolSelfDeadlock,
    RoundWithALock,
    SelfDeadlock,
    ShortBarrier,
    WaitingWithALock,
    WakeUpLost,
)
from scenario.results.schedule import Move
from scenario.results.waiting import Blocked, Giver, WaitKind, circle


def _self_deadlock(history: History) -> SelfDeadlock | NotGivenBack | None:
    """Of a lock: a semaphore's places are nobody's, nor is a lock that others give back who never take it."""
    for b in history.blocked:
        if b.wait.kind == "semaphore" or all(holder.thread != b.thread for holder in b.wait.holders):
            continue
        signals = tuple(one for one in _givers(history, b) if one.thread != b.thread and not one.takes)
        if not signals:
            return SelfDeadlock(b.thread, b.wait)
        if _all_over(signals):
            return NotGivenBack(b.wait.name, b.thread)
    return None


def _lock_order(history: History) -> LockCycle | JoinCycle | JoinAndLockCycle | None:
    round_ = circle(history.blocked)
    if len(round_) < 2:
        return None
    if all(b.wait.kind == "thread" for b in round_):
        return JoinCycle(round_)
    if any(b.wait.kind == "thread" for b in round_):
        return JoinAndLockCycle(round_)
    return LockCycle(round_) if all(b.wait.holders for b in round_) else None


def _own_pool(history: History) -> PoolSelfDeadlock | None:
    """A worker waits for a call that is queued in its own pool."""
    kinds = ("future", "futures")
    pool = next((b.pool for b in history.blocked if b.pool and b.wait.kind in kinds and b.wait.name == b.pool), "")
    return PoolSelfDeadlock(pool) if pool else None


def _waiting_with_a_lock(history: History) -> WaitingWithALock | None:
    """Whoever would wake the waiter needs a lock that it keeps while it waits."""
    for b in history.blocked:
        if b.wait.holders or b.wait.kind == "thread":
            continue  # what it waits for is a lock itself, or a thread
        for other in history.kept.get(b.thread, ()):
            if other.pool or not _all_over(_givers(history, b)):
                return WaitingWithALock(b, other)
    return None


def _all_over(givers: tuple[Giver, ...]) -> bool:
    """Whoever would have ended the wait is no more, so no lock keeps them from it."""
    return bool(givers) and all(giver.fate in ("ended", "raised") for giver in givers)


def _never_released(history: History) -> RoundWithALock | NeverReleased | None:
    """The holder is no part of the deadlock: it has ended, or goes round for ever without giving back."""
    stuck = {b.thread for b in history.blocked}
    rounds = {one.thread: one for one in history.evidence.going}
    for b in history.blocked:
        free = [holder.thread for holder in b.wait.holders if holder.thread not in stuck]
        if not free or len(free) != len(b.wait.holders):
            continue
        if b.wait.kind == "semaphore" and not all(giver.takes for giver in _givers(history, b)):
            continue  # who takes is not who gives: it counts what was handed over, and nobody gives his place back
        if b.wait.kind != "semaphore" and free[0] in rounds:
            return RoundWithALock(rounds[free[0]], b.wait, b.thread)
        raised = tuple(one for one in _givers(history, b) if one.thread in free and one.fate == "raised")
        return NeverReleased(tuple(free), b.wait, b.thread, _refused(history, b.wait.name), raised)
    return None


def _refused(history: History, lock: str) -> str | None:
    """Another has tried to give it back."""
    tried = (m.thread for m in history.moves if m.operation == "release" and m.lock == lock and m.raises)
    return next(tried, None)


def _missed_notification(history: History) -> Pattern | None:
    found = (missed_notification(history, b) for b in _waiting_for(history, "condition"))
    return next((one for one in found if one is not None), None)


def _cleared(history: History) -> ClearedAgain | None:
    """The event had been set, and was cleared before the thread came to wait for it and had seen it set."""
    for b in _waiting_for(history, "event"):
        came = max(history.of(b.thread), default=-1)
        set_ = next((i for i in range(came - 1, -1, -1) if _is_one(history.moves[i], b, "set")), came)
        cleared = next((i for i in range(set_, came) if _is_one(history.moves[i], b, "clear")), None)
        if cleared is not None and not _has_seen(history, b, set_, cleared):
            return ClearedAgain(history.moves[cleared].thread, b.wait.name, b.thread)
    return None


def _has_seen(history: History, b: Blocked, set_: int, cleared: int) -> bool:
    """The signal has reached the thread: it waited, and went on."""
    mine = (history.moves[i] for i in history.of(b.thread, set_, cleared))
    return any(_is_one(move, b, "wait event") and move.way == "ok" for move in mine)


def _is_one(move: Move, b: Blocked, *operations: str) -> bool:
    """Whether it is an operation on what the thread waits for."""
    return move.operation in operations and move.object == b.wait.name


# --- what was to come depends on a value that went wrong ---------------------------------------------------


def _update_lost_before(history: History) -> LostUpdate | None:
    """An update was lost, and something was decided by what was left."""
    if not _signals(history):
        return None
    for number, move in enumerate(history.moves):
        found = lost_update(history, number)
        if found is not None and _decides_later(history, number, move.writes):
            return found
    return None


def _decides_later(history: History, number: int, names: tuple[str, ...]) -> bool:
    return any(move.tested and set(names) & set(move.reads) for move in history.moves[number + 1 :])


def _acted_on_an_old_look(history: History) -> ActedOnAnOldLook | None:
    """The stuck thread came to wait after an act that it had decided on by an old look."""
    for b in _signals(history):
        for end in sorted(history.of(b.thread), reverse=True):
            for start in history.moves[end].because:
                found = check_then_act(history, start, end)
                if found is not None:
                    return found
    return None


def _changed_before_the_look(history: History) -> LookedLate | None:
    """Each changes a variable and then looks at it, and another did the same in between."""
    for number in range(len(history.moves)) if _signals(history) else ():
        look = history.moves[number]
        for name in look.reads if look.tested else ():
            mine = [i for i in history.of(look.thread, -1, number) if name in history.moves[i].writes]
            other = history.changed(name, mine[-1], number, not_by=look.thread) if mine else None
            if other is not None and history.moves[other].span == history.moves[mine[-1]].span:
                return LookedLate(look.thread, name, history.moves[other].thread)
    return None


def _signals(history: History) -> list[Blocked]:
    """Those who wait for what somebody should have done, and whom no exception has kept from it."""
    waiting = _waiting_for(history, "event", "item", "tasks", "barrier", "await", "semaphore", "future", "futures")
    return [b for b in waiting if not any(giver.fate == "raised" for giver in _givers(history, b))]


# --- it never comes -----------------------------------------------------------------------------------------


def _short_barrier(history: History) -> ShortBarrier | None:
    b = next(_waiting_for(history, "barrier"), None)
    return None if b is None else ShortBarrier(b, _givers(history, b))


def _not_reported(history: History) -> NotReported | None:
    """Whoever took an item ended, or waits for the next, or for what never comes, without a `task_done` for it."""
    for b in _waiting_for(history, "tasks"):
        raised = {giver.thread for giver in _givers(history, b) if giver.fate == "raised"}
        for thread in dict.fromkeys(move.thread for move in history.moves if move.thread not in raised):
            mine = [history.moves[i] for i in history.of(thread)]
            ways = [
                move.operation for move in mine if move.object == b.wait.name and move.way == "ok" and not move.raises
            ]
            got, done = ways.count("get"), ways.count("task_done")
            if got > done:
                waits = mine[-1].waits
                stands = None if waits is None or waits.name == b.wait.name else waits
                return NotReported(thread, got, done, b, stands)
    return None


def _nobody_left(history: History) -> NobodyLeft | None:
    """It was to come from threads that are over, or from none; else from such as are stuck themselves."""
    kinds: tuple[WaitKind, ...] = ("event", "item", "room", "tasks", "condition", "semaphore", "future")
    waiting = (b for b in _waiting_for(history, *kinds) if not b.wait.by and not b.wait.routine)
    first: NobodyLeft | None = None
    for b in waiting:
        lost = NobodyLeft(b, _givers(history, b))
        if _all_over(lost.givers):
            return lost
        first = first or lost
    return first


def _not_given_back(history: History) -> NotGivenBack | None:
    """A lock of which only that is known: it is taken."""
    locks = (b for b in _waiting_for(history, "lock") if not b.wait.holders)
    return next((NotGivenBack(b.wait.name, b.thread) for b in locks), None)


def _nobody_completes(history: History) -> NobodyCompletes | None:
    """Futures whose calls neither run nor are queued."""
    lost = (b for b in _waiting_for(history, "future", "futures") if not b.wait.by and not b.wait.name)
    return next((NobodyCompletes(b.thread) for b in lost), None)


def _wake_up_lost(history: History) -> WakeUpLost | None:
    return next((WakeUpLost(b.wait.name, b.thread) for b in _waiting_for(history, "wake-up")), None)


def _nothing_changes(history: History) -> NothingChanges | None:
    return next((NothingChanges(b.thread) for b in _waiting_for(history, "await")), None)


def _givers(history: History, b: Blocked) -> tuple[Giver, ...]:
    """Who else could have ended the wait, and what has become of them: who has come to a barrier has done its part."""
    alike = history.waiting.get((b.wait.kind, b.wait.name), ()) if b.wait.kind == "barrier" else ()
    there = {b.thread, *(one.thread for one in alike if one.wait == b.wait)}
    return tuple(one for one in history.givers.get((b.wait.kind, b.wait.name), ()) if one.thread not in there)


def _waiting_for(history: History, *kinds: WaitKind) -> Iterator[Blocked]:
    return (b for b in history.blocked if b.wait.kind in kinds)


WAITING: tuple[Finder, ...] = (
    _self_deadlock,
    _lock_order,
    _own_pool,
    _waiting_with_a_lock,
    _never_released,
    _missed_notification,
    _cleared,
    _update_lost_before,
    _acted_on_an_old_look,
    _changed_before_the_look,
    _short_barrier,
    _not_reported,
    _wake_up_lost,
    _nobody_completes,
    _nobody_left,
    _not_given_back,
    _nothing_changes,
)
"""The surest first."""
