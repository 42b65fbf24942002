"""A run on asyncio: every thread of the file is a task, every primitive asyncio's own."""

from __future__ import annotations

import asyncio
import gc
import os
import signal
import sys
import threading
import warnings
from dataclasses import replace

import pytest
from tasks.files import program

from scenario.diagnostics import InvalidScenario
from scenario.engines.tasks import explore, run
from scenario.engines.tasks.around import Around
from scenario.engines.tasks.loop import opened
from scenario.engines.tasks.running import conducted, module_of
from scenario.engines.tasks.runtime import Run
from scenario.judge import judge
from scenario.program.program import Kind
from scenario.real.emit.module import emit
from scenario.real.making import names_of
from scenario.results.outcome import FutureView
from scenario.settings import ExploreOptions


def after(text, **given):
    """What a finished run leaves of the shared variables."""
    outcome = run(program(text), **given)
    assert outcome.end == "finished", outcome
    assert not outcome.errors, outcome.errors
    assert not outcome.failures, outcome.failures
    return outcome.shared


def test_bodies_are_coroutines():
    source = emit(program("threads: {A: {steps: [pass]}}\nroutines: {f: {steps: [pass]}}\n")).source
    assert "async def r_f(" in source
    assert "async def b0(" in source


def test_nothing_comes_in_between_where_nothing_is_awaited():
    text = "vars: {n: 0}\nthreads: {A: {count: 3, steps: [{repeat: 100, do: [x = n, n = x + 1]}]}}\n"
    assert after(text) == {"n": 300}


def test_others_come_in_between_where_something_is_awaited():
    text = "vars: {n: 0}\nthreads: {A: {count: 3, steps: [{repeat: 2, do: [x = n, {sleep: 0}, n = x + 1]}]}}\n"
    assert after(text) == {"n": 2}


def test_tasks_go_in_the_order_in_which_they_became_ready():
    text = """
        vars: {seen: []}
        primitives: {lock: Lock}
        threads: {A: {count: 3, steps: [{with: lock, do: [seen.append(index), {sleep: 0}]}, seen.append(-index)]}}
    """
    assert after(text) == {"seen": [0, 0, 1, -1, 2, -2]}


@pytest.mark.parametrize(
    ("primitive", "step"),
    [
        ("Lock", "{acquire: p, blocking: false, into: got}"),
        ("Lock", "{acquire: p, timeout: 0.01, into: got}"),
        ("{Semaphore: 1}", "{acquire: p, blocking: false, into: got}"),
        ("{BoundedSemaphore: 1}", "{acquire: p, timeout: 0.01, into: got}"),
        ("Condition", "{acquire: p, blocking: false, into: got}"),
    ],
)
def test_what_does_not_wait_or_not_for_ever_gives_false(primitive, step):
    text = f"""
        vars: {{seen: []}}
        primitives: {{p: {primitive}}}
        threads: {{A: {{steps: [{step}, seen.append(got), {step}, seen.append(got), {{release: p}}, seen.append(1)]}}}}
    """
    assert after(text) == {"seen": [True, False, 1]}


def test_whoever_gives_up_a_lock_leaves_it_to_the_next():
    text = """
        vars: {seen: []}
        primitives: {lock: Lock}
        threads:
          A: {steps: [{with: lock, do: [{sleep: 0.05}]}]}
          B: {steps: [{acquire: lock, timeout: 0.01, into: got}, seen.append(got)]}
          C: {steps: [{with: lock, do: [seen.append('C')]}]}
    """
    assert after(text) == {"seen": [False, "C"]}


@pytest.mark.parametrize(
    ("step", "exception"), [("{get: q, block: false}", "Empty"), ("{get: q, timeout: 0.01}", "Empty"),
                            ("{put: f, item: 1, block: false}", "Full"), ("{put: f, item: 1, timeout: 0.01}", "Full")],
)  # fmt: skip
def test_queues_raise_what_they_raise_elsewhere(step, exception):
    text = f"""
        vars: {{seen: 0}}
        primitives: {{q: Queue, f: {{LifoQueue: 1}}}}
        threads: {{A: {{steps: [{{put: f, item: 0}}, {{try: [{step}], except: {{{exception}: [seen = 1]}}}}]}}}}
    """
    assert after(text) == {"seen": 1}


def test_waits_that_time_out_say_so():
    text = """
        vars: {seen: []}
        primitives: {e: Event, c: Condition, r: Future, gate: {Barrier: 2}}
        threads:
          A:
            steps:
              - {wait: e, timeout: 0.01, into: got}
              - seen.append(got)
              - {with: c, do: [{wait: c, timeout: 0.01, into: got}, seen.append(got), {wait_for: c, until: len(seen) > 9, timeout: 0.01, into: got}]}
              - seen.append(got)
              - {result: r, timeout: 0.01, raises: TimeoutError}
              - {wait: gate, timeout: 0.01, raises: BrokenBarrierError}
              - {await: len(seen) > 9, timeout: 0.01, raises: TimeoutError}
              - seen.append([gate.broken, r.done()])
    """
    assert after(text) == {"seen": [False, False, False, [True, False]]}


def test_a_barriers_own_timeout_is_that_of_waits_without_one():
    text = """
        vars: {seen: []}
        primitives: {gate: {Barrier: {parties: 2, timeout: 0.01}}}
        threads: {A: {steps: [{wait: gate, raises: BrokenBarrierError}, seen.append(gate.broken)]}}
    """
    assert after(text) == {"seen": [True]}


def test_futures_come_as_they_are_done_in_the_rounds_in_which_asyncio_gives_them():
    """Beside `asyncio.as_completed`: what was done waits a round too, and what is done next is next."""
    text = """
        vars: {seen: []}
        primitives: {f: {array: 3, of: Future}}
        threads:
          A:
            steps:
              - {set_result: "f[2]", value: 2}
              - {as_completed: one, in: "[f[0], f[1], f[2], f[2]]", do: [seen.append(one.exception() or 'done'), {result: one, into: got}, seen.append(got)]}
          B: {steps: [seen.append('a'), {sleep: 0}, seen.append('b'), {set_result: "f[1]", value: 1}, {sleep: 0}, {set_result: "f[0]", value: 0}]}
          C: {steps: [{repeat: 4, do: [{sleep: 0}, seen.append('-')]}]}
    """

    async def by_hand():
        seen = []
        loop = asyncio.get_running_loop()
        futures = [loop.create_future() for _ in range(3)]

        async def a():
            futures[2].set_result(2)
            for one in asyncio.as_completed(futures):
                got = await one
                seen.extend(["done", got])

        async def b():
            seen.append("a")
            await asyncio.sleep(0)
            seen.append("b")
            futures[1].set_result(1)
            await asyncio.sleep(0)
            futures[0].set_result(0)

        async def c():
            for _ in range(4):
                await asyncio.sleep(0)
                seen.append("-")

        await asyncio.gather(a(), b(), c())
        return seen

    assert after(text)["seen"] == asyncio.run(by_hand())


@pytest.mark.parametrize(
    ("futures", "limit", "exception"),
    [("[f]", "0.01", "TimeoutError"), ("f", "null", "TypeError"), ("[1]", "null", "TypeError"), ("[]", "0.01", "")],
)
def test_futures_that_do_not_come_or_are_none(futures, limit, exception):
    text = f"""
        vars: {{seen: []}}
        primitives: {{f: Future}}
        threads:
          A:
            steps:
              - try: [{{as_completed: one, in: '{futures}', timeout: {limit}, do: [pass]}}]
                except: {{{exception or "KeyError"}: [seen.append('{exception}')]}}
    """
    assert after(text) == {"seen": [exception] if exception else []}


def test_a_condition_hands_its_lock_back():
    text = """
        vars: {items: 0, got: 0}
        primitives: {lock: Lock, filled: {Condition: lock}}
        threads:
          taker: {count: 2, steps: [{with: filled, do: [{wait_for: filled, until: items > 0}, items -= 1, got += 1]}]}
          giver: {steps: [{repeat: 2, do: [{with: lock, do: [items += 1, {notify: filled}]}, {sleep: 0}]}]}
    """
    assert after(text) == {"items": 0, "got": 2}


def test_await_waits_for_a_change():
    text = """
        vars: {n: 0, seen: 0}
        threads:
          A: {steps: [{await: n == 2}, seen = n]}
          B: {steps: [n += 1, {sleep: 0.01}, n += 1]}
    """
    assert after(text) == {"n": 2, "seen": 2}


def test_always_is_looked_at_after_each_step_and_an_atomic_block_is_one():
    text = "vars: {{x: 0, y: 0}}\nthreads: {{A: {{steps: {}}}}}\nexpect: {{always: [x == y]}}\n"
    split = run(program(text.format("[x = 1, y = 1]")))
    whole = run(program(text.format("[{atomic: [x = 1, y = 1]}]")))
    assert [failure.kind for failure in split.failures] == ["always"]
    assert whole.failures == ()


def test_reachable_is_seen_where_it_is():
    text = "vars: {x: 0}\nthreads: {A: {steps: [x = 1, x = 0]}}\nexpect: {reachable: [x == 1, x == 2]}\n"
    assert run(program(text)).reached == {0}


def test_daemons_are_cancelled_and_may_put_things_in_order():
    text = """
        vars: {beats: 0, ended: false}
        threads:
          heart: {daemon: true, steps: [{try: [{while: true, do: [beats += 1, {sleep: 0.01}]}], finally: [ended = True]}]}
          A: {steps: [{sleep: 0.05}]}
    """
    shared = after(text)
    assert shared["ended"] is True
    assert shared["beats"] > 1


def test_a_timer_fires_or_is_cancelled():
    text = """
        vars: {fired: []}
        threads:
          soon: {timer: 0.01, steps: [fired.append(name)]}
          late: {timer: 60, steps: [fired.append(name)]}
          A: {steps: [{sleep: 0.05}, {cancel: late}, {join: late}, {join: soon}]}
    """
    assert after(text) == {"fired": ["soon"]}


def test_main_waits_for_those_that_it_has_started_and_not_joined():
    text = "vars: {n: 0}\nthreads: {A: {steps: [{sleep: 0.01}, n = 1]}}\nmain: [{start: A}]\n"
    assert after(text) == {"n": 1}


def test_futures_are_asyncios_with_callbacks_named_by_who_completes_them():
    text = """
        vars: {seen: [], kept: null}
        primitives: {reply: Future, other: Future}
        routines: {note: {params: [k], steps: ["seen.append([k, name])"]}}
        threads:
          A: {steps: [{add_done_callback: reply, run: note, args: [7]}, {result: reply, into: got}, seen.append(got)]}
          B: {steps: [kept = other, {set_result: reply, value: 42}, {set_result: reply, value: 43, raises: InvalidStateError}]}
    """
    shared = after(text)
    assert shared["seen"] == [[7, "B"], 42]
    assert shared["kept"] == FutureView("pending", number=1)


def test_an_uncaught_exception_ends_its_task_alone():
    text = "vars: {n: 0}\nthreads: {A: {steps: [{raise: ValueError, message: no}]}, B: {steps: [{sleep: 0}, n = 1]}}\n"
    outcome = run(program(text))
    assert (outcome.end, outcome.shared) == ("finished", {"n": 1})
    assert [(ref, error.name, error.message, error.span.line) for ref, error in outcome.errors.items()] == [
        ("A", "ValueError", "no", 3)
    ]


def test_choices_are_those_of_the_seed():
    text = "vars: {x: 0}\nthreads: {A: {steps: [{choose: x, from: 'range(1000)'}]}}\n"
    assert after(text, seed=5) == after(text, seed=5) != after(text, seed=6)


FIBONACCI = """
        timeout: 0.3
        routines:
          r: {params: [n], steps: [{if: n > 1, then: [{call: r, args: [n - 1]}, {call: r, args: [n - 2]}]}]}
        threads: {A: {steps: [{call: r, args: [37]}]}}
"""


@pytest.mark.parametrize(
    "text", ["vars: {n: 0}\ntimeout: 0.3\nthreads: {A: {steps: [{while: true, do: [n += 1]}]}}\n", FIBONACCI]
)
def test_a_task_that_holds_the_loop_is_ended_at_the_timeout(text):
    """By a loop, or by calling itself."""
    assert run(program(text)).end == "timeout"  # of themselves they go on for minutes, or for ever


class Unwatched:
    """Nobody looks at the run between its rounds."""

    def before_round(self, _loop, timeout):
        return timeout


def started(text):
    """How many tasks have been started by a run whose time is over in its first round."""
    run = Run(module_of(program(text)), 0, None, Around(limit=0))
    with opened(Unwatched()) as loop:
        assert conducted(run, loop).end == "timeout"
    return sum(actor.started for actor in run.members.actors)


@pytest.mark.parametrize("main", ["", "main: [{start: all}, {join: all}]"])
def test_tasks_are_no_longer_started_when_the_time_is_over(main):
    """A loop that starts 100,000 was held for half a minute."""
    assert 0 < started(f"threads: {{A: {{count: 300, steps: [pass]}}}}\n{main}\n") < 100


def test_no_object_is_made_when_the_time_is_over():
    run = Run(
        module_of(program("primitives: {l: {array: 5, of: Lock}}\nthreads: {A: {steps: [pass]}}\n")),
        0,
        None,
        Around(limit=0),
    )
    with opened(Unwatched()) as loop:
        assert conducted(run, loop).end == "timeout"
    assert run.primitives == {}


class Many(tuple[Kind, ...]):
    """Elements of an array of which nobody looks at more than the first."""

    __slots__ = ()

    def __iter__(self):
        yield self[0]
        pytest.fail("all elements are looked at")


def test_the_name_of_an_element_is_found_without_a_look_at_all_of_them():
    """An array of 100,000 locks took more than two minutes before the first step."""
    locks = program("primitives: {l: {array: 5, of: Lock}}\nthreads: {A: {steps: [pass]}}\n")
    (array,) = locks.primitives
    many = replace(locks, primitives=(replace(array, elements=Many(array.elements)),))
    names = names_of(many, {"l": list("abcde")}, lambda place: place)
    assert [names[id(place)] for place in "abcde"] == [("l", f"l[{i}]") for i in range(5)]


def test_who_waits_at_a_timeout_and_who_does_not_is_said():
    text = """
        primitives: {e: Event}
        timeout: 1
        threads: {A: {steps: [{wait: e}]}, B: {steps: [{sleep: 200}, {set: e}]}}
    """
    outcome = run(program(text))
    assert outcome.end == "timeout"
    assert [(one.thread, one.wait.kind) for one in outcome.blocked] == [("A", "event"), ("B", "sleep")]


def test_a_deadlock_beside_tasks_that_go_on_is_decided_at_once():
    text = """
        primitives: {e: Event}
        threads: {A: {steps: [{wait: e}]}, B: {steps: [{while: true, do: [{sleep: 0.01}]}]}}
    """
    outcome = run(program(text))
    assert (outcome.end, [one.thread for one in outcome.blocked]) == ("deadlock", ["A"])  # no timeout


def test_nothing_is_left_on_a_loop_of_others():
    run(program("primitives: {e: Event}\nthreads: {A: {steps: [{wait: e}]}}\n"))
    with pytest.raises(RuntimeError):
        asyncio.get_running_loop()


def test_ctrl_c_ends_a_run_between_its_steps():
    made = program("threads: {A: {steps: [{sleep: 30}]}}\n")
    threading.Timer(0.3, os.kill, (os.getpid(), signal.SIGINT)).start()
    assert run(made).end == "interrupted"  # or it would be finished


def test_past_a_bound_the_file_is_invalid_whatever_it_catches():
    text = "vars: {x: 1}\nthreads: {A: {steps: [{try: [{while: true, do: [x = x * 2 ** 1000]}], except: {Exception: [pass]}}]}}\n"
    with pytest.raises(InvalidScenario):
        run(program(text))


def test_a_cancelled_task_is_told_where_it_waits_and_may_end_well():
    text = """
        vars: {seen: []}
        primitives: {q: Queue}
        threads:
          A: {steps: [{try: [{get: q}], except: {CancelledError: [seen.append('told'), {raise: CancelledError}]}}]}
          B: {steps: [{sleep: 0}, {cancel: A, into: asked}, seen.append(asked), {join: A}, {cancel: A, into: asked}, seen.append(asked)]}
    """
    assert after(text) == {"seen": [True, "told", False]}


def test_a_block_with_a_timeout_ends_with_what_it_holds_given_back():
    text = """
        vars: {seen: []}
        primitives: {l: Lock, e: Event}
        threads:
          A: {steps: [{timeout: 0.01, do: [{with: l, do: [{wait: e}]}], raises: TimeoutError}, seen.append(l.locked())]}
    """
    assert after(text) == {"seen": [False]}


def test_who_is_in_a_block_with_a_timeout_is_not_stuck():
    text = """
        primitives: {e: Event}
        threads:
          A: {steps: [{timeout: 0.2, do: [{wait: e}], raises: TimeoutError}]}
          B: {steps: [{sleep: 0.3}]}
    """
    assert run(program(text)).end == "finished"


@pytest.mark.parametrize(
    ("primitive", "wait", "wake"),
    [
        ("{Semaphore: 0}", "{acquire: p}", "{release: p}"),
        ("Queue", "{get: p}", "{put: p, item: 1}"),
        ("Lock", "{acquire: p}", "{release: p}"),
    ],
)
def test_what_came_for_a_waiter_that_is_cancelled_in_the_same_round_goes_to_the_next(primitive, wait, wake):
    text = f"""
        vars: {{got: []}}
        primitives: {{p: {primitive}}}
        threads:
          A: {{steps: [{wait}, got.append(name)]}}
          B: {{steps: [{wait}, got.append(name)]}}
        main: [{"{acquire: p}, " if primitive == "Lock" else ""}{{start: all}}, {{sleep: 0}}, {wake}, {{cancel: A}}, {{join: all}}]
    """
    assert after(text) == {"got": ["B"]}


def test_a_notification_of_a_waiter_that_is_cancelled_in_the_same_round_is_as_this_python_has_it():
    text = """
        primitives: {c: Condition}
        threads:
          A: {steps: [{with: c, do: [{wait: c}]}]}
          B: {steps: [{with: c, do: [{wait: c}]}]}
        main: [{start: all}, {sleep: 0}, {sleep: 0}, {with: c, do: [{notify: c}]}, {cancel: A}, {join: all}]
    """
    outcome = run(program(text))
    told = "finished" if sys.version_info >= (3, 13) else "deadlock"  # python/cpython gh-112202
    assert outcome.end == told


def test_the_time_of_an_await_is_all_that_it_has_however_often_it_is_woken():
    """Whoever found it undone again when its turn came had all of its time anew."""
    text = """
        vars: {x: 0, late: false}
        threads:
          A: {steps: [{try: [{await: x == 1, timeout: 0.2}], except: {TimeoutError: [late = True]}}]}
          B: {steps: [{while: not late, do: [x = 1, {sleep: 0}, x = 0, {sleep: 0.02}]}]}
        timeout: 20
    """
    assert after(text) == {"x": 0, "late": True}


def test_what_is_left_of_an_execution_is_not_warned_of():
    """Python said of an operation that it "was never awaited": a `finally` had come to it when the loop was gone."""
    text = """
        primitives: {e: Event}
        threads: {A: {count: 2, steps: [{try: [{sleep: 1}, {wait: e}], finally: [{wait: e, timeout: 1}]}]}}
    """
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        explore(program(text), ExploreOptions(), judge=judge)
        gc.collect()
    assert [one for one in told if "never awaited" in str(one.message)] == []
