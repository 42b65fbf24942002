"""One file from its model to its programs: compiled for each case, looked at by the static rules."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from scenario.commands.loading.reading import read_model
from scenario.compile import compile_scenario
from scenario.compile.codes import RUNTIME
from scenario.compile.opened import OpenFile
from scenario.diagnostics import Diagnostic, InvalidScenario
from scenario.files.faults import attempted
from scenario.files.loaded import Loaded, Unfit
from scenario.files.options import Selection, UsageError
from scenario.language.runtimes import RUNTIMES, Runtime
from scenario.lint.check import warnings
from scenario.machine import resident, room
from scenario.program.bounded.patience import Expired, Full
from scenario.program.evaluate import DEADLINE, ROOM
from scenario.program.open import Open
from scenario.program.program import Program
from scenario.source import Source
from scenario.spec.codes import EMPTY
from scenario.spec.readers.expressions import is_computed
from scenario.spec.yaml.document import parse
from scenario.spec.yaml.values import plain


def compiled(file: Loaded, overrides: Mapping[str, object], selection: Selection, *, exploring: bool = False) -> Loaded:
    """The file with its programs and its warnings (at the sizes at which it is run or explored)."""
    model, source = file.model, file.source
    if model is None or source is None:
        return file

    def made_for(runtimes: Sequence[Runtime]) -> tuple[Program, ...]:
        allowed = selection.allow_python
        return compile_scenario(
            model, source, overrides, exploring=exploring, allowed_python=allowed, runtimes=runtimes
        )

    def work() -> Loaded:
        programs, unfit = _fit(selection.runtimes or model.runtimes or RUNTIMES[:1], made_for)
        return replace(file, model=None, programs=programs, unfit=unfit, warnings=warnings(programs, source))

    began = time.monotonic()
    try:
        with DEADLINE.until(began + selection.seconds), ROOM.until(resident() + room(selection.memory)):
            made = attempted(file, work)
    except Full:
        return replace(file, model=None, given_up="memory")
    except Expired:
        return replace(file, model=None, given_up="time")
    return replace(made, seconds=time.monotonic() - began)


def _fit(
    runtimes: Sequence[Runtime], made_for: Callable[[Sequence[Runtime]], tuple[Program, ...]]
) -> tuple[tuple[Program, ...], tuple[Unfit, ...]]:
    """The programs for those runtimes that have what the file uses, and what the others lack. Raises InvalidScenario where none has, and for any other mistake."""
    try:
        return made_for(runtimes), ()
    except InvalidScenario as invalid:
        if any(one.code != RUNTIME for one in invalid.diagnostics):
            raise
        unfit = tuple(_unfit(runtimes, made_for))
        fit = [one for one in runtimes if all(one != other.runtime for other in unfit)]
        if not fit:
            raise
        return made_for(fit), unfit


def _unfit(
    runtimes: Iterable[Runtime], made_for: Callable[[Sequence[Runtime]], tuple[Program, ...]]
) -> Iterator[Unfit]:
    for one in runtimes:
        try:
            made_for((one,))
        except InvalidScenario as invalid:
            yield Unfit(one, invalid.diagnostics)


def override(name: str, text: str) -> object:
    """The value of `-p name=text`, read as YAML; an empty text is null. Raises UsageError."""
    if not text.strip():
        return None
    try:
        f"{name}={text}".encode()
    except UnicodeEncodeError:
        raise UsageError(f"-p {f'{name}={text}'!a}: these bytes are no text in this encoding") from None
    try:
        value, found = parse(Source(f"-p {name}", text))
    except InvalidScenario as invalid:
        found = list(invalid.diagnostics)
    if found:
        raise UsageError(f"-p {name}: {_no_value(found[0], text)}")
    if is_computed(value):
        raise UsageError(f"-p {name}: only a file computes a value ({{expr: …}}); give what it comes to")
    return plain(value)


def _no_value(found: Diagnostic, text: str) -> str:
    """What is wrong with the text of a value, and what to write."""
    if found.code == EMPTY:
        return f"no value in {text!r}; a text with a # or --- is to be quoted, for YAML too"
    return f"{found.message}{'; ' if found.hint else ''}{found.hint or ''}"


def open_file(
    loaded: Loaded, selection: Selection, *, exploring: bool = True, runtime: Runtime = RUNTIMES[0]
) -> OpenFile:
    """The file, of which a case may be had with any params left open."""
    assert loaded.source is not None, "what has programs has a text"
    model = read_model(loaded.file, loaded.source).model
    assert model is not None, "it was valid"
    overrides = {name: override(name, text) for name, text in selection.params.items()}
    return OpenFile(model, loaded.source, overrides, selection.allow_python, exploring, runtime)


def with_params(loaded: Loaded, program: Program, selection: Selection) -> Open:
    """A case as it is run, with every param by its name."""
    return open_file(loaded, selection, exploring=False, runtime=program.runtime).named(program)
