"""Executions of the user's own code as pictures, with the texts of the files that they go through."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from scenario.record import record
from scenario.results.frames import Film


@record
class CodeFilm:
    """An execution as pictures. `marked`: its steps that are at odds; `same`: how many are those of the failing one before it."""

    kind: Literal["fails", "passes", "sample"]
    film: Film
    marked: tuple[int, ...] = ()
    same: int = 0


@record
class Filmed:
    """Executions, and the texts of the files of own code that they go through, by path."""

    films: tuple[CodeFilm, ...]
    texts: Mapping[str, str]
