"""`scenario export`: what is drawn of a file is what its runtime does."""

import re

import pytest
from cli.files import scenario
from click.testing import CliRunner

from scenario.cli.main import cli

ONE_STEP = """
vars: {n: 0}
threads:
  a: {count: 2, steps: [n += 1]}
expect: [n == 2]
"""
KILLED = """
runtimes: [multiprocessing]
primitives: {lock: Lock, has_it: Event, never: Event}
threads:
  victim: {steps: [{with: lock, do: [{set: has_it}, {wait: never}]}]}
  next: {steps: [{wait: has_it}, {kill: victim}, {with: lock, do: [pass]}]}
"""


OWN = """
python: {f: "json:dumps"}
threads: {a: {steps: [{call: f, args: [1]}]}}
"""


def exported(tmp_path, text, to, *options):
    (tmp_path / "t.yaml").write_text(f"scenario: t{text}")
    return CliRunner().invoke(cli, ["export", "--to", to, str(tmp_path / "t.yaml"), *options])


def test_a_diagram_shows_no_race_that_the_runtime_does_not_have(tmp_path):
    on_threads = exported(tmp_path, ONE_STEP, "mermaid").output
    assert re.findall(r"n = (\d)", on_threads) == ["1", "1"]
    on_a_loop = exported(tmp_path, f"{ONE_STEP}runtimes: [asyncio]\n", "mermaid").output
    assert re.findall(r"n = (\d)", on_a_loop) == ["1", "2"]


def test_a_diagram_of_processes_says_who_is_killed(tmp_path):
    told = exported(tmp_path, KILLED, "mermaid").output
    assert "kill victim" in told
    assert told.splitlines()[-1] == "  Note over p1: waits for lock lock"


@pytest.mark.parametrize(
    ("to", "said"),
    [
        ("dot", "on asyncio it is executed to be explored: there is no graph of states"),
        ("promela", "t is no program of threads"),
    ],
)
def test_what_asyncio_has_not_is_refused(tmp_path, to, said):
    told = exported(tmp_path, f"{ONE_STEP}runtimes: [asyncio]\n", to)
    assert (told.exit_code, said in told.output) == (2, True)


@pytest.mark.parametrize("to", ["mermaid", "dot"])
def test_of_own_code_it_says_what_shows_it(tmp_path, to):
    told = exported(tmp_path, OWN, to, "--allow-python", "json")
    assert (told.exit_code, "`scenario explore` executes it" in told.output) == (2, True)


@pytest.mark.parametrize("runtime", ["threading", "asyncio"])
@pytest.mark.parametrize(
    "command", [("export", "--to", "mermaid"), ("explore", "--html", "page.html"), ("run", "--html", "page.html")]
)
def test_what_goes_past_a_bound_is_invalid_also_where_a_picture_is_asked_for(tmp_path, monkeypatch, runtime, command):
    monkeypatch.chdir(tmp_path)
    text = f"scenario: past\nruntimes: [{runtime}]\nvars: {{x: 10}}\nthreads: {{A: {{steps: [x = 10 ** (x ** 5)]}}}}\n"
    (tmp_path / "past.yaml").write_text(text)
    done = scenario(*command, "past.yaml")
    assert (done.exit_code, "SC355" in done.output) == (2, True), done.output
