"""`scenario run`: on real threads."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from scenario.cli import configuration, options

if TYPE_CHECKING:
    from collections.abc import Callable

    from scenario.cli.session import Session
    from scenario.commands.pipeline import Case
    from scenario.results.result import Report


@click.command("run", short_help="Run scenarios on real threads and check what they expect.")
@options.selection
@configuration.option
@options.program
@options.runtimes
@options.seed("Decides every `choose` of the first run")
@click.option(
    "--times",
    type=click.IntRange(min=1),
    default=1,
    metavar="N",
    envvar="SCENARIO_TIMES",
    help="Run each scenario N times and count its outcomes.",
)
@click.option(
    "--stress",
    is_flag=True,
    envvar="SCENARIO_STRESS",
    help="Let races show: threads start in any order and go at once, and are switched at another pace in each run.",
)
@click.option(
    "-j",
    "--jobs",
    type=click.IntRange(min=1, max=256),
    default=1,
    metavar="N",
    envvar="SCENARIO_JOBS",
    help="Run N files side by side, in N processes.",
)
@options.warnings
@options.suite
@options.page
@options.output
@click.pass_context
def command(context: click.Context, /, **given: Any) -> None:  # fmt: skip
    """Run scenarios on real threads and check what they expect.

    PATH is a file, a directory (its scenarios, recursively), a glob, or `-` for standard input.
    Warnings of a file (SC4xx) are shown once, before its first result; with --strict they make it invalid.
    Exit codes: 0 all hold, 1 a scenario fails, 2 a file or the command line is invalid, 5 nothing was
    selected, 70 a fault of scenario itself, 130 interrupted.
    """
    from scenario.cli.session import conducted

    def work(session: Session) -> Report:
        from scenario.chance import any_seed
        from scenario.files.options import RunOptions

        asked = RunOptions(any_seed(given["seed"]), given["times"], given["stress"])
        jobs = min(given["jobs"], len(session.files))
        if jobs > 1:
            from scenario.commands.parallel import run_side_by_side

            return run_side_by_side(session.files, session.selection, asked, session.reporter, jobs)
        from scenario.commands.running import run

        return run(session.files, session.selection, asked, session.reporter, _progress(session, given["times"]))

    context.exit(conducted(given, work))


def _progress(session: Session, times: int) -> Callable[[Case, int], None]:
    """Shows which case is run, and how many of its runs are done."""

    def show(case: Case, done: int) -> None:
        if times > 1:
            session.progress.show(f"{f'{case.loaded.file} {case.label}'.rstrip()}: {done:,} of {times:,} runs")

    return show
