"""A thread that the machine does not let go on, at the worst of all places, is not taken for one that waits."""

from __future__ import annotations

import operator
import threading
import time
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from threads.files import program

from scenario.engines.threads import runner
from scenario.engines.threads.live.runtime import Run
from scenario.engines.threads.watch.watcher import Watcher

LONG = 0.3
"""Seconds: many looks of the watcher."""


def ended(text: str, prepare: Callable[[Run], None]) -> str:
    return runner.execute(program(text), on_run=prepare).end


@pytest.fixture
def slow_once(monkeypatch: pytest.MonkeyPatch) -> Callable[[Any, str], None]:
    """Makes a method sleep once, behind what it does."""

    def slow(owner: Any, method: str) -> None:
        real = getattr(owner, method)
        left = [1]

        def slowly(*args: Any, **options: Any) -> Any:
            found = real(*args, **options)
            if found and left and left.pop():
                time.sleep(LONG)
            return found

        monkeypatch.setattr(owner, method, slowly)

    return slow


def test_behind_a_guarded_acquire_that_took_the_last_place(slow_once) -> None:
    text = """
        vars: {x: 0}
        primitives: {s: {Semaphore: 1}}
        threads: {W: {steps: [{atomic: [{acquire: s}, x += 1]}, {release: s}]}}
    """
    assert ended(text, lambda run: slow_once(run.primitives["s"], "acquire")) == "finished"


def test_behind_a_guarded_get_that_took_the_last_item(slow_once) -> None:
    text = """
        vars: {x: 0}
        primitives: {q: Queue}
        threads: {W: {steps: [{put: q, item: 1}, {atomic: [{get: q}, x += 1]}]}}
    """
    assert ended(text, lambda run: slow_once(run.primitives["q"], "get_nowait")) == "finished"


def test_before_the_first_try_of_a_guarded_step(slow_once) -> None:
    """Nobody has been refused yet: the place was given back since by who is no more."""
    text = """
        vars: {x: 0}
        primitives: {s: {Semaphore: 0}}
        threads: {W: {steps: [{release: s}, {await: x == 0}, {atomic: [{acquire: s}, x += 1]}]}}
    """
    assert ended(text, lambda run: slow_once(run.guard, "enter")) == "finished"


def asleep_before(call: Callable[[], Any]) -> Callable[[], Any]:
    """The call behind a sleep, without a frame of Python's: as if the thread had lost the processor before it."""
    both = filter(None, map(operator.call, [partial(time.sleep, LONG), call]))
    return partial(next, both, None)


@pytest.mark.parametrize("lock", ["RLock", "Lock"])
def test_queued_at_a_condition_whose_lock_it_is_about_to_let_go(lock: str) -> None:
    """Whoever would notify waits for that lock."""
    text = f"""
        primitives: {{l: {lock}, c: {{Condition: l}}, first: Event}}
        threads:
          A: {{steps: [{{with: c, do: [{{set: first}}, {{wait: c}}]}}]}}
          B: {{steps: [{{wait: first}}, {{with: c, do: [{{notify: c}}]}}]}}
    """

    def prepare(run: Run) -> None:
        condition, real = run.primitives["c"], run.primitives["l"]
        condition._release_save = asleep_before(real._release_save if lock == "RLock" else real.release)

    assert ended(text, prepare) == "finished"


def test_the_owner_of_an_rlock_is_never_kept_from_it() -> None:
    """It may stand behind the call that took it; others are kept from it."""
    text = """
        primitives: {r: RLock, both: {Barrier: 2}, looked: {Barrier: 2}}
        threads:
          A: {steps: [{with: r, do: [{wait: both}, {wait: looked}]}]}
          B: {steps: [{wait: both}, {print: look}, {wait: looked}]}
    """
    seen: dict[str, bool] = {}
    runs: list[Run] = []

    def look(_: str) -> None:
        found = Watcher(runs[0]).look()
        seen.update((actor.ref, found.is_kept_from(actor, runs[0].primitives["r"])) for actor in found.waits)

    runner.execute(program(text), on_print=look, on_run=runs.append)
    assert seen == {"A": False, "B": True}


def test_a_worker_that_has_not_begun_its_initializer(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever waits for what the initializer does is not stuck: the submit that starts the worker will come."""
    text = """
        primitives: {pool: {ThreadPoolExecutor: {max_workers: 1, initializer: begin}}, begun: Event}
        routines: {begin: {steps: [{set: begun}]}, call: {steps: [pass]}}
        main:
          - {start: all}
          - {sleep: 0.3}
          - {submit: call, to: pool}
          - {join: all}
        threads: {A: {steps: [{wait: begun}]}}
    """
    assert ended(text, lambda _: None) == "finished"
    real = threading.Thread.start

    def slowly(thread: threading.Thread) -> None:
        real(thread)
        if "ThreadPool" in thread.name:
            time.sleep(LONG)

    monkeypatch.setattr(threading.Thread, "start", slowly)
    assert ended(text, lambda _: None) == "finished"


def test_a_step_under_the_hidden_lock_that_takes_long_moves() -> None:
    text = """
        vars: {x: 0, n: 0}
        threads:
          A: {steps: [{await: x == 1}]}
          B: {steps: [{atomic: [{repeat: 3000, do: [n += sum(range(300))]}]}, x = 1]}
    """
    assert ended(text, lambda _: None) == "finished"
