"""Colour for a terminal: what each kind of text looks like, or nothing where colour is off."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Literal

from scenario.record import record
from scenario.report.cells import width, wrapped
from scenario.results.result import VerdictWord

ColorChoice = Literal["auto", "always", "never"]

COLORS: Mapping[VerdictWord, str] = {
    "holds": "32", "fails": "31", "undecided": "33", "invalid": "31", "skipped": "36",
}  # fmt: skip

LETTERS = ("36", "33", "35", "32", "34", "31")


@record
class Style:
    """Wraps text in SGR codes if `enabled`; `width` is that of a terminal, None where it goes elsewhere.

    `full`: long tables and schedules are not folded; `option` is what asks for that, where something can be asked for it.
    `timeline`: schedules show who holds what.
    """

    enabled: bool = False
    width: int | None = None
    full: bool = False
    option: str = ""
    timeline: bool = False

    @property
    def unfolds(self) -> str:
        """How to see what is left out: ` (-v shows all)`, or nothing."""
        return f" ({self.option} shows all)" if self.option else ""

    def filled(self, text: str, indent: int = 0) -> list[str]:
        """A sentence as lines, before each of which the report puts `indent` blanks: one, or as many as a terminal needs."""
        if self.width is None or width(text) <= self.width - indent:
            return [text]
        return wrapped(text, max(self.width - indent - 1, 20), len(text) - len(text.lstrip()) + 2)

    def led(self, word: str, text: str, paint: Callable[[str], str]) -> list[str]:
        """The same with its first word painted: colour takes no room."""
        first, *more = self.filled(f"{word}{text}")
        return [paint(word) + first.removeprefix(word), *more]

    def bold(self, text: str) -> str:
        return self._paint("1", text)

    def dim(self, text: str) -> str:
        return self._paint("2", text)

    def bad(self, text: str) -> str:
        return self._paint("1;31", text)

    def hint(self, text: str) -> str:
        return self._paint("1;36", text)

    def gutter(self, text: str) -> str:
        return self._paint("34", text)

    def letter(self, text: str, number: int) -> str:
        """In one of six colours, by its number."""
        return self._paint(f"1;{LETTERS[number % len(LETTERS)]}", text)

    def verdict(self, word: VerdictWord, text: str) -> str:
        return self._paint(f"1;{COLORS[word]}", text)

    def _paint(self, code: str, text: str) -> str:
        return f"\033[{code}m{text}\033[0m" if self.enabled and text else text


def colored(choice: ColorChoice, environment: Mapping[str, str], *, terminal: bool) -> bool:
    """Whether to colour: the flag, then NO_COLOR, then FORCE_COLOR (or CLICOLOR_FORCE), then what the terminal can."""
    if choice != "auto":
        return choice == "always"
    if environment.get("NO_COLOR"):
        return False
    forced = environment.get("FORCE_COLOR") or environment.get("CLICOLOR_FORCE")
    if forced:
        return forced != "0"
    return terminal and environment.get("TERM") != "dumb" and environment.get("CLICOLOR") != "0"
