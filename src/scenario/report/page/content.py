"""What the page shows, as JSON: each schedule with what changes at each step."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from scenario.record import record
from scenario.report.values import short
from scenario.report.words.moves import rows
from scenario.report.words.waits import words
from scenario.results.frames import Film, Frame
from scenario.results.holding import Held, held
from scenario.results.result import VerdictWord
from scenario.results.schedule import Move


@record
class Shown:
    """One schedule on the page: what is said of it, the file's lines, and the claims with whether each holds, by frame."""

    file: str
    name: str
    verdict: VerdictWord
    title: str
    why: str
    replay: str
    film: Film
    source: tuple[str, ...]
    claims: tuple[str, ...] = ()
    truths: tuple[tuple[bool, ...], ...] = ()


def content(shown: Shown) -> dict[str, object]:
    """For the page's script."""
    moves, frames = shown.film.schedule.moves, shown.film.frames
    holding: list[Held] = [{}, *held(moves)]
    return {
        "file": shown.file,
        "name": shown.name,
        "verdict": shown.verdict,
        "title": shown.title,
        "why": shown.why,
        "replay": shown.replay,
        "source": list(shown.source),
        "threads": [stands.thread for stands in frames[0].stands],
        "claims": list(shown.claims),
        "cycle": shown.film.schedule.cycle,
        "frames": [
            {**_frame(frame, now, truths), **_moved(move)}
            for frame, now, truths, move in zip(frames, holding, _truths(shown), (None, *moves), strict=True)
        ],
    }


def _truths(shown: Shown) -> Sequence[tuple[bool, ...]]:
    return shown.truths or [()] * len(shown.film.frames)


def _frame(frame: Frame, holding: Held, truths: Sequence[bool]) -> dict[str, object]:
    return {
        "vars": {name: short(value) for name, value in frame.outcome.shared.items()},
        "locals": {
            thread: {name: short(value) for name, value in own.items()}
            for thread, own in frame.outcome.registers.items()
            if own
        },
        "holds": {thread: list(dict.fromkeys(locks)) for thread, locks in holding.items()},
        "states": [[stands.state, _line(stands.span.line if stands.span else 0)] for stands in frame.stands],
        "waits": dict(_waits(frame)),
        "truths": list(truths),
    }


def _line(line: int) -> int | None:
    return line if line > 1 else None


def _waits(frame: Frame) -> Iterator[tuple[str, Mapping[str, object]]]:
    for stands in frame.stands:
        if stands.wait is not None:
            yield stands.thread, {"for": words(stands.wait), "on": list(stands.wait.threads())}


def _moved(move: Move | None) -> dict[str, object]:
    """What was done in the step that led here."""
    if move is None:
        return {}
    told = [{"thread": row.thread, "line": _line(row.line), "text": row.text} for row in rows(move)]
    return {"thread": move.thread, "did": told, "preempts": move.preempts}
