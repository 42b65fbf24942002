"""Why nothing can be said of all executions, in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import assert_never

from scenario.report.values import numbered
from scenario.results.result import Verdict
from scenario.results.undecided import (
    BesideOwnCode,
    NeedsClock,
    NotAll,
    NotFollowed,
    OutOfMemory,
    OutOfTime,
    OwnCode,
    TooManyStates,
    TooManyWays,
    Undecided,
)

_AMID: Mapping[str, str] = {
    "": "",
    "step": " in the middle of one step of {thread}: it has too many ways on, or too much work",
    "loop": " in a loop of {thread} (line {line}), which goes round and round without a step",
    "expression": " in the middle of an expression",
    "claim": " in the middle of a claim",
}
_NOT_ALL: Mapping[str, str] = {
    "interrupted": "interrupted",
    "ended early": "the search was ended before its end",
    "sampled": "only sampled: what these walks do not show may be there all the same",
}


_ON_PROCESSES: Mapping[str, str] = {
    "change in a manager": "a container inside of {name} is changed, which on multiprocessing is a copy: that is not explored",
    "operations in atomic": "an operation of a queue, event or condition inside of `atomic` is several steps on multiprocessing: that is not explored",
    "condition's lock of another": "the lock of a condition ({name}) that another process gives back is not explored: who took it counts it as its own still",
    "full pipe": "so much in queue {name} may fill its pipe, and its processes wait for a reader: that is not explored",
    "killed party": "a process that may be killed among the parties of a barrier ({name}) is not explored",
    "deliveries in time": "when a queue of multiprocessing hands over an item is not known to the virtual clock",
    "daemons that end with main": "daemon processes are terminated when main ends, at some moment, while others still run: join those in main",
    "one of several that is held": "asking one of several ({name}) while another process holds one of them, maybe for ever, is not explored",
    "empty at the end": "whether a queue of multiprocessing is empty at the end depends on its feeders: count in a variable",
}


def worded(verdict: Verdict) -> Verdict:
    """With why it is undecided in words, before what a command says."""
    return replace(verdict, reasons=(*map(words, verdict.why), *verdict.reasons)) if verdict.why else verdict


def words(why: Undecided) -> str:
    match why:
        case OutOfTime(amid, thread, line):
            return f"the time was up{_AMID[amid].format(thread=thread, line=line)}"
        case OutOfMemory(most):
            return "more memory than there is for its states" if most is None else f"more than {_size(most)} of memory"
        case TooManyStates(most):
            return f"more than {numbered(most, 'state')}"
        case TooManyWays(most):
            return f"more than {most:,} ways on from one step, by who is picked in which order"
        case NotFollowed():
            return _not_followed(why) + ("" if why.line is None else f" (line {why.line})")
        case BesideOwnCode(what, line):
            return (
                f"{what}{'' if line is None else f' (line {line})'} is not explored together with your own code (`python:`): "
                "`scenario run --times 1000 --stress` runs it under many schedules"
            )
        case OwnCode(said):
            return said
        case NeedsClock(what):
            return f"{'now()' if what == 'now' else what} needs the virtual clock (--clock virtual)"
        case NotAll(how):
            return _NOT_ALL[how]
        case _:
            assert_never(why)


def _size(size: float) -> str:
    return f"{size / 2**30:.1f} GiB" if size >= 2**30 else f"{size / 2**20:.0f} MiB"


def _not_followed(why: NotFollowed) -> str:
    match why.what:
        case "process pool":
            return "a process pool is not explored: `scenario run` runs it"
        case "interrupts in time":
            return "an interrupt may come at any moment of a sleep, which the virtual clock passes over"
        case "own code":
            return (
                "your own code (`python:`) is not searched state by state: "
                "`scenario explore` executes it under one schedule after the other, and `--html` steps through one that fails"
            )
        case "changing message":
            return "an assert whose message changes something is not explored"
        case "containers in themselves":
            return "which containers that hold themselves are one object, which decides what they are equal to, is not explored here"
        case "nested so deep":
            return "containers that are nested so deep are not explored"
        case "text of a future":
            return "the text of a future, which tells its state and where it lies in memory, is not explored"
        case "same NaN":
            return "whether two NaN are one object is not explored"
        case "same exception":
            return "whether two exceptions with the same text are one object is not explored"
        case "kept value":
            return f"a {why.name} that is kept from one step to the next is not explored"
        case "future of a pool":
            return (
                "a pool's future that somebody else completes ends the worker which runs its call: that is not explored"
            )
        case "callbacks of a pool that ends":
            return "callbacks of calls that a pool throws away run in the middle of its shutdown: that is not explored"
        case "callback that ends a worker":
            return f"a callback ends {why.name}, a pool's worker, with an exception that is no Exception: that is not explored"
        case "key in another's place":
            return "a key that comes in the place of another while a loop goes through the dict is not explored: where it stands then, its memory decides"
        case (
            "change in a manager" | "operations in atomic" | "condition's lock of another" | "full pipe" | "killed party" | "deliveries in time"
            | "daemons that end with main" | "one of several that is held" | "empty at the end"
        ):  # fmt: skip
            return _ON_PROCESSES[why.what].format(name=why.name)
        case "odds of tasks":
            return "odds are not counted, and no samples taken, on asyncio"
        case _:
            assert_never(why.what)
