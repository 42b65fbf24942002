"""The Python API: load a scenario file, run it, explore it; results are plain values."""

from __future__ import annotations

import json
import os
import random
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from scenario.diagnostics import InvalidScenario
from scenario.report.full import result_text
from scenario.report.reporter import Silent
from scenario.report.style import Style
from scenario.run.result import Report, Result
from scenario.suite.exploring import explore
from scenario.suite.loaded import Loaded, label
from scenario.suite.loading import compile_all, load_models
from scenario.suite.options import ExploreOptions, RunOptions, Selection, UsageError
from scenario.suite.running import run
from scenario.suite.validating import validate

__all__ = ["InvalidScenario", "Result", "Results", "Scenario", "load"]


@dataclass(frozen=True, slots=True)
class Results(Sequence[Result]):
    """One result a case, in order; `results[0]` is the only one of a file without cases."""

    report: Report

    @property
    def holds(self) -> bool:
        """Whether all hold; those that were skipped do not count against it."""
        return all(result.fault is None and result.verdict.word in ("holds", "skipped") for result in self)

    def text(self) -> str:
        """What the command line says of them."""
        return "\n".join(line for result in self for line in result_text(result, Style())).rstrip()

    def __getitem__(self, index: int) -> Result:  # type: ignore[override]  # no slices
        return self.report.results[index]

    def __len__(self) -> int:
        return len(self.report.results)

    def __iter__(self) -> Iterator[Result]:
        return iter(self.report.results)


@dataclass(frozen=True, slots=True)
class Scenario:
    """A valid scenario file. It is read once: later changes of the file do not show."""

    path: str
    name: str
    description: str
    tags: tuple[str, ...]
    line: int
    _selection: Selection
    _model: Loaded

    def cases(self, *, exploring: bool = False) -> tuple[str, ...]:
        """The cases by the params in which they differ (`workers=2`); one empty text for a file without."""
        loaded = self._compiled(exploring=exploring)
        return tuple(label(loaded.programs, program) for program in loaded.programs)

    def run(
        self,
        *,
        case: int | None = None,
        seed: int | None = None,
        times: int = 1,
        stress: bool = False,
        printed: Callable[[str], object] = str,
    ) -> Results:
        """Runs it on real threads, all its cases or the one of that number.

        `seed` decides every `choose` of the first run (None: any), `times` is how often each case runs, `stress`
        makes races show more often; `printed` is given each line that a single run prints. Raises IndexError
        for an unknown case.
        """
        chosen = random.SystemRandom().randrange(2**32) if seed is None else seed
        files = [self._compiled(case)]
        return Results(run(files, self._selection, RunOptions(chosen, times, stress), _Listening(printed)))

    def explore(
        self,
        *,
        case: int | None = None,
        max_states: int = 1_000_000,
        max_seconds: float = 60.0,
        odds: bool = False,
        keep_going: bool = False,
        clock: Literal["free", "virtual"] | None = None,
        wake: Literal["any", "fifo"] | None = None,
        spurious: bool | None = None,
    ) -> Results:
        """Tries every interleaving, within the budgets; the arguments are the options of `scenario explore`.

        Raises IndexError for an unknown case.
        """
        options = ExploreOptions(max_states, max_seconds, odds, keep_going, True, clock, wake, spurious)
        files = [self._compiled(case, exploring=True)]
        return Results(explore(files, self._selection, options, Silent()))

    def _compiled(self, case: int | None = None, *, exploring: bool = False) -> Loaded:
        return _one_case(_compiled(self._model, self._selection, exploring=exploring), case)


def load(
    path: str | os.PathLike[str], *, params: Mapping[str, object] | None = None, allow_python: Iterable[str] = ()
) -> Scenario:
    """Reads and checks a scenario file.

    `params` override the file's own, `allow_python` are the modules that it may call. Raises OSError where
    it can not be read, InvalidScenario with all its diagnostics (and their text as a note), ValueError for
    a param that it does not have.
    """
    file = os.fspath(path)
    with Path(file).open("rb"):
        pass  # whatever is wrong with the path is Python's own error
    texts = {name: json.dumps(value) for name, value in (params or {}).items()}
    selection = Selection((file,), params=texts, allow_python=frozenset(allow_python))
    (loaded,) = load_models(selection)
    _compiled(loaded, selection)
    about = loaded.about
    assert about is not None, "what could not be loaded has raised"
    return Scenario(file, about.name, about.description, about.tags, about.line, selection, loaded)


def _compiled(loaded: Loaded, selection: Selection, *, exploring: bool = False) -> Loaded:
    """Raises InvalidScenario and ValueError."""
    try:
        (compiled,) = compile_all([loaded], selection, exploring=exploring)
    except UsageError as error:
        raise ValueError(str(error)) from None
    if compiled.fault is not None:
        raise RuntimeError(f"internal error of scenario: {compiled.fault}")
    if compiled.invalid:
        raise _invalid(compiled)
    return compiled


def _invalid(loaded: Loaded) -> InvalidScenario:
    error = InvalidScenario(loaded.diagnostics)
    error.add_note(Results(validate([loaded], Silent())).text())
    return error


def _one_case(loaded: Loaded, case: int | None) -> Loaded:
    return loaded if case is None else replace(loaded, only=loaded.programs[case])


class _Listening(Silent):
    def __init__(self, printed: Callable[[str], object]) -> None:
        self._printed = printed

    def printed(self, line: str) -> None:
        self._printed(line)
