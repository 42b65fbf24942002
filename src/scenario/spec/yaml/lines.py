"""YAML's marks -> spans whose lines end where editors end them."""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import Any

from scenario.source import Span

_BREAK = r"\r\n|\n|\r"
_ODD_BREAKS = re.compile("[\r\ufeff]")  # where YAML 1.1 and editors may count differently


class Lines:
    """The lines of one text."""

    __slots__ = ("_odd", "_starts", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        self._odd = _ODD_BREAKS.search(text) is not None
        self._starts: list[int] | None = None

    def span(self, start: Any, end: Any) -> Span:
        """From mark to mark."""
        if self._odd:
            return self.between(start.index, end.index)
        return Span(start.line + 1, start.column + 1, end.line + 1, end.column + 1)

    def trimmed(self, start: Any, end: Any) -> Span:
        """From mark to mark, without the blanks and comments that YAML counts to the end of a block."""
        if end.line == start.line and not self._odd:
            return self.span(start, end)
        content = self.text[start.index : end.index].rstrip()
        while (line := content.rfind("\n")) >= 0 and content[line:].lstrip().startswith("#"):
            content = content[:line].rstrip()
        return self.between(start.index, start.index + len(content))

    def between(self, start: int, end: int) -> Span:
        """From offset to offset."""
        return Span(*self.position(start), *self.position(max(start, end)))

    def at(self, span: Span) -> str:
        """The character that a span begins with; empty at the end."""
        start, end = self.position(0), (span.line, span.column)
        if start > end or self._starts is None or span.line > len(self._starts):
            return ""
        offset = self._starts[span.line - 1] + span.column - 1
        return self.text[offset : offset + 1]

    def position(self, offset: int) -> tuple[int, int]:
        """Line and column of an offset."""
        if self._starts is None:
            self._starts = [0, *(found.end() for found in re.finditer(_BREAK, self.text))]
        line = bisect_right(self._starts, offset)
        return line, offset - self._starts[line - 1] + 1
