"""The real objects of a program: primitives, by name and element."""

from __future__ import annotations

import builtins
import queue
import threading
from collections.abc import Callable, Mapping
from typing import Any, assert_never

from scenario.interpreter import futures
from scenario.language import primitives as p
from scenario.program.bounded.patience import Look, unhurried
from scenario.program.exceptions import is_own, own_exception
from scenario.program.program import Primitive
from scenario.real.making import made

Routine = Callable[..., Any]


class Builder:
    """Builds each primitive once.

    `action(name)` gives the function of a barrier's action, `pool(label, kind, prefix)` a thread pool (`pools[1]`),
    `processes(kind)` a process pool.
    """

    def __init__(
        self,
        action: Callable[[str], Routine],
        pool: Callable[[str, p.ThreadPool, str], object],
        processes: Callable[[p.ProcessPool], object],
    ) -> None:
        self._action = action
        self._pool = pool
        self._processes = processes
        self._pools = 0

    def build(self, primitives: tuple[Primitive, ...], look: Look = unhurried) -> dict[str, object]:
        """An object, or a list of them for an array, by the primitive's name."""
        futures.begin()
        return made(primitives, self._one, look)

    def _one(self, label: str, kind: p.Kind, built: Mapping[str, list[Any]]) -> object:
        match kind:
            case p.Lock():
                return threading.Lock()
            case p.RLock():
                return threading.RLock()
            case p.Semaphore(value):
                return threading.Semaphore(value)
            case p.BoundedSemaphore(value):
                return threading.BoundedSemaphore(value)
            case p.Event():
                return threading.Event()
            case p.Condition(lock):
                return threading.Condition() if lock is None else threading.Condition(built[lock[0]][lock[1] or 0])
            case p.Barrier(parties, action, timeout):
                return threading.Barrier(parties, self._action(action) if action else None, timeout)
            case p.Queue(maxsize):
                return queue.Queue(maxsize)
            case p.LifoQueue(maxsize):
                return queue.LifoQueue(maxsize)
            case p.PriorityQueue(maxsize):
                return queue.PriorityQueue(maxsize)
            case p.SimpleQueue():
                return queue.SimpleQueue()
            case p.ThreadLocal():
                return threading.local()
            case p.Future():
                return futures.own_future()
            case p.ThreadPool():
                return self._pool(label, kind, self._prefix(kind))
            case p.ProcessPool():
                return self._processes(kind)
            case _:
                assert_never(kind)

    def _prefix(self, kind: p.ThreadPool) -> str:
        """Python numbers the pools without a prefix per process; here they are numbered per run."""
        if kind.thread_name_prefix:
            return kind.thread_name_prefix
        self._pools += 1
        return f"ThreadPoolExecutor-{self._pools - 1}"


def lock_under(condition: object) -> Any:
    """The lock that it was made with."""
    return vars(condition)["_lock"]


def left_of(semaphore: Any) -> int:
    """How many may still acquire it."""
    return int(vars(semaphore)["_value"])


def lock_of(place: object) -> Any:
    """The lock under a condition; a lock is itself."""
    return lock_under(place) if isinstance(place, threading.Condition) else place


def is_rlock(lock: object) -> bool:
    return isinstance(lock, RLOCK)


RLOCK = type(threading.RLock())
LOCK = type(threading.Lock())


def rlock_state(lock: object) -> tuple[int, bool]:
    """(the owner's thread ident or 0, whether it is locked); only its repr tells."""
    text = repr(lock)
    owner = text.split("owner=", 1)[1].split(" ", 1)[0] if "owner=" in text else "0"
    return int(owner), text.startswith("<locked")


def rlock_levels(lock: object) -> int:
    """How often its owner has acquired it."""
    return int(repr(lock).partition("count=")[2].split(" ", 1)[0])


def locked(place: object) -> bool:
    """`lock.locked()`, also of an RLock or condition, which older Pythons do not tell."""
    lock = lock_of(place)
    return rlock_state(lock)[1] if is_rlock(lock) else bool(lock.locked())


def state(place: object, attribute: str) -> object:
    """What an expression asks of an object."""
    match attribute:
        case "locked":
            return locked(place)
        case "value":
            return left_of(place)
        case "future":
            return place
        case _:
            value = getattr(place, attribute)
            return value() if callable(value) else value


def exception_class(name: str) -> type[BaseException]:
    """The class of an exception that a scenario names."""
    if is_own(name):
        return own_exception(name)
    known = getattr(builtins, name, None)
    if isinstance(known, type) and issubclass(known, BaseException):
        return known
    match name:
        case "Empty" | "Full" | "ShutDown":
            found = getattr(queue, name, type(name, (Exception,), {}))  # no queue raises ShutDown before 3.13
        case "BrokenBarrierError":
            found = threading.BrokenBarrierError
        case _:
            import concurrent.futures.thread as pools
            from concurrent import futures as library

            found = getattr(pools if name == "BrokenThreadPool" else library, name)
    return found
