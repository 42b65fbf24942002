"""What each kind of primitive can do: its verbs, its read-only state, and Python's methods for both."""

from __future__ import annotations

from scenario.language.primitives import KINDS, Kind
from scenario.language.verbs import VERBS

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
    ("wait", "Future"): "result", ("join", "Future"): "result", ("get", "Future"): "result", ("set", "Future"): "set_result",
    ("wait_for", "Future"): "result", ("put", "Future"): "set_result",
    ("start", "ProcessPoolExecutor"): "submit", ("start", "Event"): "set",
}  # fmt: skip
"""The verb that was probably meant, where a wrong one was used."""

OF_GROUPS = ("alive", "blocked")
OF_FUTURES = ("done", "running", "cancelled", "exception")

STEP_FOR_METHOD: dict[str, str] = {
    **{name: f"{name}: {{ref}}" for name, verb in VERBS.items() if verb.on},
    "notifyAll": "notify_all: {ref}",
    "put_nowait": "{{put: {ref}, item: …, block: false}}",
    "get_nowait": "{{get: {ref}, block: false}}",
    "__enter__": "with: {ref}",
    "submit": "submit: routine, with `to: {ref}`",
    "map": "map: routine, with `to: {ref}`",
    "put": "{{put: {ref}, item: …}}",
    "wait_for": "{{wait_for: {ref}, until: …}}",
    "run": "start: {ref}",
    "result": "{{result: {ref}, into: …}}",
    "set_result": "{{set_result: {ref}, value: …}}",
    "set_exception": "{{set_exception: {ref}, error: …}}",
    "set_running_or_notify_cancel": "{{set_running_or_notify_cancel: {ref}, into: …}}",
    "add_done_callback": "{{add_done_callback: {ref}, run: …}}",
}
"""Method of a primitive -> the step that does it."""


def families(verb: str) -> str:
    """What a verb takes: `a lock, a semaphore, a condition or a pool`."""
    named = (KINDS[kind].family if kind in KINDS else "" for kind in VERBS[verb].on)
    *others, last = dict.fromkeys(
        family or article(kind.lower()) for family, kind in zip(named, VERBS[verb].on, strict=True)
    )
    return f"{', '.join(others)} or {last}" if others else last


def verbs_of(kind: str) -> list[str]:
    """The verbs that go with a kind, in the order of LANGUAGE.md."""
    return [name for name, verb in VERBS.items() if kind in verb.on]


def name_of(kind: Kind) -> str:
    """As the file has it, which is Python's class."""
    return next(name for name, entry in KINDS.items() if entry.kind is type(kind))


def article(kind: str) -> str:
    """`a Lock`, `an Event`; `RLock` is spoken `are-lock`."""
    return f"an {kind}" if kind[0] in "AEIOaeio" or kind == "RLock" else f"a {kind}"


METHODS = frozenset(name for owner in (list, dict, set, str) for name in dir(owner) if not name.startswith("_")) - {
    "format",
    "format_map",
}
"""The methods of list, dict, set and str that neither format nor reach attributes."""
