"""The steps behind a failure as JSON: one object for each thing that was done, and who stands where in the end."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from scenario.report.values import json_value
from scenario.report.words.failures import words
from scenario.results.code import Row
from scenario.results.result import Evidence
from scenario.results.schedule import NOTHING, Deed, Move
from scenario.results.waiting import Blocked, Wait


def steps(evidence: Evidence) -> list[dict[str, object]]:
    """What was chosen before the first step, the steps, and the threads that can not go on."""
    found: list[dict[str, object]] = []
    if evidence.schedule is not None:
        found += [done for move in evidence.schedule.opening for done in _step(None, move)]
        found += [done for number, move in enumerate(evidence.schedule.moves, 1) for done in _step(number, move)]
    if evidence.code is not None:
        found += [_of_code(number, row) for number, row in enumerate(evidence.code.rows, 1)]
    operation = "starve" if evidence.failure.kind == "livelock" else "blocked"
    return [*found, *(_standing(one, operation) for one in evidence.blocked)]


def _step(number: int | None, move: Move) -> Iterator[dict[str, object]]:
    """What was done in one step; how it went stands with the first, what the thread waits for then with the last."""
    deeds = move.deeds or (Deed("", span=move.span),)
    for place, deed in enumerate(deeds):
        first, last = place == 0, place == len(deeds) - 1
        value = {} if deed.value is NOTHING else {"value": json_value(deed.value)}
        begins = {
            "step": number,
            "thread": deed.thread or move.thread,
            "line": deed.span.line,
            "operation": deed.operation,
            "object": (words(deed.check) if deed.check is not None else deed.object) or None,
        }
        goes_on = {
            "routine": deed.routine or None,
            "error": deed.error or None,
            "message": deed.message or None,
            "way": move.way if first and move.way in ("timeout", "spurious") else None,
            "wakes": list(move.woken) or None if first else None,
            "preempts": True if first and move.preempts else None,
            "atomic": True if move.atomic else None,
            **(_wait(move.waits) if last and move.waits is not None else {}),
        }
        yield {**_present(begins), **value, **_present(goes_on)}


def _of_code(number: int, row: Row) -> dict[str, object]:
    """One step of a file with own code: where, in which file, and whether another thread's is in conflict with it."""
    step = {
        "step": number,
        "thread": row.thread,
        "file": row.file or None,
        "line": row.line or None,
        "operation": row.verb,
        "object": row.target or None,
        "value": row.value,
        "conflicts": row.conflicts,
    }
    return _present(step)


def _standing(blocked: Blocked, operation: str) -> dict[str, object]:
    shape = {"thread": blocked.thread, "line": blocked.span.line, "operation": operation, "object": blocked.wait.name}
    return _present({**shape, **_wait(blocked.wait), "daemon": blocked.daemon or None})


def _wait(wait: Wait) -> dict[str, object]:
    """What it waits for, and who has it."""
    waits = {
        "for": wait.kind,
        "object": wait.name or None,
        "routine": wait.routine or None,
        "by": list(wait.by) or None,
        "needs": wait.needs,
        "has": wait.has,
    }
    holders = [
        _present(
            {
                "thread": one.thread,
                "line": None if one.since is None else one.since.line,
                "killed": one.is_killed or None,
            }
        )
        for one in wait.holders
    ]
    return {"waits": _present(waits), "holders": holders}


def _present(shape: Mapping[str, object]) -> dict[str, object]:
    return {key: value for key, value in shape.items() if value is not None}
