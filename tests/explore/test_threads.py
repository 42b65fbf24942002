"""Starting, joining, ending; timers; daemons; what an explicit main adds."""

from fractions import Fraction

from explore.found import count, ends, explored, kinds, odds, program, values, verdict

from scenario.engines.explore import explore
from scenario.judge import judge
from scenario.settings import ExploreOptions


def test_each_start_and_join_of_an_explicit_main_is_a_step() -> None:
    # sA < sB < jA < jB, A's write between sA and jA, B's between sB and jB
    text = """
    vars: {x: 0, y: 0}
    threads:
      A: {steps: [x = 1]}
      B: {steps: [y = 1]}
    main: [{start: A}, {start: B}, {join: A}, {join: B}]
    """
    assert count(text) == 5
    assert count(text.replace("[{start: A}, {start: B}, {join: A}, {join: B}]", "[{start: all}, {join: all}]")) == 5


def test_a_thread_that_main_never_starts_plays_no_part() -> None:
    text = """
    vars: {x: 0}
    threads:
      A: {steps: [x = 1]}
      B: {steps: [x = 2]}
    main: [{start: A}, {join: A}]
    expect: [x == 1]
    """
    assert verdict(text) == "holds"


def test_a_thread_may_be_started_only_once() -> None:
    text = "threads:\n  A: {steps: [pass]}\nmain: [{start: A}, {start: A, raises: RuntimeError}]\n"
    assert verdict(text) == "holds"


def test_joining_before_the_start_and_oneself_raise() -> None:
    text = "threads:\n  A: {steps: [{join: A, raises: RuntimeError}]}\nmain: [{join: A, raises: RuntimeError}, {start: A}, {join: A}]\n"
    assert verdict(text) == "holds"


def test_with_the_default_main_starting_is_no_step() -> None:
    assert count("vars: {x: 0}\nthreads:\n  A: {steps: [x = 1]}\n  B: {steps: [x = 2]}\n") == 2


def test_a_timed_join_makes_ends_steps() -> None:
    text = """
    vars: {x: 0}
    threads:
      A: {steps: [x = 1]}
      B: {steps: [{join: A, timeout: 1}]}
    """
    assert count(text) == 6  # W E beside j E, and j times out exactly where A has not ended


def test_is_alive_holds_until_the_end_step() -> None:
    text = """
    vars: {x: 0}
    threads:
      A: {steps: [x = 1]}
      B: {steps: ["a, b = x, A.is_alive()"]}
    expect: {observe: [B.a, B.b]}
    """
    assert values(text) == {(0, True), (0, False), (1, True), (1, False)}


def test_joining_each_other_is_a_deadlock() -> None:
    assert kinds("threads:\n  A: {steps: [{join: B}]}\n  B: {steps: [{join: A}]}\n") == ["deadlock"]


def test_joining_main_waits_for_its_end() -> None:
    text = """
    vars: {x: 0}
    threads:
      A: {steps: [{join: main}, {assert: x == 1}]}
    main: [{start: A}, x = 1]
    """
    assert verdict(text) == "holds"


TIMER = """
vars: {x: 0}
threads:
  T: {timer: 5, steps: [x = 1]}
  A: {steps: [{cancel: T}]}
"""


def test_a_timer_fires_at_any_moment_until_it_is_cancelled() -> None:
    assert count(TIMER) == 3  # c | f c W | f W c
    assert values(TIMER) == {0, 1}


def test_a_pending_timer_is_no_deadlock() -> None:
    text = """
    primitives: {e: Event}
    threads:
      T: {timer: 5, steps: [{set: e}]}
      A: {steps: [{wait: e}]}
    """
    assert verdict(text) == "holds"


def test_a_cancelled_timer_leaves_its_waiter_stuck() -> None:
    text = """
    primitives: {e: Event}
    threads:
      T: {timer: 5, steps: [{set: e}]}
      A: {steps: [{cancel: T}, {wait: e}]}
    """
    assert kinds(text) == ["deadlock"]


def test_with_the_virtual_clock_sleeps_are_exact() -> None:
    text = """
    vars: {x: 0}
    explore: {clock: virtual}
    threads:
      A: {steps: [{sleep: 2}, x = 1]}
      B: {steps: [{sleep: 1}, x = 2]}
    expect: {final: [x == 1], elapsed: {at_least: 2, at_most: 2}}
    """
    assert verdict(text) == "holds"
    assert (
        verdict(text.replace("clock: virtual", "clock: free").replace(", elapsed: {at_least: 2, at_most: 2}", ""))
        == "fails"
    )


def test_with_the_virtual_clock_a_timeout_happens_when_it_must() -> None:
    text = """
    primitives: {m: Lock}
    explore: {clock: virtual}
    threads:
      A: {steps: [{with: m, do: [{sleep: 3}]}]}
      B: {steps: [{sleep: 1}, {acquire: m, timeout: T, into: r}, t = now()]}
    expect: {observe: [B.r, B.t]}
    """
    assert values(text.replace("T,", "1,")) == {(False, 2)}
    assert values(text.replace("T,", "5,")) == {(True, 3)}


def test_waking_from_a_sleep_is_a_step_and_moving_time_is_none() -> None:
    text = """
    vars: {x: 0}
    explore: {clock: virtual}
    threads:
      A: {steps: [{sleep: 1}, x = 1]}
      B: {steps: [{sleep: 1}, x = 2]}
    """
    assert count(text) == 6  # two steps each


def test_now_and_elapsed_are_undecided_without_the_virtual_clock() -> None:
    assert verdict("threads:\n  A: {steps: [t = now()]}\n") == "undecided"
    assert verdict("threads:\n  A: {steps: [pass]}\nexpect: {elapsed: {at_most: 1}}\n") == "undecided"


def test_blocked_counts_who_is_queued_and_can_not_go_on() -> None:
    text = """
    primitives: {m: Lock, e: Event}
    threads:
      W: {count: 2, steps: [{with: m, do: [{wait: e, timeout: 1}]}]}
      S: {steps: [{sleep: 1}, {await: m.locked()}, {set: e}]}
    expect: {reachable: [W.blocked == 2], always: [S.blocked == 0], deadlock: possible}
    """
    assert verdict(text) == "holds"


def test_alternatives_share_a_threads_chance() -> None:
    text = """
    primitives: {e: Event}
    threads:
      A: {steps: [{wait: e, timeout: 1, into: r}]}
      B: {steps: [{set: e}]}
    expect: {observe: [A.r]}
    """
    # s w (1/2) | q s g (1/4) | q t s (1/4)
    assert odds(text) == {True: (2, Fraction(3, 4), 0), False: (1, Fraction(1, 4), 0)}


def test_a_local_choice_happens_with_the_step_before_it() -> None:
    text = """
    vars: {y: 0, probe: 0}
    threads:
      A: {steps: [y = 1, {choose: a, from: "[1, 2, 3]"}]}
      B: {steps: [probe = 1]}
    expect: {observe: [A.a]}
    """
    assert odds(text) == {n: (2, Fraction(1, 3), 0) for n in (1, 2, 3)}


def test_a_choice_before_the_first_step_is_an_alternative_of_the_start() -> None:
    text = """
    vars: {x: 0, probe: 0}
    threads:
      A: {steps: [{choose: x, from: "[1, 2]"}]}
      B: {steps: [probe = 1]}
    expect: {observe: [x]}
    """
    assert odds(text) == {n: (2, Fraction(1, 2), 0) for n in (1, 2)}


def test_a_choice_of_one_value_after_another_multiplies() -> None:
    text = """
    vars: {y: 0}
    threads:
      A: {steps: [y = 1, {choose: a, from: "[1, 2]"}, {if: a == 1, then: [{choose: b, from: "[1, 2, 3]"}], else: [b = 0]}]}
    expect: {observe: [A.b]}
    """
    assert odds(text) == {0: (1, Fraction(1, 2), 0), **{n: (1, Fraction(1, 6), 0) for n in (1, 2, 3)}}


def test_an_execution_ends_with_the_last_thread_that_is_no_daemon() -> None:
    text = """
    vars: {x: 0}
    threads:
      D: {daemon: true, steps: [{while: true, do: [x += 1, {if: x > 2, then: [x = 0]}]}]}
      B: {steps: [pass]}
    expect: ["x in (0, 1, 2, 3)"]
    """
    assert verdict(text) == "holds"
    assert explored(text, odds=False).deadlock is False


def test_thread_states_end_rows() -> None:
    text = """
    vars: {x: 0}
    threads:
      A: {steps: [x = 1, {raise: ValueError}]}
    """
    assert ends(text) == {1: "error"}


def test_whom_all_passes_over_depends_on_who_has_begun_though_no_step_reads_it():
    made = program("""
        vars: {x: 0}
        threads:
          A: {steps: [x = 1, {start: all}]}
          B: {steps: [{start: C}]}
          C: {steps: [x = 2]}
        main: [{start: A}, {start: B}]
        expect: {errors: {B: {possible: RuntimeError}}}
    """)
    memo, naive = (explore(made, ExploreOptions(odds=True, reduce=reduce), judge=judge) for reduce in (True, False))
    assert memo.interleavings == naive.interleavings == 28
    assert set(memo.rows) == set(naive.rows)


def test_who_is_blocked_is_asked_anew_where_only_the_other_has_moved() -> None:
    """A step of A that changes nothing shared brings it before the lock, for which it waits from there on."""
    text = """
    vars: {x: 0, seen: 0}
    primitives: {m: Lock}
    threads:
      A: {steps: [a = x, {acquire: m}]}
      B: {steps: [{await: A.blocked}, seen = 1]}
    main: [{acquire: m}, {start: all}, {join: B}]
    expect: {deadlock: always, observe: [seen]}
    """
    assert ends(text) == {1: "deadlock"}
