"""The Python API: load a scenario file, run it, explore it; results are plain values."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from math import inf
from typing import TYPE_CHECKING, Literal, overload

from scenario.chance import any_seed
from scenario.commands.exploring import explore
from scenario.commands.loading.selected import compile_all, load_models
from scenario.commands.running import run
from scenario.commands.validating import validate
from scenario.commands.work.asking import workers_of
from scenario.diagnostics import InvalidScenario
from scenario.files.loaded import Loaded
from scenario.files.options import RunOptions, Selection, UsageError
from scenario.language.runtimes import RUNTIMES, Runtime
from scenario.legible import legibly
from scenario.regular import content
from scenario.report.full import result_text
from scenario.report.reporter import Silent
from scenario.report.style import Style
from scenario.results.result import Report, Result
from scenario.settings import CHOICES, MAX_SECONDS, MOST_CONSTRAINTS, MOST_RUNS, ExploreOptions, named, sampling

if TYPE_CHECKING:
    from scenario.spread import Workers

__all__ = ["InvalidScenario", "Result", "Results", "Scenario", "load"]


@dataclass(frozen=True, slots=True)
class Results(Sequence[Result]):
    """One result a case, in order; `results[0]` is the only one of a file without cases."""

    report: Report

    @property
    def holds(self) -> bool:
        """Whether all hold; those that were skipped do not count against it."""
        return all(result.holds for result in self)

    def __bool__(self) -> bool:
        """As `holds`."""
        return self.holds

    def text(self) -> str:
        """What the command line says of them."""
        return "\n".join(line for result in self for line in result_text(legibly(result), Style())).rstrip()

    @overload
    def __getitem__(self, index: int) -> Result: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Result]: ...
    def __getitem__(self, index: int | slice) -> Result | Sequence[Result]:
        return self.report.results[index]

    def __len__(self) -> int:
        return len(self.report.results)

    def __iter__(self) -> Iterator[Result]:
        return iter(self.report.results)

    def __repr__(self) -> str:
        return f"<Results: {', '.join(map(repr, self)) or 'none'}>"


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

    def __repr__(self) -> str:
        return f"<Scenario {self.name}: {self.path}>"

    def cases(self, *, exploring: bool = False) -> tuple[str, ...]:
        """The cases by the params in which they differ (`workers=2`); one empty text for a file without."""
        loaded = self._compiled(exploring=exploring)
        return tuple(loaded.label(program) for program in loaded.programs)

    def run(
        self,
        *,
        case: int | None = None,
        seed: int | None = None,
        times: int = 1,
        stress: bool = False,
        printed: Callable[[str], object] = str,
        executor: Workers | None = None,
        workers: int | None = None,
    ) -> Results:
        """Runs it on real threads, all its cases or the one of that number.

        `seed` decides every `choose` of the first run (None: any), `times` is how often each case runs, `stress`
        makes races show more often; `printed` is given each line that a single run prints. Cases and runs are divided
        among the workers of an `executor` (any of concurrent.futures), and come out the same; `workers` is how many it has (None: one a processor).
        Raises IndexError for an unknown case, TypeError and ValueError for what these arguments can not be, KeyboardInterrupt.
        """
        _count("times", times, 1, MOST_RUNS)
        _one_of("stress", stress, (False, True))
        if seed is not None:
            _count("seed", seed, 0)
        if not callable(printed):
            raise TypeError(f"printed is a function of one line, not {printed!r}")
        _workers(workers)
        files, options = [self._compiled(case)], RunOptions(any_seed(seed), times, stress)
        with workers_of(executor, workers) as by:
            return _results(run(files, self._selection, options, _Listening(printed), by=by))

    def explore(
        self,
        *,
        case: int | None = None,
        max_states: int | None = None,
        max_seconds: float = MAX_SECONDS,
        max_memory: int | None = None,
        odds: bool = False,
        keep_going: bool = False,
        sample: int | None = None,
        seed: int | None = None,
        pct: int | None = None,
        clock: Literal["free", "virtual"] | None = None,
        wake: Literal["any", "fifo"] | None = None,
        spurious: bool | None = None,
        fairness: Literal["strong", "weak"] | None = None,
        ready: Literal["fifo", "any"] | None = None,
        for_all: Sequence[str] = (),
        executor: Workers | None = None,
        workers: int | None = None,
    ) -> Results:
        """Tries every interleaving, within the budgets; the arguments are the options of `scenario explore`.

        Cases and samples are divided among the workers of an `executor`, as those of `run` are.
        Raises IndexError for an unknown case, TypeError and ValueError for what these arguments can not be, KeyboardInterrupt.
        """
        counts = {"max_states": max_states, "max_memory": max_memory, "sample": sample, "pct": pct, "seed": seed}
        for name, count in counts.items():
            if count is not None:
                _count(name, count, int(name != "seed"), MOST_CONSTRAINTS if name == "pct" else inf)
        _seconds("max_seconds", max_seconds)
        _one_of("odds", odds, (False, True))
        _one_of("keep_going", keep_going, (False, True))
        if isinstance(for_all, str):
            raise TypeError(f"for_all is a list of params, not {for_all!r}")
        asked = {"clock": clock, "wake": wake, "spurious": spurious, "fairness": fairness, "ready": ready}
        for name, value in asked.items():
            _one_of(name, value, (None, *CHOICES[name]))
        options = ExploreOptions(
            max_states, max_seconds, max_memory, odds, keep_going, asked=named(asked), for_all=tuple(for_all),
            sampling=sampling(sample, any_seed(seed), pct, all_of_it=odds or bool(for_all)),
        )  # fmt: skip
        _workers(workers)
        files = [self._compiled(case, exploring=True)]
        try:
            with workers_of(executor, workers) as by:
                return _results(explore(files, self._selection, options, Silent(), by=by))
        except UsageError as error:
            raise ValueError(str(error).removeprefix("--for-all ")) from None

    def _compiled(self, case: int | None = None, *, exploring: bool = False) -> Loaded:
        return _one_case(_compiled(self._model, self._selection, exploring=exploring), case)


def load(
    path: str | os.PathLike[str],
    *,
    params: Mapping[str, object] | None = None,
    allow_python: Iterable[str] = (),
    runtimes: Iterable[Runtime] = (),
) -> Scenario:
    """Reads and checks a scenario file.

    `params` override the file's own, `allow_python` are the modules that it may call, `runtimes` what it is run on,
    whatever it says itself. Raises OSError where
    it can not be read, InvalidScenario with all its diagnostics (and their text as a note), ValueError for
    a param that it does not have, TypeError for one that is no plain value.
    """
    if isinstance(allow_python, str):
        raise TypeError(f"allow_python is a list of modules: write [{allow_python!r}]")
    chosen = tuple(dict.fromkeys(runtimes))
    for runtime in chosen:
        _one_of("runtimes", runtime, RUNTIMES)
    if params is not None and not isinstance(params, Mapping):
        raise TypeError(f"params is a mapping of names to values, not {params!r}")
    file = os.fspath(path)
    content(file, 0)  # whatever is wrong with the path is Python's own error
    texts = {name: _plain(name, value) for name, value in (params or {}).items()}
    selection = Selection((file,), params=texts, allow_python=frozenset(allow_python), runtimes=chosen)
    (loaded,) = load_models(selection)
    if loaded.about is not None:
        _known(texts, loaded.about.params)
    _compiled(loaded, selection)
    about = loaded.about
    assert about is not None, "what could not be loaded has raised"
    return Scenario(file, about.name, about.description, about.tags, about.line, selection, loaded)


def _results(report: Report) -> Results:
    """Raises KeyboardInterrupt: Ctrl-C ends the caller too, as it does anywhere else in Python."""
    if report.interrupted:
        raise KeyboardInterrupt
    return Results(report)


def _workers(count: int | None) -> None:
    if count is not None:
        _count("workers", count, 1)


def _known(params: Iterable[str], known: Collection[str]) -> None:
    """Raises ValueError for a param that the file does not have."""
    for name in params:
        if name not in known:
            there = f"it has {', '.join(sorted(known))}" if known else "it has none"
            raise ValueError(f"the file has no param {name!r}: {there}")


def _plain(name: str, value: object) -> str:
    """A param's value as `-p` takes it. Raises TypeError."""
    try:
        return _written(value)
    except (TypeError, ValueError, RecursionError) as error:
        raise TypeError(f"param {name} is a number, a text, a list or a mapping, not {type(value).__name__}") from error


def _written(value: object) -> str:
    """As YAML, which is JSON but for keys that are no texts."""
    match value:
        case dict():
            return f"{{{', '.join(f'{json.dumps(key)}: {_written(item)}' for key, item in value.items())}}}"
        case list() | tuple():
            return f"[{', '.join(map(_written, value))}]"
        case _:
            return json.dumps(value, allow_nan=False)


def _count(name: str, value: object, least: int, most: float = inf) -> None:
    """Raises TypeError for what is no whole number, ValueError for one that is too small or too large."""
    if not isinstance(value, int) or isinstance(value, bool):
        raise TypeError(f"{name} is a whole number, not {value!r}")
    if not least <= value <= most:
        raise ValueError(f"{name} is at {f'least {least}' if value < least else f'most {most}'}, not {value}")


def _seconds(name: str, value: object) -> None:
    """Raises TypeError for what is no number, ValueError for one that is no time to spend."""
    if not isinstance(value, int | float) or isinstance(value, bool):
        raise TypeError(f"{name} is a number of seconds, not {value!r}")
    if not value > 0:  # NaN too
        raise ValueError(f"{name} is more than 0, not {value}")


def _one_of(name: str, value: object, choices: Sequence[object]) -> None:
    """Raises ValueError."""
    if not any(value is choice or (isinstance(value, str) and value == choice) for choice in choices):
        raise ValueError(f"{name} is one of {', '.join(map(repr, choices))}, not {value!r}")


def _compiled(loaded: Loaded, selection: Selection, *, exploring: bool = False) -> Loaded:
    """Raises InvalidScenario and ValueError."""
    try:
        (compiled,) = compile_all([loaded], selection, exploring=exploring)
    except UsageError as error:
        raise ValueError(str(error)) from None
    if compiled.fault is not None:
        raise RuntimeError(f"internal error of scenario: {compiled.fault}")
    if compiled.invalid or compiled.unfit:
        raise _invalid(compiled)
    return compiled


def _invalid(loaded: Loaded) -> InvalidScenario:
    error = InvalidScenario(loaded.told)
    error.add_note(Results(validate([loaded], Silent())).text())
    return error


def _one_case(loaded: Loaded, case: int | None) -> Loaded:
    return loaded if case is None else replace(loaded, only=loaded.programs[case])


class _Listening(Silent):
    def __init__(self, printed: Callable[[str], object]) -> None:
        self._printed = printed

    def printed(self, line: str) -> None:
        self._printed(line)
