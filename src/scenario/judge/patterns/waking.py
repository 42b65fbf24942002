"""Patterns behind a condition's wait that went on: the thread did not look again at what it had waited for."""

from __future__ import annotations

from scenario.judge.patterns.history import Finder, History, looks
from scenario.results.patterns.values import IfForWhile, SpuriousWakeup


def _spurious(history: History) -> SpuriousWakeup | None:
    for number, move in enumerate(history.moves):
        if move.way == "spurious" and not _looks_again(history, number):
            return SpuriousWakeup(move.thread)
    return None


def _if_for_while(history: History) -> IfForWhile | None:
    """Between the notification and the waiter's going on another thread has changed what it had waited for."""
    for number, move in enumerate(history.moves):
        if move.operation != "wait" or move.way != "ok" or _looks_again(history, number):
            continue
        woken = next((i for i in range(number - 1, -1, -1) if move.thread in history.moves[i].woken), None)
        looked = {name for i in move.because for name in looks(history.moves[i])}
        for name in sorted(looked) if woken is not None else ():
            other = history.changed(name, woken or 0, number, not_by=move.thread)
            if other is not None and number in _before(history, move.thread):
                return IfForWhile(move.thread, name, history.moves[other].thread)
    return None


def _looks_again(history: History, number: int) -> bool:
    """Whether a waiter that goes on looks first at what it had waited for."""
    move = history.moves[number]
    looked = frozenset(name for i in move.because for name in looks(history.moves[i]))
    following = next(history.of(move.thread, number), None)
    if following is None:
        return True  # it has done nothing since
    return bool(history.moves[following].tested and looked & looks(history.moves[following]))


def _before(history: History, thread: str) -> frozenset[int]:
    """The moves of a thread before it took part in the failure."""
    last = max((i for i in history.relevant if history.moves[i].thread == thread), default=-1)
    return frozenset(range(last + 1))


WAKING: tuple[Finder, ...] = (_spurious, _if_for_while)
"""The surest first."""
