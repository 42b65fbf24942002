"""How one thing is put back as it was: what is kept of it, and what is done if it has changed since. In place, so that it stays the one it is."""

from __future__ import annotations

import random
from array import array
from collections import deque
from collections.abc import Callable, Collection, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from io import StringIO
from itertools import chain, count
from operator import is_
from queue import SimpleQueue
from types import CellType, MappingProxyType
from typing import TypeAlias

from scenario.engines.code.privates import number_threads
from scenario.engines.code.runtime.primitives.locks import Lockable

Restore: TypeAlias = Callable[[], None]


MAPPINGS = (dict, MappingProxyType)


class Tables:
    """Containers, namespaces, classes: whether one has changed is seen in one loop in C over all that they hold; nearly always none has."""

    def __init__(self) -> None:
        self._views: list[Collection[object]] = []
        self._held: list[object] = []
        self._sizes: list[int] = []
        self._restores: list[Restore] = []

    def add(self, table: Collection[object], restore: Restore) -> None:
        """As it is now."""
        # where an empty one changes there are keys: most functions have one
        is_empty = type(table) is dict and not table
        for view in [table, table.values()] if isinstance(table, MAPPINGS) and not is_empty else [table]:
            self._views.append(view)
            self._held += view
            self._sizes.append(len(view))
        self._restores.append(restore)

    def restore(self) -> None:
        """All as it was."""
        if [*map(len, self._views)] == self._sizes and all(map(is_, chain.from_iterable(self._views), self._held)):
            return
        for restore in self._restores:
            restore()


def cell_contents(cell: CellType) -> Iterator[object]:
    try:
        yield cell.cell_contents
    except ValueError:
        return


def cell_back(cell: CellType) -> Restore:
    kept = list(cell_contents(cell))

    def restore() -> None:
        if kept:
            cell.cell_contents = kept[0]

    return restore


def dict_back(names: dict[str, object]) -> Restore:
    kept = dict(names)

    def restore() -> None:
        for name in [name for name in names if name not in kept]:
            del names[name]
        names.update(kept)

    return restore


Container: TypeAlias = "dict[object, object] | list[object] | set[object] | deque[object]"


def container_back(value: Container) -> Restore:
    """What was in it, in place, if it is not there: others may look while it is filled again."""
    if isinstance(value, dict):
        return partial(_dict_back, value, dict(value))
    if isinstance(value, set):
        elements = set(value)
        return partial(_if_changed, value, [*value], lambda: value.update(elements))
    items = [*value]
    return partial(_if_changed, value, items, lambda: value.extend(items))


def _dict_back(value: dict[object, object], kept: dict[object, object]) -> None:
    if not (_are_the_same(value, kept) and _are_the_same(value.values(), kept.values())):
        value.clear()
        value.update(kept)


def _if_changed(value: list[object] | set[object] | deque[object], was: list[object], fill: Callable[[], None]) -> None:
    if not _are_the_same(value, was):
        value.clear()
        fill()


def _are_the_same(some: Collection[object], others: Collection[object]) -> bool:
    """One by one, in their order."""
    return len(some) == len(others) and all(map(is_, some, others))


def attribute_back(value: object, name: str) -> Restore:
    if hasattr(value, name):
        return partial(setattr, value, name, getattr(value, name))
    return partial(_without, value, name)


def _without(value: object, name: str) -> None:
    if hasattr(value, name):
        delattr(value, name)


def class_back(value: type) -> Restore:
    kept = dict(vars(value))

    def restore() -> None:
        for name in [name for name in vars(value) if name not in kept]:
            delattr(value, name)
        for name, was in kept.items():
            if vars(value).get(name) is not was:
                setattr(value, name, was)

    return restore


def lock_back(lock: Lockable) -> Restore:
    held = lock.locked()

    def restore() -> None:
        if lock.locked() and not held:
            lock.release()

    return restore


def queue_back(queue: SimpleQueue[object]) -> Restore:
    """What was in a SimpleQueue."""

    def taken() -> list[object]:
        return [queue.get_nowait() for _ in range(queue.qsize())]

    def filled(items: list[object]) -> list[object]:
        for each in items:
            queue.put(each)
        return items

    kept = filled(taken())

    def restore() -> None:
        taken()
        filled(kept)

    return restore


def bytes_back(value: bytearray) -> Restore:
    """Of bytes."""
    kept = bytes(value)

    def restore() -> None:
        if value != kept:
            value[:] = kept

    return restore


def array_back(value: array[int]) -> Restore:
    """Of an array."""
    kept = value[:]

    def restore() -> None:
        if value != kept:
            value[:] = kept

    return restore


def random_back(value: random.Random) -> Restore:
    """Of a generator of random numbers."""
    return partial(value.setstate, value.getstate())


def text_back(value: StringIO) -> Restore:
    """Of a text in memory."""
    kept, at = value.getvalue(), value.tell()

    def restore() -> None:
        value.seek(0)
        value.truncate()
        value.write(kept)
        value.seek(at)

    return restore


def counted_anew(value: count[int]) -> Callable[[], count[int]]:
    """Makes others that go on as it would: itself it can not be put back, and no more can any other iterator."""
    numbers = [int(each) for each in repr(value).removeprefix("count(").removesuffix(")").split(",")]
    return lambda: count(*numbers)


COUNTER = "_counter"
"""Of the class of pools: what numbers those without a name."""


def number_pools(numbers: Callable[[], int]) -> None:
    """From now on by these."""
    setattr(ThreadPoolExecutor, COUNTER, numbers)


def number_anew(threads: int, pools: int) -> None:
    """From now on so many of each have been made."""
    number_threads(count(threads + 1).__next__)
    number_pools(count(pools).__next__)
