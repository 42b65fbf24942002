"""The steps of a schedule in words: what was done, to what, with which values."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from typing import assert_never

from scenario.legible import legible
from scenario.record import record
from scenario.report.values import short
from scenario.report.words.failures import words as failed
from scenario.results.outcome import ExceptionView
from scenario.results.schedule import NOTHING, Deed, Move
from scenario.source import START


@record
class Row:
    """A line of a schedule: what one thread did on one line of the file; `file`: of own code's, if it is there."""

    thread: str
    line: int
    text: str
    file: str = ""


_QUEUING = {"wait": "releases and waits", "wait barrier": "arrives"}
_GOING_ON = {
    "wait": "takes the lock back", "wait barrier": "leaves", "shutdown pool": "all calls are done",
}  # fmt: skip
_NOTHING = {
    "notify": "nobody waits", "notify_all": "nobody waits", "start": "has been started", "join": "has not been started",
}  # fmt: skip


def rows(move: Move) -> list[Row]:
    """One for each line on which something was done: the first is that of the step itself."""
    found = [Row(thread, line, legible(text), file) for thread, line, text, file in _lines(move)]
    return found or [Row(move.thread, move.span.line, _went(move))]


def in_words(move: Move) -> str:
    """The whole step on one line."""
    return "; ".join(row.text for row in rows(move))


def _lines(move: Move) -> Iterator[tuple[str, int, str, str]]:
    prefix = "atomic: " if move.atomic else ""
    for number, ((thread, line, _, file), deeds) in enumerate(groupby(move.deeds, _place)):
        text = _joined(deeds)
        if number == 0 and (how := _went(move)):
            text = f"{text} {how}"
        yield thread or move.thread, line, prefix + text, file
        prefix = ""


def _place(deed: Deed) -> tuple[str, int, bool, str]:
    """What stands on one line; the end of a thread has its own."""
    return deed.thread, deed.span.line, deed.operation == "end", deed.file


def _went(move: Move) -> str:
    """How it went, where the words of what was done do not say it."""
    if any(deed.operation == "raise" for deed in move.deeds):
        return ""
    how = _way(move)
    return f"({how})" if how else ""


def _way(move: Move) -> str:
    match move.way:
        case "timeout":
            return "times out"
        case "spurious":
            return "wakes spuriously"
        case "fails":
            return "fails"
        case "queues":
            return _QUEUING.get(move.operation, "queues up")
        case "ok" if move.woken:
            return f"wakes {', '.join(move.woken)}"
        case "ok" if move.raises:
            return f"raises {move.raises}"
        case "ok":
            return _part(move)
        case _:
            assert_never(move.way)


def _part(move: Move) -> str:
    match move.part:
        case "second":
            return _GOING_ON.get(move.operation, "goes on")
        case "nothing":
            return _NOTHING.get(move.operation, "nothing to do")
        case "takes off":
            return "takes a call off the queue"
        case "throws away":
            return "throws that call away"
        case "kept":
            return "an idle worker had the wake-up in hand"
        case "whole" | "first":
            return ""
        case _:
            assert_never(move.part)


def _joined(deeds: Iterator[Deed]) -> str:
    """An exception goes with what raised it; that of another step on the same line is a deed of its own."""
    text, before = "", START
    for deed in _once(deeds):
        said = words(deed)
        if deed.operation == "write" and said == text:
            continue  # the statement of a task's step is what it writes
        between = "" if not text else " " if deed.operation == "raise" and deed.span == before else ", "
        text, before = f"{text}{between}{said}", deed.span
    return text


def _once(deeds: Iterable[Deed]) -> Iterator[Deed]:
    """A check that fails again in the next round of local work is told once."""
    before: Deed | None = None
    for deed in deeds:
        if deed.check is None or deed != before:
            yield deed
        before = deed


def words(deed: Deed) -> str:
    """`put q 2`, `get q -> 2`, `x = 1`, `raises IndexError: pop from empty list`."""
    given = deed.value is not NOTHING
    value = short(deed.value) if given else ""
    match deed.operation:
        case "write":
            return f"{deed.object} = {value}" if given else f"write {deed.object}"
        case "choose":
            return f"choose {deed.object} = {value}"
        case "delete":
            return f"del {deed.object}"
        case "next":
            return f"next of {deed.object} -> {value}" if given else f"end of {deed.object}"
        case "call":
            return f"{deed.object} -> {value}" if given else deed.object
        case "put" | "notify" | "release" | "set_result":
            return f"{deed.operation} {deed.object} {value}".rstrip()
        case "submit":
            return f"submit {_call(deed)} to {deed.object}"
        case "take":
            return f"take the call of {_call(deed)}"
        case "drop":
            return f"drop the cancelled call of {_call(deed)}"
        case "idle":
            return "be idle"
        case "finish":
            return f"finish the call -> {value}"
        case "fail":
            return f"finish the call, which raised {_raised(deed.value)}"
        case "set_exception":
            return f"set_exception {deed.object} {deed.value}"
        case "break":
            return "break the pool"
        case "await":
            return f"await holds{_read(deed.value)}"
        case "print" | "mark":
            return f"{deed.operation} {deed.value}"
        case "sleep":
            return "wake up"
        case "time":
            return f"after the time of {deed.object} was over"
        case "chosen":
            return f"where {value} was chosen"
        case "gap":
            return "go on"
        case "interrupt":
            return f"interrupted by {deed.object}"
        case "assert" | "raises" if deed.check is not None:
            what = "assert fails" if deed.operation == "assert" else "not raised as expected"
            return f"{what}: {failed(deed.check)}"
        case "raise":
            return f"raises {_exception(deed)}"
        case "end":
            return f"ends with {deed.error}" if deed.error else "end"
        case _:  # a verb of the language, on its object
            text = f"{deed.operation} {deed.object}".rstrip()
            return f"{text} -> {value}" if given else text


def _call(deed: Deed) -> str:
    args = deed.value if isinstance(deed.value, list) else []
    return f"{deed.routine}({', '.join(map(short, args))})"


def _read(value: object) -> str:
    """What an `await` has looked at."""
    if not isinstance(value, Mapping) or not value:
        return ""
    return f": {', '.join(f'{name} = {short(one)}' for name, one in value.items())}"


def _raised(value: object) -> str:
    return f"{value.name}: {value}" if isinstance(value, ExceptionView) and value.message else short(value)


def _exception(deed: Deed) -> str:
    return f"{deed.error}: {deed.message}" if deed.message else deed.error
