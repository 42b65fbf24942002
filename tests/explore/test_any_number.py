"""Programs with any number of threads: what is decided of all numbers, and of each by counting, against a search of each as it stands.

`benchmarks/any_number.py` does the same for thousands of them.
"""

from __future__ import annotations

from random import Random

from drawn import examples
from explore.anonymous_programs import differences, text
from hypothesis import given, settings
from hypothesis import strategies as st


@settings(max_examples=examples(15))
@given(st.integers(0, 2**32))
def test_each_number_of_threads_has_the_verdict_that_was_decided(seed: int):
    of = text(Random(seed))
    _, *wrong = differences(of, 2)
    assert not wrong, of
