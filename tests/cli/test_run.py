"""`scenario run` from end to end."""

import itertools
import json
import re

import pytest
from cli.files import CASES, CHOICE, DEADLOCK, FAILING, FINE, INVALID, PYTHON, results, scenario

from scenario.commands import validating
from scenario.commands.loading import selected
from scenario.engines import threads


@pytest.fixture
def write(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    def write(**files):
        for name, text in files.items():
            (tmp_path / f"{name}.yaml").write_text(text)

    return write


def steady(text):
    """Without what differs from run to run."""
    return re.sub(r"--seed \d+", "--seed N", re.sub(r"\d+\.\d\d s", "N s", text))


def test_a_scenario_that_holds(write, snapshot):
    write(fine=FINE.replace("workers: 2", "workers: 1"))
    done = scenario("run", "fine.yaml")
    assert done.exit_code == 0
    snapshot("run-fine", steady(done.stdout))


def test_a_scenario_that_fails(write, snapshot):
    write(failing=FAILING)
    done = scenario("run", "failing.yaml")
    assert done.exit_code == 1
    snapshot("run-failing", steady(done.stdout))


def test_a_deadlock(write, snapshot):
    write(stuck=DEADLOCK)
    done = scenario("run", "stuck.yaml")
    assert done.exit_code == 1
    snapshot("run-deadlock", steady(done.stdout))


def test_an_invalid_file_is_two_and_the_others_still_run(write):
    write(a=INVALID, b=FINE)
    done = scenario("run", ".", "--output-format", "json")
    assert done.exit_code == 2
    assert [r["verdict"] for r in results(done)] == ["invalid", "holds"]


def test_a_missing_file_is_a_diagnostic(write):
    done = scenario("run", "nowhere.yaml", "--output-format", "json")
    assert done.exit_code == 2
    assert results(done)[0]["failures"][0]["kind"] == "SC001"


def test_an_empty_folder_selects_nothing(tmp_path):
    assert scenario("run", tmp_path).exit_code == 5


@pytest.mark.parametrize(("options", "code"), [(["-k", "nothing"], 5), (["-k", "fine"], 0), (["-t", "lock"], 0), (["-t", "x"], 5), (["--exclude", "fine*"], 5)])  # fmt: skip
def test_selection(write, options, code):
    write(fine=FINE)
    assert scenario("run", ".", *options).exit_code == code


def test_a_bad_keyword_is_a_usage_error(write):
    write(fine=FINE)
    done = scenario("run", ".", "-k", "lock and")
    assert (done.exit_code, "-k" in done.stderr) == (2, True)


def test_a_param_is_overridden_with_a_yaml_value(write):
    write(fine=FINE)
    done = scenario("run", "fine.yaml", "-p", "workers=3", "--output-format", "json")
    assert results(done)[0]["params"] == {"workers": 3}


def test_a_param_that_no_selected_file_has_is_refused(write):
    write(fine=FINE)
    done = scenario("run", "fine.yaml", "-p", "wrokers=3")
    assert (done.exit_code, "wrokers" in done.stderr, done.stdout) == (2, True, "")


def test_files_without_the_param_ignore_it(write):
    write(fine=FINE, failing=FAILING.replace("== 2", "== 1"))
    assert scenario("run", ".", "-p", "workers=3").exit_code == 0


@pytest.mark.parametrize("param", ["workers", "=3", "workers=[", "workers=&a 1", "workers=-1", "workers='x'"])
def test_a_bad_param_is_two_and_nothing_runs(write, param):
    write(fine=FINE)
    done = scenario("run", "fine.yaml", "-p", param)
    assert (done.exit_code, "is done" in done.stdout) == (2, False)


@pytest.mark.parametrize(
    ("value", "told"),
    [
        ("&a 1", "quote the whole text if &a is part of an expression"),
        ("# x", "no value in '# x'; a text with a # or --- is to be quoted, for YAML too"),
        ("{expr: 1 + 1}", "give what it comes to"),
        ("[1, {expr: 1 + 1}]", "give what it comes to"),
    ],
)
def test_a_bad_value_of_a_param_is_told_with_what_to_write(write, value, told):
    write(fine=FINE)
    assert told in scenario("run", "fine.yaml", "-p", f"workers={value}").stderr


def test_each_case_is_a_result_of_its_own(write):
    write(cases=CASES)
    done = scenario("run", "cases.yaml", "--output-format", "json")
    assert [r["params"] for r in results(done)] == [{"workers": 1}, {"workers": 3}]


def test_cases_that_become_equal_are_one(write):
    write(cases=CASES)
    done = scenario("run", "cases.yaml", "-p", "workers=2", "--output-format", "json")
    assert len(results(done)) == 1


PRINTED = """scenario: printed
main: [{mark: b}, {mark: a}, {print: p}]
expect:
  order:
    - [a, b]
    - [a, c]
    - [d, b]
  output:
    unordered: [p, q, r]
    contains: [p, s]
    absent: [p, t]
"""


@pytest.mark.parametrize("command", [["run"], ["explore", "--keep-going"]])
def test_each_text_of_order_and_output_is_told_where_it_stands(write, command):
    write(printed=PRINTED)
    (result,) = results(scenario(*command, "printed.yaml", "--output-format", "json"))
    places = [(one["kind"], one["line"], one["column"]) for one in result["failures"]]
    order = [("order", 5, 11), ("order", 6, 11), ("order", 7, 8)]
    output = [("output", 9, 20), ("output", 9, 23), ("output", 10, 19), ("output", 11, 14)]
    assert sorted(places) == [*order, *output]


def test_cases_whose_params_are_equal_and_of_different_types_are_told_apart(write):
    write(typed="scenario: typed\nparams: {a: 1}\ncases: [{a: 1}, {a: 1.0}]\nmain: [{assert: a == 1}]\n")
    shown = scenario("run", "typed.yaml").stdout
    assert "PASS typed [a=1]" in shown
    assert "PASS typed [a=1.0]" in shown


def test_standard_input(write):
    done = scenario("run", "-", "--stdin-filename", "mine.yaml", "--output-format", "json", input=FINE)
    assert (done.exit_code, results(done)[0]["file"]) == (0, "mine.yaml")


def test_json_of_a_single_run(write):
    write(fine=FINE.replace("workers: 2", "workers: 1"))
    (result,) = results(scenario("run", "fine.yaml", "--output-format", "json", "--seed", "4"))
    assert isinstance(result.pop("elapsed"), float)
    assert result == {
        "file": "fine.yaml",
        "scenario": "fine",
        "params": {"workers": 1},
        "verdict": "holds",
        "failures": [],
        "final": {"counter": 1},
        "output": ["A-0 is done"],
        "seed": 4,
    }


def test_jsonl_is_one_result_a_line(write):
    write(fine=FINE, failing=FAILING)
    lines = scenario("run", ".", "--output-format", "jsonl").stdout.splitlines()
    assert [json.loads(line)["verdict"] for line in lines] == ["fails", "holds"]


def test_a_failure_has_its_place(write):
    write(failing=FAILING)
    (result,) = results(scenario("run", "failing.yaml", "--output-format", "json"))
    failure = result["failures"][0]
    assert (failure["kind"], failure["line"], failure["column"]) == ("final", 8, 5)


def test_results_go_to_a_file(write, tmp_path):
    write(fine=FINE)
    done = scenario("run", "fine.yaml", "-o", "out.json", "--output-format", "json")
    assert (done.stdout, json.loads((tmp_path / "out.json").read_text())["format"]) == ("", 1)


def test_a_file_that_can_not_be_written_is_a_usage_error(write):
    write(fine=FINE)
    assert scenario("run", "fine.yaml", "-o", "no/such/folder/out").exit_code == 2


def test_many_runs_are_counted_by_row(write):
    write(choice=CHOICE)
    (result,) = results(scenario("run", "choice.yaml", "--times", "40", "--seed", "1", "--output-format", "json"))
    rows = {row["values"]["x"]: row for row in result["outcomes"]}
    assert sum(row["runs"] for row in rows.values()) == 40
    assert (rows[1]["is"], rows[1]["because"], rows[2]["is"]) == ("acceptable", "one", "interesting")
    assert "final" not in result


def test_a_seed_decides_every_choice(write):
    write(choice=CHOICE)
    seen = {
        scenario("run", "choice.yaml", "--seed", "5", "--output-format", "json").stdout.count('"x": 1')
        for _ in range(5)
    }
    assert len(seen) == 1


def test_the_users_code_is_refused_unless_its_module_is_allowed(write):
    write(python=PYTHON)
    done = scenario("run", "python.yaml")
    assert (done.exit_code, "antigravity" in done.stdout) == (2, True)


def test_formats_and_color_come_from_the_environment_too(write, monkeypatch):
    write(fine=FINE)
    monkeypatch.setenv("SCENARIO_OUTPUT_FORMAT", "json")
    assert results(scenario("run", "fine.yaml"))


def test_color_is_on_when_asked_for(write):
    write(fine=FINE)
    assert "\033[" in scenario("run", "fine.yaml", "--color", "always").stdout


def test_a_fault_of_ours_is_seventy_and_the_rest_still_runs(write, monkeypatch):
    write(a=FINE, b=FINE.replace("fine", "other"))
    true_run = threads.run

    def broken(program, **options):
        if program.name == "fine":
            raise KeyError("ours")
        return true_run(program, **options)

    monkeypatch.setattr(threads, "run", broken)
    done = scenario("run", ".", "--output-format", "concise")
    assert done.exit_code == 70
    assert "KeyError: 'ours'" in done.stdout
    assert "1 internal error, 1 passed" in done.stdout
    assert "Traceback" not in done.output


def test_an_interrupt_ends_with_what_was_seen(write, monkeypatch):
    write(a=FINE, b=FINE.replace("fine", "other"))
    true_run = threads.run

    def interrupted(program, **options):
        if program.name == "other":
            raise KeyboardInterrupt
        return true_run(program, **options)

    monkeypatch.setattr(threads, "run", interrupted)
    done = scenario("run", ".", "--output-format", "json")
    assert (done.exit_code, [r["verdict"] for r in results(done)]) == (130, ["holds"])


def interrupted_at(number, monkeypatch, name):
    """Ctrl-C comes when the function is called for that file (from 0)."""
    count, true = itertools.count(), getattr(selected, name)

    def pressed(*given, **named):
        if next(count) == number:
            raise KeyboardInterrupt
        return true(*given, **named)

    monkeypatch.setattr(selected, name, pressed)


@pytest.mark.parametrize("name", ["selected", "_known", "_kept"])
@pytest.mark.parametrize("command", ["run", "validate", "explore", "replay"])
def test_an_interrupt_during_loading_is_reported(command, name, write, monkeypatch):
    write(a=FINE)
    interrupted_at(0, monkeypatch, name)
    done = scenario(command, ".", "--color", "never")
    assert (done.exit_code, done.stdout.partition(" in ")[0]) == (130, "interrupted; so far: nothing")
    assert ("a.yaml" in done.stdout) == (name != "selected")


@pytest.mark.parametrize(("name", "params"), [("_known", ()), ("_kept", ()), ("_kept", ("-p", "workers=1"))])
def test_an_interrupt_during_loading_leaves_what_was_validated_by_then(name, params, write, monkeypatch):
    """With `-p` the command line itself may be wrong, which is known when all are read."""
    write(a=FINE, b="scenario: b\nparams: {workers: 2}\n", c=FINE, d=FINE)
    interrupted_at(2, monkeypatch, name)
    done = scenario("validate", "--color", "never", *params, "a.yaml", "b.yaml", "c.yaml", "d.yaml")
    assert done.exit_code == 130
    assert "interrupted; so far: 1 invalid, 1 valid in" in done.stdout
    assert "not checked: c.yaml, d.yaml" in done.stdout
    assert "b.yaml" in done.stdout.partition("interrupted")[0]


def test_an_interrupt_when_all_was_told_says_so(write, monkeypatch):
    """While the command's workers are ended, say."""

    def interrupted(*_, **__):
        raise KeyboardInterrupt

    write(a=FINE)
    monkeypatch.setattr(validating, "report", interrupted)
    done = scenario("validate", "--color", "never", "a.yaml")
    assert (done.exit_code, done.stdout.partition(" in ")[0]) == (130, "interrupted; so far: 1 valid")


def test_an_interrupt_during_loading_names_no_file_that_was_not_chosen(write, monkeypatch):
    write(a=FINE.replace("fine", "other"), b=FINE, c=FINE)
    interrupted_at(1, monkeypatch, "_kept")
    done = scenario("validate", "--color", "never", "-k", "fine", "a.yaml", "b.yaml", "c.yaml")
    assert "so far: 1 valid in" in done.stdout
    assert "not checked: c.yaml" in done.stdout


@pytest.mark.parametrize(
    "arguments", [["run"], ["run", "--no-such-option", "x"], ["run", "x", "--times", "0"], ["nonsense"]]
)
def test_a_wrong_command_line_is_two(arguments):
    assert scenario(*arguments).exit_code == 2


def test_a_files_warnings_stand_once_however_many_cases_it_has():
    race = "scenario: x\ncases: [{n: 2}, {n: 3}]\nparams: {n: 2}\nvars: {c: 0}\nthreads:\n  A: {count: n, steps: ['c += 1']}\n"
    assert scenario("run", "-", "--output-format", "concise", input=race).stdout.count("SC408") == 1


@pytest.fixture
def three(tmp_path):
    for name, text in (("a", FINE), ("b", FAILING), ("c", FINE.replace("fine", "last"))):
        (tmp_path / f"{name}.yaml").write_text(text)
    return tmp_path


@pytest.mark.parametrize("command", ["run", "explore"])
def test_quiet_shows_what_does_not_hold_and_the_sum(three, command):
    done = scenario(command, three, "--quiet")
    assert "b.yaml: failing" in done.stdout
    assert "a.yaml" not in done.stdout
    assert "is done" not in done.stdout
    assert re.search(r"1 fail(ed|s), 2 (passed|hold) in ", done.stdout)


def test_quiet_changes_nothing_for_programs(three):
    assert len(results(scenario("run", three, "--quiet", "--output-format", "json"))) == 3


@pytest.mark.parametrize("options", [["run"], ["run", "--jobs", "2"], ["explore"]])
def test_exitfirst_stops_at_the_first_that_does_not_hold_and_names_the_rest(three, options):
    done = scenario(*options, three, "-x")
    assert done.exit_code == 1
    word = {"run": "run", "explore": "explored"}[options[0]]
    assert f"not {word}: {three / 'c.yaml'}\n" in done.stdout
    assert len(results(scenario(*options, three, "-x", "--output-format", "json"))) == 2


def test_exitfirst_goes_on_over_what_holds(three):
    (three / "b.yaml").unlink()
    assert "2 passed" in scenario("run", three, "-x").stdout


def test_a_file_has_a_result_for_each_runtime(write):
    write(both=f"{FINE}runtimes: [threading, asyncio]\n", one=FINE)
    found = results(scenario("run", "both.yaml", "one.yaml", "--output-format", "json"))
    assert [one.get("runtime") for one in found] == ["threading", "asyncio", None]


def test_the_command_line_chooses_the_runtime(write):
    write(both=f"{FINE}runtimes: [threading, asyncio]\n")
    found = results(scenario("run", "both.yaml", "--runtime", "threading", "--output-format", "json"))
    assert [(one.get("runtime"), one["verdict"]) for one in found] == [(None, "holds")]


UNFIT = "scenario: x\nprimitives: {lock: RLock}\nthreads: {A: {steps: [{with: lock, do: [pass]}]}}\nruntimes: [asyncio, threading]\n"


@pytest.mark.parametrize("command", ["run", "explore"])
def test_a_file_is_invalid_for_the_runtime_that_lacks_something_and_looked_at_on_the_others(write, command):
    write(unfit=UNFIT)
    done = scenario(command, "unfit.yaml", "--output-format", "json")
    assert done.exit_code == 2
    told = [(one["runtime"], one["verdict"], [each["kind"] for each in one["failures"]]) for one in results(done)]
    assert told == [("threading", "holds", []), ("asyncio", "invalid", ["SC353"])]


def test_who_asks_for_another_runtime_alone_does_not_hear_of_it(write):
    write(unfit=UNFIT)
    assert scenario("run", "unfit.yaml", "--runtime", "threading").exit_code == 0
    assert scenario("run", "unfit.yaml", "--runtime", "asyncio").exit_code == 2


def test_another_mistake_makes_it_invalid_on_all(write):
    write(unfit=UNFIT.replace("pass", "n += 1"))
    (found,) = results(scenario("run", "unfit.yaml", "--output-format", "json"))
    assert (found["verdict"], found.get("runtime")) == ("invalid", None)


def test_it_is_no_valid_file_as_it_stands(write):
    write(unfit=UNFIT)
    (found,) = results(scenario("validate", "unfit.yaml", "--output-format", "json"))
    assert (found["verdict"], [one["kind"] for one in found["failures"]]) == ("invalid", ["SC353"])


@pytest.mark.parametrize("command", [("show",), ("export", "--to", "python")])
def test_what_shows_one_program_says_what_is_wrong_with_the_file(write, command):
    write(unfit=UNFIT)
    done = scenario(*command, "unfit.yaml")
    assert (done.exit_code, "SC353 asyncio has no RLock" in done.stderr) == (2, True)


def test_what_is_kept_of_it_says_the_same(write, tmp_path, monkeypatch):
    monkeypatch.setenv("SCENARIO_CACHE_DIR", str(tmp_path / "cache"))
    write(unfit=UNFIT)
    first, second = (scenario("run", "unfit.yaml", "--output-format", "json", "--seed", "1") for _ in range(2))
    words = [[(one["runtime"], one["verdict"]) for one in results(done)] for done in (first, second)]
    assert words == [[("threading", "holds"), ("asyncio", "invalid")]] * 2
