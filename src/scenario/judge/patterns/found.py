"""What a pattern says, and how the finders put names together."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TypeAlias

from scenario.judge.patterns.history import History


@dataclass(frozen=True, slots=True)
class Pattern:
    """`name` as the field calls it; `sentence` says what happened here."""

    name: str
    sentence: str


Finder: TypeAlias = Callable[[History], Pattern | None]


def listed(names: Iterable[str]) -> str:
    """`a, b and c`, each once and sorted."""
    *most, last = sorted(set(names))
    return f"{', '.join(most)} and {last}" if most else last
