"""Futures that a scenario completes itself, on real threads: who calls back, under which locks, and deadlocks at once."""

import pickle
import time

import pytest
from threads.files import program

from scenario.engines.explore import explore
from scenario.engines.threads import run
from scenario.judge import judge
from scenario.results.outcome import exception_view
from scenario.settings import ExploreOptions


def judged(text):
    made = program(text)
    return made, run(made)


def test_a_callback_is_run_by_who_completes_and_has_its_name():
    _, outcome = judged("""
    vars: {log: []}
    primitives: {reply: Future}
    routines: {note: {params: [n], steps: ["log.append([n, name, index])"]}}
    threads:
      A: {steps: [{add_done_callback: reply, run: note, args: [1]}, {set_result: reply, value: 3}]}
    """)
    assert outcome.shared["log"] == [[1, "A", 0]]


def test_a_callback_of_a_call_is_run_by_its_worker():
    _, outcome = judged("""
    vars: {log: []}
    primitives: {pool: {ThreadPoolExecutor: 1}, go: Event}
    routines: {note: {steps: [log.append(name)]}, call: {steps: [{wait: go}]}}
    main: [{submit: call, to: pool, into: f}, {add_done_callback: f, run: note}, {set: go}]
    """)
    assert outcome.shared["log"] == ["ThreadPoolExecutor-0_0"]


def test_a_callback_may_wait_for_what_others_do_although_futures_are_watched():
    """`await` asks for the future, so that completing it is a step under the hidden lock; its callback is not."""
    made, outcome = judged("""
    vars: {log: []}
    primitives: {reply: Future, go: Event}
    routines: {waits: {steps: [{wait: go}, log.append(1)]}}
    threads:
      A: {steps: [{add_done_callback: reply, run: waits}, {set_result: reply, value: 1}, log.append(2)]}
      B: {steps: [{await: reply.done()}, {atomic: [pass]}, {set: go}]}
    expect: {always: ["reply.done() or not log"]}
    """)
    assert (judge(made, outcome).end, outcome.shared["log"]) == (None, [1, 2])


@pytest.mark.parametrize(
    "stuck",
    [
        "threads: {A: {steps: [{result: reply}]}, B: {steps: [{set_result: other, value: 1}]}}",
        "threads: {A: {steps: [{wait_futures: '[reply, other]'}]}, B: {steps: [{set_result: other, value: 1}, {cancel: reply}]}}",
    ],
)
def test_a_future_that_nobody_completes_is_a_deadlock_at_once(stuck):
    began = time.monotonic()
    _, outcome = judged("primitives: {reply: Future, other: Future}\n" + stuck + "\ntimeout: 60")
    assert (outcome.end, [one.thread for one in outcome.blocked]) == ("deadlock", ["A"])
    assert time.monotonic() - began < 30


def test_one_that_somebody_may_still_complete_is_none():
    _, outcome = judged("""
    vars: {got: 0}
    primitives: {reply: Future}
    threads:
      A: {steps: [{result: reply, into: got}]}
      B: {steps: [{sleep: 0.3}, {set_result: reply, value: 4}]}
    """)
    assert (outcome.end, outcome.shared["got"]) == ("finished", 4)


def test_what_claims_ask_of_an_exception_is_what_steps_are_told():
    made = program("""
        primitives: {f: Future}
        threads: {A: {steps: [{set_exception: f, error: KeyError, message: k}, "g = [type_name(f.exception()), str(f.exception())]"]}}
        expect:
          final: ["A.g == [type_name(f.exception()), str(f.exception())]", "A.g[0] == 'KeyError'"]
          observe: [f.exception()]
    """)
    found, real = explore(made, ExploreOptions(), judge=judge), judge(made, run(made))
    (row,) = found.rows
    assert (found.findings, real.failures) == ((), ())
    assert row.values == real.values == (("f.exception()", exception_view("KeyError", "'k'")),)
    assert pickle.loads(pickle.dumps(row.values)) == row.values


def test_runs_with_the_same_outcome_have_equal_values():
    text = """
    primitives: {reply: Future}
    threads: {A: {steps: [{set_result: reply, value: 1}]}}
    expect: {observe: [reply]}
    """
    rows = {repr(judge(*judged(text)).values[0][1].number) for _ in range(2)}
    assert len(rows) == 1


def test_a_set_of_futures_may_have_results_that_no_set_may_have():
    text = (
        "primitives: {pool: {ThreadPoolExecutor: 2}}\nroutines: {one: {steps: [{return: []}]}}\n"
        "main: [{submit: one, to: pool, into: f}, {wait_futures: '[f]', into: [done, pending]}]\nexpect: [len(main.done) == 1]\n"
    )
    (done,) = judged(text)[1].registers["main"]["done"]
    assert (done.state, done.result) == ("finished", [])
