"""What is said of each state when a scenario is played, and which passing execution is nearest: held against all executions."""

import pytest
from explore.found import program

from scenario.engines.explore import explore
from scenario.engines.explore.again import film, game, nearest_passing
from scenario.engines.explore.evidence.fates import ending
from scenario.engines.explore.evidence.outcomes import outcome
from scenario.engines.explore.model.budget import Budget
from scenario.engines.explore.step.numbering import layout
from scenario.engines.explore.step.stepper import Stepper
from scenario.judge import judge
from scenario.results.schedule import Move, Schedule
from scenario.settings import ExploreOptions

LOST = """
vars: {counter: 0}
threads:
  A: {count: 2, steps: [counter += 1]}
expect: [counter == 2]
"""
ABBA = """
primitives: {a: Lock, b: Lock}
threads:
  one: {steps: [{with: a, do: [{with: b, do: [pass]}]}]}
  two: {steps: [{with: b, do: [{with: a, do: [pass]}]}]}
"""
ASSERTS = """
vars: {x: 0, seen: 0}
threads:
  A: {steps: [x = 1, {choose: seen, from: "[1, 2]"}]}
  B: {steps: [{assert: x == 1}]}
expect: {sometimes: [seen == 1]}
"""
ALLOWED = """
primitives: {e: Event, q: Queue}
threads:
  A: {steps: [{wait: e}, {put: q, item: 1}]}
  B: {steps: [{get: q}]}
  C: {steps: [{set: e}, {clear: e}]}
expect: {deadlock: possible}
"""
CHOSEN = """
vars: {x: 0}
threads:
  A: {steps: [{choose: y, from: "[0, 1]"}, x += y]}
  B: {steps: [x += 1]}
expect: [x != 1]
"""
ENDLESS = """
vars: {go: false}
threads:
  A: {steps: [{while: not go, do: [pass]}]}
  B: {steps: [{choose: y, from: "[0, 1]"}, {if: y == 1, then: [go = True]}]}
"""
SPINS = """
vars: {x: 0}
threads:
  A: {steps: [x = 1, x = 2, {choose: y, from: "[0, 1]"}, {if: y == 1, then: [{while: true, do: [pass]}]}]}
  B: {steps: [{choose: z, from: "[0, 1]"}, {if: z == 0, then: [x = 3, x = 4]}]}
expect: {livelock: possible}
"""
TEXTS = [LOST, ABBA, ASSERTS, ALLOWED, CHOSEN, SPINS]


def played(of):
    return game(of, judge=judge, max_states=20_000, max_seconds=60)


def executions(of):
    """Each with its steps from the number of its first state on, the states, and whether it is fine, by the naive stepper."""
    stepper = Stepper(layout(of), Budget())
    found = []

    def go(start, steps, states):
        ways = stepper.successors(states[-1])
        for way in ways:
            go(start, [*steps, (way.thread, way.alternative)], [*states, way.state])
        if not ways:
            end, stuck = ending(stepper, states[-1])
            judged = judge(of, outcome(stepper, states[-1], end=end, stuck=stuck))
            found.append((start, steps, states, judged.end is None and not judged.failures))

    for number, (_, state) in enumerate(stepper.initial()):
        go(number, [], [state])
    return stepper, found


def along(made, of, start, steps):
    """The states of the game on the way of these steps."""
    numbers = {thread.ref: thread.number for thread in layout(of).threads}
    spots = [made.spots[made.starts[start]]]
    for thread, alternative in steps:
        ways = {(numbers[one.move.thread], one.move.alternative): one.to for one in spots[-1].choices}
        spots.append(made.spots[ways[thread, alternative]])
    return spots


@pytest.mark.parametrize("text", TEXTS)
def test_what_can_come_of_a_state_is_what_comes_of_the_executions_through_it(text):
    of = program(text)
    made = played(of)
    stepper, all_of_them = executions(of)
    saved, wrong = {}, {}
    for _, _, states, fine in all_of_them:
        failed = next((n for n, state in enumerate(states) if stepper.shared[state[0]].failed), len(states) - 1)
        for number, state in enumerate(states):
            saved[state] = saved.get(state, False) or fine
            distance = None if fine else max(failed - number, 0)
            wrong[state] = min((one for one in (wrong.get(state), distance) if one is not None), default=None)
    for start, steps, states, _ in all_of_them:
        for state, spot in zip(states, along(made, of, start, steps), strict=True):
            assert (spot.saved, spot.wrong) == (saved[state], wrong[state])


@pytest.mark.parametrize("text", TEXTS)
def test_all_states_and_steps_are_there(text):
    of = program(text)
    made = played(of)
    _, all_of_them = executions(of)
    assert made.whole
    assert len(made.spots) == len({state for _, _, states, _ in all_of_them for state in states})


def common(one, other):
    return next((n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))


@pytest.mark.parametrize("text", TEXTS)
def test_no_execution_that_passes_has_more_steps_in_common_or_is_shorter(text):
    of = program(text)
    _, all_of_them = executions(of)
    refs = [thread.ref for thread in layout(of).threads]
    several = len({start for start, *_ in all_of_them}) > 1
    fine = [(start, steps) for start, steps, _, passes in all_of_them if passes]
    for start, failing, _, passes in all_of_them:
        if passes:
            continue
        moves = tuple(Move(refs[thread], alternative) for thread, alternative in failing)
        schedule = Schedule(of.digest, moves, start=start if several else None)
        found = nearest_passing(of, schedule, judge=judge, max_seconds=60)
        same = [(common(failing, steps), -len(steps)) for other, steps in fine if other == start]
        if not same:
            assert found is None
        else:
            assert (found.same, -len(found.schedule.moves)) == max(same)


def test_what_can_go_round_for_ever_is_said_to():
    of = program(ENDLESS)
    made = played(of)
    lost = [spot for spot in made.spots if spot.endless]
    assert lost
    assert all((spot.wrong, spot.saved) == (0, False) for spot in lost)
    assert any(spot.saved for spot in made.spots)


def test_of_a_part_nothing_is_said_that_is_not_known():
    of = program(LOST)
    part = game(of, judge=judge, max_states=3, max_seconds=60)
    assert not part.whole
    assert {(spot.wrong, spot.saved) for spot in part.spots} == {(None, None)}
    assert any(one.to is None for spot in part.spots for one in spot.choices)


def test_who_holds_what_is_not_said_where_it_depends_on_the_way():
    text = """
primitives: {s: {Semaphore: 1}}
threads:
  A: {count: 2, steps: [{acquire: s, blocking: false}]}
"""
    spots = played(program(text)).spots
    over = [spot for spot in spots if not spot.choices]
    assert {tuple(spot.frame.holds) for spot in over} == {()}


def test_a_game_holds_what_a_film_of_the_same_way_holds():
    of = program(ABBA)
    (finding,) = explore(of, ExploreOptions(), judge=judge).findings
    frames = film(of, finding.schedule, 60).frames
    numbers = {thread.ref: thread.number for thread in layout(of).threads}
    steps = [(numbers[move.thread], move.alternative) for move in finding.schedule.moves]
    assert [spot.frame for spot in along(played(of), of, 0, steps)] == list(frames)
