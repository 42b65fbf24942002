"""`scenario export`: a scenario as another tool's model."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from scenario.cli import configuration, options

if TYPE_CHECKING:
    from collections.abc import Iterable

    from scenario.diagnostics import Diagnostic
    from scenario.files.loaded import Loaded
    from scenario.program.program import Program


@click.command("export", short_help="Write a scenario as a model for another tool, or as a diagram.")
@click.argument("file", metavar="FILE", type=options.FILE)
@click.option(
    "--to",
    type=click.Choice(["promela", "mermaid"]),
    required=True,
    help="promela: a model for SPIN; mermaid: a sequence diagram.",
)
@configuration.option
@options.program
@click.option("-o", "--output-file", metavar="FILE", type=options.FILE, help="Write it to a file.")
@click.pass_context
def command(
    context: click.Context,
    /,
    file: str,
    to: str,
    params: dict[str, str],
    allow_python: tuple[str, ...],
    output_file: str | None,
) -> None:
    """Write a scenario as a model for another tool, for a second opinion, or as a diagram.

    With --to promela: integers, locks, semaphores and plain control flow, for the model checker SPIN. With --to mermaid: a
    sequence diagram of how it fails, or of an execution where it does not.
    Exit codes: 0 written, 2 the file is invalid or has what the other language can not say.
    """
    from scenario.cli.session import opened, writer
    from scenario.commands.loading import load_all
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
        text = _text(loaded.programs[0], to)
    except UsageError as error:
        raise click.UsageError(f"{file}: {error}") from error
    except NotExportable as refused:
        _show(loaded, refused.diagnostics)
        context.exit(2)
    with opened(output_file, found) as stream:
        writer(stream)(text.removesuffix("\n"))


def _text(program: Program, to: str) -> str:
    """Raises NotExportable and UsageError."""
    if to == "promela":
        from scenario.export.promela import promela

        return promela(program)
    from scenario.commands.exploring import unsuited
    from scenario.commands.picturing import picture
    from scenario.report.mermaid import sequence_diagram

    if (why := unsuited(program)) is not None:
        raise click.UsageError(f"{program.name} can not be explored: {why}")
    shown = picture(program)
    return "\n".join(sequence_diagram(shown.schedule, shown.blocked))


def _show(loaded: Loaded, diagnostics: Iterable[Diagnostic]) -> None:
    from scenario.legible import legible, legibly
    from scenario.report.diagnostics import diagnostic_text
    from scenario.report.style import Style

    for diagnostic in diagnostics:
        click.echo(
            "\n".join(diagnostic_text(legibly(diagnostic), legible(loaded.file), loaded.source, Style(False))), err=True
        )
