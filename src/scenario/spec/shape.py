"""Which keys a mapping has, against those that it may and must have."""

from __future__ import annotations

from scenario.diagnostics import Diagnostic
from scenario.source import Span
from scenario.spec import codes
from scenario.spec.scalars import key_not_text
from scenario.spec.similar import did_you_mean
from scenario.spec.values import Mapping, Text


def problems(value: Mapping, known: frozenset[str], required: frozenset[str], called: str) -> list[Diagnostic]:
    """A diagnostic for each unknown and each missing key."""
    if value.keys() <= known and required <= value.keys():
        return []
    found = [_unknown(value, key, known, called) for key in value if key not in known]
    found += [
        Diagnostic(codes.MISSING_KEY, f"{called} needs `{key}`", _first_key(value))
        for key in sorted(required - value.keys())
    ]
    return found


def _unknown(value: Mapping, key: object, known: frozenset[str], called: str) -> Diagnostic:
    if not isinstance(key, Text):
        return key_not_text(value, key)
    hint = did_you_mean(key, known - value.keys(), f"{called} knows {', '.join(f'`{k}`' for k in sorted(known))}")
    return Diagnostic(codes.UNKNOWN_KEY, f"{called} has no key `{key[:60]}`", value.key_spans[key], hint)


def _first_key(value: Mapping) -> Span:
    return next(iter(value.key_spans.values()), value.span)
