"""Tokens that scenario gave in November 2026: a schedule that somebody keeps is still followed to its failure."""

import pytest
from replay.steps import program_of

from scenario.engines.explore.again import retrace
from scenario.engines.threads.controlled import replay
from scenario.judge import judge
from scenario.results.token import BadToken, decode

LOST = """scenario: lost
vars: {counter: 0}
threads: {inc: {count: 2, steps: [counter += 1]}}
expect: [counter == 2]
"""
ABBA = """scenario: abba
primitives: {a: Lock, b: Lock}
threads:
  A: {steps: [{with: a, do: [{with: b, do: [pass]}]}]}
  B: {steps: [{with: b, do: [{with: a, do: [pass]}]}]}
"""
MISSED = """scenario: missed
vars: {x: 0}
primitives: {c: Condition, pool: {ThreadPoolExecutor: 2}}
routines:
  put: {steps: [{with: c, do: [x += 1, {notify: c}]}]}
threads:
  taker: {steps: [{with: c, do: [{wait: c}]}, {choose: n, from: [1, 2]}, {assert: n == 1}]}
main: [{start: taker}, {submit: put, to: pool, into: f}, {result: f}, {join: taker}]
"""
KEPT = [
    (LOST, "1:e7ccb93275545820:inc[0],inc[1]*2,inc[0]", "final"),
    (ABBA, "1:84336c13088b4b83:A,B", "deadlock"),
    (MISSED, "1:0581fcb859e32160:main*2,taker*2,pool-worker[0]*6,taker,taker:1", "assert"),
    (MISSED, "1:0581fcb859e32160:main*2,pool-worker[0]*8,main,taker*2", "deadlock"),
]


@pytest.mark.parametrize(("text", "token", "kind"), KEPT)
def test_a_token_of_an_older_version_is_followed_to_its_failure(text, token, kind):
    made, schedule = program_of(text), decode(token)
    assert made.digest == schedule.digest
    (script,) = retrace(made, schedule)
    replayed = replay(made, script)
    assert replayed.diverged is None
    assert kind in {failure.kind for failure in judge(made, replayed.outcome).failures}


@pytest.mark.parametrize("token", ["0:e7ccb93275545820:inc[0]", "3:e7ccb93275545820:inc[0]"])
def test_a_token_of_a_version_that_is_not_known_is_refused_with_that_reason(token):
    with pytest.raises(BadToken, match="this is no schedule of version 1"):
        decode(token)
