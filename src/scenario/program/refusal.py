"""What is said of a file whose expression has done what none may (`bounded.limits.Refused`)."""

from __future__ import annotations

from scenario.diagnostics import Diagnostic, InvalidScenario, Page, register
from scenario.program.bounded import limits
from scenario.source import Span

PAST_A_BOUND = "SC355"

_HINT = "nothing in a scenario can catch this: let it do less, or without"


def invalid(words: limits.Refused | str, span: Span) -> InvalidScenario:
    """The file is at fault, at this place; `words` say what it went past."""
    span = getattr(words, "span", None) or span
    return InvalidScenario((Diagnostic(PAST_A_BOUND, f"refused: {words}", span, _HINT),))


register(
    Page(
        PAST_A_BOUND,
        "past-a-bound",
        "A step or an expectation does what no expression may.",
        "Scenario files are safe to run from anyone, so an expression may neither exhaust the machine nor format what it "
        f"likes: integers have at most {limits.MAX_BITS:,} bits, containers and texts {limits.MAX_LENGTH:,} items, a "
        f"comprehension runs over {limits.MAX_ELEMENTS:,} elements, a run takes at most 1 GiB of memory, a text has no `%`, "
        "and `is` compares None, True, False and containers only, for whether two numbers or texts are one object is "
        "Python's own business. Past a bound the run or the search ends, and no `try` and no `raises` sees it: it is a "
        "fault of the file, in every engine alike. So is, where it is explored, a loop that goes round more than "
        f"{limits.MOST_ROUNDS:,} times within one step.",
        "vars: {total: 0}\nthreads:\n  A:\n    steps:\n      - total = sum(1 for i in range(3000) for j in range(3000))\n",
        "vars: {total: 0}\nthreads:\n  A:\n    steps:\n      - total = 3000 * 3000\n",
    )
)
