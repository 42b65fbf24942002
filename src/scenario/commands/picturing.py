"""What is drawn of a file: the schedule of what fails in it, or else an execution."""

from __future__ import annotations

from scenario.engines.explore import Unexplored, execution, explore
from scenario.files.options import UsageError
from scenario.judge import exploration_verdict, judge
from scenario.program.program import Program
from scenario.record import record
from scenario.report.words.undecided import words
from scenario.results.schedule import Schedule
from scenario.results.waiting import Blocked
from scenario.settings import ExploreOptions

SECONDS = 10.0


@record
class Picture:
    """A schedule, and who can not go on after it."""

    schedule: Schedule
    blocked: tuple[Blocked, ...] = ()


def picture(program: Program, seed: int = 0) -> Picture:
    """Raises UsageError where the program has what can not be explored."""
    found = exploration_verdict(program, explore(program, ExploreOptions(max_seconds=SECONDS), judge=judge))
    for evidence in found.evidence:
        if evidence.schedule is not None:
            return Picture(evidence.schedule, evidence.blocked)
    try:
        script = execution(program, seed, SECONDS)
    except Unexplored as reason:
        raise UsageError(words(reason.why)) from reason
    return Picture(script.schedule, script.stuck)
