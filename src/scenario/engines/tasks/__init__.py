"""Runs a program on asyncio: every thread of the file is a task, every primitive asyncio's own."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from scenario.program.program import Program
from scenario.results.exploration import Exploration
from scenario.results.outcome import Judged, Outcome
from scenario.results.schedule import Schedule
from scenario.settings import ExploreOptions

if TYPE_CHECKING:  # what only pages have
    from scenario.results.frames import Film, Game, Passing


def run(
    program: Program, *, seed: int = 0, on_print: Callable[[str], None] | None = None, records: bool = False
) -> Outcome:
    """Runs the program once, on a loop of its own in this thread. `seed` decides every `choose`; `records`: its steps are kept."""
    from scenario.engines.tasks.running import execute  # asyncio is slow to import, and few files need it

    return execute(program, seed=seed, on_print=on_print, records=records)


def explore(program: Program, options: ExploreOptions, *, judge: Callable[[Program, Outcome], Judged]) -> Exploration:
    """Makes every execution, each time and choice in each way, under the program's own settings."""
    from scenario.engines.tasks.exploring import explore as searched

    return searched(program, options, partial(judge, program))


def replay(program: Program, schedule: Schedule, max_seconds: float) -> tuple[Outcome, Schedule]:
    """The execution that a schedule of `explore` tells of, on the real loop; the schedule with all that a reader wants to see."""
    import time

    from scenario.engines.tasks.evidence import replayed

    return replayed(program, schedule, time.monotonic() + max_seconds)


def game(
    program: Program, *, judge: Callable[[Program, Outcome], Judged], max_states: int, max_seconds: float
) -> Game | None:
    """All executions as a tree in which somebody may choose, as far as there is room; None where there is no time for one."""
    from scenario.engines.tasks.playing import game as tree

    return tree(program, partial(judge, program), max_states, max_seconds)


def nearest_passing(
    program: Program, schedule: Schedule, *, judge: Callable[[Program, Outcome], Judged], max_seconds: float
) -> Passing | None:
    """The execution that is fine and is decided differently as late as can be; None where none is found."""
    from scenario.engines.tasks.playing import nearest_passing as nearest

    return nearest(program, schedule, partial(judge, program), max_seconds)


def film(program: Program, schedule: Schedule, max_seconds: float) -> Film | None:
    """The execution that a schedule of `explore` tells of, as pictures; None where there is no time."""
    import time

    from scenario.engines.tasks.evidence import filmed

    return filmed(program, schedule, time.monotonic() + max_seconds)


__all__ = ["explore", "film", "replay", "run"]
