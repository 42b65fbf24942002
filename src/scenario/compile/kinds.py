"""What each kind of primitive can do: its verbs, its read-only state, and Python's methods for both."""

from __future__ import annotations

LOCKS = ("Lock", "RLock")
SEMAPHORES = ("Semaphore", "BoundedSemaphore")
QUEUES = ("Queue", "LifoQueue", "PriorityQueue")
POOLS = ("ThreadPoolExecutor", "ProcessPoolExecutor")
THREAD = "thread"
TIMER = "timer"

VERBS: dict[str, tuple[str, ...]] = {
    "acquire": (*LOCKS, *SEMAPHORES, "Condition"),
    "release": (*LOCKS, *SEMAPHORES, "Condition"),
    "with": (*LOCKS, *SEMAPHORES, "Condition", *POOLS),
    "wait": ("Event", "Condition", "Barrier"),
    "wait_for": ("Condition",),
    "notify": ("Condition",),
    "notify_all": ("Condition",),
    "set": ("Event",),
    "clear": ("Event",),
    "abort": ("Barrier",),
    "reset": ("Barrier",),
    "put": (*QUEUES, "SimpleQueue"),
    "get": (*QUEUES, "SimpleQueue"),
    "task_done": QUEUES,
    "join": (*QUEUES, THREAD, TIMER),
    "start": (THREAD, TIMER),
    "cancel": (TIMER,),
    "shutdown": (*QUEUES, *POOLS),
    "submit": POOLS,
    "map": POOLS,
}
"""Verb -> the kinds that it goes with."""

MEANT: dict[tuple[str, str], str] = {
    ("acquire", "Event"): "wait", ("acquire", "Barrier"): "wait",
    ("wait", "Lock"): "acquire", ("wait", "RLock"): "acquire", ("wait", "Semaphore"): "acquire",
    ("wait", "BoundedSemaphore"): "acquire", ("wait", "thread"): "join", ("wait", "timer"): "join",
    ("wait", "Queue"): "join", ("wait", "LifoQueue"): "join", ("wait", "PriorityQueue"): "join",
    ("wait", "SimpleQueue"): "get", ("notify", "Event"): "set", ("notify_all", "Event"): "set",
    ("set", "Condition"): "notify_all", ("notify", "Semaphore"): "release", ("release", "Event"): "set",
    ("notify", "BoundedSemaphore"): "release", ("set", "Semaphore"): "release", ("set", "Barrier"): "wait",
    ("put", "Semaphore"): "release", ("get", "Semaphore"): "acquire", ("wait_for", "Event"): "wait",
    ("clear", "Barrier"): "reset", ("reset", "Event"): "clear", ("abort", "Event"): "set",
    ("join", "Event"): "wait", ("join", "Barrier"): "wait", ("join", "ThreadPoolExecutor"): "shutdown",
    ("join", "ProcessPoolExecutor"): "shutdown", ("start", "ThreadPoolExecutor"): "submit",
    ("start", "ProcessPoolExecutor"): "submit", ("start", "Event"): "set",
}  # fmt: skip
"""The verb that was probably meant, where a wrong one was used."""

_OF_QUEUES = {"qsize": True, "empty": True, "full": True, "unfinished_tasks": False, "is_shutdown": False}
_OF_THREADS = {"is_alive": True, "name": False, "daemon": False, "alive": False, "blocked": False}

STATE: dict[str, dict[str, bool]] = {
    "Lock": {"locked": True},
    "RLock": {},
    "Semaphore": {"value": False},
    "BoundedSemaphore": {"value": False},
    "Event": {"is_set": True},
    "Condition": {},
    "Barrier": {"n_waiting": False, "parties": False, "broken": False},
    "Queue": _OF_QUEUES,
    "LifoQueue": _OF_QUEUES,
    "PriorityQueue": _OF_QUEUES,
    "SimpleQueue": {"qsize": True, "empty": True},
    "ThreadPoolExecutor": {},
    "ProcessPoolExecutor": {},
    THREAD: _OF_THREADS,
    TIMER: _OF_THREADS,
}
"""Kind -> what an expression may ask of it; whether it is asked by a call."""

OF_GROUPS = ("alive", "blocked")
OF_FUTURES = ("done", "running", "cancelled", "exception")

STEP_FOR_METHOD: dict[str, str] = {
    **{verb: f"{verb}: {{ref}}" for verb in VERBS},
    "notifyAll": "notify_all: {ref}",
    "put_nowait": "{{put: {ref}, item: …, block: false}}",
    "get_nowait": "{{get: {ref}, block: false}}",
    "__enter__": "with: {ref}",
    "submit": "submit: routine, with `to: {ref}`",
    "map": "map: routine, with `to: {ref}`",
    "put": "{{put: {ref}, item: …}}",
    "wait_for": "{{wait_for: {ref}, until: …}}",
    "run": "start: {ref}",
}
"""Method of a primitive -> the step that does it."""


_FAMILIES = {
    **dict.fromkeys(LOCKS, "a lock"),
    **dict.fromkeys(SEMAPHORES, "a semaphore"),
    **dict.fromkeys((*QUEUES, "SimpleQueue"), "a queue"),
    **dict.fromkeys(POOLS, "a pool"),
}


def families(verb: str) -> str:
    """What a verb takes: `a lock, a semaphore, a condition or a pool`."""
    *others, last = dict.fromkeys(_FAMILIES.get(kind) or article(kind.lower()) for kind in VERBS[verb])
    return f"{', '.join(others)} or {last}" if others else last


def verbs_of(kind: str) -> list[str]:
    """The verbs that go with a kind, in the order of LANGUAGE.md."""
    return [verb for verb, kinds in VERBS.items() if kind in kinds]


def article(kind: str) -> str:
    """`a Lock`, `an Event`; `RLock` is spoken `are-lock`."""
    return f"an {kind}" if kind[0] in "AEIOaeio" or kind == "RLock" else f"a {kind}"


METHODS = frozenset(name for owner in (list, dict, set, str) for name in dir(owner) if not name.startswith("_")) - {
    "format",
    "format_map",
}
"""The methods of list, dict, set and str that neither format nor reach attributes."""
