"""Plays a script: builds the objects, starts the threads, gives the cues, and says what came of it."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from scenario.engines.threads.actors import Abandoned
from scenario.engines.threads.controlled.objects import Objects
from scenario.engines.threads.controlled.stage import Diverged, Player, Stage
from scenario.engines.threads.controlled.values import Reader
from scenario.engines.threads.controlled.walker import Walker, call
from scenario.engines.threads.values import fresh, text_of, view
from scenario.engines.threads.walk import nodes
from scenario.program.ops import Block, Join
from scenario.program.program import Program, thread_ref
from scenario.run.outcome import Blocked, Failure, Outcome, ThreadError
from scenario.run.script import Cue, Script
from scenario.syntax import Query

LONG_ENOUGH = 0.1
"""Seconds for which threads that should be stuck are let go, to see that none comes through."""


@dataclass(frozen=True, slots=True)
class Replayed:
    """What the real threads did. `diverged` says where they left the schedule; `exempt` what was not CPython's own."""

    outcome: Outcome
    steps: int
    diverged: str | None = None
    exempt: tuple[str, ...] = ()


def replay(program: Program, script: Script, *, on_step: Callable[[int, Cue], None] | None = None) -> Replayed:
    """Takes the script's steps on real threads; `on_step` is called after each with its number (from 0)."""
    return _Conductor(program, script).play(on_step)


class _Conductor:
    def __init__(self, program: Program, script: Script) -> None:
        self.program = program
        self.script = script
        self.stage = Stage(program, script)
        self.stage.shared.update({var.name: fresh(var.value) for var in program.vars})
        objects = Objects(self.stage, lambda name, args: call(self.stage, name, args))
        self.stage.objects.update(objects.build(program.primitives))
        self.end_steps = _end_steps(program)
        self.main: Player | None = None
        self._cast()

    def _cast(self) -> None:
        if self.program.main is not None:
            self.main = Player("main", "MainThread", 0, "main")
            self._thread(self.main, self.program.main, None, None)
        for group in self.program.groups:
            for index, name in enumerate(group.names):
                player = Player(
                    thread_ref(group, index), name, index, group.key, group.daemon, timer=group.timer is not None
                )
                self._thread(player, group.body, group.timer, group.class_name)

    def _thread(self, player: Player, body: Block, timer: float | None, class_name: str | None) -> None:
        self.stage.players[player.ref] = player

        def act() -> None:
            self._act(player, body)

        if timer is not None:
            player.thread = threading.Timer(0, act)  # the schedule says when it fires
            player.thread.name, player.thread.daemon = player.name, True
        elif class_name is not None:
            kind = type(class_name, (threading.Thread,), {"run": lambda _: act()})
            player.thread = kind(name=player.name, daemon=True)
        else:
            player.thread = threading.Thread(target=act, name=player.name, daemon=True)

    def _act(self, me: Player, body: Block) -> None:
        """What each thread runs."""
        stage = self.stage
        stage.enter(me)
        frame: dict[str, Any] = {"$player": me}
        walker = Walker(stage, frame)
        try:
            if me.timer:
                stage.gate(walker.span, "its time")
            if not me.dismissed:
                self._perform(me, walker, body)
        except (Abandoned, SystemExit):
            pass
        finally:
            me.registers = {name: value for name, value in frame.items() if not name.startswith("$")}
            if me is self.main:
                stage.closed = True
            stage.move_to(me, "over")

    def _perform(self, me: Player, walker: Walker, body: Block) -> None:
        try:
            walker.body(body)
        except (Abandoned, SystemExit):
            if self.stage.over:
                raise
        except BaseException as error:  # noqa: BLE001 (whatever it is, it is the scenario's)
            me.error, me.error_span = error, getattr(error, "scenario_span", me.span)
        if self.end_steps:
            me.inside, me.atomic = False, 0
            self.stage.gate(walker.span, counts=False)

    # --- the play ------------------------------------------------------------------------------------

    def play(self, on_step: Callable[[int, Cue], None] | None) -> Replayed:
        diverged: str | None = None
        places: Any = None
        done = 0
        self._open()
        for number, cue in enumerate(self.script.cues):
            if number == self.script.schedule.cycle:
                places = self._places()
            self.stage.at = number
            try:
                self._give(cue)
            except Diverged as error:
                diverged = f"step {number + 1}: {error}"
                break
            self._check_always()
            done += 1
            if on_step is not None:
                on_step(number, cue)
        outcome = self._outcome(places, diverged)
        if diverged is None and outcome.end == "deadlock":
            diverged = self._let_go(outcome.blocked)
        self.stage.abandon()
        return Replayed(outcome, done, diverged, tuple(self.stage.exempt))

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
            raise Diverged(f"there is no thread {cue.move.thread} yet")
        self.stage.grant(player, cue)

    def _check_always(self) -> None:
        reader = Reader(self.stage, {}, self.program.claims.at)
        for claim in self.program.claims.always:
            key = ("always", claim.span)
            if key not in self.stage.failures and not _holds(reader, claim.expr):
                self.stage.failures[key] = Failure("always", f"`{claim.text}` is false in a state", claim.span)

    def _places(self) -> Any:
        """All that must be the same after a round of a livelock."""
        where = {p.ref: (p.state, p.span, p.waits_for) for p in self.stage.players.values()}
        return {name: view(value) for name, value in self.stage.shared.items()}, where

    def _let_go(self, stuck: tuple[Blocked, ...]) -> str | None:
        """Lets the stuck threads go into the real calls before which they stand: none may come through."""
        players = [self.stage.players[b.thread] for b in stuck if b.thread in self.stage.players]
        for player in players:
            if player.state == "gate" and not player.waits_for.startswith(("its ", "a future", "the calls")):
                player.state = "stuck"
                player.go.release()
        time.sleep(LONG_ENOUGH)
        free = [p.ref for p in players if p.state == "over" or (p.state == "gate" and p.ready())]
        return f"at the end: {', '.join(free)} can go on" if free else None

    # --- what came of it -----------------------------------------------------------------------------------

    def _outcome(self, places: Any, diverged: str | None) -> Outcome:
        stage = self.stage
        cycle: tuple[str, ...] = ()
        blocked: tuple[Blocked, ...] = ()
        end: Any = "interrupted"
        if diverged is None and places is not None and places == self._places():
            end = "livelock"
            begins = self.script.schedule.cycle or 0
            cycle = tuple(dict.fromkeys(cue.move.thread for cue in self.script.cues[begins:]))
        elif diverged is None and not list(stage.unfinished()):
            end = "finished"
        elif diverged is None and self.script.stuck:
            blocked = tuple(self._blocked(b) for b in self.script.stuck if self._is_blocked(b.thread))
            end = "deadlock" if len(blocked) == len(self.script.stuck) else "interrupted"
        return Outcome(
            end,
            {name: view(value) for name, value in stage.shared.items()},
            {p.ref: {n: view(v) for n, v in p.registers.items()} for p in stage.players.values() if not p.worker},
            self._objects(),
            tuple(stage.output),
            tuple(stage.marks),
            {p.ref: _error(p) for p in stage.players.values() if p.error is not None},
            tuple(stage.failures.values()),
            blocked,
            cycle,
            elapsed=stage.moment if self.program.explore and self.program.explore.clock == "virtual" else None,
        )

    def _is_blocked(self, ref: str) -> bool:
        player = self.stage.players.get(ref)
        if player is None:
            return False
        return player.still_queued or (player.state == "gate" and not player.ready())

    def _blocked(self, told: Blocked) -> Blocked:
        return told

    def _objects(self) -> dict[tuple[str, int | None], dict[str, Any]]:
        """The state of the objects that the expectations ask for."""
        claims = self.program.claims
        asked = [
            (n.ref.name, n.attribute)
            for n in nodes((claims.final, claims.sometimes, claims.observe or (), claims.outcomes or ()))
            if isinstance(n, Query)
        ]
        reader = Reader(self.stage, {}, claims.at)
        found: dict[tuple[str, int | None], dict[str, Any]] = {}
        for name, attribute in dict.fromkeys(asked):
            place = self.stage.objects.get(name)
            count = len(place) if isinstance(place, list) else 0
            if name not in self.stage.objects:
                group = next((g for g in self.program.groups if g.key == name), None)
                count = len(group.names) if group is not None and group.is_group else 0
            indices: list[int | None] = [*range(count)]
            if not count or attribute in ("alive", "blocked"):
                indices.append(None)
            for index in indices:
                found.setdefault((name, index), {})[attribute] = reader.query(name, index, attribute)
        return found


def _holds(reader: Reader, claim: Any) -> bool:
    try:
        return bool(reader.plain(claim))
    except Exception:  # noqa: BLE001 (a claim that raises is false)
        return False


def _error(player: Player) -> ThreadError:
    error = player.error
    assert error is not None
    names = tuple(base.__name__ for base in type(error).__mro__ if base is not object)
    return ThreadError(type(error).__name__, names, text_of(error), player.error_span)


def _end_steps(program: Program) -> bool:
    """Whether the end of a thread is a step of its own (LANGUAGE.md section 6)."""
    if any(group.daemon for group in program.groups):
        return True
    claims = program.claims
    bodies = (*(g.body for g in program.groups), *(r.body for r in program.routines.values()), program.main or ())
    asked = (
        claims.final,
        claims.sometimes,
        claims.always,
        claims.reachable,
        claims.observe or (),
        claims.outcomes or (),
    )
    return any(
        (isinstance(n, Query) and n.attribute in ("is_alive", "alive"))
        or (isinstance(n, Join) and n.timeout is not None)
        for n in nodes((bodies, asked))
    )
