"""The end of a deadlock's schedule: the real objects have the last word on who is stuck.

The script names the threads that can never move again. Each of them must stand where the real object does not let it go on;
the others take what steps they can, and must not free one; and the calls before which the stuck ones stand are made: none
may come back. So a model of ours that blocks where CPython does not is found out.
"""

from __future__ import annotations

import time
from collections.abc import Iterator

from scenario.engines.threads.controlled.facts import WITHOUT_A_CALL
from scenario.engines.threads.controlled.player import FOR_EVER, GO_ON, Player
from scenario.engines.threads.controlled.stage import PATIENCE, Diverged, Stage
from scenario.real.children import cpu
from scenario.results.script import Divergence, Free, Script

MOST_STEPS = 200
"""Steps that the other threads take meanwhile, at most."""

LONG_ENOUGH = 0.1
"""Seconds for which they take them, at most."""

BETWEEN = 0.005
"""Seconds between two looks at threads that have been let go."""


def differs(stage: Stage, script: Script) -> Divergence | None:
    """How the real threads differ from what the script says of its end; None if they do not."""
    stuck = [stage.players[told.thread] for told in script.stuck if told.thread in stage.players]
    free = (
        [player.ref for player in stuck if not stage.is_blocked(player.ref)] or _freed(stage, stuck) or _through(stuck)
    )
    return Divergence(Free(tuple(free))) if free else None


def _freed(stage: Stage, stuck: list[Player]) -> list[str]:
    """Whom the steps of the others have freed."""
    end = time.monotonic() + LONG_ENOUGH
    for _ in range(MOST_STEPS):
        able = next(_able(stage, stuck), None)
        if able is None or time.monotonic() > end:
            break
        try:
            stage.grant(able, GO_ON)
        except Diverged:
            break
        free = [player.ref for player in stuck if not stage.is_blocked(player.ref)]
        if free:
            return free
    return []


def _able(stage: Stage, stuck: list[Player]) -> Iterator[Player]:
    """The others that can take a step, who has waited longest first."""
    others = [player for player in list(stage.players.values()) if player not in stuck and player.state == "gate"]
    return (player for player in sorted(others, key=lambda player: player.turns) if player.ready())


def _through(stuck: list[Player]) -> list[str]:
    """Lets the stuck threads go into the real calls before which they stand: who has come through."""
    inside = [p for p in stuck if p.state == "gate" and p.wait().kind not in WITHOUT_A_CALL]
    for player in inside:
        player.let_go(FOR_EVER, "stuck")
    _settle(inside)
    return [p.ref for p in stuck if p.state == "over" or (p.state == "gate" and p.ready())]


def _settle(players: list[Player]) -> None:
    """Waits until each of them is asleep in its call, or has come through."""
    end, before = time.monotonic() + PATIENCE, None
    while time.monotonic() < end:
        time.sleep(BETWEEN)
        ids = [player.thread.native_id for player in players if player.state == "stuck"]
        ran = [cpu.clock(native_id) for native_id in ids]
        if ran == before and all(map(cpu.is_asleep, ids)):
            return
        before = ran
