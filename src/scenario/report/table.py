"""The outcome table as text: what was observed, how often or how likely, what `expect` calls it."""

from __future__ import annotations

from collections.abc import Sequence

from scenario.report.style import Style
from scenario.report.values import text_value
from scenario.run.exploration import Row

CELL = 60
"""Characters of a value that are shown."""


def outcome_table(rows: Sequence[Row], style: Style) -> list[str]:
    """One line a row, below a head; columns in which no row has anything are left out."""
    if not rows:
        return []
    columns = [(name, [_observed(row, name) for row in rows]) for name, _ in rows[0].values]
    columns += _counts(rows)
    columns += [
        ("end", [row.end or "fine" for row in rows] if any(row.end for row in rows) else []),
        ("label", [row.label or "" for row in rows]),
        ("because", [row.because or "" for row in rows]),
    ]
    shown = [(head, cells) for head, cells in columns if any(cells)]
    if not shown:  # nothing is observed, and all executions ended well
        return []
    return grid([head for head, _ in shown], list(zip(*(cells for _, cells in shown), strict=True)), style)


def _counts(rows: Sequence[Row]) -> list[tuple[str, list[str]]]:
    total = sum(row.runs or 0 for row in rows)
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


def grid(heads: Sequence[str], lines: Sequence[Sequence[str]], style: Style) -> list[str]:
    """Columns padded to their widest cell, two spaces apart."""
    widths = [max(map(len, cells)) for cells in zip(heads, *lines, strict=True)]

    def line(cells: Sequence[str]) -> str:
        return "  ".join(cell.ljust(width) for cell, width in zip(cells, widths, strict=True)).rstrip()

    return [style.bold(line(heads)), *map(line, lines)]


def _observed(row: Row, name: str) -> str:
    return "varies" if name in row.varies else _cell(dict(row.values)[name])


def _cell(value: object) -> str:
    text = text_value(value, CELL)  # so many items are longer than a cell already
    return text if len(text) <= CELL else f"{text[: CELL - 1]}…"
