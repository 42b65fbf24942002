"""The options that several commands share. Nothing but click is imported here for them."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TypeVar

import click

from scenario.language.runtimes import RUNTIMES
from scenario.settings import MAX_SECONDS, MOST_RUNS

Command = TypeVar("Command", bound=Callable[..., object])
FORMATS = ("auto", "full", "concise", "json", "jsonl", "junit", "github", "sarif")

CHOICES = {
    "output_format": FORMATS,
    "color": ("auto", "always", "never"),
    "clock": ("free", "virtual"),
    "wake": ("any", "fifo"),
    "fairness": ("strong", "weak"),
    "ready": ("fifo", "any"),
    "runtimes": RUNTIMES,
}
"""What options may be, by parameter; of a list each item."""
MOST_JOBS = 256

FILE = click.Path(readable=False, allow_dash=True)
"""Any path, there or not: shells complete it, and what is wrong with a file is a diagnostic."""


def _together(command: Command, *options: Callable[[Command], Command]) -> Command:
    """The command with these, in this order."""
    for option in reversed(options):
        command = option(command)
    return command


def selection(command: Command) -> Command:
    """Which files and scenarios."""
    return _together(
        command,
        click.argument("paths", nargs=-1, required=True, metavar="PATH...", type=FILE),
        click.option("-k", "keyword", default="", metavar="EXPR", help="Only those whose file, name or tags match: `lock and not slow`. What can not be read is shown all the same."),
        click.option("-t", "--tag", "tags", multiple=True, metavar="TAG", help="Only those with this tag (or one of several)."),
        click.option("--exclude", multiple=True, metavar="GLOB", help="Leave out files or folders.", envvar="SCENARIO_EXCLUDE"),
        click.option("--stdin-filename", default="<stdin>", metavar="NAME", help="What to call the file that `-` reads."),
    )  # fmt: skip


def program(command: Command) -> Command:
    """What files are compiled with."""
    return _together(
        command,
        click.option("-p", "--param", "params", multiple=True, metavar="NAME=VALUE", callback=_params, help="Override a param; the value is read as YAML."),
        click.option("--allow-python", multiple=True, metavar="MODULE", envvar="SCENARIO_ALLOW_PYTHON", help="Let files call this module (section `python`)."),
    )  # fmt: skip


def runtime(command: Command) -> Command:
    """The one runtime whose program is worked with."""
    return click.option("--runtime", type=click.Choice(RUNTIMES), metavar="NAME", help="Of threading, asyncio or multiprocessing; default: the file's first.")(command)  # fmt: skip


def runtimes(command: Command) -> Command:
    """What files are run on."""
    return click.option("--runtime", "runtimes", multiple=True, type=click.Choice(RUNTIMES), metavar="NAME", envvar="SCENARIO_RUNTIME", help="On threading, asyncio or multiprocessing, whatever the files' `runtimes` say (repeatable).")(command)  # fmt: skip


def budget(command: Command) -> Command:
    """What a search may take."""
    past = "Past it the verdict is undecided."
    return _together(
        command,
        click.option("--max-states", type=click.IntRange(min=1), metavar="N", envvar="SCENARIO_MAX_STATES", help=f"{past}  [default: as many as there is memory for]"),
        click.option("--max-memory", type=click.IntRange(min=1), metavar="MIB", envvar="SCENARIO_MAX_MEMORY", help=f"{past}  [default: half of what is free]"),
        click.option("--max-seconds", type=click.FloatRange(min=0, min_open=True), callback=not_nan, default=MAX_SECONDS, show_default=True, metavar="S", envvar="SCENARIO_MAX_SECONDS", help=past),
    )  # fmt: skip


def not_nan(_context: click.Context, _option: click.Parameter, value: float) -> float:
    """NaN is in every range, since no comparison with it is true."""
    if math.isnan(value):
        raise click.BadParameter("nan is no time")
    return value


def seed(decides: str) -> Callable[[Command], Command]:
    """What decides all that is left to chance."""
    return click.option("--seed", type=click.IntRange(min=0), metavar="N", envvar="SCENARIO_SEED", help=f"{decides} (default: any).")  # fmt: skip


def runs(usual: int, told: str) -> Callable[[Command], Command]:
    """What files are run with, and how often."""
    times = click.option("--times", type=click.IntRange(min=1, max=MOST_RUNS), default=usual, show_default=usual > 1, metavar="N", envvar="SCENARIO_TIMES", help=told)  # fmt: skip
    return lambda command: _together(command, program, runtimes, seed("Decides every `choose` of the first run"), times)


def workers(command: Command) -> Command:
    """Who does the work."""
    command = click.option("--dask", metavar="ADDRESS", envvar="SCENARIO_DASK", help="Let the workers of this dask cluster do it (tcp://host:8786; needs scenario[dask]).")(command)  # fmt: skip
    return click.option("-j", "--jobs", type=click.IntRange(min=1, max=MOST_JOBS), default=1, metavar="N", envvar="SCENARIO_JOBS", help="Work on N cases at a time, or parts of them, in N processes.")(command)  # fmt: skip


def warnings(command: Command) -> Command:
    """What becomes of the static rules' warnings."""
    return _together(
        command,
        click.option("--strict", is_flag=True, envvar="SCENARIO_STRICT", help="Warnings are errors."),
        click.option("--ignore", multiple=True, metavar="CODE", callback=_codes, envvar="SCENARIO_IGNORE", help="Leave out the warnings of this code."),
    )  # fmt: skip


def suite(command: Command) -> Command:
    """What becomes of many files."""
    return _together(
        command,
        click.option("-x", "--exitfirst", is_flag=True, help="Stop at the first case that does not hold."),
        click.option("-q", "--quiet", is_flag=True, envvar="SCENARIO_QUIET", help="Show nothing of what holds, but for the last line."),
    )  # fmt: skip


def output(command: Command) -> Command:
    """How results are written."""
    return _together(
        command,
        click.option("--output-format", type=click.Choice(FORMATS), default="auto", show_default=True, envvar="SCENARIO_OUTPUT_FORMAT", help="How to write the results (auto: github in GitHub Actions, else full)."),
        click.option("-o", "--output-file", metavar="FILE", type=FILE, envvar="SCENARIO_OUTPUT_FILE", help="Write the results to a file."),
        click.option("--color", type=click.Choice(["auto", "always", "never"]), default="auto", envvar="SCENARIO_COLOR", help="Colour (auto: NO_COLOR, FORCE_COLOR, or whether it is a terminal)."),
        click.option("-v", "--verbose", is_flag=True, envvar="SCENARIO_VERBOSE", help="Show long schedules, tables and values in full."),
    )  # fmt: skip


def pictures(command: Command) -> Command:
    """How schedules are drawn, and in which other forms they are written."""
    return _together(
        command,
        click.option("--timeline", is_flag=True, envvar="SCENARIO_TIMELINE", help="Draw schedules with what each thread holds."),
        click.option("--trace", metavar="FILE", type=FILE, help="Write failing schedules as a trace for Perfetto or chrome://tracing."),
    )  # fmt: skip


def page(command: Command) -> Command:
    """All of it as a page."""
    return click.option("--html", metavar="FILE", type=FILE, help="Write a page on which all of it is stepped through and played.")(command)  # fmt: skip


def listing(command: Command) -> Command:
    """How what is known of files is written: for people, or as JSON."""
    return _together(
        command,
        click.option("--output-format", "form", type=click.Choice(["full", "json"]), default="full", show_default=True, help="How to write it."),
        click.option("-o", "--output-file", metavar="FILE", type=FILE, help="Write it to a file."),
        click.option("--color", type=click.Choice(["auto", "always", "never"]), default="auto", envvar="SCENARIO_COLOR", help="Colour (auto: NO_COLOR, FORCE_COLOR, or whether it is a terminal)."),
    )  # fmt: skip


def _codes(_context: click.Context, _option: click.Parameter, values: tuple[str, ...]) -> frozenset[str]:
    codes = [code for value in values for code in value.replace(",", " ").split()]
    for code in codes:
        if (wrong := unknown_code(code)) is not None:
            raise click.BadParameter(wrong)
    return frozenset(code.upper() for code in codes)


def unknown_code(code: str) -> str | None:
    """Why there is no such warning; None if there is."""
    from scenario.lint.check import RULES

    known = [rule.code for rule in RULES]
    if code.upper() in known:
        return None
    from scenario.report.pages import catalogue

    if code.upper() in catalogue():
        return f"{code} is an error: only warnings ({known[0]} to {max(known)}) can be left out"
    return f"no warning has the code {code!r}; `scenario explain` lists them all"


def _params(_context: click.Context, _option: click.Parameter, values: tuple[str, ...]) -> dict[str, str]:
    params = {}
    for value in values:
        name, equals, text = value.partition("=")
        if not equals or not name.strip():
            raise click.BadParameter(f"{value!r} is not NAME=VALUE")
        params[name.strip()] = text
    return params
