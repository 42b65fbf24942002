"""An execution on real threads, step by step: builds the objects, starts the threads, lets go whom the scheduler says."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from typing import Any, Literal

from scenario.diagnostics import InvalidScenario
from scenario.engines.threads import privates
from scenario.engines.threads.actors import Timer
from scenario.engines.threads.controlled.ending import able
from scenario.engines.threads.controlled.facts import all_to_end, its_time
from scenario.engines.threads.controlled.interpreter import Interpreter
from scenario.engines.threads.controlled.objects import Objects
from scenario.engines.threads.controlled.operations import perform
from scenario.engines.threads.controlled.player import Player
from scenario.engines.threads.controlled.scheduler import Scheduler
from scenario.engines.threads.controlled.stage import Diverged, Stage
from scenario.interpreter.environment import LiveEnvironment
from scenario.interpreter.objects import lock_of
from scenario.interpreter.refusals import where_refused
from scenario.program.bounded.limits import Refused
from scenario.program.evaluate import Raised, tried
from scenario.program.ops import Block
from scenario.program.program import Program, ThreadGroup, thread_ref
from scenario.program.refusal import invalid
from scenario.program.whole import ends_are_steps, has_thread_pools
from scenario.real import endable
from scenario.real.endable import Abandoned
from scenario.real.making import names_of
from scenario.real.values import error_of, fresh
from scenario.results.failures import AlwaysFalse, Failure
from scenario.results.schedule import Move
from scenario.results.script import Absent, Cue
from scenario.source import START
from scenario.steps.lower.bodies import body_code
from scenario.syntax import Expr


class Conductor:
    """One execution of a program, step by step, as its scheduler says."""

    def __init__(self, program: Program, scheduler: Scheduler) -> None:
        self.program = program
        self.stage = Stage(program, scheduler)
        self.stage.shared.update({var.name: fresh(var.value) for var in program.vars})
        objects = Objects(self.stage, self._call)
        self.stage.objects.update(objects.build(program.primitives))
        self.stage.names.update(names_of(program, self.stage.objects, lock_of))
        self.ends_are_steps = ends_are_steps(program)
        self.main: Player | None = None
        self.default_main: Player | None = None
        self.invalid: InvalidScenario | None = None
        self._cast()

    def _cast(self) -> None:
        if self.program.main is not None:
            self.main = Player("main", "MainThread", 0, "main")
            self._thread(self.main, self.program.main)
        for group in self.program.groups:
            for index, name in enumerate(group.names):
                player = Player(thread_ref(group, index), name, index, group.key, group.daemon)
                self._thread(player, group.body, group)
        if self.main is None and has_thread_pools(self.program):
            self.default_main = Player("main", "MainThread", 0, "main")
            self._thread(self.default_main, ())

    def _call(self, routine: str, args: list[Any]) -> Any:
        """What the objects call: a barrier's action, a pool's initializer."""
        return Interpreter(self.stage, self.stage.routines[routine], perform, args=args).run()

    def _thread(self, player: Player, body: Block, group: ThreadGroup | None = None) -> None:
        self.stage.players[player.ref] = player
        span = START if group is None else group.span
        interpreter = Interpreter(self.stage, body_code(self.program, player.group, body), perform, player, span=span)
        player.handle_by(lambda key: interpreter.call(key, ()))
        thread = self._real_thread(player, interpreter, group)
        endable.closed(thread)
        player.act_in(thread)

    def _real_thread(
        self, player: Player, interpreter: Interpreter, group: ThreadGroup | None
    ) -> threading.Thread | Timer:
        def act() -> None:
            self._act(player, interpreter, interpreter.run)

        if group is not None and group.timer is not None:
            return self._timer(player, interpreter, group.timer)
        if group is not None and group.class_name is not None:
            kind = type(group.class_name, (threading.Thread,), {"run": lambda _: act()})
            found: threading.Thread = kind(name=player.name, daemon=True)
            return found
        return threading.Thread(target=act, name=player.name, daemon=True)

    def _timer(self, me: Player, interpreter: Interpreter, interval: float) -> Timer:
        """The schedule says when it fires, and Python what interval it refuses."""

        def within(wait: Callable[[], None]) -> None:
            def fire() -> None:
                if not timer.is_cancelled:
                    interpreter.gate(its_time)
                wait()

            self._act(me, interpreter, fire)

        timer = Timer(where_refused(interval, 0), interpreter.run, within, me.name)
        return timer

    # --- what each thread runs -------------------------------------------------------------------------

    def _act(self, me: Player, interpreter: Interpreter, run: Callable[[], object]) -> None:
        endable.within(lambda: self._acted(me, interpreter, run))

    def _acted(self, me: Player, interpreter: Interpreter, run: Callable[[], object]) -> None:
        stage = self.stage
        stage.enter(me)
        try:
            self._perform(me, interpreter, run)
        except (Abandoned, SystemExit):
            pass
        finally:
            me.end(interpreter.locals)
            if me in (self.main, self.default_main) and not stage.over and has_thread_pools(self.program):
                privates.refuse_calls()
                for _, pool in stage.pools():
                    privates.wake_worker(pool)
            stage.move_to(me, "over")

    def _perform(self, me: Player, interpreter: Interpreter, run: Callable[[], object]) -> None:
        try:
            run()
        except (Abandoned, SystemExit):
            if self.stage.over:
                raise
        except BaseException as error:  # noqa: BLE001 (whatever it is, it is the scenario's)
            me.fail(error)
            if isinstance(error, Refused):
                self.invalid = invalid(error, me.error_span)
        if self.ends_are_steps:
            me.leave()
            if me is self.default_main:
                interpreter.gate(all_to_end, self._all_have_ended, counts=False)
            else:
                interpreter.gate(counts=False)

    def _all_have_ended(self) -> bool:
        players = list(self.stage.players.values())
        return all(p.state == "over" for p in players if not (p.daemon or p.worker or p is self.default_main))

    # --- the play ------------------------------------------------------------------------------------

    def begin(self) -> None:
        """Starts the threads that begin by themselves, up to where each stands before its first step."""
        for player in list(self.stage.players.values()) if self.main is None else [self.main]:
            self.stage.start(player)
        self._check_always(None)

    def steps(self) -> Iterator[Cue]:
        """Each step when it has been taken. Raises Diverged where a thread does not take the one that is asked of it."""
        while (cue := self.stage.scheduler.next(lambda: able(self.stage))) is not None:
            player = self.stage.players.get(cue.move.thread)
            if player is None:
                raise Diverged(Absent(cue.move.thread))
            self.stage.grant(player, cue)
            self._check_always(cue.move)
            yield cue

    def end(self) -> None:
        """No thread takes a further step. Raises InvalidScenario where the file asked for what no engine does."""
        self.stage.abandon()
        privates.allow_calls()
        if self.invalid is not None:
            raise self.invalid

    def _check_always(self, move: Move | None) -> None:
        """After the move, or at the start."""
        where: Literal["start"] | int = "start" if move is None else (move.atomic or move.span).line
        thread = None if move is None else move.thread
        for claim in self.program.claims.always:
            key = ("always", claim.span)
            if key not in self.stage.failures and (said := self._says(claim.expr)) is not True:
                raised = error_of(said.error) if isinstance(said, Raised) else None
                self.stage.failures[key] = Failure(AlwaysFalse(claim.text, where, raised), claim.span, thread)

    def _says(self, claim: Expr) -> bool | Raised:
        """Whether a claim holds, or what it raises."""
        return tried(lambda: bool(LiveEnvironment(self.stage, {}).plain(claim)))
