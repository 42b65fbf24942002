"""The tables of docs/reference.md are held against the models: what is missing there, or too much, fails."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from scenario.cli.main import COMMANDS
from scenario.language.primitives import ASKS, KINDS
from scenario.language.verbs import VERBS as CATALOGUE
from scenario.spec.expectations import Expect
from scenario.spec.scenario import Scenario
from scenario.spec.step import Step
from scenario.spec.steps import VERBS

ROOT = Path(__file__).resolve().parents[2]
TEXT = (ROOT / "docs" / "reference.md").read_text(encoding="utf-8")
INTERNAL = {"span", "keys", "raises"}


def tables(*heads: str) -> list[list[str]]:
    """The rows of all tables that begin with these column heads, cells stripped."""
    rows = []
    for table in re.findall(r"(?:^\|.*\n)+", TEXT, re.MULTILINE):
        cells = [[cell.strip() for cell in line.strip("|\n").split("|")] for line in table.splitlines()]
        if tuple(cells[0][: len(heads)]) == heads:
            rows += cells[2:]
    return rows


def codes(cell: str) -> list[str]:
    return re.findall(r"`([^`]+)`", cell)


def written(model) -> set[str]:
    """A model's keys as they stand in a file."""
    return {field.alias or key for key, field in model.model_fields.items()} - INTERNAL


DOCUMENTED = {codes(row[0])[0]: set(codes(row[2])) for row in tables("verb", "value", "modifiers")}


def test_every_verb_has_its_row():
    assert DOCUMENTED.keys() == VERBS.keys()


@pytest.mark.parametrize("verb", VERBS)
def test_a_verbs_row_lists_its_modifiers(verb):
    assert DOCUMENTED[verb] == written(VERBS[verb]) - {verb}


PRIMITIVES = {codes(row[0])[0]: row for row in tables("primitive", "arguments", "verbs")}


def test_every_primitive_has_its_row():
    assert PRIMITIVES.keys() == KINDS.keys() | {"array"}


@pytest.mark.parametrize("kind", KINDS)
def test_a_primitives_row_lists_its_arguments_and_verbs(kind):
    _, arguments, verbs, _ = PRIMITIVES[kind]
    assert codes(arguments) == [argument.name for argument in KINDS[kind].arguments]
    assert set(codes(verbs)) >= {name for name, verb in CATALOGUE.items() if kind in verb.on}


def test_what_may_be_asked_is_in_the_table_of_expressions():
    listed = {code.partition(".")[2] for row in tables("of", "what may be called or read") for code in codes(row[1])}
    assert listed >= {f"{name}()" if ask.is_call else name for asks in ASKS.values() for name, ask in asks.items()}


def test_raises_may_stand_on_every_step():
    assert "raises" in Step.model_fields


def test_every_key_of_a_file_has_its_row():
    assert {codes(row[0])[0] for row in tables("key", "meaning")} >= written(Scenario)


def test_every_key_of_expect_has_its_row():
    assert {codes(row[0])[0] for row in tables("key", "value", "`run` checks")} == written(Expect)


def test_every_command_has_its_row():
    assert [(codes(row[0])[0], row[1]) for row in tables("command", "what it does")] == [
        (f"scenario {command}", what) for command, what in COMMANDS.items()
    ]
