"""The Python API: load, run, explore."""

import dataclasses
import re
import subprocess
import sys
from importlib.resources import files
from pathlib import Path

import pytest

import scenario

RACE = """\
# a comment
scenario: race
tags: [bug]
params: {n: 2}
vars: {counter: 0}
threads:
  A: {count: n, steps: ["counter += 1", {print: "{name}"}]}
expect:
  - counter == n
"""
CASES = RACE.replace("vars:", "cases: [{n: 1}, {n: 3}]\nvars:")


@pytest.fixture
def write(tmp_path):
    def write(text):
        (tmp_path / "x.yaml").write_text(text)
        return tmp_path / "x.yaml"

    return write


def test_a_scenario_says_what_it_is(write):
    loaded = scenario.load(write(RACE))
    assert (loaded.name, loaded.tags, loaded.line) == ("race", ("bug",), 2)


def test_running_gives_the_results_of_each_case(write):
    results = scenario.load(write(CASES)).run(seed=1)
    assert [(r.case, r.final, r.verdict.word) for r in results] == [
        ("n=1", {"counter": 1}, "holds"),
        ("n=3", {"counter": 3}, "holds"),
    ]


def test_one_case_alone_keeps_its_label(write):
    assert [result.case for result in scenario.load(write(CASES)).run(case=1)] == ["n=3"]


def test_exploring_gives_the_failure_and_its_schedule(write):
    (result,) = results = scenario.load(write(RACE)).explore()
    evidence = result.verdict.evidence[0]
    assert (results.holds, evidence.failure.kind, len(evidence.schedule.moves)) == (False, "final", 4)


def test_params_override_the_files_own(write):
    assert scenario.load(write(RACE), params={"n": 1}).explore().holds


def test_an_unknown_param_is_a_value_error(write):
    with pytest.raises(ValueError, match="the file has no param 'm': it has n"):
        scenario.load(write(RACE), params={"m": 1})


def test_an_invalid_file_raises_all_its_diagnostics(write):
    with pytest.raises(scenario.InvalidScenario) as raised:
        scenario.load(write("scenario: x\nthreads:\n  A: {steps: [y += 1, z += 1]}\n"))
    assert len(raised.value.diagnostics) == 2
    assert "x.yaml:3:15" in raised.value.__notes__[0]


def test_a_missing_file_is_pythons_own_error(tmp_path):
    with pytest.raises(FileNotFoundError):
        scenario.load(tmp_path / "none.yaml")


def test_a_directory_is_told_by_its_name_and_nothing_of_it_stays_open(tmp_path):
    before = len(list(Path("/dev/fd").iterdir()))
    for _ in range(3):
        with pytest.raises(IsADirectoryError, match=re.escape(str(tmp_path))):
            scenario.load(tmp_path)
    assert len(list(Path("/dev/fd").iterdir())) == before


def test_what_it_prints_can_be_had_as_it_comes(write):
    lines = []
    scenario.load(write(RACE)).run(printed=lines.append)
    assert sorted(lines) == ["A-0", "A-1"]


def test_results_are_frozen(write):
    (result,) = scenario.load(write(RACE)).run()
    with pytest.raises(dataclasses.FrozenInstanceError):
        result.seed = 1


def test_the_text_is_the_command_lines(write):
    assert "\nFAILS race\n" in scenario.load(write(RACE)).explore().text()


def test_importing_the_package_imports_nothing_of_weight():
    probe = "import sys, scenario; print(*sys.modules)"
    modules = subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True, check=True).stdout.split()
    assert {"yaml", "pydantic", "click", "scenario.api", "scenario.commands"}.isdisjoint(modules)


def test_type_checkers_are_told_that_it_is_typed():
    assert files("scenario").joinpath("py.typed").is_file()


def test_many_runs_under_stress_are_counted(write):
    (result,) = scenario.load(write(RACE)).run(times=20, stress=True)
    assert sum(row.runs for row in result.rows) == result.runs == 20


@pytest.mark.parametrize(
    ("wrong", "error", "says"),
    [
        ({"clock": "fast"}, ValueError, "clock is one of None, 'free', 'virtual', not 'fast'"),
        ({"wake": "all"}, ValueError, "wake is one of"),
        ({"spurious": 2}, ValueError, "spurious is one of None, False, True, not 2"),
        ({"max_memory": 0}, ValueError, "max_memory is at least 1, not 0"),
        ({"max_states": 0}, ValueError, "max_states is at least 1, not 0"),
        ({"max_states": 1.5}, TypeError, "max_states is a whole number"),
        ({"max_seconds": -1}, ValueError, "max_seconds is more than 0, not -1"),
        ({"max_seconds": float("nan")}, ValueError, "max_seconds is more than 0"),
        ({"max_seconds": "10"}, TypeError, "max_seconds is a number of seconds, not '10'"),
        ({"odds": "no"}, ValueError, "odds is one of False, True, not 'no'"),
        ({"keep_going": 2}, ValueError, "keep_going is one of False, True"),
        ({"sample": 10, "pct": 101}, ValueError, "pct is at most 100, not 101"),
        ({"for_all": "n"}, TypeError, "for_all is a list of params, not 'n'"),
        ({"for_all": ["m"]}, ValueError, "no selected file has a param of that name"),
    ],
)
def test_exploring_refuses_what_its_arguments_can_not_be(write, wrong, error, says):
    with pytest.raises(error, match=says):
        scenario.load(write(RACE)).explore(**wrong)


@pytest.mark.parametrize(
    ("wrong", "error"),
    [
        ({"times": 0}, ValueError),
        ({"times": True}, TypeError),
        ({"times": 1_000_000_001}, ValueError),
        ({"seed": -1}, ValueError),
        ({"seed": "a"}, TypeError),
        ({"stress": "no"}, ValueError),
        ({"printed": 3}, TypeError),
    ],
)
def test_running_refuses_what_its_arguments_can_not_be(write, wrong, error):
    with pytest.raises(error, match=next(iter(wrong))):
        scenario.load(write(RACE)).run(**wrong)


@pytest.mark.parametrize("value", [{1, 2}, b"x", float("nan"), object()])
def test_a_param_that_is_no_plain_value_is_a_type_error(write, value):
    with pytest.raises(TypeError, match="param n is a number, a text"):
        scenario.load(write(RACE), params={"n": value})


def test_params_are_a_mapping(write):
    with pytest.raises(TypeError, match=r"params is a mapping of names to values, not \['n'\]"):
        scenario.load(write(RACE), params=["n"])


def test_the_keys_of_a_param_stay_what_they_are(write):
    text = "scenario: keys\nparams: {d: {}}\nthreads: {A: {steps: [{print: '{d!r}'}]}}\n"
    lines: list[str] = []
    scenario.load(write(text), params={"d": {1: [None, {True: 2}], "a b": ()}}).run(printed=lines.append)
    assert lines == ["{1: [None, {True: 2}], 'a b': []}"]


def test_one_module_without_a_list_is_a_type_error(write):
    with pytest.raises(TypeError, match=r"write \['bank'\]"):
        scenario.load(write(RACE), allow_python="bank")


def test_results_are_true_when_they_hold(write):
    loaded = scenario.load(write(CASES))
    assert loaded.run()
    assert not loaded.explore()
    assert loaded.explore(case=0)


def test_a_result_has_its_failures_with_what_replay_takes(write):
    (result,) = scenario.load(write(RACE)).explore()
    (failure,) = result.failures
    assert (failure.kind, failure.span.line, failure.schedule.count("A[")) == ("final", 9, 3)
    assert not result.holds


def test_what_the_prompt_shows_is_short(write):
    loaded = scenario.load(write(CASES))
    assert repr(loaded).startswith("<Scenario race: /")
    shown = repr(loaded.explore())
    assert shown == "<Results: <Result race [n=1]: holds>, <Result race [n=3]: fails, final>>"


def test_what_the_prompt_shows_of_a_failure_is_what_a_report_says(write):
    ((failure,),) = (result.failures for result in scenario.load(write(RACE)).explore())
    assert str(failure) == f"final: {failure.message}"
    assert repr(failure) == f"<Failure {failure} (line 9)>"


def test_each_result_is_true_if_it_holds(write):
    assert [bool(result) for result in scenario.load(write(CASES)).explore()] == [True, False]


def test_the_package_lists_what_it_has():
    assert {"load", "Results"} <= set(dir(scenario))
