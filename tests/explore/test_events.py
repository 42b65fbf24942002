"""Events: queueing is a step, a set releases all that are queued, a later clear does not call them back."""

from explore.found import count, ends, kinds, values, verdict


def test_set_and_clear_at_once_lets_all_queued_waiters_go_on() -> None:
    text = """
    vars: {got: 0}
    primitives: {e: Event}
    threads:
      A: {count: 2, steps: [{wait: e}, {atomic: got += 1}]}
      B: {steps: [{await: A.blocked == 2}, {set: e}, {clear: e}]}
    expect: [got == 2]
    """
    assert verdict(text) == "holds"


def test_a_waiter_that_comes_after_the_pulse_waits_for_ever() -> None:
    text = """
    primitives: {e: Event}
    threads:
      A: {steps: [{wait: e}]}
      B: {steps: [{set: e}, {clear: e}]}
    """
    assert kinds(text) == ["deadlock"]


def test_queueing_up_is_a_step_and_going_on_another() -> None:
    # A: q g or (after the set) w; B: s.  s w | q s g  ->  2
    text = """
    primitives: {e: Event}
    threads:
      A: {steps: [{wait: e}]}
      B: {steps: [{set: e}]}
    """
    assert count(text) == 2


def test_a_timed_wait_that_is_queued_may_time_out_until_it_is_released() -> None:
    # s w | q s g | q t s
    text = """
    vars: {r: null}
    primitives: {e: Event}
    threads:
      A: {steps: [{wait: e, timeout: 1, into: a}]}
      B: {steps: [{set: e}]}
    expect: {observe: [A.a]}
    """
    assert count(text) == 3
    assert values(text) == {True, False}


def test_a_wait_of_no_time_queues_too_and_may_be_released() -> None:
    text = """
    primitives: {e: Event}
    threads:
      A: {steps: [{wait: e, timeout: 0, into: a}]}
      B: {steps: [{set: e}, {clear: e}]}
    expect: {observe: [A.a]}
    """
    assert values(text) == {True, False}


def test_a_released_waiter_no_longer_times_out() -> None:
    text = """
    vars: {late: false}
    primitives: {e: Event}
    threads:
      A: {steps: [{wait: e, timeout: 1, into: a}]}
      B: {steps: [{await: A.blocked == 1}, {set: e}, {clear: e}]}
    expect: {observe: [A.a]}
    """
    # B goes on only while A is queued: from the set on A is released; before it A may time out, and then B is stuck
    assert ends(text) == {True: None, False: None, None: "deadlock"} or ends(text) == {
        True: None, False: "deadlock"
    } or ends(text) == {True: None, False: None}  # fmt: skip


def test_waiting_on_an_event_nobody_sets_is_a_deadlock() -> None:
    assert kinds("primitives: {e: Event}\nthreads:\n  A: {steps: [{wait: e}]}\n") == ["deadlock"]
