"""Keys that are taken out of a dict while its own thread goes through it.

Where another comes in its place, CPython goes on by where the entries lie in memory, which no state tells.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from operator import delitem

from scenario.engines.explore.model.code import Iterate
from scenario.engines.explore.model.parts import Frame
from scenario.engines.explore.model.raising import on_values
from scenario.engines.explore.model.values import Unexplored
from scenario.results.undecided import NotFollowed
from scenario.steps.computing import Position

_DELETE: Callable[..., object] = delitem


def taking(frames: Iterable[Frame], container: object, method: str) -> Callable[..., object]:
    """The method (or `del`) of a container, which may be a dict that a loop of these frames goes through."""
    function = partial(_DELETE, container) if method == "del" else on_values(getattr, container, method)
    return partial(_taken, frames, container, function) if isinstance(container, dict) else function


def _taken(
    frames: Iterable[Frame], container: dict[object, object], function: Callable[..., object], *args: object
) -> object:
    size = len(container)
    value = on_values(function, *args)
    if len(container) < size:
        for frame in frames:
            for items, position in _loops(frame):
                if frame.locals[items] is container and isinstance(frame.locals[position], tuple):
                    frame.locals[position] = (*frame.locals[position][:2], None)
    return value


def _loops(frame: Frame) -> Iterable[tuple[int, ...]]:
    """Where its loops have what they go through, and how far they are."""
    return (at.uses for at in frame.code.instructions if isinstance(at, Iterate))


def check(items: object, position: Position) -> None:
    """Raises Unexplored where what comes next depends on where entries lie: as many keys as before, and one was taken out."""
    if isinstance(items, dict) and isinstance(position, tuple) and position[2] is None and len(items) == position[0]:
        raise Unexplored(NotFollowed("key in another's place"))
