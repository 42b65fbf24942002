"""From files to programs: read, loaded, selected by keyword and tag, compiled for each case."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from scenario.compile import compile_scenario, param_names
from scenario.diagnostics import Diagnostic, InvalidScenario
from scenario.program.program import Program
from scenario.record import record
from scenario.source import Source
from scenario.spec.document import parse
from scenario.spec.load import understood
from scenario.spec.reading import read, receive
from scenario.spec.scenario import Scenario
from scenario.spec.values import plain
from scenario.suite.faults import described
from scenario.suite.keyword import BadKeyword, keyword
from scenario.suite.options import Selection, UsageError
from scenario.suite.selecting import STDIN, selected


@record
class Loaded:
    """A file as far as it could be brought: `programs` (one a case), or `diagnostics`, or a fault of ours.

    `model` is a valid one; `partial` is what could be made of a file with mistakes, to find its other mistakes.
    `only` is the one case that is asked for, None for all of them.
    """

    file: str
    source: Source | None = None
    model: Scenario | None = None
    programs: tuple[Program, ...] = ()
    diagnostics: tuple[Diagnostic, ...] = ()
    fault: str | None = None
    only: Program | None = None
    partial: Scenario | None = None

    @property
    def chosen(self) -> tuple[Program, ...]:
        """The cases to work on."""
        return self.programs if self.only is None else (self.only,)

    @property
    def invalid(self) -> bool:
        """Whether there is an error, not just a warning."""
        return any(diagnostic.severity == "error" for diagnostic in self.diagnostics)


def load_all(selection: Selection, *, exploring: bool = False) -> list[Loaded]:
    """All selected files. Raises UsageError for a bad `-k`, and for a `-p` that no selected file has."""
    return compile_all(load_models(selection), selection, exploring=exploring)


def compile_all(files: Iterable[Loaded], selection: Selection, *, exploring: bool = False) -> list[Loaded]:
    """The files, compiled. Raises UsageError for a `-p` that none of them has."""
    chosen = list(files)
    overrides = {name: override(name, text) for name, text in selection.params.items()}
    _refuse_unknown(overrides, chosen)
    return [_compiled(file, overrides, selection, exploring=exploring) for file in chosen]


def load_models(selection: Selection) -> list[Loaded]:
    """All selected files, not yet compiled. Raises UsageError for a bad `-k`."""
    loaded = [_loaded(file, selection) for file in selected(selection.paths, selection.exclude)]
    return [*_chosen(loaded, selection)]


def override(name: str, text: str) -> object:
    """The value of `-p name=text`, read as YAML; an empty text is null. Raises UsageError."""
    if not text.strip():
        return None
    try:
        value, found = parse(Source(f"-p {name}", text))
    except InvalidScenario as invalid:
        found = list(invalid.diagnostics)
    if found:
        raise UsageError(f"-p {name}: {found[0].message}")
    return plain(value)


def _loaded(file: str, selection: Selection) -> Loaded:
    shown = selection.stdin_name if file == STDIN else file
    source = None
    try:
        source = receive(shown, sys.stdin) if file == STDIN else read(file)
        model = understood(source)
    except InvalidScenario as invalid:
        return Loaded(shown, source, diagnostics=invalid.diagnostics)
    except Exception as error:  # noqa: BLE001 (a fault of ours is reported, and the other files go on)
        return Loaded(shown, source, fault=described(error))
    if model.mistakes:
        return Loaded(shown, source, partial=model, diagnostics=model.mistakes)
    return Loaded(shown, source, model)


def _chosen(loaded: Iterable[Loaded], selection: Selection) -> Iterator[Loaded]:
    """Those that `-k` and `-t` ask for; what could not be loaded is never dropped in silence."""
    try:
        matches = keyword(selection.keyword) if selection.keyword.strip() else None
    except BadKeyword as error:
        raise UsageError(f"-k {selection.keyword!r}: {error}") from error
    for file in loaded:
        model = file.model
        if model is not None:
            if matches is not None and not matches((file.file, model.name, *model.tags)):
                continue
            if selection.tags and set(selection.tags).isdisjoint(model.tags):
                continue
        yield file


def _refuse_unknown(overrides: Mapping[str, object], files: Iterable[Loaded]) -> None:
    models = [file.model for file in files]
    if None in models or not models:  # the names are not all known; the report says what is wrong
        return
    known = frozenset().union(*(param_names(model) for model in models if model))
    for name in overrides:
        if name not in known:
            hint = f"; there are: {', '.join(sorted(known))}" if known else ""
            raise UsageError(f"-p {name}: no selected file has a param of that name{hint}")


def _compiled(file: Loaded, overrides: Mapping[str, object], selection: Selection, *, exploring: bool) -> Loaded:
    model, source = file.model or file.partial, file.source
    if model is None or source is None:
        return file
    try:
        compiled = compile_scenario(
            model, source, overrides, exploring=exploring, allowed_python=selection.allow_python
        )
    except InvalidScenario as invalid:
        return replace(file, diagnostics=invalid.diagnostics)
    except Exception as error:  # noqa: BLE001 (a fault of ours is reported, and the other files go on)
        return replace(file, fault=described(error))
    return replace(file, programs=compiled)


def label(programs: tuple[Program, ...], program: Program) -> str:
    """The params in which the cases of a file differ: `workers=2`."""
    return ",".join(f"{name}={value}" for name, value in differing(programs, program).items())


def differing(programs: tuple[Program, ...], program: Program) -> dict[str, object]:
    """Those params of a case that are not the same in all cases."""
    return {
        name: value
        for name, value in program.params.items()
        if any(other.params.get(name) != value for other in programs)
    }
