"""`-k`."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scenario.files.keyword import BadKeyword, keyword

NAMES = ("scenarios/lock.yaml", "lock-counter", "tutorial", "Lock")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("lock", True),
        ("LOCK", True),
        ("event", False),
        ("not event", True),
        ("lock and tutorial", True),
        ("lock and event", False),
        ("event or lock", True),
        ("event and lock or tutorial", True),
        ("event and (lock or tutorial)", False),
        ("not (event or lock)", False),
        ("not not lock", True),
        ("lock-counter", True),
        ("scenarios/", True),
        ("notation", False),
        ("(lock)and(tutorial)", True),
    ],
)
def test_words_are_looked_for_in_file_name_and_tags(text, expected):
    assert keyword(text)(NAMES) is expected


@pytest.mark.parametrize(
    "text", ["and", "lock and", "not", "(lock", "lock)", "()", "lock event", "or lock", "(" * 5000]
)
def test_what_is_no_expression_is_refused(text):
    with pytest.raises(BadKeyword):
        keyword(text)


@given(st.lists(st.sampled_from(["and", "or", "not", "(", ")", "lock", "event"]), max_size=9).map(" ".join))
def test_it_means_what_python_means(text):
    try:
        matches = keyword(text)
    except BadKeyword:
        return
    assert matches(NAMES) is bool(eval(text, {"lock": True, "event": False}))
