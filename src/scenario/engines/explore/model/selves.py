"""Containers that hold themselves: what they are equal to is decided by which objects are one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from scenario.engines.explore.model.values import NoValue, freeze
from scenario.program.bounded.sets import Set
from scenario.results.undecided import NotFollowed

CONTAINERS = (list, tuple, dict, Set)


def holds_itself(value: object) -> bool:
    """Whether there is a circle in it."""
    return isinstance(value, CONTAINERS) and _is_round(value, set(), set())


def found_in(wholes: Iterable[object], value: object) -> object:
    """The one object in the wholes that looks like the value; raises NoValue if there are several, or none."""
    key = freeze(value)
    found = {id(part): part for whole in wholes for part in _parts(whole, {}) if freeze(part) == key}
    if len(found) != 1:
        raise not_known()
    return found.popitem()[1]


def not_known() -> NoValue:
    """Which objects are one can not be told."""
    return NoValue(NotFollowed("containers in themselves"))


def _is_round(value: object, around: set[int], done: set[int]) -> bool:
    if id(value) in around:
        return True
    if not isinstance(value, CONTAINERS) or id(value) in done:
        return False
    around.add(id(value))
    found = any(_is_round(part, around, done) for part in _inside(value))
    around.remove(id(value))
    done.add(id(value))
    return found


def _parts(value: object, known: dict[int, object]) -> Iterator[object]:
    if isinstance(value, CONTAINERS) and id(value) not in known:
        known[id(value)] = value
        yield value
        for part in _inside(value):
            yield from _parts(part, known)


def _inside(value: list[object] | tuple[object, ...] | dict[object, object] | Set) -> Iterable[object]:
    return value.values() if isinstance(value, dict) else value
