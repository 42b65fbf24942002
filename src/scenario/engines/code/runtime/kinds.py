"""What kind of value the user's code works with: whether others can see into it, and whether its code is under control."""

from __future__ import annotations

import gc
import threading
from collections import OrderedDict, defaultdict, deque
from collections.abc import Iterator
from types import (
    BuiltinFunctionType,
    FunctionType,
    GeneratorType,
    MappingProxyType,
    MethodType,
    ModuleType,
    NoneType,
)
from typing import Literal, TypeAlias

Kind: TypeAlias = Literal["plain", "container", "view", "own", "class", "module", "local", "foreign"]

PLAIN = (
    int, float, complex, bool, str, bytes, NoneType, range, slice, type(...), type(NotImplemented), FunctionType,
    BuiltinFunctionType, MethodType, GeneratorType, super, property, frozenset,
)  # fmt: skip
"""What never changes, or is looked at where it is called."""
CONTAINERS = (list, dict, set, bytearray, deque, OrderedDict, defaultdict)
VIEWS: tuple[type, ...] = (
    type({}.keys()), type({}.values()), type({}.items()), type(iter([])), type(iter({})), type(iter({}.values())),
    type(iter({}.items())), type(iter(set())), type(iter(deque())), type(reversed([])), enumerate, zip, map, filter,
    reversed, MappingProxyType, memoryview,
)  # fmt: skip
"""What looks into a container while it is used."""
READERS = frozenset({
    "__contains__", "__eq__", "__format__", "__getitem__", "__iter__", "__len__", "__lt__", "__ne__", "__or__",
    "__repr__", "__reversed__", "__str__", "copy", "count", "decode", "difference", "endswith", "find", "get", "hex",
    "index", "intersection", "isdisjoint", "issubset", "issuperset", "items", "keys", "startswith",
    "symmetric_difference", "union", "values",
})  # fmt: skip
"""Methods of built-in containers that change nothing; every other may."""


class Kinds:
    """Knows the modules whose code is under control."""

    def __init__(self, own_modules: frozenset[str]) -> None:
        self._own = own_modules
        self._known: dict[type, Kind] = {}

    def of(self, value: object) -> Kind:
        """The kind of a value; a tuple is plain, what is in it is not."""
        kind = type(value)
        found = self._known.get(kind)
        if found is None:
            found = self._known[kind] = self._of_type(kind)
        return found

    def _of_type(self, kind: type) -> Kind:
        if issubclass(kind, threading.local):
            return "local"
        if issubclass(kind, CONTAINERS):
            return "container"
        if kind.__module__ in self._own:
            return "own"
        if issubclass(kind, type):
            return "class"
        if issubclass(kind, ModuleType):
            return "module"
        if kind in VIEWS:
            return "view"
        return "plain" if kind in PLAIN or issubclass(kind, (BaseException, tuple)) else "foreign"

    def is_own_module(self, name: str) -> bool:
        """Whether its code is under control."""
        return name in self._own

    def is_own_class(self, value: type) -> bool:
        """Whether a class is defined in code under control."""
        return value.__module__ in self._own


def containers_behind(value: object, depth: int = 3) -> Iterator[object]:
    """The built-in containers that a view or iterator looks into."""
    if isinstance(value, CONTAINERS):
        yield value
    elif type(value) in VIEWS and depth:
        for inner in gc.get_referents(value):
            yield from containers_behind(inner, depth - 1)
