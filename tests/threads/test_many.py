"""More threads than there is time or room for."""

from __future__ import annotations

import threading
import time
from types import SimpleNamespace
from typing import Any

import pytest
from threads.files import outcome, program

from scenario.commands.work.making import Runs, make
from scenario.engines.threads.live.members import Members
from scenario.engines.threads.live.runtime import Run
from scenario.engines.threads.runner import execute
from scenario.engines.threads.watch import stop
from scenario.engines.threads.watch.stuck import Look
from scenario.interpreter.objects import Builder
from scenario.report.words.failures import message

TEXT = "vars: {n: 0}\nthreads: {A: {count: 5, steps: [{atomic: n += 1}]}}\n"


def test_more_threads_than_the_system_has_are_one_clear_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    real, started = threading.Thread.start, list[threading.Thread]()

    def start(thread: threading.Thread) -> None:
        if len(started) == 3:
            raise RuntimeError("can't start new thread")
        started.append(thread)
        real(thread)

    monkeypatch.setattr(threading.Thread, "start", start)
    result = outcome(TEXT)
    (failure,) = result.failures
    assert (result.end, result.blocked, failure.kind, failure.thread) == ("ended", (), "error", "main")
    assert message(failure) == "main ended with RuntimeError: can't start new thread (the system had room for 3)"


def test_the_time_for_making_them_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    real = Members.create

    def create(self: Members, *args: Any) -> None:
        time.sleep(0.4)
        real(self, *args)

    monkeypatch.setattr(Members, "create", create)
    steps = "{repeat: 20, do: [{sleep: 0.02}]}"
    assert outcome(f"timeout: 0.6\nthreads: {{A: {{steps: [{steps}]}}}}\n").end == "timeout"
    assert outcome(f"timeout: 9\nthreads: {{A: {{steps: [{steps}]}}}}\n").end == "finished"


def test_the_time_for_making_objects_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    """100,000 pools were made, whatever the timeout was."""
    made = list[str]()
    real = Builder._one

    def one(self: Builder, label: str, *args: Any) -> object:
        made.append(label)
        if label == "l[2]":
            monkeypatch.setattr(Members, "deadline", property(lambda _: 0.0, lambda *_: None), raising=False)
        return real(self, label, *args)

    monkeypatch.setattr(Builder, "_one", one)
    result = outcome(
        "vars: {x: 1}\nprimitives: {l: {array: 5, of: Lock}}\nthreads: {A: {steps: [{acquire: 'l[0]'}]}}\n"
    )
    assert (result.end, result.shared, made) == ("timeout", {"x": 1}, ["l[0]", "l[1]", "l[2]"])


@pytest.mark.parametrize("seconds", [0.3, 0.6])
def test_a_timeout_tells_the_time_that_it_took_also_where_most_went_by_before_the_first_start(
    monkeypatch: pytest.MonkeyPatch, seconds: float
) -> None:
    real = Members.create

    def create(self: Members, *args: Any) -> None:
        time.sleep(0.4)
        real(self, *args)

    monkeypatch.setattr(Members, "create", create)
    text = "threads: {A: {steps: [{repeat: 50, do: [{sleep: 0.02}]}]}}\n"
    ((run, *_),) = [make(Runs("", program(text, seconds), 0, 1, False, True), lambda _: None).runs]
    assert run.outcome.end == "timeout"
    assert run.outcome.elapsed is not None
    assert run.outcome.elapsed >= seconds


def test_no_room_for_main_is_that_failure_too(monkeypatch: pytest.MonkeyPatch) -> None:
    def start(_thread: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(threading.Thread, "start", start)
    (failure,) = outcome(f"{TEXT}main: [{{start: all}}, {{join: all}}]\n").failures
    assert message(failure) == "main ended with RuntimeError: can't start new thread (the system had room for 0)"


def test_ending_many_threads_takes_no_longer_than_there_is_patience(monkeypatch):
    """Each takes a second here: of ten, three are told to end in three seconds."""
    now, told = [0.0], []

    def raise_in(thread):
        told.append(thread)
        now[0] += 1.0

    monkeypatch.setattr(stop, "time", SimpleNamespace(monotonic=lambda: now[0], sleep=lambda _: None))
    monkeypatch.setattr(stop, "_raise_in", raise_in)
    wait = threading.Event()
    threads = [threading.Thread(target=wait.wait, daemon=True) for _ in range(10)]
    for thread in threads:
        thread.start()
    stop.end_threads(threads, [], lambda: (), 3.0)
    wait.set()
    assert len(told) == 3


def test_a_look_asks_once_for_the_pools_however_many_workers_are_idle(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked, looks = list[Run](), list[Look]()
    pools, still = Run.thread_pools, Look._find_still
    monkeypatch.setattr(Run, "thread_pools", lambda run: (asked.append(run), pools(run))[1])
    monkeypatch.setattr(Look, "_find_still", lambda look: (looks.append(look), still(look))[1])
    made = program("""
primitives: {pools: {array: 40, of: {ThreadPoolExecutor: 1}}, never: Event}
routines: {f: {steps: [pass]}}
main: [{for: i, in: range(40), do: [{submit: f, to: 'pools[i]'}]}, {wait: never}]
""")
    assert execute(made).end == "deadlock"
    assert len(asked) < 10 * len(looks)
