"""Scenario files as plain YAML: what a test asks of many of them."""

from __future__ import annotations

from collections.abc import Iterator


def mappings(value: object) -> Iterator[dict]:
    """All mappings of a document, at any depth."""
    if isinstance(value, dict):
        yield value
    for part in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from mappings(part)
