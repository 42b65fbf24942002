"""A strategy is one function behind the seam: a uniform random walk finds what the search over all states finds."""

from functools import partial
from random import Random

import pytest
from conformance.explored import found, kinds, rows
from conformance.test_real_runs import SMALL
from explore.found import program

from scenario.engines.explore.model.budget import Budget
from scenario.engines.explore.search.reduce import Unreduced
from scenario.engines.explore.search.search import Exhausted, Search, go
from scenario.engines.explore.search.summary import summed, with_endless
from scenario.engines.explore.step.layout import layout
from scenario.engines.explore.step.memo import Memo
from scenario.judge import judge


def walk(search, chance):
    """From a first state to an end, each step as likely as another, until all states have been met."""
    first = search.begin()
    unmet, at = set(first), first[0]
    while unmet:
        assert search.spent() is None
        if at in unmet:
            unmet.remove(at)
            unmet.update(search.expand(at))
        at = chance.choice([target for _, target, *_ in search.graph.edges[at]] or first)
    return Exhausted()


@pytest.mark.parametrize(
    "text", [*SMALL, "vars: {x: 0}\nthreads: {A: {count: 2, steps: [{assert: x == 0}, x += 1]}}\n"]
)
def test_a_uniform_random_walk_finds_the_same_as_looking_at_all_states(text):
    made = program(text)
    search = Search(
        Memo(layout(made), Budget(10_000, 60.0, None)), partial(judge, made), reduction=Unreduced(), max_states=10_000,
        stop_at_first=False, progress=None,
    )  # fmt: skip
    walked = summed(search, *with_endless(search, go(search, partial(walk, chance=Random(7)))), odds=False)
    known = found(made, max_states=10_000, reduce=False)
    assert (walked.states, walked.steps, rows(walked), kinds(walked)) == (
        known.states, known.steps, rows(known), kinds(known),
    )  # fmt: skip
