"""A breadth-first search that has grown goes on outside of Python: the same states, steps and numbers, many at a time.

The kernel looks up what Python has told it of steps, shared parts and renamings, and asks for the rest. What a state shows
(failures, ends) is looked at here, in the order in which Python would have come to it.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TypeVar, assert_never, overload

from scenario.engines.explore.model.code import Access, Guard
from scenario.engines.explore.model.values import Unexplored
from scenario.engines.explore.native.kernel import (
    AT_A_TIME,
    OVER,
    TELLS,
    Answer,
    Done,
    Event,
    Kernel,
    Missing,
    Pause,
    Taught,
    Unnamed,
)  # fmt: skip
from scenario.engines.explore.search.graph import NOWHERE
from scenario.engines.explore.search.reachability import Each, Edge
from scenario.engines.explore.search.search import Ended, Enough, Exhausted, Search, Spent
from scenario.engines.explore.step.layout import Layout
from scenario.engines.explore.step.memo import Memo
from scenario.engines.explore.step.transitions import State, Successor

T = TypeVar("T")

ALL = (1 << 32) - 1
ROOM = 4 << 30
"""Bytes that the kernel can have at most: it counts them in 32 bits."""
OWN = 4
"""One state in so many that needs a renaming of its own: the kernel would ask for these one by one, and be slower than Python."""


def is_possible(search: Search) -> bool:
    """Whether each step depends on the shared part and its thread's part alone: not on time, nor on who is blocked.

    Who asks for all steps afterwards would have each one looked up again.
    """
    layout = search.stepper.layout
    if search.keeps_steps or search.reduction.renamings * OWN > len(search.graph.states):
        return False
    return isinstance(search.stepper, Memo) and not layout.virtual and not _asks_who_is_blocked(layout, search.stepper)


def _asks_who_is_blocked(layout: Layout, stepper: Memo) -> bool:
    asking = (i for code in layout.codes.values() for i in code.instructions if isinstance(i, Guard | Access))
    return stepper.always.ask_blocked or any(attribute == "blocked" for i in asking for _, attribute in i.asks)


def go_on(search: Search, number: int) -> Ended:
    """To the end of a search whose states before `number` have been expanded: they are once more, and not looked at again. Raises TimeIsUp."""
    met = len(search.graph.states)
    native = Native(search)
    while native.kernel.expanded < number:
        search.hurry()
        native.answer(native.kernel.run(number - native.kernel.expanded, ALL))
    search.graph.hand_over(native)
    return _to_the_end(search, native, met)


def _to_the_end(search: Search, native: Native, met: int) -> Ended:
    kernel, last = native.kernel, None
    while True:
        if search.stop_at_first and search.failures.found and last is None:
            last = kernel.levels()[-1]
        if last is not None and kernel.expanded >= last:
            return Enough()
        if (reason := search.spent()) is not None:
            return Spent(reason)
        most = AT_A_TIME if last is None else min(AT_A_TIME, last - kernel.expanded)
        match kernel.run(most, int(min(search.max_states, ALL))):
            case Done():
                return Exhausted()
            case Pause():
                if (reason := search.pause()) is not None:
                    return Spent(reason)
            case Event() as event:
                _look(search, native, event, met)
            case Missing() | Unnamed() as asked:
                native.answer(asked)
            case _ as never:
                assert_never(never)


def _look(search: Search, native: Native, event: Event, met: int) -> None:
    for number in event.telling:
        if number >= met:
            search.arrive(number, native.states[native.kernel.parent(number)])
    if event.end:
        number = native.kernel.expanded - 1
        native.look_at_the_end(number)
        search.end(number, native.states[number], at_rest=event.at_rest)
        native.look_at_the_end(None)


class Native:
    """What the kernel has seen (`graph.Seen`); what it does not know is asked of the stepper and the reduction."""

    def __init__(self, search: Search) -> None:
        self._stepper, self._reduction = search.stepper, search.reduction
        self._hurry = search.hurry
        self._marked = 0
        self._looked_at: int | None = None
        groups = [(members[0], len(members)) for _, members in search.reduction.groups]
        self.kernel = Kernel(len(search.stepper.layout.threads), groups, min(ROOM, search.budget.room()))
        self._mark()
        for state, parent in zip(search.graph.states, search.graph.parents, strict=True):
            if parent == NOWHERE:
                self.kernel.add(state)
        self.states: Sequence[State] = View(self.kernel.state, lambda: self.kernel.states)
        self.parents: Sequence[tuple[int, int, int]] = View(self._parent, lambda: self.kernel.states)
        self.depths: Sequence[int] = View(self._depth, lambda: self.kernel.states)
        self.edges: Sequence[Sequence[Edge] | None] = View(self._edges, lambda: self.kernel.states)
        self.numbers: Mapping[State, int] = Numbers(self.kernel)
        self._levels: tuple[int, Sequence[int]] = (-1, ())

    # --- what the kernel asks for ---------------------------------------------------------------------

    def answer(self, asked: Answer) -> None:
        """What it needs to go on."""
        match asked:
            case Missing(steps):
                self._teach(steps)
            case Unnamed():
                self._rename(asked)
            case Done() | Pause() | Event():
                pass
            case _ as never:
                assert_never(never)

    def _teach(self, steps: Sequence[tuple[int, int, int]]) -> None:
        """The first steps are needed now; the others will be, unless something ends the search before."""
        taught = []
        here = self.kernel.state(self.kernel.expanded)
        for shared, thread, part in steps:
            try:
                ways = self._ways(shared, thread, part)
            except Unexplored:
                if shared == here[0] and here[1 + thread] == part:
                    raise
                break
            taught.append((shared, thread, part, ways))
        self._mark()
        self.kernel.teach(taught)

    def _ways(self, shared: int, thread: int, part: int) -> list[Taught]:
        threads = self._stepper.layout.threads
        state = [0] * (1 + len(threads))
        state[0], state[1 + thread] = shared, part
        effects = self._stepper.effects(tuple(state), threads[thread])
        return [Taught(e.shared, e.part, e.kind == "spurious", e.others) for e in effects.ways]

    def _rename(self, asked: Unnamed) -> None:
        number = self._reduction.renamed(asked.shared, asked.order)
        self._mark()
        self.kernel.rename(asked, number)

    def _mark(self) -> None:
        """The shared parts that are new."""
        new = range(self._marked, len(self._stepper.shared))
        self.kernel.mark((self._flags(number), self._reduction.ranks(number)) for number in new)
        self._marked = new.stop

    def _flags(self, number: int) -> int:
        shared = self._stepper.shared[number]
        return OVER * self._stepper.is_over((number,)) | TELLS * bool(shared.failed or shared.errors)

    # --- what is asked of it --------------------------------------------------------------------------

    @property
    def steps(self) -> int:
        return self.kernel.steps

    def _depth(self, number: int) -> int:
        if self._levels[0] != self.kernel.states:
            self._levels = self.kernel.states, self.kernel.levels()
        return bisect_right(self._levels[1], number) - 1

    def _steps(self, number: int) -> Iterator[tuple[Successor, int]]:
        for step in self._stepper.successors(self.states[number]):
            yield step, self.numbers[self._reduction.canonical(step.state)]

    def _parent(self, number: int) -> tuple[int, int, int]:
        parent = self.kernel.parent(number)
        if parent < 0:
            return NOWHERE
        step = next(step for step, target in self._steps(parent) if target == number)
        return parent, step.thread, step.alternative

    def _edges(self, number: int) -> tuple[Edge, ...] | None:
        if number >= self.kernel.expanded:
            return None
        return tuple((s.thread, target, s.weight, s.kind != "ok") for s, target in self._steps(number))

    def look_at_the_end(self, number: int | None) -> None:
        """This state's end is being looked at: whoever judges it may raise, and then it was not."""
        self._looked_at = number

    def covered(self) -> int:
        expanded = self.kernel.expanded if self._looked_at is None else self._looked_at
        if expanded == self.kernel.states:
            return self._depth(expanded - 1)
        return max(self._depth(expanded) - 1, 0)

    def is_acyclic(self, _each: Each, /) -> bool:
        return self.kernel.is_acyclic(self._hurry)

    def predecessors(self, number: int, _each: Each, /) -> Sequence[int]:
        return self.kernel.before(number, self._hurry)

    def shared_parts(self) -> set[int]:
        return self.kernel.met()


class View(Sequence[T]):
    """A sequence whose items are looked up when they are asked for."""

    def __init__(self, item: Callable[[int], T], length: Callable[[], int]) -> None:
        self._item, self._length = item, length

    def __len__(self) -> int:
        return self._length()

    @overload
    def __getitem__(self, place: int) -> T: ...
    @overload
    def __getitem__(self, place: slice) -> list[T]: ...
    def __getitem__(self, place: int | slice) -> T | list[T]:
        numbers = range(len(self))[place]
        return self._item(numbers) if isinstance(numbers, int) else [self._item(number) for number in numbers]


class Numbers(Mapping[State, int]):
    """The number of each state that the kernel knows."""

    def __init__(self, kernel: Kernel) -> None:
        self._kernel = kernel

    def __getitem__(self, state: State) -> int:
        number = self._kernel.number(state)
        if number is None:
            raise KeyError(state)
        return number

    def __iter__(self) -> Iterator[State]:
        return map(self._kernel.state, range(len(self)))

    def __len__(self) -> int:
        return self._kernel.states
