"""The lines that a page shows, one after the other under one count: the scenario's file, then what of the user's own code is gone through."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import PurePath

from scenario.record import record

WHOLE = 1_000
"""Lines of a file that is shown as a whole; of a longer one those around what is done."""
AROUND = 30


@record
class Part:
    """Lines of one file in a row, from its `first` on."""

    name: str
    first: int
    count: int


class Printed:
    """`code`: texts by path; `used`: file and line of what is done, the scenario's own file is ""."""

    def __init__(self, source: Sequence[str], code: Mapping[str, str], used: Iterable[tuple[str, int]]) -> None:
        self.lines: list[str] = []
        self.parts: list[Part] = []
        self._numbers: dict[tuple[str, int], int] = {}
        lines = list(used)
        if source:
            self._add("", "", source, 1)
        for file, text in code.items():
            every = text.splitlines()
            for first, last in _stretches(len(every), {line for at, line in lines if at == file}):
                self._add(file, _name(file, code), every[first - 1 : last], first)

    def _add(self, file: str, name: str, lines: Sequence[str], first: int) -> None:
        for place, line in enumerate(lines):
            self._numbers[file, first + place] = len(self.lines) + 1
            self.lines.append(line)
        self.parts.append(Part(name, first, len(lines)))

    def number(self, file: str, line: int) -> int:
        """Under which number a line is shown; 0: it is not. Nothing stands in a scenario's first line but its name."""
        return 0 if line == 1 and not file else self._numbers.get((file, line), 0)


def _stretches(count: int, used: set[int]) -> Iterator[tuple[int, int]]:
    """The first and the last line of each."""
    if count <= WHOLE:
        yield from [(1, count)] if count else []
        return
    begin = end = 0
    for line in sorted(used):
        if end and line - AROUND > end + 1:
            yield begin, end
            end = 0
        begin = begin if end else max(line - AROUND, 1)
        end = min(line + AROUND, count)
    if end:
        yield begin, end


def _name(file: str, code: Mapping[str, str]) -> str:
    """Its last part, if no other has the same."""
    name = PurePath(file).name
    return name if sum(PurePath(each).name == name for each in code) == 1 else file
