"""What the language's description calls valid is accepted, what it calls invalid is refused where it stands.

`language/` has a step a line (within `base.yaml`), and a file a line (`@` is a line break); what is said of those that
are refused is compared with a snapshot.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from compile.files import diagnostics
from jsonschema import Draft7Validator

from scenario.source import Source
from scenario.spec.schema import schema
from scenario.spec.yaml.document import parse
from scenario.spec.yaml.values import plain

FOLDER = Path(__file__).parent / "language"
BASE = (FOLDER / "base.yaml").read_text(encoding="utf-8")
FIRST = "      - x = y = 1\n"
VALIDATOR = Draft7Validator(schema())


def lines(name: str) -> list[str]:
    return (FOLDER / f"{name}.txt").read_text(encoding="utf-8").splitlines()


def of_step(step: str, first: str = "") -> str:
    return f"{BASE}{first}      {step}\n"


def of_keys(keys: str) -> str:
    return "scenario: x\n" + keys.replace("@", "\n") + "\n"


def bare(steps: str) -> str:
    return f"scenario: x\nmain:\n{steps}\n"


def accepted_by_schema(text: str) -> bool:
    return VALIDATOR.is_valid(as_json(plain(parse(Source("x", text))[0])))


def as_json(value: object) -> object:
    if isinstance(value, dict):
        return {str(key): as_json(item) for key, item in value.items()}
    return [as_json(item) for item in value] if isinstance(value, list) else value


@pytest.mark.parametrize(
    "text", [*(of_step(line, FIRST) for line in lines("steps_valid")), *map(of_keys, lines("files_valid"))]
)
def test_what_is_valid_is_accepted(text: str) -> None:
    assert diagnostics(text) == ()


@pytest.mark.parametrize("text", [bare("\n".join(lines("steps_valid"))), *map(of_keys, lines("files_valid"))])
def test_what_is_valid_is_accepted_by_the_schema(text: str) -> None:
    assert accepted_by_schema(text)


@pytest.mark.parametrize(("name", "file"), [("steps_refused", of_step), ("files_refused", of_keys)])
def test_what_is_invalid_is_refused_in_words_that_help(snapshot, name, file) -> None:
    said = []
    for line in lines(name):
        text = file(line)
        said.append(line)
        found = diagnostics(text)
        assert found, f"{line} is not refused"
        above = text[: text.rfind(line)].count("\n") if file is of_step else 1
        for wrong in found:
            place = f"{wrong.span.line - above}:{wrong.span.column}-{wrong.span.end_column}"
            said.append(f"    {place} {wrong.code} {wrong.message}" + (f" | {wrong.hint}" if wrong.hint else ""))
    snapshot(name, "\n".join(said) + "\n")


SEEN_BY_NO_SCHEMA = ("found nothing", "positive number of seconds", "of no module under `python`")
"""JSON has neither nothing nor infinity; which modules a file has under `python`, another part of it says."""


@pytest.mark.parametrize(
    ("text", "alone"),
    [
        *((of_step(line), bare(line)) for line in lines("steps_refused")),
        *((of_keys(line), of_keys(line)) for line in lines("files_refused")),
    ],
)
def test_a_mistake_of_the_shape_is_one_for_the_schema_and_no_other_is(text: str, alone: str) -> None:
    found = diagnostics(text)
    shapes = [d for d in found if d.code.startswith("SC1") and not any(word in d.message for word in SEEN_BY_NO_SCHEMA)]
    may_differ = {"SC209", "SC210", "SC201", "SC107", "SC116"}  # refs, and expressions that are nothing or a mapping
    if any(d.code.startswith("SC0") for d in found) or (not shapes and may_differ & {d.code for d in found}):
        return
    assert accepted_by_schema(alone) is (not shapes)
