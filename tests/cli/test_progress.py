"""Progress: one line on a terminal, cut to its width, and nothing anywhere else."""

import io
from types import SimpleNamespace

import pytest

from scenario.cli.explore_command import _progress
from scenario.cli.progress import Progress
from scenario.cli.run_command import _progress as runs_progress


class Terminal(io.StringIO):
    def isatty(self):
        return True


@pytest.fixture
def clock(monkeypatch):
    now = SimpleNamespace(time=100.0)
    monkeypatch.setattr("time.monotonic", lambda: now.time)
    monkeypatch.delenv("CI", raising=False)
    monkeypatch.setenv("COLUMNS", "80")
    return now


def lines(stream):
    return [line.removeprefix("\033[K") for line in stream.getvalue().split("\r") if line.strip("\033[K")]


def test_nothing_is_shown_at_first(clock):
    stream = Terminal()
    progress = Progress(stream)
    clock.time += 0.4
    progress.show("soon")
    assert stream.getvalue() == ""
    clock.time += 0.2
    progress.show("now")
    assert lines(stream) == ["now"]


def test_the_line_changes_ten_times_a_second_at_most(clock):
    stream = Terminal()
    progress = Progress(stream)
    for _ in range(100):
        clock.time += 0.01
        progress.show(f"{clock.time:.2f}")
    assert 4 <= len(lines(stream)) <= 6


@pytest.mark.parametrize("columns", [20, 80])
def test_it_is_no_wider_than_the_terminal(clock, monkeypatch, columns):
    monkeypatch.setenv("COLUMNS", str(columns))
    stream = Terminal()
    progress = Progress(stream)
    clock.time += 1
    progress.show("x" * 200)
    assert len(lines(stream)[0]) == columns - 1


def test_it_makes_room_for_the_report(clock):
    stream = Terminal()
    progress = Progress(stream)
    clock.time += 1
    progress.show("searching")
    progress.clear()
    assert stream.getvalue().endswith("\r\033[K")


def test_elsewhere_and_in_ci_there_is_none(clock, monkeypatch):
    file, terminal = io.StringIO(), Terminal()
    progress = Progress(file)
    monkeypatch.setenv("CI", "true")
    in_ci = Progress(terminal)
    clock.time += 1
    progress.show("searching")
    in_ci.show("searching")
    assert file.getvalue() == terminal.getvalue() == ""


def test_a_search_says_states_rate_depth_and_budget_of_its_own_case(clock):
    stream = Terminal()
    show = _progress(SimpleNamespace(progress=Progress(stream)), 1_000_000, 60.0)
    clock.time += 2
    show(50_000, 90_000, 17)
    clock.time += 4
    show(100, 120, 3)  # fewer states: the next case
    clock.time += 1
    show(2_000, 3_000, 9)
    assert lines(stream)[0] == "50,000 of 1,000,000 states, 25,000/s, depth 17, 2 of 60 s, 90,000 steps"
    assert lines(stream)[-1].startswith("2,000 of 1,000,000 states, 2,000/s, depth 9, 1 of 60 s")


def test_a_search_without_a_number_of_states_says_how_many_it_has(clock):
    stream = Terminal()
    show = _progress(SimpleNamespace(progress=Progress(stream)), None, 60.0)
    clock.time += 2
    show(50_000, 90_000, 17)
    assert lines(stream)[0].startswith("50,000 states, 25,000/s")


def test_many_runs_say_which_case_and_how_many_are_done(clock):
    stream = Terminal()
    show = runs_progress(SimpleNamespace(progress=Progress(stream)), 1_000)
    clock.time += 1
    show(SimpleNamespace(loaded=SimpleNamespace(file="x.yaml"), label="n=2"), 123)
    assert lines(stream) == ["x.yaml n=2: 123 of 1,000 runs"]
