"""What a scenario runs on: the runtimes, and what each of them does not have, with what to write instead."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, TypeAlias, get_args

Runtime: TypeAlias = Literal["threading", "asyncio", "multiprocessing"]

RUNTIMES: tuple[Runtime, ...] = get_args(Runtime)
"""The default first."""

SHARED_INTEGERS = range(-(2**63), 2**63)
"""What an integer in memory that processes share may be."""

MOST_OF_A_SEMAPHORE = 2**31 - 1
"""`SEM_VALUE_MAX`, on every system that has one: what a semaphore that processes share can count to."""

_TASKS = "give each call a thread of the file: it is a task there"

KINDS_MISSING: Mapping[Runtime, Mapping[str, str]] = {
    "threading": {},
    "asyncio": {
        "RLock": "write `Lock`, and do not acquire it twice",
        "SimpleQueue": "write `Queue`",
        "local": "write a local name: each task has its own",
        "ThreadPoolExecutor": _TASKS,
        "ProcessPoolExecutor": _TASKS,
    },
    "multiprocessing": {
        "LifoQueue": "write `Queue`",
        "PriorityQueue": "write `Queue`",
        "Future": "give the result on by a `Queue`",
        "local": "write a local name: each process has its own",
        "ThreadPoolExecutor": "write `ProcessPoolExecutor`",
    },
}
"""The kinds of primitive that a runtime does not have, each with what to write instead."""
