"""A shared set in a real run: what takes all of it is one read, a loop reads one item after the other, as it is explored.

Another thread may come in wherever Python code runs, so also while the items are put in order: here an item's own text does
what that thread would do.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from scenario.program.bounded.namespace import NAMESPACE
from scenario.program.bounded.sets import Set, one_by_one


class _Meddler:
    """Changes the set when it is shown, which is how sets of several types are put in order."""

    def __init__(self, items: Set, change: Callable[[Set], object]) -> None:
        self._items, self._change = items, change

    def __repr__(self) -> str:
        self._change(self._items)
        return "meddler"


def meddled(change: Callable[[Set], object]) -> Set:
    items = Set({1, "a"})
    items.add(_Meddler(items, change))
    return items


CHANGES = {"grows": lambda items: items.add(object), "shrinks": lambda items: items.discard(1)}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
@pytest.mark.parametrize("name", ["_list", "_tuple", "_str", "_enumerate", "_any", "_reversed", "_zip", "_set"])
def test_what_takes_all_of_a_set_reads_it_once(name: str, change: Callable[[Set], object]) -> None:
    took = NAMESPACE[name]
    assert callable(took)
    if name == "_reversed":
        with pytest.raises(TypeError):  # as of Python's own
            took(meddled(change))
    else:
        took(meddled(change))


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_a_loop_reads_its_first_item_before_another_thread_can_come(change: Callable[[Set], object]) -> None:
    items = meddled(change)
    loop = iter(one_by_one(items))
    next(loop)
    for _ in range(2):  # Python raises it again, too
        with pytest.raises(RuntimeError, match=r"^Set changed size during iteration$"):
            next(loop)


def test_an_empty_set_ends_with_its_first_read() -> None:
    items = Set()
    loop = iter(one_by_one(items))
    assert list(loop) == []
    items.add(1)
    assert [*one_by_one(items)] == [1]


def test_one_thread_takes_an_item_that_another_was_about_to_take() -> None:
    items = meddled(lambda items: items.discard(1))
    assert items.pop() != 1
    assert 1 not in items
