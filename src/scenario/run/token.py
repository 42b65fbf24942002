"""A schedule as a short token that a shell and a JSON file can carry: `1:DIGEST:A*3,B,worker[1]:2`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import groupby

from scenario.run.schedule import VERSION, Move, Schedule

MOVE = re.compile(r"(?P<thread>[^,:*@]+)(?::(?P<alternative>\d+))?(?:\*(?P<times>\d+))?")


class BadToken(ValueError):
    """The text is no schedule of this version."""


def encode(schedule: Schedule) -> str:
    """Version, digest, the moves (runs of equal ones as `*n`, the alternative after a colon), the cycle's start."""
    moves = ",".join(_encoded((move.thread, move.alternative) for move in schedule.moves))
    cycle = f"@{schedule.cycle}" if schedule.cycle is not None else ""
    return f"{VERSION}:{schedule.digest}:{moves}{cycle}"


def _encoded(moves: Iterator[tuple[str, int]]) -> Iterator[str]:
    for (thread, alternative), equal in groupby(moves):
        times = len(list(equal))
        yield f"{thread}{f':{alternative}' if alternative else ''}{f'*{times}' if times > 1 else ''}"


def decode(token: str) -> Schedule:
    """The schedule with what is needed to replay it; raises BadToken."""
    version, _, rest = token.strip().partition(":")
    digest, colon, moves = rest.partition(":")
    if not colon or version != str(VERSION):
        raise BadToken(f"this is no schedule of version {VERSION}: {token[:40]!r}")
    moves, _, cycle = moves.partition("@")
    if cycle and not cycle.isdecimal():
        raise BadToken(f"a cycle starts at a step's number, not at {cycle[:40]!r}")
    decoded = tuple(move for part in moves.split(",") if part for move in _decoded(part))
    return Schedule(digest, decoded, int(cycle) if cycle else None)


def _decoded(part: str) -> Iterator[Move]:
    match = MOVE.fullmatch(part)
    times = int(match["times"] or 1) if match else 0
    if match is None or times > 10**7:
        raise BadToken(f"no move of a schedule: {part[:40]!r}")
    for _ in range(times):
        yield Move(match["thread"], int(match["alternative"] or 0))
