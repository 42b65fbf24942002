"""Who waits for whom."""

from report.results import BLOCKED

from scenario.report.style import Style
from scenario.report.waits import waits


def test_the_circle_of_waiting_is_drawn():
    assert waits(BLOCKED, "x.yaml", Style()) == [
        "who waits for what:",
        "  A waits at x.yaml:7 for lock b, held by B (since line 11)",
        "  B waits at x.yaml:11 for lock a, held by A (since line 7)",
        "the circle of waiting:",
        "  ┌─▶ A waits for lock b, which B has",
        "  │   B waits for lock a, which A has",
        "  └───┘",
    ]


def test_the_circle_is_no_wider_than_the_terminal():
    lines = waits(BLOCKED, "x.yaml", Style(width=30))
    assert lines[-5:] == [
        "  ┌─▶ A waits for lock b,",
        "  │     which B has",
        "  │   B waits for lock a,",
        "  │     which A has",
        "  └───┘",
    ]
