"""Shared lists and dicts: in a manager, a process of its own, which does one request after the other."""

from __future__ import annotations

import copy
import os
import signal
import sys
from collections.abc import Iterator, Mapping
from multiprocessing.context import SpawnContext
from multiprocessing.managers import BaseProxy, DictProxy, ListProxy, SyncManager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    Items = ListProxy[object]
    Keys = DictProxy[object, object]
else:  # they can not be subscripted
    Items, Keys = ListProxy, DictProxy


class SharedList(Items):
    """A list of a manager's; `clear` can be asked of one from 3.14 on only."""

    _exposed_ = (*vars(ListProxy.__mro__[1])["_exposed_"], "clear")

    def clear(self) -> None:
        self._callmethod("clear")


class SharedDict(Keys):
    """A dict of a manager's. CPython's own iterator of one fails in a process that was spawned (its proxy has no manager)."""

    def __iter__(self) -> Iterator[object]:
        """Its keys one after the other; as a dict's, it fails once there are more or fewer of them."""
        keys = self.keys()
        for key in keys:
            self._check(len(keys))
            yield key
        self._check(len(keys))

    def _check(self, size: int) -> None:
        if len(self) != size:
            raise RuntimeError("dictionary changed size during iteration")


class Manager(SyncManager):
    """A manager whose lists and dicts are those."""


Manager.register("list", list, SharedList)
Manager.register("dict", dict, SharedDict)


def started(context: SpawnContext) -> Manager:
    """One; its socket has no file where the system needs none."""
    address = f"\0scenario-{os.getpid()}-{os.urandom(8).hex()}" if sys.platform == "linux" else None
    manager = Manager(address, ctx=context)
    manager.start(_undisturbed)
    return manager


def _undisturbed() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent is told, and ends this process


def containers(manager: Manager, values: Mapping[str, object]) -> dict[str, BaseProxy]:
    """What stands for each list or dict, in every process."""
    found: dict[str, BaseProxy] = {}
    for name, value in values.items():
        match value:
            case list():
                found[name] = manager.list(copy.deepcopy(value))
            case dict():
                found[name] = manager.dict(copy.deepcopy(value))
            case _:
                pass
    return found


def whole(container: BaseProxy) -> object:
    """A copy of it, in one step."""
    return vars(BaseProxy)["_getvalue"](container)
