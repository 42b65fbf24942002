"""Schedules as tokens."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scenario.results.schedule import Move, Schedule
from scenario.results.token import BadToken, decode, encode

THREADS = st.sampled_from(["A", "worker[0]", "worker[12]", "main", "Worker-1", "pool-worker[0]"])
MOVES = st.lists(st.builds(Move, THREADS, st.integers(0, 9)), max_size=30).map(tuple)


@given(MOVES, st.none() | st.integers(0, 30), st.none() | st.integers(0, 9))
def test_decoding_gives_back_what_was_encoded(moves, cycle, start):
    schedule = Schedule("00ff", moves, cycle, start)
    assert decode(encode(schedule)) == schedule


@pytest.mark.parametrize(
    "token",
    ["", "x", "9:d:A", "1:d", "1:d:A*", "1:d:A@x", "1:d:A*99999999999", "1:d:^", "1:d:^x,A", "1:d:^1^2", "1:d::::"],
)
def test_nonsense_is_refused(token):
    with pytest.raises(BadToken):
        decode(token)


@given(st.text(max_size=40))
def test_any_text_is_a_schedule_or_refused(text):
    with contextlib.suppress(BadToken):
        decode(text)
