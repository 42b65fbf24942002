"""Patterns of deadlocks: who waits for what, and why it never comes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import assert_never

from scenario.judge.patterns.found import Finder, Pattern, listed
from scenario.judge.patterns.history import History
from scenario.judge.patterns.notified import missed_notification
from scenario.judge.patterns.values import check_then_act, lost_update
from scenario.results.outcome import GoesOn
from scenario.results.waiting import Blocked, Giver, WaitKind, circle, words


def _self_deadlock(history: History) -> Pattern | None:
    """Of a lock: a semaphore's places are nobody's."""
    for b in history.evidence.blocked:
        if b.wait.kind in ("lock", "relock") and any(holder.thread == b.thread for holder in b.wait.holders):
            return Pattern("self-deadlock", f"{b.thread} waits for {words(b.wait)}, which it holds itself")
    return None


def _lock_order(history: History) -> Pattern | None:
    round_ = circle(history.evidence.blocked)
    if len(round_) < 2:
        return None
    waits = "; ".join(f"{b.thread} waits for {words(b.wait)}" for b in round_)
    if all(b.wait.kind == "thread" for b in round_):
        return Pattern("joining in a circle", waits)
    if any(b.wait.kind == "thread" for b in round_):
        return Pattern("joining with a lock held", f"{waits}: join after the lock has been released")
    if not all(b.wait.holders for b in round_):
        return None
    pairs = zip(round_, (*round_[1:], round_[0]), strict=True)
    holds = "; ".join(f"{b.thread} wants {b.wait.name} and {following.thread} has it" for b, following in pairs)
    name = "AB/BA" if len(round_) == 2 else "lock cycle"
    return Pattern(name, f"{holds}: take locks in one order everywhere")


def _own_pool(history: History) -> Pattern | None:
    """A worker waits for a call that is queued in its own pool."""
    kinds = ("future", "futures")
    pool = next(
        (b.pool for b in history.evidence.blocked if b.pool and b.wait.kind in kinds and b.wait.name == b.pool), ""
    )
    if not pool:
        return None
    return Pattern(
        "pool self-deadlock",
        f"a call that runs in {pool} waits for another call of {pool}, and no worker is left to run that one",
    )


def _waiting_with_a_lock(history: History) -> Pattern | None:
    """Whoever would wake the waiter needs a lock that it keeps while it waits."""
    for b in history.evidence.blocked:
        if b.wait.threads():
            continue  # what it waits for is a lock itself, or a thread
        for other in history.evidence.blocked:
            if other is not b and any(holder.thread == b.thread for holder in other.wait.holders):
                return Pattern(
                    "nested monitor" if b.wait.kind == "condition" else "waiting with a lock held",
                    f"{b.thread} waits for {words(b.wait)} and keeps {words(other.wait)} meanwhile, which {other.thread} "
                    "needs before it can go on",
                )
    return None


def _never_released(history: History) -> Pattern | None:
    """The holder is no part of the deadlock: it has ended, or goes round for ever without giving back."""
    stuck = {b.thread for b in history.evidence.blocked}
    rounds = {one.thread: one for one in history.evidence.going}
    for b in history.evidence.blocked:
        free = [holder.thread for holder in b.wait.holders if holder.thread not in stuck]
        if b.wait.kind not in ("lock", "relock", "semaphore") or not free or len(free) != len(b.wait.holders):
            continue
        if b.wait.kind != "semaphore" and free[0] in rounds:
            return Pattern(
                "going round with a lock held",
                f"{_goes_round(rounds[free[0]])} for ever with {words(b.wait)}, and {b.thread} waits for it",
            )
        took = f"{listed(free)} took {words(b.wait)} and never gives it back, and {b.thread} waits for it"
        return Pattern("never released", f"{took}{_refused(history, b.wait.name)}")
    return None


def _goes_round(one: GoesOn) -> str:
    first, last = one.first.line, one.last.line
    return f"{one.thread} goes round line{f's {first} to {last}' if first != last else f' {first}'}"


def _refused(history: History, lock: str) -> str:
    """Another has tried to give it back."""
    tried = (move for move in history.moves if move.operation == "release" and move.lock == lock and move.raises)
    other = next(tried, None)
    return "" if other is None else f"; {other.thread} could not give it back: only the thread that took it can"


def _missed_notification(history: History) -> Pattern | None:
    return next((missed_notification(history, b) for b in _waiting_for(history, "condition")), None)


def _cleared(history: History) -> Pattern | None:
    """The event had been set, and was cleared before the thread came to wait for it."""
    for b in _waiting_for(history, "event"):
        came = max(history.of(b.thread), default=-1)
        changes = [i for i, move in enumerate(history.moves[:came]) if _sets(history, i, b.wait.name, ("set", "clear"))]
        before = [history.moves[i] for i in changes[-2:]]
        if [move.operation for move in before] == ["set", "clear"]:
            return Pattern(
                "missed signal", f"{before[1].thread} cleared {b.wait.name} again before {b.thread} waited for it"
            )
    return None


def _sets(history: History, number: int, name: str, operations: tuple[str, ...]) -> bool:
    move = history.moves[number]
    return move.operation in operations and move.object == name


# --- what was to come depends on a value that went wrong ---------------------------------------------------


def _update_lost_before(history: History) -> Pattern | None:
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


def _acted_on_an_old_look(history: History) -> Pattern | None:
    """The stuck thread came to wait after an act that it had decided on by an old look."""
    for b in _signals(history):
        for end in sorted(history.of(b.thread), reverse=True):
            for start in history.moves[end].because:
                found = check_then_act(history, start, end)
                if found is not None:
                    return found
    return None


def _changed_before_the_look(history: History) -> Pattern | None:
    """Each changes a variable and then looks at it, and another did the same in between."""
    for number in range(len(history.moves)) if _signals(history) else ():
        look = history.moves[number]
        for name in look.reads if look.tested else ():
            mine = [i for i in history.of(look.thread, -1, number) if name in history.moves[i].writes]
            other = history.changed(name, mine[-1], number, not_by=look.thread) if mine else None
            if other is not None and history.moves[other].span == history.moves[mine[-1]].span:
                return Pattern(
                    "check-then-act",
                    f"{look.thread} changed {name} and looked at it later, and {history.moves[other].thread} changed it in "
                    "between: change it and look at it in one step",
                )
    return None


def _signals(history: History) -> list[Blocked]:
    """Those who wait for what somebody should have done, and whom no exception has kept from it."""
    waiting = _waiting_for(history, "event", "item", "tasks", "barrier", "await", "semaphore", "future", "futures")
    return [b for b in waiting if not any(giver.fate == "raised" for giver in _givers(history, b))]


# --- it never comes -----------------------------------------------------------------------------------------


def _short_barrier(history: History) -> Pattern | None:
    for b in _waiting_for(history, "barrier"):
        return Pattern(
            "barrier short of parties",
            f"{b.thread} waits at {b.wait.name} for parties that never come: {b.wait.has} of {b.wait.needs} are there"
            f"{_fates(history, b)}",
        )
    return None


def _not_reported(history: History) -> Pattern | None:
    """Whoever took an item ended, or waits for the next, without a `task_done` for it."""
    for b in _waiting_for(history, "tasks"):
        for thread in dict.fromkeys(move.thread for move in history.moves):
            mine = [history.moves[i] for i in history.of(thread) if history.moves[i].object == b.wait.name]
            got = sum(move.operation == "get" and move.way == "ok" and not move.raises for move in mine)
            done = sum(move.operation == "task_done" and not move.raises for move in mine)
            if got > done:
                return Pattern(
                    "waiting for nothing",
                    f"{thread} took {got} items of {b.wait.name} and reported {done} of them done, and {b.thread} waits for "
                    "all: each `get` needs its `task_done`",
                )
    return None


_ACTS: dict[WaitKind, str] = {
    "event": "set", "item": "put anything into", "room": "take anything out of", "tasks": "call task_done for",
    "condition": "notify", "semaphore": "release",
}  # fmt: skip


def _nobody_left(history: History) -> Pattern | None:
    """It was to come from threads that are stuck or over, or from none."""
    for b in history.evidence.blocked:
        if b.wait.kind in _ACTS:
            name = "missed signal" if b.wait.kind in ("event", "condition", "semaphore") else "waiting for nothing"
            sentence = f"nobody is left who would {_ACTS[b.wait.kind]} {b.wait.name}, and {b.thread} waits for it"
            return Pattern(name, f"{sentence}{_fates(history, b)}")
    return None


def _not_given_back(history: History) -> Pattern | None:
    """A lock of which only that is known: it is taken."""
    for b in _waiting_for(history, "lock"):
        if not b.wait.holders:
            return Pattern(
                "never released", f"nobody is left who would give {b.wait.name} back, and {b.thread} waits for it"
            )
    return None


def _nobody_completes(history: History) -> Pattern | None:
    """Futures whose calls neither run nor are queued."""
    for b in _waiting_for(history, "future", "futures"):
        if not b.wait.by and not b.wait.name:
            return Pattern(
                "waiting for nothing",
                f"{b.thread} waits for futures whose calls neither run nor are queued any more: a cancelled one is done, but "
                "whoever waits is told only when a worker takes it off the queue",
            )
    return None


def _nothing_changes(history: History) -> Pattern | None:
    for b in _waiting_for(history, "await"):
        return Pattern("waiting for nothing", f"nobody is left who would change what {b.thread} waits for")
    return None


MOST = 4
"""Threads whose fate is told."""


def _fates(history: History, b: Blocked) -> str:
    """What has become of those who would have ended the wait, each thread once."""
    fates = {one.thread: _fate(one) for one in _givers(history, b)}
    told = [f"{thread} {fate}" for thread, fate in fates.items()]
    more = [f"and {len(told) - MOST} more"] if len(told) > MOST else []
    return f": {', '.join([*told[:MOST], *more])}" if told else ""


def _givers(history: History, b: Blocked) -> list[Giver]:
    return [one for one in history.evidence.givers if (one.kind, one.name) == (b.wait.kind, b.wait.name)]


def _fate(giver: Giver) -> str:
    match giver.fate:
        case "raised":
            return f"ended with {giver.error}{'' if giver.span is None else f' (line {giver.span.line})'}"
        case "ended":
            return "has ended"
        case "stuck":
            return "is stuck itself"
        case "goes round":
            return "goes round for ever"
        case _:
            assert_never(giver.fate)


def _waiting_for(history: History, *kinds: WaitKind) -> Iterator[Blocked]:
    return (b for b in history.evidence.blocked if b.wait.kind in kinds)


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
    _nobody_completes,
    _nobody_left,
    _not_given_back,
    _nothing_changes,
)
"""The surest first."""
