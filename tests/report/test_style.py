"""When there is colour."""

import pytest

from scenario.report.style import Style, colored


@pytest.mark.parametrize(
    ("choice", "environment", "terminal", "expected"),
    [
        ("auto", {}, True, True),
        ("auto", {}, False, False),
        ("auto", {"NO_COLOR": "1"}, True, False),
        ("auto", {"NO_COLOR": ""}, True, True),
        ("auto", {"FORCE_COLOR": "1"}, False, True),
        ("auto", {"FORCE_COLOR": "0"}, True, False),
        ("auto", {"NO_COLOR": "1", "FORCE_COLOR": "1"}, True, False),
        ("auto", {"CLICOLOR_FORCE": "1"}, False, True),
        ("auto", {"CLICOLOR": "0"}, True, False),
        ("auto", {"TERM": "dumb"}, True, False),
        ("always", {"NO_COLOR": "1"}, False, True),
        ("never", {"FORCE_COLOR": "1"}, True, False),
    ],
)
def test_flag_goes_before_no_color_before_force_color_before_terminal(choice, environment, terminal, expected):
    assert colored(choice, environment, terminal=terminal) is expected


def test_a_sentence_is_broken_on_a_terminal_only():
    text = "a notification that nobody waits for is gone"
    assert Style().filled(text) == [text]
    assert Style(width=30).filled(text) == ["a notification that nobody", "  waits for is gone"]


def test_a_painted_word_takes_no_more_room_than_a_plain_one():
    style = Style(enabled=True, width=20)
    assert style.led("help", ": take the locks in one order", style.hint) == [
        "\033[1;36mhelp\033[0m: take the locks",
        "  in one order",
    ]
