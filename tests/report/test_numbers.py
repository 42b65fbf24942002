"""A number, its noun and its verb agree, also where there is one."""

import re

import pytest
from cli.files import scenario

from scenario.report.values import are, numbered
from scenario.report.words.patterns import sentence
from scenario.report.words.waits import words
from scenario.results.patterns.waiting import NotReported
from scenario.results.waiting import Blocked, Wait
from scenario.source import START

WRONG = re.compile(r"\b1 (?:(?:more|distinct|other) )?(?:steps|states|items|runs|threads|interleavings|values|preemptions|are|were)\b|\b1 of \d+ are\b")  # fmt: skip
TWO = """\
scenario: two
vars: {x: 0}
primitives: {b: {Barrier: 2}, q: Queue}
threads:
  A: {steps: [{wait: b}]}
"""
ONE_STEP = "scenario: one\nvars: {x: 0}\nthreads: {A: {steps: [x = 1]}}\nexpect: [x == 2]\n"
NOT_DONE = "scenario: tasks\nprimitives: {q: Queue}\nmain: [{put: q, item: 1}, {put: q, item: 2}, {get: q}, {task_done: q}, {get: q}, {join: q}]\n"
FUTURES = """\
scenario: futures
primitives: {e: Event, pool: {ThreadPoolExecutor: 2}}
routines: {f: {params: [x], steps: [{if: x, then: [{wait: e}]}]}}
main: [{map: f, to: pool, over: [0, 1], into: a}, {wait_futures: a}]
"""


@pytest.mark.parametrize("count", [0, 1, 2, 1000])
def test_nouns_and_verbs(count):
    assert numbered(count, "step") == {0: "0 steps", 1: "1 step", 2: "2 steps", 1000: "1,000 steps"}[count]
    assert are(count) == ("is" if count == 1 else "are")


@pytest.mark.parametrize("has", [0, 1, 2])
def test_waits(has):
    verb = "is" if has == 1 else "are"
    assert words(Wait("barrier", "b", needs=3, has=has)) == f"the other parties of barrier b ({has} of 3 {verb} there)"
    assert words(Wait("futures", needs=3, has=has)) == f"3 of its futures to be done ({has} {verb})"


def test_patterns():
    blocked = Blocked("main", START, Wait("tasks", "q"))
    assert sentence(NotReported("A", 1, 0, blocked)).startswith("A took 1 item of q and reported 0 of them done")


@pytest.mark.parametrize(
    "command",
    [["explore"], ["explore", "--odds"], ["explore", "--sample", "1"], ["explore", "--max-states", "1"], ["run"], ["run", "--times", "2"]],
    ids=" ".join,
)  # fmt: skip
@pytest.mark.parametrize("text", [TWO, ONE_STEP, NOT_DONE, FUTURES], ids=["barrier", "one step", "tasks", "futures"])
def test_whole_reports(tmp_path, monkeypatch, command, text):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.yaml").write_text(text)
    done = scenario(*command, "a.yaml")
    assert done.exit_code in (1, 3), done.stdout
    assert not WRONG.search(done.stdout), done.stdout
