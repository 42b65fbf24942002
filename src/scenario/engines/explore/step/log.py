"""What a path leaves behind that is followed once more: for a trace, since a search has nothing of the kind and pays nothing for it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from scenario.engines.explore.model.code import Note, Place
from scenario.engines.explore.model.parts import Frame
from scenario.engines.explore.model.source import UNKNOWN
from scenario.results.schedule import Deed


class Log:
    """Of one step: the accesses, the places that the thread comes by, and its deeds."""

    __slots__ = ("accesses", "deeds", "places")

    def __init__(self, accesses: Iterable[Note] = (), places: Iterable[Place] = (), deeds: Iterable[Deed] = ()) -> None:
        self.accesses, self.places, self.deeds = list(accesses), list(places), list(deeds)

    def copy(self) -> Log:
        """For another alternative of the same step."""
        return Log(self.accesses, self.places, self.deeds)

    def visit(self, frames: Sequence[Frame]) -> None:
        """The thread comes by here."""
        if frames:
            self.places.append(Place(len(frames), frames[-1].code.name, frames[-1].pc))


def forget(frames: Iterable[Frame]) -> None:
    """What a state does not keep is marked, so that what is assigned anew stands out."""
    for frame in frames:
        frame.refill([v if i in frame.code.live[frame.pc] else UNKNOWN for i, v in enumerate(frame.locals)])


def remember(frames: Iterable[Frame], before: Iterable[Frame]) -> None:
    """What is marked is what it was before."""
    for old, new in zip(before, frames, strict=True):
        new.refill([old.locals[i] if value is UNKNOWN else value for i, value in enumerate(new.locals)])
