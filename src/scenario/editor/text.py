"""A text as editors count it: lines and columns from 0, columns in UTF-16 units; and as files count it."""

from __future__ import annotations

import re
from typing import TypeAlias

from scenario.record import mutable
from scenario.source import Span

Range: TypeAlias = tuple[int, int, int, int]
"""First line and column, last line and column (exclusive), as the protocol of language servers counts them."""

_BREAK = re.compile(r"\r\n|\n|\r")


@mutable
class Lines:
    """The lines of a text, split once."""

    lines: list[str]

    def range(self, span: Span) -> Range:
        """The stretch, as an editor counts it."""
        return (
            span.line - 1,
            self._units(span.line, span.column),
            span.end_line - 1,
            self._units(span.end_line, span.end_column),
        )

    def _units(self, line: int, column: int) -> int:
        text = self.line(line)[: column - 1]
        return len(text.encode("utf-16-le", "surrogatepass")) // 2

    def line(self, number: int) -> str:
        """One line, counted from 1; empty past the end."""
        return self.lines[number - 1] if 0 < number <= len(self.lines) else ""

    def at(self, span: Span) -> str:
        """The text of a stretch of one line; empty where it is longer."""
        return self.line(span.line)[span.column - 1 : span.end_column - 1] if span.line == span.end_line else ""

    def word_in(self, span: Span, word: str) -> Span | None:
        """Where a word stands in a stretch, if it stands there once."""
        if not word:
            return None
        found = [
            Span(number, at.start() + 1, number, at.end() + 1)
            for number in range(span.line, min(span.end_line, span.line + 100) + 1)
            for at in re.finditer(rf"(?<![\w-]){re.escape(word)}(?![\w-])", self.line(number))
            if (span.line, span.column) <= (number, at.start() + 1)
            and (number, at.end() + 1) <= (span.end_line, span.end_column)
        ]
        return found[0] if len(found) == 1 else None


def lines_of(text: str) -> Lines:
    return Lines(_BREAK.split(text))
