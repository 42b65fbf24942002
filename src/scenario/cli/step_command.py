"""`scenario step FILE`: a schedule that is stepped through, or a game, with keys in a terminal."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

import click

from scenario.cli import configuration, options

if TYPE_CHECKING:
    from scenario.commands.stepping import Story

CLEAR = "\033[H\033[2J"
NAMES = {"\x1b[C": "next", "\x1b[D": "back", "\x1b[H": "first", "\x1b[F": "last", "\x1bOC": "next", "\x1bOD": "back"}
"""What a terminal sends for keys that are no letters."""
LETTERS = {
    " ": "next",
    "n": "next",
    "l": "next",
    "b": "back",
    "h": "back",
    "g": "first",
    "G": "last",
    "p": "play",
    "?": "hints",
}
ENDS = ("q", "\x1b", "\x04")


@click.command("step", short_help="Step through a failure, or play who goes next, in the terminal.")
@click.argument("file", metavar="FILE", type=options.FILE)
@configuration.option
@options.program
@click.pass_context
def command(
    context: click.Context, /, file: str, params: dict[str, str], allow_python: tuple[str, ...]
) -> None:  # fmt: skip
    """Step through the way to a failure, or through an execution of what holds; or play: you choose who goes next.

    Keys: → and ← (or n and b) step, g and G go to the first and the last step, p plays from where you are (and goes back),
    1 to 9 choose, ? shows where each choice leads, q ends.
    Exit codes: 0 it was looked at, 2 the file is invalid or can not be explored, or this is no terminal.
    """
    from scenario.cli.one_case import one_case
    from scenario.commands.stepping import story
    from scenario.files.options import UsageError

    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise click.UsageError(
            "`scenario step` takes keys from a terminal, and this is none: "
            "use `scenario explore --timeline FILE`, or `--html PAGE`"
        )
    _, program = one_case(context, file, params, allow_python)
    click.echo("looking at its interleavings …", err=True)
    try:
        told = story(program)
    except UsageError as error:
        raise click.UsageError(f"{file}: {error}") from error
    _walk(told)


def _walk(told: Story) -> None:
    """Until the reader has seen enough."""
    import shutil

    from scenario.commands.stepping import Place, pressed
    from scenario.report.screen import screen
    from scenario.report.style import Style

    place = Place(0)
    with suppress(KeyboardInterrupt, EOFError), _keys() as keys:
        while True:
            size = shutil.get_terminal_size()
            lines = screen(told.view(place), Style(enabled=True, width=size.columns), size.lines - 1)
            click.echo(CLEAR + "\n".join(lines))
            key = next(keys, ENDS[0])
            if key in ENDS:
                return
            place = pressed(told, place, NAMES.get(key) or LETTERS.get(key) or key)


@contextmanager
def _keys() -> Iterator[Iterator[str]]:
    """What is pressed, one key after the other, also while a screen is being written: the terminal is set once, not a key."""
    try:
        import termios
        import tty
    except ImportError:  # Windows
        yield iter(click.getchar, "")
        return
    before = termios.tcgetattr(sys.stdin)
    try:
        tty.setcbreak(sys.stdin, termios.TCSADRAIN)  # what was typed before stays
        yield _read()
    finally:
        termios.tcsetattr(sys.stdin, termios.TCSADRAIN, before)


def _read() -> Iterator[str]:
    """A key that is no letter comes as several characters at once."""
    while pressed := os.read(sys.stdin.fileno(), 1 << 10).decode(errors="replace"):
        yield from re.findall(r"\x1b[\[O].|.", pressed, re.DOTALL)
