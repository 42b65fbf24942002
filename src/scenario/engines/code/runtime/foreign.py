"""What a call of code that is not under control touches: one step, that depends on all it may look into.

What is known of the standard library is here: functions that only read what they are given, modules without a state.
Whatever else is given an object of the user's own may do anything with it, and then depends on everything.
"""

from __future__ import annotations

import builtins
import sys
from collections.abc import Iterable, Iterator

from scenario.engines.code.operation import EVERYTHING, Location, Touches, content
from scenario.engines.code.runtime.kinds import CONTAINERS, READERS, Kinds, containers_behind

BUILTINS = frozenset(id(each) for each in vars(builtins).values() if callable(each))
STATELESS = frozenset({
    "_bisect", "_collections", "_functools", "_heapq", "_operator", "abc", "bisect", "builtins", "cmath", "collections",
    "contextlib", "copy", "dataclasses", "datetime", "decimal", "enum", "fractions", "functools", "hashlib", "heapq", "inspect",
    "itertools", "math", "numbers", "operator", "re", "statistics", "string", "textwrap", "types", "typing", "weakref",
})  # fmt: skip
"""Modules that keep nothing from one call to the next that a caller can see."""
SHALLOW = frozenset({"_bisect", "_collections", "_heapq", "bisect", "builtins", "heapq", "itertools"})
"""Modules that look at elements only by their own methods, which are under control if they are the user's."""
COMPARING = frozenset({
    "__contains__", "__eq__", "__ge__", "__gt__", "__le__", "__lt__", "__ne__", "__repr__", "__str__", "__format__", "count", "index", "remove",
    "sort",
})  # fmt: skip
"""Methods of built-in containers that compare or show their elements."""
MANY = 1_000
"""Values within one that are followed; what has more is taken to look at everything."""
UNLOOKED = frozenset(map(id, (len, id, type, isinstance, callable, iter, bool)))
"""Built-in functions that look at no element."""


def method_of_container(kinds: Kinds, owner: object, name: str, arguments: Iterable[object]) -> Touches:
    """A method in C of a built-in container."""
    changes = name not in READERS or (name in {"get", "__getitem__"} and hasattr(type(owner), "__missing__"))
    given = tuple(arguments)
    looked = looked_into(kinds, (owner, *given)) if name in COMPARING else ()
    read = ((content(each), False) for each in _containers(given) if each is not owner)
    return ((content(owner), changes), *(touch for touch in (*read, *looked) if touch[0] != content(owner)))


def call(kinds: Kinds, function: object, owner: object, arguments: Iterable[object]) -> Touches:
    """Every other call; `owner` is the object of a method."""
    given = tuple(arguments)
    module = module_of(function)
    if id(function) in UNLOOKED:
        return tuple([(content(each), False) for each in _containers(given)])
    if id(function) in BUILTINS:
        return (*_advanced(function, given), *(touch for each in given for touch in looked_into(kinds, each)))
    if isinstance(function, type) and module in sys.stdlib_module_names:
        return tuple([(content(each), False) for each in _containers(given)])
    touched: list[Location] = [] if module in STATELESS else [("module", module)]
    if owner is not None and kinds.of(owner) not in ("module", "plain"):
        given = (owner, *given)
    for each in given:
        touched += _reached(kinds, each, shallow=module in SHALLOW)
    return tuple([(location, True) for location in touched])


def _advanced(function: object, given: tuple[object, ...]) -> Touches:
    """`next(iterator)` changes it."""
    return ((content(given[0]), True),) if function is next and given else ()


def looked_into(kinds: Kinds, value: object) -> Touches:
    """What an operator or a built-in function reads of a value: what is in a container, the fields of a dataclass, and so on.

    A dataclass is compared and shown by code that is generated, and has no gates, also where it is an element of a container.
    """
    touches: dict[Location, bool] = {}
    left, seen = [value], set[int]()
    while left:
        each = left.pop()
        if id(each) in seen:
            continue
        seen.add(id(each))
        if len(seen) > MANY:
            return ((EVERYTHING, False),)
        match kinds.of(each):
            case "container" | "view":
                for container in containers_behind(each):
                    touches[content(container)] = False
                    left += [inside for inside in _elements(container) if not _is_flat(kinds, inside)]
            case "own":
                for name in getattr(type(each), "__dataclass_fields__", ()):
                    touches[id(each), name] = False
                    left += _field(each, name)
            case _ if isinstance(each, tuple):
                left += each
            case _:
                pass
    return tuple(touches.items())


def _field(value: object, name: str) -> tuple[object, ...]:
    """What a field of a dataclass has, if it has something and is a plain attribute."""
    try:
        return (object.__getattribute__(value, name),)
    except AttributeError:
        return ()


def _reached(kinds: Kinds, value: object, *, shallow: bool) -> Iterator[Location]:
    match kinds.of(value):
        case "container":
            yield content(value)
            if not shallow and not all(_is_flat(kinds, each) for each in _elements(value)):
                yield EVERYTHING
        case "own":
            if not shallow:
                yield EVERYTHING
        case "view" | "foreign" | "local":
            yield content(value)
            for each in containers_behind(value):
                yield content(each)
        case _ if isinstance(value, tuple):
            for each in value:
                yield from _reached(kinds, each, shallow=shallow)
        case _:
            pass


def _is_flat(kinds: Kinds, value: object) -> bool:
    return kinds.of(value) == "plain" and not isinstance(value, tuple)


def _elements(value: object) -> list[object]:
    if isinstance(value, dict):
        return [*value.keys(), *value.values()]
    return list(value) if isinstance(value, CONTAINERS) else []


def _containers(values: Iterable[object]) -> Iterator[object]:
    for each in values:
        yield from containers_behind(each)


def module_of(function: object) -> str:
    """The package whose code a function is."""
    module = getattr(function, "__module__", None) or getattr(
        type(getattr(function, "__self__", None)), "__module__", ""
    )
    return str(module).partition(".")[0]
