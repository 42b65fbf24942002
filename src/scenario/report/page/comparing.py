"""Comparisons as a page: a table with bars in it, and what is to be said of them, with nothing to be asked of anybody."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape

from scenario.report.comparison import HEADS, cells, notes
from scenario.report.page.page import document, part
from scenario.report.pictures.comparison_svg import BAR, LEGEND, bar, scale_of
from scenario.results.comparison import Comparison, Line

_WIDE = 1_000
"""The longest bar, in parts of the table's width."""


def comparison_page(comparisons: Sequence[Comparison]) -> str:
    """The whole document."""
    body = "\n".join(line for comparison in comparisons for line in _section(comparison))
    legend = f'<p class="legend">Bars, each table on a scale of its own: {LEGEND}.</p>'
    head = "<h1>The same scenario on each runtime</h1>"
    return document("scenario compare", part("compare.css"), f"<main>\n{head}\n{legend}\n{body}\n</main>")


def _section(comparison: Comparison) -> Iterator[str]:
    case = f" [{comparison.case}]" if comparison.case else ""
    title = escape(f"{comparison.file}: {comparison.scenario}{case}")
    yield f"<section>\n<h2>{title}</h2>"
    if comparison.lines:
        heads = "".join(f'<th scope="col">{escape(head)}</th>' for head in HEADS[1:])
        yield f'<div class="wide" tabindex="0" role="region" aria-label="{title}"><table>\n<thead><tr>{heads}</tr></thead>'
        scale = scale_of(comparison, _WIDE)
        for line in comparison.lines:
            yield from _row(comparison, line, scale)
        yield "</table></div>"
    if said := [*notes(comparison)]:
        yield f"<ul>{''.join(f'<li>{escape(note)}</li>' for note in said)}</ul>"
    yield "</section>"


def _row(comparison: Comparison, line: Line, scale: float) -> Iterator[str]:
    """Its name, what is said of it, and its bars below, which are for the eye alone."""
    first, *rest = cells(comparison, line)
    bars = "".join(bar(line, 0, 0, scale))
    yield f'<tbody><tr><th scope="rowgroup" colspan="{len(rest)}">{escape(first)}</th></tr>'
    yield f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in rest)}</tr>"
    yield f'<tr aria-hidden="true"><td colspan="{len(rest)}"><svg viewBox="0 0 {_WIDE} {BAR}" preserveAspectRatio="none">{bars}</svg></td></tr></tbody>'
