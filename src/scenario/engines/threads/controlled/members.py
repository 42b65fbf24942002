"""Starting, joining and cancelling threads, a group or `all` of them one by one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from scenario.engines.threads.controlled.stage import Player
from scenario.engines.threads.controlled.waits import its_time, plain
from scenario.engines.threads.controlled.walker import Walker
from scenario.engines.threads.refusals import ask_join, where_refused
from scenario.program import ops
from scenario.program.whole import main_starts_all
from scenario.syntax import Ref


def start(w: Walker, op: ops.Start) -> None:
    for player in list(_members(w, op.ref)):
        if op.ref.name == "all" and player.started:
            continue
        w.gate()
        if op.ref.name != "all" or not player.started:
            w.stage.start(player)


def join(w: Walker, op: ops.Join) -> None:
    """The schedule says when it times out; the timeout is read, and refused as Python does, before or after the index as Python does."""
    timeout = w.given(op.timeout) if op.ref.index is None else None
    members = list(_members(w, op.ref))
    if op.ref.index is not None:
        timeout = w.given(op.timeout)
    for player in members:
        if op.ref.name == "all" and _passes_over(w, player):
            continue
        _join(w, player, timeout, of_all=op.ref.name == "all")


def _passes_over(w: Walker, player: Player) -> bool:
    """Whether `join: all` has no step for it: nothing can change that by its turn."""
    program = w.stage.program
    nobody_else_starts = program.main is not None and w.me.group == "main" and main_starts_all(program)
    return player.daemon or (not player.started and nobody_else_starts)


def _join(w: Walker, player: Player, timeout: Any, *, of_all: bool) -> None:
    is_me = player is w.me
    cue = w.gate(plain("thread", player.ref), lambda: is_me or player.state in ("over", "new"))
    if of_all and not player.started:
        return
    player.thread.join(where_refused(timeout, 0 if cue.way == "timeout" else None, ask_join))
    ask_join(timeout)  # the real thread has been joined by then, and older Pythons ask its lock no more


def cancel_timer(w: Walker, op: ops.CancelTimer) -> None:
    (player,) = _members(w, op.ref)
    w.gate()
    player.thread.cancel()
    if player.state == "gate" and player.wait is its_time:
        player.state = "running"
        player.go.release()
        w.stage.wait_until(lambda: player.state != "running")


def _members(w: Walker, ref: Ref) -> Iterator[Player]:
    index = w.given(ref.index)
    groups = [group.key for group in w.stage.program.groups] if ref.name == "all" else [ref.name]
    for group in groups:
        members = w.stage.members(group)
        yield from members if index is None else [members[index]]
