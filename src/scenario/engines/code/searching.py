"""The search: strategies one after the other until one gives a verdict, each begun again where a new place turns out to matter."""

from __future__ import annotations

from collections.abc import Callable, Container, Sequence
from dataclasses import replace
from time import monotonic
from typing import Literal, TypeVar

from scenario.chance import seeded
from scenario.engines.code.actors import Actor, Step
from scenario.engines.code.carriers import Carrier, Greenlets, RealThreads, has_greenlets
from scenario.engines.code.laboratory import End, Laboratory, why_endless
from scenario.engines.code.search.bounds import LONGEST, LONGEST_FOLLOWED, Budget, Everywhere
from scenario.engines.code.search.directed import Directed
from scenario.engines.code.search.every import Every
from scenario.engines.code.search.priorities import Priorities
from scenario.engines.code.search.races import Races
from scenario.engines.code.search.reduced import Reduced
from scenario.engines.code.search.schedules import Following, decoded, encoded, standing
from scenario.engines.code.search.searcher import Searcher
from scenario.engines.code.search.uniform import Uniform
from scenario.engines.code.shown import Notes
from scenario.engines.code.world import Asked, Chooser, World
from scenario.real.endable import Abandoned
from scenario.record import record
from scenario.results.code import Covered

Strategy = Literal["auto", "every", "reduced", "preemptions", "priorities", "uniform"]
BOUNDS = (0, 1, 2)
QUICK = 200
"""Executions that a bound may take before the reduced search is tried: most failures need few preemptions."""
SHRINKING = 0.5
"""Seconds after which no further bound is tried for a failure that was found."""
DEPTH = 3
"""Of failures that are looked for by chance: so many ordering constraints, at most."""


@record
class Found:
    """What a search came to: a failing end with its schedule, why it is undecided (`endless`: an execution has no end), what it covered."""

    covered: Covered
    failure: End | None = None
    schedule: str = ""
    reason: str = ""
    endless: bool = False


S = TypeVar("S", bound=Searcher)


def _nothing(_: World) -> None:
    """Nobody has anything to do with it."""


class Search:
    """The executions so far. `visible`: places where threads stop, as far as they are known; `kept`: what failed, and did not stop it."""

    def __init__(self, laboratory: Laboratory, budget: Budget, races: Races | None = None) -> None:
        self.laboratory, self.budget = laboratory, budget
        self.visible = set(laboratory.visible)
        self.executions = 0
        self.needs_threads = not has_greenlets()
        self._greenlets: Greenlets | None = None
        self.told: set[Asked] = set()
        self.world: World | None = None
        self._covered: Covered | None = None
        self._covered_with = 0
        self._straight: Sequence[Step] = ()
        self.kept: dict[object, tuple[End, str]] = {}
        self.steps = 0
        self.races = races

    def dismiss(self) -> None:
        """The thread in which it goes has no more to execute."""
        if self._greenlets is not None:
            self._greenlets.dismiss()
            self._greenlets = None

    # --- one execution ------------------------------------------------------------------------------

    def _execute(
        self,
        chooser: Chooser,
        look: Callable[[World], None],
        carrier: Carrier,
        visible: Container[int],
        longest: int,
        is_late: Callable[[], bool],
        begin: Callable[[World], None] = _nothing,
    ) -> End:
        if self.budget.is_stopped:
            raise Abandoned
        values = Notes() if isinstance(chooser, Following) else None
        rests = None if "time" in self.told else self.laboratory.rests
        calls, told = self.laboratory.calls, frozenset(self.told)
        self.world = World(chooser, carrier, visible, longest, is_late, calls, values, rests, told=told)
        self.executions += 1
        begin(self.world)
        end = self.laboratory.execute(self.world, look)
        self.steps += len(self.world.steps)
        self.told |= self.world.needs
        if self.races is not None:
            self.races.look(self.world.steps)
        return end

    def _carrier(self) -> Carrier:
        if self.needs_threads:
            return RealThreads()
        self._greenlets = self._greenlets or Greenlets()
        return self._greenlets

    def _is_over(self) -> bool:
        most = self.budget.executions
        return self.budget.is_late() or (most is not None and self.executions >= most)

    # --- strategies ---------------------------------------------------------------------------------

    def auto(self) -> Found:
        """Few preemptions first, and straight to data races, then some by chance, then all classes."""
        for bound in BOUNDS:
            found = self.bounded(bound, QUICK)
            if found.endless:  # a thread that is never left may wait for others: by chance it is left
                return sampled if (sampled := self.priorities(QUICK)).failure else found
            if found.failure or found.reason or found.covered.kind == "interleavings" or self._is_over():
                return found
            if bound == 0 and ((raced := self.directed()).failure or raced.reason or self._is_over()):
                return raced
            if found.covered.kind == "some":
                break
        found = replace(self.priorities(QUICK), covered=self._some())  # they are not all that was tried
        return found if found.failure or found.reason or self._is_over() else self.reduced()

    def directed(self) -> Found:
        """At what an execution shows to be accessed without a common lock, or locked in a circle."""
        return self._over(lambda: Directed(self._straight), lambda _, __: self._some(), QUICK)

    def priorities(self, most: int | None = None, depth: int = DEPTH, seed: int = 0) -> Found:
        """By random priorities."""
        searcher = Priorities(seeded(seed), depth)
        found = self._over(lambda: searcher, _never, most)
        if self._covered is not None:  # schedules of so few preemptions stay covered
            return found
        covered = Covered("priorities", self.executions, bound=depth, chance=searcher.least_chance())
        return replace(found, covered=covered)

    def uniform(self, most: int | None = None, seed: int = 0) -> Found:
        """By chance."""
        searcher = Uniform(seeded(seed))
        return replace(self._over(lambda: searcher, _never, most), covered=Covered("uniform", self.executions))

    def preemptions(self) -> Found:
        """With 0, 1, 2, … preemptions, as long as there is time."""
        bound = 0
        while True:
            found = self.bounded(bound, None)
            if found.failure or found.reason or found.covered.kind != "preemptions":
                return found
            bound += 1

    def every(self) -> Found:
        """All interleavings."""
        return self._over(Every, lambda _, count: self._all("interleavings", count), None)

    def reduced(self) -> Found:
        """One interleaving of each class."""
        return self._over(Reduced, lambda _, count: self._all("classes", count), None)

    def bounded(self, bound: int, most: int | None) -> Found:
        """All with at most so many preemptions; `most` executions."""

        def covered(searcher: Every, count: int) -> Covered:
            self._straight = searcher.first
            if not searcher.left_out:
                return self._all("interleavings", count)
            self._covered = Covered("preemptions", self.executions, count, bound)
            self._covered_with = len(self.visible)
            return self._covered

        return self._over(lambda: Every(bound), covered, most)

    def _all(self, kind: Literal["interleavings", "classes"], count: int) -> Covered:
        return Covered(kind, self.executions, count)

    def _some(self) -> Covered:
        """What was covered before the time was over."""
        before = self._covered
        if before is None:
            return Covered("some", self.executions)
        return Covered("preemptions", self.executions, before.count, before.bound)

    def _over(self, make: Callable[[], S], covered: Callable[[S, int], Covered], most: int | None) -> Found:
        """One strategy, begun again as long as places become visible."""
        while True:
            found = self._once(make(), covered, most)
            if found is not None:
                return found
            self._covered = None

    def _once(self, searcher: S, covered: Callable[[S, int], Covered], most: int | None) -> Found | None:
        """None: places became visible, or real threads are needed."""
        began, endless = self.executions, ""
        while True:
            end, schedule = self._next(searcher)
            if end.world.spoilt:
                return Found(self._some(), reason=end.world.spoilt)
            counted = end.world.accesses.accessed_before_a_stop() if end.kind else set[int]()
            seen = (end.world.in_conflict() | counted) - self.visible
            self.visible |= seen
            if end.kind and not (end.stops or seen):
                for cause in end.causes:
                    self.kept.setdefault(cause, (end, schedule))
            fails = bool(end.kind) and end.stops
            if self._is_over() and (not fails or seen):
                return Found(self._some())
            if (
                seen or end.world.needs_threads or end.world.needs
            ):  # a failure is found again, with a schedule that has these stops
                return None
            if fails:
                return Found(self._some(), end, schedule)
            if end.world.trouble:
                return Found(self._some(), reason=end.world.trouble)
            endless = why_endless(end) or endless
            if not searcher.advance():
                count = self.executions - began - searcher.redundant
                return Found(self._some(), reason=endless, endless=True) if endless else Found(covered(searcher, count))
            if most is not None and self.executions - began >= most:
                return Found(self._some())

    def _next(self, searcher: Searcher) -> tuple[End, str]:
        """One execution, and its schedule if it fails."""
        last: dict[Actor, str] = {}

        def look(world: World) -> None:
            searcher.finish(world)
            last.update((actor, standing(actor)) for actor in world.actors)

        searcher.begin()
        end = self._execute(searcher, look, self._carrier(), self.visible, LONGEST, self.budget.is_late)
        self.needs_threads = self.needs_threads or end.world.needs_threads
        return end, encoded(end.world.steps, last) if end.kind else ""

    # --- a failure that was found -------------------------------------------------------------------

    def fewest_preemptions(self, found: Found) -> Found:
        """The same kind of failure with fewer preemptions, if there is one within the time."""
        assert found.failure is not None
        until = monotonic() + SHRINKING
        for bound in range(self._sound_up_to(), preemptions(found.failure.world)):
            if self._is_over() or monotonic() > until:
                break
            better = self.bounded(bound, QUICK)
            if better.failure is not None and better.failure.kind == found.failure.kind:
                return better
        return found

    def _sound_up_to(self) -> int:
        """With fewer preemptions nothing fails: that was covered, with the stops that are known by now."""
        covered = self._covered
        return covered.bound + 1 if covered is not None and self._covered_with == len(self.visible) else 0

    def follow(self, schedule: str, look: Callable[[World], None], begin: Callable[[World], None] = _nothing) -> End:
        """The execution of a schedule, on real threads, which stop everywhere: so its text alone says what happens.

        Where the search had no stop nothing was in conflict, and it makes no difference when that is done. `begin` is given each
        execution that this takes. Raises BadSchedule.
        """
        following = Following(decoded(schedule))
        end = self._execute(following, look, RealThreads(), Everywhere(), LONGEST_FOLLOWED, self._is_stopped, begin)
        if end.world.needs:  # nothing has told so before: the schedule was given
            return self.follow(schedule, look, begin)
        following.check(end.world)
        if not end.kind and (why := following.astray()):
            end.world.end(why)
        return end

    def attempt(self, chooser: Chooser, look: Callable[[World], None]) -> End:
        """One execution that stops everywhere."""
        end = self._execute(chooser, look, self._carrier(), Everywhere(), LONGEST_FOLLOWED, self.budget.is_late)
        self.needs_threads = self.needs_threads or end.world.needs_threads
        return end

    def _is_stopped(self) -> bool:
        """What was found is confirmed also where the time of the search is over."""
        return self.budget.is_stopped


def _never(_: Searcher, _count: int) -> Covered:
    raise AssertionError("chance never covers all")


def preemptions(world: World) -> int:
    """How often a thread was left that could have gone on."""
    return sum(step.preempts for step in world.steps)
