"""What `lru_cache` keeps is one for threads, `setup` and `check`, as CPython has it."""

import functools
import threading

import pytest

from scenario import explore_code

LOCK = threading.Lock()


@functools.cache
def made(_):
    return object()


@functools.lru_cache(maxsize=1)
def newest(_):
    return object()


class Maker:
    def __init__(self):
        self.found = []

    @functools.lru_cache  # noqa: B019 - what is kept with the object is what is tried
    def made(self):
        return object()

    def take(self):
        with LOCK:
            self.found.append(self.made())

    def is_known(self):
        return self.made() is self.found[0] is self.found[1]


def take(found):
    found.append(made(1))


def take_safely(found):
    with LOCK:
        take(found)


def filled():
    made.cache_clear()
    return [made(1)]


@pytest.mark.parametrize(
    ("setup", "check"),
    [
        (list, lambda found: made(1) is found[0]),
        (list, lambda _: made.cache_info()[:2] == (1, 1)),
        (filled, lambda found: found[0] is found[1] is found[2] is made(1)),
    ],
)
def test_setup_and_check_use_what_the_threads_use(setup, check):
    assert explore_code(setup, [take_safely, take_safely], check=check).holds
    made.cache_clear()


def test_so_do_they_of_a_method():
    assert explore_code(Maker, [Maker.take, Maker.take], check=Maker.is_known).holds


@pytest.mark.parametrize(("function", "ends"), [(made, {(False, True), (True, True)}), (newest, {(False, True)})])
def test_of_two_that_compute_at_once_the_last_is_kept_without_a_limit_and_the_first_with_one(function, ends):
    def run(found):
        own = function(1)
        found.append((own, function(1) is own))

    seen = set()

    def look(found):
        (one, is_one), (other, is_other) = found
        if one is not other:
            seen.add(tuple(sorted((is_one, is_other))))

    assert explore_code(list, [run, run], check=look).holds
    assert seen == ends


def test_a_cache_that_is_cleared_meanwhile_makes_another():
    def twice(found):
        found.append(made(1) is made(1))

    found = explore_code(list, [twice, lambda _: made.cache_clear()], check=lambda found: found == [True])
    assert (found.verdict, found.failure.preemptions) == ("fails", 1)


def test_what_is_equal_and_of_another_type_is_another_key():
    def kinds(found):
        found.append(len({id(made(1)), id(made(1.0)), id(made(True))}))

    in_fact = []
    kinds(in_fact)
    assert explore_code(list, [kinds], check=lambda found: found == in_fact).holds


def test_code_that_is_not_looked_into_and_calls_one_too_leaves_it_undecided():
    def through(found):
        found.extend(map(made, [1]))

    found = explore_code(list, [through, take], check=lambda found: found[0] is found[1])
    assert (found.verdict, "calls a function with an lru_cache" in found.result.reason) == ("undecided", True)
