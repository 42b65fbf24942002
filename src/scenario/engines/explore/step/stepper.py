"""The reference stepper: program and state -> each thread's alternatives -> next states. LANGUAGE.md section 6.

Nothing is reduced here. A step depends on the shared part and on its thread's part alone, so it is
computed once for each pair of them; the parts are interned and a state is a tuple of small integers.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator
from fractions import Fraction
from typing import NamedTuple, TypeAlias

from scenario.engines.explore.model.budget import Budget
from scenario.engines.explore.model.code import Guard, Operate, Snooze
from scenario.engines.explore.model.heap import first
from scenario.engines.explore.model.interning import Interner
from scenario.engines.explore.model.parts import ALIVE, ENDING, PENDING, SPINNING, UNSTARTED, SharedPart, ThreadPart
from scenario.engines.explore.model.values import freeze
from scenario.engines.explore.step.claims import Always
from scenario.engines.explore.step.context import Context
from scenario.engines.explore.step.footprints import Change, Footprints, changed
from scenario.engines.explore.step.layout import NOBODY, Layout, Thread
from scenario.engines.explore.step.local import ONE, LocalWork, shared_out
from scenario.engines.explore.step.primitives.alternatives import Alternative
from scenario.engines.explore.step.primitives.model import Phase
from scenario.engines.explore.step.steps import alternatives
from scenario.program.program import ThreadPool

State: TypeAlias = tuple[int, ...]
"""The shared part's number, then each thread's part's."""

FOREVER = float("inf")

MANY = 500
"""Threads."""


class Successor(NamedTuple):
    """One alternative of a thread's next step and where it leads; `weight` among that thread's alternatives."""

    thread: int
    alternative: int
    kind: str
    weight: Fraction
    state: State


class _Effect(NamedTuple):
    """What one alternative does, whatever the other threads' parts are."""

    kind: str
    weight: Fraction
    shared: int
    part: int
    others: tuple[tuple[int, int], ...]


Begun: TypeAlias = tuple[Fraction, SharedPart, dict[int, ThreadPart]]
"""A state in the making: its weight, and the parts of the threads that have begun with it."""


class Stepper:
    """The transition relation of one program."""

    def __init__(self, layout: Layout, budget: Budget) -> None:
        self.layout = layout
        self.budget = budget
        self.shared: Interner[SharedPart] = Interner()
        self.parts: Interner[ThreadPart] = Interner()
        self.local = LocalWork(layout, budget)
        self.always = Always(layout)
        self._memo: dict[tuple[int, int, int], tuple[tuple[_Effect, ...], float]] = {}
        self.footprints = Footprints(layout)
        self._alike: dict[Hashable, list[tuple[_Effect, Change]]] = {}
        self._over: dict[int, bool] = {}
        self._blocked: dict[tuple[int, int, int], bool] = {}

    # --- states --------------------------------------------------------------------------------

    def initial(self) -> list[tuple[Fraction, State]]:
        """The first states: one, unless threads choose before their first step."""
        threads = self.layout.threads
        shared, started = self.opening()
        states = [(Fraction(1), shared, {t.number: self.local.fresh(t) for t in threads})]
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
        shared = SharedPart(values, tuple(model.first() for model in self.layout.models), tuple(status), heap=heap)
        return shared, started

    def _begun(self, states: Iterable[Begun], thread: Thread) -> Iterator[Begun]:
        """The states with the thread's first local work done: mostly one for each, which then keeps its dict."""
        for weight, shared, parts in states:
            ways = list(self.local.begin(shared, thread))
            for number, (share, new_shared, part) in enumerate(ways, 1):
                of_its_own = parts if number == len(ways) else dict(parts)
                of_its_own[thread.number] = part
                yield weight * share, new_shared, of_its_own

    def is_over(self, state: State) -> bool:
        """Whether main and all non-daemon threads have ended and the pools have worked off their calls."""
        known = self._over.get(state[0])
        if known is None:
            known = self._over[state[0]] = self._compute_over(self.shared[state[0]])
        return known

    def _compute_over(self, shared: SharedPart) -> bool:
        for thread in self.layout.threads:
            if thread.pool is None and not thread.daemon and shared.status[thread.number] in (ALIVE, PENDING):
                return False
        return all(
            shared.objects[n].is_quiet for n, kind in enumerate(self.layout.kinds) if isinstance(kind, ThreadPool)
        )

    def unfinished(self, state: State) -> list[Thread]:
        """Non-daemon threads that have been started and not ended, and workers that have a call."""
        shared = self.shared[state[0]]
        result = []
        for thread in self.layout.threads:
            alive = shared.status[thread.number] in (ALIVE, PENDING)
            idle = thread.number == self.layout.default_main or (
                thread.pool is not None and self._is_idle(state, thread)
            )
            if alive and not thread.daemon and not idle:
                result.append(thread)
        return result

    def waiting(self, state: State) -> list[Thread]:
        """Those of them that may be stuck: who goes round without a step, or waits for time to pass, is not."""
        return [
            t
            for t in self.unfinished(state)
            if not self.is_spinning(state, t.number) and not self.waits_for_time(state, t)
        ]

    def _is_idle(self, state: State, thread: Thread) -> bool:
        part = self.parts[state[1 + thread.number]]
        if not part.frames:
            return True
        code, pc, _, _ = part.frames[-1]
        instruction = self.layout.codes[code].instructions[pc]
        return len(part.frames) == 1 and isinstance(instruction, Operate) and instruction.part == "take"

    # --- steps -----------------------------------------------------------------------------------

    def successors(self, state: State) -> list[Successor]:
        """Every alternative of every thread that can move; none when the run is over or stuck."""
        if self.is_over(state):
            return []
        while True:
            found: list[Successor] = []
            self._add_successors(state, self._threads(), found)
            if found or not self.layout.virtual:
                return found
            later = self.next_moment(state)
            if later == state:
                return []
            state = later

    def _threads(self) -> Iterable[Thread]:
        """All of them; where they are many, a state is a long piece of work."""
        threads = self.layout.threads
        return threads if len(threads) < MANY else self.budget.each(threads)

    def next_moment(self, state: State) -> State:
        """The state with the virtual clock at the next deadline (the state itself if there is none)."""
        deadline = min((self._effects(state, t)[1] for t in self.layout.threads), default=FOREVER)
        if deadline == FOREVER:
            return state
        shared = self.shared[state[0]]._replace(now=deadline)
        return (self.shared.add(shared), *state[1:])

    def of_thread(self, state: State, thread: Thread) -> list[Successor]:
        """The alternatives of one thread."""
        found: list[Successor] = []
        self._add_successors(state, (thread,), found)
        return found

    def successors_of(self, state: State, thread: int) -> list[Successor]:
        """The alternatives of the thread with this number, with the clock where it moves first."""
        return [s for s in self.successors(state) if s.thread == thread]

    def _add_successors(self, state: State, threads: Iterable[Thread], found: list[Successor]) -> None:
        memo, shared_before = self._memo, state[0]
        for thread in threads:
            me = thread.number
            known = memo.get((shared_before, state[1 + me], me))
            effects, _ = known if known is not None else self._effects(state, thread)
            for i, (kind, weight, shared, part, others) in enumerate(effects):
                parts = list(state)
                parts[0] = shared
                parts[1 + me] = part
                for number, other in others:
                    parts[1 + number] = other
                found.append(Successor(me, i, kind, weight, tuple(parts)))
        if self.always.ask_blocked:
            found[:] = [s._replace(state=self._checked_whole(s.state)) for s in found]

    def context(self, state: State, thread: Thread, *, tracing: bool = False) -> Context:
        """The state thawed for a step of the thread."""
        return self._thawed(state, self.parts[state[1 + thread.number]], thread, tracing=tracing)

    def from_outside(self, state: State) -> Context:
        """The state thawed for a claim, which is no thread's (there may be none)."""
        return self._thawed(state, ThreadPart(()), NOBODY)

    def _thawed(self, state: State, part: ThreadPart, thread: Thread, *, tracing: bool = False) -> Context:
        w = Context(self.layout, self.shared[state[0]], part, thread, tracing)
        w.blocked_count = lambda members: sum(self.is_blocked(state, self.layout.threads[n]) for n in members)
        return w

    def _effects(self, state: State, thread: Thread) -> tuple[tuple[_Effect, ...], float]:
        key = (state[0], state[1 + thread.number], thread.number)
        known = self._memo.get(key)
        if known is None:
            known = self._as_before(state, thread)
            if not self._depends_on_all(state, thread):
                self._memo[key] = known
        return known

    def _as_before(self, state: State, thread: Thread) -> tuple[tuple[_Effect, ...], float]:
        """The effects, computed only if the step has not been taken yet where it reads the same."""
        shared, number = self.shared[state[0]], state[1 + thread.number]
        if not self.parts[number].frames:
            return (), FOREVER  # it has ended
        footprint = self.footprints.read(shared, number, self.parts[number], thread)
        known = self._alike.get(footprint) if footprint is not None else None
        if known is not None:
            return tuple([self._changed(state[0], effect, change) for effect, change in known]), FOREVER
        effects, deadline = self._compute(state, thread)
        if footprint is not None:
            pairs = [(effect, changed(shared, self.shared[effect.shared])) for effect in effects]
            if all(change is not None and not effect.others for effect, change in pairs):
                self._alike[footprint] = pairs  # type: ignore[assignment]
        return effects, deadline

    def _changed(self, shared: int, effect: _Effect, change: Change) -> _Effect:
        after = self.footprints.apply(self.shared, shared, change)
        if self.always.claims:
            after = self.shared.add(self.always.checked(self.shared[after]))
        return _Effect(effect.kind, effect.weight, after, effect.part, ())

    def _depends_on_all(self, state: State, thread: Thread) -> bool:
        part = self.parts[state[1 + thread.number]]
        if not part.frames:
            return False
        code, pc, _, _ = part.frames[-1]
        instruction = self.layout.codes[code].instructions[pc]
        return isinstance(instruction, Guard) and any(attribute == "blocked" for _, attribute in instruction.asks)

    def _compute(self, state: State, thread: Thread) -> tuple[tuple[_Effect, ...], float]:
        self.budget.look()
        w = self.context(state, thread)
        effects = self.budget.ways(self._each_effect(w, state, thread), thread.ref)
        return tuple(effects), min(w.deadlines, default=FOREVER)

    def _each_effect(self, w: Context, state: State, thread: Thread) -> Iterator[_Effect]:
        for alternative, weight, after in self.outcomes(w, state, thread):
            for share, shared, others in self.started(after):
                yield _Effect(
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

    def started(self, w: Context) -> list[tuple[Fraction, SharedPart, dict[int, ThreadPart]]]:
        """The first local work of the threads that the step has started."""
        results = [(ONE, w.shared_part(), dict(w.others))]
        for number in w.started:
            thread = self.layout.threads[number]
            results = self.budget.ways(self._begun(results, thread), thread.ref)
        return results

    # --- what others ask of a thread ------------------------------------------------------------------

    def is_blocked(self, state: State, thread: Thread) -> bool:
        """Whether the thread is queued at an operation that can not go on now, timed or not."""
        key = (state[0], state[1 + thread.number], thread.number)
        known = self._blocked.get(key)
        if known is None:
            known = self._blocked[key] = self._compute_blocked(state, thread)
        return known

    def _compute_blocked(self, state: State, thread: Thread) -> bool:
        part = self.parts[state[1 + thread.number]]
        if not part.frames or self.shared[state[0]].status[thread.number] != ALIVE:
            return False
        w = self.context(state, thread)
        if isinstance(w.instruction, Guard | Snooze) or w.phase in (ENDING, SPINNING):
            return False
        if self._is_idle(state, thread) and thread.pool is not None:
            return False
        if isinstance(w.phase, Phase) and not w.phase.is_queued(w):
            return False
        return all(a.kind != "ok" for a in alternatives(w))

    def _checked_whole(self, state: State) -> State:
        """`always` claims that ask who is blocked are evaluated over the whole state."""
        shared = self.shared[state[0]]
        w = self.from_outside(state)
        checked = self.always.checked(shared, w)
        return state if checked == shared else (self.shared.add(checked), *state[1:])

    def can_move(self, state: State, thread: Thread) -> bool:
        """Whether the thread has an alternative that counts as moving (a spurious wake-up does not)."""
        return any(effect.kind != "spurious" for effect in self._effects(state, thread)[0])

    def location(self, state: State, number: int) -> tuple[object, ...]:
        """Where the thread stands, whatever its locals are."""
        return tuple((code, pc, phase) for code, pc, _, phase in self.parts[state[1 + number]].frames)

    def waits_for_time(self, state: State, thread: Thread) -> bool:
        """Whether the virtual clock alone would let it go on: it is not stuck, though others that never rest may keep it."""
        return self.layout.virtual and self._effects(state, thread)[1] != FOREVER

    def is_spinning(self, state: State, number: int) -> bool:
        """Whether the thread repeats local work for ever."""
        part = self.parts[state[1 + number]]
        return bool(part.frames) and part.frames[-1][3] == SPINNING
