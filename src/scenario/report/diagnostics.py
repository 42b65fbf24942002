"""Diagnostics of a file in ruff's full layout, and failures of a scenario in the same: the line in its gutter, carets below."""

from __future__ import annotations

from scenario.diagnostics import Diagnostic
from scenario.report.cells import width
from scenario.report.style import Style
from scenario.source import Source, Span

WIDTH = 200
"""Characters of a line that are shown, fewer on a terminal; a longer one is cut around the place."""


def diagnostic_text(diagnostic: Diagnostic, file: str, source: Source | None, style: Style) -> list[str]:
    """`CODE message`, the place, `help:`."""
    word = "warning: " if diagnostic.severity == "warning" else ""
    lines = headed(diagnostic.code, word + diagnostic.message, file, source, diagnostic.span, style)
    if diagnostic.hint:
        lines += style.led("help", f": {diagnostic.hint}", style.hint)
    return [*lines, ""]


def headed(kind: str, message: str, file: str, source: Source | None, span: Span, style: Style) -> list[str]:
    """What is wrong, and where."""
    return [*style.led(kind, f" {message}", style.bad), *excerpt(file, source, span, style)]


def one_line(code: str, message: str, file: str, span: Span) -> str:
    """`file:line:column: CODE message`, for editors and grep."""
    return f"{file}:{span.line}:{span.column}: {code} {' '.join(message.splitlines())}"


def excerpt(file: str, source: Source | None, span: Span, style: Style) -> list[str]:
    """` --> file:line:column`, and the line with carets where there is text to show."""
    gutter = " " * len(str(span.line))
    arrow = f"{gutter}{style.gutter('-->')} {file}:{span.line}:{span.column}"
    text = source.line(span.line) if source else ""
    if not text.strip():
        return [arrow]
    room = WIDTH if style.width is None else max(style.width - len(gutter) - len(" | "), 20)
    line, column = _cut(_printable(text), span.column, room)
    last = span.end_column if span.end_line == span.line else len(text) + 1
    carets = max(1, min(last - span.column, len(line) - column + 1))
    bar = style.gutter("|")
    blank = width(line[: column - 1]) * " "
    return [
        arrow,
        f"{gutter} {bar}",
        f"{style.gutter(str(span.line))} {bar} {line}",
        f"{gutter} {bar} {blank}{style.bad('^' * max(1, width(line[column - 1 : column - 1 + carets])))}",
        f"{gutter} {bar}",
    ]


def _printable(text: str) -> str:
    """One column a character: tabs and control characters would move the carets, or the terminal."""
    return "".join(c if c.isprintable() else " " if c == "\t" else "\N{REPLACEMENT CHARACTER}" for c in text)


def _cut(line: str, column: int, room: int) -> tuple[str, int]:
    """As much of the line as there is room for, as near to its begin as the place allows."""
    start = max(0, min(column - 1 - room // 2, len(line) - room))
    cut = line[start : start + room]
    before, after = "…" if start else "", "…" if start + room < len(line) else ""
    return before + cut[len(before) : len(cut) - len(after)] + after, column - start
