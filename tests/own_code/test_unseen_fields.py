"""Fields that are read by code without gates: what a dataclass generates, also for what is inside a container."""

import copy
import dataclasses
from dataclasses import dataclass

import pytest

from scenario import explore_code
from scenario.engines.code.runtime.fields import Fields
from scenario.engines.code.runtime.kinds import Kinds


@dataclass(order=True)
class Point:
    x: int = 0


class State:
    def __init__(self):
        self.points, self.others = [Point(0)], [Point(0)]
        self.steady = None

    def change(self):
        self.points[0].x = 1
        self.points[0].x = 0


PERCENT, BRACES = "%s", "{}"
READERS = {
    "==": lambda it: it.points[0] == it.others[0],
    "== of lists": lambda it: it.points == it.others,
    "== of tuples": lambda it: (it.points[0], 1) == (Point(0), 1),
    "== of dicts": lambda it: {"k": it.points[0]} == {"k": Point(0)},
    "== of a sum": lambda it: it.points + it.others == [Point(0), Point(0)],
    "== of one of two": lambda it: (it.points if it.others else it.others) == [Point(0)],
    "in": lambda it: it.points[0] in [Point(0), Point(7)],
    "count": lambda it: [Point(0)].count(it.points[0]) == 1,
    "repr": lambda it: repr(it.points) == "[Point(x=0)]",
    "f-string": lambda it: f"{it.points}" == "[Point(x=0)]",
    "%": lambda it: PERCENT % (it.points,) == "[Point(x=0)]",
    "format": lambda it: BRACES.format(it.points) == "[Point(x=0)]",
    "min": lambda it: min([*it.points, Point(0)]).x == 0,
    "copy": lambda it: copy.copy(it.points[0]).x == 0,
    "asdict": lambda it: dataclasses.asdict(it.points[0]) == {"x": 0},
    "replace": lambda it: dataclasses.replace(it.points[0]) == Point(0),
    "getattr": lambda it: getattr(it.points[0], "".join("x")) == 0,
}


@pytest.mark.parametrize("name", READERS)
def test_a_change_meanwhile_is_seen(name):
    def look(it):
        it.steady = READERS[name](it)

    found = explore_code(State, [look, State.change], check=lambda it: it.steady, max_seconds=60)
    assert found.verdict == "fails"


class Base:
    limit = 0


class Derived(Base):
    limit = 1


def test_where_an_attribute_is_of_a_class_that_was_changed_it_is_looked_for_each_time():
    """The class is put back before the next execution, without a gate that sees it."""
    fields = Fields(Kinds(frozenset({__name__})), frozenset())
    of_base = ((id(Base), "limit"), False)
    fields.written(Derived, "limit")
    for kind, classes in ((Derived(), False), (Base(), True)):
        assert (of_base in fields.read(kind, "limit")) is classes
        assert (of_base in fields.plainly(type(kind), "limit")[0]) is classes
    del Derived.limit
    try:
        assert of_base in fields.read(Derived(), "limit")
        assert of_base in fields.plainly(Derived, "limit")[0]
    finally:
        Derived.limit = 1
