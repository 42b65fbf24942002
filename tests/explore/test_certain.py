"""Claims that could not fail, by the values that a file can give to its names: none of them does fail."""

from __future__ import annotations

import random

import pytest
from drawn import seeds
from explore.found import explored

STATEMENTS = [
    "x += 1", "x -= 1", "x = y", "y = 1 - y", "y = (x + 1) % 3", "x = x * y", "a = x", "x = a + index", "y = -a",
    "b = not b", "b = x > y", "b = x and y", "t = 'u'", "t = 'u' if b else 7", "l.append(x)", "l = [x]", "x, y = y, x",
    "x = max(x, y)", "x = y or 3", "x = 2.5", "y = x < 2 <= a", "b = len(l) > 1",
]  # fmt: skip
CLAIMS = [
    "x >= 0", "x <= 2", "y in [0, 1]", "0 <= y < 3", "b in [True, False]", "type_name(b) == 'bool'", "b is True or b is False",
    "t in ['s', 'u']", "len(t) == 1", "len(l) >= 0", "l == l", "x == x", "x + y >= y", "x == 1 or y != 1", "x * x >= 0",
    "x != 0 or b", "not b or x >= 0", "(x if b else y) >= 0", "x - y <= 5", "x > -1 and True", "b or not b", "x < y or x >= y",
]  # fmt: skip


def drawn(seed: int) -> str:
    choose = random.Random(seed).choices
    thread = "".join(
        f"  {name}: {{steps: [a = 1, {', '.join(steps)}]}}\n"
        for name in "AB"
        if (steps := [f'"{statement}"' for statement in choose(STATEMENTS, k=2)])
    )
    claims = [f'"{claim}"' for claim in choose(CLAIMS, k=8)]
    checks = ", ".join(f'{{assert: "{claim}"}}' for claim in choose(CLAIMS, k=3))
    return (
        f"vars: {{x: 0, y: 1, b: true, t: s, l: []}}\nthreads:\n{thread}  C: {{steps: [{checks}]}}\n"
        f"expect: {{always: [{', '.join(claims[:4])}], final: [{', '.join(claims[4:])}]}}\n"
    )


@pytest.mark.parametrize("seed", seeds(60))
def test_what_is_said_to_be_unable_to_fail_fails_in_no_interleaving(seed):
    found = explored(drawn(seed), odds=False)
    certain = {claim.span for claim in found.vacuous if claim.why == "true of every value"}
    assert not certain & {finding.failure.span for finding in found.findings}


def test_it_is_said_of_some():
    told = [claim.text for seed in range(5) for claim in explored(drawn(seed), odds=False).vacuous]
    assert {"l == l", "b or not b"} & set(told)


def test_threads_that_are_left_out_still_have_assigned():
    """What many threads add up to is there from the beginning of the program that is searched in the whole one's stead."""
    text = """
        vars: {n: 0}
        primitives: {lock: Lock}
        threads: {T: {count: 3, steps: [{with: lock, do: [n += 1]}]}}
        expect: [n == 3, n >= 0]
    """
    assert [claim.text for claim in explored(text, odds=False).vacuous] == ["n >= 0"]


@pytest.mark.parametrize(
    ("first", "step"),
    [("1 - 2 ** 9000", "x -= 1"), ("2 ** 9000", "x += x"), ("2 ** 9000", "x -= y"), ("-(2 ** 70)", "x += y")],
)
def test_numbers_too_large_for_a_float_have_bounds_as_others_have(first, step):
    text = f"""
        vars: {{x: {{expr: "{first}"}}, y: 1}}
        threads: {{T: {{steps: [y += 1, {step}]}}}}
        expect: [x != 0, x + y != 0]
    """
    assert not explored(text, odds=False).findings
