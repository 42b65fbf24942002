"""Diagnostics of a file in ruff's full layout, and failures of a scenario in the same."""

from __future__ import annotations

from scenario.diagnostics import Diagnostic
from scenario.report.excerpt import excerpt
from scenario.report.style import Style
from scenario.source import Source, Span


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
