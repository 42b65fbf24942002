"""The graph of states for Graphviz.

https://graphviz.org/doc/info/lang.html A state is a box with its values; an edge is a step. Colours say what can still come of a state, as on the page.
"""

from __future__ import annotations

from collections.abc import Iterator

from scenario.legible import legible
from scenario.report.values import short
from scenario.report.words.moves import in_words
from scenario.report.words.prospects import prospect
from scenario.results.frames import Game, Spot

COLOURS = {"yes": "#116329", "open": "#9a6700", "no": "#b3261e"}


def state_graph(game: Game, name: str) -> Iterator[str]:
    """Its lines. The game is whole."""
    yield f"digraph {_quoted(name)} {{"
    yield '  node [shape=box, style=rounded, fontname="monospace", fontsize=10]'
    yield '  edge [fontname="monospace", fontsize=9]'
    for number, spot in enumerate(game.spots):
        style = ', style="rounded,bold"' if number in game.starts else ""
        told = prospect(spot, game)
        yield (
            f"  s{number} [label={_quoted(_label(number, spot))}, "
            f'color="{COLOURS[told.kind]}", tooltip={_quoted(told.text)}{style}]'
        )
    for number, spot in enumerate(game.spots):
        for one in spot.choices:
            yield f"  s{number} -> s{one.to} [label={_quoted(f'{one.move.thread}: {in_words(one.move)}')}]"
    yield "}"


def _label(number: int, spot: Spot) -> str:
    values = (f"{name} = {short(value)}" for name, value in spot.frame.outcome.shared.items())
    return "\n".join((str(number + 1), *values))


def _quoted(text: str) -> str:
    """A text that says nothing to Graphviz."""
    lines = (legible(line).replace("\\", "\\\\").replace('"', '\\"') for line in text.split("\n"))
    return '"' + "\\n".join(lines) + '"'
