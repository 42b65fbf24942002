"""Schedules as Chrome's trace events, for Perfetto and chrome://tracing: a row a thread, a step a millisecond.

Steps lie within the slices of what the thread holds then; arrows go from who gives back to who takes next, and from who
wakes to who is woken. https://docs.google.com/document/d/1CvAClvFfyA5R-PhYUmn5OOQtYMH4h6I0nSsKchNAySU
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from scenario.report.words.failures import headline
from scenario.report.words.moves import in_words
from scenario.report.words.waits import words
from scenario.results.holding import Held, held
from scenario.results.order import locking, waking
from scenario.results.result import Evidence, Report
from scenario.results.schedule import Move

STEP = 1000
"""Microseconds."""

Event = Mapping[str, object]


def trace(report: Report) -> dict[str, object]:
    """All failing schedules, each as a process of its own."""
    shown = [
        (result.file, evidence)
        for result in report.results
        for evidence in result.verdict.evidence
        if evidence.schedule is not None
    ]
    events = [event for number, (file, evidence) in enumerate(shown, 1) for event in _process(number, file, evidence)]
    return {"traceEvents": events, "displayTimeUnit": "ms"}


def _process(pid: int, file: str, evidence: Evidence) -> Iterator[Event]:
    moves = evidence.schedule.moves if evidence.schedule is not None else ()
    names = (*(move.thread for move in moves), *(one.thread for one in evidence.blocked))
    threads = {thread: number for number, thread in enumerate(dict.fromkeys(names), 1)}
    yield _name(pid, 0, "process_name", f"{file}: {headline(evidence.failure)}")
    yield from (_name(pid, tid, "thread_name", thread) for thread, tid in threads.items())
    holding = held(moves)
    for thread, tid in threads.items():
        yield from ({**event, "pid": pid, "tid": tid} for event in _slices(thread, moves, holding))
    yield from ({**event, "pid": pid, "tid": threads[thread]} for thread, event in _arrows(moves))
    for one in evidence.blocked:
        yield {
            "name": f"waits for {words(one.wait)}", "cat": "wait", "ph": "X", "pid": pid, "tid": threads[one.thread],
            "ts": len(moves) * STEP, "dur": STEP, "args": {"line": one.span.line},
        }  # fmt: skip


def _name(pid: int, tid: int, kind: str, name: str) -> Event:
    return {"name": kind, "ph": "M", "pid": pid, "tid": tid, "args": {"name": name}}


def _slices(thread: str, moves: Sequence[Move], held_after: Sequence[Held]) -> Iterator[Event]:
    """Its steps within what it holds, which is a stack: what stays when something below it is given back is opened again."""
    stack: list[str] = []
    for number, (move, holding) in enumerate(zip(moves, held_after, strict=True)):
        now = list(dict.fromkeys(holding.get(thread, ())))
        same = next(
            (i for i, (was, has) in enumerate(zip(stack, now, strict=False)) if was != has), min(len(stack), len(now))
        )
        begins, ends = number * STEP, (number + 1) * STEP
        grows = same == len(stack)
        if grows:
            yield from (_edge("B", lock, begins) for lock in now[same:])
        if move.thread == thread:
            yield _step(number, move)
        if not grows:
            yield from (_edge("E", lock, ends) for lock in reversed(stack[same:]))
            yield from (_edge("B", lock, ends) for lock in now[same:])
        stack = now
    yield from (_edge("E", lock, (len(moves) + 1) * STEP) for lock in reversed(stack))


def _edge(phase: str, lock: str, at: int) -> Event:
    return {"name": lock, "cat": "holds", "ph": phase, "ts": at}


def _step(number: int, move: Move) -> Event:
    told = {"step": number + 1, "line": move.span.line}
    return {"name": in_words(move), "cat": "step", "ph": "X", "ts": number * STEP, "dur": STEP, "args": told}


def _arrows(moves: Sequence[Move]) -> Iterator[tuple[str, Event]]:
    """By thread: from a release to the next that takes the lock, from a notification to the next step of each that it woke."""
    for number, arrow in enumerate((*locking(moves), *waking(moves)), 1):
        shape = {"name": "then", "cat": "order", "id": number}
        yield moves[arrow.start].thread, {**shape, "ph": "s", "ts": arrow.start * STEP + STEP // 2}
        yield moves[arrow.end].thread, {**shape, "ph": "f", "bp": "e", "ts": arrow.end * STEP + STEP // 2}
