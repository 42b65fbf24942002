"""A search in the making: the states that were seen, their steps, what failed. Where it goes next, a strategy says.

A strategy is a function of a search in a file of its own (`breadth_first`): it asks for the first states, for the
steps from one after the other, and says how it ended.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property
from typing import TypeAlias, TypeVar

from scenario.engines.explore.evidence.fates import ending
from scenario.engines.explore.evidence.outcomes import outcome
from scenario.engines.explore.model.budget import Budget, TimeIsUp
from scenario.engines.explore.model.source import PATIENCE
from scenario.engines.explore.model.values import TooLarge, Unexplored
from scenario.engines.explore.search.failures import Failures, Place
from scenario.engines.explore.search.graph import NOWHERE, Graph
from scenario.engines.explore.search.reachability import topological
from scenario.engines.explore.search.reduce import Reduction, interchangeable
from scenario.engines.explore.step.stepper import Stepper
from scenario.engines.explore.step.transitions import State
from scenario.program.bounded.patience import Expired
from scenario.program.evaluate import DEADLINE
from scenario.program.program import Program
from scenario.record import record
from scenario.results.exploration import Pace
from scenario.results.outcome import Judged, Outcome
from scenario.results.undecided import OutOfTime, TooManyStates, Undecided

T = TypeVar("T")

OFTEN = 256
"""Items of little work between two looks at the clock: it may be one that the kernel is asked for."""

SELDOM = 64
"""States between two looks at the budget."""

Judge: TypeAlias = Callable[[Outcome], Judged]
JudgeOf: TypeAlias = Callable[[Program, Outcome], Judged]
"""The same of any program, as those that are searched in the stead of another."""
Progress: TypeAlias = Callable[[Pace], None]
"""Called now and then with how far it is."""


@record
class Exhausted:
    """All of it has been looked at."""


@record
class Enough:
    """A failure has been found, and no more than one is asked for."""


@record
class Spent:
    """It did not come to its end. `is_too_large`: there is too much of it, else what the file does can not be followed."""

    why: Undecided
    is_too_large: bool = True


@record
class Interrupted:
    """By Ctrl-C."""


Ended: TypeAlias = Exhausted | Enough | Spent | Interrupted


class Search:
    """What is looked at, by which rules, and all that has been seen of it."""

    def __init__(
        self, stepper: Stepper, judge: Judge, *, reduction: Reduction, max_states: float, stop_at_first: bool,
        progress: Progress | None, keeps_steps: bool = False, overtakes: Callable[[], bool] | None = None,
        shown: Stepper | None = None, meanwhile: Callable[[], None] | None = None,
        is_end: Callable[[Outcome], bool] = lambda _: True, before: Search | None = None,
    ) -> None:  # fmt: skip
        self.stepper = stepper
        self.shown = shown or stepper
        """The file's own steps, in which is told what was found."""
        self.judge = judge
        self.reduction = reduction
        self.budget = stepper.budget
        self.max_states = max_states
        self.stop_at_first = stop_at_first
        self.keeps_steps = keeps_steps
        """Whether all steps are asked for when it has ended, as the odds do: then they are kept."""
        self.overtakes = overtakes
        """To be asked when it has grown: whether a smaller search has come to its end meanwhile."""
        self._meanwhile = meanwhile
        """To be called now and then."""
        self._is_end = is_end
        """Whether what nothing leaves is an end that counts."""
        self.graph: Graph = Graph(before.graph if before else None)
        alike = {name for name, _ in interchangeable(stepper.layout)}
        self.failures: Failures = Failures(self.graph, alike, before.failures if before else None)
        self._progress = progress
        self._looks = 0

    def wider(self, max_states: int) -> Search:
        """The same from where it has come to, up to another number of states, whatever it finds, with a graph of its own."""
        return Search(
            self.stepper, self.judge, reduction=self.reduction, max_states=max_states, stop_at_first=False,
            progress=None, shown=self.shown, is_end=self._is_end,
            before=self if self.graph.lists.states else None,  # it may have gone on elsewhere: then anew
        )  # fmt: skip

    # --- what a strategy asks for -----------------------------------------------------------------------

    def begin(self) -> list[int]:
        """The first states by number, those that are the same once; of a wider search, where the other has come to."""
        found = self.graph.lists.pending()
        if found:
            return found
        for _, state in self.budget.each(self.stepper.initial()):
            canonical = self.reduction.canonical(state)
            if canonical not in self.graph.numbers:
                number = self.graph.lists.add(canonical, NOWHERE, 0)
                self.arrive(number, None)
                found.append(number)
        return found

    def expand(self, number: int) -> list[int]:
        """Looks at all steps from a state; the numbers of the states that are new."""
        seen = self.graph.lists
        numbers, state, depth = seen.numbers, seen.states[number], seen.depths[number] + 1
        edges, new, moves = [], [], False
        steps = self.stepper.successors(state)
        afterwards = self.reduction.after(state, steps)
        for (thread, alternative, kind, weight, _), after in zip(steps, afterwards, strict=True):
            target = numbers.get(after)
            if target is None:
                target = seen.add(after, (number, thread, alternative), depth)
                self.arrive(target, state)
                new.append(target)
            edges.append((thread, target, weight, kind != "ok"))
            moves = moves or kind != "spurious"
        if not moves:
            self.end(number, state, at_rest=bool(edges))
        seen.expand(number, tuple(edges))  # it has been looked at now: a judge may have raised
        return new

    def spent(self) -> Undecided | None:
        """Which budget is used up; the clock is looked at now and then."""
        self._looks += 1
        if len(self.graph.states) > self.max_states:
            return TooManyStates(int(self.max_states))
        return None if self._looks % SELDOM else self.pause()

    def pause(self) -> Undecided | None:
        """Tells how far it is; which budget is used up."""
        graph = self.graph
        if self._meanwhile is not None:
            self._meanwhile()
        if self._progress is not None:
            self._progress(self.budget.pace(len(graph.states), graph.steps, graph.depths[-1]))
        return self.budget.spent()

    # --- what is checked ----------------------------------------------------------------------------

    def arrive(self, number: int, before: State | None) -> None:
        """Failures that the step to a new state has shown."""
        stepper = self.stepper
        shared = stepper.shared[self.graph.states[number][0]]
        old = stepper.shared[before[0]] if before is not None else None
        if shared.failed and (old is None or shared.failed != old.failed):
            for failure in shared.failed:
                if old is None or failure not in old.failed:
                    self.failures.add(failure, Place(number))
        if shared.errors and (old is None or shared.errors != old.errors):
            judged = self.judge(outcome(stepper, self.graph.states[number], end="interrupted"))
            for failure in judged.failures:
                if failure.kind == "error":
                    self.failures.add(failure, Place(number))

    def end(self, number: int, state: State, *, at_rest: bool) -> None:
        """A state that nothing leaves (`at_rest`: but spurious wake-ups): finished, or stuck."""
        self.budget.look()  # a judge may take long
        stepper = self.stepper
        end, stuck = ending(stepper, state)
        left = outcome(stepper, state, end=end, stuck=stuck)
        if not self._is_end(left):
            return
        judged = self.judge(left)
        self.graph.ends[number] = judged
        if end == "deadlock":
            self.graph.stuck[number] = stuck
        if at_rest:
            self.graph.at_rest.add(number)
        self.failures.add_end(judged, Place(number, stuck))

    # --- for who looks at all of it -------------------------------------------------------------------

    def is_late(self) -> bool:
        """Whether the time is up."""
        return self.budget.is_late()

    def hurry(self) -> None:
        """To be called on the way by what must see the whole graph. Raises Unexplored when the time is up."""
        if (spent := self.budget.spent()) is not None:
            raise TimeIsUp(spent)

    def hurried(self, items: Iterable[T]) -> Iterator[T]:
        """The items, little work each."""
        for number, item in enumerate(items, 1):
            if number % OFTEN == 0:
                self.hurry()
            yield item

    @cached_property
    def order(self) -> list[int] | None:
        """The states of the finished search in an order in which every step goes forward; None if there is a cycle."""
        return topological(self.graph.edges, self.hurried)

    @cached_property
    def is_acyclic(self) -> bool:
        """Whether no execution of the finished search comes back to where it was. Raises TimeIsUp."""
        return self.order is not None if self.keeps_steps else self.graph.seen.is_acyclic(self.hurried)

    def predecessors(self, number: int) -> Sequence[int]:
        """The states that have a step to this one, among those that were looked at. Raises TimeIsUp."""
        return self.graph.seen.predecessors(number, self.hurried)


def in_time(judge: Judge, budget: Budget) -> Judge:
    """The judge, as long as the search may take: what claims compute ends with it. Raises TimeIsUp."""

    def judged(seen: Outcome) -> Judged:
        try:
            with DEADLINE.until(max(budget.deadline, budget.told)):
                return judge(seen)
        except Expired:
            raise TimeIsUp(OutOfTime("claim")) from None

    return judged


Strategy: TypeAlias = Callable[[Search], Ended]


def go(search: Search, strategy: Strategy) -> Ended:
    """Lets the strategy go on until it ends, or a budget of the search is spent."""
    try:
        with search.budget.searching(), PATIENCE.until(search.budget.deadline):
            return strategy(search)
    except Unexplored as reason:
        return broken_off(reason)


def broken_off(reason: Unexplored) -> Spent:
    return Spent(reason.why, isinstance(reason, TooLarge))
