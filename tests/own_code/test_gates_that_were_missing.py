"""Accesses that once had no gate: each pair of threads is in conflict, and a search that does not see it says *holds*."""

import gc
from dataclasses import dataclass

import pytest

from scenario import explore_code


class State:
    seen: bool

    def __init__(self):
        self.d, self.rows, self.items = {"n": 0}, [[0, 0]], [0]
        self.steady = True


class Late:
    """A class that gets an attribute."""


def given(n):
    return n


def counted():
    counted.n += 1


def change(it):
    it.d["n"] = 1
    it.d["n"] = 0


def change_row(it):
    it.rows[0][0] = 1
    it.rows[0][1] = 1
    it.rows[0][0] = 0
    it.rows[0][1] = 0


def change_items(it):
    it.items[0] = 1
    it.items[0] = 0


def display(it):
    it.steady = {**it.d} == {"n": 0}


def keywords(it):
    it.steady = given(**it.d) == 0


def of_dict(it):
    it.steady = dict(a=1, **it.d)["n"] == 0


def unpacked_in_a_comprehension(it):
    it.steady = [x + y for x, y in it.rows] == [0]


def unpacked_in_a_loop(it):
    for x, y in it.rows:
        it.steady = x == y == 0


def slice_assigned(it):
    copy = []
    copy[:] = it.items
    it.steady = copy == [0]


CASES = {
    "display": (display, change),
    "keywords": (keywords, change),
    "dict": (of_dict, change),
    "comprehension": (unpacked_in_a_comprehension, change_row),
    "loop": (unpacked_in_a_loop, change_row),
    "slice": (slice_assigned, change_items),
}


@pytest.mark.parametrize("name", CASES)
def test_what_is_gone_through_is_read(name):
    found = explore_code(State, list(CASES[name]), check=lambda it: it.steady)
    assert found.verdict == "fails"


def test_attributes_of_a_function_are_shared():
    def setup():
        counted.n = 0

    found = explore_code(setup, [lambda _: counted(), lambda _: counted()], check=lambda _: counted.n == 2)
    assert found.verdict == "fails"


@pytest.mark.parametrize("expected", [True, False])
def test_what_a_class_has_not_got_is_looked_for(expected):
    def setup():
        if hasattr(Late, "ready"):
            del Late.ready
        return Late()

    def look(it):
        it.found = hasattr(it, "ready")

    def give(_):
        Late.ready = True

    assert explore_code(setup, [look, give], check=lambda it: it.found is expected).verdict == "fails"


def test_functions_that_the_collector_has_frozen_are_rewritten():
    def add(it):
        it.d["n"] += 1

    gc.freeze()
    try:
        found = explore_code(State, [add, add], check=lambda it: it.d["n"] == 2)
    finally:
        gc.unfreeze()
    assert found.verdict == "fails"


def test_what_is_made_by_code_is_not_said_to_hold():
    names = {"__name__": __name__}
    exec("def bump(it):\n    seen = it.items[0]\n    it.items[0] = seen + 1\n", names)
    bump = names["bump"]
    found = explore_code(
        State, [lambda it: bump(it) or it, lambda it: bump(it) or it], check=lambda it: it.items[0] == 2
    )
    assert found.verdict == "undecided"


def test_a_slot_of_object_is_not_said_to_hold():
    def past(it):
        object.__setattr__(it, "steady", not it.steady)

    assert explore_code(State, [past, past], check=lambda it: it.steady).verdict != "holds"


class Pair:
    def __init__(self):
        self.parts = [[0, 0], 1]
        self.seen = None

    def match(self):
        match self.parts:
            case [[0, 0], 1]:
                self.seen = True
            case _:
                self.seen = False

    def match_a_copy(self):
        match tuple(self.parts[0]):
            case (0, y):
                self.seen = y == 0

    def change(self):
        self.parts[0][0] = 1


def test_a_match_looks_in_steps_at_what_others_change():
    assert explore_code(Pair, [Pair.match, Pair.change], check=lambda it: it.seen is not None).holds
    assert explore_code(Pair, [Pair.match, Pair.change], check=lambda it: it.seen).verdict == "fails"
    assert explore_code(Pair, [Pair.match, Pair.match], check=lambda it: it.seen).holds
    assert explore_code(Pair, [Pair.match_a_copy, Pair.change]).holds


class Growing:
    def __init__(self):
        self.points, self.late = [Point(1)], Point(2)
        self.seen = ""

    def look(self):
        self.seen = f"{self.points}"

    def grow(self):
        self.points.append(self.late)
        self.late.x = 3


@dataclass
class Point:
    x: int


def test_what_comes_into_a_container_meanwhile_is_looked_at():
    seen = "[Point(x=1), Point(x=2)]"
    assert explore_code(Growing, [Growing.look, Growing.grow], check=lambda it: it.seen != seen).verdict == "fails"
