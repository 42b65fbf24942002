"""One error that a user can see: its code, message, place and what to write instead."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from scenario.source import START, Span


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """What is wrong with a file, where, and what to write instead."""

    code: str
    message: str
    span: Span = START
    hint: str | None = None
    severity: Literal["error", "warning"] = "error"


class InvalidScenario(Exception):
    """A file's diagnostics, all at once (at least one)."""

    def __init__(self, diagnostics: tuple[Diagnostic, ...]) -> None:
        super().__init__("; ".join(d.message for d in diagnostics))
        self.diagnostics = diagnostics
