"""Steps that are taken at once: a thread goes on alone as long as its next step commutes with all that others ever do.

The same ends, failures and values of what claims see are reached, by fewer states (docs/soundness.md, "Partial order"). What is
one step here may be several of the file: `unfold` says which.
"""

from __future__ import annotations

import sys
from collections.abc import Collection, Iterable, Iterator
from fractions import Fraction
from itertools import product
from typing import NamedTuple

from scenario.engines.explore.independence.future import Future
from scenario.engines.explore.independence.learned import Learned
from scenario.engines.explore.independence.touches import NOTHING, Hold, Touch, Touches
from scenario.engines.explore.model.budget import Budget
from scenario.engines.explore.model.code import Fail, Guard
from scenario.engines.explore.step.context import Context
from scenario.engines.explore.step.footprints import passing
from scenario.engines.explore.step.layout import Layout, Thread
from scenario.engines.explore.step.memo import Memo
from scenario.engines.explore.step.stepper import Effect, Effects
from scenario.engines.explore.step.transitions import Choice, State
from scenario.program.program import ThreadPool

LONGEST = 10_000
"""Ways that one step may have come by before it is broken off, which changes nothing but the number of states."""

ENOUGH = 200
"""Steps that are looked at at least when a search is known to believe too much."""

MANY = 8
"""One step in so many that goes on to another is many: then states are far fewer."""


def is_possible(layout: Layout) -> bool:
    """Whether what a step touches can be told, and nothing depends on when a thread ends or who waits."""
    instructions = [i for code in layout.codes.values() for i in code.instructions]
    return not (
        layout.virtual
        or layout.followed
        or layout.spurious
        or layout.end_steps
        or layout.processes is not None
        or any(isinstance(kind, ThreadPool) for kind in layout.kinds)
        or any(thread.timer is not None or thread.interrupts for thread in layout.threads)
        or any(isinstance(i, Fail) and i.looks for i in instructions)
        or any(isinstance(i, Guard) and any(what == "blocked" for _, what in i.asks) for i in instructions)
    )


class MistakenError(Exception):
    """The search has believed too much: what it has left out may have mattered."""


class _Way(NamedTuple):
    """How far a thread has come: what it has left, by which alternatives."""

    kind: str
    weight: Fraction
    shared: int
    part: int
    others: tuple[tuple[int, int], ...]
    path: tuple[int, ...]


class _Begun(NamedTuple):
    """A first state, with the number of the file's first state that it comes from and the steps from there."""

    weight: Fraction
    state: State
    first: int
    choices: tuple[Choice, ...] = ()


class Alone(Memo):
    """Each step goes on to where others matter."""

    def __init__(self, layout: Layout, budget: Budget, learned: Learned) -> None:
        super().__init__(layout, budget)
        self.learned = learned
        self.future = Future()
        self._touches = Touches(layout)
        self._passing = bool(passing(layout))
        self._stood: dict[tuple[int, int], frozenset[Touch]] = {}
        self._steps: dict[tuple[int, int, int], tuple[Effects, bool]] = {}
        self._joined: dict[tuple[int, int, int], tuple[Effects, tuple[tuple[int, ...], ...]]] = {}
        self._most = 0
        self._passed = 0
        self._first: list[_Begun] | None = None

    # --- one step of the file ------------------------------------------------------------------------

    @property
    def is_worth_it(self) -> bool:
        """Whether many steps have gone on to another."""
        return self._passed * MANY >= len(self._joined)

    def _step(self, shared: int, part: int, thread: Thread) -> tuple[Effects, bool]:
        """What it does, and whether it commutes with all that others do."""
        key = (shared, part, thread.number)
        known = self._steps.get(key)
        if known is None:
            known = self._steps[key] = self._looked_at(shared, part, thread)
        return known

    def _looked_at(self, shared: int, part: int, thread: Thread) -> tuple[Effects, bool]:
        self._give_up_late()
        me, learned, here = thread.number, self.learned, self.parts[part]
        hold = learned.hold(me, here)
        touched = set(self._standing(me, part))
        effects = self._taken(shared, part, thread, touched, hold)
        if here.atomic or self._passing:
            self._learn(me, part, touched, hold)
        node = learned.group[me], part
        for way in effects.ways:
            learned.stands(me, self.parts[way.part], self._held(hold, shared, way.shared))
            self.future.leads(node, (node[0], way.part))
            for number, other in way.others:
                learned.stands(number, self.parts[other], NOTHING)
                before = self.parts.add(self.local.fresh(self.layout.threads[number]))
                self.future.leads((learned.group[number], before), (learned.group[number], other))
        return effects, bool(effects.ways) and all(learned.is_free(me, touch, hold) for touch in touched)

    def _standing(self, me: int, part: int) -> frozenset[Touch]:
        """What the thread is about to touch: seen when it first stands there."""
        known = self._stood.get((me, part))
        if known is None:
            here = self.parts[part]
            hold = self.learned.hold(me, here)
            known = self._stood[me, part] = self._touches.standing(here, hold)
            self._learn(me, part, known, hold)
        return known

    def _learn(self, me: int, part: int, touched: Collection[Touch], hold: Hold) -> None:
        self.future.touches((self.learned.group[me], part), ((touch, hold) for touch in touched))
        for touch in touched:
            self.learned.touches(me, touch, hold)

    def _give_up_late(self) -> None:
        """A search that has believed too much sees some more, for that is known when it begins again."""
        if self.learned.is_wrong:
            self._most = self._most or 2 * len(self._steps) + ENOUGH
            if len(self._steps) > self._most:
                raise MistakenError

    def is_asked_on(self) -> None:
        """The search has its end: what is asked afterwards is answered, whatever it believed."""
        self._most = sys.maxsize

    def _taken(self, shared: int, part: int, thread: Thread, touched: set[Touch], hold: Hold) -> Effects:
        """What the step does; of an atomic block, what it touches on its way is added, and whom `all` passes over."""

        def watch(w: Context) -> None:
            touched.update(self._touches.inside(w, hold))

        state = [0] * (1 + len(self.layout.threads))
        state[0], state[1 + thread.number] = shared, part
        if not self.parts[part].atomic and not self._passing:
            return super().effects(tuple(state), thread)
        with self.local.watched(watch):
            return super().effects(tuple(state), thread)

    def _held(self, hold: Hold, before: int, after: int) -> Hold:
        """What the thread has after a step of its own."""
        old, new = self.shared[before].objects, self.shared[after].objects
        for model, was, now in zip(self.layout.models, old, new, strict=True) if old != new else ():
            more = model.taken(now) - model.taken(was)
            if more:
                hold = hold | {model.number} if more > 0 else hold - {model.number}
        return hold

    # --- steps that go on ------------------------------------------------------------------------------

    def effects(self, state: State, thread: Thread) -> Effects:
        return self._on(state[0], state[1 + thread.number], thread)[0]

    def _on(self, shared: int, part: int, thread: Thread) -> tuple[Effects, tuple[tuple[int, ...], ...]]:
        """The ends of the ways on, and by which alternatives each comes there."""
        key = (shared, part, thread.number)
        known = self._joined.get(key)
        if known is None:
            effects, _ = self._step(shared, part, thread)
            begun = [_Way(*effect, (i,)) for i, effect in enumerate(effects.ways)]
            ways = list(self._ends(begun, thread, {(shared, part)}))
            joined = Effects(tuple(Effect(*way[:5]) for way in ways), effects.deadline)
            known = self._joined[key] = joined, tuple(way.path for way in ways)
        return known

    def _ends(self, ways: list[_Way], thread: Thread, met: set[tuple[int, int]]) -> Iterator[_Way]:
        """Where the ways come to that go on alone; where one meets another, or itself, it stays, and the search sees it."""
        pending = ways[::-1]
        while pending:
            way = pending.pop()
            place = (way.shared, way.part)
            effects, goes_on = self._step(way.shared, way.part, thread)
            if not goes_on or place in met or len(met) > LONGEST:
                yield way
                continue
            met.add(place)
            self.between.add(way.shared)
            self._passed += 1
            pending += [_joined(way, i, effect) for i, effect in enumerate(effects.ways)][::-1]

    # --- first states ----------------------------------------------------------------------------------

    def initial(self) -> list[tuple[Fraction, State]]:
        return [(begun.weight, begun.state) for begun in self._firsts()]

    def _firsts(self) -> list[_Begun]:
        if self._first is None:
            states = [_Begun(*first, number) for number, first in enumerate(super().initial())]
            for begun, thread in product(states, self.layout.threads):
                self.learned.stands(thread.number, self.part(begun.state, thread.number), NOTHING)
            for thread in self.layout.threads:
                states = [after for before in states for after in self._begins(thread, before)]
            self._first = states
        return self._first

    def _begins(self, thread: Thread, begun: _Begun) -> Iterator[_Begun]:
        me, state = thread.number, begun.state
        for end in self._ends([_Way("ok", begun.weight, state[0], state[1 + me], (), ())], thread, set()):
            parts = list(state)
            parts[0], parts[1 + me] = end.shared, end.part
            for number, other in end.others:
                parts[1 + number] = other
            yield begun._replace(state=tuple(parts), choices=(*begun.choices, *((me, i) for i in end.path)))

    # --- and back --------------------------------------------------------------------------------------

    def unfold(self, start: State, choices: Iterable[Choice]) -> tuple[int, list[Choice]]:
        """The number of the file's first state, and its steps, that these stand for."""
        begun = next(begun for begun in self._firsts() if begun.state == start)
        state, steps = start, list(begun.choices)
        for thread, alternative in choices:
            _, paths = self._on(state[0], state[1 + thread], self.layout.threads[thread])
            steps += [(thread, i) for i in paths[alternative]]
            state = self.step(state, (thread, alternative)).state
        return begun.first, steps


def _joined(way: _Way, number: int, after: Effect) -> _Way:
    others = dict(way.others) | dict(after.others)
    return _Way(
        way.kind, way.weight * after.weight, after.shared, after.part, tuple(others.items()), (*way.path, number)
    )
