"""Progress: one line on a terminal, cut to its width, and nothing anywhere else."""

import io
from dataclasses import replace
from types import SimpleNamespace

import pytest

from scenario.cli.explore_command import _progress
from scenario.cli.progress import Progress, pace_line
from scenario.cli.run_command import _progress as runs_progress
from scenario.results.exploration import Pace


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


def test_what_may_take_long_is_said_at_once(clock):
    stream = Terminal()
    Progress(stream).show("making the page …", at_once=True)
    assert lines(stream) == ["making the page …"]


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


PACE = Pace(2.0, 50_000, 90_000, 17, 100 << 20, 58.0, 8 << 30)


def test_a_search_says_states_rate_depth_memory_and_what_is_left(clock):
    stream = Terminal()
    show = _progress(SimpleNamespace(progress=Progress(stream)))
    clock.time += 2
    show(PACE)
    clock.time += 1
    show(replace(PACE, left_states=950_000))
    clock.time += 1
    show(replace(PACE, walks=123))
    line = "50k states, 45k steps/s, depth 17, 100 MiB; left: 58 s, 8.0 GiB"
    assert lines(stream) == [
        line,
        line.replace("50k states", "50k of 1.0M states"),
        line.replace("50k states", "123 walks"),
    ]


def test_its_line_fits_a_terminal_whatever_the_numbers_are():
    most = Pace(9_999.0, 10**9, 10**11, 10**6, 1 << 37, 9_999.0, 1 << 37, 10**9)
    assert len(pace_line(most)) < 80


def test_many_runs_say_which_case_and_how_many_are_done(clock):
    stream = Terminal()
    show = runs_progress(SimpleNamespace(progress=Progress(stream)))
    clock.time += 1
    show("x.yaml n=2", 123, 1_000)
    assert lines(stream) == ["x.yaml n=2: 123 of 1,000 runs"]
