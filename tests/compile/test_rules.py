"""Every code has a rule, and every rule's examples are what they say."""

from pathlib import Path

import pytest
from compile.files import diagnostics
from spec.files import complete

from scenario.compile import codes, rules

CODES = {value for name, value in vars(codes).items() if name.isupper()}


def test_every_code_has_a_rule_and_every_rule_a_code():
    assert sorted(rule.code for rule in rules.RULES) == sorted(CODES)


def test_every_code_is_used():
    source = "".join(path.read_text() for path in Path(codes.__file__).parent.glob("*.py") if path.name != "rules.py")
    assert [name for name in vars(codes) if name.isupper() and f"codes.{name}" not in source] == []


@pytest.mark.parametrize("rule", rules.RULES, ids=lambda rule: rule.code)
def test_the_bad_example_has_that_code_alone(rule):
    assert {found.code for found in diagnostics(complete(rule.bad))} == {rule.code}


@pytest.mark.parametrize("rule", [rule for rule in rules.RULES if rule.good], ids=lambda rule: rule.code)
def test_the_good_example_is_valid(rule):
    assert diagnostics(complete(rule.good)) == ()


@pytest.mark.parametrize("rule", rules.RULES, ids=lambda rule: rule.code)
def test_a_rule_is_told_in_sentences(rule):
    assert rule.summary.endswith(".")
    assert rule.why.endswith((".", "`."))
