"""A primitive's method that is handed on: `Thread(target=ready.wait)`, `stack.callback(ready.set)`. Whoever calls it comes to a gate."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from types import BuiltinFunctionType, MethodType

from scenario.engines.code.runtime.primitives.table import FUNCTIONS, METHODS


class HandedOn(partial[object]):
    """The gate of calls with the method: C and Python's own modules call it as they would call the method."""


def handed_on(gate: Callable[..., object], number: int, value: object) -> object:
    """The value, or what stands for it in code without gates."""
    if type(value) is MethodType and value.__func__ in FUNCTIONS:
        return HandedOn(gate, number, value)
    if isinstance(value, BuiltinFunctionType) and (type(value.__self__), value.__name__) in METHODS:
        return HandedOn(gate, number, value)
    return value
