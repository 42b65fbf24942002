"""The state of the modules as they were imported, put back before each execution.

What is reached from a module's globals, its classes' attributes and its functions' closures and defaults: containers, the
attributes of objects of its own classes, of primitives and of simple classes of Python's, and whether locks are free. Each is put back
in place (`restoring.py`), so that every object stays the one it is; but for a `count`, in whose place comes another. Threads and pools without
a name are numbered anew, which else are over the whole process: code makes names of theirs, and a schedule names them. Other iterators can not
be put back: an execution that changes one leaves the search undecided.
"""

from __future__ import annotations

import builtins
import sys
from array import array
from collections import deque
from collections.abc import Callable, Container, Iterable, Iterator, MutableMapping
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from io import StringIO
from itertools import count
from queue import SimpleQueue
from random import Random
from threading import Thread
from types import BuiltinFunctionType, CellType, FunctionType, MethodType, MethodWrapperType, ModuleType
from typing import cast

from scenario.engines.code.operation import Location, content
from scenario.engines.code.privates import (
    free_again,
    is_numbered,
    is_numbered_pool,
    name_workers,
    number_threads,
    pool_numbers,
    prefix_of,
    thread_numbers,
)
from scenario.engines.code.restoring import (
    Restore,
    Tables,
    array_back,
    attribute_back,
    bytes_back,
    cell_back,
    cell_contents,
    class_back,
    container_back,
    counted_anew,
    dict_back,
    lock_back,
    number_anew,
    number_pools,
    queue_back,
    random_back,
    text_back,
)
from scenario.engines.code.runtime.kinds import FLAT
from scenario.engines.code.runtime.primitives.locks import LOCK, RLOCK, Lockable

PRIMITIVES = frozenset({
    "threading", "queue", "_queue", "_thread", "concurrent.futures._base", "concurrent.futures.thread",
})  # fmt: skip
SIMPLE = frozenset({"types", "collections", "argparse", "weakref"})
"""Modules whose objects have their state in their attributes."""

CONTAINERS = (dict, list, set, deque)
INSIDE = (MethodType, tuple, partial, classmethod, staticmethod)
"""What has others in it, and never changes."""
BOUND_IN_C = (BuiltinFunctionType, MethodWrapperType)


class Snapshot:
    """Taken when it is made."""

    def __init__(self, modules: Iterable[ModuleType], functions: Iterable[object]) -> None:
        chosen = list(modules)
        self._own = {module.__name__ for module in chosen}
        self._kept_modules: Container[str] = self._own | PRIMITIVES | SIMPLE
        self._tables = Tables()
        self._restores: list[Restore] = []
        self._originals: list[Restore] = []
        self._fixed: list[object] = []
        self._threads = self._pools = 0
        self._restores.append(lambda: number_anew(self._threads, self._pools))
        self._originals += [partial(number_threads, thread_numbers()), partial(number_pools, pool_numbers())]
        seen: dict[int, object] = {id(shared): shared for shared in (sys.modules, vars(builtins))}  # everybody's
        waiting: list[object] = [*functions]
        for module in chosen:
            names = vars(module)
            seen[id(names)] = names
            self._tables.add(names, dict_back(names))
            self._count_anew(names, names.__setitem__)
            waiting += [value for name, value in names.items() if not (name.startswith("__") and name.endswith("__"))]
        while waiting:
            value = waiting.pop()
            if type(value) not in FLAT and id(value) not in seen:
                seen[id(value)] = value
                waiting += self._function(value) if type(value) is FunctionType else self._kept(value)

    def restore(self) -> None:
        """All as it was."""
        self._tables.restore()
        for restore in self._restores:
            restore()

    def undo(self) -> None:
        """All as it was, and every object the one that it was."""
        self.restore()
        for restore in self._originals:
            restore()

    def left_changed(self, changed: Callable[[Location], bool]) -> str:
        """What an execution has changed that can not be put back, in words; "": nothing."""
        found = next((each for each in self._fixed if changed(content(each))), None)
        return "" if found is None else f"a {type(found).__name__} of the modules can not be put back: make it in setup"

    def _count_anew(self, names: MutableMapping[str, object], put: Callable[[str, object], None]) -> None:
        """Notes the counts among these; `put` another in the place of one."""
        for name, value in [*names.items()]:
            of = value.__self__ if type(value) is MethodWrapperType else value
            if type(of) is count:
                self._restores.append(_Anew(put, name, counted_anew(of), bound=of is not value))
                self._originals.append(partial(put, name, value))

    def _number(self, thread: Thread) -> None:
        """One of the modules' without a name is called as if nobody else had made any: a schedule names it in another process, too."""
        if thread.ident is None and is_numbered(thread):
            _, space, target = thread.name.partition(" ")
            self._originals.append(partial(setattr, thread, "name", thread.name))
            self._threads += 1
            thread.name = f"Thread-{self._threads}{space}{target}"

    def _number_pool(self, pool: ThreadPoolExecutor) -> None:
        """Likewise."""
        if is_numbered_pool(pool):
            self._originals.append(partial(name_workers, pool, prefix_of(pool)))
            name_workers(pool, f"ThreadPoolExecutor-{self._pools}")
            self._pools += 1

    def _kept(self, value: object) -> Iterator[object]:
        """Notes how to put a value back; what else is to be looked at."""
        if isinstance(value, CONTAINERS):
            self._tables.add(value, container_back(value))
            yield from [*value.keys(), *value.values()] if isinstance(value, dict) else value
        elif isinstance(value, CellType):
            self._restores.append(cell_back(value))
            yield from cell_contents(value)
        elif isinstance(value, INSIDE):
            yield from _inside(value)
        elif isinstance(value, bytearray):
            self._restores.append(bytes_back(value))
        elif isinstance(value, array):
            self._restores.append(array_back(value))
        elif type(value) is Random:
            self._restores.append(random_back(value))
        elif isinstance(value, StringIO):
            self._restores.append(text_back(value))
        elif isinstance(value, BOUND_IN_C):
            yield from [value.__self__] if isinstance(value.__self__, (*CONTAINERS, Iterator)) else []
        elif isinstance(value, Iterator):
            self._fixed.append(value)
        elif isinstance(value, SimpleQueue):
            self._restores.append(queue_back(value))
        elif type(value) is LOCK:
            self._restores.append(lock_back(cast("Lockable", value)))
        elif type(value) is RLOCK:
            self._restores.append(partial(free_again, value))
        elif isinstance(value, type):
            if value.__module__ in self._own:
                yield from self._kept_class(value)
            return
        elif hasattr(value, "cache_clear") and callable(value):
            self._restores.append(value.cache_clear)
            yield getattr(value, "__wrapped__", None)
            return
        if isinstance(value, Thread):
            self._number(value)
        elif isinstance(value, ThreadPoolExecutor):
            self._number_pool(value)
        if type(value).__module__ in self._kept_modules:
            yield from self._kept_object(value)

    def _function(self, value: FunctionType) -> list[object]:
        """What one of the modules' own has in it."""
        if value.__module__ not in self._own:
            return []
        names = vars(value)
        self._tables.add(names, dict_back(names))
        named = value.__kwdefaults__ or {}
        return [*(value.__closure__ or ()), *(value.__defaults__ or ()), *named.values(), *names.values()]

    def _kept_object(self, value: object) -> Iterator[object]:
        names = getattr(value, "__dict__", None)
        if isinstance(names, dict):
            self._tables.add(names, dict_back(names))
            self._count_anew(names, names.__setitem__)
            yield from names.values()
        yield type(value)
        for name in (name for kind in type(value).__mro__ for name in _slots(kind)):
            kept = getattr(value, name, None)
            self._restores.append(attribute_back(value, name))
            yield kept

    def _kept_class(self, value: type) -> Iterator[object]:
        self._tables.add(vars(value), class_back(value))
        self._count_anew(dict(vars(value)), partial(setattr, value))
        yield from (each for name, each in vars(value).items() if name != "__dict__")


class _Anew:
    """Puts a new count where one was, or its `__next__`."""

    def __init__(
        self, put: Callable[[str, object], None], name: str, make: Callable[[], count[int]], *, bound: bool
    ) -> None:
        self._put, self._name, self._make, self._bound = put, name, make, bound

    def __call__(self) -> None:
        new = self._make()
        self._put(self._name, new.__next__ if self._bound else new)


def _slots(kind: type) -> list[str]:
    names: object = vars(kind).get("__slots__", ())
    every = [names] if isinstance(names, str) else list(names) if isinstance(names, list | tuple) else []
    return [
        f"_{kind.__name__.lstrip('_')}{name}" if name.startswith("__") and not name.endswith("__") else name
        for name in every
        if name not in ("__dict__", "__weakref__")
    ]


def _inside(value: object) -> Iterator[object]:
    match value:
        case MethodType():
            yield from (value.__func__, value.__self__)
        case partial():
            yield from (value.func, *value.args, *value.keywords.values())
        case classmethod() | staticmethod():
            yield value.__func__
        case tuple():
            yield from value
