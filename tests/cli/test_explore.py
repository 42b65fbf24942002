"""`scenario explore` from end to end."""

import re
import shlex
from pathlib import Path

import pytest
from cli.files import CHOICE, DEADLOCK, FINE, results, scenario

LOST = """\
scenario: lost
params: {rounds: 1}
vars: {counter: 0}
threads:
  A:
    count: 2
    steps:
      - repeat: rounds
        do: [counter += 1]
expect:
  - counter == 2 * rounds
"""
ABBA = """\
scenario: abba
primitives: {a: Lock, b: Lock}
threads:
  T1: {steps: [{with: [a, b], do: [pass]}]}
  T2: {steps: [{with: [b, a], do: [pass]}]}
"""


@pytest.fixture
def explore(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    def explore(text, *options, file="x.yaml"):
        (tmp_path / file).write_text(text)
        return scenario("explore", file, *options)

    return explore


def result(done):
    (only,) = results(done)
    return only


def json_of(explore, text, *options):
    return result(explore(text, "--output-format", "json", *options))


def steady(text):
    return re.sub(r"\d+\.\d\d s", "N s", text)


def test_what_holds_is_zero(explore):
    assert explore(FINE).exit_code == 0


def test_a_lost_update_as_users_read_it(explore, snapshot):
    done = explore(LOST)
    assert done.exit_code == 1
    snapshot("explore-lost-update", steady(done.stdout))


def test_a_deadlock_as_users_read_it(explore, snapshot):
    done = explore(ABBA)
    assert done.exit_code == 1
    snapshot("explore-deadlock", steady(done.stdout))


def test_a_failure_carries_a_schedule(explore):
    failure = json_of(explore, LOST)["failures"][0]
    assert re.fullmatch(r"1:[0-9a-f]+:A\[0\],A\[1\]\*2,A\[0\]", failure["schedule"])


def test_odds_are_exact_and_text(explore):
    found = json_of(explore, LOST, "--odds")
    assert found["search"]["interleavings"] == "6"
    assert found["search"]["bad"] == {"interleavings": "4", "probability": "1/2", "preemptions": 1}
    assert {row["values"]["counter"]: row["interleavings"] for row in found["outcomes"]} == {1: "4", 2: "2"}


def test_a_sample_as_users_read_it(explore, snapshot):
    done = explore(FINE, "--sample", "100", "--seed", "1")
    assert done.exit_code == 3
    snapshot("explore-sample", steady(done.stdout))
    done = explore(LOST, "--sample", "100", "--seed", "1", "--pct", "2")
    assert done.exit_code == 1
    snapshot("explore-sample-pct", steady(done.stdout))


def test_a_seed_without_a_sample_decides_nothing_and_is_refused(explore, monkeypatch):
    done = explore(FINE, "--seed", "1")
    assert (done.exit_code, "--sample N" in done.stderr) == (2, True)
    monkeypatch.setenv("SCENARIO_SEED", "1")  # as it may be for `run`
    assert explore(FINE).exit_code == 0


def test_a_sample_in_json(explore):
    found = json_of(explore, LOST, "--sample", "50", "--seed", "7")
    sample = found["search"]["sample"]
    assert (found["verdict"], sample["way"], sample["seed"], sample["walks"]) == ("fails", "interleavings", 7, 50)
    assert sample["interval"][0] < 2 / 3 < sample["interval"][1]
    assert sum(row["runs"] for row in found["outcomes"]) == 50
    assert "states" not in found["search"]


def test_a_failure_that_takes_a_hundred_constraints_is_as_good_as_never_shown_by_chance(explore):
    done = explore(LOST, "--sample", "10", "--seed", "1", "--pct", "100")
    assert done.exit_code in (1, 3)
    assert "PCT of depth 100" in done.stdout
    assert explore(LOST, "--sample", "10", "--pct", "101").exit_code == 2


@pytest.mark.parametrize("options", [("--pct", "2"), ("--sample", "5", "--odds"), ("--sample", "5", "--for-all", "n")])
def test_what_does_not_go_with_a_sample(explore, options):
    assert explore(FINE, *options).exit_code == 2


def test_past_the_budget_of_states_it_is_undecided(explore):
    done = explore(FINE, "--max-states", "2", "--no-reduction")
    assert (done.exit_code, "UNDECIDED" in done.stdout) == (3, True)


def test_a_file_that_is_only_run_is_skipped(explore):
    found = json_of(explore, FINE + "explore: false\n")
    assert (found["verdict"], found["reasons"]) == ("skipped", ["explore: false"])


def test_params_of_explore_go_before_cases_and_the_command_line_before_them(explore):
    text = FINE + "cases: [{workers: 9}]\nexplore: {params: {workers: 3}}\n"
    assert json_of(explore, text)["params"] == {"workers": 3}
    assert json_of(explore, text, "-p", "workers=1")["params"] == {"workers": 1}


def test_flags_go_before_the_settings_of_the_file(explore):
    text = FINE + "explore: {clock: virtual, wake: fifo, spurious: true}\n"
    settings = ("clock", "wake", "spurious")
    kept = json_of(explore, text)["search"]
    assert [kept[name] for name in settings] == ["virtual", "fifo", True]
    changed = json_of(explore, text, "--clock", "free", "--wake", "any", "--no-spurious")["search"]
    assert [changed[name] for name in settings] == ["free", "any", False]


def test_a_permitted_deadlock_holds_and_stands_in_the_results(explore):
    found = json_of(explore, ABBA + "expect: {deadlock: possible}\n")
    assert (found["verdict"], [f["kind"] for f in found["failures"]]) == ("holds", ["deadlock"])


def test_a_possible_deadlock_must_be_there(explore):
    found = json_of(explore, FINE.split("expect")[0] + "expect: {deadlock: possible}\n")
    assert (found["verdict"], [f["kind"] for f in found["failures"]]) == ("fails", ["deadlock"])


def test_exactly_the_stuck_threads_must_be_named(explore):
    assert json_of(explore, ABBA + "expect: {deadlock: {possible: [T1, T2]}}\n")["verdict"] == "holds"
    assert json_of(explore, ABBA + "expect: {deadlock: {possible: [T1]}}\n")["verdict"] == "fails"


def test_a_file_that_shows_a_bug_holds(explore):
    assert json_of(explore, ABBA + "expect: {fails: [deadlock]}\n")["verdict"] == "holds"
    assert json_of(explore, ABBA + "expect: {fails: [final]}\n")["verdict"] == "fails"


def test_a_deadlock_always(explore):
    assert json_of(explore, DEADLOCK + "expect: {deadlock: always}\n")["verdict"] == "holds"
    assert json_of(explore, ABBA + "expect: {deadlock: always}\n")["verdict"] == "fails"


def test_outcomes_are_labelled(explore):
    rows = json_of(explore, CHOICE)["outcomes"]
    assert [(row["values"], row["is"]) for row in rows] == [({"x": 1}, "acceptable"), ({"x": 2}, "interesting")]


PASSED_OVER = """scenario: s
vars: {x: 0}
threads: {A: {steps: [x = 1]}}
expect: {outcomes: [{when: 1 / (x - 1) > 0, is: forbidden}, {when: x == 1, is: acceptable}]}
"""


def test_a_when_that_raises_is_passed_over_and_says_so(explore, tmp_path):
    done = explore(PASSED_OVER)
    assert (done.exit_code, "acceptable  1 / (x - 1) > 0: ZeroDivisionError" in done.stdout) == (0, True)
    (row,) = json_of(explore, PASSED_OVER)["outcomes"]
    assert row["raised"] == {"1 / (x - 1) > 0": "ZeroDivisionError"}
    (tmp_path / "one.yaml").write_text(PASSED_OVER)
    assert "outcomes `1 / (x - 1) > 0` raised ZeroDivisionError" in scenario("run", tmp_path / "one.yaml").stdout


def test_the_command_that_reproduces_it_does(explore):
    done = explore(LOST, "-p", "rounds=2", "--clock", "virtual")
    line = next(line for line in done.stdout.splitlines() if line.startswith("reproduce: "))
    again = scenario(*shlex.split(line.removeprefix("reproduce: scenario ")))
    assert again.exit_code == done.exit_code == 1
    assert line in again.stdout.splitlines()
    assert "final: `counter == 2 * rounds` is false" in again.stdout


def test_elapsed_without_the_virtual_clock_is_undecided(explore):
    text = FINE.split("expect")[0] + "expect: {elapsed: {at_most: 9}}\n"
    assert explore(text).exit_code == 3
    assert explore(text, "--clock", "virtual").exit_code == 0


@pytest.mark.parametrize("seconds", ["nan", "0", "-1", "soon"])
def test_a_budget_that_is_no_time_is_refused(tmp_path, seconds):
    done = scenario("explore", tmp_path, "--max-seconds", seconds)
    assert (done.exit_code, "Invalid value for '--max-seconds'" in done.output) == (2, True)


FAULTS = Path(__file__).parents[1] / "faults" / "cases"


def test_json_tells_what_a_search_found_beside_its_verdict():
    def explored(name, *options):
        (result,) = results(scenario("explore", FAULTS / f"{name}.yaml", "--output-format", "json", *options))
        return result

    (failure,) = explored("others-spin-on")["failures"]
    assert [one["thread"] for one in failure["going_round"]] == ["server"]
    search = explored("never-executed")["search"]
    assert [span["end_line"] - span["line"] for span in search["unreached"]] == [1]
    assert [(claim["text"], claim["why"]) for claim in search["vacuous"]] == [("x == 0", "never changes")]
    search = explored("undecided-how-far", "--max-states", "500")["search"]
    assert search["covered_steps"] > 0
    assert {"kind": "variable", "name": "n"} in [{"kind": s["kind"], "name": s["name"]} for s in search["sources"]]


def test_warnings_can_be_left_out_or_made_errors_as_for_run(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "fine.yaml").write_text(FINE.replace("{lock: Lock}", "{lock: Lock, spare: Lock}"))
    assert "SC409 warning" in scenario("explore", "fine.yaml").stdout
    assert "SC409" not in scenario("explore", "fine.yaml", "--ignore", "SC409").stdout
    strict = scenario("explore", "fine.yaml", "--strict")
    assert (strict.exit_code, "SC409" in strict.stdout) == (2, True)


@pytest.mark.parametrize(
    ("options", "why"),
    [
        (("--html", "no/where.html"), "can not write no/where.html: No such file or directory"),
        (("--trace", "."), "can not write .: Is a directory"),
        (("--html", "x.yaml"), "x.yaml is the scenario itself"),
        (("--html", "one", "--trace", "./one"), "--trace and --html are both ./one"),
        (("-o", "one", "--html", "one"), "-o and --html are both one"),
        (("--html", "-"), "--html - would be mixed with the results"),
    ],
)
def test_where_pictures_go_is_tried_before_anything_is_searched(explore, options, why):
    done = explore(LOST, *options)
    assert (done.exit_code, done.stdout) == (2, "")
    assert why in done.stderr


def test_a_page_may_go_to_standard_output_where_the_results_go_to_a_file(explore):
    assert explore(LOST, "-o", "results.txt", "--html", "-").stdout.startswith("<!doctype html>")


@pytest.mark.parametrize("name", [(), ("--stdin-filename", "piped.yaml")])
def test_what_was_piped_in_is_replayed_by_piping_it_in_again(name):
    done = scenario("explore", "-", *name, input=LOST)
    line = next(line for line in done.stdout.splitlines() if line.startswith("reproduce: "))
    words = shlex.split(line.removeprefix("reproduce: scenario "))
    assert words[: 2 + len(name)] == ["replay", "-", *name]
    assert scenario(*words, input=LOST).exit_code == 1


def test_a_step_on_asyncio_says_once_what_a_variable_becomes():
    text = """
scenario: x
runtimes: [asyncio]
vars: {s: "", n: 0, seen: []}
threads:
  A:
    steps:
      - s = "a"
      - n = -1
      - seen = ["b"]
      - n += 3
      - assert: n == 1
"""
    done = scenario("explore", "-", input=text)
    shown = [re.split(r"  +", line.strip())[-1] for line in re.findall(r"^ +\d+ +\d+ +.*$", done.stdout, re.MULTILINE)]
    assert shown[:4] == ['s = "a"', "n = -1", 'seen = ["b"]', "n += 3, n = 2"]


RAISES = """\
scenario: raises
vars: {d: {}, n: 0}
threads: {A: {steps: ["n = 1"]}}
expect:
  sometimes: ["d['x'] == 1", "n == 5"]
  reachable: ["1 // (n - 1) == 5"]
"""
SAID = [
    "sometimes `d['x'] == 1`: not seen; it raised KeyError: 'x', and so does not hold there",
    "sometimes `n == 5`: not seen",
    "reachable `1 // (n - 1) == 5`: not seen; it raised ZeroDivisionError: integer division or modulo by zero, and so does not hold there",
]


@pytest.mark.parametrize("runtime", ["threading", "asyncio"])
def test_a_sometimes_or_reachable_that_raises_says_so(runtime, tmp_path):
    """Not only that it was false: the claim may be what is wrong."""
    (tmp_path / "a.yaml").write_text(RAISES)
    file = str(tmp_path / "a.yaml")
    ran = scenario("run", "--runtime", runtime, "--color", "never", file)
    assert (ran.exit_code, [line.strip() for line in ran.stdout.splitlines() if "not seen" in line]) == (0, SAID)
    explored = scenario("explore", "--runtime", runtime, "--output-format", "json", file)
    (result,) = results(explored)
    assert [one["message"] for one in result["failures"]] == [
        "`d['x'] == 1` is false at the end of every interleaving; it raised KeyError: 'x', and so does not hold there",
        "`n == 5` is false at the end of every interleaving",
        (
            "`1 // (n - 1) == 5` is false in every state of every interleaving; it raised ZeroDivisionError: integer division or"
            " modulo by zero, and so does not hold there"
        ),
    ]


def test_one_that_raises_in_some_interleavings_and_holds_in_others_is_seen(tmp_path):
    text = RAISES.replace("d['x'] == 1", "n == 1").replace(', "n == 5"', "").replace("== 5", "== -1")
    (tmp_path / "a.yaml").write_text(text)
    assert scenario("explore", str(tmp_path / "a.yaml")).exit_code == 0
    assert "raised" not in scenario("run", str(tmp_path / "a.yaml")).stdout
