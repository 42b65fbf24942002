"""What expressions ask of primitives, threads and futures in a state."""

from __future__ import annotations

from collections.abc import Callable
from operator import getitem
from typing import Any

from scenario.engines.explore.model.parts import ALIVE, DONE, PENDING, WITHDRAWN, ScenarioError
from scenario.engines.explore.model.raising import on_values
from scenario.engines.explore.model.values import Future, thaw
from scenario.engines.explore.step.layout import Layout
from scenario.program.program import Barrier, BoundedSemaphore, RLock, Semaphore


class Queries:
    """The part of a `Context` that only reads."""

    layout: Layout
    objects: list[Any]
    status: list[int]
    futures: list[tuple[str, Any, int]]
    blocked_count: Callable[[tuple[int, ...]], int]
    """How many of these threads are blocked, which the whole state tells."""

    def query(self, name: str, index: int | None, attribute: str) -> Any:
        """The state of a primitive or thread."""
        if name in self.layout.groups:
            return self._thread_query(name, index, attribute)
        number = self.object(name, index)
        kind, state = self.layout.kinds[number], self.objects[number]
        match attribute:
            case "locked":
                return self.is_locked(self.layout.locks[number])
            case "is_set":
                return state[0]
            case "value":
                return state
            case "n_waiting":
                return len(state[1]) if state[0] in ("filling", "action") else 0
            case "parties":
                return kind.parties if isinstance(kind, Barrier) else 0
            case "broken":
                return state[0] == "broken"
            case "qsize":
                return len(state[0])
            case "empty":
                return not state[0]
            case "full":
                return 0 < getattr(kind, "maxsize", 0) <= len(state[0])
            case "unfinished_tasks":
                return state[1]
            case "is_shutdown":
                return state[2]
            case _:
                raise AttributeError(attribute)

    def _thread_query(self, group: str, index: int | None, attribute: str) -> Any:
        members = self.layout.groups[group]
        if index is not None:
            index = element(list(range(len(members))), index)
        match attribute:
            case "alive":
                return sum(self.status[n] in (ALIVE, PENDING) for n in members if index is None or n == members[index])
            case "blocked":
                return self.blocked_count(members if index is None else (members[index],))
            case _:
                thread = self.layout.threads[members[index or 0]]
                match attribute:
                    case "is_alive":
                        return self.status[thread.number] in (ALIVE, PENDING)
                    case "name":
                        return thread.name
                    case "daemon":
                        return thread.daemon
                    case _:
                        raise AttributeError(attribute)

    def future_query(self, future: Any, attribute: str) -> Any:
        if not isinstance(future, Future):
            raise ScenarioError("AttributeError", f"'{type(future).__name__}' object has no attribute '{attribute}'")
        state, value, _ = self.futures[future.number]
        match attribute:
            case "done":
                return state in DONE
            case "running":
                return state == "running"
            case "cancelled":
                return state in WITHDRAWN
            case "exception":
                if state in WITHDRAWN:
                    raise ScenarioError("CancelledError")
                if state in ("pending", "running"):
                    raise ScenarioError("TimeoutError")
                return thaw(value) if state == "failed" else None
            case _:
                raise AttributeError(attribute)

    # --- objects -------------------------------------------------------------------------------

    def object(self, name: str, index: int | None) -> int:
        """The number of a primitive or of its element (negative indices as in a list)."""
        if index is None and (name, None) in self.layout.objects:
            return self.layout.objects[name, None]
        return element([number for (other, _), number in self.layout.objects.items() if other == name], index)

    def is_locked(self, number: int) -> bool:
        match self.layout.kinds[number]:
            case RLock():
                return self.objects[number] is not None
            case Semaphore() | BoundedSemaphore():
                return bool(self.objects[number] == 0)
            case _:
                return bool(self.objects[number])


def element(members: list[int], index: Any) -> int:
    """Which of an array's or a group's numbers: arrays are lists, and so are the texts of what goes wrong."""
    number: int = on_values(getitem, members, index)
    return number
