"""Patterns among thousands of threads: looked for in time that grows with their number, not with its square."""

from __future__ import annotations

import time

from scenario.judge.patterns import pattern
from scenario.results.failures import Deadlock, Failure
from scenario.results.result import Evidence
from scenario.results.waiting import Blocked, Wait
from scenario.source import START


def test_of_thousands_who_wait_for_one_event_the_pattern_is_found_at_once() -> None:
    """Each was held against each: of 20,000 tasks the report took minutes, whatever the run's timeout."""
    blocked = tuple(Blocked(f"A[{i}]", START, Wait("event", "e")) for i in range(10_000))
    began = time.process_time()
    found = pattern(Evidence(Failure(Deadlock(blocked)), blocked=blocked))
    assert found is not None
    assert found.name == "waiting for nothing"
    assert time.process_time() - began < 5  # it was a minute
