"""Plays a script: builds the objects, starts the threads, gives the cues one after the other."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

from scenario.diagnostics import InvalidScenario
from scenario.engines.threads import privates
from scenario.engines.threads.actors import Abandoned
from scenario.engines.threads.controlled import witness
from scenario.engines.threads.controlled.ending import Ending, Round, ending_of, outcome_of
from scenario.engines.threads.controlled.environment import LiveEnvironment
from scenario.engines.threads.controlled.interpreter import Interpreter
from scenario.engines.threads.controlled.objects import Objects
from scenario.engines.threads.controlled.operations import perform
from scenario.engines.threads.controlled.stage import Diverged, Player, Stage
from scenario.engines.threads.controlled.waits import all_to_end, its_time
from scenario.engines.threads.live.timers import Timer
from scenario.engines.threads.refusals import where_refused
from scenario.engines.threads.values import fresh
from scenario.engines.threads.watch.stuck import names_of
from scenario.program.bounded.limits import Refused
from scenario.program.ops import Block
from scenario.program.program import Program, ThreadGroup, thread_ref
from scenario.program.refusal import invalid
from scenario.program.whole import ends_are_steps, has_thread_pools
from scenario.record import record
from scenario.results.failures import AlwaysFalse, Failure
from scenario.results.outcome import Outcome
from scenario.results.script import Absent, Cue, Divergence, Exemption, Script
from scenario.steps.lower.bodies import body_code
from scenario.syntax import Expr


@record
class Replayed:
    """What the real threads did. `diverged` says where they left the schedule; `exempt` what was not CPython's own."""

    outcome: Outcome
    steps: int
    diverged: Divergence | None = None
    exempt: tuple[Exemption, ...] = ()


def replay(program: Program, script: Script, *, on_step: Callable[[int, Cue], None] | None = None) -> Replayed:
    """Takes the script's steps on real threads; `on_step` is called after each with its number (from 0)."""
    return _Conductor(program, script).play(on_step)


class _Conductor:
    def __init__(self, program: Program, script: Script) -> None:
        self.program = program
        self.script = script
        self.stage = Stage(program, script)
        self.stage.shared.update({var.name: fresh(var.value) for var in program.vars})
        objects = Objects(self.stage, self._call)
        self.stage.objects.update(objects.build(program.primitives))
        self.stage.names.update(names_of(program, self.stage.objects))
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
        interpreter = Interpreter(self.stage, body_code(self.program, player.group, body), perform, player)

        def act() -> None:
            self._act(player, interpreter, interpreter.run)

        if group is not None and group.timer is not None:
            interpreter.span = group.span
            player.thread = self._timer(player, interpreter, group.timer)
        elif group is not None and group.class_name is not None:
            kind = type(group.class_name, (threading.Thread,), {"run": lambda _: act()})
            player.thread = kind(name=player.name, daemon=True)
        else:
            player.thread = threading.Thread(target=act, name=player.name, daemon=True)

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
        stage = self.stage
        stage.enter(me)
        try:
            self._perform(me, interpreter, run)
        except (Abandoned, SystemExit):
            pass
        finally:
            me.registers = {name: value for name, value in interpreter.locals.items() if not name.startswith("$")}
            if me in (self.main, self.default_main) and not stage.over and has_thread_pools(self.program):
                privates.refuse_calls()
            stage.move_to(me, "over")

    def _perform(self, me: Player, interpreter: Interpreter, run: Callable[[], object]) -> None:
        try:
            run()
        except (Abandoned, SystemExit):
            if self.stage.over:
                raise
        except BaseException as error:  # noqa: BLE001 (whatever it is, it is the scenario's)
            me.error, me.error_span = error, getattr(error, "scenario_span", me.span)
            if isinstance(error, Refused):
                self.invalid = invalid(error, me.error_span)
        if self.ends_are_steps:
            me.inside, me.atomic = False, 0
            if me is self.default_main:
                interpreter.gate(all_to_end, self._all_have_ended, counts=False)
            else:
                interpreter.gate(counts=False)

    def _all_have_ended(self) -> bool:
        players = list(self.stage.players.values())
        return all(p.state == "over" for p in players if not (p.daemon or p.worker or p is self.default_main))

    # --- the play ------------------------------------------------------------------------------------

    def play(self, on_step: Callable[[int, Cue], None] | None) -> Replayed:
        diverged: Divergence | None = None
        round_: Round | None = None
        done = 0
        self._open()
        for number, cue in enumerate(self.script.cues):
            if number == self.script.schedule.cycle:
                round_ = Round(self.stage)
            if round_ is not None:
                round_.look(self.stage)
            self.stage.at = number
            try:
                self._give(cue)
            except Diverged as error:
                diverged = Divergence(error.how, number + 1)
                break
            self._check_always()
            done += 1
            if on_step is not None:
                on_step(number, cue)
        diverged = diverged or self._finish()
        ending = ending_of(self.stage, round_) if diverged is None else Ending("interrupted")
        outcome = outcome_of(self.stage, ending)
        if diverged is None and self.script.stuck:
            diverged = witness.differs(self.stage)
        self.stage.abandon()
        privates.allow_calls()
        if self.invalid is not None:
            raise self.invalid
        return Replayed(outcome, done, diverged, tuple(self.stage.exempt))

    def _finish(self) -> Divergence | None:
        """The threads that take all the steps they have left, one after the other."""
        try:
            for ref in self.script.schedule.rest:
                self.stage.let_finish(self.stage.players[ref])
        except Diverged as error:
            return Divergence(error.how)
        return None

    def _open(self) -> None:
        self.stage.at = -1
        for ref, values in self.script.opening.items():
            if ref in self.stage.players:
                self.stage.players[ref].chosen.extend(values)
        players = list(self.stage.players.values()) if self.main is None else [self.main]
        for player in players:
            self.stage.start(player)
        self._check_always()

    def _give(self, cue: Cue) -> None:
        player = self.stage.players.get(cue.move.thread)
        if player is None:
            raise Diverged(Absent(cue.move.thread))
        self.stage.grant(player, cue)

    def _check_always(self) -> None:
        for claim in self.program.claims.always:
            key = ("always", claim.span)
            if key not in self.stage.failures and not self._holds(claim.expr):
                self.stage.failures[key] = Failure(AlwaysFalse(claim.text), claim.span)

    def _holds(self, claim: Expr) -> bool:
        try:
            return bool(LiveEnvironment(self.stage, {}).plain(claim))
        except Exception:  # noqa: BLE001 (a claim that raises is false)
            return False
