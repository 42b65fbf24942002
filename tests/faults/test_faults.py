"""Inputs that went wrong once, and what is right: each file says it in its first comment lines.

# why: one sentence on what is right (required)
# validate: holds                       verdict, then codes of diagnostics or warnings, in any order
# run: holds | fails deadlock           verdict, then kinds of failure; any of the alternatives
# explore: fails deadlock final         the same; `undecided` too
# explore with: --clock virtual         options for `explore` (`run with:` alike)
# replay: no                            where a schedule found by exploring is not for real threads (say why)
# explore says: text                    stands in the full report (also `run says:`, `replay says:`, `validate says:`)
# explore never says: text              does not stand in it

Lines that say and never say may stand several times. Whatever exploring finds is replayed on real threads and must end
in the same kind of failure there.
"""

from __future__ import annotations

import re
import shlex
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from cli.files import results, scenario

CASES = sorted((Path(__file__).parent / "cases").rglob("*.yaml"))
ENGINES = ("validate", "run", "explore", "replay")
LINE = re.compile(rf"# (why|(?:{'|'.join(ENGINES)})(?: (?:with|says|never says))?): (.+)")


@dataclass
class Right:
    """What a case's comment lines say."""

    why: str = ""
    verdicts: dict[str, list[set[str]]] = field(default_factory=dict)
    options: dict[str, list[str]] = field(default_factory=dict)
    says: list[tuple[str, str]] = field(default_factory=list)
    never: list[tuple[str, str]] = field(default_factory=list)


def right(path: Path) -> Right:
    read = Right()
    for line in path.read_text().splitlines():
        match = LINE.fullmatch(line)
        if match is None:
            if line.startswith("#") and not line.startswith("# yaml-language-server"):
                raise AssertionError(f"{path.name}: not understood: {line}")
            break
        key, value = match.groups()
        command, _, what = key.partition(" ")
        if key == "why":
            read.why = value
        elif what == "with":
            read.options[command] = shlex.split(value)
        elif what == "says":
            read.says.append((command, value))
        elif what == "never says":
            read.never.append((command, value))
        else:
            read.verdicts[command] = [set(alternative.split()) for alternative in value.split("|")]
    return read


def found(command: str, path: Path, options: list[str]) -> list[dict]:
    return results(scenario(command, path, "--output-format", "json", *options))


def words(found: list[dict]) -> set[str]:
    """Verdicts and kinds of all results."""
    return {word for each in found for word in (each["verdict"], *(f["kind"] for f in each["failures"]))}


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_the_verdict_is_right_in_every_engine(path):
    case = right(path)
    assert case.why, "a case says why"
    assert case.verdicts or case.says or case.never, "a case says what is right"
    for command in ENGINES[:3]:
        if command not in case.verdicts:
            continue
        each = found(command, path, case.options.get(command, []))
        assert words(each) in case.verdicts[command], (command, each)
        if command == "explore" and case.verdicts.get("replay") != [{"no"}]:
            for failure in (failure for result in each for failure in result["failures"]):
                assert all(step["operation"] and step["thread"] and step["line"] for step in failure.get("steps", ()))
                if schedule := failure.get("schedule"):
                    again = found("replay", path, ["--schedule", schedule])
                    assert failure["kind"] in words(again), (schedule, again)


@pytest.mark.parametrize(
    "path", [path for path in CASES if right(path).says or right(path).never], ids=lambda p: p.stem
)
def test_the_report_says_what_is_so_and_nothing_else(path):
    case = right(path)
    for command in {command for command, _ in case.says + case.never}:
        options = case.options.get(command, [])
        if command == "replay":
            options = [
                "--schedule",
                next(
                    f["schedule"]
                    for r in found("explore", path, case.options.get("explore", []))
                    for f in r["failures"]
                ),
            ]
        done = scenario(command, path, "--color", "never", *options)
        text = done.stdout + done.stderr
        for other, sentence in case.says:
            assert other != command or sentence in text, text
        for other, sentence in case.never:
            assert other != command or sentence not in text, text
