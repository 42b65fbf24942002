"""Diagnostics as pydantic carries them: raised by a validator, gathered again from its error."""

from __future__ import annotations

from collections.abc import Iterable

from pydantic import ValidationError
from pydantic_core import PydanticCustomError

from scenario.diagnostics import Diagnostic

FAULT = "scenario"


class Fault(PydanticCustomError):
    """An error that a validator may raise; pydantic goes on with the other fields."""

    @property
    def diagnostics(self) -> tuple[Diagnostic, ...]:
        """What is wrong."""
        return tuple((self.context or {})["diagnostics"])


def fault(*diagnostics: Diagnostic) -> Fault:
    """The error that carries these diagnostics."""
    return Fault(FAULT, "not a valid scenario", {"diagnostics": diagnostics})


def gathered(error: ValidationError) -> list[Diagnostic]:
    """All diagnostics that the validators raised.

    Pydantic's own `missing` and `extra_forbidden` are left out: `Model.read` has said them in our words.
    """
    found: list[Diagnostic] = []
    for line in error.errors(include_url=False, include_input=False):
        if line["type"] == FAULT:
            found.extend(line["ctx"]["diagnostics"])
    return found


def text_of(problems: Iterable[Diagnostic]) -> str:
    """All messages in one line, for logs and tests."""
    return "; ".join(problem.message for problem in problems)
