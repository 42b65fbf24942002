"""Who waits for whom."""

from report.results import BLOCKED

from scenario.report.style import Style
from scenario.report.waits import find_cycle, waits
from scenario.run.outcome import Blocked
from scenario.source import START


def test_the_circle_of_waiting_is_drawn():
    assert waits(BLOCKED, (), "x.yaml", Style()) == [
        "who waits for what:",
        "  A waits at x.yaml:7 for lock `b`, held by B (since line 11)",
        "  B waits at x.yaml:11 for lock `a`, held by A (since line 7)",
        "the circle of waiting:",
        "  ┌─▶ A waits for lock `b`, which B has",
        "  │   B waits for lock `a`, which A has",
        "  └───┘",
    ]


def test_a_thread_that_waits_for_itself_is_a_circle():
    assert find_cycle({"A": Blocked("A", START, "lock `a`", (("A", START),))}) == ["A"]


def test_waiting_for_a_thread_that_is_free_is_none():
    assert find_cycle({"A": Blocked("A", START, "lock `a`", (("B", START),))}) == []
