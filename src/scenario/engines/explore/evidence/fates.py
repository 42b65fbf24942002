"""What becomes of each thread from a state on: who can never move again, and who goes on for ever."""

from __future__ import annotations

from collections.abc import Container, Iterator, Sequence
from itertools import islice
from typing import Literal, NamedTuple

from scenario.engines.explore.evidence.waits import in_file_order
from scenario.engines.explore.step.stepper import Stepper
from scenario.engines.explore.step.transitions import State
from scenario.results.outcome import GoesOn
from scenario.results.schedule import Move

MOST_STATES = 50_000
"""States that are looked at to say that a thread can never move again."""


def ending(stepper: Stepper, state: State) -> tuple[Literal["finished", "deadlock", "livelock"], tuple[int, ...]]:
    """How an execution has ended that nothing leaves, and the threads that are stuck, or go round, there."""
    if stepper.is_over(state):
        return "finished", ()
    left = tuple(thread.number for thread in stepper.unfinished(state))
    stuck = tuple(number for number in left if not stepper.is_spinning(state, number))
    return ("deadlock", stuck) if stuck else ("livelock", left)


def forever_stuck(stepper: Stepper, end: State) -> tuple[int, ...]:
    """Who can not move in any state that can still be reached; nobody where that can not be said."""
    candidates = {t.number for t in stepper.waiting(end)}
    for looked_at, movers in enumerate(_movers(stepper, end)):
        candidates -= movers
        if not candidates or looked_at > MOST_STATES:
            return ()
    return tuple(sorted(candidates))


def spinning(stepper: Stepper, end: State) -> tuple[int, ...]:
    """Who goes round a loop without a step, and is waited for at the end."""
    return tuple(t.number for t in stepper.layout.threads if not t.daemon and stepper.is_spinning(end, t.number))


class Beside(NamedTuple):
    """Who is there beside those who are stuck: who can still move, or goes round a loop without a step; daemons that never can."""

    going: tuple[int, ...] = ()
    daemons: tuple[int, ...] = ()


def beside(stepper: Stepper, end: State) -> Beside:
    """From a state in which others are stuck. Of daemons nothing is said where there is too much to look at."""
    found = {t.number for t in stepper.layout.threads if stepper.is_spinning(end, t.number)}
    all_movers = _movers(stepper, end)
    for movers in islice(all_movers, MOST_STATES):
        found |= movers
    daemons = (
        () if next(all_movers, None) is not None else (t.number for t in stepper.daemons(end) if t.number not in found)
    )
    return Beside(tuple(sorted(found)), tuple(daemons))


def goes_on(stepper: Stepper, states: Sequence[State], moves: Sequence[Move], number: int) -> GoesOn:
    """The lines of its last round: since it stood where it stands now."""
    ref = stepper.layout.threads[number].ref
    here = stepper.location(states[-1], number)
    mine = [i for i, move in enumerate(moves) if move.thread == ref]
    begins = next((i for i in reversed(mine) if stepper.location(states[i], number) == here), len(moves))
    spans = [moves[i].span for i in mine if i >= begins]
    stands = stepper.context(states[-1], stepper.layout.threads[number]).instruction.span
    in_order = sorted(spans or [stands], key=lambda span: (span.line, span.column))
    return GoesOn(ref, in_order[0], in_order[-1])


def overtaken(stepper: Stepper, round_: Sequence[State], movers: Container[int]) -> list[tuple[int, int]] | None:
    """Who can move in some states of a round and does not, each with the number of the first state where it can not.

    None where one can in all of them: whoever is fair to it, be it weakly, does not go round like this.
    """
    able = [{s.thread for s in stepper.successors(state) if s.kind != "spurious"} for state in round_]
    found = []
    for n in in_file_order(stepper, (t.number for t in stepper.layout.threads if t.number not in movers)):
        rests = [i for i, there in enumerate(able) if n not in there]
        if not rests:
            return None
        if len(rests) < len(able):
            found.append((n, rests[0]))
    return found


def _movers(stepper: Stepper, start: State) -> Iterator[set[int]]:
    """For each state that can be reached (itself first) the threads that move there; a spurious wake-up is no move."""
    seen, waiting = {start}, [start]
    for state in waiting:
        moves = [s for s in stepper.successors(state) if s.kind != "spurious"]
        yield {s.thread for s in moves}
        for successor in moves:
            if successor.state not in seen:
                seen.add(successor.state)
                waiting.append(successor.state)
