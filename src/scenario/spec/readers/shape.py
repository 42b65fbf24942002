"""Which keys a mapping has, against those that it may and must have."""

from __future__ import annotations

from typing import Protocol

from scenario.diagnostics import Diagnostic, did_you_mean, similar
from scenario.source import Span
from scenario.spec import codes
from scenario.spec.faults import fault
from scenario.spec.readers.scalars import key_not_text
from scenario.spec.recovery import anything, doubt, note
from scenario.spec.yaml.values import Key, Mapping, Text, Unknown, Value

SURE = 0.75
"""How near a misspelt key must be to count as the one that was meant."""


class Shaped(Protocol):
    """What a model says of its keys."""

    called: str
    known_keys: frozenset[str]
    required_keys: frozenset[str]
    foreign_keys: dict[str, tuple[str, ...]]

    def of_unknown(self, key: str, value: Value) -> str | None:
        """What to write instead of a key that resembles none, and its value; None: any of those that there are."""
        ...


def shaped(value: Mapping, model: Shaped) -> Mapping:
    """The mapping with the model's keys alone: a missing one is `Unknown`, what was misspelt counts as what was meant."""
    if value.keys() <= model.known_keys and model.required_keys <= value.keys():
        return value
    return _mended(value, model)


def _mended(value: Mapping, model: Shaped) -> Mapping:
    mended = Mapping(value.span)
    mended.dropped.extend(value.dropped)
    unknown = {}
    for key, item in value.items():
        if key in model.known_keys:
            mended[key] = item
            mended.key_spans[key] = value.key_spans[key]
        else:
            unknown[key] = item
    for key, item in unknown.items():
        note(fault(_unknown(value, key, model)))
        left = model.known_keys - mended.keys()
        meant = similar(key, left) if isinstance(key, Text) and key not in model.foreign_keys else None
        sure = meant is not None and similar(str(key), [meant], SURE) is not None
        if meant is not None:
            mended[meant] = item if sure else Unknown(None, "", value.span)
            mended.key_spans[meant] = value.key_spans[key]
        if not sure:
            doubt(anything(item))
    for key in sorted(model.required_keys - mended.keys()):
        note(fault(Diagnostic(codes.MISSING_KEY, f"{model.called} needs `{key}`", _first_key(value))))
        mended[key] = Unknown(None, "", value.span)
    return mended


def _unknown(value: Mapping, key: Key, model: Shaped) -> Diagnostic:
    if not isinstance(key, Text):
        return key_not_text(value, key)
    known, called = model.known_keys, model.called
    if owners := model.foreign_keys.get(key):
        listed = ", ".join(f"`{owner}`" for owner in owners)
        message = f"{called} takes no `{key}`"
        return Diagnostic(codes.FOREIGN_MODIFIER, message, value.key_spans[key], f"`{key}` goes with {listed}")
    knows = f"{called} knows {', '.join(f'`{k}`' for k in sorted(known))}" if known else f"{called} takes no arguments"
    hint = did_you_mean(key, known - value.keys(), model.of_unknown(key, value[key]) or knows)
    return Diagnostic(codes.UNKNOWN_KEY, f"{called} has no key `{key[:60]}`", value.key_spans[key], hint)


def _first_key(value: Mapping) -> Span:
    return next(iter(value.key_spans.values()), value.span)
