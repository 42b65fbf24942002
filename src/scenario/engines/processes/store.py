"""The shared variables of a run: numbers, booleans and None in memory that all processes share.

Each access is one step under one lock, which is held for nothing else, and by nobody who is killed (see members.py).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from multiprocessing.context import SpawnContext

from scenario.language.runtimes import SHARED_INTEGERS

_NONE, _BOOL, _INT, _FLOAT = range(4)


class Store:
    """`values` are the first ones, by name."""

    def __init__(self, context: SpawnContext, values: Mapping[str, object]) -> None:
        self._numbers = {name: number for number, name in enumerate(values)}
        self.names = tuple(values)
        self._kinds = context.RawArray("b", max(1, len(values)))
        self._ints = context.RawArray("q", max(1, len(values)))
        self._floats = context.RawArray("d", max(1, len(values)))
        self.lock = context.Lock()
        for name, value in values.items():
            self.write(name, value)

    def read(self, name: str) -> object:
        return self.reader(name)()

    def write(self, name: str, value: object) -> None:
        self.writer(name)(value)

    def reader(self, name: str) -> Callable[[], object]:
        """What gives the variable's value."""
        number, kinds, ints, floats = self._numbers[name], self._kinds, self._ints, self._floats
        lock = self.lock

        def read() -> object:
            with lock:
                kind, value, real = kinds[number], ints[number], floats[number]
            if kind == _INT:
                return value
            return real if kind == _FLOAT else bool(value) if kind == _BOOL else None

        return read

    def writer(self, name: str) -> Callable[[object], None]:
        """What sets it. Raises OverflowError past 64 bits, TypeError for what is no number."""
        number, kinds, ints, floats = self._numbers[name], self._kinds, self._ints, self._floats
        lock = self.lock

        def write(value: object) -> None:
            kind = _kind(value)
            whole = value if kind in (_INT, _BOOL) and isinstance(value, int) else 0
            if whole not in SHARED_INTEGERS:
                raise OverflowError("int too big to convert")
            real = value if isinstance(value, float) else 0.0
            with lock:
                kinds[number], ints[number], floats[number] = kind, whole, real

        return write


def _kind(value: object) -> int:
    if value is None:
        return _NONE
    if isinstance(value, bool):
        return _BOOL
    if isinstance(value, int):
        return _INT
    if isinstance(value, float):
        return _FLOAT
    raise TypeError(f"shared memory has numbers, booleans and None only, no {type(value).__name__}")


def space(store: Store, names: Sequence[str], containers: Mapping[str, object]) -> object:
    """What emitted code reads and writes the variables by, as attributes: `s.counter`."""
    own: dict[str, object] = {name: _variable(store.reader(name), store.writer(name)) for name in names}
    return type("Shared", (), {**own, **containers})()


def _variable(read: Callable[[], object], write: Callable[[object], None]) -> property:
    return property(lambda _: read(), lambda _, value: write(value))
