"""Barriers: arrive, the last one's action, leave; aborts, resets, timeouts."""

from fractions import Fraction

import pytest
from explore.found import count, ends, explored, kinds, odds, values, verdict

TWO = (
    "primitives: {g: {Barrier: 2}}\nthreads:\n  A: {steps: [{wait: g, into: i}]}\n  B: {steps: [{wait: g, into: i}]}\n"
)


def test_arriving_and_leaving_are_two_steps_of_every_party() -> None:
    assert count(TWO) == 4  # two orders of arriving, two of leaving


def test_the_index_is_the_number_that_arrived_before() -> None:
    assert values(TWO + "expect: {observe: [A.i, B.i]}\n") == {(0, 1), (1, 0)}


def test_the_action_runs_in_the_last_one_before_anybody_leaves() -> None:
    text = """
    vars: {x: 0, ran: ""}
    primitives: {g: {Barrier: {parties: 2, action: act}}}
    routines: {act: {steps: [x += 1, ran = name]}}
    threads:
      A: {steps: [{wait: g, into: i}, {assert: x == 1}]}
      B: {steps: [{wait: g, into: i}, {assert: x == 1}]}
    expect: {observe: [ran, A.i]}
    """
    assert verdict(text) == "holds"
    assert values(text) == {("A", 1), ("B", 0)}


def test_every_other_operation_on_the_barrier_blocks_while_the_action_runs() -> None:
    # A: arrive, W x, leave.  B: abort.  abort stands before the arrival, after the action or after the leave
    text = """
    vars: {x: 0}
    primitives: {g: {Barrier: {parties: 1, action: act}}}
    routines: {act: {steps: [x = 1]}}
    threads:
      A: {steps: [{wait: g}]}
      B: {steps: [{abort: g}]}
    expect: {errors: {A: {possible: BrokenBarrierError}}}
    """
    assert count(text) == 3


def test_an_action_that_raises_breaks_the_barrier_for_the_others() -> None:
    text = """
    primitives: {g: {Barrier: {parties: 2, action: act}}}
    routines: {act: {steps: [{raise: ValueError, message: no}]}}
    threads:
      A: {steps: [{try: [{wait: g}], except: {ValueError: [r = 'own'], BrokenBarrierError: [r = 'broken']}}]}
      B: {steps: [{try: [{wait: g}], except: {ValueError: [r = 'own'], BrokenBarrierError: [r = 'broken']}}]}
    expect: {observe: [A.r, B.r], final: [g.broken]}
    """.replace("r = 'own'", '"r = 1"').replace("r = 'broken'", '"r = 2"')
    assert values(text) == {(1, 2), (2, 1)}
    assert verdict(text) == "holds"
    assert count(text) == 2  # the one that raised has no leave step: arrive, arrive and raise, leave


def test_a_timeout_breaks_leaves_and_raises_in_one_step() -> None:
    text = """
    primitives: {g: {Barrier: 2}}
    threads:
      A: {steps: [{wait: g, timeout: 1}]}
      B: {steps: [{wait: g}]}
    expect: {errors: {A: {possible: BrokenBarrierError}, B: {possible: BrokenBarrierError}}}
    """
    assert count(text) == 5  # arrive A, time out, B raises; else 2 orders of arriving and 2 of leaving
    assert verdict(text) == "holds"


def test_the_barriers_own_timeout_is_everybodys() -> None:
    text = """
    primitives: {g: {Barrier: {parties: 2, timeout: 1}}}
    threads:
      A: {steps: [{wait: g}]}
    expect: {errors: {A: BrokenBarrierError}}
    """
    assert verdict(text) == "holds"


def test_an_abort_breaks_who_waits_and_who_comes() -> None:
    text = """
    primitives: {g: {Barrier: 2}}
    threads:
      A: {steps: [{wait: g}]}
      B: {steps: [{abort: g}]}
    expect: {errors: {A: BrokenBarrierError}, final: [g.broken]}
    """
    assert verdict(text) == "holds"
    assert count(text) == 2


def test_a_reset_breaks_who_waits_only() -> None:
    text = """
    primitives: {g: {Barrier: 2}}
    threads:
      A: {steps: [{try: [{wait: g}], except: {BrokenBarrierError: [pass]}}]}
      B: {steps: [{reset: g}]}
    expect: {deadlock: possible, final: [not g.broken]}
    """
    assert verdict(text) == "holds"
    assert {row.end: row.interleavings for row in explored(text).rows} == {None: 1, "deadlock": 1}


def test_the_next_round_waits_until_all_have_left() -> None:
    text = """
    vars: {rounds: [0, 0]}
    primitives: {g: {Barrier: 2}}
    threads:
      W: {count: 2, steps: [{repeat: 3, do: [{wait: g}, {atomic: ["rounds[index] += 1", {assert: "abs(rounds[0] - rounds[1]) <= 1"}]}]}]}
    """
    assert verdict(text) == "holds"


def test_one_party_short_is_a_deadlock() -> None:
    assert kinds(TWO.replace("Barrier: 2", "Barrier: 3")) == ["deadlock"]


def test_who_waits_is_counted_until_the_barrier_opens() -> None:
    text = """
    primitives: {g: {Barrier: 2}}
    threads:
      A: {count: 2, steps: [{wait: g}]}
      B: {steps: [n = g.n_waiting]}
    expect: {observe: [B.n]}
    """
    assert values(text) == {0, 1}


@pytest.mark.parametrize("body", ["{abort: g}, {wait: g}", "{abort: g}, {abort: g}, {wait: g}"])
def test_a_broken_barrier_raises_at_once(body: str) -> None:
    text = f"primitives: {{g: {{Barrier: 1}}}}\nthreads:\n  A: {{steps: [{body}]}}\nexpect: {{errors: {{A: BrokenBarrierError}}}}\n"
    assert verdict(text) == "holds"


def test_a_reset_mends_a_broken_barrier() -> None:
    text = "primitives: {g: {Barrier: 1}}\nthreads:\n  A: {steps: [{abort: g}, {reset: g}, {wait: g, into: i}]}\nexpect: {observe: [A.i]}\n"
    assert ends(text) == {0: None}


def test_odds_of_a_timeout_at_the_barrier() -> None:
    text = """
    vars: {bad: false}
    primitives: {g: {Barrier: 2}}
    threads:
      A: {steps: [{try: [{wait: g, timeout: 1}], except: {BrokenBarrierError: [bad = True]}}]}
      B: {steps: [{try: [{wait: g}], except: {BrokenBarrierError: [pass]}}]}
    """
    # first A (1/2), then A times out or B arrives (1/2 each)
    assert odds(text)[True][1] == Fraction(1, 4)


def test_who_has_opened_the_barrier_goes_on_though_it_is_broken_before_it_leaves() -> None:
    text = """
    primitives: {g: {Barrier: 1}}
    threads:
      A: {steps: [{wait: g, into: i}]}
      B: {steps: [{abort: g}]}
    expect: {errors: {A: {possible: BrokenBarrierError}}, observe: [A.i]}
    """
    assert {value: number for value, (number, *_) in odds(text).items()} == {0: 2, None: 1}


def test_others_find_the_barrier_broken_that_was_opened_for_them() -> None:
    text = """
    vars: {opened: 0}
    primitives: {g: {Barrier: 2}}
    threads:
      A: {count: 2, steps: [{wait: g}, {atomic: opened += 1}]}
      B: {steps: [{abort: g}]}
    expect: {errors: {A: {possible: BrokenBarrierError}}, observe: [opened]}
    """
    assert values(text) == {0, 1, 2}


def test_a_timeout_that_is_no_number_is_refused_in_one_step() -> None:
    """Nobody else ever finds the refused one at the barrier."""
    text = """
    vars: {probe: 0}
    primitives: {g: {Barrier: 2}}
    threads:
      A: {steps: [{wait: g, timeout: "'x'", raises: TypeError}]}
      B: {steps: [probe = 1]}
    """
    assert count(text) == 2
