"""What is decided by counting threads, and what must not be: each condition with a file that it keeps out, and that would be told wrong."""

from __future__ import annotations

import pytest
from explore.found import HEAD, program

from scenario.compile.opened import OpenFile
from scenario.engines.explore.forall.by_counting import by_counting
from scenario.engines.explore.reductions.ending import who_ends
from scenario.judge import judge
from scenario.results.for_all import Answer, Outside, Proved, Refuted
from scenario.source import Source
from scenario.spec.load import load


def answer(text: str, least: int = 1) -> Answer:
    """Of a file with the one param `n`."""
    source = Source("test.yaml", f"{HEAD}params: {{n: 2}}\n{text}")
    return by_counting(OpenFile(load(source), source, {}).left_open(0, {"n": least}), judge, 5.0)


def throttle(places: int, most: int) -> str:
    return f"""
vars: {{inside: 0}}
primitives: {{s: {{Semaphore: {places}}}}}
threads: {{w: {{count: n, steps: [{{with: s, do: [{{atomic: inside += 1}}, {{atomic: inside -= 1}}]}}]}}}}
expect: {{always: [inside <= {most}], final: [inside == 0, s.value == {places}]}}
"""


@pytest.mark.parametrize("places", [1, 3, 10])
def test_a_throttle_holds_for_all(places: int):
    assert isinstance(answer(throttle(places, places)), Proved)


def test_a_throttle_that_lets_in_too_many_fails_first_with_as_many():
    assert answer(throttle(10, 8)) == Refuted({"n": 9})


@pytest.mark.parametrize("free", [1, 2, 3])
def test_a_check_before_an_act_breaks_with_one_more_than_there_are(free: int):
    text = f"""
vars: {{free: {free}}}
threads: {{buyer: {{count: n, steps: [{{if: free > 0, then: [{{atomic: free -= 1}}]}}]}}}}
expect: {{always: [free >= 0]}}
"""
    assert answer(text) == Refuted({"n": free + 1})


WAKES = """
vars: {{x: 0}}
primitives: {{k: Lock, c: {{Condition: k}}, e: Event}}
threads: {{A: {{count: n, steps: [{{with: k, do: [{{while: x == 0, do: [{{wait: c}}]}}]}}, {{wait: e}}]}}, B: {{steps: [{}]}}}}
"""


def test_all_who_wait_are_woken():
    assert isinstance(answer(WAKES.format("{with: k, do: [x = 1, {notify_all: c}]}, {set: e}")), Proved)


def test_one_who_waits_is_woken_and_the_second_is_not():
    assert answer(WAKES.format("{with: k, do: [x = 1, {notify: c}]}, {set: e}")) == Refuted({"n": 2})


def test_what_is_to_be_reached_is_asked_of_the_least():
    text = "vars: {x: 0}\nthreads: {A: {count: n, steps: [x = 1]}}\nexpect: {reachable: [x == 2]}"
    assert answer(text) == Refuted({"n": 1})


def test_what_fails_before_the_first_step_fails_with_one():
    assert answer("threads: {A: {count: n, steps: ['x = 1', {assert: x == 2}]}}") == Refuted({"n": 1})


def test_an_endless_round_that_is_fair_is_not_said_to_end():
    text = "vars: {x: 0}\nthreads: {A: {count: n, steps: [{while: 'x < 2', do: ['x = 1 - x']}]}}"
    assert not isinstance(answer(text), Proved)


def test_spinning_for_a_lock_that_somebody_gives_back_ends():
    text = """
primitives: {l: Lock}
threads: {A: {count: n, steps: [mine = False, {while: not mine, do: [{acquire: l, blocking: false, into: mine}]}, {release: l}]}}
"""
    assert isinstance(answer(text), Proved)


def test_one_who_is_overtaken_for_ever_starves_if_fairness_is_weak():
    text = """
vars: {x: 0, stop: false}
threads:
  A: {count: n, steps: [{while: not stop, do: [x = 1, x = 0]}]}
  B: {steps: [{await: x == 1}, stop = True]}
"""
    assert isinstance(answer(f"{text}explore: {{fairness: strong}}"), Proved)
    assert not isinstance(answer(f"{text}explore: {{fairness: weak}}"), Proved)


OUTSIDE = {
    "a param in a step": ("use", "vars: {x: 0}\nthreads: {A: {count: n, steps: [{atomic: x = n}, {assert: x < 3}]}}"),
    "a size that may shrink": ("use", "threads: {A: {count: '1 + (n - 3) * (n - 3)', steps: [pass]}}"),
    "index": ("member", "vars: {x: 0}\nthreads: {A: {count: n, steps: [{if: index == 1, then: [{assert: x == 1}]}]}}"),
    "name": ("member", "threads: {A: {count: n, steps: ['me = name', {assert: \"me != 'A-2'\"}]}}"),
    "index in a routine": ("member", "routines: {r: {steps: [{assert: index < 2}]}}\nthreads: {A: {count: n, steps: [{call: r}]}}"),
    "who is alive": ("life", "threads: {A: {count: n, steps: [{assert: A.alive < 3}]}}"),
    "who is blocked": (
        "life",
        "primitives: {e: Event}\nthreads: {A: {count: n, steps: [{wait: e}]}, B: {steps: [{await: A.blocked == 1}, {set: e}]}}",
    ),
    "joining": ("life", "threads: {A: {count: n, steps: [pass]}, B: {steps: [{join: A}]}}"),
    "a daemon": ("life", "threads: {A: {count: n, steps: [pass]}, B: {daemon: true, steps: [{while: true, do: [pass]}]}}"),
    "a main that does more": ("life", "vars: {x: 0}\nthreads: {A: {count: n, steps: [pass]}}\nmain: [{start: A}, x = 1]"),
    "a barrier": ("object", "primitives: {b: {Barrier: 2}}\nthreads: {A: {count: n, steps: [{wait: b}]}}"),
    "a pool": (
        "object",
        "primitives: {p: ThreadPoolExecutor}\nroutines: {r: {steps: [pass]}}\nthreads: {A: {count: n, steps: [{submit: r, to: p}]}}",
    ),
    "a container that is rebound": (
        "rebound",
        "vars: {x: []}\nthreads: {A: {count: n, steps: [x.append(1)]}, B: {steps: ['x = []']}}",
    ),
    "the clock": ("settings", "threads: {A: {count: n, steps: [{sleep: 1}]}}\nexplore: {clock: virtual}"),
    "a set of two": (
        "step",
        "primitives: {c: Condition}\nthreads: {A: {count: n, steps: [{with: c, do: [{wait: c}]}]}, B: {steps: [{with: c, do: [{notify: c, n: 2}]}]}}",
    ),
    "two at once": (
        "step",
        ("primitives: {c: Condition}\n"
        "threads: {A: {count: n, steps: [{with: c, do: [{wait: c}]}]}, B: {steps: [{with: c, do: [{atomic: [{notify: c}, {notify: c}]}]}]}}"),
    ),
    "what grows": ("size", "vars: {x: 0}\nthreads: {A: {count: n, steps: [{atomic: x += 1}]}}\nexpect: {always: [x >= 0]}"),
}  # fmt: skip


def test_with_threads_enough_a_value_is_past_its_bound():
    found = answer("vars: {x: 2}\nthreads: {A: {count: n, steps: [{atomic: x = x ** 64}]}}\nexpect: {always: [x > 0]}")
    assert isinstance(found, Outside)
    assert [one.what for one in found.reasons] == ["invalid"]


CLAIMS = (
    "sometimes: [x == 1]", "outcomes: [{when: x == 1, is: acceptable}]", "output: {contains: [a]}", "order: [[m]]",
    "errors: {B: ValueError}", "fails: [always]", "deadlock: possible", "livelock: possible", "final: [B.y is None]",
)  # fmt: skip


@pytest.mark.parametrize("what", OUTSIDE)
def test_it_is_outside(what: str):
    reason, text = OUTSIDE[what]
    found = answer(text)
    assert isinstance(found, Outside)
    assert reason in {one.what for one in found.reasons}


@pytest.mark.parametrize("claim", CLAIMS)
def test_a_claim_about_more_than_bad_executions_is_outside(claim: str):
    text = f"vars: {{x: 0}}\nthreads: {{A: {{count: n, steps: [x = 1]}}, B: {{steps: ['y = 1', {{mark: m}}]}}}}\nexpect: {{{claim}}}"
    found = answer(text)
    assert isinstance(found, Outside)
    assert "claim" in {one.what for one in found.reasons}


def test_who_waits_for_an_expression_may_be_woken_again_and_again() -> None:
    """Its steps are finitely many only if the others' are; so its rounds are asked for."""
    text = "vars: {x: 0}\nprimitives: {c: Condition}\nthreads:\n  A: {steps: [{with: c, do: [{wait_for: c, until: x > 0}]}]}\n  B: {steps: [x = 1]}\n"
    assert who_ends(program(text)) == {"B"}
