"""Cases side by side, or parts of them: the same results in the same order, and nothing is lost."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from cli.files import CASES, CHOICE, DEADLOCK, FAILING, FINE, INVALID, results, scenario

SCENARIO = str(Path(sys.executable).parent / "scenario")
DYING = """\
scenario: dying
python:
  die: dies:die
threads:
  A:
    steps:
      - call: die
"""
SLEEPY = """\
scenario: sleepy
threads:
  A:
    steps:
      - print: "here"
      - sleep: 60
"""


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_results_come_in_the_order_of_the_files(folder):
    for name, text in {"a": FINE, "b": DEADLOCK, "c": INVALID, "d": FAILING, "e": FINE}.items():
        (folder / f"{name}.yaml").write_text(text)
    done = scenario("run", ".", "--jobs", "2", "--output-format", "json")
    told = [(Path(r["file"]).name, r["verdict"]) for r in results(done)]
    words = ["holds", "fails", "invalid", "fails", "holds"]
    assert told == [(f"{name}.yaml", word) for name, word in zip("abcde", words, strict=True)]


def test_what_a_file_prints_stays_with_it(folder):
    for name in "ab":
        (folder / f"{name}.yaml").write_text(FINE.replace("scenario: fine", f"scenario: {name}"))
    lines = [line for line in scenario("run", ".", "-j", "2").stdout.splitlines() if line]
    heads = [line for line in lines if line[0] in "abP"]
    assert heads == ["a.yaml: a", "PASS a" + heads[1][6:], "b.yaml: b", "PASS b" + heads[3][6:]]
    assert sum("is done" in line for line in lines[lines.index("a.yaml: a") : lines.index("b.yaml: b")]) == 2


def test_a_worker_that_dies_is_a_fault_on_its_file_alone(folder, monkeypatch):
    (folder / "dies.py").write_text("import os\n\ndef die():\n    os.kill(os.getppid(), 9)\n")
    monkeypatch.syspath_prepend(str(folder))
    for name, text in {"a": DYING, "b": FINE, "c": FINE}.items():
        (folder / f"{name}.yaml").write_text(text)
    done = scenario("run", ".", "--jobs", "2", "--allow-python", "dies", "--output-format", "json")
    assert (done.exit_code, [r["verdict"] for r in results(done)]) == (70, ["undecided", "holds", "holds"])
    assert results(done)[0]["fault"] == "each worker process that tried it ended (3), the last one: exit status -9"


TIMES = {"seconds", "elapsed", "ended"}
"""What is another in each run."""


def timeless(value):
    """A result without how long it took."""
    if isinstance(value, dict):
        return {name: timeless(item) for name, item in value.items() if name not in TIMES}
    return [timeless(item) for item in value] if isinstance(value, list) else value


@pytest.mark.parametrize("options", [["--seed", "5"], ["--seed", "7", "--times", "23"]])
def test_runs_are_the_same_for_any_number_of_workers(folder, options):
    for name, text in {"a": CASES, "b": DEADLOCK, "c": INVALID, "d": CHOICE}.items():
        (folder / f"{name}.yaml").write_text(text)
    one, *more = [
        timeless(results(scenario("run", ".", *options, "--jobs", jobs, "--output-format", "json"))) for jobs in "123"
    ]
    assert len(one) == 5
    assert more == [one, one]


@pytest.mark.parametrize(
    "options",
    [
        [],
        ["--keep-going"],
        ["--odds"],
        ["--sample", "1500", "--seed", "4"],
        ["--sample", "700", "--pct", "2", "--seed", "4"],
    ],
    ids=str,
)
def test_searches_are_the_same_for_any_number_of_workers(folder, options):
    texts = {"a": CASES, "b": DEADLOCK, "c": INVALID, "d": CHOICE, "e": FAILING}
    for name, text in texts.items():
        (folder / f"{name}.yaml").write_text(text)
    one, *more = [
        timeless(results(scenario("explore", ".", *options, "--jobs", jobs, "--output-format", "json")))
        for jobs in "123"
    ]
    assert len(one) == 6
    assert more == [one, one]


def test_a_worker_that_dies_once_loses_nothing(folder, monkeypatch):
    """Its unit is done again: all of the runs are there."""
    (folder / "dies.py").write_text(
        "import os, pathlib\n\ndef die():\n    try:\n        pathlib.Path('died').touch(exist_ok=False)\n"
        "    except FileExistsError:\n        return\n    os.kill(os.getppid(), 9)\n"
    )
    monkeypatch.syspath_prepend(str(folder))
    (folder / "a.yaml").write_text(DYING)
    (folder / "b.yaml").write_text(FINE)
    done = scenario("run", ".", "-j", "2", "--times", "6", "--allow-python", "dies", "--output-format", "json")
    assert [(r["verdict"], sum(row["runs"] for row in r["outcomes"])) for r in results(done)] == [("holds", 6)] * 2
    assert (folder / "died").exists()


def test_control_c_ends_all_with_what_was_seen(folder):
    (folder / "a.yaml").write_text(FINE)
    for name in "bc":
        (folder / f"{name}.yaml").write_text(SLEEPY)
    command = [SCENARIO, "run", ".", "--jobs", "2"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        for line in process.stdout:
            if "PASS fine" in line:
                break
        time.sleep(0.5)
        os.kill(process.pid, signal.SIGINT)
        rest, errors = process.communicate(timeout=15)
    assert (process.returncode, errors) == (130, "")
    assert "interrupted; so far: " in rest


def test_control_c_names_the_files_that_were_not_run(folder):
    (folder / "a.yaml").write_text(FINE)
    for name in "bcd":
        (folder / f"{name}.yaml").write_text(SLEEPY)
    command = [SCENARIO, "run", ".", "--jobs", "2"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        for line in process.stdout:
            if "PASS fine" in line:
                break
        os.kill(process.pid, signal.SIGINT)
        rest, _ = process.communicate(timeout=15)
    last = rest.splitlines()[-1]
    assert last.startswith("not run: ")
    assert last.endswith("d.yaml")  # the others had begun, unless their processes were not yet there
