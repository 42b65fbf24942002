"""Who waits for ever, and what there is in the end, told by how often loops go round: what is proved by it, what is not, and that it is so."""

from __future__ import annotations

from random import Random

import pytest
from explore.exchanges import text as random_exchange
from explore.test_of_any_rounds import held_against_all, program_of, proved

from scenario.engines.explore.forall.counted import counted

SEMAPHORES = """
vars: {n: 0}
primitives: {empty: {Semaphore: 2}, full: {Semaphore: 0}, l: Lock}
threads:
  producer: {count: 2, steps: [{repeat: 1000, do: [{acquire: empty}, {with: l, do: [n += 1]}, {release: full}]}]}
  consumer: {count: 2, steps: [{repeat: 1000, do: [{acquire: full}, {with: l, do: [n -= 1]}, {release: empty}]}]}
expect: {final: [n == 0], always: [n <= 2]}
"""
CONDITION = """
vars: {items: [], made: 0, taken: 0}
primitives: {c: Condition}
threads:
  producer:
    count: 2
    steps: [{repeat: 1000, do: [{with: c, do: [{while: len(items) >= 2, do: [{wait: c}]}, items.append(1), made += 1, {notify_all: c}]}]}]
  consumer:
    steps: [{repeat: 2000, do: [{with: c, do: [{while: not items, do: [{wait: c}]}, items.pop(), taken += 1, {notify_all: c}]}]}]
expect: {final: [made == 2000, taken == 2000, len(items) == 0], always: [len(items) <= 2]}
"""
CROWD = """
vars: {items: []}
primitives: {c: Condition}
threads:
  producer: {count: 2, steps: [{repeat: 1000, do: [{with: c, do: [{while: items, do: [{wait: c}]}, items.append(1), {notify_all: c}]}]}]}
  consumer: {count: 2, steps: [{repeat: 1000, do: [{with: c, do: [{while: not items, do: [{wait: c}]}, items.pop(), {notify_all: c}]}]}]}
"""
NUMBER = """
vars: {n: 0}
primitives: {c: Condition}
threads:
  producer: {steps: [{repeat: 1000, do: [{with: c, do: [{wait_for: c, until: n < 2}, n += 1, {notify: c}]}]}]}
  consumer: {steps: [{repeat: 1000, do: [{with: c, do: [{wait_for: c, until: n > 0}, n -= 1, {notify: c}]}]}]}
expect: {final: [n == 0], always: [0 <= n <= 2]}
"""
BARRIER = """
vars: {n: 0, ready: 0}
primitives: {b: {Barrier: 3}, l: Lock}
threads: {w: {count: 3, steps: [{repeat: 1000, do: [{with: l, do: [n += 1]}, {wait: b}, {assert: ready >= 0}]}]}}
expect: {final: [n == 3000]}
"""
ACTION = (
    BARRIER.replace("{Barrier: 3}", "{Barrier: {parties: 3, action: adds}}").replace("n == 3000", "n == 4000")
    + "routines: {adds: {steps: [{with: l, do: [n += 1]}]}}"
)
PARTS = """
vars: {n: 0}
primitives: {c: Condition}
threads:
  a: {steps: [{repeat: 1000, do: [{with: c, do: [n += 1, {notify: c}]}]}]}
  b: {steps: [{repeat: 1000, do: [{with: c, do: [n += 2, {notify: c}]}]}]}
main: [{start: a}, {start: b}, {join: all}]
expect: {final: [n == 3000]}
"""
HUGE = """
vars: {n: 0}
primitives: {c: Condition, s: {Semaphore: 1}}
threads: {w: {steps: [{repeat: 1, do: [{with: c, do: [n += 9007199254740993, {acquire: s}]}, {release: s}]}]}}
expect: {final: [n == 9007199254740993]}
"""
QUEUES = """
vars: {n: 0}
primitives: {q: {Queue: 2}, back: Queue}
threads:
  asks: {count: 2, steps: [{repeat: 100, do: [{put: q, item: 1}, {get: back}]}]}
  answers: {steps: [{repeat: 100, do: [{repeat: 2, do: [{get: q, into: x}, {put: back, item: x}]}]}]}
"""
NESTED = SEMAPHORES.replace("{repeat: 1000, do: [{acquire: full}", "{repeat: 10, do: [{for: i, in: range(100), do: [{acquire: full}").replace(
    "{release: empty}]}", "{release: empty}]}]}"
)  # fmt: skip


@pytest.mark.parametrize("text", [SEMAPHORES, CONDITION, CROWD, NUMBER, BARRIER, PARTS, HUGE, QUEUES, NESTED])
def test_exchanges_of_many_rounds_hold(text):
    found = proved(text)
    assert found is not None
    assert not found.vacuous


@pytest.mark.parametrize(
    "text",
    [
        SEMAPHORES.replace("repeat: 1000", "repeat: 1001", 1),  # one more is made than taken: twice
        SEMAPHORES.replace("full: {Semaphore: 0}", "full: {Semaphore: 0}, other: {Semaphore: 0}").replace("{release: full}", "{release: other}"),
        SEMAPHORES.replace("empty: {Semaphore: 2}", "empty: {Semaphore: 0}"),
        SEMAPHORES.replace("n <= 2", "n <= 1"),
        SEMAPHORES.replace("n == 0", "n == 1"),
        CONDITION.replace("repeat: 2000", "repeat: 2003"),
        CONDITION.replace("repeat: 2000", "repeat: 1990"),
        CONDITION.replace("made == 2000", "made == 1999"),
        CONDITION.replace("len(items) == 0", "len(items) == 1"),
        CROWD.replace("while: not items", "if: not items").replace("not items, do:", "not items, then:"),
        CROWD.replace("notify_all", "notify"),
        CONDITION.replace("taken += 1, {notify_all: c}", "taken += 1"),
        NUMBER.replace("repeat: 1000", "repeat: 1003", 1),
        NUMBER.replace("n > 0", "n > 1"),
        BARRIER.replace("repeat: 1000", "repeat: 1000 + index"),
        BARRIER.replace("Barrier: 3", "Barrier: 2"),
        BARRIER.replace("n == 3000", "n == 2999"),
        QUEUES.replace("repeat: 2,", "repeat: 3,"),
        QUEUES.replace("{get: back}", "{get: back}, {get: back}"),
        NESTED.replace("range(100)", "range(101)"),
        ACTION.replace("n == 4000", "n == 3000"),
        PARTS.replace("main: [{start: a}, {start: b}", "main: [{start: a}"),
        PARTS.replace("{start: b}", "{choose: x, from: [0, 1]}, {if: x, then: [{start: b}]}"),
        HUGE.replace("n == 9007199254740993", "n == 9007199254740992"),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_not_proved(text):
    assert proved(text) is None


@pytest.mark.parametrize(
    "text",
    [
        SEMAPHORES.replace("n += 1", "pass").replace("n -= 1", "pass").replace("{release: full}", "{if: n >= 0, then: [{release: full}]}"),
        SEMAPHORES.replace("{acquire: empty}", "{acquire: empty, timeout: 10}"),
        SEMAPHORES.replace("producer: {", "producer: {daemon: true, "),
        SEMAPHORES.replace("{release: full}]", "{release: full}, {if: n > 7, then: [break]}]"),
        CONDITION.replace("made += 1", "made = made + 1"),
        CONDITION.replace("items.append(1), made += 1", "items.append(1)").replace("{notify_all: c}]}]}]", "{notify_all: c}]}, made += 1]}]", 1),
        CONDITION.replace("items.append(1)", "'items.extend([1])'"),
        BARRIER.replace("{wait: b}", "{wait: b, timeout: 10}"),
    ],
)  # fmt: skip
def test_what_is_not_told_by_the_form_is_left_to_the_search(text):
    assert proved(text) is None


DAEMON = """
vars: {n: 0}
primitives: {l: Lock}
threads: {w: {DAEMON steps: [{repeat: 3, do: [{with: l, do: [n += 1]}]}]}, other: {steps: [{assert: n >= 0}]}}
expect: {final: [n == 3]}
"""


def test_a_daemon_may_not_come_to_its_end():
    assert proved(DAEMON.replace("DAEMON", "")) is not None
    assert proved(DAEMON.replace("DAEMON", "daemon: true,")) is None


def test_a_round_may_end_before_the_end_of_its_body():
    text = """
vars: {n: 0}
primitives: {l: Lock}
threads: {w: {count: 2, steps: [{repeat: 3, do: [{with: l, do: [n = 1]}, {if: n > 0, then: [continue]}, pass]}]}}
expect: {final: [n == 2]}
"""
    assert proved(text) is None


def test_routines_that_call_each_other_very_often_are_each_read_once():
    calls = ", ".join(f"r{i}: {{steps: [{{call: r{i + 1}}}, {{call: r{i + 1}}}]}}" for i in range(60))
    text = PARTS.replace("steps: [{repeat: 1000, do: [", "steps: [{call: r0}, {repeat: 1000, do: [", 1).replace(
        "threads:", f"routines: {{{calls}, r60: {{steps: [{{with: c, do: [n += 1]}}]}}}}\nthreads:"
    )
    counts = counted(program_of(text))
    assert counts is not None
    assert counts.totals() == {"n": 2**60 + 3000}


def test_what_is_proved_holds():
    """Random exchanges, each that is proved beside the search of all that it does as it stands."""
    checked, _ = held_against_all((random_exchange(Random(seed)) for seed in range(150)), 8_000)
    assert checked > 8
