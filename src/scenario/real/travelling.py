"""Outcomes that leave the process of the run: objects of the user's own classes exist only there."""

from __future__ import annotations

import contextlib
import operator
import re
import sys
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from scenario.program.bounded.sets import Set
from scenario.program.evaluate import Raised, tried
from scenario.results.outcome import AsShown, ExceptionView, FutureView, Outcome, exception_view

_ADDRESS = r" at 0x[0-9a-fA-F]+(?=>)"

_KNOWN = frozenset({type(None), bool, int, float, complex, str, bytes, range})


def plain(outcome: Outcome) -> Outcome:
    """The outcome with values that any process knows: numbers and texts as such, other foreign objects as their text."""
    return replace(
        outcome, shared=_values(outcome.shared), registers=_values(outcome.registers), objects=_values(outcome.objects)
    )


def _values(given: Mapping[Any, object]) -> dict[Any, Any]:
    return {key: plain_value(value) for key, value in given.items()}


def plain_value(value: Any) -> object:
    """One value. Texts do not tell addresses: they would make each run an outcome of its own."""
    kind = type(value)
    if kind in _KNOWN or (kind in (list, tuple, Set) and set(map(type, value)) <= _KNOWN):
        return value
    if kind is dict:
        return {plain_value(key): plain_value(item) for key, item in value.items()}
    if kind in (list, tuple, set, Set, frozenset):
        return kind(map(plain_value, value))
    if kind is FutureView:
        return replace(value, result=plain_value(value.result), exception=plain_value(value.exception))
    if isinstance(value, ExceptionView):
        return exception_view(value.name, _without_addresses(value.message))
    for base in (int, float, str):
        if isinstance(value, base):  # an enumeration's, or numpy's
            return base(value)
    with contextlib.suppress(Exception):  # the user's own code may do anything
        return operator.index(value)
    return value if _is_known(value) else _text(value)


def _is_known(value: object) -> bool:
    """A value of the standard library's that can travel: a Decimal, a date."""
    if type(value).__module__.partition(".")[0] not in sys.stdlib_module_names:
        return False
    # locks, generators, sockets refuse it: each with an error of its own
    return not isinstance(tried(lambda: unpacked(packed(value))), Raised)


def packed(message: object) -> bytes:
    """As it travels."""
    import pickle

    return pickle.dumps(message, pickle.HIGHEST_PROTOCOL)


def unpacked(data: bytes) -> object:
    """What a process of ours has packed."""
    import pickle

    return pickle.loads(data)  # noqa: S301 (only ever our own child's or parent's)


def _text(value: object) -> AsShown:
    text = tried(lambda: repr(value))  # the user's own code may do anything
    if isinstance(text, Raised):
        return AsShown(f"<{type(value).__name__}, whose repr raises {type(text.error).__name__}>")
    return AsShown(_without_addresses(text))


def _without_addresses(text: str) -> str:
    return re.sub(_ADDRESS, "", text)
