"""Sets in one order: sorted where their items can be sorted, else by their text.

Python's own order goes by hashes, which differ from process to process: no engine could say what another one sees.
"""

from __future__ import annotations

import builtins
from collections.abc import Callable, Collection, Iterable, Iterator
from typing import Any

from scenario.program.bounded.work import light

_ALIKE = (frozenset({int, bool}), frozenset({str}))
"""Types among which comparing is a total order."""


def in_order(items: Iterable[object]) -> list[Any]:
    """The items sorted, or in the order of their texts. What compares only partly (a NaN) is sorted from there."""
    given = list(items)
    kinds = builtins.set(map(type, given))
    if any(kinds <= alike for alike in _ALIKE):
        return sorted(given)
    light(given)
    given.sort(key=_text)
    try:
        return sorted(given)
    except TypeError:
        return given


def _text(item: object) -> str:
    """What an item goes by that does not compare: futures by the order of their making, the rest by their text."""
    number = getattr(item, "in_order", None)
    return repr(item) if number is None else f"\0{number:012}"


class set(builtins.set[object]):  # noqa: A001, N801 (its name stands in texts and in Python's messages)
    """A set whose iteration, text and `pop` go by `in_order`; all that it makes are such sets."""

    __slots__ = ()

    def __iter__(self) -> Iterator[Any]:
        """The items as they are now, read at once: so `list`, `sum`, `join` and a display with a star take them, whoever changes the set."""
        return iter(in_order(frozenset(self)))

    def __repr__(self) -> str:
        return f"{{{repr(list(self))[1:-1]}}}" if self else "set()"

    def pop(self) -> object:
        for item in self:
            try:
                self.remove(item)
            except KeyError:  # another thread was faster
                return self.pop()
            return item
        return super().pop()  # raises, in Python's words


class OneByOne:
    """What a loop over a set is at: one item is one read, and Python raises at the next one where the size has changed."""

    def __init__(self, items: Collection[object]) -> None:
        self._items = items
        self._left: list[object] | None = None
        self._size = 0

    def __iter__(self) -> Iterator[object]:
        return self

    def __next__(self) -> object:
        if self._left is None:
            self._left = list(self._items)[::-1]
            self._size = len(self._left)
        elif len(self._items) != self._size:
            self._size = -1  # it raises again, as Python's does
            raise RuntimeError("Set changed size during iteration")
        if not self._left:
            raise StopIteration
        return self._left.pop()


def one_by_one(items: Iterable[object]) -> Iterable[object]:
    """What a loop or a comprehension goes over: Python's own containers read one element after the other by themselves."""
    return OneByOne(items) if isinstance(items, set) else items


def ordered(value: object) -> object:
    """The value; a set of Python's as one of these."""
    return set(value) if type(value) is builtins.set else value


def _ordering(name: str) -> Callable[..., object]:
    """A method of Python's sets whose result is one of these."""
    plain = getattr(builtins.set, name)

    def method(self: object, *args: object) -> object:
        return ordered(plain(self, *args))

    method.__name__ = method.__qualname__ = name
    return method


for _name in (
    "union", "intersection", "difference", "symmetric_difference", "copy", "__or__", "__and__", "__sub__", "__xor__",
    "__ror__", "__rand__", "__rsub__", "__rxor__",
):  # fmt: skip
    builtins.setattr(set, _name, _ordering(_name))


Set = set
"""The class under a name that hides nothing."""
