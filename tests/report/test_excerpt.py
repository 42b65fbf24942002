"""Places in files."""

from scenario.report.diagnostics import excerpt
from scenario.report.style import Style
from scenario.source import Source, Span


def shown(text, span):
    return excerpt("f", Source("f", text), span, Style())


def test_carets_stand_below_the_place():
    assert shown("a: bcd\n", Span(1, 4, 1, 7)) == [" --> f:1:4", "  |", "1 | a: bcd", "  |    ^^^", "  |"]


def test_wide_characters_take_two_columns():
    assert shown("日: x\n", Span(1, 4, 1, 5))[3] == "  |     ^"


def test_control_characters_never_reach_the_terminal():
    assert "\x1b" not in "".join(shown("a: \x1b[31m\n", Span(1, 4, 1, 9)))


def test_a_place_past_the_end_shows_no_excerpt():
    assert shown("a: 1\n", Span(7, 1, 7, 1)) == [" --> f:7:1"]


def test_a_long_line_is_cut_around_the_place():
    lines = shown("x" * 900 + "here" + "x" * 900, Span(1, 901, 1, 905))
    assert lines[2][lines[3].index("^") :].startswith("here")
    assert len(lines[2]) < 250


def test_a_line_is_cut_to_the_terminal_and_says_so():
    text = "x" * 90 + "here" + "x" * 90
    lines = excerpt("f", Source("f", text), Span(1, 91, 1, 95), Style(width=60))
    assert lines[2][lines[3].index("^") :].startswith("here")
    assert (max(map(len, lines)), lines[2][:5], lines[2][-1]) == (60, "1 | …", "…")


def test_the_end_of_a_long_line_is_shown_to_its_last_character():
    lines = excerpt("f", Source("f", "x" * 90 + "here"), Span(1, 91, 1, 95), Style(width=60))
    assert (lines[2][-5:], lines[3][-5:], len(lines[2])) == ("xhere", " ^^^^", 60)


def test_a_place_over_several_lines_shows_its_first():
    assert shown("a: b\nc: d\n", Span(1, 1, 2, 5))[3] == "  | ^^^^"
