"""What is drawn of a file: the schedule of what fails in it, or else an execution."""

from __future__ import annotations

from scenario.commands.pictures.following import any_execution, film, found, has_states
from scenario.engines.explore import Unexplored
from scenario.engines.explore.again import execution, game, unexplored
from scenario.files.options import UsageError
from scenario.judge import exploration_verdict, judge
from scenario.program.program import Program
from scenario.record import record
from scenario.report.words.undecided import words
from scenario.results.frames import Game
from scenario.results.schedule import Schedule
from scenario.results.waiting import Blocked

SECONDS = 10.0
DRAWN = 1_000
"""States of a graph that is given to others: of a larger one nobody sees anything."""


@record
class Picture:
    """A schedule, and who can not go on after it."""

    schedule: Schedule
    blocked: tuple[Blocked, ...] = ()


def picture(program: Program, seed: int = 0) -> Picture:
    """Raises UsageError where the program has what can not be explored."""
    for evidence in exploration_verdict(program, found(program, SECONDS)).evidence:
        if evidence.schedule is not None:
            return Picture(evidence.schedule, evidence.blocked)
    if not has_states(program):
        made = film(program, any_execution(program, seed, SECONDS), SECONDS)
        if made is None:
            raise UsageError("there is no time to follow an execution")
        return Picture(made.schedule)
    try:
        script = execution(program, seed, SECONDS)
    except Unexplored as reason:
        raise UsageError(words(reason.why)) from reason
    return Picture(script.schedule, script.stuck)


def graph(program: Program) -> Game:
    """All states and steps. Raises UsageError where they are too many, or can not be explored."""
    if not has_states(program):
        raise UsageError("on asyncio it is executed to be explored: there is no graph of states")
    if reasons := unexplored(program):
        raise UsageError(words(reasons[0]))
    all_states = game(program, judge=judge, max_states=DRAWN, max_seconds=SECONDS)
    if all_states is None:
        raise UsageError("there is no time: there is no graph")
    if not all_states.whole:
        raise UsageError(
            f"it has more than {DRAWN:,} states, of which a drawing shows nothing: play it (`scenario step`)"
        )
    return all_states
