"""Schedules that explore finds, to be drawn."""

from explore.found import program

from scenario.engines.explore import explore
from scenario.judge import exploration_verdict, judge
from scenario.settings import ExploreOptions

ABBA = """
primitives: {a: Lock, b: Lock}
threads:
  one: {steps: [{with: a, do: [{with: b, do: [pass]}]}]}
  two: {steps: [{with: b, do: [{with: a, do: [pass]}]}]}
"""
LATE = """
vars: {ready: false}
primitives: {changed: Condition, once: RLock}
threads:
  waiter:
    steps:
      - with: changed
        do: [{wait: changed}]
      - assert: not ready
  teller:
    steps:
      - with: [once, once]
        do: [ready = True]
      - with: changed
        do: [{notify_all: changed}]
expect: {deadlock: possible}
"""


def evidence(text):
    """That of the first failure, which `expect` does not allow."""
    of = program(text)
    verdict = exploration_verdict(of, explore(of, ExploreOptions(), judge=judge))
    return next(one for one in verdict.evidence if not one.expected)
