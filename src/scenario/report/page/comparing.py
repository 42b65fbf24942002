"""Comparisons as a page: bars, a table, and what is to be said of them, with nothing to be asked of anybody."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape

from scenario.report.comparison import HEADS, cells, notes
from scenario.report.page.page import document, part
from scenario.report.pictures.comparison_svg import comparison_svg
from scenario.results.comparison import Comparison

_SCROLLS = 'class="wide" tabindex="0" role="region"'
"""What may be wider than a phone scrolls by itself, with keys too."""


def comparison_page(comparisons: Sequence[Comparison]) -> str:
    """The whole document."""
    body = "\n".join(line for comparison in comparisons for line in _section(comparison))
    return document(
        "scenario compare", part("compare.css"), f"<main>\n<h1>The same scenario on each runtime</h1>\n{body}\n</main>"
    )


def _section(comparison: Comparison) -> Iterator[str]:
    case = f" [{comparison.case}]" if comparison.case else ""
    yield f"<section>\n<h2>{escape(f'{comparison.file}: {comparison.scenario}{case}')}</h2>"
    if comparison.lines:
        yield f'<div {_SCROLLS} aria-label="Bars">{comparison_svg([comparison], style="")}</div>'
        yield f'<div {_SCROLLS} aria-label="Table"><table>\n<thead><tr>'
        yield "".join(f'<th scope="col">{escape(head or "on")}</th>' for head in HEADS)
        yield "</tr></thead>\n<tbody>"
        for line in comparison.lines:
            first, *rest = cells(comparison, line)
            yield f'<tr><th scope="row">{escape(first)}</th>{"".join(f"<td>{escape(cell)}</td>" for cell in rest)}</tr>'
        yield "</tbody></table></div>"
    if said := [*notes(comparison)]:
        yield f"<ul>{''.join(f'<li>{escape(note)}</li>' for note in said)}</ul>"
    yield "</section>"
