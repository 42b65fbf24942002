"""Locks and semaphores as Promela: how one is declared, when it is free, what takes and what releases it."""

from __future__ import annotations

from typing import TypeAlias, assert_never

from scenario.program.program import BoundedSemaphore, Lock, RLock, Semaphore

Guarding: TypeAlias = Lock | RLock | Semaphore | BoundedSemaphore


def declared(kind: Guarding, name: str, size: str) -> str:
    """One, or an array of some `size` (`[3]`)."""
    match kind:
        case Lock():
            return f"byte p_{name}{size} = 0;"
        case RLock():
            return f"byte p_{name}{size} = 0; int o_{name}{size} = -1;"
        case Semaphore(value) | BoundedSemaphore(value):
            return f"int p_{name}{size} = {value};"
        case _:
            assert_never(kind)


def taken_if_free(kind: Guarding, place: str) -> str:
    """Waits until it is free, and takes it."""
    return f"{_free(kind, place)} -> {_taken(kind, place)}"


def acquired(kind: Guarding, place: str, result: str) -> str:
    """Takes it if it is free; the result is whether it was."""
    return f"if :: {taken_if_free(kind, place)}; {result} = 1 :: else -> {result} = 0 fi"


def released(kind: Guarding, place: str, n: str) -> str:
    """A release that Python refuses is a failed assertion: the thread's error fails the scenario."""
    match kind:
        case RLock():
            return f"assert({place} > 0 && o_{place[2:]} == _pid); {place} = {place} - 1"
        case Semaphore():
            return f"{place} = {place} + {n}"
        case BoundedSemaphore(value):
            return f"assert({place} + {n} <= {value}); {place} = {place} + {n}"
        case Lock():
            return f"assert({place} == 1); {place} = 0"
        case _:
            assert_never(kind)


def _free(kind: Guarding, place: str) -> str:
    match kind:
        case RLock():
            return f"({place} == 0 || o_{place[2:]} == _pid)"
        case Semaphore() | BoundedSemaphore():
            return f"({place} > 0)"
        case Lock():
            return f"({place} == 0)"
        case _:
            assert_never(kind)


def _taken(kind: Guarding, place: str) -> str:
    match kind:
        case RLock():
            return f"{place} = {place} + 1; o_{place[2:]} = _pid"
        case Semaphore() | BoundedSemaphore():
            return f"{place} = {place} - 1"
        case Lock():
            return f"{place} = 1"
        case _:
            assert_never(kind)
