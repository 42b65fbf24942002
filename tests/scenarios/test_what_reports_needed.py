"""What reported bugs needed of the language is in every place: a row for each part of it, a column for each place.

The rows of files are found in the tree, so a part that no report, rule, page or drawn program uses is a failure here.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import NamedTuple

import jsonschema
import pytest
import yaml
from click.testing import CliRunner, Result
from conformance.generator import generated
from scenarios.documents import mappings

from scenario.cli.main import cli

ROOT = Path(__file__).resolve().parents[2]
REPORTS = sorted((ROOT / "scenarios" / "reports").glob("*.bad.yaml"))
RULES = sorted((ROOT / "tests" / "lint" / "cases").glob("*.yaml"))
REFERENCE = ROOT / "docs" / "reference.md"
GUIDES = [ROOT / "docs" / "tutorial.md", *sorted((ROOT / "docs" / "howto").glob("*.md"))]
SCHEMA = json.loads((ROOT / "schema" / "scenario.schema.json").read_text(encoding="utf-8"))


class Part(NamedTuple):
    """A part of the language: whether a file uses it, its word there, what `show` says of it, and what pages do."""

    used: Callable[[Mapping], bool]
    word: str
    shown: str
    told: str


def verb(name: str, shown: str | None = None) -> Part:
    return Part(
        lambda document: any(name in mapping for mapping in mappings(document)), name, shown or f"{name}: ", f"`{name}"
    )


def _is_unordered(value: object) -> bool:
    """A dict, or a set, as an initial value."""
    return isinstance(value, dict) and not str(value.get("expr", "{")).startswith("[")


def _iterates(document: Mapping) -> bool:
    shared = {name for name, value in document.get("vars", {}).items() if _is_unordered(value)}
    return any(str(mapping.get("in")).partition(".")[0] in shared for mapping in mappings(document) if "for" in mapping)


def _is_weak(document: Mapping) -> bool:
    explored = document.get("explore")
    return isinstance(explored, dict) and explored.get("fairness") == "weak"


PARTS = {
    "interrupts": Part(
        lambda document: any("interrupts" in mapping for mapping in mappings(document)),
        "interrupts",
        "× interrupts",
        "interrupts",
    ),
    "set_result": verb("set_result"),
    "set_exception": verb("set_exception"),
    "callbacks": verb("add_done_callback"),
    "set_running_or_notify_cancel": verb("set_running_or_notify_cancel"),
    "for over a shared dict or set": Part(_iterates, "for", "next ", "size has changed"),
    "compute": verb("compute", "Lines not listed take no step"),
    "fairness: weak": Part(_is_weak, "fairness", "explored with fairness weak", "fairness: weak"),
}
every_part = pytest.mark.parametrize("name", PARTS)


def read(path: Path) -> Mapping:
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def twin(bad: Path) -> Path:
    return bad.with_name(bad.name.replace(".bad.", "."))


@cache
def pair(name: str) -> tuple[Path, Path]:
    """A report that needed the part, and its mended twin."""
    for bad in REPORTS:
        if any(PARTS[name].used(read(path)) for path in (bad, twin(bad))):
            return bad, twin(bad)
    pytest.fail(f"no scenario of scenarios/reports uses {name}")


def using(name: str) -> Path:
    """That of the two which uses it."""
    return next(path for path in pair(name) if PARTS[name].used(read(path)))


def said(*arguments: object) -> Result:
    return CliRunner().invoke(cli, [*map(str, arguments)])


@cache
def found(path: Path) -> list[dict]:
    """The results of exploring a file."""
    return json.loads(said("explore", path, "--max-seconds", 20, "--output-format", "json").stdout)["results"]


@every_part
@pytest.mark.parametrize("which", [0, 1], ids=["bad", "mended"])
def test_it_is_run(name, which):
    assert said("run", "--quiet", pair(name)[which]).exit_code == 0


@every_part
def test_it_is_explored_and_what_must_be_found_is(name):
    bad, _ = pair(name)
    kinds = {failure["kind"] for result in found(bad) for failure in result["failures"]}
    assert [result["verdict"] for result in found(bad)] == ["holds"] * len(found(bad))
    assert kinds == set(read(bad)["expect"]["fails"])


@every_part
def test_it_is_explored_and_what_must_not_be_found_is_not(name):
    _, mended = pair(name)
    assert found(mended)
    assert [(result["verdict"], result["failures"]) for result in found(mended)] == [("holds", [])] * len(found(mended))


def schedules(name: str) -> Iterator[tuple[str, str]]:
    """Of what was found, each with its runtime."""
    for result in found(pair(name)[0]):
        runtime = result.get("runtime", "threading")
        yield from ((runtime, failure["schedule"]) for failure in result["failures"])


@every_part
def test_it_is_replayed(name):
    bad, _ = pair(name)
    runtime, schedule = next(schedules(name))
    done = said("replay", bad, "--runtime", runtime, "--schedule", schedule, "--output-format", "json")
    (result,) = json.loads(done.stdout)["results"]
    assert (result["verdict"], bool(result["failures"])) == ("holds", True)


@every_part
def test_it_is_shown(name):
    assert PARTS[name].shown in said("show", using(name)).stdout


@every_part
def test_it_is_in_the_schema_and_misspelt_it_is_not(name):
    text = using(name).read_text(encoding="utf-8")
    jsonschema.validate(yaml.safe_load(text), SCHEMA)
    misspelt = yaml.safe_load(text.replace(f"{PARTS[name].word}:", f"{PARTS[name].word}x:"))
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(misspelt, SCHEMA)


@every_part
def test_the_rules_have_met_it(name):
    """Where there is nothing to warn of, a right file has it: no rule may take it for something else."""
    assert [path.name for path in RULES if PARTS[name].used(read(path))] != []


@every_part
def test_the_reference_and_a_guide_tell_of_it(name):
    assert PARTS[name].told in REFERENCE.read_text(encoding="utf-8")
    assert any(PARTS[name].told in page.read_text(encoding="utf-8") for page in GUIDES)


@every_part
def test_drawn_programs_that_are_held_to_real_objects_have_it(name):
    assert any(PARTS[name].used(yaml.safe_load(generated(seed))) for seed in range(300))
