"""Where threads stand between two steps, and how they are let go one at a time."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from typing import Any

from scenario.engines.threads import privates
from scenario.engines.threads.controlled.facts import Fact, all_to_end, its_turn
from scenario.engines.threads.controlled.player import GO_ON, Player, State, always
from scenario.engines.threads.controlled.scheduler import Scheduler
from scenario.engines.threads.watch.stop import end_threads
from scenario.program.program import Program
from scenario.real.endable import Abandoned
from scenario.real.takers import Takers
from scenario.results.failures import Failure
from scenario.results.script import Cue, Exemption, Kept, Late, Parting
from scenario.source import Span
from scenario.steps.lower.bodies import body_code

PATIENCE = 5.0
"""Seconds in which a thread neither comes through a step, which does not block, nor computes: past it the replay has left the schedule."""


class Diverged(Exception):
    """The real objects do not do what the schedule says."""

    def __init__(self, how: Parting) -> None:
        super().__init__(how)
        self.how = how


class Stage:
    """The players, and the shared variables that they change."""

    def __init__(self, program: Program, scheduler: Scheduler) -> None:
        self.program = program
        self.scheduler = scheduler
        self.routines = {
            r.name: body_code(program, r.name, r.body, r.params, is_called=True) for r in program.routines.values()
        }
        self.is_virtual = program.explore is not None and program.explore.clock == "virtual"
        self.moment = 0.0
        self.over = False
        self.players: dict[str, Player] = {}
        self.shared: dict[str, object] = {}
        self.objects: dict[str, Any] = {}
        self.output: list[str] = []
        self.marks: list[str] = []
        self.failures: dict[object, Failure] = {}
        self.names: dict[int, tuple[str, str]] = {}  # id of an object -> (its name, as reported)
        self.holds = Takers[str, Span]()
        self.exempt: dict[Exemption, None] = {}
        self.ranks: dict[object, int] = {}
        self.changed = threading.Condition()
        self._mine = threading.local()

    # --- threads -----------------------------------------------------------------------------------

    def enter(self, player: Player) -> None:
        self._mine.player = player

    def current(self) -> Player:
        found: Player = self._mine.player
        return found

    def has_entered(self) -> bool:
        return hasattr(self._mine, "player")

    def pools(self) -> Iterator[tuple[str, object]]:
        """The thread pools by name, the elements of arrays one by one."""
        for primitive in self.program.primitives:
            place = self.objects[primitive.name]
            for element in place if primitive.is_array else [place]:
                if hasattr(element, "_work_queue"):
                    yield privates.calls_of(element).label, element

    def members(self, group: str, index: int | None = None) -> list[Player]:
        found = [p for p in self.players.values() if p.group == group and not p.worker]
        return found if index is None else [found[index]]

    def rank(self, future: object) -> None:
        """The future counts as completed now, for `as_completed`."""
        self.ranks.setdefault(future, len(self.ranks))

    def rank_when_done(self, future: Any) -> None:
        """The same as soon as it is; of one that is cancelled whoever takes it off a queue says so."""
        future.add_done_callback(lambda done: None if done.cancelled() else self.rank(done))

    # --- gates -------------------------------------------------------------------------------------

    def gate(
        self,
        span: Span,
        wait: Fact = its_turn,
        ready: Callable[[], bool] = always,
        *,
        counts: bool = True,
        timed: bool = False,
        limited: bool = False,
    ) -> Cue:
        """Stands before a step until it is this thread's turn; inside an atomic block that has begun it goes on."""
        me = self.current()
        if self.over:
            raise Abandoned
        if me.alone:
            me.count_turn()
            return GO_ON
        if me.inside:
            return GO_ON
        while True:
            me.stand(span, wait, ready, counts=counts, timed=timed, limited=limited)
            self.move_to(me, "gate")
            me.go.acquire()
            if self.over:
                raise Abandoned
            if not me.cue.interrupt:
                break
            me.be_interrupted()
        me.step_begun()
        return me.cue

    def move_to(self, me: Player, state: State) -> None:
        with self.changed:
            me.come_to(state)
            self.changed.notify_all()

    def wait_until(self, test: Callable[[], bool]) -> bool:
        with self.changed:
            return self.changed.wait_for(test, PATIENCE)

    def _wait_while(self, player: Player, state: State) -> bool:
        """On a busy machine a long step takes any time: who still uses the processor is on the way."""
        ran, before = player.clock(), -1
        while not self.wait_until(lambda: player.state != state):
            ran, before = player.clock(), ran
            if ran == before:
                return False
        return True

    def grant(self, player: Player, cue: Cue) -> None:
        """Lets the player take one step, and waits until it stands before its next. Raises Diverged."""
        if not self.wait_until(lambda: player.state == "gate"):
            raise Diverged(Late(player.ref, player.wait() if player.state == "queued" else player.state))
        self.moment = cue.moment
        player.let_go(cue)
        if not self._wait_while(player, "running"):
            raise Diverged(Kept(player.ref, player.wait()))
        self.settle(player)

    def let_finish(self, player: Player) -> None:
        """Lets the player take all the steps that it has left, however many. Raises Diverged where it does not go on."""
        player.go_alone()
        turns, ran = -1, -1
        while not self.wait_until(lambda: player.state == "over"):
            if (player.turns, player.clock()) == (turns, ran):
                raise Diverged(Kept(player.ref, player.wait()))
            turns, ran = player.turns, player.clock()
        self.settle(player)

    def settle(self, player: Player) -> None:
        """Waits until whoever this step woke stands before its next step, and an ended thread has ended."""
        for other in list(self.players.values()):
            if other.state == "queued" and not other.still_queued:
                self._wait_while(other, "queued")
        if player.state == "over" and player.thread is not None and not player.worker:
            player.thread.join(PATIENCE)

    def start(self, player: Player) -> None:
        """Starts the real thread and waits until it stands before its first step."""
        player.thread.start()
        self.wait_until(lambda: player.state not in ("new", "running"))
        self.settle(player)

    def abandon(self) -> None:
        """No thread takes a further step."""
        self.over = True
        players = list(self.players.values())
        for player in players:
            player.go.release()
        places = [each for place in self.objects.values() for each in (place if isinstance(place, list) else [place])]
        alive = [player.thread for player in players if player.thread is not None and player.thread.is_alive()]
        end_threads(alive, places, lambda: [future for player in players for future in player.awaited])

    def is_blocked(self, ref: str) -> bool:
        """Whether the thread stands where it can not go on."""
        player = self.players.get(ref)
        return player is not None and (player.still_queued or (player.state == "gate" and not player.ready()))

    def unfinished(self) -> Iterator[Player]:
        for player in self.players.values():
            idle = player.between_calls or player.wait is all_to_end
            if player.alive and not player.daemon and not idle:
                yield player
