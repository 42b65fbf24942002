"""Schedules with what each thread holds."""

from dataclasses import replace

from report.drawn_schedules import ABBA, LATE, evidence

from scenario.report.pictures.timeline import timeline
from scenario.report.style import Style


def drawn(text, **style):
    found = evidence(text)
    return timeline(found.schedule, found.blocked, Style(**style))


def test_letters_stand_in_the_columns_of_who_has_the_locks_and_the_end_says_who_waits():
    assert drawn(ABBA, width=72) == [
        "held: A a",
        "      B b",
        "step  line  one                          two",
        "   1     4  A acquire a",
        "   2     5  A                            B acquire b",
        "            A waits for lock b           B waits for lock a",
    ]


def test_no_line_is_wider_than_the_terminal():
    for width in (60, 80, 120):
        assert max(map(len, drawn(LATE, width=width))) <= width - 2


def test_threads_that_do_not_fit_are_a_list_that_says_so():
    said, head, *_ = drawn(ABBA, width=30)
    assert (said, head) == ("(no lanes: 2 threads need 36 columns)", "step  line  thread")
    assert drawn(ABBA, width=36)[2].split() == ["step", "line", "one", "two"]


def test_what_a_column_is_too_narrow_for_goes_on_below():
    lines = [line[12:] for line in drawn(ABBA, width=50)]
    assert lines[-2:] == ["A waits for lock  B waits for lock", "A b               B a"]


def test_letters_are_in_colour():
    found = evidence(ABBA)
    coloured = timeline(found.schedule, found.blocked, Style(enabled=True, width=80))
    assert any("\033[1;36mA\033[0m" in line for line in coloured)
    plain = timeline(found.schedule, found.blocked, replace(Style(width=80)))
    assert [
        line.replace("\033[1;36m", "").replace("\033[1;33m", "").replace("\033[0m", "").replace("\033[1m", "")
        for line in coloured
    ] == plain
