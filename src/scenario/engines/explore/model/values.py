"""Python values as hashable keys and back: what states are made of.

A key tells apart what Python's equality does not (`1`, `1.0`, `True`), and keeps which containers of
one root are the same object, so that `b = a; b.append(1)` means in a state what it means in Python.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import field, replace
from functools import cache
from math import isnan
from typing import Any, Self, TypeAlias

from scenario.program.bounded.sets import Set
from scenario.record import record
from scenario.results.outcome import written
from scenario.results.undecided import NotFollowed, Undecided
from scenario.source import Span

Key: TypeAlias = Any
"""An int, str, None, or a tuple whose first item is a tag."""


class Unexplored(Exception):
    """What a file does that the explorer can not follow: nothing can be decided about it."""

    def __init__(self, why: Undecided) -> None:
        super().__init__(why)
        self.why = why


class TooLarge(Unexplored):
    """There is too much of it for the time, the states or the memory that it may take."""


class NoValue(Unexplored):
    """A value that can not be part of a state."""

    def __init__(self, what: NotFollowed) -> None:
        super().__init__(what)
        self.what = what

    def at(self, line: int) -> Unexplored:
        """The same, of what is done at the line."""
        return Unexplored(replace(self.what, line=line))


class Future:
    """A future as a value: its number in the state's table. Its name stands in texts and in Python's messages."""

    __slots__ = ("number",)
    __match_args__ = ("number",)
    is_handle = True
    """It stands for an object: what is equal is the same one."""

    def __init__(self, number: int) -> None:
        self.number = number

    @property
    def in_order(self) -> int:
        """Where it stands among others of a set: in the order of their making."""
        return self.number

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Future) and other.number == self.number

    def __hash__(self) -> int:
        return hash(("future", self.number))

    def __repr__(self) -> str:
        raise NoValue(NotFollowed("text of a future"))


class NaN(float):
    """A NaN that a state has kept: which object it was is not known, and decides what a container that has it is equal to.

    `plain` is one that is equal to nothing, itself apart: right where it is compared by itself.
    """

    __slots__ = ("plain",)
    plain: float

    def __new__(cls) -> Self:
        self = super().__new__(cls, "nan")
        self.plain = float("nan")
        return self

    def __eq__(self, other: object) -> bool:
        if self is not other and isinstance(other, NaN):
            raise NoValue(NotFollowed("same NaN"))
        return False

    def __ne__(self, other: object) -> bool:
        return not self == other

    def __hash__(self) -> int:
        return 0


NaN.__name__ = "float"  # what `type_name` shows


class Held:
    """Stands in a slot for an object of the heap, which knows it by the slot."""

    def __repr__(self) -> str:
        return "HELD"


HELD = Held()


@record
class Raised:
    """An exception as a value: its name and text, and on its way the step that raised it, however often it is raised again."""

    name: str
    message: str
    place: Span | None = field(default=None, compare=False)


@cache
def exception_type(name: str) -> type[Raised]:
    """The type of an exception that a scenario has as a value: it is called as Python's, and shown so."""

    def is_one(self: Raised, other: object) -> bool:
        if self is not other and isinstance(other, Raised) and (self.name, self.message) == (other.name, other.message):
            raise NoValue(NotFollowed("same exception"))
        return self is other

    body = {
        "__slots__": (), "is_handle": True, "__str__": lambda self: self.message, "__repr__": lambda self: written(name, self.message),
        "__eq__": is_one, "__hash__": lambda _: hash(name),
    }  # fmt: skip
    return type(name, (Raised,), body)


_THEMSELVES = frozenset({int, str, type(None)})
"""Values that are their own key; most of what stands in containers is."""


def freeze(value: object) -> Key:
    """The key of a value (scalars, containers, futures, exceptions, ranges)."""
    kind = type(value)
    if kind in _THEMSELVES:
        return value
    try:
        return _freeze(value, {})
    except RecursionError:
        raise NoValue(NotFollowed("nested so deep")) from None


def _freeze(value: Any, seen: dict[int, int]) -> Key:
    kind = type(value)
    if kind in _THEMSELVES:
        return value
    if kind is bool:
        return ("b", value)
    if kind is float or kind is NaN:
        return _nan(value, seen) if isnan(value) else ("f", repr(value))
    if kind is tuple:
        return ("t", *_each_frozen(value, seen))
    if kind is Future:
        return ("F", value.number)
    if isinstance(value, Raised):
        return ("e", value.name, value.message, value.place)
    if kind is Held:
        return ("H",)
    if kind is range:
        return ("R", value.start, value.stop, value.step)
    if kind is bytes:
        return ("bytes", value)
    if kind is complex:
        return (kind.__name__, repr(value))
    if id(value) in seen:
        return ("r", seen[id(value)])
    seen[id(value)] = len(seen)
    if kind is list:
        return ("l", *_each_frozen(value, seen))
    if kind is dict:
        return ("d", *[(_freeze(k, seen), _freeze(v, seen)) for k, v in value.items()])
    if kind is Set or kind is set or kind is frozenset:
        return ("s", *sorted((_freeze(item, seen) for item in set(value)), key=repr))
    raise NoValue(NotFollowed("kept value", kind.__name__))


def _each_frozen(values: Iterable[object], seen: dict[int, int]) -> list[Key]:
    return [value if type(value) in _THEMSELVES else _freeze(value, seen) for value in values]


def _nan(value: float, seen: dict[int, int]) -> Key:
    if id(value) in seen:
        return ("r", seen[id(value)])
    seen[id(value)] = len(seen)
    return ("n",)


def thaw(key: Key) -> Any:
    """A fresh value of the key."""
    if type(key) is not tuple:
        return key
    try:
        return _thaw(key, [])
    except RecursionError:
        raise NoValue(NotFollowed("nested so deep")) from None


def _thaw(key: Key, made: list[object]) -> object:
    if type(key) is not tuple:
        return key
    match key[0]:
        case "b":
            return key[1]
        case "f":
            return float(key[1])
        case "n":
            nan = NaN()
            made.append(nan)
            return nan
        case "t":
            return tuple(_each_thawed(key[1:], made))
        case "l":
            result: list[object] = []
            made.append(result)
            result.extend(_each_thawed(key[1:], made))
            return result
        case "d":
            mapping: dict[object, object] = {}
            made.append(mapping)
            for k, v in key[1:]:
                name = _thaw(k, made)  # first, as it was frozen: Python would make the value before the key
                mapping[name] = _thaw(v, made)
            return mapping
        case "s":
            members = Set()
            made.append(members)
            members.update(_each_thawed(key[1:], made))
            return members
        case "r":
            return made[key[1]]
        case "F":
            return Future(key[1])
        case "e":
            return exception_type(key[1])(*key[1:])
        case "R":
            return range(*key[1:])
        case "H":
            return HELD
        case "bytes":
            return key[1]
        case "complex":
            return complex(key[1])
        case tag:
            raise TypeError(f"no key: {tag!r}")


def _each_thawed(keys: Sequence[Key], made: list[object]) -> list[object]:
    return [key if type(key) is not tuple else _thaw(key, made) for key in keys]
