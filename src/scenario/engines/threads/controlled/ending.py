"""What came of an execution: who can go on, how it ends, the outcome that its objects and threads show."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal, TypeAlias

from scenario.engines.threads.controlled.player import Player
from scenario.engines.threads.controlled.stage import Stage
from scenario.engines.threads.controlled.waits import blocked
from scenario.engines.threads.controlled.workers import is_quiet
from scenario.interpreter.environment import LiveEnvironment
from scenario.program.whole import queried_at_the_end
from scenario.real.values import text_of, view
from scenario.record import record
from scenario.results.outcome import GoesOn, Outcome, ThreadError
from scenario.results.script import Script
from scenario.results.waiting import Blocked

End: TypeAlias = Literal["finished", "deadlock", "livelock", "interrupted"]


@record
class Ending:
    """How it ended: who is blocked, with `deadlock`; who goes round, with `livelock`, and who starves meanwhile."""

    end: End
    blocked: tuple[Blocked, ...] = ()
    cycle: tuple[str, ...] = ()
    starving: tuple[Blocked, ...] = ()
    going: tuple[GoesOn, ...] = ()


class Round:
    """The round of a livelock: where it began, who could go on in it, and where others could not at first."""

    def __init__(self, stage: Stage) -> None:
        self.begins = _places(stage)
        self.able: set[str] = set()
        self.rests: dict[str, Blocked] = {}

    def look(self, stage: Stage) -> None:
        """Who can go on now, before the next step; a sleeper can not while time stands still (and else is in the round)."""
        for player in stage.players.values():
            if player.alive and not player.between_calls:
                if stage.is_blocked(player.ref) or (stage.is_virtual and player.wait().kind == "sleep"):
                    self.rests.setdefault(player.ref, blocked(player))
                else:
                    self.able.add(player.ref)

    def ending(self, stage: Stage, script: Script) -> Ending | None:
        """The livelock that it is, if it has come back to where it began and is as fair as is asked for."""
        round_ = {cue.move.thread for cue in script.cues[script.schedule.cycle or 0 :]}
        cycle = tuple(ref for ref in stage.players if ref in round_.union(one.thread for one in script.going))
        overtaken = [ref for ref in stage.players if ref in self.able and ref not in cycle]
        fair = not overtaken or stage.program.settings.fairness == "weak"
        if self.begins != _places(stage) or not fair or not self.rests.keys() >= set(overtaken):
            return None
        starving = tuple(self.rests[ref] for ref in overtaken)
        return Ending("livelock", cycle=cycle, starving=starving, going=script.going)


def _places(stage: Stage) -> object:
    """All that must be the same after a round of a livelock."""
    where = {p.ref: (p.state, p.span, p.wait()) for p in stage.players.values()}
    return _shared(stage), where


def ending_of(stage: Stage, script: Script, round_: Round | None) -> Ending:
    """How a schedule that was followed to its end has ended; `round_`: the one in which it goes on for ever."""
    if round_ is not None and (livelock := round_.ending(stage, script)) is not None:
        return livelock
    unfinished, rounds = {p.ref for p in stage.unfinished()}, tuple(one.thread for one in script.going)
    if not unfinished:
        return Ending("finished")
    if not script.stuck and unfinished <= set(rounds):
        return Ending("livelock", cycle=rounds, going=script.going)
    stuck = [stage.players[told.thread] for told in script.stuck if stage.is_blocked(told.thread)]
    if not stuck or len(stuck) != len(script.stuck):
        return Ending("interrupted", tuple(map(blocked, stuck)))
    return Ending("deadlock", tuple(map(blocked, stuck)), going=script.going)


def able(stage: Stage) -> list[Player]:
    """Who can take a step; nobody once the run is over."""
    if is_over(stage):
        return []
    return [p for p in list(stage.players.values()) if p.state == "gate" and (p.timed or p.ready())]


def is_over(stage: Stage) -> bool:
    """Whether all threads that are no daemons have ended, and the pools' calls are done."""
    threads = [player for player in stage.players.values() if not (player.daemon or player.worker)]
    return not any(player.alive for player in threads) and all(is_quiet(pool) for _, pool in stage.pools())


def free_ending(stage: Stage) -> Ending:
    """How an execution ends that nobody goes on with: threads may be in the middle of it."""
    unfinished = list(stage.unfinished())
    if is_over(stage):
        return Ending("finished")
    if able(stage):
        return Ending("interrupted")
    stuck = [player for player in unfinished if not player.is_spinning]
    if stuck:
        return Ending("deadlock", tuple(map(blocked, stuck)))
    return Ending("livelock", cycle=tuple(player.ref for player in unfinished))


def outcome_of(stage: Stage, ending: Ending) -> Outcome:
    settings, players = stage.program.explore, stage.players.values()
    return Outcome(
        ending.end,
        _shared(stage),
        {p.ref: {n: view(v) for n, v in p.registers.items()} for p in players if not p.worker},
        _objects(stage),
        tuple(stage.output),
        tuple(stage.marks),
        {p.ref: _error(p, p.error) for p in players if p.error is not None},
        tuple(stage.failures.values()),
        ending.blocked,
        ending.cycle,
        ending.starving,
        elapsed=stage.moment if settings and settings.clock == "virtual" else None,
        over=frozenset(p.ref for p in players if p.state == "over"),
        going=ending.going,
    )


def _shared(stage: Stage) -> dict[str, object]:
    return {name: view(value) for name, value in stage.shared.items()}


def _error(player: Player, error: BaseException) -> ThreadError:
    names = tuple(base.__name__ for base in type(error).__mro__ if base is not object)
    return ThreadError(type(error).__name__, names, text_of(error), player.error_span)


def _objects(stage: Stage) -> dict[tuple[str, int | None], dict[str, object]]:
    """The state of the objects that the expectations ask for, of all elements of an array or group."""
    environment = LiveEnvironment(stage, {})
    found: dict[tuple[str, int | None], dict[str, object]] = {}
    for name, attribute in queried_at_the_end(stage.program):
        for index in _indices(stage, name, attribute):
            found.setdefault((name, index), {})[attribute] = view(environment.query(name, index, attribute))
    return found


def _indices(stage: Stage, name: str, attribute: str) -> Iterator[int | None]:
    """The elements of an array or group; None for what is neither, and for a group as a whole."""
    place = stage.objects.get(name)
    count = len(place) if isinstance(place, list) else 0
    if name not in stage.objects:
        group = next((g for g in stage.program.groups if g.key == name), None)
        count = len(group.names) if group is not None and group.is_group else 0
    yield from range(count)
    if not count or attribute in ("alive", "blocked"):
        yield None
