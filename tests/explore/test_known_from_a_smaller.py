"""A failure that a smaller program has shown is told of the whole where the search of that comes to no end."""

from __future__ import annotations

from dataclasses import replace
from importlib import import_module

import pytest
from explore.found import program

from scenario.engines.explore.evidence.retrace import retrace
from scenario.engines.explore.model.budget import TimeIsUp
from scenario.engines.threads.controlled import replay
from scenario.judge import judge
from scenario.results.notes import NotShortest
from scenario.results.undecided import NotAll, OutOfTime
from scenario.settings import ExploreOptions

search = import_module("scenario.engines.explore.explore")  # of which the package has the function by that name
WORKERS = "threads:\n  W: {count: 3, steps: [x += 1]}\n"
MAIN = "main: [{start: all}, {join: all}]\n"
TEXTS = {
    "final": f"vars: {{x: 0}}\n{WORKERS}{MAIN}expect: [x == 3]\n",
    "error": f"vars: {{x: 0}}\n{WORKERS.replace('x += 1', '{assert: x == 0}, x += 1')}{MAIN}",
    "deadlock": (
        "primitives: {a: Lock, s: {Semaphore: 2}}\n"
        f"threads:\n  W: {{count: 2, steps: [{{acquire: s}}, {{acquire: a}}, {{acquire: s}}]}}\n{MAIN}"
    ),
    "livelock": (
        "vars: {x: 0}\nthreads:\n  W: {count: 2, steps: [{while: x == 0, do: [pass]}]}\nmain: [{start: all}]\n"
    ),
    "beside": (
        "vars: {x: 0, n: 0}\nthreads:\n  W: {count: 2, steps: [x += 1]}\n"
        f"  A: {{count: 2, steps: [{{repeat: 3, do: [{{atomic: n += 1}}]}}]}}\n{MAIN}expect: [x == 2, n == 6]\n"
    ),
}


def stopped(monkeypatch, how):
    """The whole is searched in vain: the last search is not made, and ends so."""
    searched = search._searched

    def vain(of, *given):
        if of.main is None:
            return searched(of, *given)
        if isinstance(how, BaseException):
            raise how
        return how, None

    monkeypatch.setattr(search, "_searched", vain)


NOTHING = replace(search._NOTHING, states=7)
WAYS = {
    "interrupted": NOTHING,
    "interrupted early": KeyboardInterrupt(),
    "late": replace(NOTHING, undecided=(OutOfTime(),), interrupted=False),
    "too late": TimeIsUp(OutOfTime()),
}


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
@pytest.mark.parametrize("how", WAYS.values(), ids=WAYS)
def test_it_is_told_with_a_schedule_of_the_whole(monkeypatch, text, how):
    made = program(text)
    plain = search.explore(made, judge=judge)
    stopped(monkeypatch, how)
    found = search.explore(made, judge=judge)
    (known,), (same,) = found.findings, plain.findings
    assert (known.failure.kind, known.failure.span) == (same.failure.kind, same.failure.span)
    assert any(isinstance(note, NotShortest) for note in found.notes)
    assert found.undecided == ((NotAll("interrupted"),) if found.interrupted else ())
    played = [judge(made, replay(made, script).outcome) for script in retrace(made, known.schedule)]
    assert known.failure.kind in {failure.kind for one in played for failure in one.failures}


def test_where_all_are_asked_for_it_is_not_said_to_be_all(monkeypatch):
    stopped(monkeypatch, WAYS["late"])
    found = search.explore(program(TEXTS["final"]), ExploreOptions(keep_going=True), judge=judge)
    assert (found.findings, found.undecided) == ((), (OutOfTime(),))
