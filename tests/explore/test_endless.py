"""Executions that never end: partial deadlocks, livelocks under strong fairness, and what is neither."""

from __future__ import annotations

from fractions import Fraction

import pytest
from explore.found import ends, explored, kinds, program, verdict

from scenario.diagnostics import InvalidScenario
from scenario.engines.explore import explore
from scenario.engines.explore.step import endless, local
from scenario.judge import judge
from scenario.results.undecided import OutOfTime
from scenario.settings import ExploreOptions

ABBA = """
  A: {steps: [{with: [a, b], do: [pass]}]}
  B: {steps: [{with: [b, a], do: [pass]}]}
"""


def test_a_deadlock_beside_a_heartbeat_is_a_deadlock() -> None:
    text = f"""
    vars: {{beat: 0}}
    primitives: {{a: Lock, b: Lock}}
    threads:{ABBA}
      H: {{steps: [{{while: true, do: [beat = 1 - beat]}}]}}
    expect: {{livelock: possible}}
    """.replace("\n  A:", "\n      A:").replace("\n  B:", "\n      B:")
    assert kinds(text) == ["deadlock"]


def test_a_livelock_of_several_is_told_at_the_thread_that_begins_its_round() -> None:
    text = """
    vars: {a: 0}
    threads:
      A: {steps: [{while: true, do: [a = 1]}]}
      B: {steps: [{while: true, do: [a = 2]}]}
    """
    (found,) = explored(text, odds=False).findings
    cycle = found.schedule.cycle
    assert cycle is not None
    assert (found.failure.kind, found.failure.thread) == ("livelock", found.schedule.moves[cycle].thread)


def test_a_deadlock_is_found_where_the_heartbeat_begins_only_after_it() -> None:
    text = """
    vars: {beat: 0}
    primitives: {a: Lock, b: Lock}
    threads:
      A: {steps: [{with: [a, b], do: [pass]}]}
      B: {steps: [{with: [b, a], do: [pass]}]}
      H: {steps: [{await: A.blocked + B.blocked == 2}, beat = 2, {while: true, do: [beat = 3 - beat]}]}
    expect: {livelock: possible}
    """
    assert "deadlock" in kinds(text)


def test_the_values_of_a_deadlock_beside_others_are_those_when_the_last_thread_got_stuck() -> None:
    text = """
    vars: {beat: 0}
    primitives: {e: Event}
    threads:
      A: {steps: [{wait: e}]}
      H: {steps: [{await: A.blocked == 1}, beat = 2, {while: true, do: [beat = 3 - beat]}]}
    expect: {deadlock: always}
    """
    assert ends(text) == {0: "deadlock"}


def test_a_blocked_member_beside_a_busy_one_of_the_same_group_is_a_deadlock() -> None:
    text = """
    vars: {x: 0}
    primitives: {m: Lock}
    threads:
      W: {count: 2, steps: [{acquire: m}, {while: true, do: [x = 1 - x]}]}
    """
    assert kinds(text) == ["deadlock"]
    assert sorted({f.failure.kind for f in explored(text, odds=False, reduce=False).findings}) == ["deadlock"]


def test_a_stuck_thread_is_followed_through_the_renamings_of_symmetry() -> None:
    text = """
    vars: {x: 0}
    primitives: {a: Lock}
    threads:
      W: {count: 2, steps: [{acquire: a, blocking: false, into: first}, {if: first, then: [{while: true, do: [x = 1 - x]}], else: [{acquire: a}]}]}
    """
    for reduce in (True, False):
        found = explored(text, odds=False, reduce=reduce)
        assert {f.failure.kind for f in found.findings} == {"deadlock"}
        assert {(row.values[0][1], row.end) for row in found.rows} == {(0, "deadlock"), (1, "deadlock")}


def test_a_starved_thread_is_followed_through_the_renamings_of_symmetry() -> None:
    # the first spins; the second could end that but for a while goes round itself
    text = """
    vars: {x: 0, n: 0}
    primitives: {a: Lock}
    threads:
      W: {count: 2, steps: [{acquire: a, blocking: false, into: first}, {if: first, then: [{while: n == 0, do: [pass]}], else: [{while: n == 0, do: [{atomic: [{if: x == 5, then: [n = 1]}]}, x = (x + 1) % 6, x = x]}]}]}
    """
    for reduce in (True, False):
        assert explored(text, odds=False, reduce=reduce).findings == ()


def test_interchangeable_threads_that_block_each_other_in_turn_are_not_deadlocked() -> None:
    text = """
    vars: {x: 0}
    primitives: {m: Lock}
    threads:
      W: {count: 3, steps: [{while: true, do: [{with: m, do: [pass]}]}]}
    """
    for reduce in (True, False):
        assert sorted({f.failure.kind for f in explored(text, odds=False, reduce=reduce).findings}) == ["livelock"]


def test_polling_under_a_lock_that_the_setter_needs_is_no_livelock() -> None:
    # strong fairness: the setter is enabled again and again
    text = """
    vars: {done: false, seen: false}
    primitives: {m: Lock}
    threads:
      P: {steps: [{while: not seen, do: [{with: m, do: [seen = done]}]}]}
      S: {steps: [{with: m, do: [done = True]}]}
    """
    assert verdict(text) == "holds"


def test_polling_for_what_nobody_sets_is_a_livelock() -> None:
    text = """
    vars: {done: false}
    primitives: {m: Lock}
    threads:
      P: {steps: [{while: not done, do: [{with: m, do: [pass]}]}]}
      S: {steps: [{with: m, do: [pass]}]}
    """
    assert kinds(text) == ["livelock"]


def test_two_polite_threads_may_step_aside_for_ever() -> None:
    # each tries the other's lock and gives way
    text = """
    vars: {}
    primitives: {a: Lock, b: Lock}
    threads:
      A: {steps: [ok = False, {while: not ok, do: [{acquire: a}, {acquire: b, blocking: false, into: ok}, {if: not ok, then: [{release: a}]}]}, {release: b}, {release: a}]}
      B: {steps: [ok = False, {while: not ok, do: [{acquire: b}, {acquire: a, blocking: false, into: ok}, {if: not ok, then: [{release: b}]}]}, {release: a}, {release: b}]}
    """
    assert kinds(text) == ["livelock"]


def test_a_spin_lock_on_a_flag_is_no_livelock_while_its_holder_may_go_on() -> None:
    text = """
    vars: {held: false, n: 0}
    threads:
      W: {count: 2, steps: [got = False, {while: not got, do: [{atomic: [{if: not held, then: [held = True, got = True]}]}]}, n += 1, held = False]}
    expect: [n == 2]
    """
    assert verdict(text) == "holds"


def test_a_livelock_of_a_group_under_symmetry_is_fair_to_each_member() -> None:
    # one member alone can not go on for ever: the other is enabled all the time, and its step ends both loops
    text = """
    vars: {n: 0}
    threads:
      W: {count: 2, steps: [{atomic: n += 1}, {while: n < 2, do: [pass]}]}
    """
    assert verdict(text) == "holds"


def test_a_livelocked_row_has_the_values_that_stay_the_same() -> None:
    text = """
    vars: {x: 0, y: 5}
    threads:
      A: {steps: [{while: true, do: [x = 1 - x]}]}
    expect: {livelock: possible}
    """
    assert ends(text) == {(None, 5): "livelock"}


def test_a_local_loop_that_repeats_itself_is_a_livelock() -> None:
    text = """
    vars: {x: 0}
    threads:
      A: {steps: [{while: true, do: [pass]}]}
      B: {steps: [x = 1]}
    """
    assert kinds(text) == ["livelock"]


def test_a_daemon_idles_in_a_local_loop() -> None:
    text = """
    vars: {x: 0}
    threads:
      A: {daemon: true, steps: [{while: true, do: [pass]}]}
      B: {steps: [x = 1]}
    """
    assert verdict(text) == "holds"


def test_a_thread_stuck_beside_a_local_loop_is_a_deadlock() -> None:
    text = """
    primitives: {e: Event}
    threads:
      A: {steps: [{while: true, do: [pass]}]}
      B: {steps: [{wait: e}]}
    """
    assert kinds(text) == ["deadlock"]


def test_a_daemon_left_blocked_is_no_deadlock() -> None:
    text = """
    vars: {x: 0}
    primitives: {e: Event}
    threads:
      D: {daemon: true, steps: [{wait: e}]}
      B: {steps: [x = 1]}
    """
    assert verdict(text) == "holds"


def test_a_daemon_takes_no_step_after_the_last_thread_has_ended() -> None:
    # B: W x, end.  D: W x.  2 W, then the run is over with B's end: W W e | W(D) W e | W e
    text = """
    vars: {x: 0}
    threads:
      D: {daemon: true, steps: [x = 1]}
      B: {steps: [x = 2]}
    """
    found = explored(text)
    # D: w e; B: w e; the run is over at B's e: before it D has done none, one or both of its steps
    # none: 1; one: 2 places beside B's w (before, after): 2; both: 3
    assert found.interleavings == 6


def test_an_endless_daemon_is_no_livelock_if_the_others_end() -> None:
    text = """
    vars: {beat: 0, x: 0}
    threads:
      D: {daemon: true, steps: [{while: true, do: [beat = 1 - beat]}]}
      B: {steps: [x = 1]}
    """
    assert verdict(text) == "holds"


def test_waiting_in_turns_of_timeouts_for_what_never_comes_is_a_livelock() -> None:
    text = """
    primitives: {e: Event}
    threads:
      A: {steps: [{while: not e.is_set(), do: [{wait: e, timeout: 1}]}]}
    """
    assert kinds(text) == ["livelock"]
    assert kinds(text.replace("threads:", "threads:\n      B: {steps: [{set: e}]}")) == []


@pytest.mark.parametrize("word", ["possible"])
def test_livelock_possible_must_be_reachable(word: str) -> None:
    text = f"vars: {{x: 0}}\nthreads:\n  A: {{steps: [x = 1]}}\nexpect: {{livelock: {word}}}\n"
    assert verdict(text) == "fails"
    assert verdict(text.replace("x = 1", "{while: true, do: [x = 1]}")) == "holds"


def test_deadlock_possible_must_be_reachable_and_of_exactly_these() -> None:
    text = """
    primitives: {a: Lock, b: Lock}
    threads:
      A: {steps: [{with: [a, b], do: [pass]}]}
      B: {steps: [{with: [b, a], do: [pass]}]}
      C: {steps: [pass]}
    expect: {deadlock: WHICH}
    """
    assert verdict(text.replace("WHICH", "possible")) == "holds"
    assert verdict(text.replace("WHICH", "{possible: [A, B]}")) == "holds"
    assert verdict(text.replace("WHICH", "{possible: [A]}")) == "fails"
    assert verdict(text.replace("WHICH", "{possible: [A, B, C]}")) == "fails"
    assert verdict(text.replace("WHICH", "always")) == "fails"
    assert verdict(text.replace("WHICH", "never")) == "fails"
    assert verdict(text.replace("[b, a]", "[a, b]").replace("WHICH", "possible")) == "fails"
    assert verdict(text.replace("[b, a]", "[a, b]").replace("WHICH", "{possible: [A, B]}")) == "fails"


def test_a_permitted_deadlock_is_its_rows_end_and_not_bad() -> None:
    text = """
    vars: {x: 0}
    primitives: {a: Lock, b: Lock}
    threads:
      A: {steps: [{with: [a, b], do: [pass]}]}
      B: {steps: [{with: [b, a], do: [pass]}]}
    expect: {deadlock: possible}
    """
    found = explored(text)
    assert {row.end: row.interleavings for row in found.rows} == {None: 4, "deadlock": 2}
    assert found.bad is not None
    assert found.bad.interleavings == 0


def test_a_deadlock_beside_a_heartbeat_has_its_probability() -> None:
    text = """
    vars: {beat: 0}
    primitives: {a: Lock, b: Lock}
    threads:
      A: {steps: [{with: [a, b], do: [pass]}]}
      B: {steps: [{with: [b, a], do: [pass]}]}
      H: {daemon: true, steps: [{while: true, do: [beat = 1 - beat]}]}
    expect: {observe: [a.locked()]}
    """
    found = explored(text)
    assert found.interleavings is None
    assert {row.end: (row.probability, row.preemptions) for row in found.rows} == {
        None: (Fraction(1, 2), 0), "deadlock": (Fraction(1, 2), 1),
    }  # fmt: skip
    assert found.bad is not None
    assert found.bad.probability == Fraction(1, 2)


def test_polling_ends_with_probability_one_and_a_livelock_that_nothing_leaves_too() -> None:
    text = """
    vars: {flag: false}
    threads:
      A: {steps: [{while: not flag, do: [pass]}]}
      B: {steps: [flag = True]}
    """
    assert [(row.end, row.probability, row.interleavings) for row in explored(text).rows] == [(None, 1, None)]
    endless = explored(text.replace("flag = True", "flag = False"))
    assert [(row.end, row.probability, row.interleavings) for row in endless.rows] == [("livelock", 1, None)]


def test_a_loop_that_goes_on_changing_its_locals_is_an_error_at_its_place(monkeypatch) -> None:
    monkeypatch.setattr(endless, "MOST_ROUNDS", 1_000)
    text = """
    vars: {x: 0}
    routines: {climb: {params: [n], steps: [{while: n >= 0, do: [n += 1]}]}}
    threads:
      A: {steps: [x = 1, {call: climb, args: [0]}]}
    """
    with pytest.raises(InvalidScenario) as refused:
        explored(text, odds=False)
    (said,) = refused.value.diagnostics
    assert (said.code, said.span.line) == ("SC355", 3)


def test_a_loop_in_which_the_time_is_up_has_its_place(monkeypatch) -> None:
    monkeypatch.setattr(local, "OFTEN", 100)
    text = """
    vars: {x: 0}
    threads:
      A:
        steps:
          - x = 1
          - n = 0
          - while: n >= 0
            do: [n += 1]
    """
    found = explore(program(text), ExploreOptions(max_seconds=1), judge=judge)
    assert found.undecided == (OutOfTime("loop", "A", 8),)
