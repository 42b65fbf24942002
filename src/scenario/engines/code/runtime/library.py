"""What Python's library keeps from one call to the next: files, registries, settings, numbers of threads. It is one place for all of it.

A function of one module changes what another keeps (`os.remove` and `open`, `redirect_stdout` and `print`), so they are told apart no further.
What keeps nothing that a caller can see is listed here.
"""

from __future__ import annotations

import sys
from array import array
from collections.abc import Iterable, Iterator
from io import BytesIO, StringIO
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
SELF_CONTAINED = (StringIO, BytesIO, array, Random)
"""Types of other modules whose objects have all that they look at in them."""
MADE_ALONE = (*SELF_CONTAINED, PurePath, BaseException)
"""Types whose objects are made without a look at anything else."""


def keeps(module: str) -> bool:
    """Whether a module's functions look at what it keeps."""
    return is_pythons(module) and module not in STATELESS


def of_object(value: object, *, changes: bool = False) -> Touches:
    """The state of an object of Python's library, and what its module keeps, which may be part of it."""
    mine = ((content(value), changes),)
    is_alone = isinstance(value, SELF_CONTAINED) or not keeps(type(value).__module__.partition(".")[0])
    return mine if is_alone else (*mine, (LIBRARY, changes))


def of_module(value: object) -> Touches:
    """What reading a global of a module touches besides that."""
    return ((LIBRARY, False),) if isinstance(value, ModuleType) and keeps(value.__name__.partition(".")[0]) else ()


def printed(given: Iterable[object]) -> Touches:
    """What `print` writes to: one of these, or what is the standard output now."""
    files = [each for each in given if hasattr(type(each), "write")]
    if files:
        return tuple([touch for each in files for touch in of_object(each, changes=True)])
    return ((LIBRARY, False), *of_object(sys.stdout, changes=True))


def in_globals() -> Iterator[object]:
    """What modules of Python's have in their globals: part of what they keep, wherever the user's code has it from."""
    known: dict[type, bool] = {}  # thousands of values are of some hundred types
    for name, module in [*sys.modules.items()]:
        if isinstance(module, ModuleType) and keeps(name.partition(".")[0]):
            for global_, value in [*vars(module).items()]:
                kind = type(value)
                may_change = known.get(kind)
                if may_change is None:
                    may_change = known[kind] = _may_change(kind)
                if may_change and not global_.startswith("__"):
                    yield value


def _may_change(kind: type) -> bool:
    return issubclass(kind, CONTAINERS) or keeps(kind.__module__.partition(".")[0])
