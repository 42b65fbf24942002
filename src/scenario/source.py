"""Where things stand in a file: spans, and the text they point into."""

from __future__ import annotations

import re
from dataclasses import dataclass

from scenario.record import record

_BREAK = re.compile(r"\r\n|\n|\r")


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A stretch of a file. Lines and columns count from 1; the end is exclusive."""

    line: int
    column: int
    end_line: int
    end_column: int


START = Span(1, 1, 1, 1)


@record
class Source:
    """A scenario file's text under the path that the user typed."""

    path: str
    text: str

    def line(self, number: int) -> str:
        """The text of one line (from 1) without its line break; empty past the end."""
        # not str.splitlines: editors do not break lines at form feeds and the like
        lines = _BREAK.split(self.text)
        return lines[number - 1] if 0 < number <= len(lines) else ""
