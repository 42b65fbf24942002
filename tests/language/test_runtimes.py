"""A kind of primitive, and each verb on it, is there on a runtime, or that runtime is said to have none: at its place, with what to write instead."""

from __future__ import annotations

import asyncio
from functools import partial
from multiprocessing import get_context

import pytest
from language.stepped import SMALL, file, steps_of
from tasks.files import program

from scenario.compile import codes
from scenario.diagnostics import InvalidScenario
from scenario.engines import tasks
from scenario.engines.explore import explore
from scenario.engines.processes import building
from scenario.engines.tasks import objects
from scenario.judge import judge
from scenario.language.primitives import KINDS
from scenario.language.runtimes import KINDS_MISSING, RUNTIMES
from scenario.settings import ExploreOptions


async def _in_a_loop(primitives):
    return objects.build(primitives)


BUILDERS = {
    "asyncio": (lambda primitives: asyncio.run(_in_a_loop(primitives)), "engines/tasks/objects.py"),
    "multiprocessing": (partial(building.build, context=get_context("spawn")), "engines/processes/building.py"),
}
EXPLORERS = {"asyncio": tasks.explore, "multiprocessing": explore}
OTHERS = RUNTIMES[1:]


def fitting(kind, runtime, steps=()):
    """The program of a file with an object of the kind, whose only thread takes the steps; None where it is said that the runtime has not got them."""
    try:
        return program(file(kind, SMALL.get(kind, (None,))[0], {"T": {"steps": list(steps)}}, {}), runtime)
    except InvalidScenario as invalid:
        assert {one.code for one in invalid.diagnostics} == {codes.RUNTIME}
        return None


@pytest.mark.parametrize("runtime", OTHERS)
@pytest.mark.parametrize("kind", KINDS)
def test_an_object_is_made_there_or_its_kind_is_said_to_be_missing(kind, runtime):
    build, place = BUILDERS[runtime]
    made = fitting(kind, runtime)
    assert (made is None) == (kind in KINDS_MISSING[runtime])
    if made is not None:
        try:
            assert build(made.primitives).keys() == {"o"}
        except AssertionError as none:
            pytest.fail(
                f"language/runtimes.py: KINDS_MISSING of {runtime} has no {kind}, and {place} does not make it ({none})"
            )


@pytest.mark.parametrize("runtime", OTHERS)
@pytest.mark.parametrize("kind", KINDS)
def test_a_verb_is_a_step_there_or_is_said_to_be_missing(kind, runtime):
    """Exploring asyncio executes the real objects; of multiprocessing it is the models, whose real objects have the methods."""
    for step in steps_of(kind):
        verb = next(iter(step))
        if (made := fitting(kind, runtime, [step])) is not None:
            EXPLORERS[runtime](made, ExploreOptions(max_seconds=20), judge=judge)
            (place,) = BUILDERS[runtime][0](made.primitives).values()
            assert hasattr(place, verb), f"{BUILDERS[runtime][1]}: {type(place).__name__} has no {verb}"
