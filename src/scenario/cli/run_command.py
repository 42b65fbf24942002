"""`scenario run`: on real threads."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from scenario.cli import configuration, options

if TYPE_CHECKING:
    from collections.abc import Callable

    from scenario.cli.session import Session
    from scenario.results.result import Report


@click.command("run", short_help="Run scenarios on real threads and check what they expect.")
@options.selection
@configuration.option
@options.runs(1, "Run each scenario N times and count its outcomes.")
@click.option(
    "--stress",
    is_flag=True,
    envvar="SCENARIO_STRESS",
    help="Let races show: threads start in any order and go at once, and are switched at another pace in each run.",
)
@options.workers
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
        from scenario.commands.running import is_one, run
        from scenario.commands.work.asking import workers
        from scenario.files.options import RunOptions

        asked = RunOptions(any_seed(given["seed"]), given["times"], given["stress"], records=bool(given["html"]))
        with workers(1 if is_one(session.files, asked) else given["jobs"], given["dask"], session.progress.show) as by:
            return run(session.files, session.selection, asked, session.reporter, _progress(session), by)

    context.exit(conducted(given, work))


def _progress(session: Session) -> Callable[[str, int, int], None]:
    """Shows which case is run, and how many of its runs are done."""

    def show(case: str, done: int, of: int) -> None:
        if of > 1:
            session.progress.show(f"{case}: {done:,} of {of:,} runs")

    return show
