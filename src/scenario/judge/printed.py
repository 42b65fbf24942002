"""Claims over what was printed and marked: `output` and `order`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import combinations, zip_longest

from scenario.program.claims import Claims, Output
from scenario.results.failures import (
    Failure,
    LinesOff,
    NeverMarked,
    OutOfOrder,
    TextAbsent,
    TextPresent,
    WrongLine,
)
from scenario.results.outcome import Outcome


def output_failures(claims: Claims, printed: Sequence[str]) -> Iterator[Failure]:
    output = claims.output
    if output is None:
        return
    for fact in (*_exact(output, printed), *_unordered(output, printed), *_substrings(output, printed)):
        yield Failure(fact, output.span)


def _exact(output: Output, printed: Sequence[str]) -> Iterator[WrongLine]:
    """The first line that differs: the others follow from it more often than not."""
    for number, (expected, line) in enumerate(zip_longest(output.lines or (), printed), start=1):
        if output.lines is not None and expected != line:
            yield WrongLine(number, line, expected)
            return


def _unordered(output: Output, printed: Sequence[str]) -> Iterator[LinesOff]:
    if output.unordered is None:
        return
    expected, seen = Counter(output.unordered), Counter(printed)
    for line, times in (expected - seen).items():
        yield LinesOff(line, times, "lacks")
    for line, times in (seen - expected).items():
        yield LinesOff(line, times, "has")


def _substrings(output: Output, printed: Sequence[str]) -> Iterator[TextAbsent | TextPresent]:
    for text in output.contains:
        if not any(text in line for line in printed):
            yield TextAbsent(text)
    for text in output.absent:
        line = next((line for line in printed if text in line), None)
        if line is not None:
            yield TextPresent(text, line)


def order_failures(claims: Claims, outcome: Outcome) -> Iterator[Failure]:
    """Every occurrence of the earlier precedes every one of the later; each occurs if the execution finished."""
    for chain in claims.order:
        for fact in _chain(chain, outcome):
            yield Failure(fact, claims.order_at)


def _chain(chain: Sequence[str], outcome: Outcome) -> Iterator[NeverMarked | OutOfOrder]:
    marks = outcome.marks
    if outcome.end == "finished":
        yield from (NeverMarked(mark) for mark in dict.fromkeys(chain) if mark not in marks)
    for earlier, later in combinations(chain, 2):
        if earlier not in marks or later not in marks:
            continue
        last = len(marks) - 1 - marks[::-1].index(earlier)
        first = marks.index(later)
        if first < last:
            yield OutOfOrder(later, earlier, marks)
