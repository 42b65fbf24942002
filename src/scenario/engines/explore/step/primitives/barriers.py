"""Barrier: arrive (a step), the last one's action, leave (a step); as `threading.Barrier` counts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar, Literal, NamedTuple, TypeAlias

from scenario.engines.explore.model.code import Operate
from scenario.engines.explore.model.parts import ScenarioError
from scenario.engines.explore.step.context import Context
from scenario.engines.explore.step.primitives.alternatives import (
    Alternative,
    Alternatives,
    argument,
    blocked,
    finishing,
    put,
    raising,
    summed,
    unusable,
)
from scenario.engines.explore.step.primitives.model import Model, Phase, Standing, Steps
from scenario.program import ops
from scenario.program.program import Barrier
from scenario.record import record
from scenario.results.waiting import Wait

Mode: TypeAlias = Literal["filling", "action", "draining", "resetting", "broken"]


class BarrierState(NamedTuple):
    """`arrived`: the parties that have arrived and not left, in the order of their numbers."""

    mode: Mode = "filling"
    arrived: tuple[int, ...] = ()

    def without(self, thread: int) -> tuple[int, ...]:
        """The parties that are left without the thread."""
        return tuple(n for n in self.arrived if n != thread)


@record
class Arrived(Phase):
    """Which party it is. `acts`: it runs the barrier's action now."""

    barrier: int
    index: int
    acts: bool = False

    @property
    def runs(self) -> bool:
        return self.acts

    def returned(self, w: Context, _value: object) -> None:
        """The action has returned: the barrier opens with its last step."""
        w.objects[self.barrier] = BarrierState("draining", w.objects[self.barrier].arrived)
        w.stay(Arrived(self.barrier, self.index))

    def left(self, w: Context) -> None:
        """An action that raises breaks the barrier, and the thread has no leave step."""
        if self.acts:
            w.objects[self.barrier] = BarrierState("broken", w.objects[self.barrier].without(w.thread.number))
        w.stay(None)


class BarrierModel(Model):
    """A barrier."""

    def __init__(self, number: int, kind: Barrier) -> None:
        super().__init__(number)
        self.kind = kind

    def first(self) -> BarrierState:
        return BarrierState()

    def asked(self, objects: Sequence[object]) -> dict[str, object]:
        state = objects[self.number]
        assert isinstance(state, BarrierState)
        waiting = len(state.arrived) if state.mode in ("filling", "action") else 0
        return {"n_waiting": waiting, "parties": self.kind.parties, "broken": state.mode == "broken"}

    def taken(self, _: BarrierState) -> int:
        return 0

    def role(self, state: BarrierState, thread: int) -> bool:
        return thread in state.arrived

    def renamed(self, state: BarrierState, new: Mapping[int, int]) -> BarrierState:
        return BarrierState(state.mode, tuple(sorted(new[n] for n in state.arrived)))

    def touched(self) -> tuple[int, ...]:
        return (self.number,)

    def wait(self, at: Standing) -> Wait:
        state: BarrierState = at.w.objects[self.number]
        name = at.w.layout.name_of(self.number)
        if state.mode == "action":
            return Wait("action", name, by=tuple(at.inside(self._is_acting)))
        return Wait("barrier", name, needs=self.kind.parties, has=len(state.arrived))

    def _is_acting(self, phase: object) -> bool:
        return isinstance(phase, Arrived) and phase.acts and phase.barrier == self.number

    # --- waiting -------------------------------------------------------------------------------

    def wait_others(self, w: Context, op: Operate) -> Alternatives:
        mode: Mode = w.objects[self.number].mode
        if w.phase is None:
            return self._arriving(w, op, mode)
        # who has opened it goes on, whatever others do to it since
        if mode != "action" and w.phase.index + 1 == self.kind.parties:
            return (Alternative(self._leave, part="second"),)
        timeout = argument(w, op, "timeout", self.kind.timeout)
        if mode != "action" and (refused := unusable(timeout)) is not None:
            return (Alternative(lambda v: self._refuse(v, refused)),)
        match mode:
            case "draining":
                return (Alternative(self._leave, part="second"),)
            case "broken" | "resetting":
                return (Alternative(self._leave_broken),)
            case "filling":
                return blocked(w, timeout, self._expire)
            case "action":
                return ()

    def _arriving(self, w: Context, op: Operate, mode: Mode) -> Alternatives:
        if mode in ("action", "draining", "resetting"):
            return ()
        if mode == "broken":
            return raising("BrokenBarrierError")
        is_last = len(w.objects[self.number].arrived) + 1 >= self.kind.parties
        if not is_last:  # nobody sees who has come before that
            summed(argument(w, op, "timeout", self.kind.timeout))
        return (Alternative(self._arrive, part="first"),)

    def _arrive(self, w: Context) -> None:
        state: BarrierState = w.objects[self.number]
        index = len(state.arrived)
        is_last, action = index + 1 == self.kind.parties, self.kind.action
        mode: Mode = "filling" if not is_last else "draining" if action is None else "action"
        w.objects[self.number] = BarrierState(mode, tuple(sorted((*state.arrived, w.thread.number))))
        w.stay(Arrived(self.number, index, acts=mode == "action"))
        if mode == "action":
            w.push(f"routine {action}", [])

    def _exit(self, w: Context) -> None:
        """One party fewer; the last one out makes the barrier ready for the next round."""
        state: BarrierState = w.objects[self.number]
        left = state.without(w.thread.number)
        is_ready = not left and state.mode in ("draining", "resetting")
        w.objects[self.number] = BarrierState("filling" if is_ready else state.mode, left)

    def _leave(self, w: Context) -> None:
        index = w.phase.index
        self._exit(w)
        w.finish(index)

    def _leave_broken(self, w: Context) -> None:
        self._refuse(w, ScenarioError("BrokenBarrierError"))

    def _refuse(self, w: Context, error: ScenarioError) -> None:
        self._exit(w)
        raise error

    def _expire(self, w: Context) -> None:
        w.objects[self.number] = BarrierState("broken", w.objects[self.number].arrived)
        self._leave_broken(w)

    # --- calling it off ------------------------------------------------------------------------

    def abort(self, w: Context, _: Operate) -> Alternatives:
        state: BarrierState = w.objects[self.number]
        if state.mode == "action":
            return ()
        return (Alternative(put(self.number, BarrierState("broken", state.arrived))),)

    def reset(self, w: Context, _: Operate) -> Alternatives:
        state: BarrierState = w.objects[self.number]
        if state.mode == "action":
            return ()
        if not state.arrived:
            return (Alternative(put(self.number, BarrierState())),)
        if state.mode in ("filling", "broken"):
            return (Alternative(put(self.number, BarrierState("resetting", state.arrived))),)
        return (Alternative(finishing()),)

    steps: ClassVar[Steps] = {ops.WaitBarrier: wait_others, ops.AbortBarrier: abort, ops.ResetBarrier: reset}
