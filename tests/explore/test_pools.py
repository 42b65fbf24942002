"""Thread pools and futures: submit, take, finish; map, wait, as_completed, shutdown, initializer, cancel."""

from itertools import permutations

import pytest
from explore.found import count, ends, explored, kinds, values, verdict


def test_a_call_is_taken_in_one_step_and_finished_in_another() -> None:
    # A: submit, result, end; the worker: take, W x, finish, idle; B: W probe, end; main ends after A and B
    # (4 + k places for `idle`, with k = 0, 1, 2 of B's steps after `finish`, in 10, 12, 6 orders of the others)
    text = """
    vars: {x: 0, probe: 0}
    primitives: {pool: {ThreadPoolExecutor: 1}}
    routines: {r: {steps: [x = 1, {return: 5}]}}
    threads:
      A: {steps: [{submit: r, to: pool, into: f}, {result: f, into: v}]}
      B: {steps: [probe = 1]}
    expect: {observe: [A.v, x]}
    """
    assert count(text) == 4 * 10 + 5 * 12 + 6 * 6
    assert values(text) == {(5, 1)}


def test_without_a_wait_calls_are_worked_off_all_the_same() -> None:
    text = """
    vars: {x: 0}
    primitives: {pool: {ThreadPoolExecutor: 1}}
    routines: {r: {steps: [{atomic: x += 1}]}}
    threads:
      A: {steps: [{submit: r, to: pool}, {submit: r, to: pool}]}
    expect: [x == 2]
    """
    assert verdict(text) == "holds"


def test_one_worker_takes_calls_in_order_two_may_overtake() -> None:
    text = """
    vars: {log: []}
    primitives: {pool: {ThreadPoolExecutor: 1}}
    routines: {r: {params: [n], steps: [log.append(n)]}}
    threads:
      A: {steps: [{submit: r, to: pool, args: [1]}, {submit: r, to: pool, args: [2]}]}
    """
    assert values(text) == {(1, 2)}
    assert values(text.replace("Executor: 1", "Executor: 2")) == {(1, 2), (2, 1)}


def test_a_routine_that_waits_for_its_own_pool_deadlocks() -> None:
    text = """
    primitives: {pool: {ThreadPoolExecutor: 1}}
    routines:
      inner: {steps: [{return: 1}]}
      outer: {steps: [{submit: inner, to: pool, into: f}, {result: f, into: v}, {return: v}]}
    threads:
      A: {steps: [{submit: outer, to: pool, into: f}, {result: f}]}
    """
    assert kinds(text) == ["deadlock"]
    assert kinds(text.replace("Executor: 1", "Executor: 2")) == []


def test_map_gives_results_in_input_order() -> None:
    text = """
    vars: {out: null}
    primitives: {pool: {ThreadPoolExecutor: 2}}
    routines: {sq: {params: [n], steps: [{return: n * n}]}}
    threads:
      A: {steps: [{map: sq, to: pool, over: "[3, 1, 2]", into: r}, out = r]}
    """
    assert values(text) == {(9, 1, 4)}


def test_a_maps_exception_cancels_the_calls_left() -> None:
    text = """
    vars: {ran: 0}
    primitives: {pool: {ThreadPoolExecutor: 1}}
    routines: {r: {params: [n], steps: [{if: n == 0, then: [{raise: ValueError}]}, {atomic: ran += 1}]}}
    threads:
      A: {steps: [{map: r, to: pool, over: "[0, 1]", raises: ValueError}]}
    expect: {observe: [ran]}
    """
    assert values(text) == {0, 1}


def test_an_exception_stays_in_its_future() -> None:
    text = """
    primitives: {pool: {ThreadPoolExecutor: 1}}
    routines: {r: {steps: [{raise: KeyError, message: k}]}}
    threads:
      A: {steps: [{submit: r, to: pool, into: f}, {wait_futures: "[f]"}, {result: f, raises: KeyError}]}
    """
    assert verdict(text) == "holds"


def test_a_result_may_time_out_until_it_is_done() -> None:
    text = """
    primitives: {pool: {ThreadPoolExecutor: 1}}
    routines: {r: {steps: [{return: 1}]}}
    threads:
      A: {steps: [{submit: r, to: pool, into: f}, {try: [{result: f, timeout: 1, into: v}], except: {TimeoutError: [v = -1]}}]}
    expect: {observe: [A.v]}
    """
    assert values(text) == {1, -1}


@pytest.mark.parametrize(("when", "least"), [("FIRST_COMPLETED", {1, 2}), ("ALL_COMPLETED", {2})])
def test_wait_futures_gives_what_is_done_when_it_goes_on(when: str, least: set[int]) -> None:
    text = f"""
    primitives: {{pool: {{ThreadPoolExecutor: 2}}}}
    routines: {{r: {{steps: [{{return: 1}}]}}}}
    threads:
      A: {{steps: [{{submit: r, to: pool, into: f}}, {{submit: r, to: pool, into: g}}, {{wait_futures: "[f, g]", return_when: {when}, into: "[done, pending]"}}, n = len(done)]}}
    expect: {{observe: [A.n]}}
    """
    try:
        assert values(text) == least
    except Exception as error:
        if "FIRST_COMPLETED" not in str(error) and "ALL_COMPLETED" not in str(error):
            raise
        assert values(text.replace(f"return_when: {when}", f"return_when: \"'{when}'\"")) == least


def test_as_completed_follows_completion() -> None:
    text = """
    vars: {order: []}
    primitives: {pool: {ThreadPoolExecutor: 2}}
    routines: {r: {params: [n], steps: [{return: n}]}}
    threads:
      A: {steps: [{submit: r, to: pool, args: [1], into: f}, {submit: r, to: pool, args: [2], into: g}, {as_completed: h, in: "[f, g]", do: [{result: h, into: v}, order.append(v)]}]}
    """
    assert values(text) == {(1, 2), (2, 1)}


def test_a_pool_that_is_shut_down_takes_no_more() -> None:
    text = """
    primitives: {pool: {ThreadPoolExecutor: 1}}
    routines: {r: {steps: [pass]}}
    threads:
      A: {steps: [{shutdown: pool}, {submit: r, to: pool, raises: RuntimeError}]}
    """
    assert verdict(text) == "holds"


def test_shutdown_waits_for_the_calls() -> None:
    text = """
    vars: {x: 0}
    primitives: {pool: {ThreadPoolExecutor: 2}}
    routines: {r: {steps: [{atomic: x += 1}]}}
    threads:
      A: {steps: [{with: pool, do: [{submit: r, to: pool}, {submit: r, to: pool}]}, {assert: x == 2}]}
    """
    assert verdict(text) == "holds"
    assert kinds(
        text.replace(
            "{with: pool, do: [{submit: r, to: pool}, {submit: r, to: pool}]}",
            "{submit: r, to: pool}, {submit: r, to: pool}, {shutdown: pool, wait: false}",
        )
    ) == ["assert"]


def test_shutdown_with_cancel_futures_cancels_what_is_queued() -> None:
    text = """
    vars: {x: 0}
    primitives: {pool: {ThreadPoolExecutor: 1}}
    routines: {r: {steps: [{atomic: x += 1}]}}
    threads:
      A: {steps: [{submit: r, to: pool}, {submit: r, to: pool, into: f}, {shutdown: pool, cancel_futures: true}, c = f.cancelled()]}
    expect: {observe: [x, A.c]}
    """
    assert values(text) == {(0, True), (1, True), (1, False), (2, False)}


def test_workers_take_calls_while_a_shutdown_throws_them_away() -> None:
    """As CPython, which takes them off one by one: 1 of 3,000 real runs threw away the call in the middle alone."""
    text = """
    vars: {log: []}
    primitives: {pool: {ThreadPoolExecutor: 2}}
    routines: {work: {params: [n], steps: [log.append(n)]}}
    threads:
      A: {steps: [{repeat: 3, as: n, do: [{submit: work, to: pool, args: [n]}]}, {shutdown: pool, cancel_futures: true}]}
    expect: {observe: [log]}
    """
    orders = [some for n in range(4) for some in permutations(range(3), n)]
    assert values(text) == {some for some in orders if len(some) < 3 or some[0] != 2}


def test_the_next_call_may_run_before_the_one_taken_off_is_cancelled() -> None:
    text = """
    primitives: {pool: {ThreadPoolExecutor: 1}}
    vars: {f: null, seen: []}
    routines: {first: {steps: [pass]}, second: {steps: [seen.append(f.cancelled())]}}
    threads:
      A: {steps: [{submit: first, to: pool, into: f}, {submit: second, to: pool}, {shutdown: pool, cancel_futures: true}]}
    expect: {observe: [seen]}
    """
    assert values(text) == {(), (True,), (False,)}


def test_nobody_submits_while_a_shutdown_throws_calls_away() -> None:
    """The pool's lock is held: who is refused finds all that was queued cancelled, or taken by a worker."""
    text = """
    vars: {f: null, g: null, early: false}
    primitives: {pool: {ThreadPoolExecutor: 1}, go: Event}
    routines: {work: {steps: [{wait: go}]}}
    threads:
      A: {steps: [{submit: work, to: pool, into: f}, {submit: work, to: pool, into: g}, {shutdown: pool, wait: false, cancel_futures: true}, {set: go}]}
      B:
        steps:
          - {await: g is not None}
          - try: [{submit: work, to: pool}]
            except: {RuntimeError: [early = not (f.running() or f.done()) or not (g.running() or g.done())]}
    expect: {always: [not early]}
    """
    assert kinds(text) == []


def test_a_future_is_cancelled_only_while_it_is_queued() -> None:
    text = """
    primitives: {pool: {ThreadPoolExecutor: 1}}
    routines: {r: {steps: [pass]}}
    threads:
      A: {steps: [{submit: r, to: pool, into: f}, {cancel: f, into: c}, {try: [{result: f}], except: {CancelledError: [r = 1]}, else: [r = 0]}]}
    expect: {observe: [A.c, A.r]}
    """
    text = text.replace("routines: {r:", "routines: {job:").replace("submit: r", "submit: job")
    assert values(text) == {(True, 1), (False, 0)}


def test_an_initializer_that_raises_breaks_the_pool() -> None:
    text = """
    primitives: {pool: {ThreadPoolExecutor: {max_workers: 1, initializer: setup}}}
    routines: {job: {steps: [pass]}, setup: {steps: [{raise: ValueError}]}}
    threads:
      A: {steps: [{submit: job, to: pool, into: f}, {result: f, raises: BrokenThreadPool}]}
    """
    assert verdict(text) == "holds"


def test_an_initializer_runs_once_a_worker() -> None:
    text = """
    vars: {n: 0}
    primitives: {pool: {ThreadPoolExecutor: {max_workers: 1, initializer: setup}}}
    routines: {job: {steps: [pass]}, setup: {steps: [{atomic: n += 1}]}}
    threads:
      A: {steps: [{with: pool, do: [{submit: job, to: pool}, {submit: job, to: pool}]}]}
    expect: [n == 1]
    """
    assert verdict(text) == "holds"


def test_submitting_when_main_has_ended_raises() -> None:
    text = """
    primitives: {pool: {ThreadPoolExecutor: 1}}
    routines: {job: {steps: [pass]}}
    threads:
      A: {steps: [{try: [{submit: job, to: pool}], except: {RuntimeError: [r = 1]}, else: [r = 0]}]}
    vars: {x: 0}
    main: [{start: A}, x = 1]
    expect: {observe: [A.r]}
    """
    assert values(text) == {0, 1}


def test_asking_a_future_is_one_read() -> None:
    text = """
    primitives: {pool: {ThreadPoolExecutor: 1}}
    routines: {job: {steps: [pass]}}
    threads:
      A: {steps: [{submit: job, to: pool, into: f}, d = f.done()]}
    expect: {observe: [A.d]}
    """
    assert ends(text) == {True: None, False: None}
    assert explored(text).interleavings == 20  # submit, then done(), A's and main's end beside take, finish, idle


@pytest.mark.parametrize("end", ["{shutdown: pool}", "pass"])
def test_a_pool_is_done_when_its_workers_have_come_through_their_initializers(end: str) -> None:
    text = f"""
    vars: {{began: 0, ended: 0}}
    primitives: {{pool: {{ThreadPoolExecutor: {{max_workers: 2, initializer: setup}}}}}}
    routines:
      setup: {{steps: [{{atomic: began += 1}}, {{atomic: ended += 1}}]}}
      one: {{params: [n], steps: [pass]}}
    threads:
      A: {{steps: [{{map: one, to: pool, over: [1, 2]}}, {end}, a = began - ended]}}
    expect: {{final: [began == ended{", A.a == 0" if end != "pass" else ""}]}}
    """
    assert verdict(text) == "holds"


def test_shutting_down_a_broken_pool_waits_for_the_calls_that_run() -> None:
    text = """
    vars: {first: true, x: 0, seen: 0}
    primitives: {pool: {ThreadPoolExecutor: {max_workers: 2, initializer: setup}}, e: Event, go: Event}
    routines:
      setup: {steps: [{if: not first, then: [{wait: e}, {raise: ValueError}]}, first = False]}
      one: {steps: [{set: e}, {wait: go}, x = 1, x = 2]}
    main:
      - submit: one
        to: pool
      - wait: e
      - {submit: one, to: pool, into: f}
      - {result: f, raises: BrokenThreadPool}
      - set: go
      - shutdown: pool
      - seen = x
    expect: {observe: [seen]}
    """
    assert values(text) == {2}


def test_a_default_main_ends_with_the_last_thread_that_is_no_daemon() -> None:
    text = """
    vars: {n: 0}
    primitives: {pool: {ThreadPoolExecutor: 1}, s: {Semaphore: 0}}
    routines: {wait: {steps: [{acquire: s, timeout: 1}]}}
    threads:
      A: {steps: [{submit: wait, to: pool}]}
      D: {daemon: true, steps: [{await: A.alive == 0}, {submit: wait, to: pool}]}
    expect: {errors: {D: {possible: RuntimeError}}, reachable: [A.alive == 0 and D.alive == 0], observe: [n]}
    """
    assert verdict(text) == "holds"
    assert kinds(text.replace("{possible: RuntimeError}", "{possible: OSError}")) == ["error"]


def test_a_worker_is_idle_a_step_after_its_call_is_finished() -> None:
    text = """
    vars: {who: []}
    primitives: {pool: {ThreadPoolExecutor: 2}}
    routines: {work: {steps: [who.append(name)]}}
    main: [{submit: work, to: pool, into: f}, {result: f}, {submit: work, to: pool, into: g}, {result: g}]
    expect: {observe: [who]}
    """
    first, second = "ThreadPoolExecutor-0_0", "ThreadPoolExecutor-0_1"
    assert values(text) == {(first, first), (first, second)}


def test_pools_without_a_prefix_are_numbered_among_themselves() -> None:
    text = """
    vars: {who: null}
    primitives: {l: Lock, io: {ThreadPoolExecutor: {max_workers: 1, thread_name_prefix: io}}, pools: {array: 2, of: {ThreadPoolExecutor: 1}}}
    routines: {work: {steps: [who = name]}}
    main: [{submit: work, to: "pools[1]"}]
    expect: {observe: [who]}
    """
    assert values(text) == {"ThreadPoolExecutor-1_0"}


@pytest.mark.parametrize(
    ("wait", "stuck"), [("wait_futures: '[f]'", True), ("result: f, raises: CancelledError", False)]
)
def test_who_waits_for_many_never_hears_of_a_call_that_shutdown_has_thrown_away(wait: str, stuck: bool) -> None:
    text = f"""
    primitives: {{pool: {{ThreadPoolExecutor: 1}}, go: Event}}
    routines: {{work: {{steps: [{{wait: go}}]}}}}
    threads:
      A: {{steps: [{{submit: work, to: pool}}, {{submit: work, to: pool, into: f}}, {{shutdown: pool, wait: false, cancel_futures: true}}, {{set: go}}, {{if: f.cancelled(), then: [{{{wait}}}]}}]}}
    """
    assert kinds(text) == (["deadlock"] if stuck else [])


def test_a_cancelled_call_is_counted_when_a_worker_takes_it_off_the_queue() -> None:
    text = """
    primitives: {pool: {ThreadPoolExecutor: 1}, go: Event}
    routines: {work: {steps: [{wait: go}]}}
    threads:
      A: {steps: [{submit: work, to: pool}, {submit: work, to: pool, into: f}, {cancel: f, into: c}, {set: go}, {wait_futures: "[f]", into: "[done, rest]"}, n = len(done)]}
    expect: {observe: [A.c, A.n]}
    """
    assert values(text) == {(True, 1)}
    assert kinds(
        text.replace("{set: go}, {wait_futures", "{wait_futures").replace("n = len", "{set: go}, n = len")
    ) == ["deadlock"]


def test_as_completed_hears_of_a_cancelled_call_in_its_turn() -> None:
    text = """
    vars: {order: []}
    primitives: {pool: {ThreadPoolExecutor: 1}}
    routines: {work: {params: [n], steps: [{return: n}]}}
    threads:
      A: {steps: ["fs = []", {repeat: 2, as: i, do: [{submit: work, to: pool, args: [i], into: f}, "fs.append(f)"]}, {cancel: f}, {as_completed: g, in: fs, do: ["order.append(int(g.cancelled()))"]}]}
    expect: {observe: [order]}
    """
    assert values(text) == {(0, 1), (1, 0), (0, 0)}


def test_a_pool_is_not_waited_for_by_its_own_call() -> None:
    text = """
    primitives: {pool: {ThreadPoolExecutor: 2}}
    routines: {work: {steps: [{END, raises: RuntimeError}, {return: 7}]}}
    main: [{submit: work, to: pool, into: f}, {result: f, into: r}, {assert: r == 7}]
    """
    assert verdict(text.replace("END", "shutdown: pool")) == "holds"
    assert verdict(text.replace("END", "with: pool, do: [pass]")) == "holds"
    assert verdict(text.replace("END, raises: RuntimeError", "shutdown: pool, wait: false")) == "holds"


def test_the_end_of_main_closes_pools_and_is_a_step() -> None:
    text = """
    vars: {log: []}
    primitives: {pool: {ThreadPoolExecutor: 1}}
    routines:
      inner: {steps: [log.append('in')]}
      outer: {steps: [{try: [{submit: inner, to: pool}], except: {RuntimeError: [log.append('late')]}}]}
    threads:
      A: {steps: [{submit: outer, to: pool}]}
    """
    assert values(text) == {("in",), ("late",)}


def test_an_initializer_that_raises_fails_the_calls_before_a_cancelled_one() -> None:
    text = """
    primitives: {pool: {ThreadPoolExecutor: {max_workers: 1, initializer: setup}}, go: Event}
    routines: {job: {steps: [pass]}, setup: {steps: [{wait: go}, {raise: ValueError}]}}
    threads:
      A:
        steps:
          - {submit: job, to: pool, into: f}
          - {submit: job, to: pool, into: g}
          - {submit: job, to: pool, into: h}
          - {cancel: g}
          - {set: go}
          - {try: [{result: f}], except: {BrokenThreadPool: [pass]}}
          - {shutdown: pool}
          - {try: [{result: h, timeout: 1}], except: {TimeoutError: [r = 'pending']}}
    expect: {observe: [A.r]}
    """
    assert values(text) == {"pending"}


BROKEN = """
vars: {n: 0}
primitives: {pool: {ThreadPoolExecutor: {max_workers: 2, initializer: setup}}, busy: Event, go: Event}
routines:
  setup: {steps: [{atomic: [n += 1, mine = n]}, {if: mine == 2, then: [{wait: go}, {raise: ValueError}]}]}
  work: {steps: [{set: busy}]}
main:
  - {submit: work, to: pool, into: f}
  - {wait: busy}
  - {submit: work, to: pool, into: g}
  - END
"""


@pytest.mark.parametrize(
    "end",
    [
        ["{shutdown: pool, wait: false}", "{set: go}", "{shutdown: pool}"],
        ["{result: f}", "{set: go}"],  # its end closes the pool
        ["{set: go}", "{shutdown: pool}"],
    ],
)
def test_an_initializer_that_raises_beside_a_shutdown_may_take_the_wake_up_of_the_others(end: list[str]) -> None:
    rows = explored(BROKEN.replace("- END", "\n  - ".join(["", *end]))).rows
    assert {row.end for row in rows} == {None, "deadlock"}


def test_an_idle_worker_may_have_the_wake_up_in_hand_meanwhile() -> None:
    """The initializer raises after the shutdown for sure, since that has cancelled the call for which `B` waits."""
    text = """
    vars: {n: 0, f: null, g: null}
    primitives: {pool: {ThreadPoolExecutor: {max_workers: 2, initializer: setup}}, busy: Event, on: Event, go: Event}
    routines:
      setup: {steps: [{atomic: [n += 1, mine = n]}, {if: mine == 2, then: [{wait: go}, {raise: ValueError}]}]}
      work: {steps: [{set: busy}, {wait: on}]}
    threads:
      B: {steps: [{result: g, raises: CancelledError}, {set: on}, {result: f}, {set: go}]}
    main:
      - {submit: work, to: pool, into: f}
      - {wait: busy}
      - {submit: work, to: pool, into: g}
      - {start: B}
      - {shutdown: pool, cancel_futures: true}
    expect: {observe: [n]}
    """
    assert {row.end for row in explored(text).rows} == {None, "deadlock"}
    assert {row.end for row in explored(text.replace("{result: f}, ", "")).rows} == {None, "deadlock"}
