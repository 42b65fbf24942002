"""What stands in a `with` and has no gates: files, `redirect_stdout`, `ExitStack`, patches. It is entered in one step, and left in another."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack, closing, nullcontext, suppress
from functools import partial
from types import FunctionType, GeneratorType, MethodType
from typing import Protocol, cast

from scenario.engines.code.actors import Actor
from scenario.engines.code.operation import LIBRARY, Touches, content
from scenario.engines.code.privates import generator_of, left_to_do
from scenario.engines.code.runtime.kinds import Kinds, is_pythons
from scenario.engines.code.runtime.library import SELF_CONTAINED
from scenario.engines.code.runtime.reach import ALL, OURS, changed, reached

HARMLESS = frozenset({
    *(id(vars(kind)[name]) for kind in (suppress, nullcontext, AbstractContextManager) for name in ("__enter__", "__exit__")),
})  # fmt: skip
FOLLOWED = frozenset({"patch", "unittest"})
"""Packages whose managers change whatever they were told to."""


class Entering(Protocol):
    """The gates that managers use."""

    def acting(self) -> Actor | None: ...
    def run(
        self,
        actor: Actor,
        number: int,
        touches: Touches,
        again: Callable[[], Touches] | None,
        function: Callable[..., object],
        /,
        *args: object,
    ) -> object: ...


class Managed:
    """Stands for one in a `with` of the user's."""

    def __init__(self, gates: Entering, kinds: Kinds, number: int, value: object) -> None:
        self._gates, self._kinds, self._number, self._value = gates, kinds, number, value

    def __enter__(self) -> object:
        return self._done("__enter__")

    def __exit__(self, *error: object) -> object:
        return self._done("__exit__", *error)

    def _done(self, name: str, *args: object) -> object:
        function = cast("Callable[..., object]", getattr(type(self._value), name))
        actor = self._gates.acting()
        if actor is None or _is_own(self._kinds, function) or id(function) in HARMLESS:
            return function(self._value, *args)
        look = partial(touched, self._kinds, self._value, leaves=name == "__exit__")
        return self._gates.run(actor, self._number, look(), look, function, self._value, *args)


def is_managed(kinds: Kinds, value: object) -> bool:
    """Whether some of it has no gates."""
    enter, leave = (getattr(type(value), name, None) for name in ("__enter__", "__exit__"))
    if enter is None or leave is None or type(value).__module__.startswith(OURS):
        return False
    generator = generator_of(value)
    if generator is not None:
        return not _is_generators(kinds, generator)
    return not all(_is_own(kinds, each) or id(each) in HARMLESS for each in (enter, leave))


def touched(kinds: Kinds, value: object, *, leaves: bool) -> Touches:
    """What entering or leaving one touches."""
    module = type(value).__module__.partition(".")[0]
    if isinstance(value, ExitStack):
        return stacked(kinds, value, leaves=leaves)
    if (not is_pythons(module) and kinds.of(value) != "own") or module in FOLLOWED or generator_of(value) is not None:
        return ALL
    state: Touches = () if isinstance(value, (*SELF_CONTAINED, memoryview, closing)) else ((LIBRARY, True),)
    return (*state, *changed(reached(kinds, (value,), whole=True)))


def stacked(kinds: Kinds, stack: ExitStack, *, leaves: bool) -> Touches:
    """What is done with an ExitStack; where that `leaves` it, all that is in it is called."""
    if leaves and not all(_is_seen(kinds, each) for each in left_to_do(stack)):
        return ALL
    return ((content(stack), True),)


def _is_seen(kinds: Kinds, callback: object) -> bool:
    """Whether what is called comes to gates."""
    if isinstance(callback, MethodType):
        of = callback.__self__
        return type(of).__module__.startswith(OURS) or _is_own(kinds, callback.__func__)
    wrapped: object = getattr(callback, "__wrapped__", callback)
    return _is_own(kinds, wrapped.__func__ if isinstance(wrapped, MethodType) else wrapped)


def _is_own(kinds: Kinds, function: object) -> bool:
    return isinstance(function, FunctionType) and kinds.is_own_module(str(function.__globals__.get("__name__")))


def _is_generators(kinds: Kinds, generator: GeneratorType[object, object, object]) -> bool:
    return generator.gi_frame is None or kinds.is_own_module(str(generator.gi_frame.f_globals.get("__name__")))
