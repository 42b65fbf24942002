"""A schedule as pictures: what there is before its first step and after each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field, replace
from typing import Literal, TypeAlias

from scenario.record import record
from scenario.results.outcome import Judged, Outcome
from scenario.results.schedule import Move, Schedule
from scenario.results.waiting import Wait
from scenario.source import Span

State: TypeAlias = Literal["not started", "can move", "waits", "over"]
Known: TypeAlias = bool | None
"""Whether something is true; None: that is open."""


@record
class Stands:
    """Where a thread is: at which step (None: before its first or after its last), and for what it waits, if it does.

    `locals`: those that it may still read. `file`: the one of the user's own code in which `span` lies; "": the scenario's.
    """

    thread: str
    state: State
    span: Span | None = None
    wait: Wait | None = None
    locals: Mapping[str, object] = field(default_factory=dict)
    file: str = ""


@record
class Frame:
    """One state as people look at it.

    `outcome`: the values of all that claims may ask, as if the execution ended here, and how it did (`ended`: it goes on).
    `holds`: by thread which locks and places of semaphores it has. `truths`: of each `always`, then of each `reachable`,
    whether it holds here, as far as those say who looked at it.
    """

    outcome: Outcome
    stands: tuple[Stands, ...]
    holds: Mapping[str, tuple[str, ...]]
    truths: tuple[Known, ...] = ()


@record
class Film:
    """One frame more than the schedule has moves."""

    schedule: Schedule
    frames: tuple[Frame, ...]


@record
class Passing:
    """The execution that is fine and has the most steps in common with one that fails: the first `same` of them."""

    schedule: Schedule
    same: int


@record
class Choice:
    """A step that can be taken in a state, and the number of the state that it leads to (None: one that was left out)."""

    move: Move
    to: int | None


@record
class Spot:
    """A state of the game: what is seen there, who can do what, and what can still come of it.

    `wrong`: the fewest steps after which something has failed (None: none that is known of); `saved`: whether an execution
    that is fine can still come of it (None: not known). `end`: how an execution that is over here is judged.
    """

    frame: Frame
    choices: tuple[Choice, ...]
    wrong: int | None
    saved: bool | None
    end: Judged | None = None
    endless: bool = False


@record
class Game:
    """The graph of states, the nearest first; `starts`: the numbers of the first. `whole`: all of them are there."""

    spots: tuple[Spot, ...]
    starts: tuple[int, ...]
    whole: bool

    def part(self, count: int) -> Game:
        """The first so many states of it."""
        spots = tuple(_within(spot, count) for spot in self.spots[:count])
        return Game(spots, tuple(n for n in self.starts if n < count), self.whole and count >= len(self.spots))


def _within(spot: Spot, count: int) -> Spot:
    if all(one.to is None or one.to < count for one in spot.choices):
        return spot
    choices = (replace(one, to=one.to if one.to is not None and one.to < count else None) for one in spot.choices)
    return replace(spot, choices=tuple(choices))
