"""Executions of a file (`laboratory.Laboratory`): objects, threads, what they come to, and what `expect` says of that."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeAlias

from scenario.diagnostics import InvalidScenario
from scenario.engines.code.actors import Closed
from scenario.engines.code.laboratory import End
from scenario.engines.code.operation import Operation, content
from scenario.engines.code.prepared import Prepared
from scenario.engines.code.stage.bodies import Bodies
from scenario.engines.code.stage.interpreter import Interpreter
from scenario.engines.code.stage.operations import Routine, perform
from scenario.engines.code.stage.outcomes import outcome
from scenario.engines.code.stage.play import Play, over
from scenario.engines.code.stage.roles import Role
from scenario.engines.code.world import World
from scenario.program.bounded.limits import Refused
from scenario.program.ops import Join
from scenario.program.program import Program
from scenario.program.refusal import invalid
from scenario.program.whole import ends_are_steps, every_node
from scenario.record import record
from scenario.results.failures import Failure
from scenario.results.outcome import Judged, Outcome
from scenario.steps.code import Code

Judge: TypeAlias = Callable[[Program, Outcome], Judged]


@record
class Performed(End):
    """An execution of a file: `outcome` is None where it was left in the middle; `failures`: what `expect` forbids, or permits."""

    outcome: Outcome | None = None
    judged: Judged | None = None
    failures: tuple[Failure, ...] = ()

    @property
    def causes(self) -> tuple[object, ...]:
        return tuple(map(cause, self.failures))


def cause(failure: Failure) -> object:
    """What makes two failures one: their kind and place."""
    return failure.kind, failure.span


def _nobody(_: Play) -> None:
    """Has nothing to do with it."""


class Performances:
    """`judge` says what an execution breaks; `is_enough`: whether a failure ends the search; `on_end` is told of each, `on_play` of each that begins."""

    def __init__(
        self,
        program: Program,
        callables: Mapping[str, Callable[..., object]],
        prepared: Prepared,
        judge: Judge,
        on_end: Callable[[Performed], None],
        *,
        is_enough: bool,
        on_play: Callable[[Play], None] = _nobody,
    ) -> None:
        self._program, self._callables, self._prepared, self._judge = program, callables, prepared, judge
        self._on_end, self._is_enough, self._on_play = on_end, is_enough, on_play
        self.bodies = Bodies(program)
        self._looks = bool(program.claims.always or program.claims.reachable)
        self._joinable = ends_are_steps(program) or any(isinstance(node, Join) for node in every_node(program))

    @property
    def calls(self) -> Callable[..., object]:
        return self._prepared.calls

    @property
    def visible(self) -> frozenset[int]:
        return frozenset(self.bodies.visible)

    @property
    def rests(self) -> None:
        """Each round of a loop counts: what it prints is told, and the file's own loops go round as well."""

    def execute(self, world: World, look: Callable[[World], None]) -> Performed:
        self._prepared.begin(world)
        play = Play(self.bodies, world, self._prepared, self._callables, self._start, perform)
        play.build(lambda name: self._callables.get(name) or Routine(play, name))
        self._prepared.calls.do_instead({print: play.print})
        self._on_play(play)
        if self._looks:
            world.look_between(play.look)
        with self._prepared.entered(world):
            self._begin(play)
            world.run()
            self._prepared.gates.leave()
            performed = self._end(play)
            look(world)
        self._on_end(performed)
        return performed

    def _begin(self, play: Play) -> None:
        """A main thread of the file's own, or one that starts and joins all: it is seen where it closes pools."""
        if "main" in play.roles:
            play.start(play.roles["main"])
            return
        roles = list(play.roles.values())
        for role in roles:
            play.start(role)
        if any(play.pools()):
            joined = [role for role in roles if not role.daemon]
            play.world.spawn(
                "main", lambda: play.close_pools(joined), None, joinable=False, rests=lambda: not over(joined)
            )

    # --- threads ----------------------------------------------------------------------------------------------

    def _start(self, play: Play, role: Role) -> None:
        code = self.bodies.main if role.ref == "main" else self.bodies.threads[role.group]
        assert code is not None
        group = next((group for group in self._program.groups if group.key == role.group), None)
        is_timer = group is not None and group.timer is not None

        def run() -> None:
            play.enter(role)
            if is_timer:
                self._wait_to_fire(play, role)
            try:
                self._act(play, role, code)
            finally:
                if role.ref == "main":
                    play.close_pools()

        rests = (lambda: role.cancelled) if is_timer else None
        play.world.spawn(role.ref, run, role.thread, joinable=self._joinable, rests=rests)

    def _act(self, play: Play, role: Role, code: Code) -> None:
        interpreter = Interpreter(play, code, role)
        try:
            interpreter.run()
        except Closed:
            raise
        except Refused as refused:
            raise invalid(refused, role.span) from refused
        except BaseException as error:
            role.fail(error)
            raise
        finally:
            role.leave(interpreter.locals)

    def _wait_to_fire(self, play: Play, role: Role) -> None:
        """A timer may fire at any moment, until it is cancelled."""
        world, actor = play.world, play.world.current
        assert actor is not None
        place = self.bodies.starts[role.group]
        world.reach(actor, Operation(place, "fires", ((content(role.thread), True),), ready=lambda: not role.cancelled))
        role.fire()

    # --- the end ------------------------------------------------------------------------------------------------

    def _end(self, play: Play) -> Performed:
        world = play.world
        for actor in world.actors:
            if isinstance(actor.error, InvalidScenario):
                raise actor.error
        if world.trouble or world.cut or world.too_long or world.restless:
            return Performed(world)
        found = outcome(play)
        judged = self._judge(self._program, found)
        failures = (*judged.failures, *judged.permitted)
        if not failures:
            return Performed(world, outcome=found, judged=judged)
        return Performed(
            world,
            failures[0].kind,
            thread=failures[0].thread or "",
            stuck=tuple(world.unfinished()),
            stops=self._is_enough and judged.bad,
            outcome=found,
            judged=judged,
            failures=failures,
        )
