"""Why a notification did not come to who waits for it: too early, to another, to none, or not at all."""

from __future__ import annotations

from typing import Literal

from scenario.judge.patterns.history import History, looks
from scenario.results.patterns.waiting import ChangedInSilence, LostWakeup, WokeAnother
from scenario.results.waiting import Blocked


def missed_notification(history: History, b: Blocked) -> LostWakeup | ChangedInSilence | WokeAnother | None:
    """What is known of the notifications of the condition that a thread waits for."""
    waited = next((i for i in reversed([*history.of(b.thread)]) if _waits(history, i, b.wait.name)), None)
    if waited is None:
        return None  # no schedule tells how it came there
    return _too_early(history, b, waited) or _changed_in_silence(history, b, waited) or _to_another(history, b, waited)


def _waits(history: History, number: int, condition: str) -> bool:
    move = history.moves[number]
    return move.operation == "wait" and move.way == "queues" and move.object == condition


def _notifications(history: History, condition: str, after: int, before: int) -> list[int]:
    moves = history.moves
    return [
        i
        for i in range(after + 1, before)
        if moves[i].operation in ("notify", "notify_all") and moves[i].object == condition
    ]


def _too_early(history: History, b: Blocked, waited: int) -> LostWakeup | None:
    """Nobody waited for it yet: the waiter looked before it, or did not look at all."""
    because = history.moves[waited].because
    looked = max(because, default=-1)
    for number in reversed(_notifications(history, b.wait.name, looked, waited)):
        move = history.moves[number]
        if not move.woken and move.thread != b.thread:
            return LostWakeup(move.thread, b.wait.name, b.thread)
    return None


def _changed_in_silence(history: History, b: Blocked, waited: int) -> ChangedInSilence | None:
    """What the waiter looks at was changed by one who never waits for it himself, and no notification followed."""
    moves, condition = history.moves, b.wait.name
    names = {name for i in moves[waited].because for name in looks(moves[i])}
    waiters = {move.thread for i, move in enumerate(moves) if _waits(history, i, condition)}
    for number in range(len(moves) - 1, waited, -1):
        move = moves[number]
        changed = sorted(names & set(move.writes))
        if changed and move.thread not in waiters and not _notifications(history, condition, number, len(moves)):
            return ChangedInSilence(move.thread, changed[0], b.thread, condition)
    return None


def _to_another(history: History, b: Blocked, waited: int) -> WokeAnother | None:
    """One of several waiters was woken, and not this one."""
    for number in reversed(_notifications(history, b.wait.name, waited, len(history.moves))):
        move = history.moves[number]
        if move.operation != "notify" or not move.woken or b.thread in move.woken:
            continue
        waiters = len(_queued(history, b.wait.name, number))
        (woken, *_) = move.woken
        return WokeAnother(move.thread, woken, waiters, b.thread, _what_came_of_it(history, b, woken, number))
    return None


def _what_came_of_it(
    history: History, b: Blocked, woken: str, notified: int
) -> Literal["timed out", "waits again", "went on"]:
    before = next(reversed([*history.of(woken, -1, notified)]))
    if history.moves[before].way == "timeout":
        return "timed out"
    if any(_waits(history, i, b.wait.name) for i in history.of(woken, notified)):
        return "waits again"
    return "went on"


def _queued(history: History, condition: str, before: int) -> set[str]:
    """Who waits for the condition when a move is taken."""
    queued: set[str] = set()
    for number, move in enumerate(history.moves[:before]):
        if _waits(history, number, condition):
            queued.add(move.thread)
        elif move.object == condition:
            queued -= {*move.woken, *([move.thread] if move.operation == "wait" else [])}
    return queued
