"""`scenario list`: what there is."""

from __future__ import annotations

from typing import Any

import click

from scenario.cli import configuration, options


@click.command("list", short_help="List the scenarios of files and directories.")
@options.selection
@configuration.option
@options.listing
@click.pass_context
def command(context: click.Context, /, **given: Any) -> None:
    """List the scenarios of files and directories: path, name, tags, what each shows.

    PATH is a file, a directory (its scenarios, recursively), a glob, or `-` for standard input.
    Exit codes: 0 listed, invalid files too, 5 nothing was selected.
    """
    from dataclasses import asdict

    from scenario.cli.session import opened, selection_of, style_of, writer
    from scenario.cli.streams import tell
    from scenario.commands.listing import as_text, listed
    from scenario.commands.loading.selected import load_models
    from scenario.files.options import UsageError
    from scenario.legible import legibly
    from scenario.report.machines.json_results import json_text
    from scenario.report.summary import passed_over

    try:
        files = load_models(selection_of(given))
    except UsageError as error:
        raise click.UsageError(str(error)) from error
    rows = listed(files)
    with opened(given["output_file"], files) as stream:
        if given["form"] == "json":
            whole = {"format": 1, "command": "list", "results": [asdict(row) for row in rows]}
            writer(stream)(json_text(whole, 2))
        else:
            for row in as_text(legibly(rows), style_of(given["color"], stream)):
                writer(stream)(row)
    if files.others:
        tell(passed_over(files.others))
    context.exit(0 if rows else 5)
