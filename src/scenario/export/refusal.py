"""What another tool's language can not say: collected with places, and raised at once."""

from __future__ import annotations

from dataclasses import field

from scenario.diagnostics import Diagnostic
from scenario.record import mutable
from scenario.source import START, Span

NOT_EXPORTED = "SC901"


class NotExportable(Exception):
    """The diagnostics of a program that can not be exported (at least one)."""

    def __init__(self, diagnostics: tuple[Diagnostic, ...]) -> None:
        super().__init__("; ".join(d.message for d in diagnostics))
        self.diagnostics = diagnostics


@mutable
class Refusals:
    """Says no to a construct and goes on, so that all of them are told."""

    found: list[Diagnostic] = field(default_factory=list)

    def refuse(self, what: str, span: Span = START) -> None:
        """`what` completes the sentence: "... can not be exported"."""
        hint = "a Promela model has integers, locks, semaphores and plain control flow"
        diagnostic = Diagnostic(NOT_EXPORTED, f"{what} can not be exported to Promela", span, hint)
        if diagnostic not in self.found:
            self.found.append(diagnostic)
