"""What the command line may ask of the pipeline, as values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal


class UsageError(Exception):
    """The command line asks for what can not be: exit 2, before anything runs."""


@dataclass(frozen=True, slots=True)
class Selection:
    """Which files, and which of their scenarios. `params` are the texts of `-p`, by name."""

    paths: tuple[str, ...]
    exclude: tuple[str, ...] = ()
    keyword: str = ""
    tags: tuple[str, ...] = ()
    stdin_name: str = "<stdin>"
    params: Mapping[str, str] = field(default_factory=dict)
    allow_python: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class RunOptions:
    """`seed` is that of the first run; the next ones count on from it. `stress`: races show more often."""

    seed: int
    times: int = 1
    stress: bool = False


@dataclass(frozen=True, slots=True)
class ExploreOptions:
    """Budgets of a search, in states and seconds, and the settings that go before a file's own (None: the file's)."""

    max_states: int = 1_000_000
    max_seconds: float = 60.0
    odds: bool = False
    keep_going: bool = False
    reduce: bool = True
    clock: Literal["free", "virtual"] | None = None
    wake: Literal["any", "fifo"] | None = None
    spurious: bool | None = None
