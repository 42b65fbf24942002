"""Exploring on multiprocessing: each clause with a file that must be found to fail, or to show a value, and one that must not."""

from __future__ import annotations

import pytest
from tasks.files import program

from scenario.engines.explore import explore
from scenario.judge import exploration_verdict, judge
from scenario.report.words.undecided import words
from scenario.settings import ExploreOptions

ALL = ExploreOptions(keep_going=True, max_seconds=60)
PLAIN = ExploreOptions(keep_going=True, max_seconds=60, reduce=False)


def explored(text, options=ALL):
    made = program(text, "multiprocessing")
    return made, explore(made, options, judge=judge)


def shown(text, options=ALL):
    """The values that are seen at the end, and the ends that are none; of what fails the kinds."""
    _, found = explored(text, options)
    assert not found.undecided, [words(why) for why in found.undecided]
    assert found.exhausted
    return {_plain(row.values) if row.end is None else row.end for row in found.rows}


def _plain(values):
    alone = tuple(value for _, value in values)
    return alone if all(isinstance(one, int | None) for one in alone) else repr(alone)


def both(text):
    """The same, with and without what spares work."""
    seen = shown(text)
    assert shown(text, PLAIN) == seen
    return seen


def raised(steps, primitives="", rest=""):
    """What ends thread A."""
    _, found = explored(f"primitives: {{{primitives}}}\nthreads:\n  A: {{steps: [{steps}]}}\n{rest}")
    return {(one.failure.fact.error.name, one.failure.fact.error.message) for one in found.findings}


# --- locks and semaphores ---------------------------------------------------------------------------------


def test_another_process_may_give_back_a_lock():
    text = "primitives: {l: Lock}\nthreads:\n  A: {steps: [{acquire: l}]}\n  B: {steps: [{release: l}]}\nvars: {x: 0}\n"
    assert both(text) == {(0,), "error"}


@pytest.mark.parametrize(
    ("steps", "primitive", "error"),
    [
        ("{release: l}", "l: Lock", ("ValueError", "semaphore or lock released too many times")),
        ("{release: l}", "l: RLock", ("AssertionError", "attempt to release recursive lock not owned by thread")),
        ("{release: s}", "s: {BoundedSemaphore: 1}", ("ValueError", "semaphore or lock released too many times")),
        ("{wait: c}", "c: Condition", ("AssertionError", "must acquire() condition before using wait()")),
        ("{notify: c}", "c: Condition", ("AssertionError", "lock is not owned")),
        ("{task_done: q}", "q: Queue", ("ValueError", "task_done() called too many times")),
        ("{acquire: l, timeout: \"'x'\"}", "l: Lock", ("TypeError", "must be real number, not str")),
    ],
)
def test_what_is_refused_is_refused_in_cpythons_words(steps, primitive, error):
    assert raised(steps, primitive) == {error}


def test_an_unbounded_semaphore_may_grow():
    assert raised("{release: s}", "s: {Semaphore: 1}") == set()


def test_a_process_owns_an_rlock_as_often_as_it_has_taken_it():
    text = """
    primitives: {l: RLock}
    vars: {x: 0}
    threads:
      A: {count: 2, steps: [{with: [l, l], do: [x += 1]}]}
    """
    assert both(text) == {(2,)}


# --- shared numbers ------------------------------------------------------------------------


def test_an_update_of_a_shared_number_is_a_read_and_a_write():
    assert both("vars: {x: 0}\nthreads: {A: {count: 2, steps: [x += 1]}}\n") == {(1,), (2,)}


def test_numbers_have_64_bits():
    text = "vars: {x: 0}\nthreads: {A: {steps: [x = 2 ** 63 - 1, {try: [x += 1], except: {OverflowError: [x = 5]}}]}}\n"
    assert both(text) == {(5,)}
    assert both("vars: {x: 0}\nthreads: {A: {steps: ['x = -(2 ** 63)']}}\n") == {(-(2**63),)}


def test_shared_memory_has_no_texts():
    text = "vars: {x: null}\nthreads: {A: {steps: [{try: [x = name], except: {TypeError: [x = 7]}}]}}\n"
    assert both(text) == {(7,)}


# --- events, conditions, barriers ---------------------------------------------------------------------------


def test_who_was_woken_looks_at_the_flag_again():
    text = """
    primitives: {e: Event}
    vars: {got: null}
    threads:
      A: {steps: [{wait: e, into: got}]}
      B: {steps: [{set: e}, {clear: e}]}
    """
    assert both(text) == {(True,), (False,), "deadlock"}


def test_a_wait_with_a_timeout_may_use_up_the_notification_of_another():
    text = """
    primitives: {c: Condition}
    vars: {late: null, done: 0}
    threads:
      A: {steps: [{with: c, do: [{wait: c, timeout: 1, into: late}]}]}
      B: {steps: [{with: c, do: [{wait: c}]}, done = 1]}
      C: {steps: [{with: c, do: [{notify: c}]}]}
    """
    assert both(text) == {(False, 1), (True, 0), "deadlock"} - {(True, 0)}


def test_without_a_timeout_a_condition_is_as_for_threads():
    text = """
    primitives: {c: Condition}
    vars: {ready: 0, done: 0}
    threads:
      A: {count: 2, steps: [{with: c, do: [{wait_for: c, until: ready > 0}, done += 1]}]}
      B: {steps: [{with: c, do: [ready = 1, {notify: c}, {notify: c}]}]}
    """
    assert both(text) == {(1, 2)}


def test_a_barrier_lets_all_go_on():
    text = (
        "primitives: {g: {Barrier: 2}}\nvars: {x: 0}\nthreads: {A: {count: 2, steps: [{wait: g, into: i}, x += i]}}\n"
    )
    assert both(text) == {(0,), (1,)}  # the second of two updates may be the one that adds 0


# --- queues -----------------------------------------------------------------------------------------------------


def test_a_queue_hands_over_in_each_processs_own_order():
    text = """
    primitives: {q: Queue}
    vars: {seen: 0}
    threads:
      A: {steps: [{put: q, item: 1}, {put: q, item: 2}]}
      B: {steps: [{put: q, item: 3}]}
      C: {steps: [{repeat: 3, do: [{get: q, into: x}, seen = seen * 10 + x]}]}
    """
    assert both(text) == {(123,), (132,), (312,)}


def test_what_was_put_before_may_come_after():
    text = """
    primitives: {q: Queue, e: Event}
    vars: {first: 0}
    threads:
      A: {steps: [{put: q, item: 1}, {set: e}]}
      B: {steps: [{wait: e}, {put: q, item: 2}]}
      C: {steps: [{get: q, into: first}]}
    """
    assert both(text) == {(1,), (2,)}
    assert both(text.replace("q: Queue", "q: SimpleQueue")) == {(1,)}


PUT_AND_LOOK = """
    primitives: {q: QUEUE}
    vars: {got: null, was_empty: null}
    threads:
      A: {steps: [{put: q, item: 7}, was_empty = q.empty(), {try: [{get: q, into: got, block: false}], except: {Empty: [got = -1]}}]}
    """


def test_an_item_is_there_some_time_later():
    assert both(PUT_AND_LOOK.replace("QUEUE", "Queue")) == {(7, True), (-1, True), (7, False)}


def test_who_joins_a_process_finds_what_it_has_put():
    text = """
    primitives: {q: Queue}
    vars: {got: 0}
    threads: {A: {steps: [{put: q, item: 7}]}}
    main: [{start: A}, {JOIN}, {try: [{get: q, into: got, block: false}], except: {Empty: [got = -1]}}]
    """
    assert both(text.replace("{JOIN}", "{join: A}")) == {(7,)}
    assert both(text.replace("{JOIN}", "pass")) == {(7,), (-1,)}


def test_what_is_put_after_a_process_has_ended_comes_after_all_of_its_own():
    text = """
    primitives: {q: Queue, e: Event}
    vars: {seen: 0}
    threads:
      A: {steps: [{put: q, item: 1}, {put: q, item: 2}]}
      B: {steps: [{wait: e}, {put: q, item: 3}]}
    main: [{start: all}, {join: A}, {set: e}, {join: B}, {repeat: 3, do: [{get: q, into: x}, seen = seen * 10 + x]}]
    """
    assert both(text) == {(123,)}


def test_a_get_that_does_not_wait_is_empty_while_another_reads():
    text = """
    primitives: {q: Queue}
    vars: {missed: 0}
    threads:
      A: {steps: [{put: q, item: 1}, {put: q, item: 2}]}
      C: {count: 2, steps: [{try: [{get: q, block: false}], except: {Empty: [missed += 1]}}]}
    main: [{start: A}, {join: A}, {start: C}, {join: C}]
    """
    assert both(text) == {(0,), (1,)}


def test_who_waits_for_the_tasks_does_not_look_again():
    text = """
    primitives: {q: Queue}
    vars: {seen: 0, n: 0}
    threads:
      A: {steps: [{put: q, item: 1}, {join: q}, seen = n]}
      B: {steps: [{get: q}, n = 1, {task_done: q}, {put: q, item: 2}]}
      C: {steps: [{get: q}, {get: q}, n = 2, {task_done: q}]}
    """
    _, found = explored(text.replace("      C", "      #C"))
    assert {_plain(row.values) for row in found.rows if row.end is None} == {(1, 1)}


def test_a_full_queue_waits_for_a_place():
    text = """
    primitives: {q: {Queue: 1}}
    vars: {n: 0}
    threads:
      A: {steps: [{put: q, item: 1}, n = 1, {put: q, item: 2}, n = 2]}
    """
    assert both(text) == {"deadlock"}
    assert both(text + "  B: {steps: [{get: q}]}\n") == {(2,)}


# --- killed ---------------------------------------------------------------------------------------------------


def killed(primitives, victim, others, rest=""):
    return f"""
    primitives: {{{primitives}}}
    vars: {{x: 0}}
    threads:
      A: {{steps: [{victim}]}}
      B: {{steps: [{others}]}}
    main: [{{start: all}}, {{kill: A}}, {{join: A}}, {{join: B}}{rest}]
    """


def test_what_a_killed_process_holds_stays_held():
    text = killed("l: Lock", "{with: l, do: [x = 1]}", "{with: l, do: [pass]}")
    assert both(text) == {(0,), (1,), "deadlock"}
    _, found = explored(text)
    (finding,) = found.findings
    (wait,) = [one.wait for one in finding.failure.fact.blocked if one.thread == "B"]
    assert [(holder.thread, holder.is_killed) for holder in wait.holders] == [("A", True)]
    assert both(killed("l: Lock", "{with: l, do: [x = 1]}", "pass")) == {(0,), (1,)}


def test_a_killed_process_takes_no_further_step():
    text = "vars: {x: 0}\nthreads: {A: {steps: [x = 1, x = 2]}}\nmain: [{start: A}, {kill: A}, x = 5]\n"
    assert both(text) == {(5,)}


def test_who_notifies_a_killed_sleeper_waits_for_ever():
    event = killed("e: Event", "{wait: e}", "{set: e}")
    assert both(event) == {(0,), "deadlock"}
    assert both(event.replace("{kill: A}", "pass")) == {(0,)}
    condition = killed("c: Condition", "{with: c, do: [{wait: c}]}", "{with: c, do: [{notify: c}]}")
    assert both(condition) == {(0,), "deadlock"}


def test_who_is_killed_while_it_waits_for_an_item_keeps_the_read_lock():
    text = killed("q: Queue", "{get: q}", "{get: q}", ", x = 1").replace("{kill: A}", "{kill: A}, {put: q, item: 1}")
    assert both(text) == {(1,), "deadlock"}


def test_what_a_killed_process_had_put_may_be_lost():
    text = killed("q: Queue", "{put: q, item: 1}", "{get: q, into: x}")
    assert both(text) == {(1,), "deadlock"}


def test_a_process_that_was_not_started_can_not_be_killed():
    _, found = explored("threads: {A: {steps: [pass]}}\nmain: [{kill: A}, {start: A}]\n")
    assert [one.failure.fact.error.name for one in found.findings] == ["AttributeError"]


def test_a_process_kills_itself():
    assert both("vars: {x: 0}\nthreads: {A: {steps: [x = 1, {kill: A}, x = 2]}}\n") == {(1,)}


# --- parents and children ---------------------------------------------------------------------------------------


def test_only_the_parent_joins():
    assert raised("{join: B}", rest="  B: {steps: [pass]}\n") == {("AssertionError", "can only join a child process")}


# --- what is not followed ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("primitives: {q: Queue}\nexplore: {clock: virtual}\nthreads: {A: {steps: [{put: q, item: 1}]}}\n", "hands over"),
        ("primitives: {q: Queue}\nthreads: {A: {steps: [{atomic: [{put: q, item: 1}]}]}}\n", "several steps"),
        ("primitives: {q: Queue}\nthreads: {A: {steps: [{put: q, item: 1}]}}\nexpect: [q.empty()]\n", "at the end"),
        ("primitives: {g: {Barrier: 2}}\nthreads: {A: {steps: [{wait: g}]}}\nmain: [{start: A}, {kill: A}]\n", "barrier"),
        ("primitives: {l: Lock, c: {Condition: l}, e: Event}\nthreads: {A: {steps: [{acquire: l}, {set: e}]}, B: {steps: [{wait: e}, {release: l}]}}\n", "gives back"),
        ("threads: {A: {daemon: true, steps: [{sleep: 1}, pass, {await: 'False'}]}, B: {steps: [{await: 'False'}]}}\nmain: [{start: all}]\n", "daemon"),
    ],
)  # fmt: skip
def test_what_can_not_be_followed_is_undecided(text, why):
    made, found = explored(text)
    assert exploration_verdict(made, found).word == "undecided"
    assert why in words(found.undecided[0])


# --- containers in a manager ------------------------------------------------------------------------------


def test_a_list_is_added_to_in_one_request_in_a_loop_over_it_too():
    """It ended with TypeError there, as if a list were put in the place of the manager's."""
    text = """
    vars: {xs: [1]}
    threads:
      A: {count: 2, steps: [{for: v, in: xs, do: ["xs += [5]", break]}]}
    expect: {observe: [list(xs)]}
    """
    assert both(text) == {"([1, 5, 5],)"}


def test_what_is_read_of_a_managers_element_is_a_copy_so_updates_get_lost():
    text = """
    vars: {d: {expr: "{0: 1}"}}
    threads:
      A: {count: 2, steps: ["d[0] += 1"]}
    expect: {observe: ["d[0]", len(d)]}
    """
    assert both(text) == {(2, 1), (3, 1)}


def test_a_list_in_a_managers_list_is_copied_extended_and_stored_so_extensions_get_lost():
    text = """
    vars: {xs: {expr: "[[]]"}}
    threads:
      A: {count: 2, steps: ["xs[0] += [1]"]}
    expect: {observe: ["len(xs[0])"]}
    """
    assert both(text) == {(1,), (2,)}


# --- threads that only add up ------------------------------------------------------------------------------

ADDING = """
vars: {{x: {first}}}
primitives: {{l: Lock}}
threads:
  inc: {{count: 3, steps: [{{repeat: {rounds}, do: [{{with: l, do: [x += 1]}}]}}]}}
{rest}
"""


def adding(first="0", rounds=2, rest=""):
    return ADDING.format(first=first, rounds=rounds, rest=rest)


def test_updates_under_a_lock_are_one_sum_however_many():
    _, found = explored(adding(rounds=100_000))
    assert (found.exhausted, found.states < 50, [row.values for row in found.rows]) == (True, True, [(("x", 300_000),)])
    assert both(adding()) == {(6,)}


def test_not_where_shared_memory_has_no_room_for_the_sum():
    assert both(adding(first=str(2**63 - 4))) == {"error"}
    assert both(adding(first=str(2**63 - 7))) == {(2**63 - 1,)}


@pytest.mark.parametrize(
    "killer", ["  B: {steps: [{kill: 'inc[0]'}]}", "main: [{start: inc}, {kill: 'inc[0]'}, {join: inc}]"]
)
def test_not_where_one_of_them_may_be_killed(killer):
    assert both(adding(rounds=1, rest=killer)) == {(2,), (3,), "deadlock"}


@pytest.mark.parametrize("kind", ["{Queue: 2}", "SimpleQueue"])
def test_through_a_queue_it_is_the_same(kind):
    text = """
    vars: {x: 0}
    primitives: {q: KIND}
    threads:
      P: {steps: [{repeat: 3, do: [{put: q, item: 1}]}]}
      C: {steps: [{repeat: 3, do: [{get: q, into: v}, x += 1]}]}
    """
    assert both(text.replace("KIND", kind)) == {(3,)}
