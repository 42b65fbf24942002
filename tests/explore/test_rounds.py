"""Rounds: the cycle of a livelock closes and is fair to the threads as named; beside a deadlock each comes round once."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from explore.found import program

from scenario.engines.explore import explore
from scenario.engines.explore.evidence.retrace import paths, stepper_of
from scenario.engines.explore.step.stepper import Stepper
from scenario.engines.explore.step.transitions import State
from scenario.judge import judge
from scenario.program.program import Program
from scenario.results.exploration import Finding
from scenario.settings import ExploreOptions

CASES = Path(__file__).parents[1] / "faults" / "cases"
LIVELOCKS = ["livelock-closes-by-symmetry", "livelock-shown-unfair", "livelock-row-values", "choose-and-go-round"]
DEADLOCKS = ["others-spin-on", "holder-goes-round", "going-round-in-turn", "shortest-first-beside-a-loop"]


def case(name: str) -> Program:
    text = (CASES / f"{name}.yaml").read_text()
    return program("".join(line for line in text.splitlines(keepends=True) if not line.startswith(("#", "scenario:"))))


def found(made: Program, kind: str, *, reduce: bool) -> Finding:
    exploration = explore(made, ExploreOptions(keep_going=True, reduce=reduce), judge=judge)
    return next(f for f in (*exploration.findings, *exploration.permitted) if f.failure.kind == kind)


def walked(made: Program, finding: Finding) -> tuple[Stepper, Sequence[State], list[int]]:
    """The states of the schedule, and who moves from each."""
    stepper = stepper_of(made)
    (followed,) = paths(stepper, finding.schedule)
    numbers = {thread.ref: thread.number for thread in stepper.layout.threads}
    return stepper, followed.states, [numbers[move.thread] for move in followed.schedule.moves]


@pytest.fixture(params=["the shortest", "one after the other"])
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where a round is too large to try all ways, one thread after the other is brought to move."""
    if request.param != "the shortest":
        monkeypatch.setattr("scenario.engines.explore.search.schedules.rounds.MOST", 0)


@pytest.mark.usefixtures("way")
@pytest.mark.parametrize("reduce", [True, False])
@pytest.mark.parametrize("name", LIVELOCKS)
def test_the_cycle_closes_and_moves_all_who_can_move_on_it(name: str, reduce: bool) -> None:
    made = case(name)
    finding = found(made, "livelock", reduce=reduce)
    begins = finding.schedule.cycle
    assert begins is not None
    stepper, states, movers = walked(made, finding)
    assert states[begins] == states[-1]
    able = {t.number for state in states[begins:] for t in stepper.layout.threads if stepper.can_move(state, t)}
    assert able <= set(movers[begins:])


@pytest.mark.usefixtures("way")
@pytest.mark.parametrize("reduce", [True, False])
@pytest.mark.parametrize("name", DEADLOCKS)
def test_who_goes_on_beside_a_deadlock_has_come_round_once(name: str, reduce: bool) -> None:
    made = case(name)
    finding = found(made, "deadlock", reduce=reduce)
    stepper, states, movers = walked(made, finding)
    numbers = {thread.ref: thread.number for thread in stepper.layout.threads}
    assert finding.going
    for one in finding.going:
        number = numbers[one.thread]
        here = stepper.location(states[-1], number)
        assert any(
            mover == number and stepper.location(state, number) == here
            for state, mover in zip(states, movers, strict=False)
        )
