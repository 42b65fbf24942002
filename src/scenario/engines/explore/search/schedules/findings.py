"""A failure that the search has found, with the schedule that shows it and who is stuck in the end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from scenario.engines.explore.evidence.fates import Beside, beside, goes_on, overtaken, spinning
from scenario.engines.explore.evidence.holders import held_after
from scenario.engines.explore.evidence.outcomes import outcome
from scenario.engines.explore.evidence.trace import Followed, follow
from scenario.engines.explore.evidence.waits import blocked, in_file_order
from scenario.engines.explore.model.values import Raised, Unexplored
from scenario.engines.explore.search.failures import Found, Place
from scenario.engines.explore.search.schedules.as_one import where_main_stays
from scenario.engines.explore.search.schedules.rounds import Rounds
from scenario.engines.explore.search.schedules.shorten import least_preemptions
from scenario.engines.explore.search.search import Judge, Search
from scenario.engines.explore.step.claims import answer, claim_function
from scenario.engines.explore.step.stepper import Stepper
from scenario.engines.explore.step.transitions import Choice, State, Successor, along
from scenario.results.exploration import Finding
from scenario.results.failures import AlwaysFalse, Deadlock, Error, Failure
from scenario.results.outcome import Outcome
from scenario.results.waiting import Blocked


def finding(search: Search, judge: Judge, found: Found) -> Finding:
    """The shortest way to where it shows, with the fewest preemptions, and once round for those who go on for ever."""
    stepper, reduction, shown = search.stepper, search.reduction, search.shown
    places = _shown(search, found)
    start, choices = least_preemptions(search, set(places))
    if found.ends and stepper.layout.as_one:
        inside = any(place.inside for place in places.values())
        choices = where_main_stays(search, start, choices, is_last=not inside)
    end = along(stepper, start, choices)[-1]
    place = places[search.graph.numbers[reduction.canonical(end)]]
    order = reduction.order(end)
    stuck = tuple(sorted(order[n] for n in place.stuck))
    round_ = _round(search, end, place)
    begins = len(choices) if round_ and not stuck else None
    path = [*choices, *((step.thread, step.alternative) for step in round_)]
    followed = follow(shown, _the_same_start(search, start), path, begins)
    end = followed.states[-1]
    in_round = {step.thread for step in round_}.union(spinning(shown, end))
    going = tuple(t.ref for t in shown.layout.threads if t.number in in_round)
    starve = starving(shown, followed) or ()
    kind, cycle = _end(found, stuck), () if stuck else going
    there = outcome(shown, end, end=kind, stuck=stuck, cycle=cycle, starving=starve, held=followed.held)
    search.budget.speak()
    failure = _as_it_is_there(judge, there, found.failure, _moved(shown, path[:begins]))
    return described(shown, failure, followed, stuck, starve)


def _the_same_start(search: Search, start: State) -> State:
    """The first state as the file's own steps have it."""
    if search.shown is search.stepper:
        return start
    number = [first for _, first in search.stepper.initial()].index(start)
    return search.shown.initial()[number][1]


def starving(stepper: Stepper, followed: Followed) -> tuple[Blocked, ...] | None:
    """Who starves in the cycle, and for what it waits; None where the cycle is unfair to one in any sense."""
    states, moves, begins = followed.states, followed.schedule.moves, followed.schedule.cycle
    if begins is None:
        return ()
    going = {move.thread for move in moves[begins:]}
    movers = {thread.number for thread in stepper.layout.threads if thread.ref in going}
    late = overtaken(stepper, states[begins:], movers)
    if late is None:
        return None
    at = [(thread, begins + number) for thread, number in late]
    return tuple(
        blocked(stepper, states[n], thread, held_after(stepper, states[: n + 1], moves[:n])) for thread, n in at
    )


def _shown(search: Search, found: Found) -> dict[int, Place]:
    """The places, by state, where it can be seen with the fewest steps.

    Of a deadlock that is where every other thread has ended, or goes round a loop that it can not leave; where there is
    no such place, one that it need not leave.
    """
    depths, edges = search.graph.depths, search.graph.edges

    def rank(place: Place) -> tuple[bool, int]:
        leaves = any(target not in place.inside for n in place.inside for _, target, _, _ in edges[n] or ())
        return leaves, depths[place.number] + bool(place.inside)

    ranks = [rank(place) for place in found.places]
    return {place.number: place for place, here in zip(found.places, ranks, strict=True) if here == min(ranks)}


def _round(search: Search, state: State, place: Place) -> Sequence[Successor]:
    """The steps of those who go on for ever, if some do."""
    if not place.inside:
        return ()
    rounds = Rounds(search, place.inside, place.fairness)
    try:
        return rounds.once(state) if place.stuck else rounds.fair_cycle(state)
    except Unexplored:  # the time is up: the schedule ends where the round begins
        return ()


def described(
    stepper: Stepper,
    failure: Failure,
    followed: Followed,
    stuck: tuple[int, ...],
    starving: tuple[Blocked, ...] = (),
) -> Finding:
    """The failure at the end of a path: who is stuck there, or starves, who holds what, and the values that were left."""
    schedule, states = followed.schedule, followed.states
    there = outcome(stepper, states[-1])
    waiting = [n for n in stuck if not stepper.is_spinning(states[-1], n)]
    others = beside(stepper, states[-1]) if stuck else Beside()
    rounds, waiting = others.going, [*waiting, *others.daemons]
    if failure.kind == "livelock" and not stuck:  # who is on the schedule's cycle is seen there
        rounds = spinning(stepper, states[-1])
    return Finding(
        _broken_at(stepper, schedule.placed(failure), followed),
        schedule,
        starving or tuple(blocked(stepper, states[-1], n, followed.held) for n in in_file_order(stepper, waiting)),
        tuple(goes_on(stepper, states, schedule.moves, n) for n in rounds),
        there.shared,
        there.over,
        there.errors,
    )


def _broken_at(stepper: Stepper, failure: Failure, followed: Followed) -> Failure:
    """An invariant with the step after which it is false, as a run tells it: a state knows only that it was."""
    if not isinstance(failure.fact, AlwaysFalse):
        return failure
    number = next(i for i, state in enumerate(followed.states) if failure in stepper.shared[state[0]].failed)
    claim = next(one for one in stepper.layout.program.claims.always if one.span == failure.span)
    said = answer(claim, claim_function(claim.expr), stepper.from_outside(followed.states[number]))
    raised = Error(said.name, said.message) if isinstance(said, Raised) else None
    if number == 0:
        return replace(failure, fact=AlwaysFalse(claim.text, "start", raised))
    move = followed.schedule.moves[number - 1]
    return replace(failure, fact=AlwaysFalse(claim.text, (move.atomic or move.span).line, raised), thread=move.thread)


def _as_it_is_there(judge: Judge, there: Outcome, failure: Failure, moved: str) -> Failure:
    """The failure in the words of the real state: a reduced search may have renamed threads, and values may differ."""
    try:
        judged = judge(there)
    except Unexplored:  # the time is up: it was one of its kind that was found
        return _with_those(failure, there.blocked)
    same = [f for f in (*judged.failures, *judged.permitted) if f.kind == failure.kind]
    return min(same, key=lambda f: (f.span != failure.span, f.thread != moved), default=failure)


def _with_those(failure: Failure, blocked: tuple[Blocked, ...]) -> Failure:
    """A deadlock with those who are really stuck, and who has what they wait for."""
    match failure.fact:
        case Deadlock() as fact if blocked:
            return replace(failure, fact=replace(fact, blocked=blocked), span=blocked[0].span, thread=blocked[0].thread)
        case _:
            return failure


def _end(found: Found, stuck: tuple[int, ...]) -> str:
    """How the execution ends there."""
    if not found.ends:
        return "interrupted"
    if found.failure.kind == "livelock":
        return "livelock"
    return "deadlock" if stuck else "finished"


def _moved(stepper: Stepper, choices: Sequence[Choice]) -> str:
    return stepper.layout.threads[choices[-1][0]].ref if choices else ""
