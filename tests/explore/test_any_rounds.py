"""Claims about states on the way where the number of rounds is left open: proved of loops of any number of rounds, or between bounds."""

from __future__ import annotations

import pytest
from explore.anonymous_programs import differences

from scenario.compile.opened import OpenFile
from scenario.engines.explore.forall import decide
from scenario.judge import judge
from scenario.results.for_all import Outside, Proved
from scenario.results.ways import AnyRounds
from scenario.source import Source
from scenario.spec.load import load

THROTTLE = """
scenario: s
params: {n: 1, z: 0}
primitives: {slots: {Semaphore: 3}, m: Lock}
vars: {inside: 0, served: 0}
threads:
  A:
    count: n
    steps:
      - repeat: z
        do:
          - with: slots
            do: [{with: m, do: [inside += 1]}, {with: m, do: [inside -= 1, served += 1]}]
expect: {always: [inside <= 3, inside >= 0]}
"""
BOTH = THROTTLE.replace("expect: {", "expect: {final: [served == n * z], ")
SUMS = """
scenario: s
params: {n: 1, z: 0}
primitives: {m: Lock}
vars: {served: 0, left: 5}
threads:
  A: {count: n, steps: [{repeat: z, do: [{with: m, do: [served += 1, left -= 2]}]}]}
expect: {always: [0 <= served <= n * z, left <= 5, left >= 5 - 2 * n * z], final: [served == n * z]}
"""
WAITING = """
scenario: s
params: {n: 1, z: 0}
primitives: {c: Condition}
vars: {free: 2}
threads:
  A:
    count: n
    steps:
      - for: i
        in: range(z + 1)
        do: [{with: c, do: [{while: free == 0, do: [{wait: c}]}, free -= 1]}, {with: c, do: [free += 1, {notify: c}]}]
expect: {always: [0 <= free <= 2], final: [free == 2]}
"""
CHECKED = """
scenario: s
params: {n: 1, z: 0}
primitives: {m: Lock}
vars: {inside: 0, served: 0}
threads:
  A: {count: n, steps: [{repeat: z, do: [{with: m, do: [inside += 1, {assert: inside == 1}, inside -= 1, served += 1, {assert: served >= 0}]}]}]}
expect: {final: [served == n * z]}
"""
FORKS = """
scenario: s
params: {n: 1, z: 0}
primitives: {forks: {array: 3, of: Lock}}
vars: {meals: 0}
threads:
  A:
    count: 3
    steps:
      - other = (index + 1) % 3
      - repeat: z
        do: [{with: "forks[min(index, other)]", do: [{with: "forks[max(index, other)]", do: [{atomic: meals += 1}]}]}]
expect: {final: [meals == 3 * z]}
"""


def decided(text: str) -> object:
    source = Source("s.yaml", text)
    return decide(OpenFile(load(source), source, {}).left_open(0, {"n": 1, "z": 0}), judge, 10.0)


@pytest.mark.parametrize("text", [THROTTLE, BOTH, SUMS, CHECKED, FORKS])
def test_it_holds_for_all(text):
    answer = decided(text)
    assert isinstance(answer, Proved)
    assert (AnyRounds() in answer.ways) == (text is not SUMS)


@pytest.mark.parametrize(
    "text",
    [
        THROTTLE.replace("Semaphore: 3", "Semaphore: 4"),
        THROTTLE.replace("inside <= 3", "inside <= 2"),
        THROTTLE.replace("{with: m, do: [inside += 1]}", "inside += 1"),
        THROTTLE.replace("inside -= 1, served += 1", "served += 1"),
        BOTH.replace("served == n * z", "served == n * z + 1"),
        BOTH.replace("inside >= 0", "served <= n"),
        SUMS.replace("<= n * z", "<= n * z - 1"),
        SUMS.replace("served += 1", "served -= 1"),
        SUMS.replace("left -= 2", "left += 1"),
        CHECKED.replace("inside == 1", "inside == 2"),
        CHECKED.replace("served >= 0", "served >= 1", 1).replace("served += 1, ", ""),
        CHECKED.replace("served == n * z", "served == n * z + 1"),
        FORKS.replace("min(index, other)", "index").replace("max(index, other)", "other"),
        FORKS.replace("meals == 3 * z", "meals <= 2 * z"),
        FORKS.replace("meals += 1}", "meals += z}"),
        FORKS.replace("array: 3", "array: n"),
        WAITING.replace(", {notify: c}", ""),
        WAITING.replace("while: free == 0", "if: free == 0").replace("do: [{wait: c}]", "then: [{wait: c}]"),
    ],
)
def test_what_fails_for_some_is_not_proved(text):
    assert not isinstance(decided(text), Proved)


def test_a_loop_that_may_go_on_for_ever_is_not_proved_to_end():
    """Who waits in a loop of his own may go round it as often as others wake him: that takes a closer look."""
    assert isinstance(decided(WAITING), Outside)


def test_each_number_of_rounds_is_as_was_said_of_all():
    for text in (THROTTLE, BOTH, SUMS, WAITING):
        body = text.replace("scenario: s\n", "").lstrip()
        _, *wrong = differences(body, 2)
        assert not wrong
