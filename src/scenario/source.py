"""Where things stand in a file: spans, and the text they point into."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from scenario.record import record

_BREAK = r"\r\n|\n|\r"


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A stretch of a file. Lines and columns count from 1; the end is exclusive."""

    line: int
    column: int
    end_line: int
    end_column: int


START = Span(1, 1, 1, 1)


@lru_cache(maxsize=4)
def _lines(text: str) -> Sequence[str]:
    """Not `str.splitlines`: editors do not break lines at form feeds and the like."""
    return re.split(_BREAK, text)


@record
class Source:
    """A scenario file's text under the path that the user typed."""

    path: str
    text: str

    def line(self, number: int) -> str:
        """The text of one line (from 1) without its line break; empty past the end."""
        lines = _lines(self.text)
        return lines[number - 1] if 0 < number <= len(lines) else ""
