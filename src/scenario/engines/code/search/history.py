"""What happened before what in an execution, from the accesses that were observed.

A clock is a dictionary from threads' numbers to the number of their last step that is known to have happened before; step
numbers count from 1, so that a missing one is 0.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from scenario.engines.code.actors import Actor, Step
from scenario.engines.code.operation import EVERYTHING, Location, Operation, Touches, dependent, exclusive

Clock = dict[int, int]


class History:
    """Grows with each step."""

    def __init__(self) -> None:
        self.steps: list[Step] = []
        self._clocks: dict[int, Clock] = {}
        self._of_steps: list[Clock] = []
        self._at: dict[Location, list[int]] = {}

    def add(self, step: Step) -> None:
        """One more step."""
        number = len(self.steps) + 1
        actor = step.actor.number
        clock = dict(self._clocks.get(actor, {}))
        for earlier in self._candidates(step.operation.touches):
            other = self.steps[earlier - 1]
            if clock.get(other.actor.number, 0) < earlier and dependent(
                other.operation.touches, step.operation.touches
            ):
                _join(clock, self._of_steps[earlier - 1])
        clock[actor] = number
        self._clocks[actor] = clock
        self.steps.append(step)
        self._of_steps.append(clock)
        for location, _ in step.operation.touches:
            self._at.setdefault(location, []).append(number)

    def begin(self, actor: Actor, parent: Actor) -> None:
        """A thread that another one started comes after the step that did it."""
        self._clocks[actor.number] = dict(self._clocks[parent.number])

    def _candidates(self, touches: Touches) -> list[int]:
        """The steps that may be dependent on these accesses, the last first."""
        if any(location == EVERYTHING for location, _ in touches):
            return list(range(len(self.steps), 0, -1))
        blind = self._at.get(EVERYTHING, [])
        found = {number for location, _ in touches for number in self._at.get(location, [])}
        return sorted({*found, *blind}, reverse=True)

    def races(
        self, actor: Actor, operation: Operation, could_go: Callable[[int, int], bool]
    ) -> Iterator[tuple[int, set[int]]]:
        """The steps with which a thread's next operation is in a race, each with the threads one of which must go there instead.

        In a race are dependent steps of which the one does not happen before where the thread stands, with nothing between them that is in
        a race itself. Where it is not known that the operation is possible before a step (`could_go`: whether a thread was, before the step of a
        number), the steps before that one count too: nothing may come of the race with it.
        """
        clock = self._clocks.get(actor.number, {})
        since = clock.get(actor.number, 0)
        between: list[int] = []
        enabling: list[int] = []
        for number in self._candidates(operation.touches):
            step = self.steps[number - 1]
            other = step.actor.number
            if not dependent(step.operation.touches, operation.touches):
                continue
            later, enabling = enabling, [*enabling, number]
            if other == actor.number or clock.get(other, 0) >= number or exclusive(step.operation, operation):
                continue
            stood, possible = since < number, operation.ready is None or _takes_the_same(step.operation, operation)
            if stood and not possible and not could_go(number, actor.number):
                if all(self._precedes(number, each) for each in later):
                    continue  # it was not possible, and nothing that does not follow from the step could change that
            elif stood:
                possible = True
            if not any(self._precedes(number, each) for each in between):
                yield number, self._initials(number, actor, operation)
            if possible:
                between.append(number)

    def _initials(self, number: int, actor: Actor, operation: Operation) -> set[int]:
        """Who may begin what follows a step without following from it, up to the operation: those whose first step there waits for none."""
        clock = self._clocks.get(actor.number, {})
        first: dict[int, int] = {}
        for later in range(number + 1, len(self.steps) + 1):
            if not self._precedes(number, later) and not any(self._precedes(each, later) for each in first.values()):
                first[self.steps[later - 1].actor.number] = later
        waits = any(
            clock.get(other, 0) >= each or dependent(self.steps[each - 1].operation.touches, operation.touches)
            for other, each in first.items()
        )
        return set(first) if waits else {*first, actor.number}

    def _precedes(self, one: int, other: int) -> bool:
        """Whether a step happens before a later one."""
        return self._of_steps[other - 1].get(self.steps[one - 1].actor.number, 0) >= one


def _takes_the_same(one: Operation, other: Operation) -> bool:
    """Whether both take a lock: before the one it was free, so the other was possible."""
    return one.takes is not None and one.takes == other.takes and one.timed is None and other.timed is None


def _join(clock: Clock, other: Clock) -> None:
    for actor, number in other.items():
        if clock.get(actor, 0) < number:
            clock[actor] = number
