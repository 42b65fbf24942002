"""`scenario replay`: a failing schedule again, on real threads."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING, Any

import click

from scenario.cli import configuration, options

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from scenario.cli.session import Session
    from scenario.report.style import Style
    from scenario.results.result import Report
    from scenario.results.schedule import Schedule

PAUSE = 0.3
"""Seconds between two steps with `--slow`; a long schedule is shown faster."""
LONGEST = 20.0
"""Seconds that all pauses may take."""


@click.command("replay", short_help="Take a failing schedule again, step by step, on real threads.")
@options.selection
@configuration.option
@options.program
@options.runtimes
@click.option(
    "--schedule", metavar="TOKEN", help="The schedule of a report (default: what is kept, or is found by exploring)."
)
@click.option("--slow", is_flag=True, help="Show each step as it is taken.")
@click.option(
    "--clock", type=click.Choice(options.CHOICES["clock"]), envvar="SCENARIO_CLOCK", help="As the schedule was found."
)
@click.option(
    "--wake", type=click.Choice(options.CHOICES["wake"]), envvar="SCENARIO_WAKE", help="As the schedule was found."
)
@click.option("--spurious/--no-spurious", default=None, envvar="SCENARIO_SPURIOUS", help="As the schedule was found.")
@click.option(
    "--fairness",
    type=click.Choice(options.CHOICES["fairness"]),
    envvar="SCENARIO_FAIRNESS",
    help="As the schedule was found.",
)
@click.option(
    "--ready", type=click.Choice(options.CHOICES["ready"]), envvar="SCENARIO_READY", help="As the schedule was found."
)
@options.budget
@options.pictures
@options.page
@options.output
@click.pass_context
def command(context: click.Context, /, **given: Any) -> None:  # fmt: skip
    """Take a failing schedule again, step by step, on real threads and real primitives.

    PATH is a scenario file, a result that explore wrote as JSON, or the schedule of a failure that is kept in
    `.scenario/`. Exit codes: 0 what happened is expected, 1 the scenario fails (again), 2 a file or the command
    line is invalid, or the file has changed since, 3 the schedule can not be followed, or ends before anything has failed, 70 a fault of scenario itself.
    """
    from scenario.cli.session import conducted
    from scenario.commands.again.schedules import requested
    from scenario.commands.replaying import Replay
    from scenario.files.options import UsageError
    from scenario.settings import ExploreOptions, named

    settings = ExploreOptions(given["max_states"], given["max_seconds"], given["max_memory"], asked=named(given))
    try:
        files, requests = requested(given["paths"], settings)
    except UsageError as error:
        raise click.UsageError(str(error)) from error

    def work(session: Session) -> Report:
        shown = _slowly(session, _style(given)) if given["slow"] else None
        replay = Replay(session.selection, settings, session.reporter, given["schedule"], shown)
        try:
            return replay.run(session.files, requests)
        except UsageError as error:
            raise click.UsageError(str(error)) from error

    context.exit(conducted({**given, "paths": files}, work, exploring=True))


def _style(options: Mapping[str, object]) -> Style:
    """As wide as the bar that the report puts before such lines leaves of a terminal."""
    from scenario.cli.session import style_of
    from scenario.report.style import Style

    width = None if options["output_file"] else style_of("never", sys.stdout).width
    return Style(width=None if width is None else width - len("| "))


def _slowly(session: Session, style: Style) -> Callable[[Schedule, int], None]:
    """One line a step, in its thread's column."""
    from scenario.report.lanes import one_by_one

    shown: dict[int, list[list[str]]] = {}

    def show(schedule: Schedule, number: int) -> None:
        if id(schedule) not in shown:
            shown.clear()
            head, lines = one_by_one(schedule, style)
            shown[id(schedule)] = lines
            for line in head:
                session.reporter.printed(line)
        for line in shown[id(schedule)][number]:
            session.reporter.printed(line)
        time.sleep(min(PAUSE, LONGEST / len(schedule.moves)))

    return show
