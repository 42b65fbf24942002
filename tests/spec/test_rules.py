"""Every code has a rule, and every rule's examples are what they say."""

from pathlib import Path

import pytest
from spec.files import codes_of, complete

from scenario.diagnostics import RULES
from scenario.spec import codes, rules

CODES = {value for name, value in vars(codes).items() if name.isupper()}
OURS = [*rules.FILE_RULES, *rules.SHAPE_RULES, *rules.EXPRESSION_RULES]
SHOWN = [rule for rule in OURS if rule.bad]


def test_every_code_has_a_rule_and_every_rule_a_code():
    assert {rule.code for rule in OURS} == CODES
    assert RULES.keys() >= CODES


def test_every_code_is_used():
    source = "".join(path.read_text() for path in Path(codes.__file__).parent.glob("*.py") if path.name != "rules.py")
    assert [name for name in vars(codes) if name.isupper() and f"codes.{name}" not in source] == []


@pytest.mark.parametrize("rule", SHOWN, ids=lambda rule: rule.code)
def test_the_bad_example_has_that_code(rule):
    assert rule.code in codes_of(complete(rule.bad))


@pytest.mark.parametrize("rule", SHOWN, ids=lambda rule: rule.code)
def test_the_good_example_is_valid(rule):
    assert codes_of(complete(rule.good)) == []


@pytest.mark.parametrize("rule", OURS, ids=lambda rule: rule.code)
def test_a_rule_is_told_in_sentences(rule):
    assert rule.summary.endswith(".")
    assert rule.why.endswith((".", "`."))
