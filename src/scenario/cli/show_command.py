"""`scenario show FILE`: a file explained."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from scenario.cli import configuration, options

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from scenario.files.loaded import Loaded
    from scenario.report.style import Style


@click.command("show", short_help="Explain a scenario: threads, primitives, who touches what, the steps.")
@options.selection
@configuration.option
@options.program
@options.listing
@click.pass_context
def command(context: click.Context, /, **given: Any) -> None:
    """Explain a scenario: its threads and primitives, who touches what, and the indivisible steps of each line.

    PATH is a file, a directory (its scenarios, recursively), a glob, or `-` for standard input.
    Each case is shown, with the params that exploring would use. Exit codes: 0 all are valid, 2 one is not,
    5 nothing was selected.
    """
    from scenario.cli.session import opened, selection_of, style_of, tell_rest, writer
    from scenario.commands.loading.selected import load_all
    from scenario.files.options import UsageError

    try:
        files = load_all(selection_of(given), exploring=True)
    except UsageError as error:
        raise click.UsageError(str(error)) from error
    for file in files:
        if file.fault is not None:
            raise RuntimeError(file.fault)
    with opened(given["output_file"], files) as stream:
        write = writer(stream)
        if given["form"] == "json":
            write(_json(files))
        else:
            for line in _text(files, style_of(given["color"], stream)):
                write(line)
    tell_rest(files, nothing=not files)
    context.exit(2 if any(file.invalid or file.unfit for file in files) else 0 if files else 5)


def _text(files: Sequence[Loaded], style: Style) -> Iterator[str]:
    """What is invalid goes to standard error."""
    from scenario.cli.streams import tell
    from scenario.commands.showing import explained
    from scenario.legible import legible, legibly
    from scenario.report.diagnostics import diagnostic_text
    from scenario.report.explained import explained_text, legend

    valid = [file for file in files if file.programs]
    cases = [[*map(legibly, explained(file))] for file in valid]
    for number, of_file in enumerate(cases):
        yield from [""] if number else []
        yield from explained_text(of_file, style)
    if cases:
        yield from ("", *legend([case for of_file in cases for case in of_file], style))
    for file in files:
        for diagnostic in () if file.programs and not file.unfit else file.told:
            tell("\n".join(diagnostic_text(legibly(diagnostic), legible(file.file), file.source, style)))


def _json(files: Sequence[Loaded]) -> str:
    """One object; an invalid file stands in it as it does in the results of `validate`."""
    from scenario.commands.showing import explained
    from scenario.commands.validating import validate
    from scenario.report.explained import explained_object
    from scenario.report.machines.json_results import json_text
    from scenario.report.reporter import Silent
    from scenario.report.shape import FORMAT, result_object

    results: list[object] = []
    for file in files:
        results += map(explained_object, explained(file))
        if not file.programs or file.unfit:
            results += map(result_object, validate([file], Silent()).results)
    return json_text({"format": FORMAT, "command": "show", "results": results}, 2)
