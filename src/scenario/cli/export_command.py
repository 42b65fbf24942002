"""`scenario export`: a scenario as a program, another tool's model, or a diagram."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from scenario.cli import configuration, options

if TYPE_CHECKING:
    from scenario.files.loaded import Loaded
    from scenario.files.options import Selection
    from scenario.language.runtimes import Runtime
    from scenario.program.program import Program


@click.command("export", short_help="Write a scenario as a Python program, a model or a diagram.")
@click.argument("file", metavar="FILE", type=options.FILE)
@click.option(
    "--to",
    type=click.Choice(["python", "promela", "mermaid", "dot"]),
    required=True,
    help="python: a program; promela: a model for SPIN; mermaid: a sequence diagram; dot: the graph of states.",
)
@configuration.option
@options.program
@options.runtime
@click.option("-o", "--output-file", metavar="FILE", type=options.FILE, help="Write it to a file.")
@click.pass_context
def command(
    context: click.Context,
    /,
    file: str,
    to: str,
    params: dict[str, str],
    allow_python: tuple[str, ...],
    runtime: Runtime | None,
    output_file: str | None,
) -> None:
    """Write a scenario as a program of its own, as a model for another tool, or as a diagram.

    With --to python: a standalone program, as a person would write it, of threads, tasks or processes. With --to promela: integers, locks, semaphores and plain control flow, for the model checker SPIN. With --to mermaid: a
    sequence diagram of how it fails, or of an execution where it does not. With --to dot: all states and steps for Graphviz, if
    they are few.
    Exit codes: 0 written, 2 the file is invalid or has what the other language can not say.
    """
    from scenario.cli.one_case import one_case, show
    from scenario.cli.session import opened, writer
    from scenario.diagnostics import InvalidScenario
    from scenario.export.refusal import NotExportable
    from scenario.files.options import Selection, UsageError

    chosen = (runtime,) if runtime is not None else ()
    found, program = one_case(context, file, params, allow_python, exploring=to != "python", runtimes=chosen)
    try:
        text = (
            _python(
                found[0],
                program,
                Selection((file,), params=params, allow_python=frozenset(allow_python), runtimes=chosen),
            )
            if to == "python"
            else _text(program, to)
        )
    except UsageError as error:
        raise click.UsageError(f"{file}: {error}") from error
    except (NotExportable, InvalidScenario) as refused:
        show(found[0], refused.diagnostics)
        context.exit(2)
    with opened(output_file, found) as stream:
        writer(stream)(text.removesuffix("\n"))


def _python(loaded: Loaded, program: Program, selection: Selection) -> str:
    """Raises NotExportable."""
    from scenario.commands.loading.compiling import with_params
    from scenario.export.python.module import python

    description = loaded.about.description if loaded.about is not None else ""
    return python(with_params(loaded, program, selection), description)


def _text(program: Program, to: str) -> str:
    """Raises NotExportable and UsageError."""
    if to == "promela":
        from scenario.export.promela import promela

        if program.runtime != "threading":
            raise click.UsageError(f"{program.name} is no program of threads, which is what is written for SPIN")
        return promela(program)
    from scenario.commands.exploring import unsuited
    from scenario.commands.pictures.drawn import graph, picture
    from scenario.report.pictures.dot import state_graph
    from scenario.report.pictures.mermaid import sequence_diagram

    if (why := unsuited(program)) is not None:
        raise click.UsageError(f"{program.name} can not be explored: {why}")
    if to == "dot":
        return "\n".join(state_graph(graph(program), program.name))
    shown = picture(program)
    return "\n".join(sequence_diagram(shown.schedule, shown.blocked))
