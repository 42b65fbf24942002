"""What code without gates may look into, from the values that it is given: an operator, a function in C, whoever goes on with an iterator.

The walk goes through containers, tuples, views, iterators and what objects of the standard library hold. Objects of the user's own are looked
into by their own methods, which have gates, but for what a dataclass generates and what a class of Python's own, from which they are derived, does.
What is of an unknown type may look at anything, and a function that is handed on and has no gates may do so too, if it is not known.
"""

from __future__ import annotations

import builtins
import gc
import operator
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from queue import Queue
from types import (
    BuiltinFunctionType,
    FunctionType,
    GeneratorType,
    MethodDescriptorType,
    MethodType,
    MethodWrapperType,
    ModuleType,
)

from scenario.engines.code.operation import EVERYTHING, Location, Touches, content
from scenario.engines.code.runtime.kinds import CONTAINERS, FLAT, READERS, Kinds, is_pythons
from scenario.engines.code.runtime.library import of_object

ALL: Touches = ((EVERYTHING, True),)
MANY = 1_000
"""Values within one that are followed; what has more is taken to look at everything."""
PRIMITIVES = frozenset({"threading", "queue", "_queue", "_thread", "concurrent"})
DEAD_ENDS = (type, ModuleType, FunctionType)
"""What is not followed: their state is no part of a value."""
WEAK = frozenset({"weakref", "_weakref", "_weakrefset"})
"""Whether what they lead to is still there is changed by whoever lets go of it."""
OURS = f"{__name__.rpartition('.')[0]}."
SIMPLE = frozenset({
    type(iter([])), type(iter({})), type(iter({}.values())), type(iter({}.items())), type(iter(set())), type(reversed([])), enumerate, zip,
    type({}.keys()), type({}.values()), type({}.items()), reversed, GeneratorType,
})  # fmt: skip
"""Views that look at nothing but the containers and iterators that they go over."""
READING = frozenset(
    id(each)
    for each in (
        abs, all, any, ascii, bin, bool, bytes, callable, chr, complex, dict, divmod, enumerate, filter, float, format, frozenset, hash, hex, id,
        int, isinstance, issubclass, iter, len, list, map, max, min, oct, ord, pow, print, range, repr, reversed, round, set, slice, sorted, str,
        sum, tuple, type, zip, operator.itemgetter,
        *(each for name, each in vars(operator).items() if callable(each) and not name.startswith(("i", "_", "set", "del"))),
        operator.index, operator.inv, operator.invert, operator.is_, operator.is_not, operator.indexOf, *vars(builtins).values(),
    )
) - {id(each) for each in (next, getattr, hasattr, setattr, delattr, super, exec, eval, open, input, print, __import__, compile, vars, globals, locals, operator.attrgetter, operator.methodcaller)}  # fmt: skip
"""Functions of `builtins` and `operator` that change nothing, and call nothing but methods of what they are given."""


class Unknown(Exception):
    """What can not be looked into: it may do anything."""


def reached(kinds: Kinds, values: Iterable[object], *, deep: bool = True, whole: bool = False) -> Touches:
    """What is read of values; `deep`: of what is in containers too; `whole`: all attributes of the user's objects. Iterators are changed."""
    left = [each for each in values if type(each) not in FLAT]
    if not left:
        return ()
    walk = Walk(kinds, deep=deep, whole=whole)
    try:
        walk.through(left)
    except Unknown:
        return ALL
    return tuple(walk.touches.items())


def changed(touches: Touches) -> Touches:
    """The same, where all of it may be changed."""
    return tuple([(location, True) for location, _ in touches])


class Walk:
    """From values to locations. Raises Unknown."""

    def __init__(self, kinds: Kinds, *, deep: bool, whole: bool = False) -> None:
        self.touches: dict[Location, bool] = {}
        self._kinds, self._deep, self._whole = kinds, deep, whole

    def through(self, left: list[object]) -> None:
        """All of these and what they hold."""
        seen: set[int] = set()
        while left:
            each = left.pop()
            if type(each) in FLAT or id(each) in seen:
                continue
            seen.add(id(each))
            if len(seen) > MANY:
                raise Unknown
            left += self._inside(each)

    def _note(self, value: object, *, changes: bool = False) -> None:
        location = content(value)
        self.touches[location] = changes or self.touches.get(location, False)

    def _inside(self, value: object) -> Iterable[object]:
        match self._kinds.of(value):
            case "container":
                self._note(value)
                return elements(value) if self._deep else ()
            case "view":
                return self._behind(value)
            case "own":
                return self._fields(value)
            case "foreign":
                return self._of_foreign(value)
            case "local":
                self._note(value)
                return ()
            case _:
                return [*value] if isinstance(value, tuple | frozenset) else ()

    def _behind(self, value: object) -> Iterable[object]:
        """An iterator is changed, and what it goes over is read."""
        if isinstance(value, Iterator):
            self._note(value, changes=True)
        if isinstance(value, GeneratorType) and self._is_own(value):
            return ()
        held = [each for each in gc.get_referents(value) if not isinstance(each, DEAD_ENDS)]
        if type(value) in SIMPLE:
            return held
        self._deep = True
        return [
            *held,
            *self.handed_on(each for each in gc.get_referents(value) if callable(each) and each is not type(value)),
        ]

    def _is_own(self, generator: GeneratorType[object, object, object]) -> bool:
        """Whether what it does comes to gates: that of `Executor.map` and `as_completed` is ours."""
        if generator.gi_frame is None:
            return True
        module = str(generator.gi_frame.f_globals.get("__name__"))
        return self._kinds.is_own_module(module) or module.startswith(OURS)

    def _fields(self, value: object) -> Iterable[object]:
        """Of an object of the user's own, what code without gates reads."""
        kind = type(value)
        if isinstance(value, tuple | frozenset):
            return [*value]
        names = list(getattr(kind, "__dataclass_fields__", ()))
        if self._whole:
            names += [
                *getattr(value, "__dict__", ()),
                *(name for each in kind.__mro__ for name in getattr(each, "__slots__", ())),
            ]
        elif self._kinds.is_mixed(kind):
            self._note(value)
            names += list(getattr(value, "__dict__", ()))
        for name in names:
            self.touches.setdefault((id(value), name), False)
        return [each for name in names for each in _field(value, name)]

    def _of_foreign(self, value: object) -> Iterable[object]:
        module = type(value).__module__.partition(".")[0]
        if not is_pythons(module) or module in WEAK:
            raise Unknown
        for location, _ in of_object(value):
            self.touches.setdefault(location, False)
        if isinstance(value, Queue):
            return (value.queue,)
        if module in PRIMITIVES:
            return ()
        held = [each for each in gc.get_referents(value) if not isinstance(each, DEAD_ENDS)]
        return [*held, *self.handed_on([value.func])] if isinstance(value, partial) else held

    def handed_on(self, functions: Iterable[Callable[..., object]]) -> list[object]:
        """What functions look at that somebody calls who has no gates. Raises Unknown."""
        found: list[object] = []
        for function in functions:
            found += self._called(function)
        return found

    def _called(self, function: Callable[..., object]) -> Iterable[object]:
        if id(function) in READING or type(function) is operator.itemgetter:
            return ()
        owner: object = getattr(function, "__self__", None)
        match function:
            case MethodType():
                return self._called(function.__func__)
            case FunctionType() if self._kinds.is_own_module(str(function.__globals__.get("__name__"))):
                return ()
            case BuiltinFunctionType() | MethodWrapperType() if type(owner) in (str, bytes, int, float):
                if function.__name__.startswith("format"):
                    raise Unknown
                return ()
            case BuiltinFunctionType() | MethodWrapperType() if self._kinds.of(owner) in (
                "container",
                "view",
                "foreign",
            ):
                self._note(owner, changes=function.__name__ not in READERS)
                return (owner,)
            case MethodDescriptorType() if function.__name__ in READERS or function.__objclass__ in FLAT:
                return ()
            case partial():
                return (*self._called(function.func), *function.args, *function.keywords.values())
            case type() if self._kinds.is_own_class(function):
                return ()
            case _ if self._kinds.of(function) == "own":
                return ()
            case _:
                raise Unknown


def elements(value: object) -> list[object]:
    """What is in a container and may change."""
    if isinstance(value, dict):
        return [each for pair in value.items() for each in pair if type(each) not in FLAT]
    if isinstance(value, CONTAINERS):
        return [each for each in value if type(each) not in FLAT]
    return []


def _field(value: object, name: str) -> tuple[object, ...]:
    """What an attribute has, if it is there and is a plain one."""
    try:
        return (object.__getattribute__(value, name),)
    except AttributeError:
        return ()
