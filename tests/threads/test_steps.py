"""Each verb and modifier does on a run what the Python method of that name does."""

from __future__ import annotations

import sys

import pytest
from threads.files import outcome, shared

from scenario.report.words.failures import message

needs_313 = pytest.mark.skipif(sys.version_info < (3, 13), reason="a queue's shutdown came with 3.13")


def main_of(steps: str, vars_: str = "r: null", more: str = "") -> dict[str, object]:
    """The vars after a run of these steps as `main`."""
    lines = "\n".join("  - " + line.strip() for line in steps.strip().splitlines())
    return shared(f"vars: {{{vars_}}}\n{more}\nmain:\n{lines}\n")


def r(steps: str, more: str = "") -> object:
    return main_of(steps, more=more)["r"]


LOCKS = "primitives: {l: Lock, rl: RLock, s: {Semaphore: 2}, b: {BoundedSemaphore: 1}, c: Condition, e: Event}"
QUEUES = "primitives: {q: {Queue: 2}, l: LifoQueue, p: PriorityQueue, s: SimpleQueue}"


def test_print_says_whole_lines_in_order_as_they_come() -> None:
    said: list[str] = []
    result = outcome("main:\n  - print: '{name} {1 + 1!r} {3:>3}'\n  - print: last\n", on_print=said.append)
    assert list(result.output) == said == ["MainThread 2   3", "last"]


def test_marks_are_kept_in_order() -> None:
    assert outcome("main: [{mark: a}, {mark: 'b{1}'}]\n").marks == ("a", "b1")


def test_sleep_takes_real_time() -> None:
    elapsed = [outcome("main: [{sleep: 0.2}]\n").elapsed or 0 for _ in range(3)]
    assert 0.2 <= min(elapsed) < 5  # and no more than a busy machine keeps all three waiting


def test_a_negative_sleep_is_refused_in_pythons_words() -> None:
    assert outcome("main: [{sleep: -1}]\n").errors["main"].message == "sleep length must be non-negative"


def test_acquire_says_whether_it_got_the_lock() -> None:
    assert r(
        "{acquire: l, into: x}\n{acquire: l, blocking: False, into: y}\n{acquire: l, timeout: 0.01, into: z}\n'r = [x, y, z]'",
        LOCKS,
    ) == [True, False, False]


def test_acquire_of_a_semaphore_with_a_timeout() -> None:
    assert r("acquire: b\n{acquire: b, timeout: 0.01, into: r}", LOCKS) is False


def test_release_of_several_slots_at_once() -> None:
    assert r("{release: s, n: 3}\n{await: s.value == 5}\nr = 5", LOCKS) == 5


def test_a_bounded_semaphore_refuses_one_too_many() -> None:
    assert r("{release: b, raises: ValueError}\n{await: b.value == 1}\nr = 1", LOCKS) == 1


def test_with_releases_when_its_body_fails() -> None:
    assert r("{try: [{with: l, do: [{raise: KeyError}]}], except: {KeyError: ['r = l.locked()']}}", LOCKS) is False


def test_with_nests_a_list() -> None:
    assert r("{with: [l, s, c], do: [{await: l.locked() and s.value == 1}, {notify: c}, r = 1]}", LOCKS) == 1


def test_an_rlock_is_taken_again_by_its_owner() -> None:
    assert r("{with: rl, do: [{with: rl, do: ['r = 1']}]}", LOCKS) == 1


def test_release_of_a_free_lock_is_refused_in_pythons_words() -> None:
    errors = outcome(LOCKS + "\nmain: [{release: l}]\n").errors
    assert (errors["main"].name, errors["main"].message) == ("RuntimeError", "release unlocked lock")


def test_wait_of_an_event_says_whether_it_was_set() -> None:
    assert r(
        "{wait: e, timeout: 0.01, into: x}\nset: e\n{wait: e, into: y}\nclear: e\n'r = [x, y, e.is_set()]'", LOCKS
    ) == [False, True, False]


def test_wait_of_a_condition_without_its_lock_is_refused() -> None:
    assert r("{wait: c, raises: RuntimeError}\nr = 1", LOCKS) == 1


def test_wait_for_gives_what_its_predicate_gave() -> None:
    assert shared("""
        vars: {x: 0, r: null}
        primitives: {c: Condition}
        threads:
          A: {steps: [{with: c, do: [{wait_for: c, until: x == 2, into: r}]}]}
          B: {steps: [{repeat: 2, do: [{with: c, do: [x += 1, {notify_all: c}]}]}]}
    """) == {"x": 2, "r": True}


def test_wait_for_times_out() -> None:
    assert r("{with: c, do: [{wait_for: c, until: False, timeout: 0.01, into: r}]}", LOCKS) is False


def test_notify_wakes_as_many_as_asked() -> None:
    assert shared("""
        vars: {woken: 0, waiting: 0, seen: null}
        primitives: {c: Condition}
        threads:
          W: {count: 4, steps: [{with: c, do: [waiting += 1, {wait: c}, woken += 1]}]}
          N:
            steps:
              - {await: W.blocked == 4}
              - {with: c, do: [{notify: c, n: 2}]}
              - {await: woken == 2 and W.blocked == 2}
              - seen = woken
              - {with: c, do: [{notify_all: c}]}
    """) == {"woken": 4, "waiting": 4, "seen": 2}


def test_a_barrier_gives_each_party_its_number_and_runs_the_action_once() -> None:
    got = shared("""
        vars: {got: [null, null, null], acted: []}
        primitives: {gate: {Barrier: {parties: 3, action: act}}}
        routines: {act: {steps: ['acted.append(name)']}}
        threads:
          p: {count: 3, steps: [{wait: gate, into: 'got[index]'}]}
    """)
    assert sorted(got["got"]) == [0, 1, 2]  # type: ignore[call-overload]
    assert len(got["acted"]) == 1  # type: ignore[arg-type]


def test_a_broken_barrier_is_reset() -> None:
    more = "primitives: {gate: {Barrier: 1}}"
    assert r(
        "abort: gate\nx = gate.broken\n{wait: gate, raises: BrokenBarrierError}\nreset: gate\n{wait: gate, into: y}\n'r = [x, gate.broken, gate.parties, gate.n_waiting, y]'",
        more,
    ) == [True, False, 1, 0, 0]


def test_a_barrier_breaks_after_its_own_timeout() -> None:
    assert (
        r(
            "{wait: gate, raises: BrokenBarrierError}\nr = gate.broken",
            "primitives: {gate: {Barrier: {parties: 2, timeout: 0.02}}}",
        )
        is True
    )


def test_queues_give_in_their_order() -> None:
    steps = "\n".join(f"{{put: {name}, item: {item}}}" for name in "lps" for item in (2, 1, 3))
    gets = "\n".join(f"{{get: {name}, into: x}}\nr.append(x)" for name in "lps" for _ in range(3))
    assert main_of(f"{steps}\n{gets}", "r: []", QUEUES)["r"] == [3, 1, 2, 1, 2, 3, 2, 1, 3]


def test_full_and_empty_without_waiting() -> None:
    assert r(
        "{get: q, block: False, raises: Empty}\n{get: s, timeout: 0.01, raises: Empty}\n{put: q, item: 1}\n{put: q, item: 2}\n{put: q, item: 3, block: False, raises: Full}\n{put: q, item: 3, timeout: 0.01, raises: Full}\n'r = [q.qsize(), q.full(), q.empty(), s.empty()]'",
        QUEUES,
    ) == [2, True, False, True]


def test_task_done_and_join() -> None:
    assert r(
        "{put: q, item: 1}\nx = q.unfinished_tasks\n{get: q}\ntask_done: q\njoin: q\n{task_done: q, raises: ValueError}\n'r = [x, q.unfinished_tasks]'",
        QUEUES,
    ) == [1, 0]


@needs_313
def test_shutdown_of_a_queue() -> None:
    assert r(
        "{put: q, item: 1}\nshutdown: q\n{put: q, item: 1, raises: ShutDown}\n{get: q, into: x}\n{get: q, raises: ShutDown}\n'r = [x, q.is_shutdown]'",
        QUEUES,
    ) == [1, True]


@needs_313
def test_shutdown_of_a_queue_at_once_drops_its_items() -> None:
    assert (
        r("{put: q, item: 1}\n{shutdown: q, immediate: True}\n{get: q, raises: ShutDown}\nr = q.qsize()", QUEUES) == 0
    )


def test_control_flow() -> None:
    assert r("""
        x = []
        {for: i, in: range(5), do: [{if: i == 1, then: [continue], elif: [{if: i == 4, then: [break]}], else: ['x.append(i)']}]}
        {repeat: 2, as: k, do: ['x.append(k * 10)']}
        n = 0
        {while: n < 3, do: [n += 1]}
        r = x + [n]
    """) == [0, 2, 3, 0, 10, 3]


def test_try_runs_what_python_would() -> None:
    assert r("""
        x = []
        {try: ['x.append(1)'], except: {KeyError: ['x.append(9)']}, else: ['x.append(2)'], finally: ['x.append(3)']}
        {try: [{raise: KeyError, message: 'k'}], except: {LookupError: ['x.append(error)']}, finally: ['x.append(4)']}
        {try: [{try: [{raise: ValueError}], except: {ValueError: [raise]}}], except: {Exception: ['x.append(5)']}}
        r = x
    """) == [1, 2, 3, "'k'", 4, 5]


def test_an_uncaught_exception_ends_its_thread_only() -> None:
    result = outcome(
        "vars: {x: 0}\nthreads:\n  A: {steps: [{raise: ValueError, message: 'no {1}'}, x = 1]}\n  B: {steps: [x = 2]}\n"
    )
    error = result.errors["A"]
    assert (error.name, error.message, error.bases[:2], error.span.line) == (
        "ValueError",
        "no 1",
        ("ValueError", "Exception"),
        4,
    )
    assert (result.end, result.shared) == ("finished", {"x": 2})


def test_a_traceback_speaks_of_the_file() -> None:
    result = outcome("routines:\n  f:\n    steps:\n      - x = 1 / 0\nthreads:\n  A:\n    steps:\n      - call: f\n")
    assert result.errors["A"].traceback == (
        'Traceback (most recent call last):\n  File "test.yaml", line 9, in A\n'
        '  File "test.yaml", line 5, in f\nZeroDivisionError: division by zero'
    )


def test_system_exit_ends_a_thread_quietly() -> None:
    assert outcome("threads: {A: {steps: [{raise: SystemExit}]}}\n").errors == {}


def test_an_unassigned_local_goes_by_its_name_in_the_file() -> None:
    message = outcome("threads:\n  A: {steps: [{if: False, then: [x = 1]}, {print: '{x}'}]}\n").errors["A"].message
    assert "'x'" in message


def test_a_failed_assert_is_noted_and_the_thread_goes_on() -> None:
    result = outcome(
        "vars: {x: 0}\nthreads:\n  A: {count: 2, steps: [{assert: x > 5, message: 'x is {x}'}, {assert: True}]}\nmain: [{start: 'A[1]'}, {join: 'A[1]'}]\n"
    )
    (failure,) = result.failures
    assert (failure.kind, message(failure), failure.thread, failure.span.line) == ("assert", "x is 0", "A[1]", 4)


def test_raises_that_is_not_met() -> None:
    result = outcome("vars: {x: 0}\nthreads:\n  A: {steps: [{try: [pass], raises: KeyError}, x = 1]}\n")
    assert [(f.kind, f.thread) for f in result.failures] == [("raises", "A")]
    assert result.shared == {"x": 1}


def test_raises_of_another_exception_propagates() -> None:
    result = outcome("threads:\n  A: {steps: [{try: [x = 1 / 0], raises: KeyError}]}\n")
    assert ([f.kind for f in result.failures], result.errors["A"].name) == (["raises"], "ZeroDivisionError")


def test_raises_on_a_step_that_returns_is_not_met() -> None:
    assert [f.kind for f in outcome("threads:\n  A: {steps: [{return: 1, raises: KeyError}]}\n").failures] == ["raises"]


def test_raises_leaves_into_unchanged() -> None:
    assert r("x = 7\n{get: q, block: False, into: x, raises: Empty}\nr = x", QUEUES) == 7


def test_routines_recurse_and_give_values() -> None:
    assert (
        r(
            "{call: fac, args: [5], into: r}",
            "routines: {fac: {params: [n], steps: [{if: n == 0, then: [{return: 1}]}, {call: fac, args: {n: n - 1}, into: m}, {return: n * m}]}}",
        )
        == 120
    )


def test_a_choice_depends_on_the_seed_only() -> None:
    text = "vars: {r: null}\nmain: [{choose: r, from: range(1000)}]\n"
    assert outcome(text, seed=1).shared == outcome(text, seed=1).shared
    assert len({outcome(text, seed=n).shared["r"] for n in range(5)}) > 1


def test_containers_are_copied_when_given_to_others() -> None:
    assert main_of(
        """
        x = [1]
        shared = x
        {put: q, item: x}
        {call: keep, args: [x]}
        x.append(2)
        {get: q, into: y}
        'r = [list(shared), y, list(kept)]'
    """,
        "r: null, shared: null, kept: null",
        "primitives: {q: Queue}\nroutines: {keep: {params: [v], steps: [kept = v]}}",
    )["r"] == [[1], [1], [1]]


def test_swapping_two_shared_variables() -> None:
    assert main_of("a, b = b, a", "a: 1, b: 2") == {"a": 2, "b": 1}


def test_locals_of_a_thread_at_its_end() -> None:
    text = "threads:\n  A: {count: 2, steps: [x = index + 1, {if: index == 1, then: [{return: 0}]}, y = 5]}\nexpect: ['A[0].x == 1', 'A[1].y is None']\n"
    assert outcome(text).registers == {"A[0]": {"x": 1, "y": 5}, "A[1]": {"x": 2}}


def test_threading_local_is_each_threads_own() -> None:
    assert shared("""
        vars: {r: [0, 0]}
        primitives: {tls: local, gate: {Barrier: 2}}
        threads:
          A: {count: 2, steps: [tls.x = index, {wait: gate}, 'r[index] = tls.x']}
    """) == {"r": [0, 1]}


def test_what_the_expectations_ask_of_objects() -> None:
    result = outcome("""
        primitives: {l: Lock, s: {array: 2, of: {Semaphore: index + 1}}, q: Queue}
        threads: {A: {count: 2, steps: [{acquire: 's[index]'}]}}
        expect: ['not l.locked()', 's[1].value == 1', 'q.qsize() == 0', 'A.alive == 0', 'not A[0].is_alive()']
    """)
    assert result.objects == {
        ("l", None): {"locked": False}, ("s", 0): {"value": 0}, ("s", 1): {"value": 1}, ("q", None): {"qsize": 0},
        ("A", None): {"alive": 0}, ("A", 0): {"alive": 0, "is_alive": False}, ("A", 1): {"alive": 0, "is_alive": False},
    }  # fmt: skip


def test_a_comprehension_may_unpack_its_elements() -> None:
    steps = """
        "r = [k + v for k, v in [['a', 'b']]] + [n + i for i, (n, *_) in enumerate(pairs)]"
    """
    assert main_of(steps, "r: null, pairs: [[1, 2], [3, 4]]")["r"] == ["ab", 1, 4]
