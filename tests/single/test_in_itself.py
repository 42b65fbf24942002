"""Which objects are one: containers that hold themselves and what `is` says, as Python does, in every engine."""

from __future__ import annotations

import pytest
from single.engines import by_explore, by_replay, by_run, expected, program_of

from scenario.engines.explore.model.values import Unexplored

MADE = {
    "not in itself": ["a = [1]", "b = a", "x.append({3})", "x.append([a, a])", "x.append({})"],
    "a list": ["a = [1]", "a[0] = a", "b = [1]", "b[0] = b", "x.append(a)", "x.append([2, a])"],
    "a dict": ["a = {}", "a[0] = a", "b = {0: a}", "x.append(a)", "x.append([a])"],
    "through a tuple": ["a = [1]", "q = (a, 3)", "a[0] = q", "b = [q]", "x.append(a)", "x.append(7)"],
    "one of two": ["a = []", "b = [a]", "a.append(b)", "x.append(a)", "x.append(b)"],
}
SAID = [
    "x == x", "x[0] == x[0]", "x[0] == x[1]", "x[0] in x", "x[0][0] == x[0]", "x[0][0][0] == a", "a == b", "b == a[0]", "a == a",
    "a in [a]", "a in [b, a]", "x[0] != x[0]", "x.index(x[0])", "x.count(x[0])", "x.index(a)", "x < x", "[x[0]] == [x[0]]", "x[0] is x[0]",
    "[v == w for v in x for w in x]", "str(x)", "str([a, x])", "len(x[0])", "max(x[0], x[0]) == a", "sorted([a, a])", "x[1] == x[0] == x[0]",
    "a == x[0] or x[0] == x[0]", "(x == x) + (x[0] == x[0])", "x[-1] == x[0]", "x == [a, b]", "[*x] == [*x]", "x[:] == x[:1]",
]  # fmt: skip
NOT_TOLD = {"[x[0]] == [x[0]]", "[v == w for v in x for w in x]", "[*x] == [*x]", "x[:] == x[:1]"}
"""Where exploring may be undecided: what was read has been put in something else before it is read again."""


def scenario(made: list[str], said: str) -> dict:
    steps = [*made, {"try": [f"i = {said}"], "except": {"Exception": ["i = error"]}}]
    return {
        "scenario": "in-itself", "vars": {"x": []}, "routines": {}, "threads": {"A": {"steps": steps}}, "expect": {"observe": ["A.i", "x"]},
    }  # fmt: skip


@pytest.mark.parametrize("said", SAID)
@pytest.mark.parametrize("made", MADE)
def test_every_engine_does_what_python_does(made, said):
    given = scenario(MADE[made], said)
    program, right = program_of(given), expected(given)[0]
    assert by_run(given, program) == right
    try:
        explored, schedule = by_explore(given, program)
    except Unexplored:
        assert said in NOT_TOLD
        return
    assert explored == right
    assert by_replay(given, program, schedule) == right
