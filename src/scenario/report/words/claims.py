"""A claim in a line, much as the file has it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import assert_never

from scenario.judge.truths import Bug, Chain, ClaimKind, Expectation, Labels, NoOther, Rounds
from scenario.program.claims import Claim, DeadlockClaim, Elapsed, ErrorClaim, OutcomeRow, Output
from scenario.program.show import reference
from scenario.record import record
from scenario.report.values import text_value

MOST = 12
"""Lines of an output that are written."""

OPEN: Mapping[ClaimKind, str] = {
    "always": "what is recorded does not tell", "reachable": "what is recorded does not tell",
    "final": "asked at the end of an execution", "sometimes": "asked at the end of an execution",
    "output": "what is printed by the end decides", "order": "what is marked by the end decides",
    "elapsed": "the time at the end decides, where there is a clock", "outcomes": "asked at the end of an execution",
    "fails": "nothing has failed so yet", "errors": "nothing against it so far",
    "deadlock": "nobody is known to be stuck for ever", "livelock": "nobody is known to go round for ever",
}  # fmt: skip
"""Why nothing is said of it in a state."""


@record
class Told:
    """One claim as it is shown. `of_some`: some execution has to show it; `open`: why nothing is said of it, where that is so."""

    kind: ClaimKind
    text: str
    of_some: bool
    open: str


def expected(one: Expectation) -> Told:
    """In words."""
    return Told(one.kind, _text(one), one.scope == "some", OPEN[one.kind])


def _text(one: Expectation) -> str:
    match one.of:
        case Claim(text=text):
            return text
        case Output() as part:
            return ", ".join(_printed(part))
        case Chain(marks):
            return " → ".join(words.text for words in marks)
        case ErrorClaim(thread, exceptions, possible):
            return f"{reference(thread)}: {' or '.join(exceptions)}{' or none' * possible}"
        case NoOther(named):
            return f"in no {'other ' * named}thread"
        case DeadlockClaim(mode, threads):
            among = "" if threads is None else ", ".join(sorted(threads))
            return f"of no others than {among}" if among and one.scope == "every" else f"{mode}{among and f': {among}'}"
        case Rounds(mode):
            return mode
        case Elapsed(at_least, at_most):
            return f"at least {at_least:g} s" if at_least is not None else f"at most {at_most:g} s"
        case Labels(rows):
            return "; ".join(map(_row, rows))
        case Bug(kind):
            return kind
        case _:
            assert_never(one.of)


def _row(row: OutcomeRow) -> str:
    return f"{row.rating}: {row.when.text}"


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
