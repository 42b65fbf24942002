"""Executions on asyncio to play with: all of them as a tree, as far as there is room; and the nearest one that passes.

Each is made by its decisions. What is in common to several is one way of the tree up to the step before which they were decided
differently. States that come again on another way are not put together: each way is one to its end.
"""

from __future__ import annotations

import heapq
import itertools
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import field
from typing import TypeAlias

from scenario.engines.tasks.deciding import Spent
from scenario.engines.tasks.evidence import Made, Player, decided, players, replayed_picks
from scenario.program.program import Program
from scenario.real.showing import film
from scenario.record import mutable
from scenario.results.frames import Choice, Film, Frame, Game, Passing, Spot
from scenario.results.outcome import Judged, Outcome
from scenario.results.schedule import Move, Schedule

Judge: TypeAlias = Callable[[Outcome], Judged]
Picks: TypeAlias = tuple[int, ...]
MOST = 1_000
"""Rounds of the loop in an execution: a longer one is cut there."""


def game(program: Program, judge: Judge, max_states: int, max_seconds: float) -> Game | None:
    """The tree, the nearest states first; None where not even one execution is made in that time."""
    tree = _Tree(program, judge)
    with players(program, time.monotonic() + max_seconds) as player:
        try:
            for _, made in _executions(player, lambda way: sum(map(bool, way))):
                tree.add(made)
                if tree.size > max_states:
                    break
            else:
                tree.is_all()
        except Spent:
            pass
    return tree.game(max_states) if tree.size > 1 else None


def nearest_passing(program: Program, failing: Schedule, judge: Judge, max_seconds: float) -> Passing | None:
    """The execution that is fine and is decided differently as late as can be; None where none is found in that time."""
    until = time.monotonic() + max_seconds
    with players(program, until) as player:
        try:
            wanted = replayed_picks(player, failing)
            made = _nearest(player, wanted, lambda made: _is_fine(judge(made.outcome)))
        except Spent:
            return None
    return None if made is None else _passing(program, failing, made)


def _nearest(player: Player, wanted: Picks, passes: Callable[[Made], bool]) -> Made | None:
    """Those first that may have most in common; what they have in common is known of all that do not begin with the same."""

    def left_over(way: Picks) -> int:
        same = _common(way, wanted)
        return 0 if same == len(way) else len(wanted) - same

    best: tuple[int, Made] | None = None
    for least, made in _executions(player, left_over):
        if best is not None and least >= best[0]:
            break
        missing = len(wanted) - _common(made.picks, wanted)
        if (best is None or missing < best[0]) and not _is_cut(made) and passes(made):
            best = missing, made
    return None if best is None else best[1]


def _common(one: Sequence[object], other: Sequence[object]) -> int:
    """How many are the same from the first on."""
    pairs = zip(one, other, strict=False)
    return next((number for number, (a, b) in enumerate(pairs) if a != b), min(len(one), len(other)))


def _passing(program: Program, failing: Schedule, made: Made) -> Passing:
    passing = decided(program, made)
    same = _common([_key(move) for move in failing.moves], [_key(move) for move in passing.moves])
    return Passing(passing, same)


def _key(move: Move) -> tuple[str, int]:
    return move.thread, move.alternative


def _executions(player: Player, cost: Callable[[Picks], int]) -> Iterator[tuple[int, Made]]:
    """All, each once, the cheapest ways first, with the least that it and all that are to come may cost."""
    left: list[tuple[int, int, Picks]] = [(cost(()), 0, ())]
    while left:
        least, _, given = heapq.heappop(left)
        made = player.recorded(given, _for_ever())
        yield least, made
        for number in range(len(given), len(made.taken)):
            for other in range(1, made.taken[number].of):
                way = (*made.picks[:number], other)
                heapq.heappush(left, (cost(way), len(way), way))


def _for_ever() -> Callable[[object], bool]:
    """Whether an execution that is asked in each of its rounds has had too many."""
    rounds = itertools.count()
    return lambda _: next(rounds) > MOST


def _is_cut(made: Made) -> bool:
    return made.outcome.end == "ended"


def _is_fine(judged: Judged) -> bool:
    return judged.end is None and not judged.bad


# --- the tree ----------------------------------------------------------------------------------------------


@mutable
class _Place:
    """What is seen there, the steps that lead on, and how an execution ends that is over here."""

    frame: Frame
    ways: dict[tuple[str, int], tuple[Move, _Place]] = field(default_factory=dict)
    end: Judged | None = None

    def is_over(self, frame: Frame, end: Judged) -> None:
        """What is seen when an execution ends here, and how it is judged."""
        self.frame, self.end = frame, end


class _Tree:
    def __init__(self, program: Program, judge: Judge) -> None:
        self.size = 0
        self.cut = False
        self.whole = False
        self._program = program
        self._judge = judge
        self._root: _Place | None = None

    def add(self, made: Made) -> None:
        """One more execution."""
        shown = film(self._program, made.recorded, made.outcome)
        moves = decided(self._program, made).moves[: len(shown.frames) - 1]
        here = self._begin(shown)
        for move, frame in zip(moves, shown.frames[1:], strict=True):
            known = here.ways.get(_key(move))
            if known is None:
                known = here.ways[_key(move)] = move, _Place(frame)
                self.size += 1
            here = known[1]
        if _is_cut(made) or len(shown.frames) <= len(made.recorded.steps):
            self.cut = True
        else:
            here.is_over(shown.frames[-1], self._judge(made.outcome))

    def is_all(self) -> None:
        """There is no other execution."""
        self.whole = not self.cut

    def _begin(self, shown: Film) -> _Place:
        if self._root is None:
            self._root, self.size = _Place(shown.frames[0]), 1
        return self._root

    def game(self, most: int) -> Game:
        """At most so many of its places."""
        places = [self._root] if self._root is not None else []
        for place in places:
            places += [after for _, after in place.ways.values()]
        wrong: dict[int, int] = {}
        saved: set[int] = set()
        for place in reversed(places):  # what comes after a place stands behind it
            after = [way for _, way in place.ways.values()]
            ways = [wrong[id(way)] + 1 for way in after if id(way) in wrong]
            if place.end is not None and not _is_fine(place.end):
                ways.append(0)
            if ways:
                wrong[id(place)] = min(ways)
            if any(id(way) in saved for way in after) or (place.end is not None and _is_fine(place.end)):
                saved.add(id(place))
        numbers = {id(place): number for number, place in enumerate(places[:most])}
        unknown = False if self.whole else None

        def spot(place: _Place) -> Spot:
            choices = tuple(Choice(move, numbers.get(id(after))) for move, after in place.ways.values())
            return Spot(place.frame, choices, wrong.get(id(place)), id(place) in saved or unknown, place.end)

        return Game(tuple(map(spot, places[:most])), (0,), self.whole and len(places) <= most)
