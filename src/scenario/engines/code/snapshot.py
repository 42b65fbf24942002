"""The state of the modules as they were imported, put back before each execution.

What is reached from a module's globals, its classes' attributes and its functions' closures and defaults: containers, the
attributes of objects of its own classes and of primitives, and whether locks are free. Each is put back in place, so that
every object stays the one it is.
"""

from __future__ import annotations

import builtins
import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from types import CellType, FunctionType, MethodType, ModuleType
from typing import TypeAlias, cast

from scenario.engines.code.runtime.primitives.locks import LOCK, Lockable

PRIMITIVES = frozenset({
    "threading", "queue", "_queue", "_thread", "concurrent.futures._base", "concurrent.futures.thread",
})  # fmt: skip
Restore = Callable[[], None]


class Snapshot:
    """Taken when it is made."""

    def __init__(self, modules: Iterable[ModuleType], functions: Iterable[object]) -> None:
        chosen = list(modules)
        self._own = {module.__name__ for module in chosen}
        self._restores: list[Restore] = []
        seen: dict[int, object] = {id(shared): shared for shared in (sys.modules, vars(builtins))}  # everybody's
        waiting: list[object] = [*functions]
        for module in chosen:
            names = vars(module)
            seen[id(names)] = names
            self._restores.append(_dict_back(names))
            waiting += [value for name, value in names.items() if not name.startswith("__")]
        while waiting:
            value = waiting.pop()
            if id(value) not in seen:
                seen[id(value)] = value
                waiting += self._kept(value)

    def restore(self) -> None:
        """All as it was."""
        for restore in self._restores:
            restore()

    def _kept(self, value: object) -> Iterator[object]:
        """Notes how to put a value back; what else is to be looked at."""
        if isinstance(value, dict | list | set | deque):
            self._restores.append(_container_back(value))
            yield from [*value.keys(), *value.values()] if isinstance(value, dict) else value
        elif isinstance(value, CellType):
            self._restores.append(_cell_back(value))
            yield from _cell(value)
        elif isinstance(value, MethodType | tuple | partial | classmethod | staticmethod):
            yield from _inside(value)
        elif isinstance(value, FunctionType):
            if value.__module__ in self._own:
                yield from _inside(value)
        elif type(value) is LOCK:
            self._restores.append(_lock_back(cast("Lockable", value)))
        elif isinstance(value, type):
            if value.__module__ in self._own:
                yield from self._kept_class(value)
            return
        elif hasattr(value, "cache_clear") and callable(value):
            self._restores.append(value.cache_clear)
            yield getattr(value, "__wrapped__", None)
            return
        if type(value).__module__ in self._own or type(value).__module__ in PRIMITIVES:
            yield from self._kept_object(value)

    def _kept_object(self, value: object) -> Iterator[object]:
        names = getattr(value, "__dict__", None)
        if isinstance(names, dict):
            self._restores.append(_dict_back(names))
            yield from names.values()
        for name in (name for kind in type(value).__mro__ for name in _slots(kind)):
            kept = getattr(value, name, None)
            self._restores.append(_attribute_back(value, name))
            yield kept

    def _kept_class(self, value: type) -> Iterator[object]:
        self._restores.append(_class_back(value))
        yield from (each for name, each in vars(value).items() if name != "__dict__")


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
        case FunctionType():
            yield from value.__closure__ or ()
            yield from value.__defaults__ or ()
            yield from (value.__kwdefaults__ or {}).values()
            yield vars(value)
        case MethodType():
            yield from (value.__func__, value.__self__)
        case partial():
            yield from (value.func, *value.args, *value.keywords.values())
        case classmethod() | staticmethod():
            yield value.__func__
        case tuple():
            yield from value


def _cell(cell: CellType) -> Iterator[object]:
    try:
        yield cell.cell_contents
    except ValueError:
        return


def _cell_back(cell: CellType) -> Restore:
    kept = list(_cell(cell))

    def restore() -> None:
        if kept:
            cell.cell_contents = kept[0]

    return restore


def _dict_back(names: dict[str, object]) -> Restore:
    kept = dict(names)
    ids = [*map(id, names.values())]  # a quick look whether all is as it was

    def restore() -> None:
        if [*map(id, names.values())] == ids and names.keys() == kept.keys():
            return
        for name in [name for name in names if name not in kept]:
            del names[name]
        names.update(kept)

    return restore


Container: TypeAlias = "dict[object, object] | list[object] | set[object] | deque[object]"


def _container_back(value: Container) -> Restore:
    """What was in it, in place, if it is not there: others may look while it is filled again."""
    if isinstance(value, dict):
        kept = dict(value)
        return partial(_if_changed, value, _identities(value), lambda: value.update(kept))
    if isinstance(value, set):
        elements = set(value)
        return partial(_if_changed, value, _identities(value), lambda: value.update(elements))
    items = list(value)
    return partial(_if_changed, value, _identities(value), lambda: value.extend(items))


def _if_changed(value: Container, was: list[int], fill: Callable[[], None]) -> None:
    if _identities(value) != was:
        value.clear()
        fill()


def _identities(value: Container) -> list[int]:
    """Of all that is in it, in order."""
    return [*map(id, value), *map(id, value.values())] if isinstance(value, dict) else [*map(id, value)]


def _attribute_back(value: object, name: str) -> Restore:
    if hasattr(value, name):
        return partial(setattr, value, name, getattr(value, name))
    return partial(_without, value, name)


def _without(value: object, name: str) -> None:
    if hasattr(value, name):
        delattr(value, name)


def _class_back(value: type) -> Restore:
    kept = dict(vars(value))

    def restore() -> None:
        for name in [name for name in vars(value) if name not in kept]:
            delattr(value, name)
        for name, was in kept.items():
            if vars(value).get(name) is not was:
                setattr(value, name, was)

    return restore


def _lock_back(lock: Lockable) -> Restore:
    held = lock.locked()

    def restore() -> None:
        if lock.locked() and not held:
            lock.release()

    return restore
