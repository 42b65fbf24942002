"""What is asked of a program, of each number of its threads by itself and of all numbers at once."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping

from scenario.engines.explore.coverability.anonymous import Anonymous, Kind
from scenario.engines.explore.coverability.counting import Counting
from scenario.engines.explore.coverability.covering import Covering
from scenario.engines.explore.coverability.outside import told_apart
from scenario.engines.explore.coverability.rounds import goes_on
from scenario.engines.explore.model.budget import Budget
from scenario.engines.explore.model.parts import ThreadPart
from scenario.engines.explore.step.claims import claim_function, holds
from scenario.engines.explore.step.context import Context
from scenario.engines.explore.step.layout import NOBODY, Layout
from scenario.engines.explore.step.memo import Memo
from scenario.program.program import ThreadGroup
from scenario.results.for_all import Beyond
from scenario.results.outcome import Judged, Outcome


class Deciding:
    """Of a program that has no reason against it (`outside`).

    `any_number`: the groups whose size is left open; `bounded`: those whose threads take so many steps at most, whatever the others do.

    Any question may raise Unexplored: the budget is spent, or a step can not be followed.
    """

    def __init__(
        self,
        layout: Layout,
        any_number: Collection[str],
        bounded: Collection[str],
        judge: Callable[[Outcome], Judged],
        budget: Budget,
    ) -> None:
        self._layout = layout
        self._any_number, self._bounded = any_number, bounded
        self._judge = judge
        self._budget = budget
        self._stepper = Memo(layout, budget)

    def unproved(self) -> Beyond | None:
        """What can not be shown for all numbers of threads, of what is shown for the states and ends of each; None if all is."""
        return self._unproved(None)

    def fails(self, sizes: Mapping[str, int]) -> bool | None:
        """Whether it fails with groups of these sizes; None if that takes a closer look at who goes on for ever."""
        beyond = self._unproved(sizes)
        return None if beyond == "endless" else beyond is not None

    def _unproved(self, sizes: Mapping[str, int] | None) -> Beyond | None:
        system, look = Anonymous(self._stepper, list(self._kinds(sizes))), self._budget.look
        covering = Covering(system, look)
        if covering.fails:
            return "state"
        graph = Counting(system, covering, look)
        ends = list(graph.ends)
        if any(not system.has_ended(place) for end in ends for place, _ in end.counts):
            return "deadlock"
        if any(self._judge(system.end(shared)).failures for shared in {end.shared for end in ends}):
            return "end"
        if sizes is not None and not self._reached({marking.shared for marking in graph.markings}):
            return "state"
        fairness = self._layout.program.settings.fairness
        return "endless" if goes_on(graph, fairness, look) else None

    def _kinds(self, sizes: Mapping[str, int] | None) -> Iterator[Kind]:
        """The members of a group that nothing tells apart are one kind, every other thread is one by itself."""
        program, members = self._layout.program, self._layout.groups
        for group in program.groups:
            threads = [self._layout.threads[n] for n in members[group.key]]
            is_bounded = group.key in self._bounded
            if group.key in self._any_number:
                yield Kind(threads[0], None if sizes is None else sizes[group.key], is_bounded)
            elif self._are_alike(group):
                yield from (Kind(thread, len(threads), is_bounded) for thread in threads[:1])
            else:
                yield from (Kind(thread, 1, is_bounded) for thread in threads)

    def _are_alike(self, group: ThreadGroup) -> bool:
        return not any(told_apart(self._layout.program, group))

    def _reached(self, shared: Collection[int]) -> bool:
        """Whether each `reachable` claim is true somewhere: with more threads it is true there, too, as long as they do nothing."""
        claims = [(claim, claim_function(claim.expr)) for claim in self._layout.program.claims.reachable]
        contexts = [Context(self._layout, self._stepper.shared[n], ThreadPart(()), NOBODY) for n in shared if claims]
        return all(any(holds(claim, function, w) for w in contexts) for claim, function in claims)
