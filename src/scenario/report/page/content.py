"""What the page shows, as JSON: for each case its schedules, its graph of states and its outcomes.

All that is seen of a state is a row of numbers into tables of what is seen: most of it is the same in many states.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import field
from typing import Literal, TypeAlias

from scenario.legible import legible
from scenario.record import record
from scenario.report.page.printed import Printed
from scenario.report.page.tables import Tables
from scenario.report.table import end_text
from scenario.report.values import short
from scenario.report.words.claims import Told
from scenario.report.words.prospects import prospect
from scenario.results.exploration import Row
from scenario.results.frames import Film, Frame, Game, Known, Spot
from scenario.results.order import arrows
from scenario.results.result import VerdictWord
from scenario.results.waiting import Blocked

LARGEST = 3 << 20
"""Characters of what a graph takes; of a larger one the nearest states are shown."""

ReelKind: TypeAlias = Literal["run", "fails", "expected", "passes", "sample"]


@record
class Reel:
    """One schedule. `marked`: the steps that are at odds; `same`: how many are those of the failing reel with number `of`."""

    kind: ReelKind
    title: str
    film: Film
    why: str = ""
    replay: str = ""
    marked: tuple[int, ...] = ()
    of: int | None = None
    same: int = 0


@record
class Claims:
    """What is expected; `truths`: whether each holds in a state, None where it is open."""

    told: tuple[Told, ...]
    truths: Callable[[Frame], Sequence[Known]]


@record
class Sheet:
    """One case of a file. `said`: what failed without a schedule, and what is to be said of what is not shown; `waiting`: who is stuck in a run.

    `code`: the texts of the user's own code that is gone through, by path.
    """

    file: str
    name: str
    verdict: VerdictWord
    source: tuple[str, ...]
    claims: Claims | None = None
    said: tuple[str, ...] = ()
    waiting: tuple[Blocked, ...] = ()
    reels: tuple[Reel, ...] = ()
    game: Game | None = None
    rows: tuple[Row, ...] = ()
    code: Mapping[str, str] = field(default_factory=dict)


Json: TypeAlias = Mapping[str, object]


def content(sheet: Sheet, largest: int = LARGEST) -> Json:
    """For the page's script. A graph that takes more than `largest` characters is cut."""
    game, made = sheet.game, _content(sheet, sheet.game)
    if game is None or _size(made) <= largest:
        return made
    without = _size(_content(sheet, None))
    while (size := _size(made) - without) > largest and len(game.spots) > 1:
        game = game.part(max(min(len(game.spots) * largest // size, len(game.spots) - 1), 1))
        made = _content(sheet, game)
    return made


def _size(made: Json) -> int:
    return len(json.dumps(made, ensure_ascii=False, separators=(",", ":")))


def _content(sheet: Sheet, game: Game | None) -> Json:
    printed = Printed(sheet.source, sheet.code, _lines(sheet))
    tables = Tables(_threads(sheet), _variables(sheet), printed.number)
    camera = _Camera(tables, sheet.claims)
    return {
        "file": legible(sheet.file),
        "name": legible(sheet.name),
        "verdict": sheet.verdict,
        "source": [legible(line, keep="\t") for line in printed.lines],
        "parts": [[legible(part.name), part.first, part.count] for part in printed.parts],
        "said": [legible(text) for text in sheet.said],
        "waiting": [tables.waiting(one.thread, one.wait) for one in sheet.waiting],
        "threads": list(tables.threads),
        "variables": list(tables.variables),
        "claims": [
            [one.kind, legible(one.text), one.of_some, one.open] for one in (sheet.claims.told if sheet.claims else ())
        ],
        "reels": [_reel(reel, camera) for reel in sheet.reels],
        "game": None if game is None else _game(game, camera),
        "outcomes": _outcomes(sheet.rows),
        "tables": tables.content(),  # the last: all else has filled them
    }


def _frames(sheet: Sheet) -> Iterator[Frame]:
    yield from (reel.film.frames[0] for reel in sheet.reels)
    yield from (spot.frame for spot in (sheet.game.spots[:1] if sheet.game else ()))


def _threads(sheet: Sheet) -> tuple[str, ...]:
    stuck = (one.thread for one in sheet.waiting)
    return tuple(dict.fromkeys((*(stands.thread for frame in _frames(sheet) for stands in frame.stands), *stuck)))


def _variables(sheet: Sheet) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for frame in _frames(sheet) for name in frame.outcome.shared))


def _lines(sheet: Sheet) -> Iterator[tuple[str, int]]:
    """The lines of own code that something is said of: file and number."""
    for reel in sheet.reels:
        yield from ((deed.file, deed.span.line) for move in reel.film.schedule.moves for deed in move.deeds)
        stands = (each for frame in reel.film.frames for each in frame.stands)
        yield from ((each.file, each.span.line) for each in stands if each.span is not None)


@record
class _Camera:
    """Frames as rows of numbers: of values, of who holds what, of truths, then where each thread stands."""

    tables: Tables
    claims: Claims | None

    def row(self, frame: Frame) -> list[int]:
        tables = self.tables
        return [
            tables.values(frame.outcome.shared),
            tables.holds(frame.holds),
            tables.truths(self._truths(frame)),
            *(tables.stands(stands, frame.outcome.registers.get(stands.thread, {})) for stands in frame.stands),
        ]

    def _truths(self, frame: Frame) -> str:
        """A letter a claim: true, false, or open."""
        known = () if self.claims is None else self.claims.truths(frame)
        return "".join("-" if holds is None else "01"[holds] for holds in known)


def _reel(reel: Reel, camera: _Camera) -> Json:
    schedule = reel.film.schedule
    return {
        "kind": reel.kind,
        "title": legible(reel.title),
        "why": legible(reel.why),
        "replay": legible(reel.replay),
        "marked": list(reel.marked),
        "of": reel.of,
        "same": reel.same,
        "cycle": schedule.cycle,
        "frames": [camera.row(frame) for frame in reel.film.frames],
        "steps": [camera.tables.step(move) for move in schedule.moves],
        "preempts": [number for number, move in enumerate(schedule.moves) if move.preempts],
        "arrows": [[arrow.start, arrow.end, arrow.because] for arrow in arrows(schedule.moves)],
    }


# --- the graph -------------------------------------------------------------------------------------------


def _game(game: Game, camera: _Camera) -> Json:
    """`choices`: a step and where it leads (-1: not shown), one after the other."""
    return {
        "whole": game.whole,
        "starts": list(game.starts),
        "spots": [camera.row(spot.frame) for spot in game.spots],
        "choices": [list(_choices(spot, camera.tables)) for spot in game.spots],
        "prospects": [_prospect(spot, game, camera.tables) for spot in game.spots],
    }


def _prospect(spot: Spot, game: Game, tables: Tables) -> list[object]:
    """What can still come of it, and its colour."""
    told = prospect(spot, game)
    return [told.kind, tables.text(told.text)]


def _choices(spot: Spot, tables: Tables) -> Iterator[int]:
    for one in spot.choices:
        yield from (tables.step(one.move), -1 if one.to is None else one.to)


# --- outcomes --------------------------------------------------------------------------------------------


def _outcomes(rows: Sequence[Row]) -> Json | None:
    if not rows:
        return None
    runs = sum(row.runs or 0 for row in rows)
    return {
        "columns": [legible(name) for name, _ in rows[0].values],
        "rows": [
            {
                "cells": ["varies" if name in row.varies else short(value) for name, value in row.values],
                "end": end_text(row.end),
                "label": row.label,
                "because": legible(row.because or ""),
                "share": _share(row, runs),
                "count": _count(row),
            }
            for row in rows
        ],
    }


def _share(row: Row, runs: int) -> float | None:
    if row.probability is not None:
        return float(row.probability)
    return row.runs / runs if row.runs is not None and runs else None


def _count(row: Row) -> str:
    """How often it was seen, or in how many interleavings, and how likely it is."""
    if row.runs is not None:
        return f"{row.runs:,} run{'s' * (row.runs != 1)}"
    many = "" if row.interleavings is None else f"{row.interleavings:,} interleaving{'s' * (row.interleavings != 1)}"
    odds = "" if row.probability is None else f"probability {row.probability}"
    return ", ".join(filter(None, (many, odds)))
