"""A schedule as text: which thread goes until where, in order. It names places of the code, so it holds on every Python.

`deposit@bank.py:14:9,withdraw,deposit`: deposit until it stands before line 14, column 9; withdraw until it ends or has
to wait; deposit again. `@bank.py:14:9#2`: the second time that it stands there. `notify/1`: one step, in its way number 1.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from scenario.engines.code.actors import Actor, Step
from scenario.engines.code.world import World
from scenario.record import record


class BadSchedule(ValueError):
    """The text is no schedule."""


@record
class Segment:
    """A thread goes until it stands at `place` for the `times`th time ("": as far as it can), or takes one step in a `way`."""

    thread: str
    place: str = ""
    times: int = 1
    way: int = 0

    def __str__(self) -> str:
        if self.way:
            return f"{self.thread}/{self.way}"
        times = f"#{self.times}" if self.times > 1 else ""
        return f"{self.thread}@{self.place}{times}" if self.place else self.thread


def encoded(steps: Sequence[Step], last: Mapping[Actor, str]) -> str:
    """The schedule of an execution at whose end the threads stood before these places."""
    return ",".join(map(str, segments(steps, last)))


def standing(actor: Actor) -> str:
    """The name of the place before which a thread stands; "" at its end."""
    return "" if actor.next is None else actor.next.place.name


def segments(steps: Sequence[Step], last: Mapping[Actor, str]) -> Iterator[Segment]:
    """Runs of one thread; a step in another way than the first is a segment of its own."""
    position = 0
    while position < len(steps):
        step = steps[position]
        if step.way:
            yield Segment(step.actor.name, way=step.way)
            position += 1
            continue
        end = position
        while end < len(steps) and steps[end].actor is step.actor and not steps[end].way:
            end += 1
        yield _until(steps, position, end, last)
        position = end


def _until(steps: Sequence[Step], begin: int, end: int, last: Mapping[Actor, str]) -> Segment:
    """Up to where the thread stands afterwards: at its next step, or where it is left."""
    actor = steps[begin].actor
    later = next((step.operation.place.name for step in steps[end:] if step.actor is actor), last[actor])
    times = sum(step.operation.place.name == later for step in steps[begin:end]) + 1
    return Segment(actor.name, later, times) if later else Segment(actor.name)


def decoded(text: str) -> tuple[Segment, ...]:
    """Raises BadSchedule."""
    return tuple(_segment(part) for part in text.split(",") if part)


def _segment(part: str) -> Segment:
    thread, _, place = part.partition("@")
    if not place:
        name, _, way = thread.partition("/")
        return Segment(name, way=_number(way, part)) if way else Segment(name)
    place, _, times = place.partition("#")
    return Segment(thread, place, _number(times, part) if times else 1)


def _number(text: str, part: str) -> int:
    if not text.isdecimal() or len(text) > 9:
        raise BadSchedule(
            f"{part!r} is no part of a schedule: `thread@file.py:line:column#times`, `thread` or `thread/way`"
        )
    return int(text)


class Following:
    """Follows a schedule; when it is over, the others go to their ends one after the other."""

    def __init__(self, script: Sequence[Segment]) -> None:
        self._script = script
        self._position = self._seen = 0
        self._missed: Segment | None = None

    def choose(self, world: World, enabled: dict[Actor, int]) -> tuple[Actor, int] | None:
        """The thread of the current segment, unless that is over."""
        while self._position < len(self._script):
            segment = self._script[self._position]
            actor = next((each for each in enabled if each.name == segment.thread), None)
            if actor is not None and not self._is_over(segment, actor):
                self._position += bool(segment.way)
                return actor, min(segment.way, enabled[actor] - 1)
            self._pass(segment, world)
            self._position, self._seen = self._position + 1, 0
        last = world.steps[-1].actor if world.steps else None
        return (last if last in enabled and last is not None else min(enabled, key=lambda each: each.number)), 0

    def _pass(self, segment: Segment, world: World) -> None:
        """A segment is over; notes the first whose thread went as far as it could and did not come to the place."""
        waits = any(each.name == segment.thread and standing(each) == segment.place for each in world.actors)
        if segment.place and self._missed is None and self._seen < segment.times and not waits:
            self._missed = segment

    def astray(self) -> str:
        """Why it does not fit the code, if it does not; it may have led to a failure all the same."""
        of = self._missed or next((each for each in self._script[self._position :] if each.place), None)
        if of is None:
            return ""
        times = f" {of.times} times" if of.times > 1 else ""
        return f"the schedule does not fit this code: {of.thread} does not come to {of.place}{times} there"

    def check(self, world: World) -> None:
        """Raises BadSchedule for a thread that there is none of, once all are known."""
        names = [actor.name for actor in world.actors]
        for segment in self._script:
            if segment.thread not in names:
                raise BadSchedule(f"the schedule names a thread {segment.thread!r}: there are {', '.join(names)}")

    def _is_over(self, segment: Segment, actor: Actor) -> bool:
        if segment.place and segment.place == standing(actor):
            self._seen += 1
            return self._seen == segment.times
        return False
