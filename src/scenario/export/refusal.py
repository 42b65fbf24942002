"""What another tool's language can not say: collected with places, and raised at once."""

from __future__ import annotations

from dataclasses import field

from scenario.diagnostics import Diagnostic, Page, register
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
    """Says no to a construct and goes on, so that all of them are told. `to`: the language; `hint`: what can be said in it."""

    to: str = "Promela"
    hint: str = "a Promela model has integers, locks, semaphores and plain control flow"
    found: list[Diagnostic] = field(default_factory=list)

    def refuse(self, what: str, span: Span = START) -> None:
        """`what` completes the sentence: "... can not be exported"."""
        diagnostic = Diagnostic(NOT_EXPORTED, f"{what} can not be exported to {self.to}", span, self.hint)
        if diagnostic not in self.found:
            self.found.append(diagnostic)


register(
    Page(
        NOT_EXPORTED,
        "not-exported",
        "The scenario has what the other language can not say.",
        "A Python program has whatever a real run has, but for an `atomic` that other threads would see into, an `await` on what "
        "passes, and what only whoever looks from outside can tell (`worker.blocked`). A Promela model has integers of 32 bits, locks, semaphores and plain control flow. A scenario with queues, "
        "events, conditions, routines, texts or containers has no faithful model there, and one that only looks like it "
        "would be no second opinion. `scenario export` names each place; exploring itself knows all of them.",
        "primitives: {ready: Event}\nthreads:\n  A: {steps: [{wait: ready}]}",
        "vars: {ready: false}\nthreads:\n  A: {steps: [{await: ready}]}\n  B: {steps: [ready = True]}",
    )
)
