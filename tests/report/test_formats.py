"""What users read, format by format."""

import json

import pytest
from formats.reported import reported
from report import results

from scenario.report.formats import FORMATS
from scenario.results.result import Report


@pytest.mark.parametrize("name", FORMATS)
def test_a_report_in_every_format(name, snapshot, monkeypatch):
    monkeypatch.setattr("secrets.token_hex", lambda _: "token")
    monkeypatch.delenv("GITHUB_STEP_SUMMARY", raising=False)
    snapshot(name, reported(name, results.RUN))


def test_color_is_only_color(snapshot):
    colored = reported("full", results.RUN, color=True)
    assert "\033[" in colored
    for code in ("0", "1", "2", "1;31", "1;32", "1;33", "1;36", "34"):
        colored = colored.replace(f"\033[{code}m", "")
    snapshot("full", colored)


def test_json_is_one_object_with_every_result():
    whole = json.loads(reported("json", results.RUN))
    assert (whole["format"], whole["command"], len(whole["results"])) == (1, "run", len(results.ALL))


def test_jsonl_has_the_elements_of_json():
    lines = [json.loads(line) for line in reported("jsonl", results.RUN).splitlines()]
    assert lines == json.loads(reported("json", results.RUN))["results"]


def test_file_verdict_and_failures_are_always_there():
    for result in json.loads(reported("json", results.RUN))["results"]:
        assert {"file", "verdict", "failures"} <= set(result)


def test_json_has_the_counts_of_odds_as_text():
    (result,) = json.loads(reported("json", Report("explore", (results.EXPLORED,))))["results"]
    assert result["outcomes"][0] == {
        "values": {"counter": 1},
        "is": "forbidden",
        "because": "an update is lost",
        "end": "outcome",
        "interleavings": "4",
        "probability": "1/2",
        "preemptions": 1,
    }
    assert result["search"]["bad"] == {"interleavings": "4", "probability": "1/2", "preemptions": 1}


def test_a_failure_in_json_carries_its_schedule():
    (result,) = json.loads(reported("json", Report("explore", (results.EXPLORED,))))["results"]
    assert result["failures"][0]["schedule"] == "1:0123abcd:A,B*2,A"


def test_a_report_of_nothing_has_no_summary():
    assert reported("full", Report("run", ())) == ""
