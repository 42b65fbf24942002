"""The outcome table as text: what was observed, how often or how likely, what `expect` calls it."""

from __future__ import annotations

from collections.abc import Sequence

from scenario.kinds import FailureKind
from scenario.legible import legible
from scenario.report.cells import padded, width
from scenario.report.style import Style
from scenario.report.values import CELL, apart, text_value
from scenario.results.exploration import Row

LONGEST = 40
"""Rows that are shown; of a longer table first those that failed."""
LEAST = 12
"""Characters of a cell that are shown at least."""
INDENT = 2
"""Columns that the report puts before the table."""

HAPPENED = frozenset({"deadlock", "livelock", "timeout", "error"})
"""Ends that say by themselves that it went wrong; the others are the claims that failed."""


def outcome_table(rows: Sequence[Row], style: Style) -> list[str]:
    """One line a row, below a head; columns in which no row has anything are left out, rows of a long table too."""
    picked = rows if style.full else _worst(rows)
    runs = sum(row.runs or 0 for row in rows)
    columns = _columns(picked, runs)
    if not columns:  # nothing is observed, and all executions ended well
        return []
    heads, cells = [head for head, _ in columns], [cells for _, cells in columns]
    observed = len(rows[0].values)
    if style.width is not None and _wide(heads, cells) > style.width - INDENT:
        cells = _narrowed(heads, cells, style.width - INDENT)
        if _wide(heads, cells) > style.width - INDENT:
            lines = _listed(picked, columns, observed, style)
            return [*lines, *_left_out(rows, picked, style)]
    return [*grid(heads, list(zip(*cells, strict=True)), style), *_left_out(rows, picked, style)]


def _worst(rows: Sequence[Row]) -> Sequence[Row]:
    """As many as one reads: those that failed, then the others, in the order of the table."""
    if len(rows) <= LONGEST:
        return rows
    order = sorted(range(len(rows)), key=lambda number: (rows[number].end is None, number))
    return [rows[number] for number in sorted(order[:LONGEST])]


def _left_out(rows: Sequence[Row], shown: Sequence[Row], style: Style) -> list[str]:
    count = len(rows) - len(shown)
    return [f"… and {count:,} more row{'s' * (count > 1)}{style.unfolds}"] if count else []


def _columns(rows: Sequence[Row], runs: int) -> list[tuple[str, list[str]]]:
    """`runs`: of all rows, also of those that are not shown."""
    if not rows:
        return []
    seen = [dict(row.values) for row in rows]
    columns = [(legible(name), _observed(rows, name, [values[name] for values in seen])) for name, _ in rows[0].values]
    columns += _counts(rows, runs)
    columns += [
        ("end", [end_text(row.end) for row in rows] if any(row.end for row in rows) else []),
        ("label", [row.label or "" for row in rows]),
        ("because", [row.because or "" for row in rows]),
        ("raised", [", ".join(f"{one.text}: {one.raised}" for one in row.raised) for row in rows]),
    ]
    return [(head, cells) for head, cells in columns if any(cells)]


def end_text(end: FailureKind | None) -> str:
    """`final` alone would read as if all were well."""
    if end is None:
        return "fine"
    return end if end in HAPPENED else f"fails: {end}"


def _counts(rows: Sequence[Row], total: int) -> list[tuple[str, list[str]]]:
    return [
        ("runs", [_number(row.runs) for row in rows]),
        ("share", [_share(row.runs, total) for row in rows]),
        ("first seed", ["" if row.runs is None or row.seed is None else str(row.seed) for row in rows]),
        ("interleavings", [_number(row.interleavings) for row in rows]),
        ("probability", ["" if row.probability is None else _probability(row) for row in rows]),
        ("preemptions", [_number(row.preemptions) for row in rows]),
    ]


def _number(number: int | None) -> str:
    return "" if number is None else f"{number:,}"


def _share(runs: int | None, total: int) -> str:
    return "" if runs is None else f"{runs / total:.1%}"


def _probability(row: Row) -> str:
    exact = str(row.probability)
    rounded = f"{float(row.probability or 0):.6f}"
    return exact if len(exact) < len(rounded) else f"≈ {rounded}"


def _observed(rows: Sequence[Row], name: str, values: Sequence[object]) -> list[str]:
    """The column's values, short, and no two of them alike that differ."""
    texts = apart([text_value(value, CELL) for value in values], CELL)
    return ["varies" if name in row.varies else text for row, text in zip(rows, texts, strict=True)]


# --- layouts -------------------------------------------------------------------------------------------


def grid(heads: Sequence[str], lines: Sequence[Sequence[str]], style: Style) -> list[str]:
    """Columns padded to their widest cell, two spaces apart."""
    widths = [max(map(width, cells)) for cells in zip(heads, *lines, strict=True)]

    def line(cells: Sequence[str]) -> str:
        return "  ".join(map(padded, cells, widths)).rstrip()

    return [style.bold(line(heads)), *map(line, lines)]


def _wide(heads: Sequence[str], columns: Sequence[Sequence[str]]) -> int:
    return sum(_widths(heads, columns)) + 2 * (len(heads) - 1)


def _widths(heads: Sequence[str], columns: Sequence[Sequence[str]]) -> list[int]:
    return [max(map(width, (head, *cells))) for head, cells in zip(heads, columns, strict=True)]


def _narrowed(heads: Sequence[str], columns: Sequence[list[str]], limit: int) -> list[list[str]]:
    """The columns with the widest cells cut, as long as that helps and leaves something to be read."""
    narrowed = list(columns)
    while (over := _wide(heads, narrowed) - limit) > 0:
        widths = _widths(heads, narrowed)
        widest = max(range(len(heads)), key=lambda number: widths[number])
        second = sorted(widths)[-2] if len(widths) > 1 else LEAST
        target = max(widths[widest] - over, min(second, widths[widest] - 1), len(heads[widest]), LEAST)
        cut = apart(narrowed[widest], target)
        if max(map(len, (heads[widest], *cut))) >= widths[widest]:  # it can not be cut, or could not be told apart
            break
        narrowed[widest] = cut
    return narrowed


def _listed(rows: Sequence[Row], columns: Sequence[tuple[str, list[str]]], observed: int, style: Style) -> list[str]:
    """Too many columns for a line: a paragraph for each row, what was observed first."""
    lines: list[str] = []
    for number in range(len(rows)):
        values = [f"{head} = {cells[number]}" for head, cells in columns[:observed]]
        rest = [f"{head}: {cells[number]}" for head, cells in columns[observed:] if cells[number]]
        for text in (
            f"{number + 1:>3}. {', '.join(values or rest)}",
            f"     {', '.join(rest)}" if values and rest else "",
        ):
            filled = style.filled(text, INDENT) if text else []
            lines += [f"     {part.strip()}" if i else part for i, part in enumerate(filled)]
    return lines
