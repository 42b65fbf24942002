"""Threads of every form, and the main thread: names, order, ends."""

from __future__ import annotations

import sys

from threads.files import outcome, program, shared

from scenario.engines.threads import run


def test_names_and_indexes() -> None:
    assert shared("""
        vars: {seen: []}
        threads:
          A: {steps: ['seen.append([name, index])']}
          w: {count: 2, steps: [{await: len(seen) == 1 + index}, 'seen.append([name, index])']}
          t: {count: 1, name: "Thread-{index + 1}", steps: [{await: len(seen) == 3}, 'seen.append([name, index])']}
    """) == {"seen": [["A", 0], ["w-0", 0], ["w-1", 1], ["Thread-1", 0]]}


def test_a_subclass_runs_its_steps() -> None:
    assert shared("vars: {x: null}\nthreads:\n  Worker-1: {class: WorkerThread, steps: [x = name]}\n") == {
        "x": "Worker-1"
    }


def test_a_thread_that_runs_a_routine() -> None:
    assert shared(
        "vars: {x: 0}\nroutines: {add: {params: [n], steps: [x += n]}}\nthreads:\n  A: {run: add, args: {n: 3}}\n"
    ) == {"x": 3}


def test_a_timer_fires_after_its_time() -> None:
    result = outcome("vars: {x: 0}\nthreads:\n  alarm: {timer: 0.2, steps: [x = 1]}\n")
    assert result.shared == {"x": 1}
    assert result.elapsed is not None
    assert result.elapsed >= 0.2


def test_a_cancelled_timer_does_not() -> None:
    assert shared(
        "vars: {x: 0}\nthreads:\n  alarm: {timer: 0.3, steps: [x = 1]}\nmain: [{start: alarm}, {cancel: alarm}, {join: alarm}]\n"
    ) == {"x": 0}


def test_main_decides_when_threads_start() -> None:
    assert shared("""
        vars: {log: []}
        threads:
          A: {steps: ["log.append('A')"]}
          B: {count: 2, steps: ["log.append(name)"]}
          never: {steps: ["log.append('never')"]}
        main:
          - {start: 'B[1]'}
          - {join: 'B[1]'}
          - log.append(name)
          - {start: A}
          - {join: all}
          - "log.append([A.is_alive(), B.alive, never.is_alive()])"
    """) == {"log": ["B-1", "MainThread", "A", [False, 0, False]]}


def test_threads_outlive_main() -> None:
    assert shared("vars: {x: 0}\nthreads: {A: {steps: [{join: main}, x += 1]}}\nmain: [{start: A}, x += 10]\n") == {
        "x": 11
    }


def test_join_main_with_the_default_main_waits_for_ever() -> None:
    result = outcome("threads: {A: {steps: [{join: main}]}}\n")
    assert [blocked.thread for blocked in result.blocked] == ["A", "main"]


def test_a_join_with_a_timeout() -> None:
    assert shared(
        "vars: {r: null}\nprimitives: {go: Event}\nthreads: {A: {steps: [{wait: go}]}}\n"
        "main: [{start: A}, {join: A, timeout: 0.01}, r = A.is_alive(), {set: go}]\n"
    ) == {"r": True}


def test_starting_twice_is_refused() -> None:
    assert shared("threads: {A: {steps: [pass]}}\nmain: [{start: A}, {start: A, raises: RuntimeError}]\n") == {}


def test_a_daemon_is_left_behind_and_takes_no_further_step() -> None:
    result = outcome(
        "vars: {x: 0}\nthreads:\n  D: {daemon: True, steps: [{while: True, do: [x += 1, {sleep: 0.01}]}]}\n  A: {steps: [{sleep: 0.05}, {print: '{D.daemon} {A.daemon}'}]}\n"
    )
    assert (result.end, result.output) == ("finished", ("True False",))


def test_alive_and_blocked_count() -> None:
    assert shared("""
        vars: {seen: null}
        primitives: {l: Lock, e: Event, q: Queue, gate: {Barrier: 9}, s: {Semaphore: 0}}
        threads:
          on_event: {count: 2, steps: [{wait: e}]}
          on_queue: {steps: [{get: q}]}
          on_lock: {steps: [{acquire: l}, {release: l}]}
          on_sleep: {steps: [{sleep: 0.3}]}
          on_semaphore: {steps: [{acquire: s}]}
        main:
          - acquire: l
          - start: all
          - await: on_event.blocked == 2 and on_queue.blocked == 1 and on_lock.blocked == 1 and on_semaphore.blocked == 1
          - await: on_event.alive == 2 and on_sleep.alive == 1 and on_sleep.blocked == 0
          - seen = on_event.alive
          - {set: e}
          - {put: q, item: 1}
          - {release: l}
          - {release: s}
    """) == {"seen": 2}


def test_stress_changes_no_result_and_is_over_with_the_run() -> None:
    before = sys.getswitchinterval()
    text = "vars: {x: 0}\nprimitives: {l: Lock}\nthreads:\n  A: {count: 5, steps: [{repeat: 50, do: [{with: l, do: [x += 1]}]}]}\n"
    assert run(program(text), seed=3, stress=True).shared == {"x": 250}
    assert sys.getswitchinterval() == before
