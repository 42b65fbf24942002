"""What is touched where code without gates makes an object: what it looks into, and the numbers of threads and pools that are given no name."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Collection, Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Thread, Timer
from types import FunctionType, MethodType
from typing import cast

from scenario.engines.code.operation import Location, Touches
from scenario.engines.code.runtime import foreign
from scenario.engines.code.runtime.kinds import CONTAINERS, Kinds
from scenario.engines.code.runtime.reach import ALL

THREADS: Location = "numbers of threads"
POOLS: Location = "numbers of pools"
NAMES: dict[type, tuple[str, int, Location]] = {
    Timer: ("", 0, THREADS), Thread: ("name", 2, THREADS), ThreadPoolExecutor: ("thread_name_prefix", 1, POOLS),
}  # fmt: skip
"""The argument that names one, where it stands, what is counted else."""
MAKERS: dict[object, type] = {vars(kind)["__init__"]: kind for kind in NAMES}
Arguments = tuple[tuple[object, ...], dict[str, object]]


def numbered(made: object, arguments: Arguments) -> Touches:
    """Threads and pools that are given no name are numbered, in the order in which they are made."""
    if not isinstance(made, type):
        return ()
    args, named = arguments
    for kind, (name, position, location) in NAMES.items():
        if issubclass(made, kind):
            given = args[position] if name and len(args) > position else named.get(name)
            return () if given else ((location, True),)
    return ()


class Making:
    """`codes` are those that have gates."""

    def __init__(self, kinds: Kinds, codes: Collection[int]) -> None:
        self._kinds, self._codes = kinds, codes

    def by(self, kind: type, arguments: Arguments) -> Touches:
        """An instance of a class of the user's own: what no `__new__` and no `__init__` of theirs does."""
        if type(kind).__call__ is not type.__call__:  # an enum, say: what makes it is not known, and makes nothing new
            return ()
        return tuple([touch for name in ("__new__", "__init__") for touch in self._by(kind, name, arguments)])

    def _by(self, kind: type, name: str, arguments: Arguments) -> Touches:
        owner = next(each for each in kind.__mro__ if name in vars(each))
        made_by: object = vars(owner)[name]
        if self._kinds.is_own_class(owner):
            return self._by_own(owner, made_by)
        if owner is object or issubclass(owner, BaseException) or (name == "__new__" and issubclass(owner, CONTAINERS)):
            return ()
        args, named = arguments
        return (*foreign.call(self._kinds, owner, None, (*args, *named.values())), *numbered(owner, arguments))

    def _by_own(self, owner: type, made_by: object) -> Touches:
        if not isinstance(made_by, FunctionType) or id(made_by.__code__) in self._codes or issubclass(owner, tuple):
            return ()
        if not dataclasses.is_dataclass(owner):
            return ALL
        return tuple([touch for factory in _factories(owner) for touch in self._calling(factory)])

    def _calling(self, function: Callable[..., object]) -> Touches:
        """What is called with nothing by code without gates."""
        plain = function.__func__ if isinstance(function, MethodType) else function
        if isinstance(plain, FunctionType) and id(plain.__code__) in self._codes:
            return ()
        if isinstance(plain, type) and self._kinds.is_own_class(plain):
            return self.by(plain, ((), {}))
        owner: object = getattr(function, "__self__", None)
        if self._kinds.of(owner) == "container":
            return foreign.method_of_container(self._kinds, owner, function.__name__, ())
        return (*foreign.call(self._kinds, function, owner, ()), *numbered(function, ((), {})))


def _factories(owner: type) -> Iterator[Callable[..., object]]:
    for field in dataclasses.fields(owner):
        if field.default_factory is not dataclasses.MISSING:
            yield cast("Callable[..., object]", field.default_factory)
