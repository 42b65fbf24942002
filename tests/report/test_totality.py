"""Tables that must know every member."""

from typing import get_args

from scenario.cli.options import FORMATS as OFFERED
from scenario.report.formats import FORMATS
from scenario.report.full import EXPLORED, WORDS
from scenario.report.style import COLORS
from scenario.report.summary import ORDER
from scenario.report.summary import WORDS as SUMMED
from scenario.results.result import Command, VerdictWord


def test_the_command_line_offers_every_format():
    assert set(OFFERED) == {"auto", *FORMATS}


def test_every_verdict_has_its_word_color_and_place():
    words = set(get_args(VerdictWord))
    assert words == set(WORDS) == set(EXPLORED) == set(COLORS) == set(ORDER)


def test_every_command_has_its_words_for_a_summary():
    assert set(SUMMED) == set(get_args(Command))
