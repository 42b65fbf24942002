"""The gate of calls: the user's own functions are called as they are, primitives are done under control, the rest is one step."""

from __future__ import annotations

import functools
import inspect
import threading
import time
from abc import ABCMeta
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from queue import SimpleQueue
from types import BuiltinFunctionType, FunctionType, MethodType
from typing import NamedTuple, cast

from scenario.engines.code.actors import Actor
from scenario.engines.code.operation import EVERYTHING, Look, Touches, content
from scenario.engines.code.runtime import caches, foreign, managers
from scenario.engines.code.runtime.gates import Gates
from scenario.engines.code.runtime.here import Here
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
from scenario.engines.code.world import World

COROUTINE = inspect.CO_COROUTINE | inspect.CO_ASYNC_GENERATOR
TRANSPARENT = frozenset({"contextlib", "functools", "enum", "typing", "abc"})
"""Modules whose functions do nothing but call what they are given, or make something new of it."""
UNEXPLORED = frozenset({"concurrent", "multiprocessing", "asyncio", "subprocess"})
EXPLORED: tuple[object, ...] = (Future, ThreadPoolExecutor)
"""What of these modules may be made."""
Callee = Callable[..., object]


class Call(NamedTuple):
    """What an actor calls at the gate of that number, and with what. To do it is no method: a frame more a call, and the user's could be nested less deeply."""

    actor: Actor
    number: int
    function: Callee
    args: tuple[object, ...]
    named: dict[str, object]

    @property
    def given(self) -> tuple[object, ...]:
        """All its arguments."""
        return (*self.args, *self.named.values())

    @property
    def name(self) -> str:
        """The function's, where it has one."""
        return str(getattr(self.function, "__name__", ""))


class Calls:
    """`codes` are the identities of the rewritten ones."""

    def __init__(self, gates: Gates, kinds: Kinds) -> None:
        self._gates, self._kinds = gates, kinds
        self._codes: frozenset[int] = frozenset()
        self._making = Making(kinds, self._codes)
        self._instead: Mapping[object, Handler] = {}
        self.passed_over: set[str] = set()
        self.caches = caches.Caches()
        self._execution: World | None = None

    def do_instead(self, handlers: Mapping[object, Handler]) -> None:
        """Functions in C that are done otherwise from now on."""
        self._instead = handlers

    def begin(self, execution: World) -> None:
        """Another execution: what caches hold and what time it is are its own, in `setup` and `check` too."""
        self.caches.clear()
        self._execution = execution

    def ready(self, codes: frozenset[int]) -> None:
        """The code with these identities is under control."""
        self._codes = codes
        self._making = Making(self._kinds, self._codes)

    def __call__(self, number: int, function: Callee, /, *args: object, **named: object) -> object:
        plain = function.__func__ if type(function) is MethodType else function
        code = plain.__code__ if type(plain) is FunctionType else None
        if id(code) in self._codes and code is not None and not code.co_flags & COROUTINE:
            return function(*args, **named)
        cache = caches.cache_of(function)
        if cache is not None:
            return self._of_cache(number, cache, function, args, named)
        actor = self._gates.acting()
        if actor is None:
            if type(function) in IN_C and function in CLOCKS:
                return now(0.0 if self._execution is None else self._execution.now, CLOCKS[function])
            return function(*args, **named)
        call = Call(actor, number, function, args, named)
        if type(function) is MethodType:
            return self._of_python(call, function.__func__, (function.__self__,))
        if type(function) is FunctionType:
            return self._of_python(call, function)
        if type(function) in IN_C:
            return self._of_c(call)
        if isinstance(function, type):
            return self._of_class(call, function)
        return self._of_object(call)

    def _of_python(self, call: Call, plain: object, bound: tuple[object, ...] = ()) -> object:
        """`plain`: the function itself, of a method without the object that it is `bound` to."""
        code = plain.__code__ if isinstance(plain, FunctionType) else None
        if code is not None and code.co_flags & COROUTINE:
            self._gates.give_up(call.number, "`async def` is not explored: only threads are")
        handler = FUNCTIONS.get(plain)
        if handler is not None:
            return handler(self._here(call), *bound, *call.args, **call.named)
        if bound and isinstance(bound[0], ExitStack):
            return self._of_stack(call, bound[0])
        if plain is ABCMeta.register:
            self._gates.give_up(call.number, "what is registered changes what `isinstance` says")
        if foreign.module_of(plain) in TRANSPARENT and not any(map(is_primitive, call.args)):
            return call.function(*self._handed_on(call), **call.named)
        # a wrapper says that it is of the module of what it wraps
        module = (
            plain.__globals__.get("__name__") if isinstance(plain, FunctionType) else getattr(plain, "__module__", "")
        )
        if code is not None and self._kinds.is_own_module(str(module)):
            return self._of_generated(call)
        self.passed_over.add(str(module))
        return self._foreign(call, bound[0] if bound else None)

    def _of_stack(self, call: Call, stack: ExitStack) -> object:
        leaves = call.name in ("close", "__exit__")
        look = functools.partial(managers.stacked, self._kinds, stack, leaves=leaves)
        if call.name == "enter_context" and len(call.args) == 1:
            self._access(call, look(), look)
            return call.function(self._gates.managed(call.number, call.args[0]))
        return self._gates.run(*call[:2], look(), look, call.function, *self._handed_on(call), **call.named)

    def _of_generated(self, call: Call) -> object:
        """A function of a module under control that stands nowhere in its file: only what a dataclass has is one step."""
        if not (call.name.startswith("__") and call.name.endswith("__")):
            self._gates.give_up(call.number, f"{call.name} is made by code: what it does is not seen")
        self._access(call, ((EVERYTHING, True),))
        return call.function(*call.args, **call.named)

    def _of_c(self, call: Call) -> object:
        function = call.function
        owner: object = getattr(function, "__self__", None)
        if function in self._instead:
            return self._instead[function](self._here(call), *call.args, **call.named)
        handler = METHODS.get((type(owner), function.__name__))
        if handler is not None:
            return handler(self._here(call), owner, *call.args, **call.named)
        if function is time.sleep:
            self._sleep(call, *call.args)
            return None
        if function in CLOCKS:
            here = self._here(call)
            here.world.ask("time")
            self._access(call, ((CLOCK, False),))
            return now(here.world.now, CLOCKS[function])
        if function in FUNCTIONS:
            return FUNCTIONS[function](self._here(call), *call.args, **call.named)
        if function in foreign.REFUSED:
            self._gates.give_up(call.number, foreign.REFUSED[function])
        if function in REFLECTION:
            return self._reflects(call.number, function, call.args)
        return self._of_owner(call, owner)

    def _sleep(self, call: Call, seconds: object) -> None:
        """Takes no time and orders nothing; who asks for the time sees that it was later."""
        here = self._here(call)
        world = here.world
        here.sleep()
        if "time" in world.told:
            self._access(call, ((CLOCK, True),))
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

    def _of_class(self, call: Call, made: type) -> object:
        if self._kinds.is_own_class(made):
            look = functools.partial(self._making.by, made, (call.args, call.named))
            if not (touches := look()):
                return call.function(*call.args, **call.named)
            return self._gates.run(*call[:2], touches, look, made, *call.args, **call.named)
        if issubclass(made, threading.local) and self._gates.world is not None:
            self._gates.world.needs_real_threads("threading.local")
        return self._foreign(call, None)

    def _of_object(self, call: Call) -> object:
        function = call.function
        if isinstance(function, HandedOn):
            return call.function(*call.args, **call.named)
        if isinstance(function, functools.partial):
            self._access(call, ((content(function.keywords), False),))
            whole = {**function.keywords, **call.named}
            return self(call.number, cast("Callee", function.func), *function.args, *call.args, **whole)
        if self._kinds.of(function) == "own":
            return call.function(*call.args, **call.named)
        if call.name in BEHIND:
            self._gates.give_up(call.number, "reaches attributes unseen")
        return self._of_owner(call, getattr(function, "__self__", None))

    def _of_owner(self, call: Call, owner: object) -> object:
        """A method of a container, whose elements it may look into; else whatever it is."""
        if self._kinds.of(owner) != "container":
            return self._foreign(call, owner)
        look = functools.partial(foreign.method_of_container, self._kinds, owner, call.function.__name__, call.given)
        touches = look()
        again = None if len(touches) == 1 else look
        return self._gates.run(*call[:2], touches, again, call.function, *call.args, **call.named)

    def _of_cache(
        self,
        number: int,
        cache: caches.CachedFunction,
        function: Callee,
        args: tuple[object, ...],
        named: dict[str, object],
    ) -> object:
        """What `lru_cache` has made is called, or asked."""
        actor = self._gates.acting()

        def access(changes: bool) -> None:
            if actor is not None:
                self._gates.access(actor, number, ((content(cache), changes),))

        return self.caches.use(cache, function, args, named, access)

    def _foreign(self, call: Call, owner: object) -> object:
        function = call.function
        if foreign.module_of(function) in UNEXPLORED and function not in EXPLORED:
            name = getattr(function, "__qualname__", type(function).__name__)
            self._gates.give_up(call.number, f"{name} of {foreign.module_of(function)} is not explored")
        look = functools.partial(self._looked_into, call, owner)
        given = {name: handed_on(self, call.number, value) for name, value in call.named.items()}
        return self._gates.run(*call[:2], look(), look, function, *self._handed_on(call), **given)

    def _looked_into(self, call: Call, owner: object) -> Touches:
        function = call.function
        plain = function.__func__ if type(function) is MethodType else function
        made = MAKERS.get(plain, function) if isinstance(plain, FunctionType) else function
        numbers = numbered(made, (call.args[made is not function and plain is function :], call.named))
        return (*numbers, *foreign.call(self._kinds, function, owner, call.given))

    # --- the gates of a call -------------------------------------------------------------------------------

    def _here(self, call: Call) -> Here:
        return self._gates.here(call.actor, call.number)

    def _access(self, call: Call, touches: Touches, look: Look | None = None) -> None:
        self._gates.access(call.actor, call.number, touches, look)

    def _handed_on(self, call: Call) -> Iterator[object]:
        return (handed_on(self, call.number, each) for each in call.args)


IN_C: tuple[type, ...] = (BuiltinFunctionType, type(SimpleQueue().get))
"""Functions and methods in C; of some that know their class it is another type."""
BEHIND = frozenset({"__setattr__", "__delattr__", "__getattribute__"})
"""Slots of `object` that go past all gates."""
REFLECTION = frozenset({getattr, hasattr, setattr, delattr, vars, dir})
