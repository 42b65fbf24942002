"""Records beside the dataclasses that they stand for."""

from __future__ import annotations

import copy
import dataclasses
import pickle
from dataclasses import field
from typing import ClassVar

import pytest

from scenario.record import compared, mutable, record


@record
class Placed:
    place: int = field(default=0, compare=False, repr=False, kw_only=True)


@record
class Pair(Placed):
    kind: ClassVar[str] = "pair"
    left: object
    right: list[int] = field(default_factory=list)


@record
class Empty(Placed):
    pass


@mutable
class Counter:
    value: int = 0
    seen: list[int] = field(init=False)

    def __post_init__(self) -> None:
        self.seen = [self.value]


@dataclasses.dataclass(frozen=True)
class PlacedTwin:
    place: int = field(default=0, compare=False, repr=False, kw_only=True)


@dataclasses.dataclass(frozen=True)
class PairTwin(PlacedTwin):
    kind: ClassVar[str] = "pair"
    left: object
    right: list[int] = field(default_factory=list)


def test_a_record_is_made_and_shown_as_its_dataclass_is() -> None:
    for args, values in [((1,), {}), ((1, [2]), {}), ((), {"left": 1, "place": 3}), (("a",), {"right": [1]})]:
        assert repr(Pair(*args, **values)) == repr(PairTwin(*args, **values)).replace("Twin", "")
    assert (Pair.__match_args__, [f.name for f in dataclasses.fields(Pair)]) == (
        PairTwin.__match_args__,
        [f.name for f in dataclasses.fields(PairTwin)],
    )


@pytest.mark.parametrize("args", [(), (1, 2, 3)])
def test_a_call_that_the_dataclass_refuses_is_refused_alike(args: tuple[int, ...]) -> None:
    with pytest.raises(TypeError) as twin:
        PairTwin(*args)
    with pytest.raises(TypeError) as ours:
        Pair(*args)
    assert str(ours.value) == str(twin.value).replace("PairTwin.", "Pair.")


def test_equal_by_the_compared_fields_and_the_class() -> None:
    assert compared(Pair) == ("left", "right")
    assert Pair(1, place=3) == Pair(1, place=4)
    assert Pair(1) != Pair(2)
    assert Empty() == Empty(place=2)
    assert Empty() != Placed()
    assert hash(Pair(1, ())) == hash(Pair(1, (), place=7))  # type: ignore[arg-type]
    assert len({Empty(), Empty(), Placed()}) == 2


def test_a_pattern_takes_the_fields_by_their_places() -> None:
    match Pair(1, [2], place=3):
        case Pair(left, [right]):
            assert (left, right) == (1, 2)
    assert Empty.__match_args__ == ()


def test_a_replaced_record_has_the_other_fields_as_they_were() -> None:
    assert repr(dataclasses.replace(Pair(1, [2], place=3), left=4)) == repr(Pair(4, [2], place=3))
    fields, twins = dataclasses.fields(Pair), dataclasses.fields(PairTwin)
    assert [(f.name, f.type, f.compare, f.repr, f.kw_only) for f in fields] == [
        (f.name, f.type, f.compare, f.repr, f.kw_only) for f in twins
    ]


def test_defaults_from_a_factory_are_fresh() -> None:
    assert Pair(1).right is not Pair(1).right


def test_a_record_does_not_change_and_a_mutable_one_does() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        Pair(1).left = 2  # type: ignore[misc]
    with pytest.raises(dataclasses.FrozenInstanceError):
        del Pair(1).left
    counter = Counter(3)
    counter.value = 4
    assert (counter, counter.seen) != (Counter(3), [])
    with pytest.raises(TypeError):
        hash(counter)


def test_no_other_attribute_can_be_given() -> None:
    with pytest.raises(AttributeError):
        Counter().other = 1  # type: ignore[attr-defined]


def test_copies_and_pickles_are_equal() -> None:
    pair = Pair(Counter(1), [2], place=5)
    for twin in [copy.copy(pair), copy.deepcopy(pair), pickle.loads(pickle.dumps(pair))]:
        assert (twin, twin.place) == (pair, 5)
    assert dataclasses.replace(pair, left=3) == Pair(3, [2])
