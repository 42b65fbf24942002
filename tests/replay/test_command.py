"""`scenario replay` from end to end."""

import json
import re
import shlex
from pathlib import Path

import pytest
from cli.files import results, scenario

LOST = """\
scenario: lost
cases: [{workers: 2}, {workers: 3}]
params: {workers: 2}
vars: {counter: 0}
threads:
  inc: {count: workers, steps: [counter += 1]}
expect: [counter == workers]
"""


@pytest.fixture
def lost(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("x.yaml").write_text(LOST)
    return "x.yaml"


def tokens(path):
    done = scenario("explore", path, "--output-format", "json")
    return [failure["schedule"] for result in results(done) for failure in result["failures"]]


def test_the_line_of_a_report_reproduces_its_failure(lost):
    lines = [x for x in scenario("explore", lost).stdout.splitlines() if x.startswith("reproduce: ")]
    assert len(lines) == 2
    for line, workers in zip(lines, (2, 3), strict=True):
        again = scenario(*shlex.split(line)[2:], "--output-format", "json")
        (result,) = results(again)
        assert (again.exit_code, result["verdict"], result["params"]) == (1, "fails", {"workers": workers})
        assert result["failures"][0]["kind"] == "final"
        assert result["final"] == {"counter": workers - 1}


def test_a_result_in_json_is_replayed(lost):
    scenario("explore", lost, "--output-format", "json", "-o", "found.json")
    done = scenario("replay", "found.json", "--output-format", "json")
    assert [r["params"]["workers"] for r in results(done)] == [2, 3]
    assert done.exit_code == 1


def test_a_kept_failure_is_known_by_its_schedule(lost):
    token = tokens(lost)[1]
    done = scenario("replay", token, "--output-format", "json")
    assert (done.exit_code, results(done)[0]["failures"][0]["schedule"]) == (1, token)


def test_an_unknown_schedule_is_refused(lost):
    done = scenario("replay", "1:0123456789abcdef:A")
    assert done.exit_code == 2
    assert "scenario replay FILE --schedule 1:0123456789abcdef:A" in done.stderr


def test_a_changed_file_is_refused(lost):
    token = tokens(lost)[0]
    Path(lost).write_text(LOST + "# changed\n")
    done = scenario("replay", lost, "--schedule", token)
    assert done.exit_code == 2
    assert "another version of x.yaml" in done.stderr


@pytest.mark.parametrize("token", ["garbage", "2:abc:A", "1:abc:A*99999999999"])
def test_what_is_no_schedule_is_refused(lost, token):
    assert scenario("replay", lost, "--schedule", token).exit_code == 2


def test_a_file_alone_is_explored_when_nothing_is_kept(lost):
    done = scenario("replay", lost, "-p", "workers=2", "--output-format", "json")
    assert (done.exit_code, results(done)[0]["failures"][0]["kind"]) == (1, "final")


def test_slow_shows_each_step(lost):
    done = scenario("replay", lost, "-p", "workers=2", "--slow")
    assert "1     6  read counter -> 0" in done.stdout.splitlines()[2]


def test_slow_fits_the_terminal(lost, monkeypatch):
    monkeypatch.setenv("COLUMNS", "50")
    lines = scenario("replay", lost, "-p", "workers=2", "--slow").stdout.splitlines()
    slow = [line for line in lines if line.startswith("  | ")]
    assert slow[0] == "  | step  line  thread"
    assert max(map(len, slow)) <= 50


def test_failures_are_kept_here_and_forgotten_when_they_are_gone(lost):
    scenario("explore", lost)
    assert len(list(Path(".scenario").glob("*.json"))) == 2
    Path(lost).write_text(LOST.replace("steps: [counter += 1]", "steps: [{atomic: counter += 1}]"))
    assert scenario("explore", lost).exit_code == 0
    assert not list(Path(".scenario").glob("*.json"))


def test_git_leaves_out_what_is_kept_unless_the_person_says_otherwise(lost):
    scenario("explore", lost)
    assert Path(".scenario/.gitignore").read_text() == "*\n"
    Path(".scenario/.gitignore").write_text("!*\n")
    scenario("explore", lost)
    assert Path(".scenario/.gitignore").read_text() == "!*\n"


def test_nothing_is_kept_through_a_link(lost, tmp_path_factory):
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    Path(".scenario").symlink_to(elsewhere)
    assert scenario("explore", lost).exit_code == 1
    assert not list(elsewhere.iterdir())


def test_what_is_kept_is_never_trusted(lost):
    scenario("explore", lost)
    for path in Path(".scenario").glob("*.json"):
        path.write_text('{"version": 1, "failures": [{"file": 7}, 1]}')
    assert scenario("replay", lost).exit_code == 1
    assert scenario("explore", lost).exit_code == 1


def as_if_it_took(seconds):
    for path in Path(".scenario").glob("*.json"):
        path.write_text(path.read_text().replace('"seconds": 0.', f'"seconds": {seconds}.'))


def no_search(monkeypatch):
    def search(*_args, **_settings):
        raise AssertionError("there was no need to search")

    monkeypatch.setattr("scenario.commands.work.searching.search", search)


@pytest.mark.parametrize("edit", ["", "# an edit\n"])
def test_a_failure_of_a_long_search_is_shown_at_once_while_it_is_still_there(lost, monkeypatch, edit):
    first = scenario("explore", lost, "-p", "workers=2", "--output-format", "json")
    as_if_it_took(100)
    Path(lost).write_text(LOST + edit)
    no_search(monkeypatch)
    done = scenario("explore", lost, "-p", "workers=2", "--output-format", "json")
    assert done.exit_code == 1
    keys = ("kind", "message", "line", "column")
    ((one,), (other,)) = (results(d)[0]["failures"] for d in (first, done))
    assert [one.get(k) for k in keys] == [other.get(k) for k in keys]
    assert "kept from an earlier run" in scenario("explore", lost, "-p", "workers=2").stdout


def test_a_kept_failure_is_known_where_the_budget_does_not_reach_it(lost):
    scenario("explore", lost)
    done = scenario("explore", lost, "-p", "workers=2", "--max-states", "1")
    assert done.exit_code == 1
    assert "kept from an earlier run" in done.stdout


def test_a_failure_that_was_mended_is_searched_for_and_forgotten(lost):
    scenario("explore", lost)
    as_if_it_took(100)
    Path(lost).write_text(LOST.replace("steps: [counter += 1]", "steps: [{atomic: counter += 1}]"))
    assert scenario("explore", lost).exit_code == 0
    assert not list(Path(".scenario").glob("*.json"))


def test_keep_going_searches_on(lost):
    scenario("explore", lost)
    as_if_it_took(100)
    done = scenario("explore", lost, "--keep-going")
    assert "kept from an earlier run" not in done.stdout
    assert "all interleavings covered" in done.stdout


def test_a_quick_search_is_made_again_for_its_table(lost):
    first, second = (scenario("explore", lost, "--output-format", "json") for _ in range(2))
    assert [r["outcomes"] for r in results(first)] == [r["outcomes"] for r in results(second)]


@pytest.mark.parametrize(
    "text",
    [
        "primitives: {a: Lock, b: Lock}\nthreads: {A: {steps: [{acquire: a}, {acquire: b}]}, B: {steps: [{acquire: b}, {acquire: a}]}}",
        "vars: {x: 0}\nthreads: {A: {steps: [{while: x == 0, do: [pass]}]}}",
        "vars: {x: 0}\nthreads: {A: {steps: [x = 1, {raise: ValueError}]}}",
        "vars: {x: 0}\nthreads: {A: {steps: [x = 1]}, B: {steps: [x = 2]}}\nexpect: {always: [x < 2]}",
        "threads: {A: {steps: [{print: a}]}, B: {steps: [{print: b}]}}\nexpect: {output: [a, b]}",
    ],
)
def test_each_kind_of_failure_is_still_there(lost, monkeypatch, text):
    Path(lost).write_text(f"scenario: x\n{text}\n")
    first = scenario("explore", lost, "--output-format", "json")
    as_if_it_took(100)
    no_search(monkeypatch)
    second = scenario("explore", lost, "--output-format", "json")
    assert first.exit_code == second.exit_code == 1
    assert results(first)[0]["failures"] == results(second)[0]["failures"]


def test_what_is_permitted_fails_nothing_when_it_is_kept(lost):
    Path(lost).write_text(
        "scenario: x\nprimitives: {a: Lock}\nthreads: {A: {steps: [{acquire: a}, {acquire: a}]}}\n"
        "expect: {deadlock: possible}\n"
    )
    scenario("explore", lost)
    as_if_it_took(100)
    assert scenario("explore", lost).exit_code == 0


def test_a_schedule_that_moves_a_thread_of_no_scenario_is_refused(lost):
    result, _ = results(scenario("explore", lost, "--output-format", "json"))
    token = result["failures"][0]["schedule"]
    done = scenario("replay", lost, "--schedule", re.sub(r":[^:]*$", ":nobody,nobody", token))
    assert done.exit_code == 2
    assert f"this schedule moves nobody, and {lost} has no such thread" in done.output


def test_a_failure_in_one_line_names_its_case_and_nothing_else_reads_like_one(lost):
    *lines, _ = scenario("replay", lost, "--output-format", "concise").stdout.splitlines()
    assert lines == [
        "x.yaml:7:10: final `counter == workers` is false: counter is 1, workers is 2 [workers=2]",
        "x.yaml:7:10: final `counter == workers` is false: counter is 2, workers is 3 [workers=3]",
    ]


@pytest.mark.parametrize(
    ("kind", "threads"),
    [
        ("livelock", "A: {steps: [{while: x != 5, do: [{sleep: 0}, x = 1]}]}, B: {steps: [{while: x != 6, do: [{sleep: 0}, x = 2]}]}"),
        ("deadlock", "A: {steps: [{wait: e}]}, B: {steps: [{while: true, do: [{sleep: 1}]}]}"),
    ],
)  # fmt: skip
def test_on_asyncio_a_schedule_that_goes_round_ends_where_its_round_is_closed(lost, kind, threads):
    """And so does the one that its replay tells of."""
    Path(lost).write_text(
        f"scenario: x\nruntimes: [asyncio]\nvars: {{x: 0}}\nprimitives: {{e: Event}}\nthreads: {{{threads}}}\n"
    )
    (token,) = tokens(lost)
    assert "@" in token
    for _ in range(2):
        (result,) = results(scenario("replay", lost, "--schedule", token, "--output-format", "json"))
        assert [(one["kind"], one["schedule"]) for one in result["failures"]] == [(kind, token)]


def test_a_schedule_longer_than_a_file_name_may_be_is_one(lost):
    done = scenario("replay", f"1:0123456789abcdef:{'A,B,' * 200}A")
    assert (done.exit_code, "no failure with this schedule is kept" in done.stderr) == (2, True)


@pytest.mark.parametrize("failures", [5, None, True, "x", {}, [7], [{"schedule": 5}]])
def test_results_of_any_shape_are_no_fault_of_ours(lost, failures):
    Path("found.json").write_text(json.dumps({"results": [{"file": lost, "failures": failures}]}))
    assert scenario("replay", "found.json").exit_code == 2
