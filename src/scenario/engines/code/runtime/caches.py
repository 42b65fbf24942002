"""`functools.cached_property` and `lru_cache`: written in C or without gates, they change what other threads see. Done here instead.

A cached property is looked up, made by the user's own function, and stored, with a stop before the look and the store; up to Python 3.11
under its lock. A cache of calls is kept here for one execution, each with a stop before the look and the store, as CPython does them.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from functools import cached_property, lru_cache
from typing import Protocol, TypeAlias, cast

from scenario.engines.code.privates import LockLike
from scenario.engines.code.runtime.here import Here
from scenario.engines.code.runtime.primitives.locks import Held

Access: TypeAlias = Callable[[bool], None]
"""A stop before a read, or (True) before a change."""


def property_of(kind: type, name: str) -> cached_property[object] | None:
    """The cached property of a class, if the name is one."""
    for each in kind.__mro__:
        if name in vars(each):
            found = vars(each)[name]
            return found if isinstance(found, cached_property) else None
    return None


def cached(here: Here, value: object, name: str, made_by: cached_property[object], access: Access) -> object:
    """`value.name` of a cached property."""
    access(False)
    names = vars(value)
    if name in names:
        return names[name]
    lock: LockLike | None = getattr(made_by, "lock", None)
    if lock is None:
        return _made(value, name, made_by, access)
    with Held(here, lock):
        access(False)
        return names[name] if name in names else _made(value, name, made_by, access)


def _made(value: object, name: str, made_by: cached_property[object], access: Access) -> object:
    result = made_by.func(value)
    access(True)
    vars(value)[name] = result
    return result


class CachedFunction(Protocol):
    """What `lru_cache` makes."""

    __wrapped__: Callable[..., object]

    def cache_parameters(self) -> dict[str, object]: ...
    def cache_info(self) -> tuple[int, int, int | None, int]: ...


CACHED = type(lru_cache(lambda: None))


class Results:
    """What a cache holds in this execution, the one used longest ago first."""

    def __init__(self) -> None:
        self.kept: OrderedDict[Hashable, object] = OrderedDict()


def call(
    here: Here, function: CachedFunction, args: tuple[object, ...], named: dict[str, object], access: Access
) -> object:
    """A call of a function with `lru_cache`."""
    limits = function.cache_parameters()
    most = cast("int | None", limits["maxsize"])
    key = _key(args, named, typed=bool(limits["typed"]))
    kept = here.shadow(function, Results).kept
    access(True)  # a hit changes the order
    if key in kept:
        kept.move_to_end(key)
        return kept[key]
    result = function.__wrapped__(*args, **named)
    access(True)
    if key not in kept and most != 0:
        kept[key] = result
        if most is not None and len(kept) > most:
            kept.popitem(last=False)
    return result


def _key(args: tuple[object, ...], named: dict[str, object], *, typed: bool) -> Hashable:
    kinds = (*map(type, args), *map(type, named.values())) if typed else ()
    return (args, tuple(named.items()), kinds)
