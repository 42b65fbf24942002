"""`scenario show FILE`: a file explained."""

from __future__ import annotations

from typing import Any

import click

from scenario.cli import options


@click.command("show", short_help="Explain a scenario: threads, primitives, who touches what, the steps.")
@options.selection
@options.program
@click.pass_context
def command(context: click.Context, /, **given: Any) -> None:
    """Explain a scenario: its threads and primitives, who touches what, and the indivisible steps of each line.

    PATH is a file, a directory (its YAML files, recursively), a glob, or `-` for standard input.
    Of a file with cases the first is shown, with the params that exploring would use.
    """
    from scenario.report.diagnostics import diagnostic_text
    from scenario.report.style import Style
    from scenario.suite.loading import load_all
    from scenario.suite.options import Selection, UsageError
    from scenario.suite.showing import shown

    selection = Selection(
        given["paths"], given["exclude"], given["keyword"], given["tags"], given["stdin_filename"],
        given["params"], frozenset(given["allow_python"]),
    )  # fmt: skip
    try:
        files = load_all(selection, exploring=True)
    except UsageError as error:
        raise click.UsageError(str(error)) from error
    for number, file in enumerate(files):
        if file.fault is not None:
            raise RuntimeError(file.fault)
        if file.programs:
            click.echo(("\n" if number else "") + "\n".join(shown(file, file.programs[0])))
        else:
            for diagnostic in file.diagnostics:
                click.echo("\n".join(diagnostic_text(diagnostic, file.file, file.source, Style())), err=True)
    context.exit(2 if any(file.invalid for file in files) else 0 if files else 5)
