"""The graph of states as a game: who can go next in each, what can still go wrong from there, and what can be saved.

No state is left out and no thread renamed, so that whoever plays finds the threads of the file. Of a larger graph the
nearest states are there; what is said of them is then what is known.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from itertools import takewhile

from scenario.collector import no_collection
from scenario.engines.explore.evidence.frames import Camera
from scenario.engines.explore.evidence.holders import Holding
from scenario.engines.explore.evidence.trace import taken
from scenario.engines.explore.model.budget import Budget, TimeIsUp
from scenario.engines.explore.model.code import Guard
from scenario.engines.explore.search.failures import Place
from scenario.engines.explore.search.reachability import reachable
from scenario.engines.explore.search.reduce import Unreduced
from scenario.engines.explore.search.search import Exhausted, Search, go, in_time
from scenario.engines.explore.search.strategies.breadth_first import breadth_first
from scenario.engines.explore.search.summary import with_endless
from scenario.engines.explore.search.told.unexplored import unexplored
from scenario.engines.explore.step.memo import Memo
from scenario.engines.explore.step.numbering import layout
from scenario.engines.explore.step.primitives.model import Held
from scenario.engines.explore.step.stepper import Stepper
from scenario.engines.explore.step.transitions import State
from scenario.program.program import Program
from scenario.results.frames import Choice, Game, Spot
from scenario.results.outcome import Judged, Outcome
from scenario.results.schedule import Move


def game(
    program: Program, *, judge: Callable[[Program, Outcome], Judged], max_states: int, max_seconds: float
) -> Game | None:
    """None where nothing can be explored, or there is no time. `max_seconds` are for the search, and as many for the pictures."""
    if unexplored(program):
        return None
    budget = Budget(max_states, max_seconds)
    try:
        stepper = Memo(layout(program, budget.look), budget)
    except TimeIsUp:
        return None
    search = Search(
        stepper, in_time(partial(judge, program), budget), reduction=Unreduced(), max_states=max_states,
        stop_at_first=False, progress=None,
    )  # fmt: skip
    with no_collection():
        ended, _ = with_endless(search, go(search, breadth_first))
        budget.finish()
        return _Played(search, max_seconds, whole=isinstance(ended, Exhausted)).game()


class _Played:
    """`seconds` are for the pictures of the states."""

    def __init__(self, search: Search, seconds: float, *, whole: bool) -> None:
        self._search, self._stepper, self._whole = search, search.stepper, whole
        self._until = time.monotonic() + seconds
        graph = search.graph
        self._states = [state for state, out in zip(graph.states, graph.edges, strict=True) if out is not None]
        self._edges = [[target for _, target, _, _ in out] for out in graph.edges if out is not None]
        self._moves = Moves(search.stepper)

    def game(self) -> Game | None:
        """None where nothing has been looked at, or there was time for no picture."""
        count = len(self._states)
        if not count:
            return None
        choices = [tuple(self._choices(number)) for number in range(count)]
        holding = self._holding(choices)
        wrong, saved = self._distances(self._bad()), self._saved()
        camera, ends, endless, stuck = Camera(self._stepper), self._search.graph.ends, self._endless(), self._stuck()
        spots = (
            Spot(
                camera.frame(state, held, stuck.get(n, ())),
                choices[n],
                wrong.get(n),
                saved(n),
                ends.get(n),
                n in endless,
            )
            for n, (state, held) in enumerate(zip(self._states, holding, strict=True))
        )
        starts = tuple(n for n, (parent, _, _) in enumerate(self._search.graph.parents) if parent < 0 and n < count)
        seen = tuple(takewhile(lambda _: time.monotonic() < self._until, spots))
        return Game(seen, starts, self._whole and len(seen) == count).part(len(seen)) if seen else None

    def _choices(self, number: int) -> Iterator[Choice]:
        """In the order of the steps of a state, which numbers the alternatives of each thread."""
        state, seen = self._states[number], dict[int, int]()
        for thread, target, _, _ in self._search.graph.edges[number] or ():
            alternative = seen[thread] = seen.get(thread, -1) + 1
            move = self._moves.move(self._stepper.on_time(state), thread, alternative)
            yield Choice(move, target if target < len(self._states) else None)

    # --- who holds what ----------------------------------------------------------------------------------

    def _holding(self, choices: Sequence[Sequence[Choice]]) -> list[Held]:
        """By state; nothing is said of what is held by another thread on another way to the same state."""
        known: dict[int, Holding] = {}
        unsure: set[int] = set()
        for number, state in enumerate(self._states):
            here = known.setdefault(number, Holding(self._stepper))
            for choice in choices[number]:
                if choice.to is None:
                    continue
                after = here.after(self._stepper.on_time(state), self._states[choice.to], choice.move)
                unsure |= _differ(after.held, known.setdefault(choice.to, after).held)
        return [
            {lock: holders for lock, holders in known[number].held.items() if lock not in unsure}
            for number in range(len(self._states))
        ]

    # --- what can come of it -------------------------------------------------------------------------------

    def _bad(self) -> set[int]:
        """Where something has failed, allowed or not, or goes on for ever."""
        failures = self._search.failures
        found = {n for n, judged in self._search.graph.ends.items() if judged.bad or judged.end is not None}
        for one in (*failures.found, *failures.permitted):
            if one.ends or one.failure.kind == "error":
                found.update(place.number for place in one.places if not place.inside or place.stuck)
        found |= {n for n, state in enumerate(self._states) if self._stepper.shared[state[0]].failed}
        return {number for number in found | self._endless() if number < len(self._states)}

    def _endless(self) -> set[int]:
        """The states of which each may come again and again."""
        return {number for place in self._places() if not place.stuck for number in place.inside}

    def _stuck(self) -> Mapping[int, tuple[int, ...]]:
        """Who is stuck where, be it beside others who go on."""
        return {place.number: place.stuck for place in self._places() if place.stuck}

    def _places(self) -> Iterator[Place]:
        failures = self._search.failures
        return (place for one in (*failures.found, *failures.permitted) for place in one.places)

    def _distances(self, goals: set[int]) -> Mapping[int, int]:
        """The fewest steps to one of them, of those from which there is a way."""
        sources = self._sources()
        distances = dict.fromkeys(goals, 0)
        waiting = list(goals)
        for number in waiting:
            for before in sources.get(number, ()):
                if before not in distances:
                    distances[before] = distances[number] + 1
                    waiting.append(before)
        return distances

    def _saved(self) -> Callable[[int], bool | None]:
        fine = {n for n, judged in self._search.graph.ends.items() if judged.end is None and not judged.bad}
        known = self._backwards(fine)
        unknown = self._backwards({n for n, out in enumerate(self._edges) if any(t >= len(self._edges) for t in out)})
        return lambda number: True if number in known else None if number in unknown else False

    def _backwards(self, goals: set[int]) -> set[int]:
        sources = self._sources()
        return set(reachable(goals, lambda number: sources.get(number, ())))

    def _sources(self) -> Mapping[int, list[int]]:
        sources: dict[int, list[int]] = {}
        for number, out in enumerate(self._edges):
            for target in dict.fromkeys(out):
                sources.setdefault(target, []).append(number)
        return sources


def _differ(one: Held, other: Held) -> set[int]:
    def threads(held: Held, lock: int) -> list[str]:
        return sorted(holder.thread for holder in held.get(lock, ()))

    return {lock for lock in {*one, *other} if threads(one, lock) != threads(other, lock)}


class Moves:
    """Steps in words: each once, since they depend on the shared part and on their thread's alone, but for guards and time."""

    def __init__(self, stepper: Stepper) -> None:
        self._stepper = stepper
        self._known: dict[tuple[int, int, int, int], Move] = {}

    def move(self, state: State, thread: int, alternative: int) -> Move:
        key = state[0], state[1 + thread], thread, alternative
        if key in self._known:
            return self._known[key]
        found = taken(self._stepper, state, self._stepper.layout.threads[thread], alternative).move
        if not self._stepper.layout.virtual and not self._is_guard(state, thread):
            self._known[key] = found
        return found

    def _is_guard(self, state: State, thread: int) -> bool:
        frames = self._stepper.part(state, thread).frames
        code, pc, _, _ = frames[-1]
        return isinstance(self._stepper.layout.codes[code].instructions[pc], Guard)
