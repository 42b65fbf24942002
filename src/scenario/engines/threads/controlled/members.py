"""Starting, joining and cancelling threads."""

from __future__ import annotations

import threading

from scenario.engines.threads.controlled.facts import its_time
from scenario.engines.threads.controlled.interpreter import Interpreter
from scenario.engines.threads.controlled.player import Player
from scenario.engines.threads.controlled.stage import Stage
from scenario.engines.threads.controlled.waits import plain
from scenario.engines.threads.controlled.workers import is_quiet
from scenario.engines.threads.privates import threads_of
from scenario.interpreter.refusals import ask_join, where_refused
from scenario.program import ops
from scenario.program.whole import main_starts_all
from scenario.syntax import Ref


def start(w: Interpreter, op: ops.Start, *, of_all: bool) -> None:
    player = _member(w, op.ref)
    if of_all and player.started:
        return
    w.gate()
    if not (of_all and player.started):
        w.stage.start(player)


def join(w: Interpreter, op: ops.Join, *, of_all: bool) -> None:
    """The schedule says when it times out."""
    player = _member(w, op.ref)
    if of_all and _passes_over(w, player):
        return
    timeout, is_me = w.given(op.timeout), player is w.me
    cue = w.gate(
        plain("thread", player.ref),
        lambda: is_me or player.state == "new" or _is_gone(w.stage, player),
        timed=timeout is not None,
    )
    if of_all and not player.started:
        return
    limit = where_refused(timeout, 0 if cue.way == "timeout" else None, ask_join)
    for thread in (player.thread, *_at_work(w.stage, player)):
        thread.join(limit)
    ask_join(timeout)  # the real thread has been joined by then, and older Pythons ask its lock no more


def _is_gone(stage: Stage, player: Player) -> bool:
    """Whether it has ended; of `main`, whose end lets the pools work off their calls, whether they have, too."""
    return player.state == "over" and not _at_work(stage, player)


def _at_work(stage: Stage, player: Player) -> list[threading.Thread]:
    """The workers that are to end before `main` counts as ended."""
    pools = [pool for _, pool in stage.pools() if not is_quiet(pool)] if player.group == "main" else []
    return [thread for pool in pools for thread in threads_of(pool)]


def _passes_over(w: Interpreter, player: Player) -> bool:
    """Whether `join: all` has no step for it: nothing can change that by its turn."""
    program = w.stage.program
    nobody_else_starts = program.main is not None and w.me.group == "main" and main_starts_all(program)
    return player.daemon or (not player.started and nobody_else_starts)


def cancel_timer(w: Interpreter, op: ops.CancelTimer) -> None:
    player = _member(w, op.ref)
    w.gate()
    player.thread.cancel()
    if player.state == "gate" and player.wait is its_time:
        player.come_to("running")
        player.go.release()
        w.stage.wait_until(lambda: player.state != "running")


def _member(w: Interpreter, ref: Ref) -> Player:
    index = w.given(ref.index)
    try:
        return w.stage.members(ref.name)[index or 0]
    except (IndexError, TypeError):  # the operation's own step raises it
        w.gate()
        raise
