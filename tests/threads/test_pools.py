"""Pools and futures: real executors, in a process of their own."""

from __future__ import annotations

from unittest.mock import patch

import pytest
from threads.files import outcome, program, shared

from scenario.engines.threads import privates
from scenario.engines.threads.runner import execute
from scenario.real.effects import Effects

SQUARE = (
    "routines: {square: {params: [n], steps: [{return: n * n}]}, fail: {params: [n], steps: [{raise: KeyError}]}}\n"
)
POOL = "vars: {r: null}\nprimitives: {pool: {ThreadPoolExecutor: 2}}\n" + SQUARE


def r(steps: str, head: str = POOL) -> object:
    return shared(head + "main:\n" + "".join(f"  - {line.strip()}\n" for line in steps.strip().splitlines()))["r"]


def test_submit_and_result() -> None:
    assert r("{submit: square, to: pool, args: [3], into: f}\n{result: f, into: r}") == 9


def test_args_by_name() -> None:
    assert r("{submit: square, to: pool, args: {n: 4}, into: f}\n{result: f, into: r}") == 16


def test_map_gives_results_in_input_order() -> None:
    assert r("{map: square, to: pool, over: range(5), into: r}") == [0, 1, 4, 9, 16]


def test_map_one_after_the_other_until_a_break() -> None:
    assert r(
        "x = []\n{map: square, to: pool, over: range(50), as: v, do: [{if: v > 4, then: [break]}, x.append(v)]}\nr = x"
    ) == [0, 1, 4]


def test_an_exception_stays_in_its_future() -> None:
    assert (
        r("{submit: fail, to: pool, args: [1], into: f}\n{result: f, raises: KeyError}\nr = type_name(f.exception())")
        == "KeyError"
    )


def test_the_state_of_futures() -> None:
    assert r(
        "{submit: square, to: pool, args: [3], into: f}\n{result: f}\n'r = [f.done(), f.running(), f.cancelled()]'"
    ) == [True, False, False]


def test_wait_futures_gives_the_done_and_the_others() -> None:
    assert r(
        "{submit: square, to: pool, args: [3], into: f}\n{wait_futures: '[f]', into: [done, pending]}\n'r = [len(done), len(pending)]'"
    ) == [1, 0]


def test_as_completed_runs_once_a_future() -> None:
    assert r(
        "fs = []\n{repeat: 3, as: i, do: [{submit: square, to: pool, args: [i], into: f}, fs.append(f)]}\nx = []\n{as_completed: f, in: fs, do: [{result: f, into: v}, x.append(v)]}\nr = sorted(x)"
    ) == [0, 1, 4]


def test_submit_after_shutdown_is_refused() -> None:
    assert r("{shutdown: pool, wait: True}\n{submit: square, to: pool, args: [1], raises: RuntimeError}\nr = 1") == 1


def test_with_shuts_the_pool_down() -> None:
    assert (
        r(
            "{with: pool, do: [{submit: square, to: pool, args: [2], into: f}]}\n{result: f, into: r}\n{submit: square, to: pool, args: [1], raises: RuntimeError}"
        )
        == 4
    )


def test_workers_have_a_name_and_a_number() -> None:
    head = "vars: {r: []}\nprimitives: {pool: {ThreadPoolExecutor: {max_workers: 1, thread_name_prefix: io}}, other: {ThreadPoolExecutor: 1}}\nroutines: {who: {steps: ['r.append([name, index])']}}\n"
    assert r("{submit: who, to: pool, into: f}\n{result: f}\n{submit: who, to: other, into: f}\n{result: f}", head) == [
        ["io_0", 0],
        ["ThreadPoolExecutor-0_0", 0],
    ]


def test_an_initializer_runs_in_each_worker() -> None:
    head = "vars: {r: []}\nprimitives: {pool: {ThreadPoolExecutor: {max_workers: 1, initializer: setup}}}\nroutines: {setup: {steps: [r.append('setup')]}, go: {steps: [r.append('go')]}}\n"
    assert r("{submit: go, to: pool, into: f}\n{result: f}", head) == ["setup", "go"]


def test_an_initializer_that_fails_breaks_the_pool() -> None:
    head = "vars: {r: 0}\nprimitives: {pool: {ThreadPoolExecutor: {max_workers: 1, initializer: setup}}}\nroutines: {setup: {steps: [{raise: KeyError}]}, go: {steps: [pass]}}\n"
    assert r("{submit: go, to: pool, into: f}\n{result: f, raises: BrokenThreadPool}", head) == 0


def test_calls_are_worked_off_when_main_has_ended() -> None:
    head = "vars: {r: 0}\nprimitives: {pool: {ThreadPoolExecutor: 1}}\nroutines: {slow: {steps: [{sleep: 0.05}, r += 1]}}\n"
    assert r("{repeat: 3, do: [{submit: slow, to: pool}]}", head) == 3


def test_submit_after_the_end_of_main_is_refused() -> None:
    assert shared(
        POOL
        + "threads:\n  late: {steps: [{join: main}, {sleep: 0.1}, {submit: square, to: pool, args: [1], raises: RuntimeError}, r = 1]}\nmain: [{start: late}]\n"
    ) == {"r": 1}


def test_prints_arrive_in_order_as_they_come() -> None:
    said: list[str] = []
    text = "primitives: {pool: {ThreadPoolExecutor: 1}}\nroutines: {say: {params: [n], steps: [{print: '{n}'}]}}\nmain:\n  - {map: say, to: pool, over: range(20)}\n  - print: last\n"
    result = outcome(text, on_print=said.append)
    assert said == list(result.output) == [*map(str, range(20)), "last"]


def test_a_process_pool_computes() -> None:
    head = "params: {k: 10}\nvars: {r: null}\nprimitives: {cpu: {ProcessPoolExecutor: 2}}\nroutines: {times: {params: [n], steps: [{print: 'got {n}'}, {return: n * k}]}}\n"
    result = outcome(head + "main:\n  - {map: times, to: cpu, over: range(3), into: r}\n  - print: done\n")
    assert (result.shared, sorted(result.output[:3]), result.output[3]) == (
        {"r": [0, 10, 20]},
        ["got 0", "got 1", "got 2"],
        "done",
    )


@pytest.mark.parametrize("end", ["{result: f}", "{shutdown: pool}"])
def test_a_stuck_pool_is_ended_and_the_next_run_goes_well(end: str) -> None:
    head = "primitives: {pool: {ThreadPoolExecutor: 1}, never: Event}\nroutines: {hang: {steps: [{wait: never}]}}\n"
    assert outcome(head + f"main: [{{submit: hang, to: pool, into: f}}, {end}]\n").end == "deadlock"
    test_submit_and_result()


CALLBACK = """
primitives: {cpu: {ProcessPoolExecutor: 1}, e: Event}
routines: {slow: {steps: [{sleep: 0.5}]}, note: {steps: [{set: e}]}}
main: [{submit: slow, to: cpu, into: f}, {add_done_callback: f, run: note}, {wait: e}, REST]
timeout: 100
"""


def test_who_waits_for_a_callback_of_a_process_pools_call_is_in_no_deadlock() -> None:
    """It comes from the thread that looks after the pool, which is none of the run's: a deadlock was told while the call ran."""
    ended = outcome(CALLBACK.replace("REST", "pass"))
    assert (ended.end, ended.failures) == ("finished", ())


def test_once_the_process_pool_has_nothing_to_do_it_is_one() -> None:
    assert outcome(CALLBACK.replace("REST", "{clear: e}, {wait: e}")).end == "deadlock"


def test_a_worker_is_its_pool_s_before_cpython_has_put_it_among_the_pool_s_threads(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(privates, "threads_of", lambda _pool: [])
    result = execute(
        program("""
        primitives: {p: {array: 2, of: {ThreadPoolExecutor: {max_workers: 1, initializer: first}}}}
        routines:
          first: {steps: [{assert: "False"}]}
          work: {steps: [{assert: "False"}]}
        main: [{submit: work, to: "p[1]", into: f}, {result: f}]
    """)
    )
    assert [failure.thread for failure in result.failures] == ["p[1]-worker[0]", "p[1]-worker[0]"]


def test_what_they_may_do_is_found_once_for_all_runs() -> None:
    """For each of 2,500 pools it was looked for in all of them (a run with `timeout: 1` took eleven seconds), and again for each run."""
    given = program("""
        primitives: {p: {array: 3, of: {ThreadPoolExecutor: 1}}}
        routines: {work: {steps: [pass]}}
        main: [{repeat: 3, as: i, do: [{submit: work, to: "p[i]"}]}]
    """)
    with patch.object(Effects, "_of", autospec=True, side_effect=Effects._of) as found:
        assert [execute(given).end for _ in range(3)] == ["finished"] * 3
    assert found.call_count == 2  # of main, and of the workers of p
