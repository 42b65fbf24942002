"""The reference stepper: program and state -> each thread's alternatives -> next states. LANGUAGE.md section 6.

Naive on purpose: nothing is reduced here and nothing is remembered, each question is answered anew. What spares work stands
around it (`memo`, `search/reduce`) and is held against it. Only the parts of states are written once, under numbers.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction
from typing import NamedTuple, TypeAlias

from scenario.engines.explore.model.budget import Budget
from scenario.engines.explore.model.code import Guard, Snooze
from scenario.engines.explore.model.heap import first
from scenario.engines.explore.model.interning import Interner
from scenario.engines.explore.model.parts import (
    ALIVE,
    ENDING,
    LIVING,
    NEW,
    PENDING,
    SPINNING,
    UNSTARTED,
    SharedPart,
    ThreadPart,
)
from scenario.engines.explore.model.values import freeze
from scenario.engines.explore.step import standing
from scenario.engines.explore.step.claims import Always
from scenario.engines.explore.step.context import Context
from scenario.engines.explore.step.layout import NOBODY, Layout, Thread
from scenario.engines.explore.step.local import ONE, LocalWork, shared_out
from scenario.engines.explore.step.primitives.alternatives import Alternative
from scenario.engines.explore.step.primitives.model import Phase
from scenario.engines.explore.step.steps import alternatives
from scenario.engines.explore.step.transitions import Choice, State, Successor

FOREVER = float("inf")

MANY = 500
"""Threads."""


class Effect(NamedTuple):
    """What one alternative does, whatever the other threads' parts are; `others`: the parts of those that it starts."""

    kind: str
    weight: Fraction
    shared: int
    part: int
    others: tuple[tuple[int, int], ...]


class Effects(NamedTuple):
    """All alternatives of a thread's next step, and when the virtual clock would let it go on."""

    ways: tuple[Effect, ...]
    deadline: float = FOREVER


Begun: TypeAlias = tuple[Fraction, SharedPart, dict[int, ThreadPart]]
"""A state in the making: its weight, and the parts of the threads that have begun with it."""


class Stepper:
    """The transition relation of one program (`transitions.Transitions`)."""

    def __init__(self, layout: Layout, budget: Budget) -> None:
        self.layout = layout
        self.budget = budget
        self.shared: Interner[SharedPart] = Interner()
        self.parts: Interner[ThreadPart] = Interner()
        self.local = LocalWork(layout, budget)
        self.always = Always(layout)
        self.computed = 0
        """How often it was worked out what a thread's next step does."""
        self.between: set[int] = set()
        """Shared parts that steps come by and no state has, where one step is several of the file."""

    # --- first states --------------------------------------------------------------------------

    def initial(self) -> list[tuple[Fraction, State]]:
        """The first states: one, unless threads choose before their first step."""
        threads = self.layout.threads
        shared, started = self.opening()
        states = [(Fraction(1), shared, {t.number: self.local.fresh(t) for t in self.budget.each(threads)})]
        for thread in self.budget.each(started):
            states = self.budget.ways(self._begun(states, thread), thread.ref)
        return [
            (
                weight,
                (self.shared.add(self.always.checked(shared)), *(self.parts.add(parts[t.number]) for t in threads)),
            )
            for weight, shared, parts in self.budget.each(states)
        ]

    def opening(self) -> tuple[SharedPart, list[Thread]]:
        """What is shared before anything is done, and the threads that begin."""
        threads, main = self.layout.threads, self.layout.main
        started = [t for t in threads if t.pool is None and main in (None, t.number)]
        status = [UNSTARTED] * len(threads)
        for thread in started:
            status[thread.number] = ALIVE if thread.timer is None else PENDING
        variables, followed = self.layout.program.vars, self.layout.followed
        values = tuple(None if v.name in followed else freeze(v.value) for v in variables)
        heap = first({v.name: v.value for v in variables if v.name in followed})
        shared = SharedPart(
            values,
            tuple(model.first() for model in self.layout.models),
            tuple(status),
            (NEW,) * len(self.layout.futures),
            heap=heap,
            taken=(0,) * len(self.layout.counted),
        )
        return shared, started

    def _begun(self, states: Iterable[Begun], thread: Thread) -> Iterator[Begun]:
        """The states with the thread's first local work done: mostly one for each, which then keeps its dict."""
        for weight, shared, parts in states:
            ways = list(self.local.begin(shared, thread))
            for number, (share, new_shared, part) in enumerate(ways, 1):
                of_its_own = parts if number == len(ways) else dict(parts)
                of_its_own[thread.number] = part
                yield weight * share, new_shared, of_its_own

    # --- steps -----------------------------------------------------------------------------------

    def successors(self, state: State) -> list[Successor]:
        """Every alternative of every thread that can move; none when the run is over or stuck."""
        if self.is_over(state):
            return []
        state = self.on_time(state)
        return self._checked(self._steps_of(state, self._threads()))

    def step(self, state: State, choice: Choice) -> Successor:
        """The step that a choice means in a state, whatever the others can do. Raises LookupError where there is none."""
        thread, alternative = choice
        if self.is_over(state):
            raise LookupError("the run is over")
        return self._checked(self._steps_of(self.on_time(state), (self.layout.threads[thread],)))[alternative]

    def _checked(self, steps: list[Successor]) -> list[Successor]:
        """The steps; `always` claims that ask who is blocked look at the whole states to which they lead."""
        if self.always.ask_blocked:
            return [step._replace(state=self._checked_whole(step.state)) for step in steps]
        return steps

    def _steps_of(self, state: State, threads: Iterable[Thread]) -> list[Successor]:
        found = []
        for thread in threads:
            me = thread.number
            for i, (kind, weight, shared, part, others) in enumerate(self.effects(state, thread).ways):
                parts = list(state)
                parts[0] = shared
                parts[1 + me] = part
                for number, other in others:
                    parts[1 + number] = other
                found.append(Successor(me, i, kind, weight, tuple(parts)))
        return found

    def _threads(self) -> Iterable[Thread]:
        """All of them; where they are many, a state is a long piece of work."""
        threads = self.layout.threads
        return threads if len(threads) < MANY else self.budget.each(threads)

    def on_time(self, state: State) -> State:
        """The state in which the next step is taken: the virtual clock goes on while nobody can move."""
        if self.layout.virtual:
            while not any(self.effects(state, thread).ways for thread in self._threads()):
                later = self.advance(state)
                if later == state:
                    break
                state = later
        return state

    def advance(self, state: State) -> State:
        """The state with the virtual clock at the next deadline (the state itself if there is none)."""
        deadline = min((self.effects(state, t).deadline for t in self.layout.threads), default=FOREVER)
        if deadline == FOREVER:
            return state
        shared = self.shared[state[0]]._replace(now=deadline)
        return (self.shared.add(shared), *state[1:])

    def effects(self, state: State, thread: Thread) -> Effects:
        """What each alternative of the thread's next step does."""
        self.budget.look()
        self.computed += 1
        w = self.context(state, thread)
        effects = self.budget.ways(self._each_effect(w, state, thread), thread.ref)
        return Effects(tuple(effects), min(w.deadlines, default=FOREVER))

    def _each_effect(self, w: Context, state: State, thread: Thread) -> Iterator[Effect]:
        for alternative, weight, after in self.outcomes(w, state, thread):
            for share, shared, others in self.started(after):
                yield Effect(
                    alternative.kind,
                    weight if share is ONE else weight * share,
                    self.shared.add(self.always.checked(shared)),
                    self.parts.add(after.thread_part()),
                    tuple((n, self.parts.add(part)) for n, part in others.items()),
                )

    def outcomes(
        self, w: Context, state: State, thread: Thread, *, tracing: bool = False
    ) -> Iterator[tuple[Alternative, Fraction, Context]]:
        """Each alternative applied to a context of its own and followed by its local work."""
        found = alternatives(w)
        for alternative in found:
            fresh = self.context(state, thread, tracing=tracing) if tracing or len(found) > 1 else w
            for share, after in self.local.apply(fresh, alternative):
                yield alternative, shared_out(share, len(found)), after

    def started(self, w: Context) -> list[Begun]:
        """The first local work of the threads that the step has started."""
        results = [(ONE, w.shared_part(), dict(w.others))]
        for number in w.started:
            thread = self.layout.threads[number]
            results = self.budget.ways(self._begun(results, thread), thread.ref)
        return results

    def _checked_whole(self, state: State) -> State:
        """`always` claims that ask who is blocked are evaluated over the whole state."""
        shared = self.shared[state[0]]
        checked = self.always.checked(shared, self.from_outside(state))
        return state if checked == shared else (self.shared.add(checked), *state[1:])

    # --- a state, thawed ---------------------------------------------------------------------------

    def context(self, state: State, thread: Thread, *, tracing: bool = False) -> Context:
        """The state thawed for a step of the thread."""
        return self._thawed(state, self.part(state, thread.number), thread, tracing=tracing)

    def from_outside(self, state: State) -> Context:
        """The state thawed for a claim, which is no thread's (there may be none)."""
        return self._thawed(state, ThreadPart(()), NOBODY)

    def _thawed(self, state: State, part: ThreadPart, thread: Thread, *, tracing: bool = False) -> Context:
        def blocked(members: Iterable[int]) -> int:
            return sum(self.is_blocked(state, self.layout.threads[n]) for n in members)

        return Context(self.layout, self.shared[state[0]], part, thread, tracing, blocked)

    def part(self, state: State, number: int) -> ThreadPart:
        """What belongs to the thread alone."""
        return self.parts[state[1 + number]]

    # --- what is asked of a state ------------------------------------------------------------------

    def is_over(self, state: State) -> bool:
        """Whether main and all non-daemon threads have ended and the pools have worked off their calls."""
        return standing.is_over(self.layout, self.shared[state[0]])

    def unfinished(self, state: State) -> list[Thread]:
        """Non-daemon threads that have been started and not ended, and workers that have a call."""
        layout, shared = self.layout, self.shared[state[0]]
        return [t for t in layout.threads if standing.is_unfinished(layout, shared, self.part(state, t.number), t)]

    def waiting(self, state: State) -> list[Thread]:
        """Those of them that may be stuck: who goes round without a step, or waits for time to pass, is not."""
        return [
            t
            for t in self.unfinished(state)
            if not self.is_spinning(state, t.number) and not self._waits_for_time(state, t)
        ]

    def daemons(self, state: State) -> list[Thread]:
        """Daemons that have been started and not ended."""
        return [t for t in self.layout.threads if t.daemon and self.shared[state[0]].status[t.number] in LIVING]

    def _waits_for_time(self, state: State, thread: Thread) -> bool:
        """Whether the virtual clock alone would let it go on: it is not stuck, though others that never rest may keep it."""
        return self.layout.virtual and self.effects(state, thread).deadline != FOREVER

    def can_move(self, state: State, thread: Thread) -> bool:
        """Whether the thread has an alternative that counts as moving (a spurious wake-up does not)."""
        return any(effect.kind != "spurious" for effect in self.effects(state, thread).ways)

    def is_spinning(self, state: State, number: int) -> bool:
        """Whether the thread repeats local work for ever."""
        return standing.is_spinning(self.part(state, number))

    def is_blocked(self, state: State, thread: Thread) -> bool:
        """Whether the thread is queued at an operation that can not go on now, timed or not."""
        part = self.part(state, thread.number)
        if not part.frames or self.shared[state[0]].status[thread.number] != ALIVE:
            return False
        w = self.context(state, thread)
        if isinstance(w.instruction, Guard | Snooze) or w.phase in (ENDING, SPINNING):
            return False
        if standing.is_idle(self.layout, part) and thread.pool is not None:
            return False
        if isinstance(w.phase, Phase) and not w.phase.is_queued(w):
            return False
        return all(a.kind != "ok" for a in alternatives(w))

    def location(self, state: State, number: int) -> tuple[object, ...]:
        """Where the thread stands, whatever its locals are."""
        return standing.location(self.part(state, number))
