"""The primitives: what a constructor takes, and what an expression may ask of the object. By Python's class names."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from typing import TypeAlias

from scenario.language.arguments import Argument
from scenario.record import record

# --- primitives: one frozen class a kind, with its constructor's arguments as values ----------------


@record
class Lock:
    pass


@record
class RLock:
    pass


@record
class Semaphore:
    value: int = 1


@record
class BoundedSemaphore:
    value: int = 1


@record
class Event:
    pass


@record
class Condition:
    """`lock` is a Lock or RLock of the scenario as (name, element); None: an RLock of its own."""

    lock: tuple[str, int | None] | None = None


@record
class Barrier:
    """`action` is a routine's (or python callable's) name."""

    parties: int
    action: str | None = None
    timeout: float | None = None


@record
class Queue:
    maxsize: int = 0


@record
class LifoQueue:
    maxsize: int = 0


@record
class PriorityQueue:
    maxsize: int = 0


@record
class SimpleQueue:
    pass


@record
class ThreadLocal:
    """`threading.local`, written `local`."""


@record
class Future:
    """A `concurrent.futures.Future` that the scenario completes itself."""


@record
class ThreadPool:
    """`max_workers` None is Python's default; `initializer` is a routine's name."""

    max_workers: int | None = None
    initializer: str | None = None
    thread_name_prefix: str = ""


@record
class ProcessPool:
    max_workers: int | None = None
    initializer: str | None = None


Kind: TypeAlias = (
    Lock | RLock | Semaphore | BoundedSemaphore | Event | Condition | Barrier
    | Queue | LifoQueue | PriorityQueue | SimpleQueue | ThreadLocal | Future | ThreadPool | ProcessPool
)  # fmt: skip


# --- and what is written of them ---------------------------------------------------------------------


@record
class Ask:
    """Something that expressions may read of an object. `is_call`: it is written with parentheses."""

    is_call: bool = True
    since_3_13: bool = False


@record
class Entry:
    """A kind of primitive: its class, and what is written of it.

    `arguments`: the first may stand alone (`{Semaphore: 3}`). `family`: what messages call it, where verbs are shared.
    `asks`: what expressions may read. `about` and `example` are what editors say.
    """

    kind: type[Kind]
    about: str
    example: object
    arguments: tuple[Argument, ...] = ()
    asks: Mapping[str, Ask] = field(default_factory=dict)
    family: str = ""


_VALUE, _MAXSIZE = (Argument("value"),), (Argument("maxsize"),)
_WORKERS = (Argument("max_workers"), Argument("initializer", "name"))
_OF_QUEUES = {
    "qsize": Ask(), "empty": Ask(), "full": Ask(), "unfinished_tasks": Ask(is_call=False),
    "is_shutdown": Ask(is_call=False, since_3_13=True),
}  # fmt: skip

KINDS: Mapping[str, Entry] = {
    "Lock": Entry(Lock, "threading.Lock", "Lock", asks={"locked": Ask()}, family="a lock"),
    "RLock": Entry(RLock, "threading.RLock: its owner may acquire it again.", "RLock", family="a lock"),
    "Semaphore": Entry(
        Semaphore,
        "threading.Semaphore(value=1)",
        {"Semaphore": 3},
        _VALUE,
        {"value": Ask(is_call=False)},
        "a semaphore",
    ),
    "BoundedSemaphore": Entry(
        BoundedSemaphore,
        "threading.BoundedSemaphore(value=1): releasing too often raises.",
        {"BoundedSemaphore": 3},
        _VALUE,
        {"value": Ask(is_call=False)},
        "a semaphore",
    ),
    "Event": Entry(Event, "threading.Event", "Event", asks={"is_set": Ask()}),
    "Condition": Entry(
        Condition,
        "threading.Condition(lock=None): without a lock it makes its own RLock.",
        {"Condition": "lock"},
        (Argument("lock", "ref"),),
    ),
    "Barrier": Entry(
        Barrier,
        "threading.Barrier(parties, action=None, timeout=None); the action is a routine.",
        {"Barrier": {"parties": 3, "action": "tick", "timeout": 5}},
        (Argument("parties", is_required=True), Argument("action", "name"), Argument("timeout")),
        dict.fromkeys(("n_waiting", "parties", "broken"), Ask(is_call=False)),
    ),
    "Queue": Entry(Queue, "queue.Queue(maxsize=0)", {"Queue": {"maxsize": 5}}, _MAXSIZE, _OF_QUEUES, "a queue"),
    "LifoQueue": Entry(LifoQueue, "queue.LifoQueue(maxsize=0)", {"LifoQueue": 5}, _MAXSIZE, _OF_QUEUES, "a queue"),
    "PriorityQueue": Entry(
        PriorityQueue, "queue.PriorityQueue(maxsize=0)", {"PriorityQueue": 5}, _MAXSIZE, _OF_QUEUES, "a queue"
    ),
    "SimpleQueue": Entry(
        SimpleQueue, "queue.SimpleQueue", "SimpleQueue", asks={"qsize": Ask(), "empty": Ask()}, family="a queue"
    ),
    "local": Entry(ThreadLocal, "threading.local: statements may use `tls.x`.", "local"),
    "Future": Entry(
        Future,
        "concurrent.futures.Future: the scenario completes it itself, and gives it on as a value.",
        "Future",
        family="a future",
    ),
    "ThreadPoolExecutor": Entry(
        ThreadPool,
        "concurrent.futures.ThreadPoolExecutor(max_workers=None, thread_name_prefix='', initializer=None)",
        {"ThreadPoolExecutor": {"max_workers": 5, "initializer": "setup", "thread_name_prefix": "io"}},
        (*_WORKERS, Argument("thread_name_prefix", "template")),
        family="a pool",
    ),
    "ProcessPoolExecutor": Entry(
        ProcessPool,
        "concurrent.futures.ProcessPoolExecutor: its routines may use their arguments and params only.",
        {"ProcessPoolExecutor": 2},
        _WORKERS,
        family="a pool",
    ),
}

ARGUMENTS: Mapping[str, tuple[str, object]] = {
    "value": ("How many may hold it at once.", 3),
    "lock": ("A Lock or RLock of this file to share.", "lock"),
    "parties": ("How many threads meet.", 3),
    "action": ("A routine that the last to arrive runs.", "tick"),
    "timeout": ("Seconds that a party waits by default.", 5),
    "maxsize": ("How many items it holds; 0: any number.", 5),
    "max_workers": ("How many workers it has at most.", 5),
    "initializer": ("A routine that each worker runs first.", "setup"),
    "thread_name_prefix": ("What its workers' names begin with.", "io"),
}
"""What editors say of a constructor's arguments: a description and an example."""

LOCKS = ("Lock", "RLock")
SEMAPHORES = ("Semaphore", "BoundedSemaphore")
QUEUES = ("Queue", "LifoQueue", "PriorityQueue")
POOLS = ("ThreadPoolExecutor", "ProcessPoolExecutor")
THREAD = "thread"
TIMER = "timer"

_OF_THREADS = {"is_alive": Ask(), **dict.fromkeys(("name", "daemon", "alive", "blocked"), Ask(is_call=False))}
ASKS: Mapping[str, Mapping[str, Ask]] = {
    **{name: kind.asks for name, kind in KINDS.items()}, THREAD: _OF_THREADS, TIMER: _OF_THREADS,
}  # fmt: skip
"""What an expression may ask of a primitive of this kind, of a thread, of a timer."""
