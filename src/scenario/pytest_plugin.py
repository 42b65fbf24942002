"""The pytest plugin: scenario files as tests. Nothing but pytest is imported until a file is collected."""

from __future__ import annotations

import re
import shlex
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from scenario.api import Result, Results, Scenario
    from scenario.own_code import Explored

SUFFIX = ".scenario.yaml"
MEANT_FOR_PYTEST = frozenset({"skip", "skipif", "xfail", "parametrize", "usefixtures", "filterwarnings"})
"""Tags of these names stay mere keywords: as marks they would change the test."""


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("scenario", "concurrency scenarios")
    group.addoption(
        "--scenario-explore", action="store_true", help="Try every interleaving of scenario files instead of a run."
    )
    group.addoption(
        "--scenario-schedule",
        default="",
        help="What `explore_threads` executes: the schedule of a failure, on real threads. `2:SCHEDULE`: of a test's second call.",
    )
    parser.addini("scenario_files", f"Globs of scenario files, besides *{SUFFIX}.", type="args", default=[])
    parser.addini("scenario_allow_python", "Modules that scenario files may call.", type="args", default=[])


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> ScenarioFile | None:
    if not _is_scenario(file_path, parent.config):
        return None
    collected: ScenarioFile = ScenarioFile.from_parent(parent, path=file_path)
    return collected


def _is_scenario(path: Path, config: pytest.Config) -> bool:
    """By its name, or by a glob relative to the root directory (or to where the ini file stands)."""
    if path.name.endswith(SUFFIX):
        return True
    return any(path.match(glob) for glob in config.getini("scenario_files"))


class ScenarioFile(pytest.File):
    """A file: one item, or one a case."""

    def collect(self) -> Iterator[ScenarioItem]:
        exploring = self.config.getoption("--scenario-explore")
        scenario = self._loaded()
        for number, label in enumerate(scenario.cases(exploring=exploring)):
            name = _legible(f"{scenario.name}[{label}]" if label else scenario.name)
            item: ScenarioItem = ScenarioItem.from_parent(self, name=name, scenario=scenario, case=number)
            yield item

    def _loaded(self) -> Scenario:
        from scenario.api import InvalidScenario, load

        try:
            return load(shown_path(self.path, self.config), allow_python=self.config.getini("scenario_allow_python"))
        except InvalidScenario as invalid:
            raise self.CollectError("\n".join(invalid.__notes__)) from None
        except OSError as error:
            raise self.CollectError(f"{self.path}: {error.strerror}") from None


class ScenarioItem(pytest.Item):
    """A case of a scenario: it passes when it holds."""

    def __init__(self, *, scenario: Scenario, case: int, **given: Any) -> None:
        super().__init__(**given)
        self._scenario = scenario
        self._case = case
        self.extra_keyword_matches.update(scenario.tags)
        for tag in scenario.tags:
            self._mark(tag)

    def runtest(self) -> None:
        if self.config.getoption("--scenario-explore"):
            results = self._scenario.explore(case=self._case)
        else:
            results = self._scenario.run(case=self._case, printed=say)
        (result,) = results
        if result.verdict.word == "skipped":
            pytest.skip("; ".join(result.verdict.reasons))
        if not results.holds:
            raise DoesNotHold(results.text(), _legible(brief(result)))

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], *given: Any, **named: Any) -> Any:
        """What the command line says; a traceback only where something else went wrong."""
        if isinstance(excinfo.value, DoesNotHold):
            return Shown(str(excinfo.value), self._crash(excinfo.value))
        return super().repr_failure(excinfo, *given, **named)

    def reportinfo(self) -> tuple[Path, int, str]:
        return self.path, self._scenario.line - 1, self.name

    def _crash(self, failed: DoesNotHold) -> Crash:
        return Crash(str(self.path), self._scenario.line - 1, failed.brief)

    def _mark(self, tag: str) -> None:
        name = re.sub(r"[^\w.+-]", "_", tag).lstrip("_")
        if not name or name in MEANT_FOR_PYTEST:
            return
        self.config.addinivalue_line("markers", f"{name}: a tag of scenario files")
        self.add_marker(name)


class DoesNotHold(Exception):
    """A scenario does not hold; its text is what the command line says, `brief` is that in a line."""

    def __init__(self, text: str, brief: str) -> None:
        super().__init__(text)
        self.brief = brief


@dataclass(frozen=True)
class Crash:
    """What pytest's summary and its XML name a failure by."""

    path: str
    lineno: int
    message: str


@dataclass(frozen=True)
class Shown:
    """The text of a failure, with the line that pytest's summary takes from it."""

    text: str
    reprcrash: Crash

    def __str__(self) -> str:
        return self.text

    def toterminal(self, tw: Any) -> None:
        tw.line(self.text)


def _legible(text: str, keep: str = "") -> str:
    from scenario.legible import legible

    return legible(text, keep)


def say(line: str) -> None:
    """What a scenario prints, where pytest captures it."""
    text = _legible(line, keep="\n\t")
    sys.stdout.write(f"{text}\n")


def brief(result: Result) -> str:
    """`deadlock: A waits for lock lock`: the first thing that is wrong."""
    for evidence, told in zip(result.verdict.evidence, result.failures, strict=True):
        if not evidence.expected:
            return f"{told.kind}: {told.message}"
    return f"{result.verdict.word}: {result.fault or '; '.join(result.verdict.reasons)}"


def shown_path(path: Path, config: pytest.Config) -> str:
    """Relative to where pytest was started, if it is below: so that places can be clicked and commands pasted."""
    folder = config.invocation_params.dir
    return str(path.relative_to(folder) if path.is_relative_to(folder) else path)


@pytest.fixture
def run_scenario(request: pytest.FixtureRequest) -> Callable[..., Results]:
    """`run_scenario("x.scenario.yaml", params={"n": 2}, seed=7, times=100)` runs a file on real threads.

    The path is relative to the test's folder. The test fails with the report unless the scenario holds
    (`check=False`: it does not); the results are given back.
    """
    return _fixture(request, "run")


@pytest.fixture
def explore_scenario(request: pytest.FixtureRequest) -> Callable[..., Results]:
    """`explore_scenario("x.scenario.yaml", params={"n": 2}, max_seconds=10)` tries every interleaving of a file.

    The path is relative to the test's folder. The test fails with the report unless the scenario holds
    (`check=False`: it does not); the results are given back.
    """
    return _fixture(request, "explore")


@pytest.fixture
def explore_threads(request: pytest.FixtureRequest) -> Callable[..., Explored]:
    """`explore_threads(setup, [deposit, withdraw], check=check)` runs your functions as threads under every schedule.

    The arguments are those of `scenario.explore_code`. The test fails with the report unless every distinct interleaving
    was executed and holds (`allow_undecided=True`: unless one fails); the result is given back.
    """
    calls = count(1)

    def explore(*given: object, allow_undecided: bool = False, **options: object) -> Explored:
        __tracebackhide__ = True
        from scenario.own_code import explore_code

        number = next(calls)
        if schedule := _schedule_of(number, request.config):
            options["schedule"] = schedule
        test = shlex.quote(_node(request)).replace("{", "{{").replace("}", "}}")
        which = f"{number}:" if number > 1 else ""
        call: Callable[..., Explored] = explore_code
        found = call(*given, replay=f"pytest {test} --scenario-schedule '{which}{{}}'", **options)
        if not found.holds and not (allow_undecided and found.verdict == "undecided"):
            raise AssertionError(found.text())
        return found

    return explore


def _schedule_of(number: int, config: pytest.Config) -> str:
    """The one to follow in the so-many-th call of a test; "": it searches, as without the option."""
    given: str = config.getoption("--scenario-schedule")
    which, _, schedule = given.partition(":")
    if not which.isdecimal():
        which, schedule = "1", given
    return schedule if number == int(which) else ""


def _node(request: pytest.FixtureRequest) -> str:
    """The test as one names it from where pytest was started."""
    item: pytest.Item = request.node
    _, _, inside = item.nodeid.partition("::")
    return f"{shown_path(item.path, request.config)}::{inside}"


def _fixture(request: pytest.FixtureRequest, method: str) -> Callable[..., Results]:
    config = request.config

    def check(
        path: str | Path, *, params: dict[str, object] | None = None, check: bool = True, **options: object
    ) -> Results:
        scenario = _loaded_or_failed(shown_path(request.path.parent / path, config), params, config)
        if method == "run":
            options.setdefault("printed", say)
        results: Results = getattr(scenario, method)(**options)
        if check and not results.holds:
            pytest.fail(results.text(), pytrace=False)
        return results

    return check


def _loaded_or_failed(file: str, params: dict[str, object] | None, config: pytest.Config) -> Scenario:
    """The file, or the test fails with what is wrong with it or with the call."""
    from scenario.api import InvalidScenario, load

    try:
        return load(file, params=params, allow_python=config.getini("scenario_allow_python"))
    except InvalidScenario as invalid:
        wrong = "\n".join(invalid.__notes__)
    except OSError as error:
        wrong = f"{file}: {error.strerror}"
    except ValueError as error:  # a param that the file does not have
        wrong = str(error)
    pytest.fail(wrong, pytrace=False)
