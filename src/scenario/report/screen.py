"""One state of a schedule, or of a game, on a terminal's screen."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TypeAlias

from scenario.legible import legible
from scenario.record import record
from scenario.report.cells import cut, width, wrapped
from scenario.report.style import Style
from scenario.report.values import short
from scenario.report.words.moves import in_words
from scenario.report.words.prospects import prospect
from scenario.report.words.waits import words
from scenario.results.frames import Choice, Frame, Game, Spot, Stands
from scenario.results.schedule import Move

BEFORE, AFTER = 4, 3
"""Steps that are shown around the present one."""
KEYS = "→ n on · ← b back · g first · G last · p play · q end"
GAME_KEYS = "1–9 choose · ← back · → on · g first · G last · ? leads · p schedule · q end"

_Paint: TypeAlias = Callable[[str], str]


@record
class View:
    """After step `at` of the moves (0: before the first). `spot`: the state of the game, where somebody plays."""

    title: str
    why: str
    at: int
    moves: tuple[Move, ...]
    frame: Frame
    spot: Spot | None = None
    game: Game | None = None
    hints: bool = False


def screen(view: View, style: Style, height: int) -> list[str]:
    """At most so many lines, none wider than the terminal: the keys stand in the last."""
    lines = [paint(line) for text, paint in _lines(view, style) for line in _fitted(text, style.width)]
    room = max(height - 1, 0)
    keys = GAME_KEYS if view.spot is not None else KEYS
    more = [style.dim("  …")] if len(lines) > room > 0 else []
    return [*lines[: room - len(more)], *more, style.dim(keys if style.width is None else cut(keys, style.width))]


def _lines(view: View, style: Style) -> Iterator[tuple[str, _Paint]]:
    yield legible(view.title), style.bold
    if view.why:
        yield legible(view.why), _plain
    yield f"step {view.at} of {len(view.moves)}", style.hint
    yield from _steps(view, style)
    yield "", _plain
    if view.spot is not None and view.game is not None:
        yield from _choices(view.spot, view.game, style, hints=view.hints)
    yield from ((f"  {name} = {legible(short(value))}", _plain) for name, value in view.frame.outcome.shared.items())
    yield from ((_standing(stands, view.frame), _paint(stands, style)) for stands in view.frame.stands)


def _steps(view: View, style: Style) -> Iterator[tuple[str, _Paint]]:
    """Those around the present one, which is marked."""
    first = max(view.at - BEFORE, 0)
    for number, move in enumerate(view.moves[first : view.at + AFTER], first + 1):
        line = f" (line {move.span.line})" if move.span.line > 1 else ""
        now = number == view.at
        yield (
            f"{'▶' if now else ' '} {number:>4}  {move.thread}: {in_words(move)}{line}",
            style.bold if now else (style.dim if number > view.at else _plain),
        )


def _choices(spot: Spot, game: Game, style: Style, *, hints: bool) -> Iterator[tuple[str, _Paint]]:
    told = prospect(spot, game)
    yield told.text, style.bad if told.kind == "no" else style.bold
    for number, one in enumerate(spot.choices, 1):
        yield f"  {number if number <= 9 else ' '}  {_choice(one, game, hints=hints)}", _plain
    if not spot.choices:
        yield "  nobody can move any more", _plain
    yield "", _plain


def _choice(choice: Choice, game: Game, *, hints: bool) -> str:
    told = f"{choice.move.thread}: {in_words(choice.move)}"
    if choice.to is None:
        return f"{told} (beyond what is known here)"
    return f"{told} → {prospect(game.spots[choice.to], game).text}" if hints else told


def _standing(stands: Stands, frame: Frame) -> str:
    has = frame.holds.get(stands.thread, ())
    state = f"waits for {words(stands.wait)}" if stands.wait is not None else stands.state
    holds = f", has {', '.join(has)}" if has else ""
    return f"  {stands.thread}: {state}{holds}"


def _plain(text: str) -> str:
    return text


def _paint(stands: Stands, style: Style) -> _Paint:
    return style.bad if stands.state == "waits" else _plain if stands.state == "can move" else style.dim


def _fitted(text: str, cells: int | None) -> list[str]:
    """One line, or as many as there is need of."""
    if cells is None or width(text) <= cells:
        return [text]
    return wrapped(text, max(cells, 20), len(text) - len(text.lstrip()) + 4)
