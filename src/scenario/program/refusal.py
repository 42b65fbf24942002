"""What is said of a file whose expression has done what none may (`bounded.limits.Refused`)."""

from __future__ import annotations

from scenario.diagnostics import Diagnostic, InvalidScenario
from scenario.program.bounded.limits import Refused
from scenario.source import Span

PAST_A_BOUND = "SC355"

_HINT = "nothing in a scenario can catch this: let it do less, or without"


def invalid(words: Refused | str, span: Span) -> InvalidScenario:
    """The file is at fault, at this place; `words` say what it went past."""
    span = getattr(words, "span", None) or span
    return InvalidScenario((Diagnostic(PAST_A_BOUND, f"refused: {words}", span, _HINT),))
