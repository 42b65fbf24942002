"""The library shows the whole language: each verb, modifier, primitive and key stands in some scenario."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from scenarios.documents import mappings

from scenario.spec.expectations import Elapsed, Expect, Output, Row
from scenario.spec.primitives import KINDS
from scenario.spec.scenario import Explore, Requires, Routine, Scenario, Thread
from scenario.spec.steps import VERBS

ROOT = Path(__file__).resolve().parents[2]
DOCUMENTS = [yaml.safe_load(path.read_text(encoding="utf-8")) for path in (ROOT / "scenarios").rglob("*.yaml")]
NOT_OF_THE_FILE = {"span", "keys", "key_spans", "mistakes", "raises"}
ELSEWHERE = {"python"}
"""The user's own code: a module would have to stand beside the scenario; docs/howto shows it."""


def written(model) -> set[str]:
    """A model's keys as they stand in a file."""
    return {field.alias or key for key, field in model.model_fields.items()} - NOT_OF_THE_FILE


SHOWN = [frozenset(map(str, mapping)) for document in DOCUMENTS for mapping in mappings(document)]


@pytest.mark.parametrize(("verb", "key"), sorted((verb, key) for verb in VERBS for key in written(VERBS[verb])))
def test_every_verb_and_modifier_is_shown(verb, key):
    assert any({verb, key} <= keys for keys in SHOWN)


def test_raises_is_shown():
    assert any("raises" in keys for keys in SHOWN)


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_every_primitive_is_shown(kind):
    declared = [p for document in DOCUMENTS for p in document.get("primitives", {}).values()]
    assert any(
        kind in (p if isinstance(p, dict) else [p]) or (isinstance(p, dict) and p.get("of") == kind) for p in declared
    )


@pytest.mark.parametrize(
    ("kind", "argument"), sorted((kind, key) for kind, model in KINDS.items() for key in written(model))
)
def test_every_argument_of_a_primitive_is_shown(kind, argument):
    declared = [p[kind] for document in DOCUMENTS for p in mappings(document.get("primitives", {})) if kind in p]
    first = next(iter(KINDS[kind].model_fields.keys() - NOT_OF_THE_FILE), None)
    assert any(argument in p if isinstance(p, dict) else argument == first for p in declared)


@pytest.mark.parametrize("key", sorted(written(Scenario) - ELSEWHERE))
def test_every_key_of_a_file_is_shown(key):
    assert any(key in document for document in DOCUMENTS)


@pytest.mark.parametrize("key", sorted(written(Thread)))
def test_every_key_of_a_thread_is_shown(key):
    assert any(key in thread for document in DOCUMENTS for thread in document.get("threads", {}).values())


@pytest.mark.parametrize("key", sorted(written(Expect)))
def test_every_key_of_expect_is_shown(key):
    assert any(key in document.get("expect", {}) for document in DOCUMENTS) or key == "final"


SMALLER = (Output, Elapsed, Row, Explore, Requires, Routine)


@pytest.mark.parametrize("key", sorted(frozenset().union(*map(written, SMALLER))))
def test_every_smaller_key_is_shown(key):
    assert any(key in keys for keys in SHOWN)
