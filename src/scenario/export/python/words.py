"""What each runtime calls things by: the one seam between programs of threads, of tasks and of processes."""

from __future__ import annotations

import builtins
from collections.abc import Mapping
from dataclasses import field

from scenario.export.python.helpers import OF_ANY, OF_TASKS
from scenario.language.runtimes import Runtime
from scenario.record import record


@record
class Words:
    """What is called otherwise, and what is another text.

    `one`: what a thread is there, as the word that variables are named with; `module`: where its primitives are from, but for those
    that `made_by` names. `own_name`: what gives the name of whoever asks; `alive`: whether one lives. `asks`: what is asked of an
    object otherwise than by its name, and `untold` what can not be. `arguments`: parameters that have another name there. `taken`:
    names that the program needs for itself.
    """

    one: str
    module: str
    own_name: str
    alive: str
    made_by: Mapping[str, str]
    exceptions: Mapping[str, str]
    taken: frozenset[str]
    asks: Mapping[str, str] = field(default_factory=dict)
    untold: frozenset[str] = frozenset()
    arguments: Mapping[str, str] = field(default_factory=dict)
    define: str = "def"
    enter: str = "with"

    @property
    def many(self) -> str:
        return f"{self.one}es" if self.one.endswith("s") else f"{self.one}s"

    def maker(self, kind: str) -> str:
        """The class that makes a primitive, with its module."""
        return self.made_by.get(kind, f"{self.module}.{kind}")


_FUTURES = {
    name: f"concurrent.futures.{name}" for name in ("CancelledError", "InvalidStateError", "BrokenExecutor")
} | {"BrokenThreadPool": "concurrent.futures.thread.BrokenThreadPool"}  # fmt: skip
_POOLS = {name: f"concurrent.futures.{name}" for name in ("Future", "ThreadPoolExecutor", "ProcessPoolExecutor")}
_QUEUES = {name: f"queue.{name}" for name in ("Queue", "LifoQueue", "PriorityQueue", "SimpleQueue")}
_OF_QUEUES = {name: f"queue.{name}" for name in ("Empty", "Full", "ShutDown")}
_ALWAYS = {*dir(builtins), *OF_ANY, "atomic", "concurrent", "copy", "main", "operator", "random", "started", "time"}

WORDS: Mapping[Runtime, Words] = {
    "threading": Words(
        "thread",
        "threading",
        own_name="threading.current_thread().name",
        alive="{}.is_alive()",
        asks={"value": "{}._value"},
        made_by=_QUEUES | _POOLS,
        exceptions=_OF_QUEUES | _FUTURES | {"BrokenBarrierError": "threading.BrokenBarrierError"},
        taken=frozenset({
            *_ALWAYS, "queue", "threading", "main_thread", "ended_with", "note_exception", "thread", "threads",
        }),
    ),
    "asyncio": Words(
        "task",
        "asyncio",
        own_name="asyncio.current_task().get_name()",
        alive="not {}.done()",
        asks={
            "value": "{}._value", "name": "{}.get_name()", "unfinished_tasks": "{}._unfinished_tasks",
            "is_shutdown": "{}._is_shutdown",
        },
        made_by={},
        exceptions={
            "Empty": "asyncio.QueueEmpty", "Full": "asyncio.QueueFull", "ShutDown": "asyncio.QueueShutDown",
            **_FUTURES, "CancelledError": "asyncio.CancelledError", "InvalidStateError": "asyncio.InvalidStateError",
            "BrokenBarrierError": "asyncio.BrokenBarrierError",
        },
        taken=frozenset({
            *_ALWAYS, *OF_TASKS, "asyncio", "group", "main_task", "run", "task", "tasks",
        }),
        define="async def",
        enter="async with",
    ),
    "multiprocessing": Words(
        "process",
        "multiprocessing",
        own_name="multiprocessing.current_process().name",
        alive="{}.is_alive()",
        asks={"value": "{}.get_value()", "locked": "{}._semlock._is_zero()"},
        untold=frozenset({"unfinished_tasks"}),
        made_by=_POOLS | {"Queue": "multiprocessing.JoinableQueue"},
        exceptions=_OF_QUEUES | _FUTURES | {"BrokenBarrierError": "threading.BrokenBarrierError"},
        taken=frozenset({
            *_ALWAYS, "ctypes", "functools", "main_process", "manager", "multiprocessing", "os", "process",
            "processes", "queue", "signal", "threading",
        }),
        arguments={"blocking": "block"},
    ),
}  # fmt: skip
