"""Locks and semaphores as Promela: when one is free, what takes and what releases it."""

from __future__ import annotations

from scenario.program.program import BoundedSemaphore, Kind, RLock, Semaphore


def taken_if_free(kind: Kind | None, place: str) -> str:
    """Waits until it is free, and takes it."""
    return f"{_free(kind, place)} -> {_taken(kind, place)}"


def acquired(kind: Kind | None, place: str, result: str) -> str:
    """Takes it if it is free; the result is whether it was."""
    return f"if :: {taken_if_free(kind, place)}; {result} = 1 :: else -> {result} = 0 fi"


def released(kind: Kind | None, place: str, n: str) -> str:
    """A release that Python refuses is a failed assertion: the thread's error fails the scenario."""
    match kind:
        case RLock():
            return f"assert({place} > 0 && o_{place[2:]} == _pid); {place} = {place} - 1"
        case Semaphore():
            return f"{place} = {place} + {n}"
        case BoundedSemaphore(value):
            return f"assert({place} + {n} <= {value}); {place} = {place} + {n}"
        case _:
            return f"assert({place} == 1); {place} = 0"


def _free(kind: Kind | None, place: str) -> str:
    match kind:
        case RLock():
            return f"({place} == 0 || o_{place[2:]} == _pid)"
        case Semaphore() | BoundedSemaphore():
            return f"({place} > 0)"
        case _:
            return f"({place} == 0)"


def _taken(kind: Kind | None, place: str) -> str:
    match kind:
        case RLock():
            return f"{place} = {place} + 1; o_{place[2:]} = _pid"
        case Semaphore() | BoundedSemaphore():
            return f"{place} = {place} - 1"
        case _:
            return f"{place} = 1"
