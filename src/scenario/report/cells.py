"""Text in the cells of a terminal: how many it takes, and padded, cut or wrapped to so many."""

from __future__ import annotations


def width(text: str) -> int:
    """East Asian wide characters take two, combining ones none."""
    if text.isascii():
        return len(text)
    from unicodedata import combining, east_asian_width

    return sum(0 if combining(c) else 2 if east_asian_width(c) in "WF" else 1 for c in text)


def padded(text: str, cells: int) -> str:
    """With blanks behind it."""
    return text + " " * (cells - width(text))


def cut(text: str, cells: int) -> str:
    """As much of it as there is room for; what is cut ends with `…`."""
    return text if width(text) <= cells else f"{_begin(text, cells - 1)}…"


def wrapped(text: str, cells: int, indent: int = 0) -> list[str]:
    """Lines of whole words, the second and later ones indented; only a word that is longer than a line is broken."""
    if width(text) == len(text):
        from textwrap import wrap

        return wrap(text, cells, subsequent_indent=" " * indent, break_on_hyphens=False)
    lines, line = [], text[: len(text) - len(text.lstrip())]
    for word in text.split():
        joined = f"{line} {word}" if line.strip() else line + word
        if width(joined) <= cells:
            line = joined
            continue
        lines += [line] if line.strip() else []
        line = " " * indent + word
        while width(line) > cells:
            first = _begin(line, cells) or line[:1]
            lines.append(first)
            line = " " * indent + line[len(first) :]
    return [*lines, line]


def _begin(text: str, cells: int) -> str:
    """Its longest begin that fits."""
    taken = 0
    for number, character in enumerate(text):
        taken += width(character)
        if taken > cells:
            return text[:number]
    return text
