"""Schedules as text."""

from report.results import LOST_UPDATE

from scenario.report.lanes import LONGEST, lanes, matters
from scenario.report.style import Style
from scenario.run.schedule import Move, Schedule


def test_each_thread_has_its_column():
    assert lanes(LOST_UPDATE, Style()) == [
        "step  line  A                  B",
        "   1     6  read counter -> 0",
        "   2    10                     read counter -> 0",
        "   3    10                     write counter = 1",
        "   4     6  write counter = 1",
    ]


def test_what_matters_is_the_window_in_which_another_thread_came_in():
    assert matters(LOST_UPDATE.moves) == {0, 1, 3}


def test_too_many_threads_for_a_screen_become_a_list():
    moves = tuple(Move(f"worker[{i}]", action="read counter -> 0") for i in range(12))
    assert lanes(Schedule("d", moves), Style())[11] == "  12        worker[11]  read counter -> 0"


def test_the_middle_of_a_long_schedule_is_left_out():
    text = lanes(Schedule("d", tuple(Move("A", action="x") for _ in range(1000))), Style())
    assert len(text) == LONGEST + 2
    assert any("880 steps" in line for line in text)


def test_a_livelock_says_where_its_circle_begins():
    text = lanes(Schedule("d", (Move("A", action="x"), Move("A", action="y")), cycle=1), Style())
    assert text[2] == "--- from here on, again and again ---"


def test_lanes_that_are_wider_than_the_terminal_become_a_list():
    moves = (Move("A", action="read something -> 1"), Move("B", action="read something -> 1"))
    wide = lanes(Schedule("d", moves), Style(width=80))
    narrow = lanes(Schedule("d", moves), Style(width=40))
    assert wide[0].split() == ["step", "line", "A", "B"]
    assert [line.split()[:2] for line in narrow] == [["1", "A"], ["2", "B"]]
    assert max(map(len, narrow)) <= 40
