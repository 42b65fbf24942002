"""A place of the user's code where another thread may come in: what a schedule names and a report shows."""

from __future__ import annotations

import linecache
from collections.abc import Set as AbstractSet
from pathlib import PurePath


class Place:
    """An access or an operation in a source file; lines and columns count from 1. Equal only to itself: one a node.

    `name` is what a schedule calls it, the same on every version of Python: the `nth` of those that begin there has a
    number; `location` is what is accessed there, where the source alone says it: a global, a closure variable.
    """

    __slots__ = ("column", "file", "line", "location", "name", "text")

    def __init__(
        self,
        file: str,
        line: int,
        column: int,
        text: str,
        location: tuple[object, ...] | None = None,
        nth: int = 1,
    ) -> None:
        self.file, self.line, self.column, self.text, self.location = file, line, column, text, location
        self.name = f"{PurePath(file).name}:{line}:{column}{f'.{nth}' if nth > 1 else ''}"

    @property
    def source(self) -> str:
        """Its line."""
        return linecache.getline(self.file, self.line).strip()

    def __repr__(self) -> str:
        return f"<{self.name} {self.text}>"


class Locations:
    """What is accessed at places where the source alone says it; more places may come."""

    def __init__(self, places: list[Place]) -> None:
        self._places, self._seen = places, 0
        self._known: set[tuple[object, ...]] = set()

    def known(self) -> AbstractSet[tuple[object, ...]]:
        """Of all that there are by now."""
        new, self._seen = self._places[self._seen :], len(self._places)
        self._known |= {place.location for place in new if place.location is not None}
        return self._known


END = Place("", 0, 0, "end")
"""Where a thread stands after its last line."""
