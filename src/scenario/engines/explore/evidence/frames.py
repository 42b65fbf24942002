"""States as people look at them: values, where each thread stands, who holds what, which claims hold."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from scenario.engines.explore.evidence.fates import ending, forever_stuck
from scenario.engines.explore.evidence.holders import Holding
from scenario.engines.explore.evidence.outcomes import outcome
from scenario.engines.explore.evidence.retrace import paths, stepper_of, to_the_ends
from scenario.engines.explore.evidence.waits import blocked
from scenario.engines.explore.model.parts import CANCELLED, ENDED, LIVING
from scenario.engines.explore.model.values import Unexplored
from scenario.engines.explore.model.views import plain
from scenario.engines.explore.step.beginnings import named_locals
from scenario.engines.explore.step.claims import claim_function, holds
from scenario.engines.explore.step.layout import Thread
from scenario.engines.explore.step.primitives.model import Held
from scenario.engines.explore.step.stepper import Stepper
from scenario.engines.explore.step.transitions import State
from scenario.program.program import Program
from scenario.results.frames import Film, Frame, Stands
from scenario.results.recorded import MOST
from scenario.results.schedule import Schedule
from scenario.source import Span


def film(program: Program, schedule: Schedule, max_seconds: float) -> Film:
    """Raises Unexplored when the time is up, LookupError where the schedule can not be followed, or has more steps than are shown."""
    stepper = stepper_of(program, max_seconds)
    followed = next(paths(stepper, schedule), None)
    if followed is not None and schedule.rest:
        followed = next(paths(stepper, to_the_ends(stepper, followed, MOST)), None)
    if followed is None:
        raise LookupError("the schedule can not be followed")
    camera, holding, before = Camera(stepper), Holding(stepper), followed.states[0]
    frames = [camera.frame(before, {})]
    for state, move in zip(followed.states[1:], followed.schedule.moves, strict=True):
        holding.step(before, state, move)
        frames.append(camera.frame(state, holding.held))
        before = state
    frames[-1] = camera.last(frames[-1], before, holding.held, goes_round=followed.schedule.cycle is not None)
    return Film(followed.schedule, tuple(frames))


class Camera:
    """Takes pictures of the states of one program."""

    def __init__(self, stepper: Stepper) -> None:
        self._stepper = stepper
        self._places: dict[tuple[int, int], tuple[Span | None, dict[str, object]]] = {}
        claims = stepper.layout.program.claims
        self._claims = [(claim, claim_function(claim.expr)) for claim in (*claims.always, *claims.reachable)]

    def frame(self, state: State, held: Held, stuck: Sequence[int] = ()) -> Frame:
        """`held`: who holds what there, as the way to it tells; `stuck`: who is known to be stuck beside others. Raises Unexplored."""
        stepper = self._stepper
        stepper.budget.look()
        is_over = stepper.is_over(state)
        stands = tuple(self._stands(state, thread, held, is_over=is_over) for thread in stepper.layout.threads)
        end, left = ("deadlock", stuck) if stuck else self._end(state, stands)
        return Frame(
            outcome(stepper, state, end=end, stuck=tuple(left)), stands, self._holds(held), self._truths(state)
        )

    def last(self, seen: Frame, state: State, held: Held, *, goes_round: bool) -> Frame:
        """What is `seen` in the end, with who is stuck beside others, and (`goes_round`) that it comes again and again."""
        if goes_round:
            return replace(seen, outcome=replace(seen.outcome, end="livelock"))
        if seen.outcome.end != "ended":
            return seen
        try:
            stuck = forever_stuck(self._stepper, state)
            return self.frame(state, held, stuck) if stuck else seen
        except Unexplored:  # no time is left to say so
            return seen

    def _end(self, state: State, stands: Sequence[Stands]) -> tuple[str, tuple[int, ...]]:
        """As `ending` says where nobody can move."""
        stepper = self._stepper
        if any(one.state == "can move" for one in stands):
            return "ended", ()
        later = stepper.on_time(state)
        if not stepper.is_over(state) and any(stepper.can_move(later, thread) for thread in stepper.layout.threads):
            return "ended", ()
        return ending(stepper, state)

    def _truths(self, state: State) -> tuple[bool, ...]:
        if not self._claims:
            return ()
        w = self._stepper.from_outside(state)
        return tuple(holds(claim, function, w) for claim, function in self._claims)

    def _holds(self, held: Held) -> dict[str, tuple[str, ...]]:
        found: dict[str, list[str]] = {}
        for number, holders in held.items():
            name = self._stepper.layout.name_of(number)
            for thread in dict.fromkeys(holder.thread for holder in holders):
                found.setdefault(thread, []).append(name)
        return {thread: tuple(names) for thread, names in found.items()}

    def _stands(self, state: State, thread: Thread, held: Held, *, is_over: bool) -> Stands:
        stepper = self._stepper
        status = stepper.shared[state[0]].status[thread.number]
        if status in (*ENDED, CANCELLED):
            return Stands(thread.ref, "over")
        if status not in LIVING:
            return Stands(thread.ref, "not started")
        span, known = self._place(state, thread)
        if not is_over and stepper.can_move(state, thread):
            return Stands(thread.ref, "can move", span, None, known)
        return Stands(thread.ref, "waits", span, blocked(stepper, state, thread.number, held).wait, known)

    def _place(self, state: State, thread: Thread) -> tuple[Span | None, dict[str, object]]:
        """At which step it is, and its locals."""
        key = state[1 + thread.number], thread.number
        if key not in self._places:
            w = self._stepper.context(state, thread, tracing=True)
            self._places[key] = w.instruction.span if w.frames else None, named_locals(w)
        span, known = self._places[key]
        return span, {name: plain(value, self._stepper.shared[state[0]]) for name, value in known.items()}
