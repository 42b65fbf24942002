"""The gate of calls: the user's own functions are called as they are, primitives are done under control, the rest is one step."""

from __future__ import annotations

import functools
import inspect
import threading
import time
from abc import ABCMeta
from collections.abc import Callable, Collection, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from queue import SimpleQueue
from types import BuiltinFunctionType, CodeType, FunctionType, MethodType
from typing import cast

from scenario.engines.code.actors import Actor
from scenario.engines.code.operation import EVERYTHING, Touches, content
from scenario.engines.code.runtime import caches, foreign, managers
from scenario.engines.code.runtime.gates import Gates
from scenario.engines.code.runtime.kinds import Kinds
from scenario.engines.code.runtime.making import MAKERS, Making, numbered
from scenario.engines.code.runtime.primitives.table import (
    CLOCK,
    CLOCKS,
    FUNCTIONS,
    METHODS,
    HandedOn,
    Handler,
    handed_on,
    is_primitive,
    now,
)

COROUTINE = inspect.CO_COROUTINE | inspect.CO_ASYNC_GENERATOR
TRANSPARENT = frozenset({"contextlib", "functools", "enum", "typing", "abc"})
"""Modules whose functions do nothing but call what they are given, or make something new of it."""
UNEXPLORED = frozenset({"concurrent", "multiprocessing", "asyncio", "subprocess"})
EXPLORED: tuple[object, ...] = (Future, ThreadPoolExecutor)
"""What of these modules may be made."""
Callee = Callable[..., object]


class Calls:
    """`codes` are the rewritten ones."""

    def __init__(self, gates: Gates, kinds: Kinds) -> None:
        self._gates, self._kinds = gates, kinds
        self._codes: frozenset[int] = frozenset()
        self._making = Making(kinds, self._codes)
        self._instead: Mapping[object, Handler] = {}
        self.passed_over: set[str] = set()

    def do_instead(self, handlers: Mapping[object, Handler]) -> None:
        """Functions in C that are done otherwise from now on."""
        self._instead = handlers

    def ready(self, codes: Collection[CodeType]) -> None:
        """These are under control."""
        self._codes = frozenset(map(id, codes))
        self._making = Making(self._kinds, self._codes)

    def __call__(self, number: int, function: Callee, /, *args: object, **named: object) -> object:
        actor = self._gates.acting()
        if actor is None:
            return function(*args, **named)
        if type(function) is MethodType and isinstance(function.__func__, caches.CACHED):
            cached = cast("caches.CachedFunction", function.__func__)
            return self._cached(actor, number, cached, (function.__self__, *args), named)
        if type(function) is MethodType:
            return self._of_python(actor, number, function, function.__func__, (function.__self__,), args, named)
        if type(function) is FunctionType:
            return self._of_python(actor, number, function, function, (), args, named)
        if type(function) in IN_C:
            return self._of_c(actor, number, function, args, named)
        if isinstance(function, type):
            return self._of_class(actor, number, function, args, named)
        return self._of_object(actor, number, function, args, named)

    def _of_python(
        self,
        actor: Actor,
        number: int,
        function: Callee,
        plain: object,
        bound: tuple[object, ...],
        args: tuple[object, ...],
        named: dict[str, object],
    ) -> object:
        code = plain.__code__ if isinstance(plain, FunctionType) else None
        if code is not None and code.co_flags & COROUTINE:
            self._gates.give_up(number, "`async def` is not explored: only threads are")
        if id(code) in self._codes:
            return function(*args, **named)
        handler = FUNCTIONS.get(plain)
        if handler is not None:
            return handler(self._gates.here(actor, number), *bound, *args, **named)
        if bound and isinstance(bound[0], ExitStack):
            return self._of_stack(actor, number, bound[0], function, args, named)
        if plain is ABCMeta.register:
            self._gates.give_up(number, "what is registered changes what `isinstance` says")
        if foreign.module_of(plain) in TRANSPARENT and not any(map(is_primitive, args)):
            return function(*self._handed_on(number, args), **named)
        # a wrapper says that it is of the module of what it wraps
        module = (
            plain.__globals__.get("__name__") if isinstance(plain, FunctionType) else getattr(plain, "__module__", "")
        )
        if code is not None and self._kinds.is_own_module(str(module)):
            return self._of_generated(actor, number, function, args, named)
        self.passed_over.add(str(module))
        return self._foreign(actor, number, function, bound[0] if bound else None, args, named)

    def _of_stack(
        self,
        actor: Actor,
        number: int,
        stack: ExitStack,
        function: Callee,
        args: tuple[object, ...],
        named: dict[str, object],
    ) -> object:
        leaves = function.__name__ in ("close", "__exit__")
        look = functools.partial(managers.stacked, self._kinds, stack, leaves=leaves)
        if function.__name__ == "enter_context" and len(args) == 1:
            self._gates.access(actor, number, look(), look)
            return function(self._gates.managed(number, args[0]))
        return self._gates.run(actor, number, look(), look, function, *self._handed_on(number, args), **named)

    def _of_generated(
        self, actor: Actor, number: int, function: Callee, args: tuple[object, ...], named: dict[str, object]
    ) -> object:
        """A function of a module under control that stands nowhere in its file: only what a dataclass has is one step."""
        name = str(getattr(function, "__name__", ""))
        if not (name.startswith("__") and name.endswith("__")):
            self._gates.give_up(number, f"{name} is made by code: what it does is not seen")
        self._gates.access(actor, number, ((EVERYTHING, True),))
        return function(*args, **named)

    def _of_c(
        self, actor: Actor, number: int, function: Callee, args: tuple[object, ...], named: dict[str, object]
    ) -> object:
        owner: object = getattr(function, "__self__", None)
        if isinstance(owner, caches.CACHED) and function.__name__.startswith("cache_"):
            self._gates.give_up(number, "what its lru_cache holds is not explored")
        if function in self._instead:
            return self._instead[function](self._gates.here(actor, number), *args, **named)
        handler = METHODS.get((type(owner), function.__name__))
        if handler is not None:
            return handler(self._gates.here(actor, number), owner, *args, **named)
        if function is time.sleep:
            self._sleep(actor, number, *args)
            return None
        if function in CLOCKS:
            here = self._gates.here(actor, number)
            here.world.ask("time")
            self._gates.access(actor, number, ((CLOCK, False),))
            return now(here, CLOCKS[function])
        if function in FUNCTIONS:
            return FUNCTIONS[function](self._gates.here(actor, number), *args, **named)
        if function in foreign.REFUSED:
            self._gates.give_up(number, foreign.REFUSED[function])
        if function in REFLECTION:
            return self._reflects(number, function, args)
        return self._of_owner(actor, number, function, owner, args, named)

    def _sleep(self, actor: Actor, number: int, seconds: object) -> None:
        """Takes no time and orders nothing; who asks for the time sees that it was later."""
        here = self._gates.here(actor, number)
        world = here.world
        here.sleep()
        if "time" in world.told:
            self._gates.access(actor, number, ((CLOCK, True),))
        if isinstance(seconds, int | float):
            if seconds < 0:
                raise ValueError("sleep length must be non-negative")
            world.pass_time(seconds)

    def _reflects(self, number: int, function: Callee, args: tuple[object, ...]) -> object:
        """`getattr` and its like, by the gates of attributes."""
        if function is getattr and len(args) in (2, 3) and isinstance(args[1], str):
            try:
                return self._gates.get(number, args[0], args[1])
            except AttributeError:
                if len(args) == 3:
                    return args[2]
                raise
        if function is hasattr and len(args) == 2 and isinstance(args[1], str):
            try:
                self._gates.get(number, args[0], args[1])
            except AttributeError:
                return False
            return True
        if function in (setattr, delattr) and len(args) > 1 and isinstance(args[1], str):
            self._gates.before_change(number, args[0], args[1], args[-1])
            return cast("Callee", function)(*args)
        return self._gates.give_up(number, "reaches attributes unseen")

    def _of_class(
        self, actor: Actor, number: int, function: type, args: tuple[object, ...], named: dict[str, object]
    ) -> object:
        if self._kinds.is_own_class(function):
            look = functools.partial(self._making.by, function, (args, named))
            if not (touches := look()):
                return function(*args, **named)
            return self._gates.run(actor, number, touches, look, function, *args, **named)
        if issubclass(function, threading.local) and self._gates.world is not None:
            self._gates.world.needs_real_threads("threading.local")
        return self._foreign(actor, number, function, None, args, named)

    def _of_object(
        self, actor: Actor, number: int, function: Callee, args: tuple[object, ...], named: dict[str, object]
    ) -> object:
        if isinstance(function, HandedOn):
            return function(*args, **named)
        if isinstance(function, functools.partial):
            self._gates.access(actor, number, ((content(function.keywords), False),))
            whole = {**function.keywords, **named}
            return self(number, cast("Callee", function.func), *function.args, *args, **whole)
        if isinstance(function, caches.CACHED):
            return self._cached(actor, number, cast("caches.CachedFunction", function), args, named)
        if self._kinds.of(function) == "own":
            return function(*args, **named)
        if getattr(function, "__name__", "") in BEHIND:
            self._gates.give_up(number, "reaches attributes unseen")
        owner = getattr(function, "__self__", None)
        return self._of_owner(actor, number, function, owner, args, named)

    def _of_owner(
        self,
        actor: Actor,
        number: int,
        function: Callee,
        owner: object,
        args: tuple[object, ...],
        named: dict[str, object],
    ) -> object:
        """A method of a container, whose elements it may look into; else whatever it is."""
        if self._kinds.of(owner) != "container":
            return self._foreign(actor, number, function, owner, args, named)
        given = (*args, *named.values())
        look = functools.partial(foreign.method_of_container, self._kinds, owner, function.__name__, given)
        touches = look()
        again = None if len(touches) == 1 else look
        return self._gates.run(actor, number, touches, again, function, *args, **named)

    def _cached(
        self,
        actor: Actor,
        number: int,
        function: caches.CachedFunction,
        args: tuple[object, ...],
        named: dict[str, object],
    ) -> object:
        if function.cache_info()[3]:
            self._gates.give_up(number, "its lru_cache was filled before the threads began: clear it in setup")

        def access(changes: bool) -> None:
            self._gates.access(actor, number, ((content(function), changes),))

        return caches.call(self._gates.here(actor, number), function, args, named, access)

    def _foreign(
        self,
        actor: Actor,
        number: int,
        function: Callee,
        owner: object,
        args: tuple[object, ...],
        named: dict[str, object],
    ) -> object:
        if foreign.module_of(function) in UNEXPLORED and function not in EXPLORED:
            name = getattr(function, "__qualname__", type(function).__name__)
            self._gates.give_up(number, f"{name} of {foreign.module_of(function)} is not explored")
        look = functools.partial(self._looked_into, function, owner, args, named)
        given = {name: handed_on(self, number, value) for name, value in named.items()}
        return self._gates.run(actor, number, look(), look, function, *self._handed_on(number, args), **given)

    def _looked_into(
        self, function: Callee, owner: object, args: tuple[object, ...], named: dict[str, object]
    ) -> Touches:
        plain = function.__func__ if type(function) is MethodType else function
        made = MAKERS.get(plain, function) if isinstance(plain, FunctionType) else function
        numbers = numbered(made, (args[made is not function and plain is function :], named))
        return (*numbers, *foreign.call(self._kinds, function, owner, (*args, *named.values())))

    def _handed_on(self, number: int, args: tuple[object, ...]) -> Iterator[object]:
        return (handed_on(self, number, each) for each in args)


IN_C: tuple[type, ...] = (BuiltinFunctionType, type(SimpleQueue().get))
"""Functions and methods in C; of some that know their class it is another type."""
BEHIND = frozenset({"__setattr__", "__delattr__", "__getattribute__"})
"""Slots of `object` that go past all gates."""
REFLECTION = frozenset({getattr, hasattr, setattr, delattr, vars, dir})
