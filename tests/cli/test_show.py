"""`scenario show`: who touches what, and the indivisible steps of each line."""

from pathlib import Path

import pytest
from cli.files import CASES, INVALID, PYTHON, results, scenario

SHOWN = """\
scenario: shown
description: Everything that takes more than one step.
params: {n: 2}
vars: {counter: 0, items: []}
primitives:
  lock: Lock
  changed: {Condition: lock}
  ready: Event
  gate: {Barrier: n}
threads:
  A:
    count: n
    steps:
      - local = 1
      - counter += 1
      - atomic:
          - counter += 1
          - items.append(counter)
      - with: lock
        do:
          - wait: changed
            timeout: 1
      - wait: gate
      - sleep: 1
  B: {daemon: true, steps: [{wait: ready}]}
"""
SCENARIOS = sorted((Path(__file__).parents[2] / "scenarios").rglob("*.yaml"))


def test_a_file_explained(snapshot):
    snapshot("show", scenario("show", "-", "--stdin-filename", "x.yaml", input=SHOWN).stdout)


def test_an_invalid_file_says_why():
    done = scenario("show", "-", input=INVALID)
    assert (done.exit_code, "<stdin>:5:9" in done.stderr) == (2, True)


def test_each_case_is_shown_by_what_differs():
    shown = scenario("show", "-", input=CASES).stdout
    assert [line for line in shown.splitlines() if "×" in line or "above" in line or "[" in line] == [
        "<stdin>: fine [workers=1]",
        "  A  1 × Thread",
        "<stdin>: fine [workers=3]",
        "  A  3 × Thread",
        "the rest as above",
    ]


def test_a_case_is_chosen_with_p():
    (case,) = results(scenario("show", "-", "-p", "workers=3", "--output-format", "json", input=CASES))
    assert case["params"] == {"workers": 3}


def test_programs_read_the_same_as_json():
    (shown,) = results(scenario("show", "-", "--output-format", "json", input=SHOWN))
    assert shown["vars"][0] == {"name": "counter", "value": 0, "uses": {"read": ["A"], "written": ["A"]}}
    assert shown["primitives"][3] == {
        "name": "gate",
        "kind": "Barrier(parties=2)",
        "count": None,
        "uses": {"wait": ["A"]},
    }
    assert shown["threads"][0] == {"name": "A", "kind": "Thread", "count": 2, "daemon": False, "uses": {}}
    assert shown["bodies"][0]["lines"][:2] == [
        {"line": 15, "text": "- counter += 1", "steps": [["read counter"], ["write counter"]]},
        {
            "line": 17,
            "text": "- counter += 1",
            "steps": [["read counter", "write counter", "read counter", "items.append(counter)"]],
        },
    ]


def test_an_invalid_file_stands_in_the_json_as_in_that_of_validate():
    done = scenario("show", "-", "--output-format", "json", input=INVALID)
    (shown,) = results(done)
    assert (done.exit_code, shown["verdict"], shown["failures"][0]["line"]) == (2, "invalid", 5)


def test_what_is_shown_goes_to_a_file(tmp_path):
    scenario("show", "-", "-o", tmp_path / "x.txt", input=SHOWN)
    assert (tmp_path / "x.txt").read_text().startswith("<stdin>: shown\n")


@pytest.mark.parametrize("folder", sorted({str(path.parent) for path in SCENARIOS}))
def test_every_shipped_scenario_can_be_shown(folder):
    assert scenario("show", folder).exit_code == 0


def test_a_call_of_the_users_own_code_is_shown(tmp_path):
    (tmp_path / "a.yaml").write_text(PYTHON)
    done = scenario("show", tmp_path / "a.yaml", "--allow-python", "antigravity")
    assert (done.exit_code, "call f" in done.stdout) == (0, True)


def test_what_is_added_to_a_number_or_a_list_is_told_in_words_of_the_language():
    text = "scenario: x\nvars: {n: 0, x: [0]}\nthreads:\n  A: {steps: [m = 1, n += m, 'x[0] += m']}\n"
    shown = scenario("show", "-", input=text).stdout
    assert "read n · write n" in shown
    assert "read x[0] (or, if it is a list, change it) · write x[0]" in shown


def test_who_does_what_with_a_future_of_the_file_is_shown():
    text = (
        "scenario: x\nprimitives: {f: Future, fs: {array: 2, of: Future}}\n"
        "threads:\n  A: {steps: [{set_result: f, value: 1}, {wait_futures: '[f, fs[0]]'}]}\n  B: {steps: [{cancel: 'fs[1]'}]}\n"
    )
    shown = scenario("show", "-", input=text).stdout
    assert "f   Future      set_result by A; wait_futures by A" in shown
    assert "fs  2 × Future  wait_futures by A; cancel by B" in shown


BETWEEN = "between two of them any other thread may come in"
ON_ASYNCIO = "On asyncio a task takes one step after the other until it has to wait"


@pytest.mark.parametrize(
    ("runtimes", "said", "kinds"),
    [
        ("[threading]", (True, False), ["Thread"]),
        ("[asyncio]", (False, True), ["Task"]),
        ("[threading, asyncio, multiprocessing]", (True, True), ["Thread", "Task", "Process"]),
    ],
)
def test_where_another_comes_in_and_what_runs_the_steps_is_said_by_runtime(runtimes, said, kinds):
    text = f"scenario: x\nruntimes: {runtimes}\nthreads: {{A: {{steps: [{{sleep: 1}}]}}}}\n"
    shown = scenario("show", "-", input=text).stdout
    assert (BETWEEN in shown, ON_ASYNCIO in shown) == said
    assert [kind for kind in ("Thread", "Task", "Process") if f"  A  {kind}\n" in shown] == kinds
    assert ("wake up" in shown) == ("asyncio" in runtimes)


def test_how_it_is_explored_is_said_where_that_is_not_as_usual():
    text = "scenario: x\nthreads: {A: {steps: [pass]}}\n"
    assert "explored with" not in scenario("show", "-", input=text).stdout
    unusual = f"{text}explore: {{fairness: weak, wake: fifo}}\n"
    assert "\n  explored with wake fifo, fairness weak\n" in scenario("show", "-", input=unusual).stdout
    (shown,) = results(scenario("show", "-", "--output-format", "json", input=unusual))
    assert (shown["runtime"], shown["explored"]) == ("threading", {"wake": "fifo", "fairness": "weak"})
