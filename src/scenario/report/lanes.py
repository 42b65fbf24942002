"""A schedule as text: one column a thread, one line a step, what matters in bold."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from scenario.report.style import Style
from scenario.run.schedule import Move, Schedule

WIDTH = 110
"""Columns that the lanes may take where there is no terminal."""
LONGEST = 120
"""Steps that are shown; of a longer schedule the middle is left out."""


def lanes(schedule: Schedule, style: Style) -> list[str]:
    """The steps in order, each in its thread's column, with its line in the file."""
    moves = schedule.moves
    if not moves and not schedule.opening:
        return ["(no step was taken: it is so from the start)"]
    threads, widths, head = _columns((*schedule.opening, *moves), style)
    important = matters(moves)
    lines = [*head, *(_line(None, choice, threads, widths, style, bold=True) for choice in schedule.opening)]
    for number in _shown(len(moves)):
        if number is None:
            lines.append(f"   …  ({len(moves) - LONGEST} steps)")
            continue
        if number == schedule.cycle:
            lines.append("--- from here on, again and again ---")
        lines.append(_line(number, moves[number], threads, widths, style, bold=number in important))
    return lines


def one_by_one(schedule: Schedule, style: Style) -> tuple[list[str], list[str]]:
    """The head, and one line for each step of the schedule, however many there are."""
    moves = schedule.moves
    threads, widths, head = _columns((*schedule.opening, *moves), style)
    important = matters(moves)
    return head, [_line(i, m, threads, widths, style, bold=i in important) for i, m in enumerate(moves)]


def _columns(moves: Sequence[Move], style: Style) -> tuple[list[str], dict[str, int], list[str]]:
    """The threads, each one's width, and the head; no columns where they are wider than a line may be."""
    threads = list(dict.fromkeys(move.thread for move in moves))
    widths = {t: max(len(t), *(len(_words(m)) for m in moves if m.thread == t)) for t in threads}
    head = "step  line  " + "  ".join(t.ljust(widths[t]) for t in threads)
    if len(head) > (style.width or WIDTH):  # a list with the thread's name in each line
        return [], {"": max(map(len, threads))}, []
    return threads, widths, [style.bold(head.rstrip())]


def _line(
    number: int | None, move: Move, threads: list[str], widths: dict[str, int], style: Style, *, bold: bool
) -> str:
    words = _words(move)
    if threads:
        before = threads[: threads.index(move.thread)]
        indent = "".join(" " * widths[t] + "  " for t in before)
    else:
        indent = move.thread.ljust(widths[""]) + "  "
    place = str(move.span.line) if move.span.line > 1 else ""
    step = "" if number is None else number + 1
    return f"{step:>4}  {place:>4}  {indent}{style.bold(words) if bold else words}"


def _words(move: Move) -> str:
    return f"{move.action} ({move.detail})" if move.detail and move.detail != "ok" else move.action


def _shown(length: int) -> Iterator[int | None]:
    if length <= LONGEST:
        yield from range(length)
        return
    yield from range(LONGEST // 2)
    yield None
    yield from range(length - LONGEST // 2, length)


def matters(moves: Sequence[Move]) -> frozenset[int]:
    """The last step; where a thread was preempted, its step before, the intruder's first, and its own next."""
    important = {len(moves) - 1}
    for number, move in enumerate(moves):
        if not move.preempts or number == 0:
            continue
        left = moves[number - 1].thread
        again = next((i for i in range(number, len(moves)) if moves[i].thread == left), None)
        important |= {number - 1, number, *([again] if again is not None else [])}
    return frozenset(important)
