"""Variables as an expression finds them in a step: shared ones, and a thread's own fields of a `threading.local`."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from scenario.engines.explore.model.heap import Heap
from scenario.engines.explore.model.parts import ScenarioError
from scenario.engines.explore.model.values import Key, freeze, thaw


class SharedVars(dict[str, object]):
    """Shared variables by name, thawed when first read."""

    __slots__ = ("counted", "heap", "keys_of_vars", "numbers", "taken")

    def __init__(
        self,
        keys: list[Key],
        numbers: Mapping[str, int],
        heap: Heap,
        taken: tuple[int, ...],
        counted: Mapping[str, int],
    ) -> None:
        super().__init__()
        self.keys_of_vars = keys
        self.numbers = numbers
        self.heap = heap
        self.taken = taken
        self.counted = counted

    def __missing__(self, name: str) -> object:
        value = self.heap.read(name) if name in self.heap else thaw(self.keys_of_vars[self.numbers[name]])
        self[name] = value
        return value

    def times_taken(self, names: frozenset[str]) -> int:
        """How often keys have been taken out of these variables, as far as a loop goes through one of them."""
        return sum(self.taken[number] for name, number in self.counted.items() if name in names)

    def take(self, names: Collection[str]) -> None:
        """A key has been taken out of each of these."""
        self.taken = tuple(n + (name in names) for n, name in zip(self.taken, self.counted, strict=True))

    def forget(self, name: str) -> None:
        """What was written to it does not count."""
        self.pop(name, None)

    def write_back(self, names: frozenset[str]) -> None:
        """What an access has left; the thread's own locals share no container with it."""
        in_heap = {name: self.pop(name) for name in names if name in self.heap and name in self}
        if in_heap or any(name in self.heap for name in names):
            self.heap.settle(in_heap)
        for name in names:
            if name not in self.heap:
                self.keys_of_vars[self.numbers[name]] = freeze(self[name])


class OwnFields(dict[str, object]):
    """A thread's own attributes of a `threading.local`."""

    def __init__(self, store: dict[str, object]) -> None:
        super().__init__()
        self.store = store

    def __getitem__(self, field: str) -> object:
        if field not in self.store:
            raise ScenarioError("AttributeError", f"'_thread._local' object has no attribute '{field}'")
        return self.store[field]

    def __setitem__(self, field: str, value: object) -> None:
        self.store[field] = value
