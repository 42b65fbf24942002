"""A schedule as a short token that a shell and a JSON file can carry: `1:DIGEST:^2,A*3,B,worker[1]:2@3`, `1:DIGEST:A,B+A,B`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import groupby, islice
from urllib.parse import quote, unquote

from scenario.results.schedule import VERSION, Move, Schedule

MOVE = r"(?P<thread>[^,:*@+]+)(?::(?P<alternative>\d+))?(?:\*(?P<times>\d+))?"


OF_CODE = "2"
"""The version of a schedule that names places of the user's own code: which thread goes until where."""
SAFE = "@:,#/[]._-"


class BadToken(ValueError):
    """The text is no schedule of this version."""


def encode(schedule: Schedule) -> str:
    """Version, digest, what is chosen before any step (`^n`), the moves, the cycle's start, who goes on to the end (`+`).

    Runs of equal moves are `*n`, an alternative stands after a colon.
    """
    if schedule.code is not None:
        return f"{OF_CODE}:{schedule.digest}:{quote(schedule.code, safe=SAFE)}"
    first = [] if schedule.start is None else [f"^{schedule.start}"]
    moves = ",".join([*first, *_encoded((move.thread, move.alternative) for move in schedule.moves)])
    cycle = f"@{schedule.cycle}" if schedule.cycle is not None else ""
    rest = f"+{','.join(schedule.rest)}" if schedule.rest else ""
    return f"{VERSION}:{schedule.digest}:{moves}{cycle}{rest}"


def _encoded(moves: Iterator[tuple[str, int]]) -> Iterator[str]:
    for (thread, alternative), equal in groupby(moves):
        times = len(list(equal))
        yield f"{thread}{f':{alternative}' if alternative else ''}{f'*{times}' if times > 1 else ''}"


LONGEST = 10**6
"""Moves of a schedule that can be replayed."""


def decode(token: str, longest: int = LONGEST) -> Schedule:
    """The schedule with what is needed to replay it, up to so many moves; raises BadToken."""
    version, _, rest = token.strip().partition(":")
    digest, colon, moves = rest.partition(":")
    if colon and version == OF_CODE:
        return Schedule(digest, code=unquote(moves))
    if not colon or version != str(VERSION):
        raise BadToken(f"this is no schedule of version {VERSION}: {token[:40]!r}")
    moves, _, rest = moves.partition("+")
    moves, _, cycle = moves.partition("@")
    if cycle and not cycle.isdecimal():
        raise BadToken(f"a cycle starts at a step's number, not at {cycle[:40]!r}")
    start, moves = _started(moves)
    decoded = tuple(islice((move for part in moves.split(",") if part for move in _decoded(part)), longest + 1))
    if len(decoded) > longest:
        raise BadToken(f"a schedule of more than {longest:,} moves")
    threads = tuple(ref for ref in rest.split(",") if ref)
    return Schedule(digest, decoded, int(cycle) if cycle else None, start, rest=threads)


def _started(moves: str) -> tuple[int | None, str]:
    """The number of what is chosen first, and the rest."""
    if not moves.startswith("^"):
        return None, moves
    first, _, rest = moves.removeprefix("^").partition(",")
    if not first.isdecimal() or len(first) > 9:
        raise BadToken(f"what is chosen first is a number, not {first[:40]!r}")
    return int(first), rest


def _decoded(part: str) -> Iterator[Move]:
    match = re.fullmatch(MOVE, part)
    times = int(match["times"] or 1) if match else 0
    if match is None or times > 10**7:
        raise BadToken(f"no move of a schedule: {part[:40]!r}")
    for _ in range(times):
        yield Move(match["thread"], int(match["alternative"] or 0))
