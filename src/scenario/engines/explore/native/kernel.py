"""The kernel as Python sees it: states are tuples of numbers; what it has to be told is asked for by `run`.

native/kernel.c says what it does. `wasmtime` runs it: in a sandbox, without a compiler, the same on every system.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Sequence
from functools import cache
from pathlib import Path
from typing import TypeAlias

import wasmtime

from scenario.engines.explore.model.budget import TimeIsUp
from scenario.record import record
from scenario.results.undecided import OutOfMemory

MODULE = Path(__file__).with_name("kernel.wasm")
NONE = 0xFFFFFFFF
WORDS = 1 << 14
"""Numbers that are handed over at a time."""
PAGE = 1 << 16
OVER, TELLS, _NAMES, _MET = 1, 2, 4, 8

AT_A_TIME = 5_000
"""States between two looks at the budget: of hundreds of threads, each has hundreds of steps."""

Row: TypeAlias = tuple[int, ...]
"""A state: the shared part's number, and each thread's part's."""


class FullError(TimeIsUp):
    """The kernel has no room left: a budget like any other, and less than there may be memory."""

    def __init__(self) -> None:
        super().__init__(OutOfMemory())


@record
class Done:
    """All states have been expanded."""


@record
class Pause:
    """So many states as were wanted have been expanded, or are known."""


@record
class Missing:
    """Steps that it must be taught: (shared part, thread, part) each; the first ones are needed now."""

    steps: tuple[tuple[int, int, int], ...]


@record
class Unnamed:
    """A shared part whose threads have to be renamed: at place i stands thread `order[i]`."""

    shared: int
    order: tuple[int, ...]


@record
class Event:
    """`end`: the state before `expanded` has no steps (`at rest`: but spurious ones). `telling`: new states that show something."""

    end: bool
    at_rest: bool
    telling: tuple[int, ...]


Answer: TypeAlias = Done | Pause | Missing | Unnamed | Event


@record
class Taught:
    """One alternative of a step: the parts that it leaves, its own and those of threads that it starts."""

    shared: int
    part: int
    is_spurious: bool = False
    others: tuple[tuple[int, int], ...] = ()


class Kernel:
    """One search's states and steps.

    `groups` are ranges of interchangeable threads (first, how many); it takes at most `memory` bytes. Raises FullError.
    """

    def __init__(self, threads: int, groups: Sequence[tuple[int, int]], memory: int) -> None:
        engine, module = _compiled()
        self._store = wasmtime.Store(engine)
        instance = wasmtime.Instance(self._store, module, [])
        self._exports = instance.exports(self._store)
        linear = self._exports["memory"]
        assert isinstance(linear, wasmtime.Memory)
        self._memory = linear
        self._threads = threads
        self._marked, self._reversed_at = 0, -1
        self._write([number for group in groups for number in group])
        self._must(self._call("start", threads, len(groups), min(memory // PAGE, PAGE - 1)))

    def _call(self, name: str, *arguments: int) -> int:
        """Of 32 bits, which WebAssembly gives and takes with a sign."""
        return self._result(name, *map(_signed, arguments)) & NONE

    def _result(self, name: str, *arguments: int) -> int:
        function = self._exports[name]
        assert isinstance(function, wasmtime.Func)
        result = function(self._store, *arguments)
        return result if isinstance(result, int) else 0

    def _must(self, done: int) -> None:
        if not done:
            raise FullError

    def _write(self, words: Sequence[int]) -> None:
        self._memory.write(self._store, array("I", words).tobytes(), self._buffer(len(words)))

    def _buffer(self, words: int) -> int:
        """Where the kernel and Python write for one another: it moves when one of them needs more room."""
        address = self._call("buffer", max(words, 1))
        self._must(address)
        return address

    def _said(self, count: int) -> array[int]:
        return self._words(self._buffer(count), count)

    def _words(self, address: int, count: int) -> array[int]:
        return array("I", bytes(self._memory.read(self._store, address, address + 4 * count)))

    # --- what it is told --------------------------------------------------------------------------

    def add(self, state: Row) -> int:
        """A first state; its number."""
        self._write(state)
        number = self._call("add")
        self._must(number != NONE)
        return number

    def mark(self, parts: Iterable[tuple[int, Sequence[int]]]) -> None:
        """The next shared parts, in order: OVER and TELLS, and of those that name threads the rank of each thread."""
        words = [[flags | (_NAMES if ranks else 0), *ranks] for flags, ranks in parts]
        self._batched("mark", words)
        self._marked += len(words)

    def teach(self, steps: Iterable[tuple[int, int, int, Sequence[Taught]]]) -> None:
        """What the steps do: (shared part, thread, part, alternatives) each."""
        self._batched("teach", map(_taught, steps))

    def rename(self, asked: Unnamed, shared: int) -> None:
        """The number of the shared part under the new names."""
        self._write([*asked.order, shared])
        self._must(self._call("rename", asked.shared))

    def _batched(self, name: str, items: Iterable[list[int]]) -> None:
        words: list[int] = []
        count = 0
        for item in items:
            if words and len(words) + len(item) > WORDS:
                self._tell(name, words, count)
                words, count = [], 0
            words += item
            count += 1
        if count:
            self._tell(name, words, count)

    def _tell(self, name: str, words: list[int], count: int) -> None:
        self._write(words)
        self._must(self._call(name, count))

    # --- what it tells ----------------------------------------------------------------------------

    def run(self, most_expanded: int, most_states: int) -> Answer:
        """Expands states until there is something to say."""
        return self._answers[self._call("run", most_expanded, most_states)](self)

    def _full(self) -> Answer:
        raise FullError

    def _missing(self) -> Answer:
        (count,) = self._said(1)
        words = self._said(1 + 3 * count)
        return Missing(tuple(zip(words[1::3], words[2::3], words[3::3], strict=True)))

    def _unnamed(self) -> Answer:
        *order, shared = self._said(self._threads + 1)
        return Unnamed(shared, tuple(order))

    def _event(self) -> Answer:
        end, count = self._said(2)
        return Event(end != 0, end == 2, tuple(self._said(2 + count)[2:]))

    _answers: tuple[Callable[[Kernel], Answer], ...] = (
        lambda _: Done(), _missing, _unnamed, _event, lambda _: Pause(), _full,
    )  # fmt: skip

    @property
    def states(self) -> int:
        """How many are known."""
        return self._call("states")

    @property
    def expanded(self) -> int:
        """How many have been expanded: the number of the next one."""
        return self._call("expanded")

    @property
    def steps(self) -> int:
        return self._result("steps")

    @property
    def memory(self) -> int:
        """Bytes that it has taken."""
        return self._memory.data_len(self._store)

    def state(self, number: int) -> Row:
        return tuple(self._words(self._call("row_of", number), self._threads + 1))

    def parent(self, number: int) -> int:
        """The state from which it was reached first; -1 for a first state."""
        parent = self._call("parent_of", number)
        return -1 if parent == NONE else parent

    def levels(self) -> Sequence[int]:
        """The state with which each level begins; the last may not have begun."""
        return self._words(self._call("levels"), self._call("levels_count"))

    def met(self) -> set[int]:
        """The shared parts that states have."""
        flags = self._words(self._call("marks"), 2 * self._marked)[::2]
        return {number for number, flag in enumerate(flags) if flag & _MET}

    def is_acyclic(self, hurry: Callable[[], None]) -> bool:
        """Whether no execution comes back to where it was; of a search in which all states have been expanded."""
        if not self._call("goes_back"):
            return True
        self._reverse(hurry)
        self._pass("acyclic", hurry)
        return bool(self._call("is_acyclic"))

    def before(self, number: int, hurry: Callable[[], None]) -> Sequence[int]:
        """The states from which a step leads to this one, among those that have been expanded."""
        self._reverse(hurry)
        start, end = self._call("before", number), self._call("before_end", number)
        return self._words(start, (end - start) // 4)

    def _reverse(self, hurry: Callable[[], None]) -> None:
        if self._reversed_at != self.expanded:
            self._pass("reverse", hurry)
            self._reversed_at = self.expanded

    def _pass(self, name: str, hurry: Callable[[], None]) -> None:
        """Goes over all states, with a look at the clock now and then."""
        is_first = True
        while (answer := self._answers[self._call(name, AT_A_TIME, is_first)](self)) == Pause():
            is_first = False
            hurry()
        assert answer == Done(), "it says nothing else"

    def number(self, state: Row) -> int | None:
        """The state's number, if it is known."""
        self._write(state)
        number = self._call("number")
        return None if number == NONE else number


@cache
def _compiled() -> tuple[wasmtime.Engine, wasmtime.Module]:
    """Compiled anew in each process: a compiled module that is kept would be code that is executed when it is read."""
    engine = wasmtime.Engine()
    return engine, wasmtime.Module.from_file(engine, str(MODULE))


def _signed(number: int) -> int:
    return number - (1 << 32) if number > 0x7FFFFFFF else number


def _taught(step: tuple[int, int, int, Sequence[Taught]]) -> list[int]:
    shared, thread, part, ways = step
    words = [len(ways)]
    for way in ways:
        words += [way.shared, way.part, len(way.others) << 1 | way.is_spurious]
        for pair in way.others:
            words += pair
    return [shared, thread, part, len(words), *words]
