"""A schedule of the user's own code as a film, beside it one that passes; of code that holds, some of its executions."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import suppress
from time import monotonic

from scenario.chance import seeded
from scenario.engines.code.actors import Actor
from scenario.engines.code.evidence import Evidence
from scenario.engines.code.film.camera import Camera
from scenario.engines.code.film.departing import Recorded, Straight, Turn, departures
from scenario.engines.code.film.scenes import scenes
from scenario.engines.code.film.stage import Stage
from scenario.engines.code.laboratory import End
from scenario.engines.code.patterns import Sighting, sighting
from scenario.engines.code.search.schedules import BadSchedule, Following, decoded, encoded, standing
from scenario.engines.code.search.uniform import Uniform
from scenario.engines.code.searching import Search
from scenario.engines.code.world import Chooser, World
from scenario.record import record
from scenario.results.filmed import CodeFilm, Filmed
from scenario.results.frames import Film
from scenario.results.outcome import Outcome
from scenario.results.schedule import Schedule

SECONDS = 5.0
"""For what passes beside a failure."""
MOST = 5_000
"""Steps of an execution that is shown."""
SAMPLES, SEEDS = 4, 12
"""Executions of what holds, of so many that are tried: those that end differently."""


@record
class Shoot:
    """Where films are made: the search, what the file adds to each state, how an end is told, the schedule's beginning."""

    search: Search
    stage: Stage
    outcome: Callable[[End], Outcome]
    schedule: Schedule


@record
class _Shot:
    film: Film
    end: End
    evidence: Evidence
    sighting: Sighting | None


def failing(shoot: Shoot, text: str) -> Iterator[CodeFilm]:
    """How the schedule fails, and what passes beside it. Raises BadSchedule."""
    shot = _shot(shoot, text)
    if shot is None or not shot.end.kind:
        return
    numbers = shot.evidence.numbers
    at_odds = () if shot.sighting is None else shot.sighting.steps
    marked = tuple(place for place, number in enumerate(numbers) if number in at_odds)
    yield CodeFilm("fails", shot.film, marked)
    turns = _turns(shoot.search, text)
    passing = _passing(shoot.search, turns, numbers)
    other = None if passing is None else _again(shoot, passing)
    if other is not None and not other.end.kind:
        yield CodeFilm("passes", other.film, same=_alike(shot.film, other.film))


def samples(shoot: Shoot) -> Iterator[CodeFilm]:
    """Executions that end with different values."""
    seen: set[str] = set()
    choosers: list[Chooser] = [Straight(), *(Uniform(seeded(seed)) for seed in range(SEEDS))]
    for chooser in choosers:
        text = _tried(shoot.search, chooser)[1]
        shot = _again(shoot, text)
        if shot is None:
            return
        ended = repr(shot.film.frames[-1].outcome)
        if ended not in seen:
            seen.add(ended)
            yield CodeFilm("sample", shot.film)
        if len(seen) == SAMPLES or shoot.search.budget.is_late():
            return


def filmed(films: Sequence[CodeFilm], read: Callable[[str], str]) -> Filmed:
    """With the texts of the files that are seen in them."""
    return Filmed(tuple(films), {file: read(file) for film in films for file in _files(film.film)})


def _files(film: Film) -> Collection[str]:
    deeds = (deed.file for move in film.schedule.moves for deed in move.deeds)
    stands = (each.file for frame in film.frames for each in frame.stands)
    return sorted(filter(None, {*deeds, *stands}))


def _shot(shoot: Shoot, text: str) -> _Shot | None:
    """None: it is too long."""
    cameras: list[Camera] = []
    found: list[tuple[Evidence, Sighting | None]] = []

    def begin(world: World) -> None:
        camera = Camera(shoot.stage)
        cameras.append(camera)
        world.look_between(lambda: camera.look(world))

    def look(world: World) -> None:
        cameras[-1].look(world)
        evidence = Evidence()
        evidence.look(world)
        found.append((evidence, sighting(world)))

    end = shoot.search.follow(text, look, begin)
    evidence, seen = found[-1]
    if len(evidence.numbers) > MOST:
        return None
    film = scenes(end.world, cameras[-1], evidence.numbers, shoot.outcome(end), shoot.schedule)
    return _Shot(film, end, evidence, seen)


def _again(shoot: Shoot, text: str) -> _Shot | None:
    """Of a schedule of ours; None also where the code does not name its threads alike."""
    with suppress(BadSchedule):
        return _shot(shoot, text)
    return None


# --- what passes ------------------------------------------------------------------------------------------


def _turns(search: Search, text: str) -> list[Turn]:
    recorded = Recorded(Following(decoded(text)))
    search.attempt(recorded, lambda _: None)
    return recorded.turns


def _passing(search: Search, turns: list[Turn], steps: Collection[int]) -> str | None:
    """The schedule of the first that passes, of those that part late first."""
    until = monotonic() + SECONDS
    for departing in departures(turns, steps):
        end, text = _tried(search, departing)
        if not (end.kind or end.world.trouble or end.world.cut or end.world.too_long or end.goes_round):
            return text
        if monotonic() > until:
            break
    return None


def _tried(search: Search, chooser: Chooser) -> tuple[End, str]:
    last: dict[Actor, str] = {}
    end = search.attempt(chooser, lambda world: last.update((actor, standing(actor)) for actor in world.actors))
    if end.world.needs_threads:
        return _tried(search, chooser)
    return end, encoded(end.world.steps, last)


def _alike(one: Film, other: Film) -> int:
    """How many steps both begin with."""
    pairs = list(zip(one.schedule.moves, other.schedule.moves, strict=False))
    parting = (number for number, (a, b) in enumerate(pairs) if (a.thread, a.deeds) != (b.thread, b.deeds))
    return next(parting, len(pairs))
