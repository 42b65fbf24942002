"""The search over steps that are taken at once, with fewer threads a state where that is worth it."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from scenario.engines.explore.independence.alone import Alone, MistakenError, is_possible
from scenario.engines.explore.independence.learned import Learned
from scenario.engines.explore.independence.narrow import Narrow, is_worth_trying
from scenario.engines.explore.model.budget import Budget
from scenario.engines.explore.search.failures import Found
from scenario.engines.explore.search.reduce import Symmetry, interchangeable
from scenario.engines.explore.search.schedules.shorten import least_preemptions
from scenario.engines.explore.search.search import Ended, Enough, Exhausted, Judge, Progress, Search, go
from scenario.engines.explore.search.strategies.breadth_first import breadth_first
from scenario.engines.explore.search.strategies.narrowly import DoesNotPayError, narrowly
from scenario.engines.explore.step.layout import Layout
from scenario.engines.explore.step.transitions import Choice

__all__ = ["is_possible", "search_alone", "unfolded"]


def unfolded(search: Search, found: Found) -> tuple[int, list[Choice]]:
    """The way to what it has found, by steps of the file."""
    stepper = search.stepper
    assert isinstance(stepper, Alone)
    return stepper.unfold(*least_preemptions(search, {found.places[0].number}))


def search_alone(
    layout: Layout, budget: Budget, judge: Judge, *, stop_at_first: bool, progress: Progress | None = None,
    meanwhile: Callable[[], None] | None = None,
) -> tuple[Search, Ended]:  # fmt: skip
    """The search, begun again until it has believed what is so; with fewer threads a state, where that is worth it.

    It is ended where nothing is spared.
    """
    learned, is_narrow = Learned(layout, _groups(layout)), is_worth_trying(layout)
    while True:
        learned.begin()
        stepper = (Narrow if is_narrow else Alone)(layout, budget, learned)
        search = Search(
            stepper, judge, reduction=Symmetry(stepper), max_states=budget.max_states, stop_at_first=stop_at_first,
            progress=progress, meanwhile=meanwhile,
        )  # fmt: skip
        try:
            ended = go(search, narrowly if is_narrow else breadth_first)
        except MistakenError:
            continue
        except DoesNotPayError:
            if not stepper.is_worth_it:
                return search, Enough()
            is_narrow = False
            continue
        is_enough = stop_at_first and search.failures.found
        if is_enough or not learned.is_wrong or not isinstance(ended, Exhausted):
            stepper.is_asked_on()
            return search, ended


def _groups(layout: Layout) -> Mapping[int, int]:
    """For each thread the first of those that it may change places with."""
    groups = {thread.number: thread.number for thread in layout.threads}
    return groups | {number: members[0] for _, members in interchangeable(layout) for number in members}
