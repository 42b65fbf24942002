"""Conditions: releasing and queueing, being picked, taking the lock back; timeouts that swallow; spurious wake-ups."""

from __future__ import annotations

from fractions import Fraction

import pytest
from explore.found import count, ends, explored, kinds, odds, values, verdict


def test_a_wait_without_a_notification_is_a_deadlock() -> None:
    text = """
    primitives: {c: Condition}
    threads:
      A: {steps: [{with: c, do: [{wait: c}]}]}
    """
    assert kinds(text) == ["deadlock"]


def test_the_steps_of_a_wait_and_its_notification_are_counted() -> None:
    # A: a q . k r ; B: a n r.  B first: a n r a q -> stuck.  A first: a q, then B a n r, A's k only after B's r: one way.
    text = """
    primitives: {c: Condition}
    threads:
      A: {steps: [{with: c, do: [{wait: c}]}]}
      B: {steps: [{with: c, do: [{notify: c}]}]}
    """
    found = explored(text)
    assert found.interleavings == 2
    assert found.bad is not None
    assert (found.bad.interleavings, found.bad.probability, found.bad.preemptions) == (1, Fraction(1, 2), 0)


def test_a_timed_out_waiter_swallows_a_notification_until_it_has_its_lock_back() -> None:
    text = """
    vars: {got: 0}
    primitives: {c: Condition}
    threads:
      late: {steps: [{with: c, do: [{wait: c, timeout: 1, into: r}, {atomic: got += 1}]}]}
      other: {steps: [{with: c, do: [{wait: c}, {atomic: got += 1}]}]}
      N: {steps: [{await: other.blocked == 1}, {with: c, do: [{notify: c}]}]}
    expect: {observe: [late.r, got], deadlock: possible}
    """
    assert (False, 1) in {row for row, end in ends(text).items() if end == "deadlock"}


def test_a_swallowed_notification_still_returns_false() -> None:
    text = """
    vars: {spent: false}
    primitives: {c: Condition}
    threads:
      A: {steps: [{with: c, do: [{wait: c, timeout: 1, into: r}]}]}
      N: {steps: [{with: c, do: [{notify: c}]}]}
    expect: {observe: [A.r]}
    """
    assert values(text) == {True, False}


@pytest.mark.parametrize(("n", "ways"), [(1, 3), (2, 3), (3, 1), (4, 1), (0, 1)])
def test_notify_picks_any_set_of_waiters(n: int, ways: int) -> None:
    text = f"""
    vars: {{woken: []}}
    primitives: {{c: Condition}}
    threads:
      W: {{count: 3, steps: [{{acquire: c}}, {{wait: c}}, "woken.append(index)", {{release: c}}]}}
      N: {{steps: [{{await: W.blocked == 3}}, {{with: c, do: [{{notify: c, n: {n}}}]}}]}}
    expect: {{observe: [sorted(woken)], deadlock: possible}}
    """
    assert len(values(text)) == ways


def test_wake_fifo_picks_the_longest_waiting_only() -> None:
    text = """
    vars: {woken: null, first: null}
    primitives: {c: Condition}
    explore: {wake: WAKE}
    threads:
      W: {count: 2, steps: [{acquire: c}, {if: first is None, then: [first = index]}, {wait: c}, woken = index, {release: c}]}
      N: {steps: [{await: W.blocked == 2}, {with: c, do: [{notify: c}]}]}
    expect: {observe: [first == woken], deadlock: always}
    """
    assert values(text.replace("WAKE", "any")) == {True, False}
    assert values(text.replace("WAKE", "fifo")) == {True}


def test_a_pick_is_an_alternative_with_its_own_share() -> None:
    text = """
    vars: {woken: null}
    primitives: {c: Condition}
    threads:
      W: {count: 2, steps: [{acquire: c}, {wait: c}, {atomic: woken = index}, {release: c}]}
      N: {steps: [{await: W.blocked == 2}, {with: c, do: [{notify: c}]}]}
    expect: {observe: [woken], deadlock: always}
    """
    # (W0 first or W1 first) x (pick) and then one way: a q a q | await a n(2) r k w r
    found = odds(text)
    assert {row: share for row, (_, share, _) in found.items()} == {0: Fraction(1, 2), 1: Fraction(1, 2)}


def test_wait_releases_all_levels_of_an_rlock_and_takes_them_back() -> None:
    text = """
    vars: {ready: false}
    primitives: {c: Condition}
    threads:
      A: {steps: [{with: c, do: [{with: c, do: [{while: not ready, do: [{wait: c}]}]}]}]}
      B: {steps: [{with: c, do: [ready = True, {notify: c}]}]}
    """
    assert verdict(text) == "holds"


def test_a_condition_over_a_shared_lock_uses_that_lock() -> None:
    text = """
    vars: {ready: false}
    primitives: {m: Lock, c: {Condition: m}}
    threads:
      A: {steps: [{with: m, do: [{while: not ready, do: [{wait: c}]}]}]}
      B: {steps: [{with: m, do: [ready = True]}, {with: c, do: [{notify_all: c}]}]}
    """
    assert verdict(text) == "holds"


def test_an_if_where_a_while_belongs_is_found() -> None:
    # two consumers, one item each producer: a woken consumer may find the item taken
    text = """
    vars: {items: 0}
    primitives: {c: Condition}
    threads:
      C: {count: 2, steps: [{with: c, do: [{if: items == 0, then: [{wait: c}]}, {assert: items > 0}, items -= 1]}]}
      P: {count: 2, steps: [{with: c, do: [items += 1, {notify: c}]}]}
    """
    assert kinds(text) == ["assert"]
    assert verdict(text.replace("{if: items == 0, then:", "{while: items == 0, do:")) == "holds"


def test_wait_for_evaluates_under_the_lock_and_gives_the_predicate() -> None:
    text = """
    vars: {n: 0}
    primitives: {c: Condition}
    threads:
      A: {steps: [{with: c, do: [{wait_for: c, until: n > 1, into: r}]}]}
      B: {count: 2, steps: [{with: c, do: [n += 1, {notify: c}]}]}
    expect: {observe: [A.r]}
    """
    assert values(text) == {True}
    assert verdict(text) == "holds"


def test_wait_for_with_a_timeout_may_give_what_the_predicate_was() -> None:
    text = """
    vars: {n: 0}
    primitives: {c: Condition}
    threads:
      A: {steps: [{with: c, do: [{wait_for: c, until: n, timeout: 1, into: r}]}]}
      B: {steps: [{with: c, do: [n = 7, {notify: c}]}]}
    expect: {observe: [A.r]}
    """
    assert values(text) == {0, 7}


@pytest.mark.parametrize("step", ["{wait: c}", "{notify: c}", "{notify_all: c}", "{wait_for: c, until: x == 1}"])
def test_without_the_lock_it_is_a_runtime_error(step: str) -> None:
    text = f"vars: {{x: 0}}\nprimitives: {{c: Condition}}\nthreads:\n  A: {{steps: [{{try: [{step}], raises: RuntimeError}}]}}\n"
    assert verdict(text) == "holds"


SPURIOUS = """
vars: {ready: false, woken: 0}
primitives: {c: Condition}
explore: {spurious: %s}
threads:
  A: {steps: [{with: c, do: [{if: not ready, then: [{wait: c, into: r}]}, {assert: ready}]}]}
  B: {steps: [{with: c, do: [ready = True, {notify: c}]}]}
expect: {observe: [A.r]}
"""


def test_spurious_wake_ups_come_only_when_asked_for() -> None:
    assert kinds(SPURIOUS % "false") == []
    assert kinds(SPURIOUS % "true") == ["assert"]


def test_a_spurious_wait_returns_true() -> None:
    assert values(SPURIOUS % "true") == {True, None}


def test_a_spurious_wake_up_is_no_way_out_of_a_deadlock() -> None:
    text = """
    vars: {ready: false}
    primitives: {c: Condition}
    explore: {spurious: true}
    threads:
      A: {steps: [{with: c, do: [{while: not ready, do: [{wait: c}]}]}]}
    """
    assert kinds(text) == ["deadlock"]


def test_a_spurious_wake_up_is_no_way_out_of_a_deadlock_beside_a_heartbeat() -> None:
    text = """
    vars: {ready: false, beat: 0}
    primitives: {c: Condition}
    explore: {spurious: true}
    threads:
      A: {steps: [{with: c, do: [{while: not ready, do: [{wait: c}]}]}]}
      H: {daemon: DAEMON, steps: [{while: true, do: [beat = 1 - beat]}]}
    expect: {livelock: possible}
    """
    assert kinds(text.replace("DAEMON", "true")) == ["deadlock"]
    assert kinds(text.replace("DAEMON", "false")) == ["deadlock"]


def test_spurious_wake_ups_alone_are_no_livelock() -> None:
    text = """
    vars: {ready: false}
    primitives: {c: Condition}
    explore: {spurious: true}
    threads:
      A: {steps: [{with: c, do: [{while: not ready, do: [{wait: c}]}]}]}
      B: {steps: [{with: c, do: [ready = True, {notify: c}]}]}
    """
    assert verdict(text) == "holds"


def test_a_timed_wait_that_never_gets_its_lock_back_is_a_deadlock() -> None:
    text = """
    primitives: {m: Lock, c: {Condition: m}}
    threads:
      A: {steps: [{acquire: m}, {wait: c, timeout: 1}, {release: m}]}
      B: {steps: [{acquire: m}]}
    """
    assert kinds(text) == ["deadlock"]


def test_the_lock_may_go_to_a_newcomer_before_the_woken_waiter() -> None:
    text = """
    vars: {order: []}
    primitives: {c: Condition}
    threads:
      A: {steps: [{with: c, do: [{wait: c}, "order.append('A')"]}]}
      B: {steps: [{await: A.blocked == 1}, {with: c, do: [{notify: c}, "order.append('B')"]}, {with: c, do: ["order.append('b')"]}]}
    expect: {observe: [order], deadlock: never}
    """
    assert values(text) == {("B", "A", "b"), ("B", "b", "A")}
    assert count(text) is not None


def test_wait_for_without_time_waits_once_all_the_same() -> None:
    text = """
    vars: {n: 0}
    primitives: {c: Condition}
    threads:
      A: {steps: [{with: c, do: [{wait_for: c, until: n, timeout: 0, into: r}]}]}
      B: {steps: [{await: A.blocked == 1}, {with: c, do: [n = 7]}]}
    expect: {observe: [A.r], deadlock: possible}
    """
    assert 7 in values(text)


def test_an_end_that_only_a_spurious_wake_up_leaves_is_an_end_by_chance_and_what_follows_is_counted() -> None:
    text = """
    vars: {x: 0}
    primitives: {c: Condition}
    threads: {A: {steps: [{with: c, do: [{wait: c}, x = 1]}]}}
    explore: {spurious: true}
    """
    found = explored(text)
    assert {row.end: (row.interleavings, row.probability, row.preemptions) for row in found.rows} == {
        "deadlock": (1, 1, 0),
        None: (1, 0, 0),
    }
    assert found.interleavings == 2
    assert found.bad is not None
    assert (found.bad.interleavings, found.bad.probability) == (1, 1)


def test_on_a_cyclic_graph_such_an_end_takes_all_of_the_chance_too() -> None:
    text = """
    vars: {x: 0, done: false}
    primitives: {c: Condition}
    threads: {A: {steps: [{with: c, do: [{while: not done, do: [{wait: c}]}]}]}}
    explore: {spurious: true}
    """
    found = explored(text)
    assert found.interleavings is None
    assert {row.end: row.probability for row in found.rows} == {"deadlock": 1}
