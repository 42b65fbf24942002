"""What expressions ask of primitives, threads and futures in a state."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, NamedTuple

from scenario.engines.explore.model.parts import DONE, LIVING, WITHDRAWN, FutureState, ScenarioError
from scenario.engines.explore.model.raising import element
from scenario.engines.explore.model.values import Future, thaw

if TYPE_CHECKING:
    from scenario.engines.explore.step.layout import Layout


def asked_elsewhere(_: tuple[int, ...]) -> int:
    raise TypeError("who is blocked is asked of the whole state")


class Queries(NamedTuple):
    """`blocked_count`: how many of these threads are blocked, which the whole state tells. `asker`: -1 for a claim."""

    layout: Layout
    objects: Sequence[object]
    status: Sequence[int]
    futures: Sequence[FutureState]
    blocked_count: Callable[[tuple[int, ...]], int]
    asker: int = -1

    def query(self, name: str, index: int | None, attribute: str) -> object:
        """The state of a primitive or thread."""
        if name in self.layout.groups:
            return self._thread_query(name, index, attribute)
        return self.layout.models[self.layout.number_of(name, index)].asked(self.objects)[attribute]

    def _thread_query(self, group: str, index: int | None, attribute: str) -> object:
        members = self.layout.groups[group]
        if index is not None:
            index = element(list(range(len(members))), index)
        match attribute:
            case "alive":
                return sum(self.status[n] in LIVING for n in members if index is None or n == members[index])
            case "blocked":
                return self.blocked_count(members if index is None else (members[index],))
            case _:
                thread = self.layout.threads[members[index or 0]]
                match attribute:
                    case "is_alive":
                        if self.layout.processes is not None and self.asker not in (-1, self.layout.main):
                            raise ScenarioError("AssertionError", "can only test a child process")
                        return self.status[thread.number] in LIVING
                    case "name":
                        return thread.name
                    case "daemon":
                        return thread.daemon
                    case _:
                        raise AttributeError(attribute)

    def future_query(self, future: object, attribute: str) -> object:
        if not isinstance(future, Future):
            raise ScenarioError("AttributeError", f"'{type(future).__name__}' object has no attribute '{attribute}'")
        state, value, *_ = self.futures[future.number]
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
