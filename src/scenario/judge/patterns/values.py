"""Patterns behind wrong values: what came in between a thread's look and what it did because of it."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from scenario.judge.patterns.history import Finder, History, looks
from scenario.results.patterns.values import (
    ActedOnAnOldLook,
    BothLooked,
    BothRead,
    LostUpdate,
    PollingWithALock,
    ShortSection,
    StaleValue,
    TornRead,
)

# --- one variable ----------------------------------------------------------------------------------------


def _lost_update(history: History) -> LostUpdate | None:
    """A value read, another's write, then a write of what was made of the value read."""
    for end in sorted(history.relevant):
        found = lost_update(history, end)
        if found is not None:
            return found
    return None


def lost_update(history: History, end: int) -> LostUpdate | None:
    """Whether a move writes a variable from what its thread had read of it before others wrote it."""
    move = history.moves[end]
    for name in sorted(set(move.writes) - set(move.reads)):
        start = next((i for i in reversed(move.uses) if name in history.moves[i].reads), None)
        lost = None if start is None else history.changed(name, start, end, not_by=move.thread)
        if lost is not None:
            return LostUpdate(move.thread, name, history.moves[lost].thread)
    return None


def _check_then_act(history: History) -> ActedOnAnOldLook | None:
    for end in sorted(history.relevant, reverse=True):
        for start in sorted(history.moves[end].because, reverse=True):
            found = check_then_act(history, start, end)
            if found is not None:
                return found
    return None


def check_then_act(history: History, start: int, end: int) -> ActedOnAnOldLook | None:
    """Whether another thread changed what was looked at before the first act that the look had decided."""
    for name in sorted(looks(history.moves[start])):
        other = _changed_unseen(history, name, start, end)
        if other is not None:
            return _looked_and_acted(history, name, start, other, end)
    return None


def _looked_and_acted(history: History, name: str, start: int, other: int, end: int) -> ActedOnAnOldLook:
    thread = history.moves[start].thread
    return ActedOnAnOldLook(thread, name, history.moves[other].thread, _split(history, start, end))


def _changed_unseen(history: History, name: str, start: int, end: int) -> int | None:
    """A change by another thread before the first act that the look had decided; none where the actor has looked again."""
    thread = history.moves[start].thread
    again: list[int] = []
    for number in history.of(thread, start, end + 1):
        move = history.moves[number]
        other = history.changed(name, start, number, not_by=thread)
        if start in move.because and history.acts(number, name):
            return None if any(decided < number for decided in again) else other
        if move.decides is not None and name in looks(move) and other is not None:
            again.append(move.decides)
    return None


def _stale_value(history: History) -> StaleValue | None:
    """What a thread has read of a variable is used on it when another has changed it."""
    for end in sorted(history.relevant, reverse=True):
        move = history.moves[end]
        for start in sorted(move.uses, reverse=True):
            for name in sorted(_related(history, end).intersection(history.moves[start].reads)):
                other = history.changed(name, start, end, not_by=move.thread)
                if other is not None:
                    return _read_and_used(history, name, start, other, end)
    return None


def _related(history: History, end: int) -> frozenset[str]:
    """What a move reads and writes, and what the failed claim holds against it."""
    touched, about = frozenset(_touched(history, end)), frozenset(history.evidence.failure.about)
    return touched | about if touched & about else touched


def _read_and_used(history: History, name: str, start: int, other: int, end: int) -> StaleValue:
    thread = history.moves[start].thread
    return StaleValue(thread, name, history.moves[other].thread, _split(history, start, end))


def _passed_by(history: History) -> ActedOnAnOldLook | None:
    """Nobody has changed what the claim names: a look let its thread pass by, and was out of date when it went on."""
    if history.relevant or history.evidence.failure.kind != "final":
        return None
    for start, move in enumerate(history.moves):
        for name in sorted(looks(move)) if move.tested else ():
            following = next((i for i in history.of(move.thread, start) if history.acts(i, name)), None)
            other = None if following is None else history.changed(name, start, following, not_by=move.thread)
            if following is not None and other is not None:
                return _looked_and_acted(history, name, start, other, following)
    return None


def _checked_late(history: History) -> ActedOnAnOldLook | StaleValue | None:
    """A check is false of what its thread had looked at: another has changed it since, and the thread itself nothing."""
    checked = history.checked
    for end in sorted(checked, reverse=True):
        for name in sorted(looks(history.moves[end])):
            start = _last_look(history, name, end)
            other = None if start is None else history.changed(name, start, end, not_by=history.moves[end].thread)
            if start is None or other is None:
                continue
            if history.moves[start].tested:
                return _looked_and_acted(history, name, start, other, end)
            if start in checked:
                return _read_and_used(history, name, start, other, end)
    return None


def _last_look(history: History, name: str, end: int) -> int | None:
    """Where the thread of a check had looked at it before, if it has done nothing since."""
    check = history.moves[end]
    for start in reversed([*history.of(check.thread, -1, end)]):
        if history.acts(start):
            return None
        if name in looks(history.moves[start]):
            return start
    return None


def _split(history: History, start: int, end: int) -> str:
    """The lock under which both were done, and which was given back in between, if there is one."""
    decided = (i for i in history.of(history.moves[start].thread, start, end) if start in history.moves[i].because)
    acted = [*decided, end]
    for lock, since in history.held[start].items():
        if any(history.held[i].get(lock, since) != since for i in acted):
            return lock
    return ""


def _both_found(history: History) -> BothLooked | None:
    """Two threads are let in by the same look: each would change it, and neither had yet when the other looked."""
    acting = (history.moves[i].because for i in history.relevant if history.acts(i))
    looked = sorted({start for because in acting for start in because if history.moves[start].claims})
    for one, other in combinations(looked, 2):
        first, second = history.moves[one], history.moves[other]
        names = sorted(set(first.claims) & set(second.claims)) if first.thread != second.thread else []
        name = next((name for name in names if _same(history, name, one, other)), None)
        if name is not None:
            return BothLooked(_pair(first.thread, second.thread), name)
    return None


def _taken_twice(history: History) -> BothRead | None:
    """Two threads have read the same value before either changed the variable, and both go on with it."""
    for start in sorted(history.relevant):
        for name in sorted(history.moves[start].reads):
            other = _also_read(history, name, start)
            if other is not None:
                return BothRead(_pair(history.moves[start].thread, history.moves[other].thread), name)
    return None


def _pair(one: str, other: str) -> tuple[str, str]:
    return min(one, other), max(one, other)


def _also_read(history: History, name: str, start: int) -> int | None:
    """Another's read of the same value, where each changes the variable afterwards without knowing of the other's."""
    mine = _next_write(history, name, start)
    for other, move in enumerate(history.moves[:mine] if mine is not None else ()):
        if move.thread == history.moves[start].thread or name not in move.reads:
            continue
        theirs = _next_write(history, name, other)
        both_before = mine is not None and theirs is not None and max(start, other) < min(mine, theirs)
        if both_before and _same(history, name, start, other):
            return other
    return None


def _next_write(history: History, name: str, start: int) -> int | None:
    """The thread's next access to the variable, if that is a plain write."""
    move = history.moves[start]
    following = (i for i in history.of(move.thread, start) if name in _touched(history, i))
    number = None if name in move.writes else next(following, None)
    return number if number is not None and name not in history.moves[number].reads else None


def _same(history: History, name: str, one: int, other: int) -> bool:
    """Whether two looks have seen the same value."""
    return history.last_change(name, one) == history.last_change(name, other)


# --- a section that is too short, two variables ---------------------------------------------------------


def _split_section(history: History) -> ShortSection | None:
    """Written under a lock, and read again after the lock was given back and another had written it."""
    for end in sorted(history.relevant):
        move = history.moves[end]
        for name in sorted(set(move.reads) - set(move.writes)):
            start = next(
                (i for i in reversed([*history.of(move.thread, -1, end)]) if name in _touched(history, i)), None
            )
            other = None if start is None else history.changed(name, start, end, not_by=move.thread)
            if start is None or other is None:
                continue
            locks = set(history.held[start]) & set(history.held[other])
            wrote = any(
                name in history.moves[i].writes
                for i in history.of(move.thread, min(history.held[start].values(), default=start), start + 1)
            )
            if locks and wrote:
                (lock, *_) = sorted(locks)
                return ShortSection(move.thread, name, lock, history.moves[other].thread)
    return None


def _touched(history: History, number: int) -> tuple[str, ...]:
    move = history.moves[number]
    return (*move.reads, *move.writes)


def _torn_read(history: History) -> TornRead | None:
    """Several variables are read together while another thread has written one of them and not yet the other."""
    checked = [i for move in history.moves if move.thread == history.evidence.failure.thread for i in move.refuted]
    for one, other in combinations(sorted(set(checked)), 2):
        writer = _between_writes(history, one, other)
        if writer is not None:
            names = sorted({*history.moves[one].reads, *history.moves[other].reads})
            return TornRead(history.moves[one].thread, tuple(names), writer)
    return None


def _between_writes(history: History, one: int, other: int) -> str | None:
    for new, old in ((one, other), (other, one)):
        for fresh, stale in _pairs(history.moves[new].reads, history.moves[old].reads):
            wrote = history.last_change(fresh, new)
            writer = None if wrote is None else history.moves[wrote].thread
            if wrote is None or writer is None or writer == history.moves[new].thread:
                continue
            last = max(i for i in range(max(new, old)) if history.moves[i].thread == writer)
            written = [i for i in range(wrote, max(new, old)) if stale in history.moves[i].writes]
            if not written and stale in history.moves[last].later:
                return writer
    return None


def _pairs(some: tuple[str, ...], others: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    return ((fresh, stale) for fresh in some for stale in others if fresh != stale)


# --- locks -------------------------------------------------------------------------------------------------


def _polling_while_holding(history: History) -> PollingWithALock | None:
    """A thread that gave up: it has looked at the same variable in vain, and all the time it had a lock."""
    seen: dict[tuple[str, int, str], int] = {}
    for number in history.of(history.evidence.failure.thread or ""):
        move = history.moves[number]
        for lock, since in history.held[number].items():
            for name in sorted(looks(move)) if move.tested else ():
                seen[lock, since, name] = seen.get((lock, since, name), 0) + 1
                if seen[lock, since, name] > 2:
                    return PollingWithALock(move.thread, name, lock)
    return None


VALUES: tuple[Finder, ...] = (
    _torn_read,
    _lost_update,
    _check_then_act,
    _checked_late,
    _stale_value,
    _both_found,
    _taken_twice,
    _passed_by,
    _split_section,
    _polling_while_holding,
)
"""The surest first."""
