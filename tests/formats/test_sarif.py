"""SARIF 2.1.0: what the standard requires of the parts that are written, and what code scanning needs."""

import json
from dataclasses import replace
from pathlib import Path

import jsonschema
import pytest
from click.testing import CliRunner
from formats.reported import reported
from report import results

from scenario.cli.main import cli
from scenario.report.machines.sarif import MEANINGS
from scenario.report.repository import in_repository
from scenario.results.failures import AssertFalse, Failure, FinalFalse
from scenario.results.result import Evidence, Report, Verdict
from scenario.source import Source, Span

STANDARD = json.loads((Path(__file__).parent / "standards" / "sarif-schema-2.1.0.json").read_text("utf-8-sig"))
"""The schema of OASIS SARIF 2.1.0."""


def log(*found):
    return json.loads(reported("sarif", Report("explore", found)))


def found(*results_):
    return log(*results_)["runs"][0]["results"]


WRONG = FinalFalse("x")


def failing(line, *, text=None, fact=WRONG):
    evidence = Evidence(Failure(fact, Span(line, 1, line, 5)))
    source = Source("x.yaml", text) if text is not None else results.SOURCE
    return replace(results.FAILED, source=source, verdict=Verdict("fails", (evidence,)))


def test_it_is_what_the_standard_demands():
    jsonschema.validate(log(*results.ALL), STANDARD)


def test_every_rule_that_is_named_is_described():
    run = log(*results.ALL)["runs"][0]
    rules = run["tool"]["driver"]["rules"]
    assert all(rules[result["ruleIndex"]]["id"] == result["ruleId"] for result in run["results"])


def test_rules_are_the_kinds_and_the_codes():
    assert {result["ruleId"] for result in found(*results.ALL)} == {"SC101", "SC301", "final", "deadlock", "undecided"}


def test_every_kind_of_failure_has_its_meaning():
    from typing import get_args

    from scenario.kinds import FailureKind

    assert set(MEANINGS) == {*get_args(FailureKind), "undecided"}


def test_a_fingerprint_survives_moved_lines():
    one, two = failing(2, text="a\nsame\n"), failing(4, text="a\nb\nc\n  same\n")
    assert found(one)[0]["partialFingerprints"] == found(two)[0]["partialFingerprints"]


def test_fingerprints_of_different_things_differ():
    prints = [
        str(result["partialFingerprints"])
        for result in found(failing(2), failing(3), failing(2, fact=AssertFalse("wrong")), failing(2))
    ]
    assert len(set(prints)) == 4


def test_a_schedule_is_a_code_flow():
    (result,) = found(results.EXPLORED)
    steps = result["codeFlows"][0]["threadFlows"][0]["locations"]
    assert steps[0]["location"]["message"]["text"] == "A: read counter -> 0"


def test_a_fault_of_ours_is_a_notification():
    (invocation,) = log(results.FAULT)["runs"][0]["invocations"]
    assert (invocation["executionSuccessful"], len(invocation["toolExecutionNotifications"])) == (False, 1)


@pytest.mark.parametrize("given", ["sub/x y.yaml", "./sub/x y.yaml", "sub/../sub/x y.yaml", "ABSOLUTE"])
def test_paths_are_relative_to_the_repository(given, tmp_path, monkeypatch):
    (tmp_path / ".git").mkdir()
    (tmp_path / "deep").mkdir()
    monkeypatch.chdir(tmp_path / "deep")
    path = str(tmp_path / "deep" / "sub" / "x y.yaml") if given == "ABSOLUTE" else given
    assert in_repository(path) == "deep/sub/x y.yaml"
    (result,) = found(replace(results.DEADLOCKED, file=path))
    assert result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "deep/sub/x%20y.yaml"


def test_a_rule_carries_the_page_that_explain_prints():
    rules = {rule["id"]: rule for rule in log(*results.ALL)["runs"][0]["tool"]["driver"]["rules"]}
    assert rules["SC301"]["help"]["markdown"] == CliRunner().invoke(cli, ["explain", "SC301"]).output.rstrip("\n")
