"""`scenario list`: what there is."""

from __future__ import annotations

from typing import Any

import click

from scenario.cli import options


@click.command("list", short_help="List the scenarios of files and directories.")
@options.selection
@click.pass_context
def command(context: click.Context, /, **given: Any) -> None:
    """List the scenarios of files and directories: path, name, tags, what each shows.

    PATH is a file, a directory (its YAML files, recursively), a glob, or `-` for standard input.
    """
    from scenario.suite.listing import listed
    from scenario.suite.options import Selection, UsageError

    selection = Selection(given["paths"], given["exclude"], given["keyword"], given["tags"], given["stdin_filename"])
    try:
        rows = listed(selection)
    except UsageError as error:
        raise click.UsageError(str(error)) from error
    for row in rows:
        click.echo(row)
    context.exit(0 if rows else 5)
