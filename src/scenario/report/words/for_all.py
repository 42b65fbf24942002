"""What is said of all values of the params that are left open."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import assert_never

from scenario.legible import legible
from scenario.report.words import undecided
from scenario.results.for_all import ForAll, Outside, Proved, Reason, Refuted

NO_SCHEDULE = "that it fails there is known by a proof alone: the search found no schedule in its time"


def claimed(known: ForAll) -> str:
    """`for all workers ≥ 1 and rounds ≥ 0`, or where it fails: what a verdict stands for."""
    match known.answer:
        case Proved():
            return f"for all {ranges(known.least)}"
        case Refuted(at):
            named = ", ".join(f"{name} = {value:,}" for name, value in at.items())
            return f"for {named}: the least that fails"
        case Outside():
            return f"for all {ranges(known.least)}"
        case _:
            assert_never(known.answer)


def ranges(least: Mapping[str, int]) -> str:
    """`workers ≥ 1 and rounds ≥ 0`."""
    every = [f"{name} ≥ {value}" for name, value in least.items()]
    return " and ".join(filter(None, (", ".join(every[:-1]), every[-1])))


def unsaid(known: ForAll) -> Iterator[str]:
    """Why nothing is known of all values, and what is known instead."""
    if isinstance(known.answer, Outside):
        yield from dict.fromkeys(map(reason, known.answer.reasons))
    if known.searched >= 0:
        yield f"searched one by one, it holds {_up_to(known)}"


def _up_to(known: ForAll) -> str:
    names = " + ".join(known.least)
    return f"as long as {names} ≤ {sum(known.least.values()) + known.searched}"


def reason(one: Reason) -> str:
    """A sentence without a capital: what lies outside of what is proved for all values."""
    line = f"line {one.span.line}: "
    match one.what:
        case "use":
            return f"{line}what depends on a param here is not followed for all its values"
        case "claim":
            return f"{line}this claim is not decided for all values"
        case "step":
            return f"{line}this step is not followed for all values"
        case "invalid":
            return f"{line}for some values the file is not valid: {legible(one.name)}"
        case "settings":
            if one.name:
                return f"with {one.name} nothing is proved for all values"
            return "with a virtual clock, timers, pools, daemons, or threads that are asked for nothing is proved for all values"
        case "endless":
            return f"{line}this may go round for ever: nothing is proved for all values"
        case "deadlock":
            return f"whether a thread waits for ever at {legible(one.name) or 'a queue'} is not decided for all values"
        case "place":
            return f"more is done to {legible(one.name)} than adding, or not by one thread at a time: nothing is proved for all values"
        case "member":
            return f"{line}`{one.name}` tells the threads of a group apart"
        case "life":
            return f"{line}who starts, ends or waits matters here: threads are not merely counted"
        case "object":
            return f"{line}`{one.name}` is a primitive whose users are not merely counted"
        case "rebound":
            return f"{line}`{one.name}` is a container that is also rebound"
        case "end":
            return "some number of threads may end in a way that is not allowed"
        case "state":
            return "some number of threads may come by a failure: none was found"
        case "size":
            return f"threads can not be counted for all values: {'' if one.why is None else undecided.words(one.why)}"
        case _:
            assert_never(one.what)
