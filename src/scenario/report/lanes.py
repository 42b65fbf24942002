"""A schedule as text: one column a thread, one line for what a step did on one line of the file, what matters in bold."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby

from scenario.record import record
from scenario.report.cells import padded, width, wrapped
from scenario.report.style import Style
from scenario.report.words.moves import Row, rows
from scenario.results.schedule import Move, Schedule

WIDTH = 110
"""Columns that the lanes may take where there is no terminal."""
LONGEST = 120
"""Steps that are shown; of a longer schedule the middle is left out."""
MOST_NAMED = 5
"""Threads that are named of those that go on to their ends."""
RUN, ENDS = 12, 3
"""Steps of one thread in a row that are shown; of more of them the first and the last few."""

INDENT = 2
"""Columns that the report puts before the lanes."""


@record
class Gap:
    """Steps that are left out: how many, and of which thread if they are all of one."""

    count: int
    thread: str = ""


@record
class Columns:
    """The threads, each one's width, and the columns that there are; no threads: a list with their names."""

    threads: tuple[str, ...]
    widths: dict[str, int]
    limit: int | None


def lanes(schedule: Schedule, style: Style) -> list[str]:
    """The steps in order, each in its thread's column, with its line in the file; long ones are folded."""
    moves = schedule.moves
    if not moves and not schedule.opening:
        return ["(no step was taken: it is so from the start)"]
    shown = list(range(len(moves)) if style.full else folded(moves, schedule.cycle))
    columns = _columns((*schedule.opening, *(moves[item] for item in shown if isinstance(item, int))), style)
    lines = _head(columns, style)
    for move in schedule.opening:
        lines += _lines(None, move, columns, style, bold=True)
    important = matters(moves)
    for item in shown:
        if isinstance(item, Gap):
            lines.append(
                f"   …  ({item.count:,} step{'s' * (item.count > 1)}{f' of {item.thread}' * bool(item.thread)})"
            )
            continue
        if item == schedule.cycle:
            lines.append("--- from here on, again and again ---")
        lines += _lines(item, moves[item], columns, style, bold=item in important)
    return [*lines, *rest(schedule, style)]


def rest(schedule: Schedule, style: Style) -> list[str]:
    """Who goes on to the end after the steps."""
    if not schedule.rest:
        return []
    names = schedule.rest if len(schedule.rest) <= MOST_NAMED else (*schedule.rest[:2], "…", schedule.rest[-1])
    return style.filled(f"   …  (then to their ends, one after the other: {', '.join(names)})", INDENT)


def one_by_one(schedule: Schedule, style: Style) -> tuple[list[str], list[list[str]]]:
    """The head with what was done before any step, and the lines of each step, however many there are."""
    columns = _columns((*schedule.opening, *schedule.moves), style)
    lines = [_lines(i, move, columns, style, bold=False) for i, move in enumerate(schedule.moves)]
    opening = [line for move in schedule.opening for line in _lines(None, move, columns, style, bold=False)]
    return [*_head(columns, style), *opening], lines


def is_folded(schedule: Schedule) -> bool:
    """Whether some of its steps are not shown unless all are asked for."""
    return any(isinstance(item, Gap) for item in folded(schedule.moves, schedule.cycle))


def folded(moves: Sequence[Move], cycle: int | None = None) -> list[int | Gap]:
    """The numbers of the steps that are shown, and what is left out between them."""
    shown: list[int | Gap] = []
    runs = groupby(range(len(moves)), lambda i: (moves[i].thread, cycle is not None and i >= cycle))
    for (thread, _), numbers in runs:
        run = list(numbers)
        if len(run) <= RUN:
            shown += run
        else:
            shown += [*run[:ENDS], Gap(len(run) - 2 * ENDS, thread), *run[-ENDS:]]
    if len(shown) <= LONGEST:
        return shown
    half = LONGEST // 2
    left_out = sum(item.count if isinstance(item, Gap) else 1 for item in shown[half:-half])
    return [*shown[:half], Gap(left_out), *shown[-half:]]


# --- columns -------------------------------------------------------------------------------------------


def _columns(moves: Sequence[Move], style: Style) -> Columns:
    """A column for each thread; none where they are wider than a line may be."""
    found = [row for move in moves for row in rows(move)]
    widths: dict[str, int] = {}
    for row in found:
        widths[row.thread] = max(width(row.thread), width(row.text), widths.get(row.thread, 0))
    limit = (style.width or WIDTH + INDENT) - INDENT
    if len("step  line  ") + sum(widths.values()) + 2 * (len(widths) - 1) <= limit:
        return Columns(tuple(widths), widths, style.width)
    return Columns((), {"": max(map(width, widths))}, style.width)


def _head(columns: Columns, style: Style) -> list[str]:
    if not columns.threads:
        return [style.bold("step  line  thread")]
    names = "  ".join(padded(thread, columns.widths[thread]) for thread in columns.threads)
    return [style.bold(f"step  line  {names}".rstrip())]


def _lines(number: int | None, move: Move, columns: Columns, style: Style, *, bold: bool) -> list[str]:
    """The number stands with the step's first line."""
    found: list[str] = []
    for row in rows(move):
        step = "" if number is None or found else str(number + 1)
        before = f"{step:>4}  {row.line if row.line > 1 else '':>4}  {_indent(row, columns)}"
        first, *more = _wrapped(row.text, width(before), columns)
        indent = " " * (width(before) + 2)
        found += [before + _bold(first, style, bold=bold), *(indent + _bold(text, style, bold=bold) for text in more)]
    return found


def _bold(text: str, style: Style, *, bold: bool) -> str:
    return style.bold(text) if bold else text


def _indent(row: Row, columns: Columns) -> str:
    """The columns of the threads before; in a list the thread's name."""
    if not columns.threads:
        return padded(row.thread, columns.widths[""]) + "  "
    before = columns.threads[: columns.threads.index(row.thread)]
    return "".join(" " * columns.widths[thread] + "  " for thread in before)


def _wrapped(text: str, before: int, columns: Columns) -> Iterable[str]:
    """The words as lines, where a terminal is too narrow for a list."""
    if columns.limit is None or columns.threads or before + width(text) + INDENT <= columns.limit:
        return (text,)
    return wrapped(text, max(columns.limit - INDENT - before - 2, 20))


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
