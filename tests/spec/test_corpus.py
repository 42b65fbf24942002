"""Good and bad files through the loader and the JSON Schema: both come to the same verdict.

A bad file names what is expected on the offending line: `# expect: SC101`, with `(loader only)` where
no schema can see it (YAML itself, and what stands inside expressions).
"""

import re
from pathlib import Path

import pytest
from jsonschema import Draft7Validator

from scenario.diagnostics import InvalidScenario
from scenario.source import Source
from scenario.spec.load import load
from scenario.spec.schema import schema
from scenario.spec.yaml.document import parse
from scenario.spec.yaml.reading import read
from scenario.spec.yaml.values import plain

CORPUS = Path(__file__).parent.parent / "corpus"
GOOD = sorted((CORPUS / "good").glob("*.yaml"))
BAD = sorted((CORPUS / "bad").glob("*.yaml"))
SHIPPED = sorted((Path(__file__).parent.parent.parent / "scenarios").rglob("*.yaml"))
VALIDATOR = Draft7Validator(schema())


def named(path):
    return path.stem


def expected(text):
    return [
        (number, code)
        for number, line in enumerate(text.splitlines(), 1)
        for code in re.findall(r"# expect: (SC\d+)", line)
    ]


def loader_finds(path):
    try:
        load(read(str(path)))
    except InvalidScenario as error:
        return [(found.span.line, found.code) for found in error.diagnostics]
    return []


def schema_accepts(path):
    return VALIDATOR.is_valid(_with_text_keys(plain(parse(read(str(path)))[0])))


def test_the_schema_is_a_schema():
    Draft7Validator.check_schema(schema())


@pytest.mark.parametrize("path", [*GOOD, *SHIPPED], ids=named)
def test_a_good_file_is_valid_for_both(path):
    assert loader_finds(path) == []
    assert schema_accepts(path)


@pytest.mark.parametrize("path", BAD, ids=named)
def test_a_bad_file_has_what_it_expects_where_it_expects_it(path):
    assert set(loader_finds(path)) == set(expected(path.read_text()))


@pytest.mark.parametrize("path", [path for path in BAD if "(loader only)" not in path.read_text()], ids=named)
def test_a_bad_file_is_bad_for_the_schema_too(path):
    assert not schema_accepts(path)


@pytest.mark.parametrize(
    "path", [path for path in BAD if "(loader only)" in path.read_text() and "SC008" not in path.read_text()], ids=named
)
def test_what_is_marked_so_can_not_be_seen_by_the_schema(path):
    try:
        value, _ = parse(Source(str(path), path.read_text()))
    except InvalidScenario:
        return
    assert VALIDATOR.is_valid(_with_text_keys(plain(value)))


def _with_text_keys(value):
    """As JSON has it: a schema sees texts for keys."""
    return {str(key): _with_text_keys(item) for key, item in value.items()} if isinstance(value, dict) else value
