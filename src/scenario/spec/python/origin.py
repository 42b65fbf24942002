"""From a place in a text, as YAML decoded it, back to its place in the file."""

from __future__ import annotations

import re

from scenario.source import Span
from scenario.spec.yaml.values import Text

_ESCAPE = r"(?s)\\(x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|.)"

_FOLD = r"[ \t]*(?:\r\n|\n|\r)[ \t]*(?![ \t\r\n])"  # one line break and what is blank around it: one space


class Origin:
    """Where the characters of one text stand. Exact but for folded lines, whose blanks may be off."""

    __slots__ = ("_column", "_line", "_offsets", "_text")

    def __init__(self, text: Text) -> None:
        self._text = text
        self._offsets = None if _is_verbatim(text) else _aligned(text)
        self._line = text.span.line
        self._column = text.span.column + (1 if text.style in ("'", '"') else 0)

    def span(self, start: int, end: int) -> Span:
        """The stretch [start, end) of the decoded text, in the file."""
        if self._offsets is None:
            return Span(self._line, self._column + start, self._line, self._column + end)
        line, column = self._position(start)
        if end <= start:
            return Span(line, column, line, column)
        end_line, end_column = self._position(end - 1)
        return Span(line, column, end_line, end_column + 1)

    def _position(self, offset: int) -> tuple[int, int]:
        offsets = self._offsets or [0]
        raw_offset = offsets[min(offset, len(offsets) - 1)]
        before = self._text.raw[:raw_offset].replace("\r\n", " \n")
        breaks = before.count("\n") + before.count("\r")
        if not breaks:
            return self._line, self._text.span.column + raw_offset
        return self._line + breaks, len(before) - max(before.rfind("\n"), before.rfind("\r"))


def _is_verbatim(text: Text) -> bool:
    """Whether the file holds the text's own characters on one line, maybe between quotes."""
    if text.style in ("'", '"'):
        return len(text.raw) == len(text) + 2 and text.raw[1:-1] == text
    return text.raw == text


def _aligned(text: Text) -> list[int]:
    """For each character of the text, and its end, the offset in `raw`."""
    raw = text.raw
    at = _content_start(raw, text.style)
    offsets = []
    for character in text:
        at = _next(raw, at, character, text.style)
        offsets.append(min(at, len(raw)))
        at += _width(raw, at, text.style)
    offsets.append(min(at, len(raw)))
    return offsets


def _content_start(raw: str, style: str) -> int:
    if style in ("|", ">"):
        found = re.search(r"\r\n|\n|\r", raw)
        return found.end() if found else 0
    return 1 if style else 0


def _next(raw: str, at: int, character: str, style: str) -> int:
    """The offset where `character` stands: blanks and breaks that YAML dropped are passed over."""
    while style == '"' and (escaped := re.compile(r"\\[\r\n]+[ \t]*").match(raw, at)):
        at = escaped.end()
    if character in " \n" or (style == '"' and raw[at : at + 1] == "\\"):
        return at
    while at < len(raw) and raw[at] != character and raw[at] in " \t\r\n":
        at += 1
    return at


def _width(raw: str, at: int, style: str) -> int:
    """How many characters of the file the character at `at` takes."""
    if style not in ("|", ">") and (fold := re.compile(_FOLD).match(raw, at)):
        return fold.end() - at
    if style == "'" and raw.startswith("''", at):
        return 2
    if style == '"' and (escape := re.compile(_ESCAPE).match(raw, at)):
        return escape.end() - at
    return 1
