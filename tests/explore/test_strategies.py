"""A strategy of one's own is a function, or a class, that touches no other file: behind the seam of the search, and that of real threads."""

from __future__ import annotations

from copy import deepcopy
from functools import partial
from random import Random

import pytest
from conformance.explored import found, kinds, row_of, rows
from conformance.generator import generated
from conformance.test_real_runs import SMALL
from explore.found import program
from replay.steps import program_of

from scenario.engines.explore.model.budget import Budget
from scenario.engines.explore.search.reduce import Symmetry, Unreduced
from scenario.engines.explore.search.search import Exhausted, Search, Spent, go, in_time
from scenario.engines.explore.search.strategies.breadth_first import breadth_first
from scenario.engines.explore.search.summary import summed, with_endless
from scenario.engines.explore.step.memo import Memo
from scenario.engines.explore.step.numbering import layout
from scenario.engines.threads.controlled import execute
from scenario.judge import judge
from scenario.results.schedule import Move
from scenario.results.script import Cue


def at_random(chance, search):
    """Of the states that are known, any is looked at next."""
    waiting = list(search.begin())
    while waiting:
        if (reason := search.spent()) is not None:
            return Spent(reason)
        waiting.extend(search.expand(waiting.pop(chance.randrange(len(waiting)))))
    return Exhausted()


def walking(chance, search):
    """A uniform random walk from a first state to an end, again and again, until each state that was seen has been met."""
    first = search.begin()
    unmet, at = set(first), first[0]
    while unmet:
        if (reason := search.spent()) is not None:
            return Spent(reason)
        if at in unmet:
            unmet.remove(at)
            unmet.update(search.expand(at))
        at = chance.choice([target for _, target, *_ in search.graph.edges[at]] or first)
    return Exhausted()


def searched(made, strategy):
    budget = Budget(600, 60)
    search = Search(
        Memo(layout(made), budget), in_time(partial(judge, made), budget), reduction=Unreduced(), max_states=600,
        stop_at_first=False, progress=None, keeps_steps=False, overtakes=None,
    )  # fmt: skip
    ended, seen = with_endless(search, go(search, strategy))
    budget.finish()
    return summed(search, ended, seen, odds=False)


@pytest.mark.parametrize("strategy", [at_random, walking])
@pytest.mark.parametrize("seed", range(12))
def test_in_whatever_order_states_are_looked_at_the_same_is_found(seed, strategy):
    made = program_of(generated(seed))
    one, other = searched(made, partial(strategy, Random(seed))), found(made, reduce=False)
    if one.exhausted and other.exhausted:
        assert (one.states, one.steps, rows(one), kinds(one)) == (other.states, other.steps, rows(other), kinds(other))


def begun(made, most, *, stop_at_first):
    budget = Budget(600, 60)
    stepper = Memo(layout(made), budget)
    return Search(
        stepper, in_time(partial(judge, made), budget), reduction=Symmetry(stepper), max_states=most,
        stop_at_first=stop_at_first, progress=None,
    )  # fmt: skip


def looked_at(search):
    """All that it knows."""
    graph, failures = search.graph, search.failures
    places = [(one.failure, [(place.number, place.stuck) for place in one.places]) for one in failures.found]
    seen = graph.states, graph.parents, graph.depths, graph.edges, graph.steps
    return *seen, graph.ends, graph.stuck, graph.at_rest, places


@pytest.mark.parametrize("most", [20, 600])
@pytest.mark.parametrize("seed", range(12))
def test_a_wider_search_goes_on_where_the_other_has_ended(seed, most):
    made = program_of(generated(seed))
    whole, first = begun(made, 600, stop_at_first=False), begun(made, most, stop_at_first=True)
    go(whole, breadth_first)
    go(first, breadth_first)
    before = deepcopy(looked_at(first))
    wider = first.wider(600)
    go(wider, breadth_first)
    assert looked_at(wider) == looked_at(whole)
    assert looked_at(first) == before


class RoundRobin:
    """Each goes on by one step, as long as he can; who waits with a timeout does not wait for long."""

    def __init__(self):
        self._last = ""

    def next(self, able):
        players = sorted(able(), key=lambda player: (player.ref <= self._last, player.ref))
        if not players:
            return None
        self._last = players[0].ref
        return Cue(Move(self._last), "ok" if players[0].ready() else "timeout")

    def way(self, player):
        return "timeout" if player.limited else ""

    def choose(self, _player, values):
        return values[0]


@pytest.mark.parametrize("text", SMALL)
def test_turn_by_turn_real_threads_end_in_an_explored_row(text):
    made = program(text)
    assert row_of(made, execute(made, RoundRobin(), longest=500)) in rows(found(made, max_states=100_000))
