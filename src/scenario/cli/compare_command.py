"""`scenario compare`: a file on each runtime, side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from scenario.cli import configuration, options

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from typing import TextIO

    from scenario.commands.comparing import Asked
    from scenario.files.loaded import Files, Loaded
    from scenario.report.style import Style
    from scenario.results.comparison import Comparison


@click.command("compare", short_help="Run and explore a scenario on each runtime, side by side.")
@options.selection
@configuration.option
@options.runs(5, "Runs of each.")
@click.option(
    "--max-seconds",
    type=click.FloatRange(min=0, min_open=True),
    callback=options.not_nan,
    default=10.0,
    show_default=True,
    metavar="S",
    envvar="SCENARIO_MAX_SECONDS",
    help="Of each search.",
)
@click.option(
    "--python", "pythons", multiple=True, metavar="PATH", help="Another interpreter, with scenario in it (repeatable)."
)
@click.option("--svg", metavar="FILE", type=options.FILE, help="Write the bars as a picture.")
@click.option("--html", metavar="FILE", type=options.FILE, help="Write a page with bars and tables.")
@options.listing
@click.pass_context
def command(context: click.Context, /, **given: Any) -> None:  # fmt: skip
    """Run and explore a scenario on each runtime that has what it uses, and one thread after the other.

    A line for each says whether it holds, the wall time and that of the processor (medians of N runs), how many times as fast
    that is as one thread after the other (where none has to wait for another), and what was seen. Exit codes: 0 it
    holds wherever its `runtimes` say so, 1 it does not, 2 a file is invalid, 3 the system refused a way, 5 nothing was
    selected, 130 interrupted.
    """
    from scenario.chance import any_seed
    from scenario.cli.session import outputs, selection_of, style_of
    from scenario.commands.comparing import Asked
    from scenario.commands.loading.selected import load_all
    from scenario.files.options import UsageError
    from scenario.settings import ExploreOptions

    selection = selection_of(given | {"max_seconds": float("inf")})
    search = ExploreOptions(max_seconds=given["max_seconds"])
    asked = Asked(selection, any_seed(given["seed"]), given["times"], search, given["pythons"])
    try:
        files = load_all(selection)
        with outputs(given, files) as streams:
            stream = streams["output_file"]
            found, interrupted = _told(files, asked, given["form"], style_of(given["color"], stream), stream)
            _pictured(found, streams)
    except UsageError as error:
        raise click.UsageError(str(error)) from error
    context.exit(130 if interrupted else _code(files, found))


def _pictured(found: Sequence[Comparison], streams: Mapping[str, TextIO]) -> None:
    """The other forms that were asked for."""
    from scenario.cli.session import writer
    from scenario.legible import legibly

    shown = [legibly(one) for one in found]
    if "svg" in streams:
        from scenario.report.pictures.comparison_svg import comparison_svg

        writer(streams["svg"])(comparison_svg(shown))
    if "html" in streams:
        from scenario.report.page.comparing import comparison_page

        writer(streams["html"])(comparison_page(shown))


def _code(files: Files, found: Sequence[Comparison]) -> int:
    from scenario.cli.session import tell_rest

    tell_rest(files, nothing=not files)
    if not files:
        return 5
    if any(file.invalid for file in files):
        return 2
    if not all(one.holds for one in found):
        return 1
    return 3 if any(left.refused for one in found for left in one.left_out) else 0


def _told(
    files: Sequence[Loaded], asked: Asked, form: str, style: Style, stream: TextIO
) -> tuple[list[Comparison], bool]:
    """The comparisons, each shown as soon as it is there, and whether Ctrl-C ended them; what is invalid goes to standard error."""
    from scenario.cli.session import writer
    from scenario.cli.streams import tell
    from scenario.commands.comparing import version
    from scenario.legible import legible, legibly
    from scenario.report.comparison import comparison_object, comparison_text
    from scenario.report.diagnostics import diagnostic_text
    from scenario.report.machines.json_results import json_text
    from scenario.report.shape import FORMAT

    write = writer(stream)
    found: list[Comparison] = []
    for file in files:
        for diagnostic in () if file.programs else file.diagnostics:
            tell("\n".join(diagnostic_text(legibly(diagnostic), legible(file.file), file.source, style)))
    interrupted = False
    try:
        for one in _compared([file for file in files if file.programs], asked):
            found.append(one)
            if form != "json":
                for line in comparison_text(legibly(one), style):
                    write(line)
    except KeyboardInterrupt:
        interrupted = True
        tell(f"scenario: interrupted; so far: {len(found)} compared")
    if form == "json":
        results = [comparison_object(one) for one in found]
        write(json_text({"format": FORMAT, "command": "compare", "python": version(), "results": results}, 2))
    return found, interrupted


def _compared(files: Sequence[Loaded], asked: Asked) -> Iterator[Comparison]:
    import sys

    from scenario.cli.progress import Progress
    from scenario.commands.comparing import compare

    progress = Progress(sys.stderr)
    try:
        for one in compare(files, asked, lambda file, way: progress.show(f"{file}: {way}")):
            progress.clear()
            yield one
    finally:
        progress.clear()
