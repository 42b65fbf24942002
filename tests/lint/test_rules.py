"""Each rule finds what it is for, where it is, and says nothing of what is right."""

import re
from pathlib import Path

import pytest
from click.testing import CliRunner
from compile.files import programs
from spec.files import complete

from scenario.cli.main import cli
from scenario.lint.check import RULES, warnings
from scenario.source import Source

CASES = sorted((Path(__file__).parent / "cases").glob("*.yaml"))
RULE_FILES = Path(__file__).parents[2] / "src" / "scenario" / "lint" / "rules"
SHIPPED = sorted((Path(__file__).parents[2] / "scenarios").rglob("*.yaml"))


def found(text: str, ignore=()):
    return warnings(programs(text), Source("x.scenario.yaml", text), ignore)


def places(text: str) -> list[tuple[str, int]]:
    return sorted((item.code, item.span.line) for item in found(text))


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_exactly_the_marked_lines_are_warned_about(path):
    text = path.read_text()
    marks = [
        (code, number)
        for number, line in enumerate(text.splitlines(), 1)
        for code in re.findall(r"# expect: (SC\d{3})", line)
    ]
    assert places(text) == sorted(marks)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_the_bad_example_has_that_code_alone(rule):
    assert {item.code for item in found(complete(rule.bad))} == {rule.code}


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_the_good_example_has_no_warning(rule):
    assert found(complete(rule.good)) == ()


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_every_rule_has_a_case_that_must_be_found(rule):
    assert any(f"# expect: {rule.code}" in path.read_text() for path in CASES)


def test_the_shipped_scenarios_have_no_warnings():
    assert [(path.name, item) for path in SHIPPED for item in found(path.read_text())] == []


def test_the_page_lists_every_rule_by_code_and_name():
    page = (Path(__file__).parents[2] / "docs" / "howto" / "static_rules.md").read_text()
    rows = re.findall(r"^\| (SC\d{3}) \| `([\w-]+)` \|", page, re.MULTILINE)
    assert rows == sorted((rule.code, rule.name) for rule in RULES)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_a_rule_is_a_file_with_its_code_and_its_page(rule):
    files = [path for path in RULE_FILES.glob("*.py") if f'"{rule.code}"' in path.read_text()]
    assert len(files) == 1
    shown = CliRunner().invoke(cli, ["explain", rule.code]).output
    assert shown.startswith(f"# {rule.code} {rule.name}\n\n{rule.summary}\n\n## Why\n")
    assert "## Instead of" in shown and "## Write" in shown  # noqa: PT018


UNUSED = "scenario: x\nvars:\n  a: 0{comment}\nthreads: {{A: {{steps: [pass]}}}}\n"


@pytest.mark.parametrize(
    "comment", ["  # scenario: ignore SC409", "  # scenario: ignore", "  # scenario: ignore SC404, SC409"]
)
def test_a_comment_on_the_line_silences_a_rule(comment):
    assert found(UNUSED.format(comment=comment)) == ()


@pytest.mark.parametrize(
    "comment", ["# scenario: ignore SC409", "# scenario: ignore SC404\n  # scenario: ignore SC409"]
)
def test_a_comment_alone_above_the_line_silences_a_rule(comment):
    assert found(UNUSED.format(comment="").replace("  a: 0", f"  {comment}\n  a: 0")) == ()


def test_a_comment_behind_the_line_above_silences_nothing():
    text = UNUSED.format(comment="").replace("  a: 0", "  b: 0  # scenario: ignore SC409\n  a: 0")
    assert places(text) == [("SC409", 4)]


@pytest.mark.parametrize("comment", ["", "  # scenario: ignore SC404", "  # ignore SC409"])
def test_a_comment_about_something_else_silences_nothing(comment):
    assert [item.code for item in found(UNUSED.format(comment=comment))] == ["SC409"]


def test_ignored_codes_are_left_out():
    assert found(UNUSED.format(comment=""), ignore=("SC409",)) == ()


def test_a_file_that_expects_to_fail_is_not_warned_of_its_bug():
    bug = complete(next(rule for rule in RULES if rule.code == "SC404").bad)
    assert found(bug) != ()
    assert found(bug + "expect: {fails: [deadlock]}\n") == ()


def test_routines_that_multiply_are_given_up_on():
    calls = ", ".join(["{call: r%d}"] * 30)
    routines = "".join(f"  r{n}: {{steps: [{calls % ((n + 1,) * 30)}]}}\n" for n in range(6))
    text = f"scenario: x\nroutines:\n{routines}  r6: {{steps: [pass]}}\nthreads: {{A: {{steps: [call: r0]}}}}\n"
    assert found(text) == ()


def test_who_is_joined_is_named_where_all_are():
    (warning,) = found(
        "scenario: x\n"
        "primitives: {lock: Lock}\n"
        "threads:\n"
        "  A: {steps: [{with: lock, do: [pass]}]}\n"
        "  B: {steps: [{with: lock, do: [pass]}]}\n"
        "  C: {steps: [pass]}\n"
        "main: [{start: all}, {with: lock, do: [{join: all}]}]\n"
    )
    assert warning.message == "`A` and `B` are joined with `lock` held, and take it in lines 4 and 5"
    assert warning.hint == "join when `lock` has been given back"


ACTION = """
scenario: x
vars: {{total: 0, seen: 0}}
primitives:
  {name}: {{Barrier: {{parties: 2, action: tally}}}}
routines:
  tally: {{steps: [total += 1]}}
threads:
  worker:
    count: 2
    steps:
      - wait: {name}
      - seen = total
"""
OTHER = "  other: {steps: [total += 1]}\n"


@pytest.mark.parametrize("name", ["gate", "call", "callback", "initializer", "interrupt", "thread"])
def test_what_a_barrier_is_called_says_nothing_of_its_action(name):
    text = ACTION.format(name=name).lstrip()
    assert places(text) == []
    assert {code for code, _ in places(text + OTHER)} == {"SC408"}
