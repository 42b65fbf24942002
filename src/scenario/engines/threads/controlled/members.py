"""Starting, joining and cancelling threads, a group or `all` of them one by one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from scenario.engines.threads.controlled.stage import ITS_TIME, Player
from scenario.engines.threads.controlled.walker import Walker
from scenario.engines.threads.refusals import ask_join, where_refused
from scenario.program import ops
from scenario.syntax import Ref


def start(w: Walker, op: ops.Start) -> None:
    for player in list(_members(w, op.ref)):
        if op.ref.name == "all" and player.thread.ident is not None:
            continue
        w.gate()
        w.stage.start(player)


def join(w: Walker, op: ops.Join) -> None:
    """The schedule says when it times out; the timeout is read, and refused as Python does, before or after the index as Python does."""
    timeout = w.given(op.timeout) if op.ref.index is None else None
    members = list(_members(w, op.ref))
    if op.ref.index is not None:
        timeout = w.given(op.timeout)
    for player in members:
        if op.ref.name == "all" and (player.state == "new" or player.daemon or player is w.me):
            continue
        _join(w, player, timeout)


def _join(w: Walker, player: Player, timeout: Any) -> None:
    cue = w.gate(f"{player.ref} to end", lambda: player.state == "over")
    player.thread.join(where_refused(timeout, 0 if cue.way == "timeout" else None, ask_join))
    ask_join(timeout)  # the real thread has been joined by then, and older Pythons ask its lock no more


def cancel_timer(w: Walker, op: ops.CancelTimer) -> None:
    (player,) = _members(w, op.ref)
    w.gate()
    player.thread.cancel()
    player.cancelled = True
    if player.state == "gate" and player.waits_for == ITS_TIME:
        player.dismissed = True
        player.go.release()
        w.stage.wait_until(lambda: player.state == "over")


def _members(w: Walker, ref: Ref) -> Iterator[Player]:
    index = w.given(ref.index)
    groups = [group.key for group in w.stage.program.groups] if ref.name == "all" else [ref.name]
    for group in groups:
        members = w.stage.members(group)
        yield from members if index is None else [members[index]]
