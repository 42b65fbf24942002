"""What kind of value the user's code works with: whether others can see into it, and whether its code is under control."""

from __future__ import annotations

import itertools
import sys
import threading
from collections import OrderedDict, defaultdict, deque
from types import (
    BuiltinFunctionType,
    CodeType,
    FunctionType,
    GeneratorType,
    MappingProxyType,
    MethodType,
    MethodWrapperType,
    ModuleType,
    NoneType,
)
from typing import Literal, TypeAlias

Kind: TypeAlias = Literal["plain", "container", "view", "own", "class", "module", "local", "foreign"]

PLAIN = (
    int, float, complex, bool, str, bytes, NoneType, range, slice, type(...), type(NotImplemented), FunctionType,
    BuiltinFunctionType, MethodType, MethodWrapperType, CodeType, super, property, frozenset,
)  # fmt: skip
"""What never changes, or is looked at where it is called."""
CONTAINERS = (list, dict, set, bytearray, deque, OrderedDict, defaultdict)
VIEWS: tuple[type, ...] = (
    type({}.keys()), type({}.values()), type({}.items()), type(iter([])), type(iter({})), type(iter({}.values())),
    type(iter({}.items())), type(iter(set())), type(iter(deque())), type(reversed([])), enumerate, zip, map, filter,
    reversed, MappingProxyType, memoryview, GeneratorType, type(iter(int, 0)), type(iter("")), type(iter(())),
    type(iter(range(0))), type(iter(bytearray())), type(reversed({})), type(reversed(deque())),
    *(each for each in vars(itertools).values() if isinstance(each, type)),
)  # fmt: skip
"""What looks into a container while it is used."""
FLAT = frozenset({int, float, complex, bool, str, bytes, NoneType, range, type(...), type(NotImplemented)})
"""What has nothing in it that may change."""
STATELESS = FLAT | {object, tuple, frozenset}
NOT_LOOKED_INTO = frozenset(
    {"abc", "collections.abc", "enum", "typing", "threading", "queue", "concurrent.futures._base"}
)
"""Modules of classes whose state no operator and no function in C looks into."""
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
        self._mixed: dict[type, bool] = {}

    def of(self, value: object) -> Kind:
        """The kind of a value; a tuple is plain, what is in it is not."""
        return self.of_type(type(value))

    def of_type(self, kind: type) -> Kind:
        """That of what is of a type."""
        found = self._known.get(kind)
        if found is None:
            found = self._known[kind] = self._found(kind)
        return found

    def _found(self, kind: type) -> Kind:
        if issubclass(kind, threading.local):
            return "local"
        if issubclass(kind, CONTAINERS):
            return "container"
        if issubclass(kind, type):
            return "class"
        if kind.__module__ in self._own:
            return "own"
        if issubclass(kind, ModuleType):
            return "module"
        if kind in VIEWS:
            return "view"
        return "plain" if kind in PLAIN or issubclass(kind, tuple) else "foreign"

    def is_own_module(self, name: str) -> bool:
        """Whether its code is under control."""
        return name in self._own

    def is_own_class(self, value: type) -> bool:
        """Whether a class is defined in code under control."""
        return value.__module__ in self._own

    def is_mixed(self, kind: type) -> bool:
        """Whether an own class has a state of a foreign one's: code without gates looks at its attributes."""
        found = self._mixed.get(kind)
        if found is None:
            found = self._mixed[kind] = any(
                each not in STATELESS and each.__module__ not in NOT_LOOKED_INTO and not self.is_own_class(each)
                for each in kind.__mro__
            )
        return found


def is_pythons(module: str) -> bool:
    """Whether a package is of the standard library."""
    return module in sys.stdlib_module_names
