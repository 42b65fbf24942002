"""The command `scenario`: its subcommands by name, and what becomes of an error that is our own."""

from __future__ import annotations

import sys
from importlib import import_module

import click

from scenario import __version__
from scenario.cli.streams import open_streams, silence, tell

COMMANDS = {
    "run": "Run scenarios on real threads and check what they expect.",
    "validate": "Check scenario files without running anything.",
    "explore": "Try every interleaving of a scenario.",
    "compare": "Run and explore a scenario on each runtime, side by side.",
    "replay": "Take a failing schedule again, step by step, on real threads.",
    "step": "Step through a failure, or play who goes next, in the terminal.",
    "new": "Start a scenario file from a template.",
    "show": "Explain a scenario: threads, primitives, who touches what, the steps.",
    "list": "List the scenarios of files and directories.",
    "schema": "Print the JSON Schema of scenario files.",
    "explain": "Explain the code of a diagnostic.",
    "completion": "Print what makes a shell complete our commands.",
    "lsp": "Be a language server for scenario files, for an editor.",
    "export": "Write a scenario as a Python program, a model or a diagram.",
}
"""Each command's one line of help stands here, so that `--help` imports none of them."""

UNDECIDED = 3
FAULT = 70
INTERRUPTED = 130


class LazyCommands(click.Group):
    """A group whose commands are imported when they are used: `scenario.cli.NAME_command`."""

    def list_commands(self, _ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, _ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = import_module(f"scenario.cli.{cmd_name}_command").command
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        try:
            return super().resolve_command(ctx, args)
        except click.UsageError as error:
            raise click.UsageError(error.message + _did_you_mean(args[0]), ctx) from error

    def invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except BrokenPipeError:  # whoever read our output has seen enough: nothing has failed, as click would say
            silence(sys.stdout)
            return 0

    def format_commands(self, _ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


def _did_you_mean(word: str) -> str:
    import difflib

    close = difflib.get_close_matches(word, COMMANDS, 1)
    return f" Did you mean {close[0]!r}?" if close else ""


@click.group(
    cls=LazyCommands,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="A first step: scenario run FILE. See `scenario COMMAND --help` for a command's options.",
)
@click.version_option(__version__, prog_name="scenario")
def cli() -> None:
    """Declarative concurrency scenarios: run on real threads, explored over all interleavings."""


def main() -> None:
    """The entry point: exits with the codes that the documentation names, and never shows a traceback."""
    open_streams()
    try:
        code = cli.main(prog_name="scenario", standalone_mode=False)
    except click.ClickException as error:
        _show(error)
        code = error.exit_code
    except (KeyboardInterrupt, click.Abort):
        code = INTERRUPTED
    except OSError as error:
        code = _refused(error)
    except Exception as error:  # noqa: BLE001 (whatever escapes is a fault of our own)
        code = _fault(error)
    _leave(code if isinstance(code, int) else 0)


def _show(error: click.ClickException) -> None:
    """What is wrong with the command line, which may name files and keys of anybody's."""
    import io

    from scenario.legible import legible

    vars(error)["message"] = legible(error.message)  # whose line breaks would begin lines
    said = io.StringIO()
    error.show(said)
    tell(legible(said.getvalue(), keep="\n\t").removesuffix("\n"))


def _refused(error: OSError) -> int:
    """Where the system is short of something, or a disk is full, it is nobody's fault; any other such error that escapes is ours."""
    import errno

    from scenario.commands.pipeline import denied, is_shortage

    if is_shortage(error):
        tell(f"scenario: {denied(error)}")
        return UNDECIDED
    if error.errno not in (errno.ENOSPC, errno.EDQUOT, errno.EIO, errno.EFBIG):
        return _fault(error)
    tell(f"scenario: the output can not be written: {error.strerror}")
    silence(sys.stdout)
    return 2


def _fault(error: Exception) -> int:
    from scenario.files.faults import described

    tell(f"scenario: internal error: {described(error)}")
    tell("This is a fault of scenario, not of your files. Please report it, with the line above.")
    return FAULT


def _leave(code: int) -> None:
    """Threads of an abandoned run can not be ended: the process then goes without them."""
    threads = sys.modules.get("scenario.engines.threads")
    if threads is not None and threads.leftovers():
        import os

        threads.close()
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)
    sys.exit(code)
