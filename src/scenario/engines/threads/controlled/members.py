"""Starting, joining and cancelling threads, a group or `all` of them one by one."""

from __future__ import annotations

from collections.abc import Iterator

from scenario.engines.threads.controlled.stage import ITS_TIME, Player
from scenario.engines.threads.controlled.walker import Walker
from scenario.program import ops
from scenario.syntax import Ref


def start(w: Walker, op: ops.Start) -> None:
    for player in list(_members(w, op.ref)):
        if op.ref.name == "all" and player.thread.ident is not None:
            continue
        w.gate()
        w.stage.start(player)


def join(w: Walker, op: ops.Join) -> None:
    """The schedule says when it times out; the timeout is only read, before or after the index as Python does."""
    if op.ref.index is None:
        w.given(op.timeout)
    members = list(_members(w, op.ref))
    if op.ref.index is not None:
        w.given(op.timeout)
    for player in members:
        if op.ref.name == "all" and (player.state == "new" or player.daemon or player is w.me):
            continue
        _join(w, player)


def _join(w: Walker, player: Player) -> None:
    cue = w.gate(f"{player.ref} to end", lambda: player.state == "over")
    player.thread.join(0 if cue.way == "timeout" else None)


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
