"""The gates of `match`: each does what one instruction of CPython does for a pattern, as one step."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from itertools import chain
from typing import TypeVar, cast

from scenario.engines.code.operation import Touches
from scenario.engines.code.runtime.gates import Gates
from scenario.engines.code.runtime.iterations import Iterations
from scenario.engines.code.runtime.kinds import FLAT, Kinds
from scenario.engines.code.runtime.reach import reached

T = TypeVar("T")
SEQUENCE, MAPPING, ITSELF = 1 << 5, 1 << 6, 1 << 22
"""Flags of types, of CPython's Include/object.h: what patterns take for a sequence, for a mapping; whose one positional pattern is the object itself."""
ABSENT = object()
KIND = "class" if sys.version_info >= (3, 12) else "type"
"""What Python says that a class pattern must be."""


class Patterns:
    """Those of one set of gates; `call` is the gate of calls."""

    def __init__(self, gates: Gates, kinds: Kinds, iterations: Iterations, call: Callable[..., object]) -> None:
        self._gates, self._kinds, self._iterations, self._call = gates, kinds, iterations, call

    def named(self) -> dict[str, object]:
        """By the names that rewritten code has for them."""
        return {
            "sequence": self.sequence, "mapped": self.mapped, "length": self.length, "nth": self.nth, "unpack": self.unpack,
            "keys": self.keys, "rest": self.rest, "instance": self.instance,
        }  # fmt: skip

    def sequence(self, value: object) -> bool:
        """Whether it is one to patterns."""
        return bool(type(value).__flags__ & SEQUENCE)

    def mapped(self, value: object) -> bool:
        """Whether it is a mapping to patterns."""
        return bool(type(value).__flags__ & MAPPING)

    # --- sequences --------------------------------------------------------------------------------------

    def length(self, number: int, value: object, wanted: int, or_more: bool) -> bool:
        """Whether it has so many elements."""
        there = cast("int", self._call(number, len, value))
        return there >= wanted if or_more else there == wanted

    def nth(self, number: int, value: object, place: int) -> object:
        """An element; from the end, if `place` is negative: then the length is asked for first."""
        at = place if place >= 0 else cast("int", self._call(number, len, value)) + place
        return self._gates.getitem(number, value, at)

    def unpack(self, number: int, value: Iterable[object], before: int, after: int | None) -> list[object]:
        """Its elements, `after` None: so many; else those in between as a list. Raises ValueError as Python does."""
        most = before + 1 if after is None else None
        items = list(self._iterations.spread(number, value, most, nested=False))
        least = before if after is None else before + after
        if len(items) < least:
            wanted = f"expected {before}" if after is None else f"expected at least {least}"
            raise ValueError(f"not enough values to unpack ({wanted}, got {len(items)})")
        if after is None:
            if len(items) > before:
                raise ValueError(f"too many values to unpack (expected {before})")
            return items
        end = len(items) - after
        return [*items[:before], items[before:end], *items[end:]]

    # --- mappings ---------------------------------------------------------------------------------------

    def keys(self, number: int, value: Mapping[object, object], wanted: Sequence[object]) -> tuple[object, ...] | None:
        """What is there under all of these; None: one is not there. Raises ValueError for a key that is there twice."""
        if len(set(wanted)) < len(wanted):
            twice = next(key for place, key in enumerate(wanted) if key in wanted[:place])
            raise ValueError(f"mapping pattern checks duplicate key ({twice!r})")

        def look() -> tuple[object, ...] | None:
            found = []
            for key in wanted:
                found.append(value.get(key, ABSENT))
                if found[-1] is ABSENT:
                    return None
            return tuple(found)

        return self._at_once(number, look, (value,))

    def rest(self, number: int, value: Mapping[object, object], keys: Sequence[object]) -> dict[object, object]:
        """A copy without these."""

        def copied() -> dict[object, object]:
            copy = dict(value)
            for key in keys:
                del copy[key]
            return copy

        return self._at_once(number, copied, (value,))

    def _at_once(self, number: int, function: Callable[[], T], values: tuple[object, ...]) -> T:
        actor = self._gates.acting()
        if actor is None:
            return function()
        look = partial(reached, self._kinds, values, deep=False)
        return self._gates.run(actor, number, touches, look, function) if (touches := look()) else function()

    # --- classes ----------------------------------------------------------------------------------------

    def instance(
        self, number: int, value: object, kind: object, positional: int, names: tuple[str, ...]
    ) -> tuple[object, ...] | None:
        """The attributes that are asked for; None: it is no instance, or lacks one. Raises TypeError as Python does."""
        if not isinstance(kind, type):
            raise TypeError(f"called match pattern must be a {KIND}")

        def look() -> tuple[object, ...] | None:
            if not isinstance(value, kind):
                return None
            first, itself = _positional(kind, positional)
            if duplicate := next((name for place, name in enumerate(names) if name in (*first, *names[:place])), None):
                raise TypeError(f"{kind.__name__}() got multiple sub-patterns for attribute {duplicate!r}")
            found = [value] * itself
            for name in (*first, *names):
                try:
                    found.append(getattr(value, name))
                except AttributeError:
                    return None
            return tuple(found)

        actor = self._gates.acting()
        if actor is None or type(value) in FLAT:
            return look()
        read = partial(self._read, number, value, kind, positional, names)
        return self._gates.run(actor, number, touches, read, look) if (touches := read()) else look()

    def _read(self, number: int, value: object, kind: type, positional: int, names: tuple[str, ...]) -> Touches:
        """What is read of an object; nothing of one that is none of the class."""
        if not issubclass(type(value), kind):
            return ()
        first, _ = _positional(kind, positional)
        return tuple(chain.from_iterable(self._gates.touched(number, value, name) for name in (*first, *names)))


def _positional(kind: type, count: int) -> tuple[tuple[str, ...], bool]:
    """The attributes that positional patterns stand for, and whether the only one stands for the object. Raises TypeError."""
    if not count:
        return (), False
    names = getattr(kind, "__match_args__", None)
    itself = names is None and bool(kind.__flags__ & ITSELF)
    given = () if names is None else names
    if not isinstance(given, tuple):
        raise TypeError(f"{kind.__name__}.__match_args__ must be a tuple (got {type(given).__name__})")
    allowed = 1 if itself else len(given)
    if count > allowed:
        plural = "" if allowed == 1 else "s"
        raise TypeError(f"{kind.__name__}() accepts {allowed} positional sub-pattern{plural} ({count} given)")
    for name in given[:count]:
        if not isinstance(name, str):
            raise TypeError(f"__match_args__ elements must be strings (got {type(name).__name__})")
    return (() if itself else given[:count]), itself
