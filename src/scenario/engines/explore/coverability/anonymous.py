"""The threads of a program as a system of threads that nothing tells apart, asked of the stepper step by step.

What a step depends on is shared or the thread's own (`step/memo`), and shared state names threads only where they own an RLock
or stand in a queue: that goes with the thread, to its place. A step is taken by one thread of its kind for all of them, with
nobody else about. Whether it wakes somebody is seen by taking it once more with `ANYBODY` in each queue.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from scenario.engines.explore.coverability.system import Beginning, Crowd, Move, Uncounted, Wake
from scenario.engines.explore.evidence.outcomes import outcome
from scenario.engines.explore.model.code import Instruction, Operate
from scenario.engines.explore.model.interning import Interner
from scenario.engines.explore.model.parts import ALIVE, OVER, SharedPart, ThreadPart
from scenario.engines.explore.step.layout import Thread
from scenario.engines.explore.step.primitives.model import ANYBODY, Personal, Queueing
from scenario.engines.explore.step.stepper import Stepper
from scenario.program import ops
from scenario.record import record
from scenario.results.outcome import Outcome

WAKES = {ops.Notify: False, ops.NotifyAll: True, ops.SetEvent: True}
"""The operations that let threads out of a queue, and whether it is all of them."""


@record
class Kind:
    """So many threads that are alike (None: any number, at least one), and one of them; `is_bounded`: each takes so many steps at most."""

    thread: Thread
    count: int | None
    is_bounded: bool = False


class _Place(NamedTuple):
    """`named`: for each personal object, whether its state names the thread."""

    kind: int
    part: int
    named: tuple[bool, ...]


class _Way(NamedTuple):
    """A way on; `left`: the queues that `ANYBODY` has been let out of."""

    shared: int
    place: _Place
    fails: bool
    spurious: bool
    left: tuple[int, ...]


class Anonymous:
    """A `System`."""

    def __init__(self, stepper: Stepper, kinds: Sequence[Kind]) -> None:
        self._stepper = stepper
        self._kinds = kinds
        models = enumerate(stepper.layout.models)
        self._personal = [(n, model) for n, model in models if isinstance(model, Personal)]
        self._queues = [(n, model) for n, model in self._personal if isinstance(model, Queueing)]
        self._places: Interner[_Place] = Interner()
        self._moves: dict[tuple[int, int], Sequence[Move]] = {}
        self._status = (ALIVE,) * len(stepper.layout.threads)

    def beginning(self) -> Beginning:
        shared, _ = self._stepper.opening()
        crowds, fails = [], bool(self._stepper.always.checked(shared).failed)
        for number, kind in enumerate(self._kinds):
            ways = list(self._stepper.local.begin(shared, kind.thread))
            fails = fails or any(_fails(after) for _, after, _ in ways)
            nowhere = (False,) * len(self._personal)
            parts = dict.fromkeys(self._stepper.parts.add(part) for _, _, part in ways)
            places = [self._places.add(_Place(number, part, nowhere)) for part in parts]
            crowds.append(Crowd(tuple(places), kind.count))
        return Beginning(self._stepper.shared.add(shared._replace(status=self._status)), tuple(crowds), fails)

    def moves(self, shared: int, place: int, /) -> Sequence[Move]:
        known = self._moves.get((shared, place))
        if known is None:
            known = self._moves[shared, place] = self._moves_of(shared, self._places[place])
        return known

    def woken(self, place: int, queue: int, /) -> int | None:
        kind, part, named = self._places[place]
        numbers = [n for n, _ in self._personal]
        i = numbers.index(queue)
        return self._places.add(_Place(kind, part, (*named[:i], False, *named[i + 1 :]))) if named[i] else None

    def has_ended(self, place: int, /) -> bool:
        return not self._stepper.parts[self._places[place].part].frames

    def is_bounded(self, place: int, /) -> bool:
        return self._kinds[self._places[place].kind].is_bounded

    def end(self, shared: int) -> Outcome:
        """What an execution leaves where everybody has ended."""
        over = self._stepper.shared[shared]._replace(status=(OVER,) * len(self._status))
        part = self._stepper.parts.add(ThreadPart(()))
        return outcome(self._stepper, (self._stepper.shared.add(over), *[part] * len(self._status)))

    # --- one step -----------------------------------------------------------------------------------------

    def _moves_of(self, shared: int, place: _Place) -> list[Move]:
        alone = self._ways(shared, place, ())
        beside = self._ways(shared, place, self._queues) if self._queues else alone
        if [way[:-1] for way in alone] != [way[:-1] for way in beside]:
            raise Uncounted(self._at(place).span)
        return [
            Move(way.shared, self._places.add(way.place), self._wake(place, way.left), way.fails, way.spurious)
            for way in beside
        ]

    def _wake(self, place: _Place, left: Sequence[int]) -> Wake | None:
        """Whom a step wakes that has let `ANYBODY` out of these queues."""
        if not left:
            return None
        op, is_atomic = self._at(place), self._stepper.parts[place.part].atomic
        if len(left) > 1 or is_atomic or not isinstance(op, Operate) or op.verb not in WAKES or "n" in op.args:
            raise Uncounted(op.span)
        return Wake(left[0], WAKES[op.verb])

    def _at(self, place: _Place) -> Instruction:
        code, pc, _, _ = self._stepper.parts[place.part].frames[-1]
        return self._stepper.layout.codes[code].instructions[pc]

    def _ways(self, shared: int, place: _Place, crowded: Sequence[tuple[int, Queueing]]) -> list[_Way]:
        """The ways on of a thread there, with `ANYBODY` in these queues."""
        stepper, thread = self._stepper, self._kinds[place.kind].thread
        state = [0] * (1 + len(self._status))
        state[0] = stepper.shared.add(self._with(stepper.shared[shared], place, crowded))
        state[1 + thread.number] = place.part
        ways = []
        for effect in stepper.effects(tuple(state), thread).ways:
            assert not effect.others, "nobody starts threads"
            after, named, left = self._without(stepper.shared[effect.shared], thread.number, crowded)
            there = _Place(place.kind, effect.part, named)
            ways.append(_Way(stepper.shared.add(after), there, _fails(after), effect.kind == "spurious", left))
        return ways

    def _with(self, shared: SharedPart, place: _Place, crowded: Sequence[tuple[int, Queueing]]) -> SharedPart:
        objects, me = list(shared.objects), self._kinds[place.kind].thread.number
        for n, queue in crowded:
            objects[n] = queue.back(objects[n], ANYBODY)
        for (n, model), is_named in zip(self._personal, place.named, strict=True):
            objects[n] = model.back(objects[n], me) if is_named else objects[n]
        return shared._replace(objects=tuple(objects))

    def _without(
        self, shared: SharedPart, me: int, crowded: Sequence[tuple[int, Queueing]]
    ) -> tuple[SharedPart, tuple[bool, ...], tuple[int, ...]]:
        """What is shared, whoever the thread is; where it is named; which queues `ANYBODY` has left."""
        objects, named, left = list(shared.objects), [], []
        for n, model in self._personal:
            is_named, objects[n] = model.apart(objects[n], me)
            named.append(is_named)
        for n, queue in crowded:
            is_there, objects[n] = queue.apart(objects[n], ANYBODY)
            left += [] if is_there else [n]
        return shared._replace(objects=tuple(objects), status=self._status), tuple(named), tuple(left)


def _fails(shared: SharedPart) -> bool:
    return bool(shared.failed or shared.errors)
