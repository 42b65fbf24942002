"""Claims over what was printed and marked: `output` and `order`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import combinations, zip_longest

from scenario.program.claims import Claims, Output
from scenario.results.outcome import Failure, Outcome


def output_failures(claims: Claims, printed: Sequence[str]) -> Iterator[Failure]:
    output = claims.output
    if output is None:
        return
    for message in (*_exact(output, printed), *_unordered(output, printed), *_substrings(output, printed)):
        yield Failure("output", message, output.span)


def _exact(output: Output, printed: Sequence[str]) -> Iterator[str]:
    """The first line that differs: the others follow from it more often than not."""
    for number, (expected, line) in enumerate(zip_longest(output.lines or (), printed), start=1):
        if output.lines is None or expected == line:
            continue
        if expected is None:
            yield f"line {number} of the output is {line!r}, where nothing more was expected"
        elif line is None:
            yield f"the output ends before line {number}, expected {expected!r}"
        else:
            yield f"line {number} of the output is {line!r}, expected {expected!r}"
        return


def _unordered(output: Output, printed: Sequence[str]) -> Iterator[str]:
    if output.unordered is None:
        return
    expected, seen = Counter(output.unordered), Counter(printed)
    for line, times in (expected - seen).items():
        yield f"the output lacks {line!r}{_times(times)}"
    for line, times in (seen - expected).items():
        yield f"the output has {line!r}{_times(times)}, which was not expected"


def _times(times: int) -> str:
    return f" ({times} times)" if times > 1 else ""


def _substrings(output: Output, printed: Sequence[str]) -> Iterator[str]:
    for text in output.contains:
        if not any(text in line for line in printed):
            yield f"no line of the output contains {text!r}"
    for text in output.absent:
        line = next((line for line in printed if text in line), None)
        if line is not None:
            yield f"the output has {line!r}, and no line may contain {text!r}"


def order_failures(claims: Claims, outcome: Outcome) -> Iterator[Failure]:
    """Every occurrence of the earlier precedes every one of the later; each occurs if the execution finished."""
    for chain in claims.order:
        for message in _chain(chain, outcome):
            yield Failure("order", message, claims.order_at)


def _chain(chain: Sequence[str], outcome: Outcome) -> Iterator[str]:
    marks = outcome.marks
    if outcome.end == "finished":
        yield from (f"mark {mark!r} never occurred" for mark in dict.fromkeys(chain) if mark not in marks)
    for earlier, later in combinations(chain, 2):
        if earlier not in marks or later not in marks:
            continue
        last = len(marks) - 1 - marks[::-1].index(earlier)
        first = marks.index(later)
        if first < last:
            yield f"mark {later!r} occurred before {earlier!r}, order: {' → '.join(marks)}"
