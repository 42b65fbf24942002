"""A place in a file as people like to read it: the arrow, the line in its gutter, carets below."""

from __future__ import annotations

import unicodedata

from scenario.report.style import Style
from scenario.source import Source, Span

WIDTH = 200
"""Characters of a line that are shown; a longer one is cut around the place."""


def excerpt(file: str, source: Source | None, span: Span, style: Style) -> list[str]:
    """` --> file:line:column`, and the line with carets where there is text to show."""
    gutter = " " * len(str(span.line))
    arrow = f"{gutter}{style.gutter('-->')} {file}:{span.line}:{span.column}"
    text = source.line(span.line) if source else ""
    if not text.strip():
        return [arrow]
    line, column = _cut(_printable(text), span.column)
    last = span.end_column if span.end_line == span.line else len(text) + 1
    carets = max(1, min(last - span.column, len(line) - column + 1))
    bar = style.gutter("|")
    blank = _width(line[: column - 1]) * " "
    return [
        arrow,
        f"{gutter} {bar}",
        f"{style.gutter(str(span.line))} {bar} {line}",
        f"{gutter} {bar} {blank}{style.bad('^' * max(1, _width(line[column - 1 : column - 1 + carets])))}",
        f"{gutter} {bar}",
    ]


def _printable(text: str) -> str:
    """One column a character: tabs and control characters would move the carets, or the terminal."""
    return "".join(c if c.isprintable() else " " if c == "\t" else "\N{REPLACEMENT CHARACTER}" for c in text)


def _cut(line: str, column: int) -> tuple[str, int]:
    start = max(0, column - 1 - WIDTH // 2) if len(line) > WIDTH else 0
    return line[start : start + WIDTH], column - start


def _width(text: str) -> int:
    """Columns that a terminal uses: East Asian wide characters take two, combining ones none."""
    return sum(0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)
