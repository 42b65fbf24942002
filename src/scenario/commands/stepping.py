"""`step`: what is stepped through or played of a program, and where a key leads."""

from __future__ import annotations

from dataclasses import replace

from scenario.commands.exploring import unsuited
from scenario.commands.pictures.filming import LONG, SECONDS, STATES
from scenario.commands.pictures.following import any_execution, film, found, game
from scenario.engines.explore import Unexplored
from scenario.files.options import UsageError
from scenario.judge import exploration_verdict
from scenario.program.program import Program
from scenario.record import record
from scenario.report.screen import View
from scenario.report.words.failures import headline
from scenario.report.words.patterns import why
from scenario.report.words.undecided import words
from scenario.results.frames import Film, Game, Spot
from scenario.results.result import Evidence
from scenario.results.schedule import Move, Schedule


@record
class Place:
    """Step `at` of the film or, where somebody plays, of the choices that were `taken` from the first state with number `start`."""

    at: int
    plays: bool = False
    start: int = 0
    taken: tuple[int, ...] = ()
    hints: bool = False


@record
class Story:
    """A schedule, and the graph of states (None: there was no time for it)."""

    title: str
    why: str
    film: Film
    game: Game | None

    def view(self, place: Place) -> View:
        """What is seen there."""
        if not place.plays or self.game is None:
            moves, frames = self.film.schedule.moves, self.film.frames
            return View(self.title, self.why, place.at, moves, frames[place.at])
        spots, moves = played(self.game, place)
        return View(
            "Who goes next?", "", place.at, moves, spots[place.at].frame, spots[place.at], self.game, place.hints
        )


def story(program: Program) -> Story:
    """The way to what fails, or else an execution. Raises UsageError where it can not be explored, KeyboardInterrupt."""
    if (reason := unsuited(program)) is not None:
        raise UsageError(f"{program.name} can not be explored: {reason}")
    explored = found(program, SECONDS)
    if explored.interrupted:
        raise KeyboardInterrupt
    verdict = exploration_verdict(program, explored)
    evidence = next((one for one in verdict.evidence if one.schedule is not None), None)
    try:
        schedule = _schedule(program, evidence)
    except Unexplored as error:
        raise UsageError(words(error.why)) from error
    made = film(program, schedule, LONG)
    if made is None:
        raise UsageError("the schedule is too long to be stepped through, or there is no time to follow it")
    return Story(
        "one of its executions" if evidence is None else headline(evidence.failure),
        "" if evidence is None else why(evidence),
        made,
        game(program, STATES, SECONDS),
    )


def _schedule(program: Program, evidence: Evidence | None) -> Schedule:
    """Raises Unexplored."""
    if evidence is None or evidence.schedule is None:
        return any_execution(program, 0, SECONDS)
    return evidence.schedule


def played(game: Game, place: Place) -> tuple[tuple[Spot, ...], tuple[Move, ...]]:
    """The states on the way that was chosen, and its steps."""
    spots, moves = [game.spots[game.starts[place.start]]], list[Move]()
    for choice in place.taken:
        taken = spots[-1].choices[choice]
        assert taken.to is not None, "what leads out of the graph is not taken"
        moves.append(taken.move)
        spots.append(game.spots[taken.to])
    return tuple(spots), tuple(moves)


def pressed(told: Story, place: Place, key: str) -> Place:
    """Where a key leads; one that means nothing leads nowhere."""
    last = len(place.taken) if place.plays else len(told.film.schedule.moves)
    match key:
        case "next":
            return replace(place, at=min(place.at + 1, last))
        case "back":
            return replace(place, at=max(place.at - 1, 0))
        case "first":
            return replace(place, at=0)
        case "last":
            return replace(place, at=last)
        case "hints":
            return replace(place, hints=not place.hints)
        case "play":
            return _other(told, place)
        case _ if place.plays and told.game is not None and key in "123456789":
            return _chosen(told.game, place, int(key) - 1)
        case _:
            return place


def _other(told: Story, place: Place) -> Place:
    """From the film to the game, and back."""
    if place.plays or told.game is None:
        return Place(0, hints=place.hints)
    return _as_far(told.game, told.film, place)


def _as_far(game: Game, made: Film, place: Place) -> Place:
    """The same state in the game: as far as the schedule is in it."""
    start = made.schedule.start or 0
    here, taken = Place(0, True, start if start < len(game.starts) else 0, hints=place.hints), list[int]()
    spot = game.spots[game.starts[here.start]]
    for move in made.schedule.moves[: place.at]:
        ways = {(one.move.thread, one.move.alternative): number for number, one in enumerate(spot.choices)}
        number = ways.get((move.thread, move.alternative))
        to = None if number is None else spot.choices[number].to
        if number is None or to is None:
            break
        taken.append(number)
        spot = game.spots[to]
    return replace(here, at=len(taken), taken=tuple(taken))


def _chosen(game: Game, place: Place, choice: int) -> Place:
    spots, _ = played(game, place)
    choices = spots[place.at].choices
    if choice >= len(choices) or choices[choice].to is None:
        return place
    return replace(place, at=place.at + 1, taken=(*place.taken[: place.at], choice))
