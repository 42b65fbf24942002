"""Which keys a mapping has, against those that it may and must have."""

from __future__ import annotations

from typing import Protocol

from scenario.diagnostics import Diagnostic
from scenario.source import Span
from scenario.spec import codes
from scenario.spec.scalars import key_not_text
from scenario.spec.similar import did_you_mean
from scenario.spec.values import Key, Mapping, Text


class Shaped(Protocol):
    """What a model says of its keys."""

    called: str
    known_keys: frozenset[str]
    required_keys: frozenset[str]
    foreign_keys: dict[str, tuple[str, ...]]


def problems(value: Mapping, model: Shaped) -> list[Diagnostic]:
    """A diagnostic for each unknown and each missing key."""
    if value.keys() <= model.known_keys and model.required_keys <= value.keys():
        return []
    found = [_unknown(value, key, model) for key in value if key not in model.known_keys]
    found += [
        Diagnostic(codes.MISSING_KEY, f"{model.called} needs `{key}`", _first_key(value))
        for key in sorted(model.required_keys - value.keys())
    ]
    return found


def _unknown(value: Mapping, key: Key, model: Shaped) -> Diagnostic:
    if not isinstance(key, Text):
        return key_not_text(value, key)
    known, called = model.known_keys, model.called
    if owners := model.foreign_keys.get(key):
        listed = ", ".join(f"`{owner}`" for owner in owners)
        message = f"{called} takes no `{key}`"
        return Diagnostic(codes.FOREIGN_MODIFIER, message, value.key_spans[key], f"`{key}` goes with {listed}")
    hint = did_you_mean(key, known - value.keys(), f"{called} knows {', '.join(f'`{k}`' for k in sorted(known))}")
    return Diagnostic(codes.UNKNOWN_KEY, f"{called} has no key `{key[:60]}`", value.key_spans[key], hint)


def _first_key(value: Mapping) -> Span:
    return next(iter(value.key_spans.values()), value.span)
