"""Ctrl-C is lost nowhere: it ends the whole command also where it comes after the end of a run, between two, or in a finalizer."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from dataclasses import replace
from types import SimpleNamespace

import pytest
from cli.files import scenario
from tasks.files import program

from scenario import load
from scenario.commands import comparing, replaying
from scenario.commands.apart import asked as apart
from scenario.commands.work import making
from scenario.commands.work.making import Runs, make
from scenario.engines import tasks
from scenario.engines.tasks import exploring, loop, running
from scenario.engines.threads import runner
from scenario.engines.threads.watch import stop
from scenario.judge import judge
from scenario.program.program import Program
from scenario.real.children import isolate
from scenario.results.exploration import Exploration
from scenario.results.outcome import Outcome
from scenario.settings import ExploreOptions

ALONE = "threads: {A: {steps: [pass]}}\n"
TWO = "vars: {x: 0}\nthreads: {A: {steps: [{choose: x, from: [1, 2]}]}}\n"
FINISHED = Outcome("finished", {})


def threaded(text: str = ALONE) -> Program:
    return program(text, "threading")


def after(function):
    """What it does, and then Ctrl-C, the first time."""
    still = [True]

    def pressed(*given, **named):
        done = function(*given, **named)
        if still:
            still.clear()
            signal.raise_signal(signal.SIGINT)
        return done

    return pressed


def test_after_the_end_of_a_run_on_asyncio(monkeypatch):
    monkeypatch.setattr(running, "conducted", after(running.conducted))
    with pytest.raises(KeyboardInterrupt):
        tasks.run(program(ALONE))


def test_while_a_loop_of_asyncio_is_closed_it_is_closed_all_the_same(monkeypatch):
    """One that is half closed says so aloud when it is collected."""
    seen = []

    class Slow(loop.Loop):
        def close(self):
            seen.append(self)
            signal.raise_signal(signal.SIGINT)
            super().close()

    monkeypatch.setattr(loop, "Loop", Slow)
    with pytest.raises(KeyboardInterrupt):
        tasks.run(program(ALONE))
    assert [one.is_closed() for one in seen] == [True]


@pytest.mark.parametrize("where", ["_branch", "_endless", "exploration"])
def test_between_two_executions_on_asyncio_and_after_the_last(monkeypatch, where):
    monkeypatch.setattr(exploring._Search, where, after(getattr(exploring._Search, where)))
    found = tasks.explore(program(TWO), ExploreOptions(), judge=judge)
    assert found.interrupted
    assert found.exhausted == (where != "_branch")


def test_while_the_threads_of_a_run_are_ended(monkeypatch):
    monkeypatch.setattr(stop, "end_threads", after(stop.end_threads))
    with pytest.raises(KeyboardInterrupt):
        runner.execute(threaded())


class Child:
    """One that answers, and Ctrl-C comes while its answer is on its way."""

    def __init__(self, *answer: object) -> None:
        self.said: list[str] = []
        self._answers = iter([KeyboardInterrupt(), answer])

    def receive(self, _end):
        answer = next(self._answers)
        if isinstance(answer, KeyboardInterrupt):
            raise answer
        return answer

    def __getattr__(self, name: str) -> object:
        return lambda *_: self.said.append(name)


def test_a_childs_answer_that_was_on_its_way(monkeypatch):
    child = Child("outcome", (FINISHED, True))
    monkeypatch.setattr(isolate, "_child", lambda _: child)
    with pytest.raises(KeyboardInterrupt):
        isolate.run("test", threaded(), (), None)
    assert child.said == ["send", "interrupt", "close"]
    assert isolate._idle.pop("test") == []  # it is told by now, and ends


def test_own_codes_answer_that_was_on_its_way(monkeypatch):
    found = Exploration(exhausted=True, states=1, steps=0, seconds=0.0)
    monkeypatch.setattr(apart, "Peer", lambda _: Child("found", found))
    told = apart.explore_apart(apart.Asked(threaded(), ExploreOptions(), frozenset()), None)
    assert told == replace(found, interrupted=True)


@pytest.mark.parametrize("number", [1, 2])
def test_between_two_runs_those_that_were_made_are_kept(monkeypatch, number):
    outcomes = iter([*[FINISHED] * number, KeyboardInterrupt()])

    def run(*_given, **_named):
        outcome = next(outcomes)
        if isinstance(outcome, KeyboardInterrupt):
            raise outcome
        return outcome

    monkeypatch.setattr(making.threads, "run", run)
    made = make(Runs("", threaded(), 0, 5, stress=False, is_single=False), str)
    assert (len(made.runs), made.is_cut) == (number, True)


def test_after_the_last_of_many_runs_no_other_file_is_begun(tmp_path, monkeypatch):
    for name in ("a", "b"):
        (tmp_path / f"{name}.yaml").write_text(f"scenario: {name}\n{ALONE}")
    monkeypatch.chdir(tmp_path)
    count = iter(range(10))

    def judged(*given):
        if next(count) == 2:
            raise KeyboardInterrupt
        return judge(*given)

    monkeypatch.setattr(making, "judge", judged)
    done = scenario("run", "--times", "3", "a.yaml", "b.yaml", "--color", "never")
    assert done.exit_code == 130
    assert "2 runs" in done.stdout
    assert "not run: b.yaml" in done.stdout


def test_after_a_search_whose_failure_is_replayed(tmp_path, monkeypatch):
    (tmp_path / "a.yaml").write_text("scenario: a\nthreads: {A: {steps: [{assert: false}]}}\n")
    (tmp_path / "b.yaml").write_text(f"scenario: b\n{ALONE}")
    monkeypatch.chdir(tmp_path)
    searched = replaying.searched
    monkeypatch.setattr(replaying, "searched", lambda *given: replace(searched(*given), interrupted=True))
    done = scenario("replay", "a.yaml", "b.yaml", "--color", "never")
    assert (done.exit_code, "not replayed: b.yaml" in done.stdout) == (130, True)
    assert "1 failed again" in done.stdout


@pytest.mark.parametrize("how", ["run", "explore"])
def test_the_caller_of_the_api_is_ended_too(tmp_path, monkeypatch, how):
    """As by any other call: or a loop over files would go on, and so would pytest."""
    (tmp_path / "a.yaml").write_text(f"scenario: a\n{ALONE}")
    loaded = load(tmp_path / "a.yaml")
    monkeypatch.setattr(f"scenario.api.{how}", lambda *_, **__: SimpleNamespace(interrupted=True))
    with pytest.raises(KeyboardInterrupt):
        getattr(loaded, how)()


IN_A_CHILD = """\
import os, signal, threading
from scenario.real.children import parent
class Late:
    def __del__(self): signal.raise_signal(signal.SIGINT)
signal.signal(signal.SIGINT, signal.default_int_handler)
heard = threading.Event()
parent.requests(os.pipe()[0], orphaned=print, interrupted=heard.set)
Late()
heard.wait(20)
print("again" if heard.is_set() else "lost")
"""


def test_in_a_child_where_python_ignores_what_is_raised():
    done = subprocess.run([sys.executable, "-c", IN_A_CHILD], capture_output=True, text=True, timeout=60, check=False)
    assert (done.stdout, done.stderr) == ("again\n", "")


@pytest.mark.parametrize("form", ["full", "json"])
def test_what_was_compared_is_told(tmp_path, monkeypatch, form):
    for name in ("a", "b"):
        (tmp_path / f"{name}.yaml").write_text(f"scenario: {name}\nruntimes: [asyncio]\n{ALONE}")
    monkeypatch.chdir(tmp_path)
    one = comparing._file

    def compared(loaded, *given):
        if loaded.file == "b.yaml":
            raise KeyboardInterrupt
        return one(loaded, *given)

    monkeypatch.setattr(comparing, "_file", compared)
    done = scenario("compare", "--times", "1", "--runtime", "asyncio", "--output-format", form, "a.yaml", "b.yaml")
    assert (done.exit_code, done.stderr) == (130, "scenario: interrupted; so far: 1 compared\n")
    assert "a.yaml" in done.stdout
    if form == "json":
        assert [one["file"] for one in json.loads(done.stdout)["results"]] == ["a.yaml"]
