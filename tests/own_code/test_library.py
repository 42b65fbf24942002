"""Modules whose verdict is known: each right and wrong."""

import pytest
from own_code.library import counting, structures, waiting

from scenario import explore_code

CASES = {**counting.CASES, **waiting.CASES, **structures.CASES}


@pytest.mark.parametrize("name", CASES)
def test_the_verdict_is_known(name):
    setup, threads, check, expected = CASES[name]
    found = explore_code(setup, threads, check=check, max_seconds=60, modules=[counting, waiting, structures])
    if expected == "holds":
        assert found.holds
    else:
        assert found.verdict == "fails"
        assert expected in ("any", found.failure.kind)
