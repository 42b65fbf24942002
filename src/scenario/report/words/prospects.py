"""What can still come of a state of a game."""

from __future__ import annotations

from typing import Literal

from scenario.legible import legible
from scenario.record import record
from scenario.report.words.failures import message
from scenario.results.frames import Game, Spot


@record
class Prospect:
    """`kind`: all is well, whatever comes; it can go either way, or nobody knows; it is lost."""

    kind: Literal["yes", "open", "no"]
    text: str


def prospect(spot: Spot, game: Game) -> Prospect:
    """In words. Of a part of a graph nothing is said that what is missing could belie."""
    if spot.end is not None and not spot.choices:
        return _over(spot)
    if spot.wrong is None:
        return (
            Prospect("yes", "nothing can go wrong")
            if game.whole
            else Prospect("open", "nothing that goes wrong is known from here")
        )
    told = _going_wrong(spot, spot.wrong, "" if game.whole else "at most ")
    match spot.saved:
        case None:
            return Prospect("open", told)
        case True:
            return Prospect("open", f"{told}; it can still be saved")
        case _:
            return Prospect("no", f"it can not be saved: {told}")


def _over(spot: Spot) -> Prospect:
    said = (*spot.end.failures, *spot.end.permitted) if spot.end is not None else ()
    if said:
        return Prospect("no", legible(f"{said[0].kind}: {message(said[0])}"))
    return Prospect("yes", "it is over, and all is well")


def _going_wrong(spot: Spot, steps: int, most: str) -> str:
    if spot.endless:
        return "it can go round here for ever"
    return f"it can go wrong in {most}{steps} step{'s' * (steps > 1)}" if steps else "something has gone wrong"
