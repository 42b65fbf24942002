"""A search to its end: supervised, each failure with few preemptions and confirmed on real threads before it is reported."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import TypeVar

from scenario.engines.code.evidence import Evidence
from scenario.engines.code.laboratory import End
from scenario.engines.code.patterns import Sighting, sighting
from scenario.engines.code.search.schedules import BadSchedule
from scenario.engines.code.searching import Found, Search, Strategy, preemptions
from scenario.engines.code.supervised import Supervised
from scenario.engines.code.world import World
from scenario.record import record
from scenario.results.code import CodeFailure, Covered
from scenario.settings import Sampling

T = TypeVar("T")


@record
class Shown:
    """A failure as real threads have shown it, along the schedule; `cause`: which of what went wrong."""

    end: End
    evidence: Evidence
    schedule: str
    preemptions: int
    cause: object
    sighting: Sighting | None = None


@record
class Decision:
    """What a search came to: the failures, what was covered, and why it is undecided."""

    covered: Covered
    shown: tuple[Shown, ...] = ()
    reason: str = ""

    @property
    def is_complete(self) -> bool:
        """Whether every distinct interleaving was executed."""
        return not self.reason and self.covered.kind in ("interleavings", "classes")


def decide(search: Search, strategy: Strategy, sampling: Sampling | None = None) -> Decision:
    """By the strategy. A failure that real threads do not show as well is no failure: then nothing is said."""
    strategies: dict[Strategy, Callable[[], Found]] = {
        "auto": search.auto, "every": search.every, "reduced": search.reduced, "preemptions": search.preemptions,
        "priorities": search.priorities, "uniform": search.uniform,
    }  # fmt: skip
    found = strategies[strategy]() if sampling is None else _sampled(search, sampling)
    kept = [(cause, end, schedule) for cause, (end, schedule) in search.kept.items()]
    if found.failure is not None:
        best = search.fewest_preemptions(found)
        assert best.failure is not None
        kept.append((best.failure.causes[0], best.failure, best.schedule))
    shown, reason = [], found.reason
    for cause, end, schedule in kept:
        what = f"real threads did not repeat the failure that was found ({end.message or end.kind})"
        try:
            seen = followed(search, schedule, preemptions(end.world), cause)
        except BadSchedule as astray:  # no text of the user's: the code does not name its threads alike
            reason = f"{what}: {astray}"
            continue
        if cause in seen.end.causes:
            shown.append(seen)
        else:
            reason = what
    return Decision(found.covered, tuple(shown), reason)


def _sampled(search: Search, sampling: Sampling) -> Found:
    if sampling.depth is None:
        return search.uniform(sampling.walks, sampling.seed)
    return search.priorities(sampling.walks, sampling.depth, sampling.seed)


def followed(search: Search, schedule: str, preempted: int | None = None, cause: object = None) -> Shown:
    """One schedule on real threads. Raises BadSchedule."""
    evidence, sightings = Evidence(), list[Sighting | None]()

    def look(world: World) -> None:
        evidence.look(world)
        sightings.append(sighting(world))

    end = search.follow(schedule, look)
    first = next(iter(end.causes), None) if cause is None else cause
    return Shown(
        end, evidence, schedule, preemptions(end.world) if preempted is None else preempted, first, sightings[-1]
    )


def failure(shown: Shown) -> CodeFailure:
    """All that is known of it."""
    end, evidence = shown.end, shown.evidence
    return CodeFailure(
        end.kind,
        end.message,
        end.thread,
        end.trace,
        evidence.stuck,
        evidence.rows,
        shown.schedule,
        shown.preemptions,
        None if shown.sighting is None else shown.sighting.pattern,
    )


def watched(search: Search, work: Callable[[], T], files: Collection[str]) -> T:
    """The work of a search in a thread of its own; `files` are the user's. Raises Stalled where it blocks outside of control."""

    def give_up() -> None:
        search.budget.stop()
        if search.world is not None:
            search.world.end("given up")

    def worked() -> T:
        try:
            return work()
        finally:
            search.dismiss()

    supervised = Supervised(worked, lambda: _ticks(search), lambda: _mover(search), give_up, files)
    return supervised.result(search.budget.until)


def _ticks(search: Search) -> int:
    world = search.world
    return search.executions * 1_000_003 + (0 if world is None else world.ticks + len(world.steps))


def _mover(search: Search) -> int:
    world = search.world
    actor = None if world is None else world.current
    return 0 if actor is None else actor.ident
