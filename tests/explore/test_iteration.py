"""Going through shared lists, dicts and sets, clause by clause: one element a step, what CPython raises, what is one read."""

from __future__ import annotations

import pytest
from explore.found import count, explored, kinds, program, values, verdict
from replay.steps import random_walk

from scenario.engines.explore.evidence.retrace import retrace
from scenario.engines.threads import run
from scenario.engines.threads.controlled import replay
from scenario.judge import judge

CHANGED = {
    "dict": ("{a: 1, b: 2}", "d['c'] = 3", "dictionary changed size during iteration"),
    "set": ('{expr: "{1, 2}"}', "d.add(3)", "Set changed size during iteration"),
}


def loop(start: str, change: str, over: str = "d", expect: str = "") -> str:
    return f'vars: {{d: {start}, n: 0}}\nthreads:\n  A: {{steps: [{{for: k, in: {over}, do: [n += 1]}}]}}\n  B: {{steps: ["{change}"]}}\nexpect: {expect or "{observe: [n]}"}\n'


@pytest.mark.parametrize("kind", CHANGED)
def test_a_dict_or_set_whose_size_has_changed_raises_at_the_next_element(kind: str):
    start, change, message = CHANGED[kind]
    text = loop(start, change)
    assert kinds(text) == ["error"]
    assert {row.end for row in explored(text, odds=False).rows} == {None, "error"}
    caught = text.replace(
        "{for: k, in: d, do: [n += 1]}",
        "{try: [{for: k, in: d, do: [n += 1]}], except: {RuntimeError: ['n = error']}}",
    )
    assert values(caught) == {2, 3, message}


def test_what_is_read_by_a_loop_is_one_element_a_step_and_one_more_finds_the_end():
    # A alone: next, next, next, and the end; B has one step, between any two of them, before or behind
    text = (
        'vars: {d: [1, 2, 3], x: 0}\nthreads:\n  A: {steps: [{for: k, in: d, do: [pass]}]}\n  B: {steps: ["x = 1"]}\n'
    )
    assert count(text) == 5
    assert count(text.replace("[1, 2, 3]", "{a: 1, b: 2, c: 3}")) == 5


def test_a_list_may_grow_under_a_loop():
    assert values(loop("[1, 2]", "d.append(3)")) == {2, 3}
    assert kinds(loop("[1, 2]", "d.append(3)")) == []


def test_a_value_that_changes_is_no_change_of_size():
    text = "vars: {d: {a: 1, b: 2}, s: 0}\nthreads:\n  A: {steps: [{for: [k, v], in: d.items(), do: ['t = v', 's += t']}]}\n  B: {steps: [\"d['b'] = 5\"]}\nexpect: {observe: [s]}\n"
    assert values(text) == {3, 6}
    assert kinds(text) == []


@pytest.mark.parametrize(
    "reading",
    ["list(d)", "sorted(d)", "len(d)", "'a' in d", "list(d.items())", "sum(d.values())", "max(d)", "dict(d)", "str(d)"],
)
def test_what_consumes_all_of_it_is_one_read_and_never_raises(reading: str):
    text = f'vars: {{d: {{a: 1, b: 2}}}}\nthreads:\n  A: {{steps: ["got = {reading}"]}}\n  B: {{steps: ["d[\'c\'] = 3", "del d[\'c\']"]}}\n'
    assert kinds(text) == []
    assert count(text) == 3


@pytest.mark.parametrize(
    "comprehension", ["[k for k in d]", "{k: v for k, v in d.items()}", "{k for k in d}", "sum(v for v in d.values())"]
)
def test_a_comprehension_goes_step_by_step_as_a_loop_does(comprehension: str):
    text = f'vars: {{d: {{a: 1, b: 2}}}}\nthreads:\n  A: {{steps: ["got = {comprehension}"]}}\n  B: {{steps: ["d[\'c\'] = 3"]}}\n'
    assert kinds(text) == ["error"]


def test_a_loop_goes_on_with_the_object_that_it_began_with():
    text = 'vars: {d: {a: 1, b: 2}, n: 0}\nthreads:\n  A: {steps: [{for: k, in: d, do: [n += 1]}]}\n  B: {steps: ["d = {}", "d[\'x\'] = 1"]}\nexpect: {observe: [n]}\n'
    assert kinds(text) == []
    assert values(text) >= {2}
    assert 0 in values(text)  # B first: the new object, still empty


def test_a_key_that_comes_in_anothers_place_is_not_decided():
    text = loop("{a: 1, b: 2}", "d.pop('b')").replace("\"d.pop('b')\"", "\"d.pop('b')\", \"d['c'] = 3\"")
    assert verdict(text) in ("fails", "undecided")
    assert verdict(text.replace("{observe: [n]}", "{errors: {A: {possible: RuntimeError}}}")) == "undecided"


BACK = """
vars: {{d: {start}, n: 0}}
primitives: {{m: Lock}}
threads:
  A: {{steps: [{{with: m, do: [{{for: k, in: "{over}", do: [n += 1]}}]}}]}}
  B: {{steps: [{steps}]}}
expect: {{observe: [n]}}
"""


@pytest.mark.parametrize(
    ("start", "over", "steps"),
    [
        ("{a: 1, b: 2}", "d", "\"del d['b']\", \"d['b'] = 9\""),
        ("{a: 1, b: 2}", "d.items()", '"d.popitem()", "d[\'b\'] = 9"'),
        ("{a: 1}", "d", "d.clear(), \"d['a'] = 9\""),
        ("{x: {a: 1, b: 2}}", "d['x']", "\"d['x'].pop('b')\", \"d['x']['b'] = 9\""),
    ],
)
def test_the_last_keys_taken_out_and_put_back_are_seen(start: str, over: str, steps: str):
    """CPython raises `dictionary keys changed during iteration` there, or shows one twice, by where its entries lie."""
    text = BACK.format(start=start, over=over, steps=steps)
    assert verdict(text) in ("undecided", "fails")
    allowed = text.replace("{observe: [n]}", "{observe: [n], errors: {A: {possible: RuntimeError}}}")
    assert verdict(allowed) == "undecided"
    locked = BACK.format(start=start, over=over, steps=f"{{with: m, do: [{steps}]}}")
    assert verdict(locked) == "holds"
    missing = BACK.format(start=start, over=over, steps="\"t = d.pop('none', 1)\"") if "x" not in start else locked
    assert verdict(missing) == "holds"


def test_a_lock_around_both_keeps_it_from_raising():
    text = """
vars: {d: {a: 1, b: 2}, n: 0}
primitives: {m: Lock}
threads:
  A: {steps: [{with: m, do: [{for: k, in: d, do: [n += 1]}]}]}
  B: {steps: [{with: m, do: ["d['c'] = 3"]}]}
expect: {observe: [n]}
"""
    assert kinds(text) == []
    assert values(text) == {2, 3}


@pytest.mark.parametrize("kind", CHANGED)
def test_real_runs_and_replays_stay_within_what_is_explored(kind: str):
    start, change, _ = CHANGED[kind]
    text = loop(start, change)
    rows = {(repr(row.values), row.end) for row in explored(text, odds=False).rows}
    made = program(text)
    for seed in range(20):
        judged = judge(made, run(made, seed=seed, stress=True))
        assert (repr(judged.values), judged.end) in rows
        schedule, _, expected = random_walk(made, seed)
        played = replay(made, next(retrace(made, schedule)))
        assert played.diverged is None
        assert played.outcome.shared == expected.shared
        assert {ref: e.message for ref, e in played.outcome.errors.items()} == {
            ref: e.message for ref, e in expected.errors.items()
        }
