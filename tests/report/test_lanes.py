"""Schedules as text."""

from report.results import LOST_UPDATE

from scenario.report.lanes import LONGEST, lanes, matters
from scenario.report.style import Style
from scenario.results.schedule import NOTHING, Deed, Move, Schedule
from scenario.source import Span


def did(thread, operation, thing="", value=NOTHING, line=1, **facts):
    span = Span(line, 1, line, 2)
    return Move(thread, 0, span, (Deed(operation, thing, value, span),), **facts)


def test_each_thread_has_its_column():
    assert lanes(LOST_UPDATE, Style()) == [
        "step  line  A                  B",
        "   1     6  read counter -> 0",
        "   2    10                     read counter -> 0",
        "   3    10                     counter = 1",
        "   4     6  counter = 1",
    ]


def test_what_matters_is_the_window_in_which_another_thread_came_in():
    assert matters(LOST_UPDATE.moves) == {0, 1, 3}


def test_too_many_threads_for_a_screen_become_a_list():
    moves = tuple(did(f"worker[{i}]", "read", "counter", 0) for i in range(12))
    assert lanes(Schedule("d", moves), Style())[12] == "  12        worker[11]  read counter -> 0"


def test_the_middle_of_a_long_schedule_is_left_out():
    text = lanes(Schedule("d", tuple(did("AB"[i % 2], "read", "x", i) for i in range(1000))), Style())
    assert len(text) == LONGEST + 2
    assert any("880 steps" in line for line in text)


def test_a_livelock_says_where_its_circle_begins():
    text = lanes(Schedule("d", (did("A", "acquire", "x"), did("A", "acquire", "y")), cycle=1), Style())
    assert text[2] == "--- from here on, again and again ---"


def test_lanes_that_are_wider_than_the_terminal_become_a_list():
    moves = (did("A", "read", "something", 1), did("B", "read", "something", 1))
    wide = lanes(Schedule("d", moves), Style(width=80))
    narrow = lanes(Schedule("d", moves), Style(width=40))
    assert wide[0].split() == ["step", "line", "A", "B"]
    assert [line.split()[:2] for line in narrow] == [["step", "line"], ["1", "A"], ["2", "B"]]
    assert max(map(len, narrow)) <= 40


def test_of_many_steps_of_one_thread_the_first_and_the_last_are_shown():
    moves = (did("A", "acquire", "x"), *(did("B", "read", "y", i) for i in range(30)), did("A", "release", "x"))
    text = lanes(Schedule("d", moves), Style())
    assert [line.split()[0] for line in text] == ["step", "1", "2", "3", "4", "…", "29", "30", "31", "32"]
    assert text[5].strip() == "…  (24 steps of B)"
    assert len(lanes(Schedule("d", moves), Style(full=True))) == 33


def test_what_is_done_on_another_line_within_a_step_has_a_line_of_its_own():
    deeds = (
        Deed("read", "x", 1, Span(3, 1, 3, 2)),
        Deed("choose", "c", 2, Span(4, 1, 4, 2)),
        Deed("end", span=Span(3, 1, 3, 2), error="ValueError"),
    )
    assert lanes(Schedule("d", (Move("A", 0, Span(3, 1, 3, 2), deeds),)), Style())[1:] == [
        "   1     3  read x -> 1",
        "         4  choose c = 2",
        "         3  ends with ValueError",
    ]


def test_words_that_a_narrow_terminal_can_not_show_go_on_below():
    moves = (did("someone", "read", "x", "a b " * 10), did("else", "read", "x", 1))
    text = lanes(Schedule("d", moves), Style(width=50))
    assert max(map(len, text)) <= 48
    assert len(text) == 5


def test_who_goes_on_to_the_end_is_told_within_the_width():
    schedule = Schedule("d", (did("A", "read", "x"),), rest=tuple(f"worker[{i}]" for i in range(12)))
    text = lanes(schedule, Style(width=60))
    assert text[-2:] == ["   …  (then to their ends, one after the other:", "     worker[0], worker[1], …, worker[11])"]
