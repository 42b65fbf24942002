"""What comes in the middle of threads: whether and where is drawn by each thread's seed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from random import Random

from scenario.chance import seeded
from scenario.engines.threads.actors import Actor
from scenario.program.program import Interrupt, Program
from scenario.record import mutable

FURTHEST = 10
"""Steps before which an interrupt comes, as a power of two: each power up to this one is as likely as another."""


@mutable
class _Awaited:
    """One interrupt of one thread: how often it may still come, and before how many steps."""

    interrupt: Interrupt
    left: int
    steps: int

    def comes(self, again: Callable[[], int]) -> bool:
        """Whether it comes before this step; `again` gives before how many steps it may come once more."""
        self.steps -= 1
        if not self.left or self.steps > 0:
            return False
        self.left, self.steps = self.left - 1, again()
        return True


class _Thread:
    """The interrupts of one thread, which alone asks for them."""

    def __init__(self, interrupts: tuple[Interrupt, ...], chance: Random) -> None:
        self._chance = chance
        self._awaited = [_Awaited(one, one.times, self._draw()) for one in interrupts]
        self._is_inside = False

    def _draw(self) -> int:
        return int(2 ** self._chance.uniform(0, FURTHEST))

    def step(self, handle: Callable[[str], object]) -> None:
        """Before a step of the thread: those come that are due, none inside another."""
        for one in () if self._is_inside else self._awaited:
            if one.comes(self._draw):
                self._is_inside = True
                try:
                    handle(one.interrupt.routine)
                finally:
                    self._is_inside = False


class Interrupts:
    """All of a run's, by thread."""

    def __init__(self, program: Program, seed: int) -> None:
        self._program = program
        self._seed = seed
        self._threads: dict[str, _Thread] = {}

    def come(self, me: Actor, routines: Mapping[str, Callable[..., object]]) -> None:
        """Before a step of the thread, in which this is called."""
        mine = self._threads.get(me.ref)
        if mine is None:
            mine = _Thread(self._program.interrupts_of(me.group), seeded(f"{self._seed}/{me.ref}/interrupts"))
            self._threads[me.ref] = mine
        mine.step(lambda routine: routines[routine](me, me.name, me.index))
