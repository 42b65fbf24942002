"""Each way in which threads can get stuck for ever is found, and said in words."""

from __future__ import annotations

import pytest
from threads.files import deadlock, outcome, stuck

from scenario.report.words.waits import words
from scenario.results.waiting import circle

ABBA = """
    primitives: {a: Lock, b: Lock, both: {Barrier: 2}}
    threads:
      A:
        steps:
          - with: a
            do:
              - wait: both
              - with: b
                do: [pass]
      B:
        steps:
          - with: b
            do:
              - wait: both
              - with: a
                do: [pass]
"""


def test_two_locks_in_two_orders() -> None:
    assert stuck(ABBA) == {"A": "lock b", "B": "lock a"}


def test_the_report_says_where_who_waits_and_who_holds_it_since_where() -> None:
    a, b = outcome(ABBA).blocked
    assert (a.span.line, [(h.thread, h.since.line) for h in a.wait.holders]) == (9, [("B", 13)])
    assert (b.span.line, [(h.thread, h.since.line) for h in b.wait.holders]) == (16, [("A", 6)])


def test_the_cycle_is_named() -> None:
    assert [one.thread for one in circle(outcome(ABBA).blocked)] == ["A", "B"]


def test_two_stuck_threads_are_found_beside_one_that_goes_on_for_ever() -> None:
    beat = """
      heart:
        steps:
          - while: True
            do:
              - beats += 1
              - sleep: 0.001
    """
    assert stuck("    vars: {beats: 0}" + ABBA.rstrip() + beat) == {"A": "lock b", "B": "lock a"}


def test_explicit_acquires_in_two_orders() -> None:
    assert stuck("""
        primitives: {a: Lock, b: Lock, both: {Barrier: 2}}
        threads:
          A: {steps: [{acquire: a}, {wait: both}, {acquire: b}, {release: b}, {release: a}]}
          B: {steps: [{acquire: b}, {wait: both}, {acquire: a}, {release: a}, {release: b}]}
    """) == {"A": "lock b", "B": "lock a"}


def test_two_rlocks_in_two_orders() -> None:
    assert stuck(ABBA.replace("a: Lock, b: Lock", "a: RLock, b: RLock")) == {"A": "lock b", "B": "lock a"}


def test_elements_of_an_array_by_their_numbers() -> None:
    assert stuck("""
        primitives: {forks: {array: 3, of: Lock}, all_three: {Barrier: 3}}
        threads:
          p:
            count: 3
            steps:
              - with: forks[index]
                do:
                  - wait: all_three
                  - with: forks[(index + 1) % 3]
                    do: [pass]
    """) == {"p[0]": "lock forks[1]", "p[1]": "lock forks[2]", "p[2]": "lock forks[0]"}


def test_a_thread_that_takes_a_lock_twice() -> None:
    text = "primitives: {a: Lock}\nthreads:\n  A: {steps: [{acquire: a}, {acquire: a}]}\n"
    (blocked,) = outcome(text).blocked
    assert (blocked.thread, words(blocked.wait), blocked.wait.holders[0].thread) == ("A", "lock a", "A")


def test_a_lock_whose_holder_has_ended() -> None:
    assert stuck("""
        primitives: {a: Lock, taken: Event}
        threads:
          A: {steps: [{acquire: a}, {set: taken}]}
          B: {steps: [{wait: taken}, {acquire: a}]}
    """) == {"B": "lock a"}


def test_an_rlock_whose_holder_has_ended() -> None:
    # Python knows an RLock's owner by its thread's number, which a later thread may get: B is there before
    assert stuck("""
        primitives: {a: RLock, taken: Event}
        threads:
          B: {steps: [{wait: taken}, {acquire: a}]}
          A: {steps: [{acquire: a}, {set: taken}]}
    """) == {"B": "lock a"}


def test_a_notification_that_came_too_early() -> None:
    assert stuck("""
        primitives: {changed: Condition, said: Event}
        threads:
          waiter: {steps: [{wait: said}, {with: changed, do: [{wait: changed}]}]}
          notifier: {steps: [{with: changed, do: [{notify: changed}]}, {set: said}]}
    """) == {"waiter": "condition changed to be notified"}


def test_a_barrier_one_party_short() -> None:
    assert stuck("""
        primitives: {gate: {Barrier: 3}}
        threads:
          party: {count: 2, steps: [{wait: gate}]}
    """) == {f"party[{n}]": "the other parties of barrier gate (2 of 3 are there)" for n in (0, 1)}


def test_a_barrier_whose_action_is_stuck() -> None:
    assert (
        stuck("""
        primitives: {gate: {Barrier: {parties: 2, action: act}}, full: Event, never: Event}
        routines: {act: {steps: [{set: full}, {wait: never}]}}
        threads:
          party: {count: 2, steps: [{wait: gate}]}
          late: {steps: [{wait: full}, {wait: gate}]}
    """)["late"]
        == "the action of barrier gate to end"
    )


def test_an_event_that_nobody_sets() -> None:
    assert stuck("primitives: {ready: Event}\nthreads:\n  A: {steps: [{wait: ready}]}\n") == {
        "A": "event ready to be set"
    }


def test_an_event_that_nobody_sets_beside_one_who_only_looks() -> None:
    assert stuck("""
        primitives: {ready: Event}
        threads:
          A: {steps: [{wait: ready}]}
          B:
            steps:
              - while: not ready.is_set()
                do: [{wait: ready, timeout: 0.01}]
    """) == {"A": "event ready to be set"}


@pytest.mark.parametrize("kind", ["Queue", "LifoQueue", "PriorityQueue", "SimpleQueue"])
def test_an_empty_queue(kind: str) -> None:
    assert stuck(f"primitives: {{q: {kind}}}\nthreads:\n  A: {{steps: [{{get: q}}]}}\n") == {"A": "an item in queue q"}


def test_a_full_queue() -> None:
    assert stuck("""
        primitives: {q: {Queue: 1}}
        threads:
          A: {steps: [{put: q, item: 1}, {put: q, item: 2}]}
    """) == {"A": "room in queue q"}


def test_a_task_that_is_never_done() -> None:
    assert stuck("""
        primitives: {q: Queue}
        threads:
          A: {steps: [{put: q, item: 1}, {get: q}, {join: q}]}
    """) == {"A": "all tasks of queue q to be done"}


def test_a_semaphore_that_nobody_gives_back() -> None:
    assert (
        stuck("""
        primitives: {slots: {Semaphore: 1}}
        threads:
          A: {count: 2, steps: [{acquire: slots}]}
    """).popitem()[1]
        == "semaphore slots"
    )


def test_a_call_that_waits_for_its_own_pool() -> None:
    assert stuck("""
        primitives: {pool: {ThreadPoolExecutor: 1}}
        routines:
          inner: {steps: [{return: 1}]}
          outer:
            steps:
              - {submit: inner, to: pool, into: f}
              - {result: f}
        main:
          - {submit: outer, to: pool, into: g}
          - {result: g}
    """) == {
        "main": "a future (pool-worker[0] runs its call)",
        "pool-worker[0]": "a future (its call of inner is queued in pool)",
    }


def test_a_join_on_a_stuck_thread() -> None:
    assert stuck("""
        primitives: {ready: Event}
        threads: {A: {steps: [{wait: ready}]}}
        main: [{start: A}, {join: A}]
    """) == {"A": "event ready to be set", "main": "A to end"}


def test_threads_that_join_each_other() -> None:
    assert stuck("""
        primitives: {started: {Barrier: 2}}
        threads:
          A: {steps: [{wait: started}, {join: B}]}
          B: {steps: [{wait: started}, {join: A}]}
    """) == {"A": "B to end", "B": "A to end"}


def test_an_await_that_nobody_makes_true() -> None:
    assert stuck("""
        vars: {x: 0}
        threads:
          A: {steps: [{await: x == 2}]}
          B: {steps: [x = 1]}
    """) == {"A": "its condition to hold"}


NEVER = {
    "alone": "      A: {steps: [{await: x == 1}]}",
    "first in an atomic": "      A: {steps: [{atomic: [{await: x == 1}, y = 1]}]}",
    "in an atomic in a routine": "      A: {steps: [{call: later}]}",
    "of what only stuck threads would change": """
      A: {steps: [{await: x == 1}, y = 1]}
      B: {steps: [{await: y == 1}, x = 1]}
    """,
    "of what only stuck threads would do": """
      A: {steps: [{await: e.is_set()}]}
      B: {steps: [{acquire: none}, {set: e}]}
    """,
    "of the end of a stuck thread, beside one that moves": """
      A: {steps: [{await: B.alive == 0}]}
      B: {steps: [{wait: e}]}
      heart: {daemon: True, steps: [{while: True, do: [{sleep: 0.001}]}]}
    """,
    "of a future whose call is stuck, beside one that moves": """
      A: {steps: [{submit: stuck, to: pool, into: f}, {await: f.done()}]}
      heart: {daemon: True, steps: [{while: True, do: [{sleep: 0.001}]}]}
    """,
    "of a place that nobody gives back": "      A: {count: 2, steps: [{acquire: one}, {await: one.value > 0}]}",
    "beside a semaphore in an atomic": "      A: {steps: [{atomic: [{acquire: none}, x = 1]}]}",
    "beside an empty queue in an atomic": "      A: {steps: [{atomic: [{get: q}, x = 1]}]}",
    "beside a full queue in an atomic": "      A: {count: 2, steps: [{atomic: [{put: q, item: 1}, x += 1]}]}",
}


@pytest.mark.parametrize("name", NEVER)
def test_what_can_never_hold_is_a_deadlock_at_once(name: str) -> None:
    deadlock(
        """
    vars: {x: 0, y: 0}
    primitives:
      {e: Event, none: {Semaphore: 0}, one: {Semaphore: 2}, q: {Queue: 1}, pool: {ThreadPoolExecutor: 1}}
    routines:
      later: {steps: [{atomic: [{await: x == 1}, y = 1]}]}
      stuck: {steps: [{wait: e}]}
    threads:
"""
        + NEVER[name]
    )


def test_a_timed_waiter_that_can_not_get_its_lock_back() -> None:
    assert stuck("""
        primitives: {lock: Lock, changed: {Condition: lock}, waits: Event, never: Event}
        threads:
          A: {steps: [{with: changed, do: [{set: waits}, {wait: changed, timeout: 0.5}]}]}
          B: {steps: [{wait: waits}, {with: lock, do: [{sleep: 1}, {wait: never}]}]}
    """) == {"A": "the lock of condition changed, to go on after its wait", "B": "event never to be set"}


def test_a_lock_under_the_hidden_lock() -> None:
    assert stuck("""
        vars: {x: 0}
        primitives: {a: Lock, b: Lock, both: {Barrier: {parties: 2}}}
        threads:
          A: {steps: [{acquire: a}, {wait: both}, {atomic: [{acquire: b}, x += 1]}]}
          B: {steps: [{acquire: b}, {wait: both}, {atomic: [{acquire: a}, x += 1]}]}
    """) == {"A": "lock b", "B": "lock a"}


def test_a_daemon_left_waiting_is_none() -> None:
    result = outcome("""
        primitives: {never: Event}
        threads:
          D: {daemon: True, steps: [{wait: never}]}
          A: {steps: [{sleep: 0.3}]}
    """)
    assert (result.end, result.blocked) == ("finished", ())


LATE = {
    "self-deadlock": """
        primitives: {a: Lock}
        threads:
          A: {steps: [{acquire: a}, {sleep: 0.3}, at = now(), {acquire: a}]}
    """,
    "AB/BA": """
        primitives: {a: Lock, b: Lock}
        threads:
          A: {steps: [{with: a, do: [{sleep: 0.3}, at = now(), {with: b, do: [pass]}]}]}
          B: {steps: [{with: b, do: [{sleep: 0.3}, at = now(), {with: a, do: [pass]}]}]}
    """,
    "AB/BA beside a heartbeat": """
        primitives: {a: Lock, b: Lock}
        threads:
          A: {steps: [{with: a, do: [{sleep: 0.3}, at = now(), {with: b, do: [pass]}]}]}
          B: {steps: [{with: b, do: [{sleep: 0.3}, at = now(), {with: a, do: [pass]}]}]}
          heart: {steps: [{while: True, do: [{sleep: 0.001}]}]}
    """,
    "a lost wake-up": """
        primitives: {changed: Condition}
        threads:
          waiter: {steps: [{sleep: 0.3}, {with: changed, do: [at = now(), {wait: changed}]}]}
          notifier: {steps: [{with: changed, do: [{notify: changed}]}]}
    """,
    "a barrier one party short": """
        primitives: {gate: {Barrier: 3}}
        threads:
          party: {count: 2, steps: [{sleep: 0.3}, at = now(), {wait: gate}]}
    """,
    "a never-set event": """
        primitives: {ready: Event}
        threads:
          A: {steps: [{sleep: 0.3}, at = now(), {wait: ready}]}
    """,
    "an empty queue": """
        primitives: {q: Queue}
        threads:
          A: {steps: [{sleep: 0.3}, at = now(), {get: q}]}
    """,
    "a full queue": """
        primitives: {q: {Queue: 1}}
        threads:
          A: {steps: [{put: q, item: 1}, {sleep: 0.3}, at = now(), {put: q, item: 2}]}
    """,
    "a pool call that waits for its own pool": """
        primitives: {pool: {ThreadPoolExecutor: 1}}
        routines:
          inner: {steps: [pass]}
          outer: {steps: [{submit: inner, to: pool, into: f}, {sleep: 0.3}, at = now(), {result: f}]}
        main: [{submit: outer, to: pool, into: g}, {result: g}]
    """,
    "a join on a blocked thread": """
        primitives: {ready: Event}
        threads: {A: {steps: [{sleep: 0.3}, at = now(), {wait: ready}]}}
        main: [{start: A}, {join: A}]
    """,
    "a wait beside threads that end one after the other": """
        primitives: {ready: Event}
        threads:
          slow: {count: 12, steps: [{sleep: 0.1 * index}]}
          A: {steps: [{sleep: 0.3}, at = now(), {wait: ready}]}
    """,
}


@pytest.mark.parametrize("text", LATE.values(), ids=list(LATE))
def test_it_is_reported_within_half_a_second_of_its_happening(text: str) -> None:
    delays = []
    for _ in range(5):  # by the run's own clock; a busy machine may be late itself
        result = outcome("        vars: {at: 0}" + text)
        assert result.end == "deadlock"
        assert result.elapsed is not None
        at = result.shared["at"]
        assert isinstance(at, float)
        delays.append(result.elapsed - at)
        if delays[-1] <= 0.5:
            return
    pytest.fail(f"reported only after {delays} s")


def test_a_thousand_threads_at_one_event_are_all_found_however_long_it_takes() -> None:
    result = outcome("""
        timeout: 600
        primitives: {ready: Event, go: Event}
        threads:
          many: {count: 1000, steps: [{wait: go}, {wait: ready}]}
          A: {steps: [{set: go}, {wait: ready}]}
    """)
    assert (result.end, len(result.blocked)) == ("deadlock", 1001)


def test_it_is_found_among_threads_that_compute() -> None:
    busy = """
      busy:
        count: 2
        steps:
          - while: True
            do: [x = 1]
    """
    assert stuck(ABBA.rstrip() + busy) == {"A": "lock b", "B": "lock a"}


def test_runs_go_on_after_an_abandoned_one() -> None:
    outcome(ABBA)
    assert outcome("vars: {x: 0}\nthreads: {A: {steps: [x = 1]}}\n").shared == {"x": 1}


def test_main_is_named_that_waits_for_many_of_which_one_is_done() -> None:
    assert stuck("""
        primitives: {pool: {ThreadPoolExecutor: 2}, never: Event}
        routines: {quick: {steps: [pass]}, held: {steps: [{wait: never}]}}
        main:
          - {submit: quick, to: pool, into: a}
          - {submit: held, to: pool, into: b}
          - {wait_futures: "[a, b]"}
    """) == {"main": "2 of its futures to be done (1 is)", "pool-worker[0]": "event never to be set"}


def test_a_pool_that_waits_for_itself_is_found_beside_one_that_works() -> None:
    assert "main" in stuck("""
        vars: {beats: 0}
        primitives: {one: {ThreadPoolExecutor: 1}, two: {ThreadPoolExecutor: 1}}
        routines:
          inner: {steps: [pass]}
          outer: {steps: [{submit: inner, to: one, into: f}, {result: f}]}
          beat: {steps: [{while: True, do: [beats += 1, {sleep: 0.01}]}]}
        main: [{submit: beat, to: two}, {submit: outer, to: one, into: g}, {result: g}]
    """)
