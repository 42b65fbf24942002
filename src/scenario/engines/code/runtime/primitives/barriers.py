"""Barrier: who has arrived is known here, with the steps of scenarios.

`wait` is two steps for every party: to arrive, and to leave. The last to arrive runs the action in between; arrivals of the next round wait
until all have left. An action that raises, a timeout, `abort`, and `reset` while some wait break the barrier for those that wait.
"""

from __future__ import annotations

from threading import Barrier, BrokenBarrierError

from scenario.engines.code.actors import Closed
from scenario.engines.code.privates import action_of, timeout_of
from scenario.engines.code.runtime.here import Here


class Round:
    """Those that arrived together: whether they may leave, or the barrier broke."""

    __slots__ = ("arrived", "broken", "left", "opened")

    def __init__(self) -> None:
        self.arrived = self.left = 0
        self.opened = self.broken = False

    def has_room(self, barrier: Barrier) -> bool:
        """Whether one more may arrive: not before all have left, nor while the action goes on."""
        return self.arrived < barrier.parties or self.broken

    def waiting(self) -> int:
        """How many wait for the others: `n_waiting`."""
        return 0 if self.opened or self.broken else self.arrived

    def arrive(self) -> int:
        """One more; returns how many came before."""
        self.arrived += 1
        return self.arrived - 1

    def leave(self) -> bool:
        """One fewer; returns whether it was the last."""
        self.left += 1
        return self.left == self.arrived

    def open(self) -> None:
        """All may leave."""
        self.opened = True

    def end_broken(self) -> None:
        """All that wait get BrokenBarrierError."""
        self.broken = True


class Rounds:
    """The current round."""

    __slots__ = ("current",)

    def __init__(self) -> None:
        self.current = Round()

    def begin(self) -> None:
        """The next one."""
        self.current = Round()


def wait(here: Here, barrier: Barrier, timeout: float | None = None) -> int:
    """`Barrier.wait`."""
    rounds = here.shadow(barrier, Rounds)
    seconds = timeout_of(barrier) if timeout is None else timeout
    here.step(
        "arrives at", barrier, ready=lambda: rounds.current.has_room(barrier)
    )  # CPython waits there without a timeout
    mine = rounds.current
    if mine.broken:
        raise BrokenBarrierError
    index = mine.arrive()
    if mine.arrived == barrier.parties:
        _open(here, barrier, mine)
    late = (
        None if seconds is None else lambda: mine.has_room(barrier)
    )  # not once all are there: the last has the barrier's lock
    here.step("waits at", barrier, ready=lambda: mine.opened or mine.broken, timed=late)
    if here.timed_out(seconds):
        mine.end_broken()
    _leave(rounds, mine)
    return index


def _open(here: Here, barrier: Barrier, mine: Round) -> None:
    """After its action, which is code of the user's with steps of its own: so opening, or breaking, is another."""
    action = action_of(barrier)
    if action is not None:
        try:
            here.called(action)
        except Closed:
            raise
        except BaseException:
            here.step("breaks", barrier)
            mine.end_broken()
            raise
        here.step("opens", barrier)
    mine.open()


def _leave(rounds: Rounds, mine: Round) -> None:
    if mine.broken:
        raise BrokenBarrierError
    if mine.leave():
        rounds.begin()


def abort(here: Here, barrier: Barrier) -> None:
    """`Barrier.abort`."""
    here.step("aborts", barrier)
    here.shadow(barrier, Rounds).current.end_broken()


def reset(here: Here, barrier: Barrier) -> None:
    """`Barrier.reset`: those that wait get BrokenBarrierError, a new round begins."""
    here.step("resets", barrier)
    rounds = here.shadow(barrier, Rounds)
    rounds.current.end_broken()
    rounds.begin()
