"""The JSON Schema that editors read: current, complete and described."""

from pathlib import Path

import pytest
from jsonschema import Draft7Validator

from scenario.language.primitives import ARGUMENTS, KINDS
from scenario.language.verbs import MODIFIERS, VERBS
from scenario.spec import primitives, steps
from scenario.spec.scenario import Scenario
from scenario.spec.schema import schema, schema_text

PUBLISHED = Path(__file__).parent.parent.parent / "schema" / "scenario.schema.json"
SCHEMA = schema()
STEP = {"$ref": "#/definitions/step", "definitions": SCHEMA["definitions"]}


def test_the_published_schema_is_the_one_of_the_models():
    assert PUBLISHED.read_text(encoding="utf-8") == schema_text()


def test_every_key_of_a_file_is_in_the_schema_with_description_and_example():
    assert SCHEMA["properties"].keys() == Scenario.known_keys
    assert all(entry["description"] and entry["examples"] for entry in SCHEMA["properties"].values())


def test_every_argument_of_the_catalogue_is_described_and_no_other():
    assert MODIFIERS.keys() == {*steps.MODIFIERS, "raises", "wait"}
    assert ARGUMENTS.keys() == {argument.name for kind in KINDS.values() for argument in kind.arguments}
    assert primitives.KINDS.keys() == KINDS.keys()


@pytest.mark.parametrize("verb", steps.VERBS)
def test_the_example_of_a_verb_is_valid(verb):
    example = VERBS[verb].example
    assert list(Draft7Validator(STEP).iter_errors(example)) == []
    assert verb in example


@pytest.mark.parametrize("verb", steps.VERBS)
def test_an_editor_offers_a_snippet_for_every_verb(verb):
    assert [s for s in SCHEMA["definitions"]["step"]["defaultSnippets"] if s["label"] == verb]


def test_one_typo_in_a_step_is_one_error():
    errors = list(Draft7Validator(STEP).iter_errors({"acquire": "lock", "timout": 3}))
    assert len(errors) == 1
    assert "timout" in errors[0].message


def test_steps_are_never_a_oneof_over_the_verbs():
    assert "oneOf" not in schema_text()


def test_the_schema_is_draft_07():
    assert SCHEMA["$schema"].endswith("draft-07/schema#")
