"""The execution that is fine and differs as late as it can from one that fails: what would have had to come otherwise.

From the last state of the failing schedule backwards, states are looked at nearest first, each once, since what can not be
saved from a later state can not be saved by way of it from an earlier one either. Of the shortest ways from where they part
one with the fewest switches is taken.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

from scenario.engines.explore.evidence.fates import ending
from scenario.engines.explore.evidence.outcomes import outcome
from scenario.engines.explore.evidence.retrace import paths, stepper_of
from scenario.engines.explore.evidence.trace import Followed, follow
from scenario.engines.explore.model.values import Unexplored
from scenario.engines.explore.step.stepper import Stepper
from scenario.engines.explore.step.transitions import Choice, State
from scenario.program.program import Program
from scenario.results.frames import Passing
from scenario.results.outcome import Judged, Outcome
from scenario.results.schedule import Schedule

MOST = 20_000
"""States that are looked at."""

Place = tuple[State, int]
"""A state, and the thread that moved last."""


def nearest_passing(
    program: Program, schedule: Schedule, *, judge: Callable[[Program, Outcome], Judged], max_seconds: float
) -> Passing | None:
    """None where no execution is fine, or none is found among so many states and in that time."""
    try:
        stepper = stepper_of(program, max_seconds)
        followed = next(paths(stepper, schedule), None)
        return None if followed is None else _nearest(stepper, followed, partial(judge, program))
    except Unexplored:
        return None


def _nearest(stepper: Stepper, failing: Followed, judge: Callable[[Outcome], Judged]) -> Passing | None:
    numbers = {thread.ref: thread.number for thread in stepper.layout.threads}
    choices = [(numbers[move.thread], move.alternative) for move in failing.schedule.moves]
    lost: set[State] = set()
    for same in range(len(choices), -1, -1):
        last = choices[same - 1][0] if same else -1
        way = _saved(stepper, (failing.states[same], last), lost, judge)
        if way is not None:
            return _passing(stepper, failing, [*choices[:same], *way])
        if len(lost) > MOST:
            return None
    return None


def _passing(stepper: Stepper, failing: Followed, choices: list[Choice]) -> Passing:
    passing = follow(stepper, failing.states[0], choices)
    pairs = zip(failing.schedule.moves, passing.schedule.moves, strict=False)
    differs = (
        n for n, (one, other) in enumerate(pairs) if (one.thread, one.alternative) != (other.thread, other.alternative)
    )
    return Passing(passing.schedule, next(differs, len(failing.schedule.moves)))


def _saved(stepper: Stepper, start: Place, lost: set[State], judge: Callable[[Outcome], Judged]) -> list[Choice] | None:
    """The way to the nearest end that is fine; what was looked at in vain is `lost`."""
    fronts: list[_Front] = [{start: (0, None, 0)}]
    lost.add(start[0])
    while fronts[-1] and len(lost) <= MOST:
        fine = [place for place in fronts[-1] if is_fine(stepper, place[0], judge)]
        if fine:
            return _way(fronts, min(fine, key=lambda place: fronts[-1][place][0]))
        fronts.append(_next(stepper, fronts[-1], lost))
        lost.update(state for state, _ in fronts[-1])
    return None


_Front = dict[Place, "tuple[int, Place | None, int]"]
"""To how many switches, from where and by which alternative each place was reached first with the fewest."""


def _next(stepper: Stepper, front: _Front, lost: set[State]) -> _Front:
    found: _Front = {}
    for place, (cost, _, _) in front.items():
        for step in stepper.successors(place[0]):
            after = step.state, step.thread
            switches = cost + (step.thread != place[1])
            if (
                step.state not in lost
                and step.kind != "spurious"
                and (after not in found or found[after][0] > switches)
            ):
                found[after] = switches, place, step.alternative
    return found


def _way(fronts: list[_Front], place: Place) -> list[Choice]:
    return list(_backwards(fronts, place))[::-1]


def _backwards(fronts: list[_Front], place: Place) -> Iterator[Choice]:
    for front in reversed(fronts[1:]):
        _, before, alternative = front[place]
        assert before is not None  # only the first front has none
        yield place[1], alternative
        place = before


def is_fine(stepper: Stepper, state: State, judge: Callable[[Outcome], Judged]) -> bool:
    """Whether an execution is over here and nothing has gone wrong, allowed or not."""
    stepper.budget.look()
    if not stepper.is_over(state):
        return False
    end, stuck = ending(stepper, state)
    judged = judge(outcome(stepper, state, end=end, stuck=stuck))
    return judged.end is None and not judged.bad
