"""Why a notification did not come to who waits for it: too early, to another, to none, or not at all."""

from __future__ import annotations

from scenario.judge.patterns.found import Pattern
from scenario.judge.patterns.history import History, looks
from scenario.results.waiting import Blocked


def missed_notification(history: History, b: Blocked) -> Pattern | None:
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


def _too_early(history: History, b: Blocked, waited: int) -> Pattern | None:
    """Nobody waited for it yet: the waiter looked before it, or did not look at all."""
    because = history.moves[waited].because
    looked = max(because, default=-1)
    for number in reversed(_notifications(history, b.wait.name, looked, waited)):
        move = history.moves[number]
        if not move.woken and move.thread != b.thread:
            look = "look at what it announces, under the lock, before waiting"
            return Pattern(
                "lost wake-up",
                f"{move.thread} notified {b.wait.name} before {b.thread} waited: a notification that nobody waits for is "
                f"gone, so {look}",
            )
    return None


def _changed_in_silence(history: History, b: Blocked, waited: int) -> Pattern | None:
    """What the waiter looks at was changed by one who never waits for it himself, and no notification followed."""
    moves, condition = history.moves, b.wait.name
    names = {name for i in moves[waited].because for name in looks(moves[i])}
    waiters = {move.thread for i, move in enumerate(moves) if _waits(history, i, condition)}
    for number in range(len(moves) - 1, waited, -1):
        move = moves[number]
        changed = sorted(names & set(move.writes))
        if changed and move.thread not in waiters and not _notifications(history, condition, number, len(moves)):
            return Pattern(
                "missed signal",
                f"{move.thread} changed {changed[0]}, for which {b.thread} waits, and did not notify {condition} after it",
            )
    return None


def _to_another(history: History, b: Blocked, waited: int) -> Pattern | None:
    """One of several waiters was woken, and not this one."""
    for number in reversed(_notifications(history, b.wait.name, waited, len(history.moves))):
        move = history.moves[number]
        if move.operation != "notify" or not move.woken or b.thread in move.woken:
            continue
        count = _number(len(_queued(history, b.wait.name, number)))
        (woken, *_) = move.woken
        name, used = _what_came_of_it(history, b, woken, number)
        return Pattern(
            name,
            f"the notification of {move.thread} went to {woken} (one of {count} waiters), {used}: `notify_all`, or two "
            "conditions",
        )
    return None


def _what_came_of_it(history: History, b: Blocked, woken: str, notified: int) -> tuple[str, str]:
    before = next(reversed([*history.of(woken, -1, notified)]))
    if history.moves[before].way == "timeout":
        return "wrong waiter", "whose wait had timed out already"
    if any(_waits(history, i, b.wait.name) for i in history.of(woken, notified)):
        return "wrong waiter", "which could not use it and waits again"
    return "one of several notified", f"and nobody notifies {b.thread}"


def _queued(history: History, condition: str, before: int) -> set[str]:
    """Who waits for the condition when a move is taken."""
    queued: set[str] = set()
    for number, move in enumerate(history.moves[:before]):
        if _waits(history, number, condition):
            queued.add(move.thread)
        elif move.object == condition:
            queued -= {*move.woken, *([move.thread] if move.operation == "wait" else [])}
    return queued


def _number(count: int) -> str:
    return "two" if count == 2 else str(count)
