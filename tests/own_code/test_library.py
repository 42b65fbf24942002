"""Modules whose verdict is known: each right and wrong."""

import sys

import pytest
from own_code.library import caching, counting, structures, waiting

from scenario import explore_code

CASES = {**caching.CASES, **counting.CASES, **waiting.CASES, **structures.CASES}


@pytest.mark.parametrize("name", CASES)
def test_the_verdict_is_known(name):
    setup, threads, check, expected = CASES[name]
    modules = [caching, counting, waiting, structures]
    found = explore_code(setup, threads, check=check, max_seconds=60, modules=modules)
    if expected == "holds":
        assert found.holds
    else:
        assert found.verdict == "fails"
        assert expected in ("any", found.failure.kind)
        again = explore_code(setup, threads, check=check, modules=modules, schedule=found.failure.schedule)
        assert (again.verdict, again.failure.kind, again.executions) == ("fails", found.failure.kind, 1)


def test_a_cached_property_is_made_twice_unless_python_locks_it():
    """Up to Python 3.11 it has a lock of its own."""
    found = explore_code(caching.Settings, [caching.Settings.wrong] * 2, check=lambda s: s.made == [1])
    assert found.verdict == ("holds" if sys.version_info < (3, 12) else "fails")
