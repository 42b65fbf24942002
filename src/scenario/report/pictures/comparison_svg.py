"""Comparisons as a picture: a bar a way for the wall time, the processor's share of it thinner."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape

from scenario.report.comparison import name, seconds, times_as_fast
from scenario.results.comparison import Comparison, Line

WIDTH, LABEL, ROW, BAR = 720, 210, 26, 16
STYLE = """<style>
text { font: 13px system-ui, sans-serif; fill: #24292f }
.title { font-weight: 600 }
.wall { fill: #a9c9ee }
.cpu { fill: #2f6fb5 }
@media (prefers-color-scheme: dark) { text { fill: #d0d7de } .wall { fill: #2d4a6b } .cpu { fill: #6aa5e8 } }
</style>"""


LEGEND = "broad: wall time, thin: time of the processor (all cores together)"


def comparison_svg(comparisons: Sequence[Comparison]) -> str:
    """One block a case, each on a scale of its own."""
    parts: list[str] = []
    at = 10
    for comparison in comparisons:
        block = [*_block(comparison, at)]
        at += ROW * (len(comparison.lines) + 2)
        parts += block
    height = at + 10
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}" role="img">'
    legend = f'<text x="{LABEL}" y="{height - 8}">{LEGEND}</text>'
    return "\n".join([head, STYLE, "<title>The same scenario on each runtime</title>", *parts, legend, "</svg>", ""])


def _block(comparison: Comparison, top: int) -> Iterator[str]:
    case = f" [{comparison.case}]" if comparison.case else ""
    yield f'<text class="title" x="10" y="{top + 16}">{escape(comparison.scenario + case)}</text>'
    scale = scale_of(comparison, WIDTH - LABEL - 160)
    for number, line in enumerate(comparison.lines, 1):
        yield from _row(comparison, line, top + ROW * number, scale)


def scale_of(comparison: Comparison, width: int) -> float:
    """Of a second, where the longest bar is as wide as that."""
    return width / (max((max(line.wall, line.cpu) for line in comparison.lines), default=0.0) or 1.0)


def bar(line: Line, left: int, top: int, scale: float) -> Iterator[str]:
    """The wall time and, in it, the processor's."""
    yield f'<rect class="wall" x="{left}" y="{top}" width="{max(line.wall * scale, 1):.1f}" height="{BAR}"/>'
    yield f'<rect class="cpu" x="{left}" y="{top + BAR - 5}" width="{line.cpu * scale:.1f}" height="5"/>'


def _row(comparison: Comparison, line: Line, top: int, scale: float) -> Iterator[str]:
    said = [seconds(line.wall), line.run if line.explored is None else f"{line.run}, explored: {line.explored}"]
    speed_up = comparison.speed_up(line)
    if speed_up is not None and line.way != "in turn":
        said.insert(1, times_as_fast(speed_up))
    yield f'<text x="{LABEL - 10}" y="{top + 13}" text-anchor="end">{escape(name(line))}</text>'
    yield from bar(line, LABEL, top, scale)
    end = LABEL + max(line.wall, line.cpu) * scale
    yield f'<text x="{end + 8:.1f}" y="{top + 13}">{escape(" · ".join(said[:-1]))}</text>'
