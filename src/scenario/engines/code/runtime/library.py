"""What Python's library keeps from one call to the next: files, registries, settings, numbers of threads. It is one place for all of it.

A function of one module changes what another keeps (`os.remove` and `open`, `redirect_stdout` and `print`), so they are told apart no further.
What keeps nothing that a caller can see is listed here.
"""

from __future__ import annotations

import sys
from array import array
from collections.abc import Iterable
from io import BytesIO, StringIO
from itertools import chain, compress
from pathlib import PurePath
from random import Random
from types import ModuleType

from scenario.engines.code.operation import LIBRARY, Touches, content
from scenario.engines.code.runtime.kinds import CONTAINERS, is_pythons

STATELESS = frozenset({
    "_bisect", "_collections", "_functools", "_heapq", "_json", "_operator", "_struct", "_thread", "_weakref", "_weakrefset", "abc", "array", "base64",
    "binascii", "bisect", "builtins", "cmath", "collections", "concurrent", "contextlib", "copy", "dataclasses", "datetime", "decimal",
    "difflib", "enum", "fractions", "functools", "hashlib", "heapq", "html", "inspect", "itertools", "json", "math", "numbers", "operator",
    "pprint", "queue", "_queue", "re", "statistics", "string", "struct", "textwrap", "threading", "types", "typing", "unicodedata", "weakref", "zlib",
})  # fmt: skip
"""Modules that keep nothing from one call to the next that a caller can see."""
KEEPING = sys.stdlib_module_names - STATELESS
SELF_CONTAINED = (StringIO, BytesIO, array, Random)
"""Types of other modules whose objects have all that they look at in them."""
MADE_ALONE = (*SELF_CONTAINED, PurePath, BaseException)
"""Types whose objects are made without a look at anything else."""


def keeps(package: str) -> bool:
    """Whether the functions of an outermost package look at what it keeps."""
    return package in KEEPING


def of_object(value: object, *, changes: bool = False) -> Touches:
    """The state of an object of Python's library, and what its module keeps, which may be part of it."""
    mine = ((content(value), changes),)
    is_alone = isinstance(value, SELF_CONTAINED) or not keeps(_root(type(value).__module__))
    return mine if is_alone else (*mine, (LIBRARY, changes))


def of_module(value: object) -> Touches:
    """What reading a global of a module touches besides that."""
    return ((LIBRARY, False),) if isinstance(value, ModuleType) and keeps(_root(value.__name__)) else ()


def printed(given: Iterable[object]) -> Touches:
    """What `print` writes to: one of these, or what is the standard output now."""
    files = [each for each in given if hasattr(type(each), "write")]
    if files:
        return tuple([touch for each in files for touch in of_object(each, changes=True)])
    return ((LIBRARY, False), *of_object(sys.stdout, changes=True))


def in_globals() -> dict[int, object]:
    """What modules of Python's have in their globals, by identity: part of what they keep, wherever the user's code has it from."""
    keeping = [each for name, each in [*sys.modules.items()] if keeps(_root(name)) and isinstance(each, ModuleType)]
    values = [*chain.from_iterable([[*vars(each).values()] for each in keeping])]  # thousands, of some hundred types
    return {id(each): each for each in compress(values, map(_OF_TYPE.__getitem__, map(type, values)))}


def may_be_kept(kind: type) -> bool:
    """Whether something of a type may be among that."""
    return _OF_TYPE[kind]


class _OfType(dict[type, bool]):
    """Whether what is of a type may change, and so is kept; known of Python's own types, which stay."""

    def __missing__(self, kind: type) -> bool:
        package = _root(kind.__module__)
        found = issubclass(kind, CONTAINERS) or keeps(package)
        if is_pythons(package):
            self[kind] = found
        return found


_OF_TYPE = _OfType()


def _root(name: str) -> str:
    """The outermost package of a module's."""
    return name.partition(".")[0]
