"""What becomes of each thread from a state on: who can never move again, and who goes on for ever."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from scenario.engines.explore.stepper import State, Stepper
from scenario.run.outcome import GoesOn
from scenario.run.schedule import Move

MOST_STATES = 50_000
"""States that are looked at to say that a thread can never move again."""


def forever_stuck(stepper: Stepper, end: State) -> tuple[int, ...]:
    """Who can not move in any state that can still be reached; nobody where that can not be said."""
    candidates = {t.number for t in stepper.unfinished(end) if not stepper.can_move(end, t)}
    for looked_at, state in enumerate(_reached(stepper, end)):
        candidates -= {n for n in candidates if stepper.can_move(state, stepper.layout.threads[n])}
        if not candidates or looked_at > MOST_STATES or stepper.budget.is_late():
            return ()
    return tuple(sorted(candidates))


def going(stepper: Stepper, end: State) -> tuple[int, ...]:
    """Who can still move from a state in which others are stuck, and who goes round a loop without a step."""
    threads = stepper.layout.threads
    found = {t.number for t in threads if stepper.is_spinning(end, t.number)}
    for looked_at, state in enumerate(_reached(stepper, end)):
        found |= {t.number for t in threads if stepper.can_move(state, t)}
        if looked_at > MOST_STATES or stepper.budget.is_late():
            break
    return tuple(sorted(found))


def goes_on(stepper: Stepper, states: Sequence[State], moves: Sequence[Move], number: int) -> GoesOn:
    """The lines of its last round: since it stood where it stands now."""
    ref = stepper.layout.threads[number].ref
    here = stepper.location(states[-1], number)
    mine = [i for i, move in enumerate(moves) if move.thread == ref]
    begins = next((i for i in reversed(mine) if stepper.location(states[i], number) == here), len(moves))
    spans = [moves[i].span for i in mine if i >= begins]
    stands = stepper.world(states[-1], stepper.layout.threads[number]).instruction.span
    in_order = sorted(spans or [stands], key=lambda span: (span.line, span.column))
    return GoesOn(ref, in_order[0], in_order[-1])


def _reached(stepper: Stepper, start: State) -> Iterator[State]:
    """Each state that can be reached, itself first."""
    seen, waiting = {start}, [start]
    for state in waiting:
        yield state
        for successor in stepper.successors(state):
            if successor.state not in seen:
                seen.add(successor.state)
                waiting.append(successor.state)
