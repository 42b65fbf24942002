"""From a command's options to its exit code: the selection, the report's format and where it goes."""

from __future__ import annotations

import gc
import os
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from itertools import combinations
from math import inf
from pathlib import Path
from typing import Any, TextIO, TypeAlias, cast

import click

from scenario.cli.progress import Progress
from scenario.cli.streams import silence, tell
from scenario.commands.loading.selected import Interrupted, load_all
from scenario.commands.pipeline import report as of_results
from scenario.files.loaded import Files, Loaded
from scenario.files.options import Selection, UsageError
from scenario.legible import legibly
from scenario.record import record
from scenario.regular import is_same, to_write
from scenario.report.formats import FOR_PEOPLE, chosen, reporter_named
from scenario.report.quiet import Quiet
from scenario.report.reporter import Reporter, Write
from scenario.report.style import ColorChoice, Style, colored
from scenario.report.summary import passed_over
from scenario.results.result import Command, Report, Result

FAULT, INTERRUPTED, INVALID, FAILS, UNDECIDED, NOTHING, FINE = 70, 130, 2, 1, 3, 5, 0
FIRST = (INTERRUPTED, FAULT, INVALID, FAILS, UNDECIDED, NOTHING, FINE)
"""Exit codes; of several, the first of these."""
_CODES = {"invalid": INVALID, "fails": FAILS, "undecided": UNDECIDED, "holds": FINE, "skipped": FINE}


SELDOM = 10_000
"""New objects after which cycles are looked for: what a command imports and makes for a small file has none."""


@record
class Session:
    """What a command works with."""

    selection: Selection
    files: Sequence[Loaded]
    reporter: Reporter
    progress: Progress


Work: TypeAlias = Callable[[Session], Report]


def conducted(options: Mapping[str, Any], work: Work, *, exploring: bool = False, cut: Work | None = None) -> int:
    """Loads, lets the command work, reports; the exit code. `cut` works on what was loaded when Ctrl-C came. Raises click.UsageError."""
    started = time.perf_counter()
    selection = selection_of(options)
    early: Interrupted | None = None
    try:
        files = load_all(selection, exploring=exploring)
    except UsageError as error:
        raise click.UsageError(str(error)) from error
    except Interrupted as error:
        early, files, work = error, error.files, cut or _interrupted
    gc.freeze()  # what is loaded stays to the end
    gc.set_threshold(SELDOM)
    gc.enable()
    with outputs(options, files) as streams:
        stream = streams["output_file"]
        progress = Progress(sys.stderr)
        reporter = _Shown(_reporter(options, stream), progress)
        session = Session(selection, files, reporter, progress)
        try:
            report = work(session)
        except UsageError as error:
            raise click.UsageError(str(error)) from error
        except KeyboardInterrupt:  # replay loads, others close what they have opened
            report = _interrupted(session, reporter.told)
        if early is not None:
            report = replace(report, interrupted=True, unrun=(*report.unrun, *early.left))
        report = replace(report, seconds=time.perf_counter() - started, others=files.others)
        reporter.finish(report)
        stream.flush()
        _pictured(report, options, files, streams, progress)
        progress.clear()
    if not report.results and not report.interrupted:
        tell_rest(files, nothing=True)
    return exit_code(report)


def tell_rest(files: Files, *, nothing: bool) -> None:
    """What of the paths was no scenario, and that nothing was selected where it is so."""
    rest = passed_over(files.others) if files.others else ""
    said = [*(["scenario: nothing was selected"] if nothing else []), *([rest] if rest else [])]
    if said:
        tell(": ".join(said))


OUTPUTS = {"output_file": "-o", "trace": "--trace", "html": "--html", "svg": "--svg"}
"""Options that name a file to be written."""


@contextmanager
def outputs(options: Mapping[str, Any], files: Files) -> Iterator[Mapping[str, TextIO]]:
    """By option where it is written to; opened before anything is done. Raises click.UsageError, also where two would be one."""
    named = {name: options.get(name) or "-" for name in OUTPUTS if name == "output_file" or options.get(name)}
    for (one, path), (other, second) in combinations(named.items(), 2):
        if path == second == "-":
            raise click.UsageError(
                f"{OUTPUTS[other]} - would be mixed with the results: write those to a file (-o FILE)"
            )
        if Path(path).resolve() == Path(second).resolve() or is_same(path, second):
            raise click.UsageError(f"{OUTPUTS[one]} and {OUTPUTS[other]} are both {path}")
    with ExitStack() as stack:
        yield {name: stack.enter_context(opened(path, files)) for name, path in named.items()}


def _pictured(
    report: Report, options: Mapping[str, Any], files: Files, outputs: Mapping[str, TextIO], progress: Progress
) -> None:
    """The schedules in the other forms that were asked for."""
    if "trace" in outputs:
        import json

        from scenario.report.machines.trace import trace

        writer(outputs["trace"])(json.dumps(trace(legibly(report))))
    if "html" in outputs:
        from scenario.commands.pictures.filming import filmed
        from scenario.report.page.page import page
        from scenario.settings import named

        allowed = frozenset(options.get("allow_python", ()))
        progress.show("making the page …", at_once=True)
        shown = tuple(filmed(report, files, named(options), allowed))
        writer(outputs["html"])(page(shown, f"scenario {report.command}"))


def _interrupted(session: Session, told: Sequence[Result] = ()) -> Report:
    """The report of a Ctrl-C that came before the command had one, of what it had told by then."""
    command = cast("Command", click.get_current_context().info_name)
    return of_results(command, session.files, told, interrupted=True)


def exit_code(report: Report) -> int:
    """LANGUAGE.md section 9."""
    return min(_codes(report), key=FIRST.index)


def _codes(report: Report) -> Iterator[int]:
    if report.interrupted:
        yield INTERRUPTED
    if not report.results:
        yield NOTHING
    for result in report.results:
        yield FAULT if result.fault is not None else _CODES[result.verdict.word]


def selection_of(options: Mapping[str, Any]) -> Selection:
    """What the command line selects."""
    return Selection(
        paths=options["paths"],
        exclude=options["exclude"],
        keyword=options["keyword"],
        tags=options["tags"],
        stdin_name=options["stdin_filename"],
        params=options.get("params", {}),
        allow_python=frozenset(options.get("allow_python", ())),
        ignore=options.get("ignore", frozenset()),
        strict=options.get("strict", False),
        exitfirst=options.get("exitfirst", False),
        seconds=options.get("max_seconds", inf),
        memory=options.get("max_memory"),
        runtimes=tuple(dict.fromkeys(options.get("runtimes", ()))),
    )


@contextmanager
def opened(file: str | None, scenarios: Iterable[Loaded] = ()) -> Iterator[TextIO]:
    """Where results go. Raises click.UsageError where the file can not be written, or is one of the scenarios."""
    if file is None or file == "-":
        yield sys.stdout
        return
    if any(is_same(file, scenario.file) for scenario in scenarios):
        raise click.UsageError(f"{file} is the scenario itself: nothing is written over it")
    try:
        descriptor = to_write(file)
    except OSError as error:
        raise click.UsageError(f"can not write {file}: {error.strerror}") from error
    with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
        try:
            yield stream
        except KeyboardInterrupt:  # to close it would write what is left, to a pipe that is full for ever
            silence(stream)
            raise


def _reporter(options: Mapping[str, Any], stream: TextIO) -> Reporter:
    to_file = options["output_file"] not in (None, "-")
    name = chosen(options["output_format"], os.environ, to_file=to_file)
    form = reporter_named(name)
    style = style_of(options["color"], stream, full=options["verbose"])
    reporter = form(writer(stream), replace(style, timeline=options.get("timeline", False)))
    return Quiet(reporter) if options.get("quiet") and name in FOR_PEOPLE else reporter


def style_of(color: ColorChoice, stream: TextIO, *, full: bool = False) -> Style:
    """Whether what goes there is coloured, how wide it may be, and whether what is long is shown in full."""
    return Style(colored(color, os.environ, terminal=stream.isatty()), _width(stream), full, "-v")


def writer(stream: TextIO) -> Write:
    """Writes whole lines, each at once. Where nobody reads them any more, the work goes on for its exit code."""

    def write(text: str) -> None:
        try:
            stream.write(f"{_encodable(text, stream)}\n")
            stream.flush()
        except BrokenPipeError:
            silence(stream)

    return write


def _width(stream: TextIO) -> int | None:
    """The columns of a terminal, or those that the environment asks for; what goes elsewhere does not depend on who writes it."""
    if not stream.isatty() and not (stream is sys.stdout and os.environ.get("COLUMNS")):
        return None
    import shutil

    return shutil.get_terminal_size().columns


def _encodable(text: str, stream: TextIO) -> str:
    """What a terminal's encoding can not show is escaped; lone surrogates too."""
    encoding = stream.encoding or "utf-8"
    return text.encode(encoding, "backslashreplace").decode(encoding)


class _Shown:
    """The reporter, with the progress line out of its way."""

    def __init__(self, reporter: Reporter, progress: Progress) -> None:
        self._reporter = reporter
        self._progress = progress
        self.told: list[Result] = []

    def begin(self, file: str, scenario: str, case: str) -> None:
        self._progress.clear()
        self._reporter.begin(file, scenario, case)
        self._progress.show(f"{file}: {scenario} {case}".rstrip())

    def printed(self, line: str) -> None:
        self._progress.clear()
        self._reporter.printed(line)

    def end(self, result: Result) -> None:
        self.told.append(result)
        self._progress.clear()
        self._reporter.end(result)

    def finish(self, report: Report) -> None:
        self._progress.clear()
        self._reporter.finish(report)
