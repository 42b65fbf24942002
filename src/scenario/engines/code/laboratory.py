"""Where executions are made, whatever it is that is executed, and how one ended: all that a search knows of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from scenario.engines.code.actors import Actor
from scenario.engines.code.search.bounds import LONGEST
from scenario.engines.code.world import Rests, World
from scenario.record import record


@record
class End:
    """How an execution ended: what went wrong (`kind` is "": nothing), and in which thread.

    `goes_round`: where, if all that are left go round loops that do nothing. `stops`: whether a search is over with it; else it goes on, and keeps the first of its kind.
    """

    world: World
    kind: str = ""
    message: str = ""
    thread: str = ""
    trace: str = ""
    stuck: tuple[Actor, ...] = ()
    goes_round: str = ""
    stops: bool = True

    @property
    def causes(self) -> tuple[object, ...]:
        """All that went wrong, of which a search that goes on keeps the first of each."""
        return (self.same,) if self.kind else ()

    @property
    def same(self) -> tuple[str, str, frozenset[str]]:
        """What makes two failures the same."""
        return self.kind, self.thread, frozenset(actor.name for actor in self.stuck)


def why_endless(end: End) -> str:
    """Why an execution has no end; "": it has one."""
    if end.goes_round:
        return f"at {end.goes_round} a thread goes round without end: it waits for what nobody changes any more"
    if not end.world.too_long:
        return ""
    place = end.world.steps[-1].operation.place
    return f"an execution is longer than {LONGEST:,} steps: at {place.name} a thread goes round without end"


class Laboratory(Protocol):
    """`calls`: how functions are called that the code handed on; `visible`: numbers of places at which threads stop in any case; `rests`: see World."""

    @property
    def calls(self) -> Callable[..., object]: ...
    @property
    def visible(self) -> frozenset[int]: ...
    @property
    def rests(self) -> Rests | None: ...

    def execute(self, world: World, look: Callable[[World], None], /) -> End:
        """One execution; `look` sees it before what has not ended is unwound."""
        ...
