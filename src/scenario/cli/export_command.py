"""`scenario export`: a scenario as another tool's model."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from scenario.cli import configuration, options

if TYPE_CHECKING:
    from collections.abc import Iterable

    from scenario.diagnostics import Diagnostic
    from scenario.files.loaded import Loaded


@click.command("export", short_help="Write a scenario as a model for another tool.")
@click.argument("file", metavar="FILE", type=options.FILE)
@click.option(
    "--to", type=click.Choice(["promela"]), required=True, expose_value=False, help="promela: a model for SPIN."
)
@configuration.option
@options.program
@click.option("-o", "--output-file", metavar="FILE", type=options.FILE, help="Write it to a file.")
@click.pass_context
def command(
    context: click.Context,
    /,
    file: str,
    params: dict[str, str],
    allow_python: tuple[str, ...],
    output_file: str | None,
) -> None:
    """Write a scenario as a model for another tool, for a second opinion.

    With --to promela: integers, locks, semaphores and plain control flow, for the model checker SPIN.
    Exit codes: 0 written, 2 the file is invalid or has what the other language can not say.
    """
    from scenario.cli.session import opened, writer
    from scenario.commands.loading import load_all
    from scenario.export.promela import promela
    from scenario.export.refusal import NotExportable
    from scenario.files.options import Selection, UsageError

    selection = Selection(paths=(file,), params=params, allow_python=frozenset(allow_python))
    try:
        found = load_all(selection, exploring=True)
    except UsageError as error:
        raise click.UsageError(str(error)) from error
    if len(found) != 1:
        raise click.UsageError(f"{file}: {len(found)} files are selected, and one is exported at a time")
    loaded = found[0]
    if loaded.fault is not None:
        raise RuntimeError(loaded.fault)
    if not loaded.programs:
        _show(loaded, loaded.diagnostics)
        context.exit(2)
    if len(loaded.programs) > 1:
        raise click.UsageError(f"{file} has {len(loaded.programs)} cases: choose one with -p")
    try:
        text = promela(loaded.programs[0])
    except NotExportable as refused:
        _show(loaded, refused.diagnostics)
        context.exit(2)
    with opened(output_file, found) as stream:
        writer(stream)(text.removesuffix("\n"))


def _show(loaded: Loaded, diagnostics: Iterable[Diagnostic]) -> None:
    from scenario.legible import legible, legibly
    from scenario.report.diagnostics import diagnostic_text
    from scenario.report.style import Style

    for diagnostic in diagnostics:
        click.echo(
            "\n".join(diagnostic_text(legibly(diagnostic), legible(loaded.file), loaded.source, Style(False))), err=True
        )
