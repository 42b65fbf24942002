"""What a reader raises for a value that it can not read; see `recovery` for what becomes of it."""

from __future__ import annotations

from scenario.diagnostics import Diagnostic


class Fault(Exception):
    """Carries what is wrong. No ValueError: pydantic lets it through."""

    def __init__(self, diagnostics: tuple[Diagnostic, ...]) -> None:
        super().__init__("; ".join(found.message for found in diagnostics))
        self.diagnostics = diagnostics


def fault(*diagnostics: Diagnostic) -> Fault:
    """The error that carries these diagnostics."""
    return Fault(diagnostics)


def unhyphened(name: str) -> str:
    """What to write for a name with hyphens."""
    return f"write `{name.replace('-', '_')}`: in an expression a hyphen is a minus"
