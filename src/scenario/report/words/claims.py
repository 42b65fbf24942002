"""A claim in a line, much as the file has it."""

from __future__ import annotations

from collections.abc import Sequence

from scenario.program.claims import Claim, ErrorClaim, Output, Words
from scenario.program.show import reference
from scenario.report.values import text_value

MOST = 12
"""Lines of an output that are written."""


def expected(claim: Claim | Output | ErrorClaim | Sequence[Words]) -> str:
    """An expression, an expectation of the output, how threads end, or a chain of marks."""
    match claim:
        case Claim():
            return claim.text
        case Output():
            return ", ".join(_printed(claim))
        case ErrorClaim(thread, exceptions, possible):
            return f"{reference(thread)}: {' or '.join(exceptions)}{' or none' * possible}"
        case _:
            return " → ".join(words.text for words in claim)


def _printed(output: Output) -> Sequence[str]:
    if output.lines is not None:
        return [f"lines {_listed(output.lines)}"]
    if output.unordered is not None:
        return [f"unordered {_listed([words.text for words in output.unordered])}"]
    return [
        *(f"contains {words.text!r}" for words in output.contains),
        *(f"absent {words.text!r}" for words in output.absent),
    ]


def _listed(lines: Sequence[str]) -> str:
    return text_value([*lines], MOST)
