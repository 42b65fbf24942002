"""Schedules as Chrome's trace events."""

import json
from collections import defaultdict
from dataclasses import replace

import pytest
from report import results
from report.drawn_schedules import ABBA, LATE, evidence

from scenario.report.machines.trace import trace
from scenario.results.result import Report, Verdict


def events(text):
    result = replace(results.FAILED, verdict=Verdict("fails", (evidence(text),)))
    return json.loads(json.dumps(trace(Report("explore", (result,)))))["traceEvents"]


@pytest.mark.parametrize("text", [ABBA, LATE])
def test_slices_nest(text):
    """As a viewer reads them: in the order of time, of equal times the longer first."""
    open_slices = defaultdict(list)
    for event in events(text):
        row = open_slices[event["pid"], event["tid"]]
        if event["ph"] == "B":
            row.append((event["name"], event["ts"]))
        elif event["ph"] == "E":
            name, since = row.pop()
            assert (name, True) == (event["name"], since < event["ts"])
        elif event["ph"] == "X":
            assert all(since <= event["ts"] for _, since in row)
    assert not any(open_slices.values())


def test_each_step_is_a_slice_of_its_thread_with_its_line():
    named = {event["tid"]: event["args"]["name"] for event in events(ABBA) if event["name"] == "thread_name"}
    steps = [(named[e["tid"]], e["name"], e["args"]["line"]) for e in events(ABBA) if e.get("cat") == "step"]
    assert steps == [("one", "acquire a", 4), ("two", "acquire b", 5)]


def test_arrows_go_from_who_wakes_to_who_is_woken_and_from_a_release_to_the_next_that_takes_the_lock():
    ends = defaultdict(list)
    for event in events(LATE):
        if event["ph"] in "sf":
            ends[event["id"]].append((event["ph"], event["ts"]))
    assert ends
    for (begins, since), (arrives, until) in ends.values():
        assert (begins, arrives) == ("s", "f")
        assert since < until


def test_who_is_stuck_waits_in_the_end():
    waits = [event["name"] for event in events(ABBA) if event.get("cat") == "wait"]
    assert waits == ["waits for lock b", "waits for lock a"]
