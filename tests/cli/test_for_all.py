"""`scenario explore --for-all` from end to end: what holds for all values, the least that fails, what is not decided."""

import shlex

import pytest
from cli.files import results, scenario

COUNTER = """\
scenario: counter
params: {workers: 2, rounds: 3, step: 1}
vars: {counter: 0}
primitives: {lock: Lock}
threads:
  inc:
    count: workers
    steps:
      - repeat: rounds
        do:
          - with: lock
            do: [counter += step]
expect:
  - counter == step * workers * rounds
"""
UNLOCKED = COUNTER.replace("with: lock", "repeat: 1")
AT_MOST = COUNTER.replace("counter == step * workers * rounds", "counter <= 5")
INSIDE = """\
scenario: inside
params: {workers: 2}
vars: {inside: 0}
threads:
  w: {count: workers, steps: [{atomic: inside += 1}]}
expect: {always: [inside <= 4]}
"""
STACK = """\
scenario: stack
params: {workers: 2}
vars: {stack: []}
threads:
  worker:
    count: workers
    steps:
      - stack.append(index)
      - stack.pop()
expect:
  - len(stack) == 0
"""
BOTH = ("--for-all", "workers,rounds")


@pytest.fixture
def explore(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    def explore(text, *options):
        (tmp_path / "x.yaml").write_text(text)
        return scenario("explore", "x.yaml", *options)

    return explore


def result(done):
    (only,) = results(done)
    return only


def test_what_holds_for_all_values_says_from_which_on(explore):
    done = explore(COUNTER, *BOTH)
    assert done.exit_code == 0
    assert "HOLDS counter for all workers ≥ 1 and rounds ≥ 0\n" in done.output
    assert "proved by sections of lock, commuting updates of counter, loops in closed form" in done.output


def test_machines_are_told_what_has_proved_it_and_the_other_params(explore):
    found = result(explore(COUNTER, *BOTH, "--output-format", "json"))
    assert (found["verdict"], found["params"]) == ("holds", {"step": 1})
    proof = found["search"]["for_all"]
    assert proof["least"] == {"workers": 1, "rounds": 0}
    assert "loops in closed form" in proof["proved_by"]


def test_all_params_may_be_left_open(explore):
    done = explore(COUNTER, "--for-all", "workers, rounds, step")
    assert "for all workers ≥ 1, rounds ≥ 0 and step ≥ 0" in done.output


def test_the_file_may_ask_for_it(explore):
    asking = COUNTER + "explore: {for_all: [workers, rounds]}\n"
    assert "for all workers ≥ 1 and rounds ≥ 0" in explore(asking).output
    assert "for all rounds ≥ 0" in explore(asking, "-p", "workers=3").output
    assert "for all" not in explore(asking, "-p", "workers=3", "-p", "rounds=1").output


def test_odds_are_of_one_size_also_where_the_file_asks_for_all(explore):
    done = explore(COUNTER + "explore: {for_all: [workers, rounds]}\n", "-p", "rounds=1", "--odds")
    assert " interleavings" in done.output
    assert "for all" not in done.output


def test_the_least_values_that_fail_have_a_schedule_that_replays(explore):
    done = explore(UNLOCKED, *BOTH)
    assert done.exit_code == 1
    assert "FAILS counter for workers = 2, rounds = 1: the least that fails\n" in done.output
    command = done.output.partition("reproduce: ")[2].splitlines()[0]
    assert scenario(*shlex.split(command)[1:]).exit_code == 1


def test_a_claim_that_is_false_far_out_fails_at_the_least_values(explore):
    found = result(explore(AT_MOST, *BOTH, "--output-format", "json"))
    assert found["verdict"] == "fails"
    fails_at = found["search"]["for_all"]["fails_at"]
    assert fails_at["workers"] * fails_at["rounds"] > 5
    assert sum(fails_at.values()) == 5
    assert found["params"] == {"step": 1, **fails_at}
    assert found["failures"][0]["schedule"]


def test_where_no_schedule_is_found_in_time_it_is_undecided_and_said_to_fail(explore):
    done = explore(INSIDE, "--for-all", "workers", "--max-states", "3")
    assert done.exit_code == 3
    assert "that it fails there is known by a proof alone" in done.output


def test_what_is_not_decided_says_what_lies_outside_and_how_far_it_was_searched(explore):
    done = explore(STACK, "--for-all", "workers", "--max-seconds", "2")
    assert done.exit_code == 3
    assert "UNDECIDED stack for all workers ≥ 1\n" in done.output
    assert "line 8: this step is not followed for all values" in done.output
    assert "searched one by one, it holds as long as workers ≤ " in done.output
    found = result(explore(STACK, "--for-all", "workers", "--max-seconds", "2", "--output-format", "json"))
    assert {"line": 8, "column": 9, "what": "step"} in found["search"]["for_all"]["outside"]


def test_it_is_claimed_from_the_least_values_on_for_which_the_file_is_valid(explore):
    done = explore(
        COUNTER.replace("counter ==", "not inc[1].is_alive() and counter =="),
        "--for-all",
        "workers",
        "--max-seconds",
        "2",
    )
    assert "for all workers ≥ 2\n" in done.output


def test_cases_that_differ_in_nothing_else_are_one(explore):
    cases = COUNTER.replace("vars:", "cases: [{workers: 2}, {workers: 3}, {step: 2}]\nvars:")
    found = results(explore(cases, *BOTH, "--output-format", "json"))
    assert [one["params"] for one in found] == [{"step": 1}, {"step": 2}]


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--for-all", "nobody"), "no selected file has a param of that name"),
        (("--for-all", "workers", "-p", "workers=2"), "-p workers gives it one value"),
        (("--for-all", "step", "-p", "rounds=1", "-p", "step=x"), "-p step gives it one value"),
        (("--for-all", "names"), "it is no whole number"),
        (("--for-all", "workers", "--odds"), "--odds, --sample and --no-reduction are about one"),
    ],
)
def test_what_can_not_be_left_open_is_refused(explore, options, words):
    done = explore(COUNTER.replace("step: 1}", "step: 1, names: [a]}"), *options)
    assert done.exit_code == 2
    assert words in done.output


@pytest.mark.parametrize(("name", "words"), [("rownds", "there is no param `rownds`"), ("ratio", "is no whole number")])
def test_what_a_file_can_not_leave_open_is_an_error_with_its_place(explore, name, words):
    done = explore(COUNTER.replace("step: 1}", "step: 1, ratio: 0.5}") + f"explore: {{for_all: [workers, {name}]}}\n")
    assert done.exit_code == 2
    assert words in done.output
    assert "x.yaml:15:30" in done.output


def test_a_line_for_grep_says_for_which_values(explore):
    done = explore(UNLOCKED, *BOTH, "--output-format", "concise")
    assert "x.yaml:14:5: final `counter == step * workers * rounds` is false" in done.output
    assert "[for workers = 2, rounds = 1: the least that fails]" in done.output


@pytest.mark.parametrize("form", ["concise", "github", "junit", "sarif", "jsonl"])
def test_every_format_can_tell_it(explore, form):
    assert explore(COUNTER, *BOTH, "--output-format", form).exit_code == 0
    assert explore(UNLOCKED, *BOTH, "--output-format", form).exit_code == 1
    assert explore(STACK, "--for-all", "workers", "--max-seconds", "1", "--output-format", form).exit_code == 3
