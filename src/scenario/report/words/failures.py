"""What did not hold, in a sentence."""

from __future__ import annotations

from collections.abc import Iterable
from typing import assert_never

from scenario.legible import legible
from scenario.report.words.waits import who_waits
from scenario.results import failures as facts
from scenario.results.failures import Error, Fact, Failure, Operand
from scenario.results.waiting import Blocked, Busy

MANY = 4
"""Threads of a kind that a sentence names."""


def message(failure: Failure) -> str:
    """One line: what is not as it should be."""
    return legible(words(failure.fact, failure.thread))


def headline(failure: Failure) -> str:
    """Its kind before that: `final: counter == 2 is false`."""
    return f"{failure.kind}: {message(failure)}"


def words(fact: Fact, thread: str | None = None) -> str:
    """What a message says; `thread` is the one that the failure is of."""
    match fact:
        case facts.Deadlock() | facts.NoDeadlock():
            return _deadlock(fact)
        case facts.Livelock() | facts.NoLivelock():
            return _livelock(fact)
        case facts.TimedOut(seconds, blocked, busy):
            return f"not over after {seconds:g} s{_standing(blocked, busy)}"
        case facts.Elapsed(took, side, bound):
            return f"took {took:.6g} s, expected {side} {bound:g} s"
        case facts.EndedWith(error, expected):
            return f"{thread} ended with {exception(error)}{f', expected {_or(expected)}' if expected else ''}"
        case facts.EndedWell(expected):
            return f"{thread} ended well, expected {_or(expected)}"
        case facts.NoRoom(error, started):
            return f"{thread} ended with {exception(error)} (the system had room for {started})"
        case facts.ProcessEnded(by, how):
            return f"the scenario's own code ended the process of the run: {by} {how}"
        case facts.AssertFalse(test, own):
            return f"`{test}` is false" if own is None else own
        case facts.NotRaised(expected_, instead):
            return f"{expected_} was expected, and {'nothing' if instead is None else exception(instead)} was raised"
        case facts.AlwaysFalse():
            return _always(fact)
        case facts.NeverTrue(kind, text, raised):
            where = "at the end" if kind == "sometimes" else "in every state"
            return f"`{text}` is false {where} of every interleaving{because_it_raised(raised)}"
        case facts.NotShown(kind):
            return f"expected to find a failure of kind `{kind}`, but none exists"
        case facts.FinalFalse() | facts.Forbidden() | facts.Unlabelled():
            return _claim(fact)
        case facts.WrongLine() | facts.LinesOff() | facts.TextAbsent() | facts.TextPresent():
            return _output(fact)
        case facts.NeverMarked(mark):
            return f"mark {mark!r} never occurred"
        case facts.OutOfOrder(later, earlier, marks):
            return f"mark {later!r} occurred before {earlier!r}, order: {' → '.join(marks)}"
        case _:
            assert_never(fact)


def _deadlock(fact: facts.Deadlock | facts.NoDeadlock) -> str:
    match fact:
        case facts.Deadlock(blocked, expected, found):
            said = _waiting(blocked) if blocked else "some thread can never move again"
            return said if expected is None else f"{said} (stuck: {_listed(found)}; expected: {_listed(expected)})"
        case facts.NoDeadlock("this"):
            return "expected a deadlock, but every thread ended"
        case facts.NoDeadlock("every"):
            return "expected a deadlock, and it never deadlocks"
        case facts.NoDeadlock():
            return "expected a deadlock to be possible, but no interleaving deadlocks"
        case _:
            assert_never(fact)


def _livelock(fact: facts.Livelock | facts.NoLivelock) -> str:
    match fact:
        case facts.Livelock(threads, starving):
            said = ": ".join(filter(None, ("an execution goes on for ever", ", ".join(threads))))
            return "; ".join(filter(None, (said, _starving(starving))))
        case facts.NoLivelock():
            return "expected a livelock to be possible, but no interleaving goes on for ever"
        case _:
            assert_never(fact)


def _starving(threads: tuple[str, ...]) -> str:
    match threads:
        case ():
            return ""
        case (one,):
            return f"{one} starves: whenever it could go on, another is faster"
        case _:
            return f"{', '.join(threads)} starve: whenever they could go on, others are faster"


def _always(fact: facts.AlwaysFalse) -> str:
    if fact.where == "state":
        return f"`{fact.text}` is false in a state"
    problem = "is false" if fact.raised is None else f"raises {fact.raised.name}: {fact.raised.message}"
    when = "at the start" if fact.where == "start" else f"after the step at line {fact.where}"
    return f"`{fact.text}` {problem} {when}"


def _claim(fact: facts.FinalFalse | facts.Forbidden | facts.Unlabelled) -> str:
    match fact:
        case facts.FinalFalse(text, operands, raised):
            problem = "is false" if raised is None else f"raised {exception(raised)}, so it does not hold"
            return f"`{text}` {problem}{_operands(operands)}"
        case facts.Forbidden(when, because, operands):
            return f"forbidden outcome `{when}`{f', because {because}' if because else ''}{_operands(operands)}"
        case facts.Unlabelled(observed, raised_):
            values = ", ".join(f"{one.text} = {one.value}" for one in observed)
            rows = [f"`{one.text}` raised {one.raised}" for one in raised_]
            return "; ".join([f"no row of `outcomes` describes this outcome: {values}", *rows])
        case _:
            assert_never(fact)


def _output(fact: facts.WrongLine | facts.LinesOff | facts.TextAbsent | facts.TextPresent) -> str:
    match fact:
        case facts.WrongLine(number, line, None):
            return f"line {number} of the output is {line!r}, where nothing more was expected"
        case facts.WrongLine(number, None, expected):
            return f"the output ends before line {number}, expected {expected!r}"
        case facts.WrongLine(number, line, expected):
            return f"line {number} of the output is {line!r}, expected {expected!r}"
        case facts.LinesOff(line, times, how):
            often = f" ({times} times)" if times > 1 else ""
            return f"the output {how} {line!r}{often}{', which was not expected' if how == 'has' else ''}"
        case facts.TextAbsent(text):
            return f"no line of the output contains {text!r}"
        case facts.TextPresent(text, line):
            return f"the output has {line!r}, and no line may contain {text!r}"
        case _:
            assert_never(fact)


def because_it_raised(error: Error | None) -> str:
    """Of what was not seen; where there were several, it may have been false in others by its value."""
    return "" if error is None else f"; it raised {exception(error)}, and so does not hold there"


def exception(error: Error) -> str:
    """As the last line of a traceback has it."""
    return f"{error.name}: {error.message}".removesuffix(": ")


def _operands(operands: Iterable[Operand]) -> str:
    said = ", ".join(f"{one.text} is {f'{one.raised} (raised)' if one.raised else one.value}" for one in operands)
    return f": {said}" if said else ""


def _waiting(blocked: tuple[Blocked, ...]) -> str:
    more = len(blocked) - MANY
    return who_waits(blocked[:MANY]) + (f", and {more} more wait" if more > 0 else "")


def _standing(blocked: tuple[Blocked, ...], busy: tuple[Busy, ...]) -> str:
    """Who waits for what, and where the others are."""
    waits = f"; {_waiting(blocked)}" if blocked else ""
    places = "".join(f"; {one.thread} is at line {one.span.line}" for one in busy[:MANY])
    return f"{waits}{places}{f'; and {len(busy) - MANY} more' if len(busy) > MANY else ''}"


def _listed(threads: frozenset[str]) -> str:
    return ", ".join(sorted(threads)) or "none"


def _or(names: tuple[str, ...]) -> str:
    return " or ".join(names)
