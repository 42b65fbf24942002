"""Schedules as sequence diagrams."""

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest
from report.drawn_schedules import ABBA, LATE, evidence

from scenario.report.pictures.mermaid import escaped, sequence_diagram
from scenario.results.schedule import Deed, Move, Schedule

PARSER = os.environ.get("SCENARIO_MERMAID", "")
HOSTILE = ["end", "a;b#c", "x\ny", "A->>B: <b>", "%%{init: {}}%%", "`", "日本", "\\", '"', "note over p0: x"]


def drawn(text):
    found = evidence(text)
    return list(sequence_diagram(found.schedule, found.blocked))


def test_a_lock_is_a_participant_whose_bar_is_the_time_that_it_is_held():
    assert drawn(ABBA) == [
        "sequenceDiagram",
        "  participant p0 as one",
        "  participant p1 as two",
        "  participant p2 as a",
        "  participant p3 as b",
        "  p0->>p2: 1. acquire a",
        "  activate p2",
        "  p1->>p3: 2. acquire b",
        "  activate p3",
        "  Note over p0: waits for lock b",
        "  Note over p1: waits for lock a",
    ]


def test_bars_end_where_a_wait_gives_the_lock_back():
    lines = [line.strip() for line in drawn(LATE)]
    wait = next(i for i, line in enumerate(lines) if "releases and waits" in line)
    assert lines[wait + 1].startswith("deactivate")
    assert sum(line.startswith("activate") for line in lines) >= sum(line.startswith("deactivate") for line in lines)


@pytest.mark.parametrize("text", HOSTILE)
def test_text_of_a_scenario_is_text_only(text):
    told = escaped(text)
    assert not set(told.replace("#", "").replace(";", "")) & set('<{}%`"\\\n')
    assert told != "end"
    assert all(part.partition(";")[0].isdigit() for part in told.split("#")[1:])


def test_many_objects_leave_their_lines_to_the_threads():
    moves = tuple(Move("a", deeds=(Deed("put", f"q{n}"),), operation="put", object=f"q{n}") for n in range(9))
    lines = list(sequence_diagram(Schedule("d", moves)))
    assert [line for line in lines if "participant" in line] == ["  participant p0 as a"]


@pytest.mark.skipif(
    not PARSER or shutil.which("node") is None,
    reason="SCENARIO_MERMAID names no folder in which `npm install mermaid jsdom` was run",
)
def test_mermaid_itself_takes_them():
    hostile = tuple(
        Move(text, deeds=(Deed("put", text, text),), operation="put", object=f"{text} ") for text in HOSTILE
    )
    texts = ["\n".join(drawn(ABBA)), "\n".join(drawn(LATE)), "\n".join(sequence_diagram(Schedule("d", hostile)))]
    script = Path(__file__).with_name("mermaid_parser.mjs").read_text()
    done = subprocess.run(
        ["node", "--input-type=module", "-e", script], input=json.dumps(texts), text=True, capture_output=True, cwd=PARSER, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
