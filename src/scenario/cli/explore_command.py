"""`scenario explore`: over all interleavings."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click
from click.core import ParameterSource

from scenario.cli import configuration, options
from scenario.settings import MOST_CONSTRAINTS, ExploreOptions, named, sampling

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from scenario.cli.session import Session
    from scenario.results.exploration import Pace
    from scenario.results.result import Report


def _names(_context: click.Context, _option: click.Parameter, value: str) -> tuple[str, ...]:
    """Names with commas in between."""
    return tuple(filter(None, map(str.strip, value.split(","))))


@click.command("explore", short_help="Try every interleaving of a scenario.")
@options.selection
@configuration.option
@options.program
@options.runtimes
@options.budget
@click.option(
    "--keep-going",
    is_flag=True,
    envvar="SCENARIO_KEEP_GOING",
    help="Do not stop at the first failure: find the shortest of each kind and place.",
)
@click.option(
    "--odds", is_flag=True, envvar="SCENARIO_ODDS", help="Add exact numbers of interleavings and probabilities."
)
@click.option(
    "--sample",
    type=click.IntRange(min=1),
    metavar="N",
    help="Take N interleavings by chance instead of all: an estimate, and what fails.",
)
@click.option(
    "--pct",
    "depth",
    type=click.IntRange(min=1, max=MOST_CONSTRAINTS),
    metavar="D",
    help="With --sample: by random priorities that change D - 1 times (PCT), for failures of depth D.",
)
@options.seed("Decides the sample")
@click.option(
    "--clock",
    type=click.Choice(options.CHOICES["clock"]),
    envvar="SCENARIO_CLOCK",
    help="Virtual: time moves only when nothing else can.",
)
@click.option(
    "--wake",
    type=click.Choice(options.CHOICES["wake"]),
    envvar="SCENARIO_WAKE",
    help="Which waiters a notify may pick.",
)
@click.option(
    "--spurious/--no-spurious",
    default=None,
    envvar="SCENARIO_SPURIOUS",
    help="Whether a condition's wait may return by itself.",
)
@click.option(
    "--fairness",
    type=click.Choice(options.CHOICES["fairness"]),
    envvar="SCENARIO_FAIRNESS",
    help="Weak: a thread that others overtake for ever is a livelock too.",
)
@click.option(
    "--ready",
    type=click.Choice(options.CHOICES["ready"]),
    envvar="SCENARIO_READY",
    help="On asyncio, any: any task that is ready may go on next.",
)
@click.option(
    "--for-all",
    metavar="NAMES",
    default="",
    callback=_names,
    help="Decide it for all values of these params: `workers,rounds`.",
)
@click.option("--races", is_flag=True, help="List data races of own code, also where nothing fails.")
@click.option("--no-reduction", is_flag=True, help="Search every interleaving one by one.")
@options.workers
@options.warnings
@options.suite
@options.pictures
@options.page
@options.output
@click.pass_context
def command(context: click.Context, /, **given: Any) -> None:  # fmt: skip
    """Try every interleaving of a scenario, every choice and every timeout.

    PATH is a file, a directory (its scenarios, recursively), a glob, or `-` for standard input.
    Exit codes: 0 all hold, 1 a scenario fails, 2 a file or the command line is invalid, 3 undecided,
    5 nothing was selected, 70 a fault of scenario itself, 130 interrupted.
    """
    from scenario.cli.session import conducted

    def work(session: Session) -> Report:
        from scenario.commands.exploring import explore, is_one
        from scenario.commands.work.asking import workers

        if given["sample"] is None and context.get_parameter_source("seed") is ParameterSource.COMMANDLINE:
            raise click.UsageError("--seed decides a sample (--sample N), and all interleavings are looked at without")
        whole = given["odds"] or bool(given["for_all"])
        try:
            sample = sampling(given["sample"], _seed(given), given["depth"], all_of_it=whole)
        except ValueError as error:
            raise click.UsageError(str(error)) from error
        asked = ExploreOptions(
            max_states=given["max_states"],
            max_seconds=given["max_seconds"],
            max_memory=given["max_memory"],
            odds=given["odds"],
            keep_going=given["keep_going"],
            reduce=not given["no_reduction"],
            for_all=given["for_all"],
            asked=named(given),
            sampling=sample,
            races=given["races"],
        )
        jobs = 1 if is_one(session.files, asked) else given["jobs"]
        with workers(jobs, given["dask"], session.progress.show) as by:
            return explore(session.files, session.selection, asked, session.reporter, _progress(session), by)

    context.exit(conducted(given, work, exploring=True))


def _seed(given: Mapping[str, object]) -> int:
    """Of a sample; chance is imported for that alone."""
    if given["sample"] is None:
        return 0
    from scenario.chance import any_seed

    seed = given["seed"]
    assert isinstance(seed, int | None), "click has made it one"
    return any_seed(seed)


def _progress(session: Session) -> Callable[[Pace], None]:
    """Shows how far the search of each case has come, and what is left of its budget."""
    from scenario.cli.progress import pace_line

    return lambda pace: session.progress.show(pace_line(pace))
