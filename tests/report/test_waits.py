"""Who waits for whom."""

from click.testing import CliRunner
from report.results import BLOCKED

from scenario.cli.main import cli
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


def test_who_starves_waits_for_what_is_held_at_times(tmp_path):
    """At the end of a round that goes on for ever it may be free."""
    file = tmp_path / "hog.yaml"
    file.write_text(
        "scenario: hog\nvars: {stop: false}\nprimitives: {lock: Lock}\nexplore: {fairness: weak}\nthreads:\n"
        "  hog: {steps: [{while: not stop, do: [{with: lock, do: [pass]}]}]}\n"
        "  meek: {steps: [{with: lock, do: [stop = True]}]}\n"
    )
    said = CliRunner().invoke(cli, ["explore", str(file)]).output
    assert "for lock lock, at times held by hog (since line 6)" in " ".join(said.split())
