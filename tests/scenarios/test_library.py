"""The shipped scenarios: each is valid, each runs as it says, each is decided by exploring as it says."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
FILES = sorted(path.relative_to(ROOT).as_posix() for path in (ROOT / "scenarios").rglob("*.yaml"))
COMMAND = [sys.executable, "-c", "from scenario.cli.main import main; main()"]


pytestmark = pytest.mark.xdist_group("library")  # the library is run and explored once, not in each worker


@cache
def results(command: str, *options: str) -> dict[str, list[dict]]:
    """All results of one command over the library, by file: started once, asked by many tests."""
    done = subprocess.run(
        [*COMMAND, command, "scenarios/", "--output-format", "json", *options],
        cwd=ROOT, capture_output=True, text=True, timeout=600, check=False,
    )  # fmt: skip
    by_file: dict[str, list[dict]] = {file: [] for file in FILES}
    for result in json.loads(done.stdout)["results"]:
        by_file[result["file"]].append(result)
    return by_file


def document(file: str) -> dict:
    return yaml.safe_load((ROOT / file).read_text(encoding="utf-8"))


@pytest.mark.parametrize("file", FILES)
def test_it_is_valid(file):
    assert [(result["verdict"], result["failures"]) for result in results("validate")[file]] == [("holds", [])]


@pytest.mark.parametrize("file", FILES)
def test_it_runs_and_holds(file):
    found = results("run")[file]
    assert found
    assert [result["failures"] for result in found if result["verdict"] not in ("holds", "skipped")] == []


@pytest.mark.parametrize("file", FILES)
def test_exploring_decides_it_as_it_says(file):
    found = results("explore", "--max-seconds", "10")[file]
    assert found
    assert {result["verdict"] for result in found} <= {"holds", "skipped"}, found


@pytest.mark.parametrize("file", FILES)
def test_it_opens_with_the_modeline_and_with_what_it_shows(file):
    first, second = (ROOT / file).read_text(encoding="utf-8").splitlines()[:2]
    schema = first.removeprefix("# yaml-language-server: $schema=")
    assert ((ROOT / file).parent / schema).resolve() == ROOT / "schema" / "scenario.schema.json"
    assert second.startswith("# ")


def shows_a_bug(file: str) -> bool:
    expect = document(file).get("expect", {})
    allowed = [expect.get(key, "never") for key in ("deadlock", "livelock")] if isinstance(expect, dict) else []
    return "fails" in expect or allowed not in ([], ["never", "never"])


@pytest.mark.parametrize("file", [file for file in FILES if shows_a_bug(file)])
def test_what_shows_a_bug_names_its_mended_twin(file):
    path = ROOT / file
    prose = "".join(line for line in path.read_text(encoding="utf-8").splitlines() if line.startswith("#"))
    twins = [path.parent / name for name in re.findall(r"[\w/.]+\.yaml", prose) if (path.parent / name).exists()]
    assert any(not shows_a_bug(twin.relative_to(ROOT).as_posix()) for twin in twins), prose


@pytest.mark.parametrize("file", FILES)
def test_it_has_a_description_and_tags(file):
    assert {"scenario", "description", "tags"} <= document(file).keys()


def test_no_two_have_the_same_name():
    names = [document(file)["scenario"] for file in FILES]
    assert len(set(names)) == len(names)


def test_there_are_sixty_and_forty_five_of_them_are_explored():
    assert len(FILES) >= 60
    assert sum(document(file).get("explore", True) is not False for file in FILES) >= 45
