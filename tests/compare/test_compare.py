"""`compare`: a line a way, what is left out and why, the same in JSON and as a picture, other interpreters."""

from __future__ import annotations

import json
import sys
from html import escape
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from click.testing import CliRunner, Result
from explore.found import program

from scenario.cli.main import cli
from scenario.commands.in_turn import in_turn
from scenario.engines import threads
from scenario.report.comparison import comparison_text, seconds, times_as_fast
from scenario.report.style import Style
from scenario.results.comparison import Comparison, LeftOut, Line, Seen

WAITING = """scenario: waiting
runtimes: [threading, asyncio]
vars: {done: 0}
threads:
  worker: {count: 4, steps: [{sleep: 0.1}, {atomic: done += 1}]}
expect: [done == 4]
"""


def compared(tmp_path: Path, text: str, *options: str) -> Result:
    path = tmp_path / "x.scenario.yaml"
    path.write_text(text)
    return CliRunner().invoke(cli, ["compare", "--times", "2", *options, str(path)])


def lines(tmp_path: Path, text: str, *options: str) -> dict[str, dict[str, object]]:
    told = compared(tmp_path, text, "--output-format", "json", *options)
    (result,) = json.loads(told.stdout)["results"]
    return {line["way"]: line for line in result["lines"]}


def test_waits_are_side_by_side_on_threads_and_on_asyncio_and_not_in_turn(tmp_path):
    found = lines(tmp_path, WAITING)
    assert list(found)[:3] == ["in turn", "threading", "asyncio"]
    assert {line["run"] for line in found.values()} == {"holds"}
    assert found["in turn"]["wall"] >= 0.4
    for way in ("threading", "asyncio"):
        assert 0.1 <= found[way]["wall"] < found["in turn"]["wall"]
        assert found[way]["speed_up"] == found["in turn"]["wall"] / found[way]["wall"]
        assert found[way]["cpu"] < found[way]["wall"]
        assert found[way]["meant"]
    assert found["threading"]["explored"] == "holds"


LOGGING = "vars: {log: []}\nthreads:\n  A: {count: 2, steps: ['log.append(name)', {sleep: 0.01}, 'log.append(name)']}\n  B: {steps: ['log.append(name)']}\n"
MAINS = {
    "": ["A-0", "A-0", "A-1", "A-1", "B"],
    "main: [{start: all}, log.append(name), {join: all}]": ["A-0", "A-0", "A-1", "A-1", "B", "MainThread"],
    "main: [{start: B}, {start: A}, {join: A}, {join: B}]": ["B", "A-0", "A-0", "A-1", "A-1"],
    "main: [{for: i, in: [1, 0], do: [{start: 'A[i]'}]}, {call: rest}]\nroutines: {rest: {steps: [{start: B}]}}": [
        "A-1", "A-1", "A-0", "A-0", "B",
    ],
}  # fmt: skip


@pytest.mark.parametrize("main", MAINS)
def test_one_after_the_other_is_each_thread_joined_before_anything_goes_on(main):
    turn = in_turn(program(f"{LOGGING}{main}\n"))
    assert threads.run(turn).shared == {"log": MAINS[main]}


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("threads:\n  A: {daemon: true, steps: [pass]}\n  B: {steps: [pass]}\n", "`A` is a daemon"),
        ("threads:\n  A: {timer: 0.1, steps: [pass]}\n", "`A` is a timer"),
        ("main: [pass]\n", "there are no threads of the file's own"),
        (f"{LOGGING}main: [{{start: B}}, {{start: all}}]\n", "`start: all` starts those that are left"),
    ],
)
def test_where_nothing_can_be_in_turn_it_is_said_why(text: str, why: str):
    assert in_turn(program(text)) == why


def test_what_waits_for_another_thread_is_left_out_in_turn(tmp_path):
    text = "scenario: s\nprimitives: {e: Event}\nthreads:\n  A: {steps: [{wait: e}]}\n  B: {steps: [{set: e}]}\n"
    told = compared(tmp_path, text)
    assert told.exit_code == 0
    assert "left out: in turn: a thread has to wait for another" in told.stdout
    assert "speed-up" in told.stdout
    assert " x " not in told.stdout


def test_what_takes_too_long_in_turn_is_not_said_to_wait(tmp_path):
    text = "scenario: s\ntimeout: 0.3\nthreads:\n  A: {count: 2, steps: [{sleep: 0.2}]}\n"
    told = compared(tmp_path, text, "--runtime", "threading")
    assert "left out: in turn: it takes longer than the file's `timeout`, 0.3 s" in told.stdout
    assert told.exit_code == 0


def test_what_a_runtime_has_not_is_said_at_its_line(tmp_path):
    text = "scenario: s\nprimitives:\n  r: RLock\nthreads:\n  A: {steps: [{with: r, do: [pass]}]}\n"
    assert "left out: asyncio: line 3: asyncio has no RLock" in compared(tmp_path, text).stdout


def test_a_file_fails_where_it_is_meant_to_hold_alone(tmp_path):
    text = "scenario: s\nruntimes: [{}]\nvars: {{x: 0}}\nthreads:\n  A: {{steps: [x = 1]}}\nexpect:\n  final: [x == 1]\n  threading: {{final: [x == 2]}}\n"
    assert compared(tmp_path, text.format("asyncio")).exit_code == 0
    told = compared(tmp_path, text.format("threading, asyncio"))
    assert told.exit_code == 1
    assert "fails" in told.stdout


def test_the_cases_of_a_file_stand_apart(tmp_path):
    text = "scenario: s\nparams: {n: 1}\ncases: [{n: 1}, {n: 2}]\nvars: {x: 0}\nthreads:\n  A: {count: n, steps: [x = n]}\nexpect: [x == n]\n"
    told = compared(tmp_path, text, "--output-format", "json", "--runtime", "threading")
    results = json.loads(told.stdout)["results"]
    assert [(one["case"], one["lines"][-1]["outcomes"][0]["values"]) for one in results] == [
        ("n=1", {"x": 1}), ("n=2", {"x": 2}),
    ]  # fmt: skip


def test_another_interpreter_compares_too_and_one_that_is_none_is_left_out(tmp_path):
    told = compared(
        tmp_path, WAITING, "--runtime", "threading", "--python", sys.executable, "--python", str(tmp_path / "none"),
        "--output-format", "json",
    )  # fmt: skip
    (result,) = json.loads(told.stdout)["results"]
    version = sys.version.split()[0]
    assert [(one["way"], one["python"].split()[:1]) for one in result["lines"]] == [
        ("in turn", []), ("threading", []), ("in turn", [version]), ("threading", [version]),
    ]  # fmt: skip
    assert result["lines"][3]["speed_up"] > 1
    (left,) = result["left_out"]
    assert (left["way"], left["python"]) == (None, str(tmp_path / "none"))


def test_what_fails_on_another_interpreter_is_meant_where_the_file_says_so(tmp_path):
    text = "scenario: s\nruntimes: [asyncio]\nvars: {x: 0}\nthreads:\n  A: {steps: [x = 1]}\nexpect: [x == 2]\n"
    told = compared(tmp_path, text, "--python", sys.executable, "--runtime", "asyncio", "--runtime", "threading")
    assert [("not meant" in line) for line in told.stdout.splitlines() if line.strip().startswith("asyncio")] == [
        False
    ] * 2
    assert [("not meant" in line) for line in told.stdout.splitlines() if line.strip().startswith("threading")] == [
        True
    ] * 2
    assert told.exit_code == 1


def test_an_interpreter_without_scenario_is_told_what_it_lacks(tmp_path):
    python = tmp_path / "python"
    python.write_text(f'#!/bin/sh\nexec {sys.executable} -S "$@"\n')
    python.chmod(0o755)
    told = compared(tmp_path, WAITING, "--runtime", "threading", "--python", str(python))
    assert f"left out: {python}: No module named 'scenario': scenario has to be installed there" in " ".join(
        told.stdout.split()
    )


OWN = "scenario: own\npython: {f: 'only_here:f'}\nthreads:\n  A: {steps: [{call: f}]}\n"


def test_what_another_interpreter_leaves_out_is_told_where_it_is_not_left_out_here(tmp_path, monkeypatch):
    (tmp_path / "away").mkdir()
    (tmp_path / "away" / "only_here.py").write_text("def f(): pass\n")
    monkeypatch.syspath_prepend(str(tmp_path / "away"))
    told = compared(tmp_path, OWN, "--allow-python", "only_here", "--python", sys.executable, "--output-format", "json")
    (result,) = json.loads(told.stdout)["results"]
    version = sys.version.split()[0]
    assert [(one["way"], one["python"].split()[:1]) for one in result["lines"]] == [("in turn", []), ("threading", [])]
    assert [(one["way"], one["python"].split()[:1]) for one in result["left_out"]] == [
        ("asyncio", []), ("multiprocessing", []), ("in turn", [version]), ("threading", [version]),
    ]  # fmt: skip
    assert result["left_out"][-1]["why"] == "there is no module `only_here`"


def test_another_interpreter_finds_what_pythonpath_names(tmp_path, monkeypatch):
    (tmp_path / "away").mkdir()
    (tmp_path / "away" / "only_here.py").write_text("def f(): pass\n")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path / "away"))
    told = compared(
        tmp_path, OWN, "--allow-python", "only_here", "--runtime", "threading", "--python", sys.executable,
        "--output-format", "json",
    )  # fmt: skip
    (result,) = json.loads(told.stdout)["results"]
    assert [(one["way"], bool(one["python"]), one["run"]) for one in result["lines"]][2:] == [
        ("in turn", True, "holds"), ("threading", True, "holds"),
    ]  # fmt: skip


def test_the_picture_is_well_formed_whatever_the_names_are(tmp_path):
    picture = tmp_path / "bars.svg"
    text = WAITING.replace("scenario: waiting", 'scenario: "<b>&"')
    assert compared(tmp_path, text, "--runtime", "threading", "--svg", str(picture)).exit_code == 0
    root = ET.fromstring(picture.read_text())
    assert next(root.iter("{http://www.w3.org/2000/svg}text")).text == "<b>&"
    assert len(list(root.iter("{http://www.w3.org/2000/svg}rect"))) == 4


def test_the_page_has_all_of_it_and_asks_nobody_for_anything(tmp_path):
    page = tmp_path / "page.html"
    text = WAITING.replace("scenario: waiting", 'scenario: "<b>&"').replace("{sleep: 0.1}", "{sleep: 0}")
    told = compared(tmp_path, text, "--html", str(page))
    html = page.read_text()
    assert "default-src 'none'" in html
    assert "<b>" not in html
    assert "src=" not in html
    assert "href" not in html
    for way in ("in turn", "threading", "asyncio"):
        assert f'<th scope="rowgroup" colspan="5">{way}</th>' in html
    for line in told.stdout.splitlines():
        if line.startswith("  left out"):
            assert f"<li>{escape(line.strip())}</li>" in html


def test_an_invalid_file_and_standard_input_are_refused(tmp_path):
    assert compared(tmp_path, "scenario: s\n").exit_code == 2
    told = CliRunner().invoke(cli, ["compare", "-"], input=WAITING)
    assert told.exit_code == 2
    assert "can be read once only" in told.stderr


def test_nan_is_no_time(tmp_path):
    assert "nan is no time" in compared(tmp_path, WAITING, "--max-seconds", "nan").stderr


def test_what_is_explored_on_a_runtime_that_the_file_does_not_name_is_no_complaint(tmp_path):
    """There no update is lost: the failure that is asked for of the others is not there, and nobody said that it is."""
    text = "scenario: s\nruntimes: [{}]\nvars: {{x: 0}}\nthreads:\n  A: {{count: 2, steps: [x += 1]}}\nexpect: {{fails: [final], final: [x == 2]}}\n"
    told = compared(tmp_path, text.format("threading"))
    assert told.exit_code == 0
    assert "fails (not meant)" in told.stdout
    assert "(fails" not in told.stdout
    assert "fails (none of those expected)" in compared(tmp_path, text.format("threading, asyncio")).stdout


def test_times_have_three_figures():
    assert [seconds(value) for value in (0.51234, 12.345, 0.0123, 0.00001)] == [
        "0.512 s",
        "12.3 s",
        "12.3 ms",
        "0.01 ms",
    ]


def test_the_table_and_the_bars():
    seen = (Seen({"x": 3}, None, 1), Seen({"x": 2}, "final", 4))
    comparison = Comparison("f.yaml", "race", "n=2", (
        Line("in turn", "", "holds", None, 0.4, 0.0, (Seen({"x": 3}, None, 5),)),
        Line("threading", "", "fails", "fails", 0.1, 0.2, seen, found=("final",), meant=True),
        Line("asyncio", "3.13.1", "fails", "undecided", 0.2, 0.2, (Seen({"x": 3}, None, 5),), why="it took too long"),
    ), (LeftOut("multiprocessing", "", "line 3: there is none"), LeftOut(None, "/none", "No such file")))  # fmt: skip
    assert "\n".join(comparison_text(comparison, Style())) == EXPECTED


EXPECTED = """\
f.yaml: race [n=2]
                    run                explored       wall   CPU    speed-up
  in turn           holds                             0.4 s  0 ms        █████████████████████████
  threading         fails              fails (final)  0.1 s  0.2 s  4 x  ██████▎
  asyncio (3.13.1)  fails (not meant)  undecided      0.2 s  0.2 s       ████████████▌
  seen: in turn: x = 3 (5 of 5)
  seen: threading: x = 3 (1 of 5); x = 2, final (4 of 5)
  seen: asyncio (3.13.1): x = 3 (5 of 5)
  not meant: the file's `runtimes` do not name it
  asyncio (3.13.1): not decided: it took too long
  left out: multiprocessing: line 3: there is none
  left out: /none: No such file"""


@pytest.mark.parametrize(
    ("value", "text"), [(0.0271, "0.027 x"), (0.98, "0.98 x"), (1.0, "1 x"), (4.53, "4.5 x"), (23.4, "23 x"), (108.2, "108 x")]
)  # fmt: skip
def test_a_speed_up_has_two_figures_and_no_exponent(value, text):
    assert times_as_fast(value) == text


def test_what_fails_where_the_file_says_nothing_of_it_is_explained(tmp_path):
    text = "scenario: s\nvars: {x: 0}\nthreads:\n  A: {count: 2, steps: [x += 1]}\nexpect: {fails: [final], final: [x == 2]}\n"
    told = compared(tmp_path, text).stdout
    assert "fails (not meant)" in told
    assert "  not meant: the file's `runtimes` do not name it\n" in told
    assert "not meant" not in compared(tmp_path, text, "--runtime", "threading").stdout
