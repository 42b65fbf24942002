"""`scenario step FILE`: a schedule that is stepped through, or a game, with keys in a terminal."""

from __future__ import annotations

import sys
from contextlib import suppress
from typing import TYPE_CHECKING

import click

from scenario.cli import configuration, options

if TYPE_CHECKING:
    from scenario.commands.stepping import Story
    from scenario.language.runtimes import Runtime

CLEAR = "\033[H\033[2J"


@click.command("step", short_help="Step through a failure, or play who goes next, in the terminal.")
@click.argument("file", metavar="FILE", type=options.FILE)
@configuration.option
@options.program
@options.runtime
@click.pass_context
def command(
    context: click.Context,
    /,
    file: str,
    params: dict[str, str],
    allow_python: tuple[str, ...],
    runtime: Runtime | None,
) -> None:
    """Step through the way to a failure, or through an execution of what holds; or play: you choose who goes next.

    Keys: → and ← (or n and b) step, g and G go to the first and the last step, p plays from where you are (and goes back),
    1 to 9 choose, ? shows where each choice leads, q ends.
    Exit codes: 0 it was looked at, 2 the file is invalid or can not be explored, or this is no terminal.
    """
    from scenario.cli.one_case import one_case, show
    from scenario.commands.stepping import story
    from scenario.diagnostics import InvalidScenario
    from scenario.files.options import UsageError

    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise click.UsageError(
            "`scenario step` takes keys from a terminal, and this is none: "
            "use `scenario explore --timeline FILE`, or `--html PAGE`"
        )
    chosen = (runtime,) if runtime is not None else ()
    found, program = one_case(context, file, params, allow_python, runtimes=chosen)
    click.echo("looking at its interleavings …", err=True)
    try:
        told = story(program)
    except UsageError as error:
        raise click.UsageError(f"{file}: {error}") from error
    except InvalidScenario as past:
        show(found[0], past.diagnostics)
        context.exit(2)
    _walk(told)


def _walk(told: Story) -> None:
    """Until the reader has seen enough."""
    import shutil

    from scenario.cli.keys import ENDS, keys, meaning
    from scenario.commands.stepping import Place, pressed
    from scenario.report.screen import screen
    from scenario.report.style import Style

    place = Place(0)
    with suppress(KeyboardInterrupt, EOFError), keys(sys.stdin.fileno()) as given:
        while True:
            size = shutil.get_terminal_size()
            lines = screen(told.view(place), Style(enabled=True, width=size.columns), size.lines - 1)
            click.echo(CLEAR + "\n".join(lines))
            key = next(given, ENDS[0])
            if key in ENDS:
                return
            place = pressed(told, place, meaning(key))
