"""How the worker processes of pools are made: afresh, and before they import anything their search path is secured."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing import active_children
from multiprocessing.context import SpawnContext, SpawnProcess
from typing import ClassVar

from scenario.machine import processors
from scenario.program.bounded.limits import refuse
from scenario.search_path import made_after, secure

MOST = 32
"""Worker processes that are alive at once, or as many as there are processors: each is a whole Python."""


_PATIENCE = 5.0
"""Seconds for a worker that is being made, on a busy machine."""

_making = threading.Lock()
"""Held while a worker is made: one that is not given all it begins with, since who makes it has ended, says so aloud."""


@contextmanager
def none_is_made() -> Iterator[None]:
    """Meanwhile no worker is in the middle of being made; those that have been, also the last one, which no pool may know yet, are killed."""
    had = _making.acquire(timeout=_PATIENCE)
    try:
        for process in active_children():
            process.kill()
        yield
    finally:
        if had:
            _making.release()


class _Secured:
    """Something to send of which the other side makes nothing, but secures its path."""

    def __reduce__(self) -> tuple[Callable[[], None], tuple[()]]:
        return secure, ()


class Process(SpawnProcess):
    """A worker. It has our search path, which may name a stranger's directory, before the first thing that it is sent."""

    def start(self) -> None:
        most = max(MOST, processors())
        if len(active_children()) >= most:
            refuse(f"more than {most} worker processes at once")
        with _making:
            super().start()

    def __reduce__(self) -> tuple[Callable[..., object], tuple[object, ...], dict[str, object]]:
        return made_after, (_Secured(), type(self)), self.__dict__


class Context(SpawnContext):
    """As multiprocessing's own, but for its processes. Raises OSError.

    Who gives back what is left is there before the first semaphore: one that it could not be told of would stay for ever.
    """

    Process: ClassVar[type[Process]] = Process

    def __init__(self) -> None:
        super().__init__()
        if sys.platform != "win32":
            from multiprocessing.resource_tracker import ensure_running

            ensure_running()
