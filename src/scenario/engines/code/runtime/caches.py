"""`functools.cached_property` and `lru_cache`: written in C or without gates, they change what other threads see. Done here instead.

A cached property is looked up, made by the user's own function, and stored, with a stop before the look and the store; up to Python 3.11
under its lock. A cache of calls is kept here for one execution, each with a stop before the look and the store, as CPython does them;
`setup` and `check` use it too, where nobody stops.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from functools import cached_property, lru_cache
from types import BuiltinFunctionType, MethodType
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


class Info(Protocol):
    """What `cache_info` gives, a named tuple."""

    @property
    def currsize(self) -> int: ...
    def _replace(self, *, hits: int, misses: int, currsize: int) -> object: ...


class CachedFunction(Protocol):
    """What `lru_cache` makes."""

    __wrapped__: Callable[..., object]

    def cache_parameters(self) -> dict[str, object]: ...
    def cache_info(self) -> Info: ...


CACHED = type(lru_cache(lambda: None))


def cache_of(function: object) -> CachedFunction | None:
    """The cached function that is called by it, as a method too, or that it asks, as `cache_info`."""
    if type(function) is CACHED:
        return cast("CachedFunction", function)
    if isinstance(function, MethodType):
        of: object = function.__func__
    elif isinstance(function, BuiltinFunctionType):
        of = function.__self__
    else:
        return None
    return cast("CachedFunction", of) if type(of) is CACHED else None


class Results:
    """What a cache holds, the one used longest ago first."""

    def __init__(self) -> None:
        self.kept: OrderedDict[Hashable, object] = OrderedDict()
        self.hits = self.misses = 0

    def call(self, cache: CachedFunction, args: tuple[object, ...], named: dict[str, object], access: Access) -> object:
        """The function is called."""
        limits, kept = cache.cache_parameters(), self.kept
        most = cast("int | None", limits["maxsize"])
        key = _key(args, named, typed=bool(limits["typed"]))
        access(True)  # a hit changes the order
        if key in kept:
            self.hits += 1
            kept.move_to_end(key)
            return kept[key]
        self.misses += 1
        result = cache.__wrapped__(*args, **named)
        access(True)
        if most is None:  # what another thread has stored meanwhile goes
            kept[key] = result
        elif key not in kept and most:
            kept[key] = result
            if len(kept) > most:
                kept.popitem(last=False)
        return result

    def clear(self) -> None:
        """As `cache_clear`: for calls that go on, too."""
        self.kept.clear()
        self.hits = self.misses = 0


class Caches:
    """Those of an execution, from its `setup` to its `check`."""

    def __init__(self) -> None:
        self._results: dict[int, tuple[CachedFunction, Results]] = {}

    def clear(self) -> None:
        """Another execution begins."""
        self._results = {}

    def filled_unseen(self) -> str:
        """Why it is not known what a cache holds, where code without gates has called the function besides; "": it is."""
        if any(cache.cache_info().currsize for cache, _ in self._results.values()):
            return "code that is not looked into calls a function with an lru_cache, which others call as well"
        return ""

    def use(
        self,
        cache: CachedFunction,
        function: Callable[..., object],
        args: tuple[object, ...],
        named: dict[str, object],
        access: Access,
    ) -> object:
        """A call of the function, or of a method of its cache."""
        _, results = self._results.setdefault(id(cache), (cache, Results()))
        match function:
            case BuiltinFunctionType(__name__="cache_clear"):
                access(True)
                results.clear()
                return None
            case BuiltinFunctionType(__name__="cache_info"):
                access(False)
                return cache.cache_info()._replace(hits=results.hits, misses=results.misses, currsize=len(results.kept))
            case BuiltinFunctionType():
                return function(*args, **named)
            case MethodType(__self__=bound):
                return results.call(cache, (bound, *args), named, access)
            case _:
                return results.call(cache, args, named, access)


def _key(args: tuple[object, ...], named: dict[str, object], *, typed: bool) -> Hashable:
    if len(args) == 1 and not named and not typed and type(args[0]) in (int, str):
        return args[0]  # so 1 and 1.0 are kept apart
    kinds = (*map(type, args), *map(type, named.values())) if typed else ()
    return (args, tuple(named.items()), kinds)
