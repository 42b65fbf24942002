"""Numbers known from elsewhere: interleavings, bad ones, their probability and fewest preemptions, from text to odds."""

from __future__ import annotations

from fractions import Fraction
from math import factorial

import pytest
from explore.found import explored, kinds

STORE_BUFFER = """
vars: {x: 0, y: 0}
threads:
  A: {steps: [x = 1, a = y]}
  B: {steps: [y = 1, b = x]}
"""

IRIW = """
vars: {x: 0, y: 0}
threads:
  A: {steps: [x = 1]}
  B: {steps: [p = x, q = y]}
  C: {steps: [p = y, q = x]}
  D: {steps: [y = 1]}
"""

CORR2 = """
vars: {x: 0}
threads:
  A: {steps: [x = 1]}
  B: {steps: [x = 2]}
  C: {steps: [p = x, q = x]}
  D: {steps: [p = x, q = x]}
"""

LOCKED = """
params: {n: 3}
vars: {x: 0}
primitives: {m: Lock}
threads:
  T: {count: n, steps: [{with: m, do: [x += 1]}]}
expect: [x == n]
"""

UNLOCKED = """
params: {n: 2, rounds: 1}
vars: {x: 0}
threads:
  T: {count: n, steps: [{repeat: rounds, do: [x += 1]}]}
expect: [x == n * rounds]
"""

ACCOUNT = """
vars: {x: 1, y: 2, z: 4, bal: 1, dd: false, wd: false}
primitives: {m: Lock}
threads:
  T1: {steps: [{with: m, do: [{if: dd and wd, then: [{assert: bal == (x - y) - z}]}]}]}
  T2: {steps: [{with: m, do: [bal += y, dd = True]}]}
  T3: {steps: [{with: m, do: [bal -= z, wd = True]}]}
"""

ABBA = """
vars: {c: 0}
primitives: {a: Lock, b: Lock}
threads:
  A: {steps: [{with: [a, b], do: [c += 1]}]}
  B: {steps: [{with: [b, a], do: [c -= 1]}]}
"""

LAZY = """
vars: {d: 0}
primitives: {m: Lock}
threads:
  T1: {steps: [{with: m, do: [d += 1]}]}
  T2: {steps: [{with: m, do: [d += 2]}]}
  T3: {steps: [{with: m, do: [{if: d >= 3, then: [{assert: false}]}]}]}
"""

PHILOSOPHERS = """
params: {n: 2}
primitives: {f: {array: n, of: Lock}}
threads:
  P: {count: n, steps: [{acquire: "f[index]"}, {acquire: "f[(index + 1) % n]"}, {release: "f[(index + 1) % n]"}, {release: "f[index]"}]}
"""

WRONG_LOCK = """
vars: {v: 0}
primitives: {D: Lock, T: Lock}
threads:
  A: {steps: [{with: D, do: [x = v, v += 1, {assert: v == x + 1}]}]}
  B: {steps: [{with: T, do: [v += 1]}]}
"""


@pytest.mark.parametrize(
    ("text", "params", "interleavings"),
    [
        (STORE_BUFFER, {}, 6),
        (IRIW, {}, 180),
        (CORR2, {}, 180),
        (UNLOCKED, {"n": 2}, 6),
        (UNLOCKED, {"n": 3, "rounds": 2}, 34650),
        (ACCOUNT, {}, 6),
        (ABBA, {}, 6),
        (LAZY, {}, 6),
        (PHILOSOPHERS, {"n": 2}, 6),
        (PHILOSOPHERS, {"n": 3}, 168),
        (PHILOSOPHERS, {"n": 4}, 98184),
        (PHILOSOPHERS, {"n": 5}, 66468720),
        (WRONG_LOCK, {}, 210),
        *((LOCKED, {"n": n}, factorial(n)) for n in range(1, 7)),
    ],
)
def test_the_number_of_interleavings_is_exact(text: str, params: dict[str, object], interleavings: int) -> None:
    assert explored(text, **params).interleavings == interleavings


@pytest.mark.parametrize(
    ("text", "params", "bad", "probability", "preemptions"),
    [
        (UNLOCKED, {"n": 2}, 4, Fraction(1, 2), 1),
        (ACCOUNT, {}, 2, Fraction(1, 3), 0),
        (ABBA, {}, 2, Fraction(1, 2), 1),
        (LAZY, {}, 2, Fraction(1, 3), 0),
        (PHILOSOPHERS, {"n": 2}, 2, Fraction(1, 2), 1),
        (PHILOSOPHERS, {"n": 3}, 6, Fraction(1, 3), 1),
        (PHILOSOPHERS, {"n": 4}, 24, 0.229167, 1),
        (WRONG_LOCK, {}, 45, 0.226563, 1),
    ],
)
def test_the_bad_ones_have_exact_odds(
    text: str, params: dict[str, object], bad: int, probability: Fraction | float, preemptions: int
) -> None:
    odds = explored(text, **params).bad
    assert odds is not None
    assert odds.interleavings == bad
    assert odds.preemptions == preemptions
    assert odds.probability is not None
    if isinstance(probability, Fraction):
        assert odds.probability == probability
    else:
        assert float(odds.probability) == pytest.approx(probability, abs=5e-7)


def test_locked_threads_have_no_bad_interleaving() -> None:
    odds = explored(LOCKED, n=4).bad
    assert odds is not None
    assert (odds.interleavings, odds.probability) == (0, 0)


def test_eight_philosophers_are_counted() -> None:
    found = explored(PHILOSOPHERS, n=8)
    assert found.interleavings == 4191662282365998720
    assert found.bad is not None
    assert found.bad.interleavings == factorial(8)


def test_an_invariant_is_looked_at_after_a_step_that_has_been_taken_elsewhere() -> None:
    """Either write is remembered by what it reads, which is nothing; what is false is so by both of them."""
    text = "vars: {x: 0, y: 0}\nthreads:\n  A: {steps: [x = 2]}\n  B: {steps: [y = 1]}\nexpect: {always: [x + y < 3]}\n"
    assert [kinds(text), kinds(text.replace("< 3", "< 4"))] == [["always"], []]
