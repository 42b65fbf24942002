"""Step code in a thread under control: a gate before each step, as in the user's own code beside it."""

from __future__ import annotations

from collections.abc import Sequence

from scenario.engines.code.actors import Closed
from scenario.engines.code.operation import Operation
from scenario.engines.code.stage.bodies import Site
from scenario.engines.code.stage.play import Environment, Play
from scenario.engines.code.stage.roles import Role
from scenario.interpreter.interpreter import Interpreter as Base
from scenario.program.bounded.limits import Refused
from scenario.steps import code as steps
from scenario.steps.code import Code
from scenario.syntax import Expr


class Interpreter(Base, Environment):
    """Executes one body in the thread that plays a role."""

    over = (Closed, Refused)

    def __init__(self, stage: Play, code: Code, own: Role | None = None, args: Sequence[object] = ()) -> None:
        super().__init__(stage, code, own, args)
        self.stage: Play = stage

    @property
    def me(self) -> Role:
        return self.stage.current()

    @property
    def site(self) -> Site:
        """Where it is."""
        call = self._calls.top
        return self.stage.bodies.site(call.code, call.pc)

    def arrive(self) -> Site:
        """Its thread is at this step now."""
        site = self.site
        self.me.come_to(site.span)
        return site

    # --- what the interpreter of step code asks for --------------------------------------------------------

    def stand(self) -> None:
        site, world = self.arrive(), self.stage.world
        actor = world.current
        if actor is not None and (touches := self.stage.touches(site)):
            self.stage.prepared.gates.access(actor, site.number, touches)

    def wait(self, test: Expr, *, timed: bool) -> bool:
        here = self.stage.here(self.arrive())
        operation = Operation(
            here.place,
            "awaits",
            self.stage.touches(self.site),
            ready=lambda: self.holds(test),
            timed=(lambda: True) if timed else None,
        )
        here.world.accesses.mark(here.actor, operation.touches, None)
        here.world.reach(here.actor, operation)
        return not here.actor.timed_out

    def idle(self) -> None:
        me, here = self.me, self.stage.here(self.site)
        if not me.daemon:
            here.world.give_up(f"{me.ref} goes round a loop at {here.place.name} in which it takes no step")
        here.world.reach(here.actor, Operation(here.place, "goes round", (), ready=lambda: False))

    def snooze(self, _seconds: object) -> None:
        """Time moves with the virtual clock alone."""

    def pause(self) -> None:
        """Nothing comes in the middle of a thread beside own code."""

    def pick(self, values: Sequence[object]) -> object:
        here = self.stage.here(self.arrive())
        if here.actor.atomic:
            here.world.give_up(f"{here.place.name} chooses inside of an atomic block")
        return values[here.step_at((), "chooses", ways=lambda: len(values))]

    def perform(self, of: steps.Operate) -> object:
        self.arrive()
        return self.stage.perform(self, of)

    def nested(self, code: Code, args: Sequence[object]) -> Interpreter:
        return Interpreter(self.stage, code, args=args)

    def _give(self, value: object = None) -> None:
        self._note(value)
        super()._give(value)

    def _note(self, value: object) -> None:
        """What an access read or wrote, for the report."""
        world, of = self.stage.world, self.instruction
        if world.values is not None and isinstance(of, steps.Access):
            written: object = self.plain(of.value) if isinstance(of, steps.Write) else value
            world.values.note(len(world.steps) - 1, written)

    def called(self, function: object, /, *args: object, **named: object) -> object:
        """A call from where it is, through the gate of calls."""
        return self.stage.world.call(self.site.number, function, *args, **named)
