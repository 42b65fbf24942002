"""Annotations and the step's summary on GitHub."""

from dataclasses import replace

import pytest
from formats.reported import reported
from report import results

from scenario.diagnostics import Diagnostic
from scenario.report.formats import chosen
from scenario.results.failures import AssertFalse, Failure
from scenario.results.result import Evidence, Report, Verdict
from scenario.source import Span


def commands(*found):
    text = reported("github", Report("run", found), environment={})
    return [line for line in text.splitlines() if line.startswith(("::error", "::warning", "::notice"))]


def failing(message, *, file="x.yaml", name="x"):
    evidence = Evidence(Failure(AssertFalse("x", message), Span(2, 3, 2, 9)))
    return replace(
        results.FAILED, file=file, scenario=name, case="", verdict=Verdict("fails", (evidence,)), reproduce=None
    )


def test_the_message_is_escaped():
    assert commands(failing("50%\r\nof a: b, c"))[0].endswith("::50%25\\r\\nof a: b, c")


def test_properties_are_escaped():
    assert "title=a%2C b%3A 5%25%3A assert" in commands(failing("", name="a, b: 5%"))[0]


def test_an_annotation_has_its_place():
    assert "line=2,endLine=2,col=3,endColumn=9" in commands(failing("x"))[0]


def test_errors_come_before_warnings():
    levels = [command.split()[0] for command in commands(results.UNDECIDED, results.FAILED, results.UNDECIDED)]
    assert levels == ["::error", "::warning", "::warning"]


def test_a_message_of_any_length_stays_within_githubs_limits(tmp_path):
    file = tmp_path / "summary.md"
    report = Report("run", tuple(failing("<" * 100_000) for _ in range(400)))
    text = reported("github", report, environment={"GITHUB_STEP_SUMMARY": str(file)})
    annotations = [line for line in text.splitlines() if line.startswith("::error")]
    assert max(map(len, annotations)) < 2**16
    assert file.stat().st_size < 2**20


def test_what_is_expected_is_no_annotation():
    evidence = replace(results.FAILED.verdict.evidence[0], expected=True)
    assert commands(replace(results.FAILED, verdict=Verdict("holds", (evidence,)))) == []


def test_a_scenario_can_not_give_workflow_commands():
    text = reported("github", Report("run", (failing("x\n::set-env name=A::b"),)), environment={})
    stop, token = text.splitlines()[0].split("::")[1:]
    assert (stop, f"\n::{token}::" in text) == ("stop-commands", True)
    assert "\n::set-env" not in text


def test_the_steps_summary_is_a_table_of_what_did_not_hold(tmp_path):
    file = tmp_path / "summary.md"
    file.write_text("before\n")
    reported(
        "github", Report("run", (results.PASSED, failing("a | <b>"))), environment={"GITHUB_STEP_SUMMARY": str(file)}
    )
    text = file.read_text()
    assert text.startswith("before\n### scenario run\n")
    assert text.splitlines()[-1] == "| fails | x | x.yaml | assert: a \\| &lt;b> |"


def test_the_table_counts_what_is_as_bad_and_no_warnings(tmp_path):
    file, warned = tmp_path / "summary.md", Diagnostic("SC408", "may be lost", Span(2, 3, 2, 9), severity="warning")
    one, two = replace(failing("x"), diagnostics=(warned,)), failing("y")
    two = replace(two, verdict=Verdict("fails", 2 * two.verdict.evidence))
    reported("github", Report("run", (one, two)), environment={"GITHUB_STEP_SUMMARY": str(file)})
    assert [line.rpartition(": ")[2] for line in file.read_text().splitlines()[-2:]] == ["x |", "y (and 1 more) |"]


def test_a_summary_that_can_not_be_written_is_a_warning(tmp_path):
    missing = {"GITHUB_STEP_SUMMARY": str(tmp_path / "none" / "summary.md")}
    text = reported("github", Report("run", (results.PASSED,)), environment=missing)
    assert text.splitlines()[-1] == "::warning::the summary of the step can not be written: No such file or directory"


@pytest.mark.parametrize(
    ("name", "environment", "to_file", "expected"),
    [
        ("auto", {}, False, "full"),
        ("auto", {"GITHUB_ACTIONS": "true"}, False, "github"),
        ("auto", {"GITHUB_ACTIONS": "true"}, True, "full"),
        ("json", {"GITHUB_ACTIONS": "true"}, False, "json"),
    ],
)
def test_auto_is_github_in_its_actions_only(name, environment, to_file, expected):
    assert chosen(name, environment, to_file=to_file) == expected
