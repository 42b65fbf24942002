"""What whoever reads or writes what processes share may find.

A queue's feeder may have handed over an item when somebody asks, or not yet. Shared memory holds numbers of 64 bits, booleans and None;
what a manager gives of a container's elements are copies.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from itertools import product

from scenario.engines.explore.model.code import Access
from scenario.engines.explore.model.parts import ScenarioError
from scenario.engines.explore.model.values import Unexplored
from scenario.engines.explore.step.context import Context
from scenario.language.runtimes import SHARED_INTEGERS
from scenario.program.places import root
from scenario.results.undecided import NotFollowed
from scenario.syntax import Shared

_HELD = (int, float, list, dict, type(None))


def ways(w: Context, asks: Collection[tuple[str, str]]) -> Iterator[tuple[object, ...]]:
    """The objects' states as they may be found; none while one is held by who notifies at it. Raises Unexplored."""
    attributes = dict(asks)
    found = []
    for (name, index), number in w.layout.objects.items():
        if name in attributes:
            states = w.layout.models[number].ways_to_ask(w, attributes[name])
            if not states and index is not None:  # of an array another may be asked
                raise Unexplored(NotFollowed("one of several that is held", name))
            found.append([(number, state) for state in states])
    for way in product(*found):
        states = list(w.objects)
        for number, state in way:
            states[number] = state
        yield tuple(states)


def check(w: Context, access: Access, value: object) -> None:
    """What an access has written to a variable that is no container. Raises OverflowError of the scenario's, and Unexplored."""
    for name in access.writes:
        new = w.S[name]
        if type(new) is int and new not in SHARED_INTEGERS:
            w.S.forget(name)
            raise ScenarioError("OverflowError", "int too big to convert")
        if not isinstance(new, _HELD) or (_is_whole(access) and isinstance(new, list | dict)):
            w.S.forget(name)
            message = f"shared memory has numbers, booleans and None only, no {type(new).__name__}"
            raise ScenarioError("TypeError", message)
    if access.action == "update" and value == () and not isinstance(access.node, Shared | None):
        variable = root(access.node)
        raise Unexplored(
            NotFollowed("change in a manager", "" if variable is None else variable.name, access.span.line)
        )


def _is_whole(access: Access) -> bool:
    """Whether it gives a variable another value (a container that is changed stays what it was)."""
    return isinstance(access.node, Shared) and access.action == "write"
