"""The one case of one file that a command works with."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import click

from scenario.commands.loading.selected import load_all
from scenario.diagnostics import Diagnostic
from scenario.files.loaded import Files, Loaded
from scenario.files.options import Selection, UsageError
from scenario.language.runtimes import Runtime
from scenario.program.program import Program


def one_case(
    context: click.Context,
    file: str,
    params: Mapping[str, str],
    allow_python: Sequence[str],
    *,
    exploring: bool = True,
    runtimes: tuple[Runtime, ...] = (),
) -> tuple[Files, Program]:
    """What was loaded, and its program. Exits with 2 where the file is invalid. Raises click.UsageError."""
    try:
        selection = Selection((file,), params=params, allow_python=frozenset(allow_python), runtimes=runtimes)
        found = load_all(selection, exploring=exploring)
    except UsageError as error:
        raise click.UsageError(str(error)) from error
    if len(found) != 1:
        raise click.UsageError(
            f"{file}: {len(found)} files are selected, and `{context.info_name}` takes one at a time"
        )
    loaded = found[0]
    if loaded.fault is not None:
        raise RuntimeError(loaded.fault)
    if not loaded.programs or loaded.unfit:
        show(loaded, loaded.told)
        context.exit(2)
    cases = [program for program in loaded.programs if program.runtime == loaded.programs[0].runtime]
    if len(cases) > 1:
        raise click.UsageError(f"{file} has {len(cases)} cases: choose one with -p")
    return found, cases[0]


def show(loaded: Loaded, diagnostics: Iterable[Diagnostic]) -> None:
    """What is wrong with it, on standard error."""
    from scenario.legible import legible, legibly
    from scenario.report.diagnostics import diagnostic_text
    from scenario.report.style import Style

    for diagnostic in diagnostics:
        text = diagnostic_text(legibly(diagnostic), legible(loaded.file), loaded.source, Style(False))
        click.echo("\n".join(text), err=True)
