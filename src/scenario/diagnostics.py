"""One error that a user can see: its code, message, place and what to write instead."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal, Self

from scenario.legible import legible
from scenario.record import record
from scenario.source import START, Span


class Instead(str):
    """The hint that one word was most likely meant for another: a sentence for readers, and the two words for editors."""

    __slots__ = ("right", "wrong")
    wrong: str
    right: str

    def __new__(cls, wrong: str, right: str, more: str = "") -> Self:
        self = super().__new__(cls, f"did you mean `{right}`?{more}")
        self.wrong, self.right = wrong, right
        return self


@record
class Diagnostic:
    """What is wrong with a file, where, and what to write instead (an `Instead` where that is another word)."""

    code: str
    message: str
    span: Span = START
    hint: str | None = None
    severity: Literal["error", "warning"] = "error"


class InvalidScenario(Exception):
    """A file's diagnostics, all at once (at least one)."""

    def __init__(self, diagnostics: tuple[Diagnostic, ...]) -> None:
        super().__init__(legible("; ".join(d.message for d in diagnostics)))
        self.diagnostics = diagnostics


@record
class Page:
    """What a code means: `scenario explain CODE`, the docs and SARIF read it.

    `name` is a slug; `summary` one line; `why` a paragraph; `bad` and `good` are excerpts of scenario
    files: whole keys of a file, or a list of steps (which then starts with `- `).
    """

    code: str
    name: str
    summary: str
    why: str
    bad: str
    good: str


PAGES: dict[str, Page] = {}
"""All pages by code; each floor registers its own when its `pages` are imported."""


def register(*pages: Page) -> None:
    """Add pages to the registry. Raises ValueError for a code that is taken."""
    for page in pages:
        if PAGES.get(page.code, page) != page:
            raise ValueError(f"two pages have the code {page.code}")
        PAGES[page.code] = page


def similar(word: str, known: Iterable[str], cutoff: float = 0.65) -> str | None:
    """The known word that `word` was most likely meant to be, or None. `cutoff`: from 0 (any) to 1 (the same)."""
    return nearest(word[:80].lower().replace("-", "_"), sorted(known), cutoff)


def nearest(lowered: str, known: Iterable[str], cutoff: float = 0.6) -> str | None:
    """The known word that is most like a word in small letters, if any is so much like it."""
    by_lowered = {name.lower(): name for name in known}
    if lowered in by_lowered:
        return by_lowered[lowered]
    import difflib  # noqa: PLC0415 (only files with mistakes pay for it)

    close = difflib.get_close_matches(lowered, by_lowered, n=1, cutoff=cutoff)
    return by_lowered[close[0]] if close else None


def did_you_mean(word: str, known: Iterable[str], otherwise: str | None = None) -> str | None:
    """A hint for an unknown word."""
    close = similar(word, known)
    return Instead(word, close) if close else otherwise
