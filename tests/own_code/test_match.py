"""`match` in own code: it means what it means in Python, and others may come in between the looks of its patterns."""

import re
import threading
import weakref
from collections import OrderedDict, UserDict, UserList, deque
from dataclasses import dataclass
from typing import NamedTuple

import pytest

from scenario import explore_code

LIMIT = 3


@dataclass
class Point:
    x: object
    y: object


class Bare:
    x = 1


class Odd:
    __match_args__ = ("absent",)


class Raising:
    __match_args__ = ("x",)

    @property
    def x(self):
        raise LookupError("no x")


class Named(NamedTuple):
    x: object
    y: object


class Limits:
    low = 1


def meaning(value):
    match value:
        case None | True:
            return "singleton"
        case -1 | 2.5 | "text" | Limits.low:
            return "value"
        case int(number) if number > LIMIT:
            return "int", number
        case str() as text:
            return "str", text
        case []:
            return "empty"
        case [one]:
            return "one", one
        case [1, *_, last] if last:
            return "ends", last
        case [Point(x=0), *rest]:
            return "points", rest
        case (first, [second, *_] as inner, *_):
            return "nested", first, second, inner
        case {"kind": "a", "n": n, **rest}:
            return "mapping", n, rest
        case {"kind": kind}:
            return "kind", kind
        case {}:
            return "any mapping"
        case Point(0, y) | Point(y, 0):
            return "axis", y
        case Point(Point(a, _), y=b):
            return "deep", a, b
        case Bare(x=x):
            return "bare", x
        case set(items):
            return "set", items
    return "nothing"


def wrong(value):
    match value:
        case Point(_, _, _):
            pass
        case Odd(1, 2):
            pass
        case Bare(1):
            pass
        case Limits.low():
            pass


SUBJECTS = [
    None, True, False, 0, 1, -1, 2, 2.5, 7, "text", "other", "", b"ab", [], (), [3], [1, 2, 3], [1, 0], [1, 2, 0], (9, [8, 7], 6),
    (9, (8,)), [Point(0, 1), 5], [Point(2, 1), 5], deque([3]), UserList([3]), range(1, 4), {"kind": "a", "n": 2, "m": 3}, {"kind": "a"},
    {"kind": "b", "n": 1}, {}, {"n": 1}, OrderedDict(kind=4), UserDict(kind=5), Point(0, 3), Point(3, 0), Point(Point(1, 2), 3),
    Point(1, 2), Bare(), {1, 2}, frozenset({1}), Named(1, 2), object, 1j, "abc", memoryview(b"abc"), bytearray(b"x"),
]  # fmt: skip


def told(function, value):
    """What it gives, or raises."""
    try:
        return repr(function(value))
    except Exception as error:  # noqa: BLE001
        return repr(error)


@pytest.mark.parametrize("function", [meaning, wrong])
def test_it_means_what_it_means_in_python(function):
    given = [*SUBJECTS, Odd(), Raising()]
    plain = [told(function, value) for value in given]

    def all_of_them(it):
        it["told"] = [told(function, value) for value in given]

    def check(it):
        assert it["told"] == plain

    found = explore_code(dict, [all_of_them], check=check)
    assert found.holds, found.text()


class Torn:
    def __init__(self):
        self.pair, self.by_key, self.point = [0, 0], {"a": 0, "b": 0}, Point(0, 0)
        self.seen = []

    def write(self):
        self.pair[0] = self.pair[1] = 1

    def write_keys(self):
        self.by_key["a"] = 1
        self.by_key["b"] = 1

    def write_point(self):
        self.point.x = 1
        self.point.y = 1

    def grow(self):
        self.pair.append(2)

    def shrink(self):
        self.by_key.clear()

    def read(self):
        match self.pair:
            case [a, *_, b]:
                self.seen.append((a, b))

    def unpack(self):
        match self.pair:
            case [a, b]:
                self.seen.append((a, b))
            case _:
                self.seen.append(None)

    def read_keys(self):
        match self.by_key:
            case {"a": a, "b": b}:
                self.seen.append((a, b))

    def read_point(self):
        match self.point:
            case Point(x=a, y=b):
                self.seen.append((a, b))

    def guard(self):
        match self.point:
            case Point(x=0) if self.point.x:
                self.seen.append("changed")


def outcomes(read, write):
    seen = set()

    def check(it):
        seen.add(repr(it.seen))

    found = explore_code(Torn, [read, write], check=check, strategy="reduced", max_seconds=60)
    return found.verdict, sorted(seen), found


def test_elements_that_are_read_one_by_one_are_torn():
    verdict, seen, _ = outcomes(Torn.read, Torn.write)
    assert (verdict, seen) == ("holds", ["[(0, 0)]", "[(0, 1)]", "[(1, 0)]", "[(1, 1)]"])


def test_what_one_instruction_reads_is_one_step():
    assert outcomes(Torn.read_keys, Torn.write_keys)[:2] == ("holds", ["[(0, 0)]", "[(1, 0)]", "[(1, 1)]"])
    assert outcomes(Torn.read_point, Torn.write_point)[:2] == ("holds", ["[(0, 0)]", "[(1, 0)]", "[(1, 1)]"])


def test_a_sequence_may_grow_between_its_length_and_its_elements():
    verdict, _, found = outcomes(Torn.unpack, Torn.grow)
    assert verdict == "fails"
    assert "too many values to unpack (expected 2)" in found.text()


def test_a_mapping_may_lose_its_keys_after_its_length():
    assert outcomes(Torn.read_keys, Torn.shrink)[:2] == ("holds", ["[(0, 0)]", "[]"])


def test_what_has_matched_may_have_changed_when_the_guard_is_asked():
    assert outcomes(Torn.guard, Torn.write_point)[1] == ["['changed']", "[]"]


class Locked(Torn):
    def __init__(self):
        super().__init__()
        self.lock = threading.Lock()

    def read(self):
        with self.lock:
            super().read()

    def write(self):
        with self.lock:
            super().write()


def test_under_a_lock_nothing_is_torn():
    found = explore_code(Locked, [Locked.read, Locked.write], check=lambda it: it.seen[0][0] == it.seen[0][1])
    assert found.holds


def test_a_failure_names_what_the_pattern_looks_at():
    found = explore_code(Torn, [Torn.read, Torn.write], check=lambda it: it.seen[0][0] == it.seen[0][1])
    assert re.search(r"reads self\.pair\[0\]: 0", found.text())


left = 0


def captures_shared():
    global left
    match [left + 1]:
        case [left]:
            pass


def test_a_global_that_a_pattern_binds_is_shared():
    seen = set()

    def read(it):
        it["seen"] = left

    explore_code(dict, [lambda _: captures_shared(), read], check=lambda it: seen.add(it["seen"]), strategy="reduced")
    assert seen == {0, 1}


def closure():
    total = 0

    def add(_):
        nonlocal total
        match total + 1:
            case total:
                pass

    return add, lambda: total


def test_names_that_others_see_are_bound_in_a_step():
    add, total = closure()
    seen = set()
    explore_code(dict, [add, add], check=lambda _: seen.add(total()), strategy="reduced")
    assert seen == {1, 2}


class Kept:
    pass


def test_nothing_is_kept_alive_by_what_was_only_looked_at():
    def run(it):
        made = [Kept()]
        watcher = weakref.ref(made[0])
        match made:
            case [int(), *_]:
                pass
            case [one] if one is None:
                pass
            case _:
                one = None
                made.clear()
                it["gone"] = watcher() is None

    assert explore_code(dict, [run], check=lambda it: it["gone"]).holds
