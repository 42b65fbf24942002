"""Executions of a program by the engine that explores its runtime: those that a search finds, any one, and each as pictures.

Past a bound (SC355) a search and an execution by chance raise InvalidScenario; there is no picture of what goes there.
"""

from __future__ import annotations

from scenario.diagnostics import InvalidScenario
from scenario.engines import tasks
from scenario.engines.explore import Unexplored, explore
from scenario.engines.explore.again import execution
from scenario.engines.explore.again import film as filmed_by_states
from scenario.engines.explore.again import game as game_of_states
from scenario.engines.explore.again import nearest_passing as nearest_of_states
from scenario.judge import judge
from scenario.program.program import Program
from scenario.results.exploration import Exploration
from scenario.results.frames import Film, Game, Passing
from scenario.results.schedule import Schedule
from scenario.settings import ExploreOptions


def has_states(program: Program) -> bool:
    """Whether it is searched state by state; on asyncio it is executed to be explored, and nobody has all states at once."""
    return program.runtime != "asyncio"


def found(program: Program, seconds: float) -> Exploration:
    """What exploring it finds."""
    engine = explore if has_states(program) else tasks.explore
    return engine(program, ExploreOptions(max_seconds=seconds), judge=judge)


def film(program: Program, schedule: Schedule, seconds: float) -> Film | None:
    """None where there is no time, or the schedule can not be followed, or not within the bounds."""
    by = filmed_by_states if has_states(program) else tasks.film
    try:
        return by(program, schedule, seconds)
    except (Unexplored, LookupError, InvalidScenario):
        return None


def game(program: Program, max_states: int, seconds: float) -> Game | None:
    """In which a reader chooses what comes next; None where there is no time for it, or some choices lead past a bound."""
    by = game_of_states if has_states(program) else tasks.game
    try:
        return by(program, judge=judge, max_states=max_states, max_seconds=seconds)
    except InvalidScenario:
        return None


def nearest_passing(program: Program, failing: Schedule, seconds: float) -> Passing | None:
    """The execution that is fine and has most in common with a failing one; None where none is found."""
    by = nearest_of_states if has_states(program) else tasks.nearest_passing
    try:
        return by(program, failing, judge=judge, max_seconds=seconds)
    except InvalidScenario:
        return None


def any_execution(program: Program, seed: int, seconds: float) -> Schedule:
    """One by chance; on a loop the one without any time that is over early. Raises Unexplored."""
    return execution(program, seed, seconds).schedule if has_states(program) else Schedule(program.digest)
