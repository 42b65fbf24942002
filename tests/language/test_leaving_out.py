"""Whoever leaves out one of the places that a primitive or a verb touches is told, by mypy or by a test, which one.

Many are left out at once, of different operations, so that each is missed where it is; `leaving_out.py` takes them one by
one, and those whose want shows in a run or a replay alone.
"""

import pytest
from language.leaving_out import ALL, PRIMITIVE, is_told, told
from language.test_places import listed


@pytest.mark.parametrize("by", ["mypy", "catalogue", "steps", "runtimes"])
def test_each_place_is_named(by):
    places = [place for place in ALL if place.by == by and not place.alone]
    said = told(places, by)
    assert [f"{place.file}: {place.what}" for place in places if not is_told(place, said)] == [], said


@pytest.mark.parametrize("place", [place for place in ALL if place.alone], ids=lambda place: place.what)
def test_what_nothing_works_without_is_named(place):
    assert is_told(place, told([place], place.by))


@pytest.mark.parametrize(
    ("heading", "places"),
    [("Places that a new primitive touches", PRIMITIVE), ("Places that a new verb touches", ALL)],
)
def test_each_place_of_the_guide_is_left_out_here(heading, places):
    assert listed(heading) <= {place.file for place in places}
