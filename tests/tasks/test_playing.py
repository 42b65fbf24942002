"""Executions on asyncio to play with: what a reader may choose, what can still come of it, and the nearest one that passes."""

import pytest

from scenario.commands.loading.selected import load_all
from scenario.commands.pictures.following import found, game, nearest_passing
from scenario.commands.stepping import story
from scenario.files.options import Selection
from scenario.judge import exploration_verdict
from scenario.report.words.moves import in_words

LATE = """scenario: late
runtimes: [asyncio]
vars: {n: 0}
primitives: {e: Event}
threads:
  a:
    steps:
      - {wait: e, timeout: 0.1, into: had}
      - n = 1 if had else n + 2
  b:
    steps:
      - {choose: x, from: [1, 2]}
      - if: x == 2
        then: [{sleep: 0.1}]
      - set: e
expect: [n == 1]
"""
ONE = """scenario: one
runtimes: [asyncio]
vars: {n: 0}
threads:
  a: {count: 2, steps: [n += 1]}
expect: [n == 2]
"""


@pytest.fixture
def program(tmp_path):
    def of(text):
        (tmp_path / "given.yaml").write_text(text)
        (loaded,) = load_all(Selection((str(tmp_path / "given.yaml"),)))
        return loaded.programs[0]

    return of


def failing(program):
    (evidence,) = exploration_verdict(program, found(program, 20)).evidence
    return evidence.schedule


def offered(played, spot):
    return [f"{one.move.thread}: {in_words(one.move)}" for one in played.spots[spot].choices]


def test_a_reader_chooses_values_and_whose_time_is_over(program):
    played = game(program(LATE), 1000, 20)
    assert (played.whole, played.starts) == (True, (0,))
    assert offered(played, 2) == ["b: if: x == 2, where 1 was chosen", "b: if: x == 2, where 2 was chosen"]
    slept = next(n for n, spot in enumerate(played.spots) if {one.move.thread for one in spot.choices} == {"a", "b"})
    assert "a: n = 1 if had else n + 2, n = 2, after the time of a was over" in offered(played, slept)
    assert "b: set: e, after the time of b was over" in offered(played, slept)


def test_each_place_knows_what_can_still_come_of_it(program):
    played = game(program(LATE), 1000, 20)
    first, chosen = played.spots[0], played.spots[2].choices
    assert (first.wrong, first.saved) == (8, True)
    assert [(played.spots[one.to].wrong, played.spots[one.to].saved) for one in chosen] == [(None, True), (5, True)]
    ends = [spot for spot in played.spots if not spot.choices]
    assert {(spot.wrong, spot.saved) for spot in ends} == {(0, False), (None, True)}
    assert all(spot.end is not None for spot in ends)


def test_without_anything_that_is_open_there_is_one_way(program):
    played = game(program(ONE), 1000, 20)
    assert played.whole
    assert [len(spot.choices) for spot in played.spots] == [1, 1, 1, 1, 0]


def test_a_part_of_the_tree_says_that_it_is_one(program):
    played = game(program(LATE), 5, 20)
    assert (played.whole, len(played.spots)) == (False, 5)
    assert {spot.saved for spot in played.spots} <= {True, None}


def test_the_nearest_execution_that_passes_parts_as_late_as_can_be(program):
    late = program(LATE)
    schedule = failing(late)
    near = nearest_passing(late, schedule, 20)
    assert (near.same, [move.thread for move in near.schedule.moves]) == (4, ["a", "b", "b", "b", "b", "b", "a", "a"])
    assert near.schedule.moves[:4] != schedule.moves[:4]  # these say what was decided
    assert [(one.thread, one.alternative) for one in near.schedule.moves[:4]] == [
        (one.thread, one.alternative) for one in schedule.moves[:4]
    ]


def test_where_everything_fails_nothing_passes(program):
    wrong = program(ONE.replace("n == 2", "n == 3"))
    assert nearest_passing(wrong, failing(wrong), 20) is None


def test_what_goes_on_for_ever_is_cut(program):
    played = game(program(ONE.replace("n += 1", "{while: true, do: [{sleep: 0}]}")), 3000, 20)
    assert not played.whole
    assert all(spot.saved is None for spot in played.spots)


def test_it_is_played_in_the_terminal_too(program):
    assert story(program(LATE)).game is not None
