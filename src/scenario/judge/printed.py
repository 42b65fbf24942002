"""Claims over what was printed and marked: `output` and `order`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import combinations, zip_longest

from scenario.program.claims import Claims, Output, Words, places
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
    """Each at the text that it is about, where the file has one: what stands at one place is told once."""
    output = claims.output
    if output is None:
        return
    yield from _exact(output, printed)
    yield from _unordered(output, printed)
    yield from _substrings(output, printed)


def _exact(output: Output, printed: Sequence[str]) -> Iterator[Failure]:
    """The first line that differs: the others follow from it more often than not."""
    if output.lines is None:
        return
    for number, (expected, line) in enumerate(zip_longest(output.lines, printed), start=1):
        if expected != line:
            yield Failure(WrongLine(number, line, expected), output.span)
            return


def _unordered(output: Output, printed: Sequence[str]) -> Iterator[Failure]:
    if output.unordered is None:
        return
    expected, seen = Counter(words.text for words in output.unordered), Counter(printed)
    if expected == seen:
        return
    stands = places(output.unordered)
    for line, times in (expected - seen).items():
        yield Failure(LinesOff(line, times, "lacks"), stands[line])
    for line, times in (seen - expected).items():
        yield Failure(LinesOff(line, times, "has"), output.span)


def _substrings(output: Output, printed: Sequence[str]) -> Iterator[Failure]:
    for words in output.contains:
        if not any(words.text in line for line in printed):
            yield Failure(TextAbsent(words.text), words.span)
    for words in output.absent:
        line = next((line for line in printed if words.text in line), None)
        if line is not None:
            yield Failure(TextPresent(words.text, line), words.span)


def order_failures(claims: Claims, outcome: Outcome) -> Iterator[Failure]:
    """Every occurrence of the earlier precedes every one of the later; each occurs if the execution finished."""
    for chain in claims.order:
        yield from _chain(chain, outcome)


def _chain(chain: Sequence[Words], outcome: Outcome) -> Iterator[Failure]:
    """Each at the mark that is missing, or that came too early."""
    marks = outcome.marks
    if outcome.end == "finished":
        yield from (Failure(NeverMarked(text), at) for text, at in places(chain).items() if text not in marks)
    for earlier, later in combinations(chain, 2):
        if earlier.text not in marks or later.text not in marks:
            continue
        last = len(marks) - 1 - marks[::-1].index(earlier.text)
        first = marks.index(later.text)
        if first < last:
            yield Failure(OutOfOrder(later.text, earlier.text, marks), later.span)
