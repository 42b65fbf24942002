"""How walks are drawn and what is kept of them: data, which travels between whoever takes the walks and whoever asked."""

from __future__ import annotations

from dataclasses import field
from typing import TypeAlias

from scenario.engines.explore.step.transitions import Choice
from scenario.kinds import FailureKind
from scenario.record import mutable, record
from scenario.results.exploration import Row, row_of
from scenario.results.failures import Failure
from scenario.results.outcome import Judged
from scenario.results.sample import Way
from scenario.results.undecided import Undecided
from scenario.source import Span

Key: TypeAlias = tuple[FailureKind, Span, str]


@record
class Plan:
    """How walks are drawn. Of PCT: its depth, and among how many steps priorities change."""

    way: Way
    seed: int
    depth: int = 1
    length: int = 1


@record
class Walk:
    """The number of its first state, and its steps."""

    first: int
    choices: tuple[Choice, ...]


@record
class Shown:
    """A failure, and a walk that has it."""

    failure: Failure
    walk: Walk


@mutable
class Tally:
    """What is known of walks, in the order of their numbers.

    `cut`: those that are not known to their ends and have shown nothing, among them those that were `broken_off` by the
    time or by what is not followed. `weights`: of each that came to its end its surprise, and whether it was bad.
    """

    walks: int = 0
    bad: int = 0
    cut: int = 0
    broken_off: int = 0
    steps: int = 0
    longest: int = 0
    weights: list[tuple[float, bool]] = field(default_factory=list)
    rows: dict[str, tuple[Row, int]] = field(default_factory=dict)
    shown: dict[Key, Shown] = field(default_factory=dict)
    """For each failure the first of the shortest walks that showed it."""
    spent: Undecided | None = None
    interrupted: bool = False

    def add(self, walk: Walk, judged: Judged, surprise: float, *, is_cut: bool) -> None:
        self.walks += 1
        self.bad += judged.bad
        self.cut += is_cut and not judged.bad
        self._measure(len(walk.choices))
        for failure in judged.failures:
            self._show((failure.kind, failure.span, failure.thread or ""), Shown(failure, walk))
        if not is_cut:
            self.weights.append((surprise, judged.bad))
            self._count(judged.key, row_of(judged), 1)

    def break_off(self, walk: Walk, judged: Judged, surprise: float) -> None:
        """A walk that is not known to its end."""
        self.add(walk, judged, surprise, is_cut=True)
        self.broken_off += not judged.bad

    def end(self, spent: Undecided | None = None, *, interrupted: bool = False) -> None:
        """No more walks are taken: for the budget, or for Ctrl-C."""
        self.spent, self.interrupted = spent, interrupted

    def also(self, other: Tally) -> None:
        """What is known of the walks after these."""
        self.walks, self.bad, self.cut = self.walks + other.walks, self.bad + other.bad, self.cut + other.cut
        self.broken_off += other.broken_off
        self.steps, self.longest = self.steps + other.steps, max(self.longest, other.longest)
        self.weights += other.weights
        for key, (row, count) in other.rows.items():
            self._count(key, row, count)
        for place, shown in other.shown.items():
            self._show(place, shown)
        self.spent, self.interrupted = self.spent or other.spent, self.interrupted or other.interrupted

    def _measure(self, steps: int) -> None:
        self.steps += steps
        self.longest = max(self.longest, steps)

    def _count(self, key: str, row: Row, count: int) -> None:
        first, before = self.rows.get(key, (row, 0))
        self.rows[key] = first, before + count

    def _show(self, key: Key, shown: Shown) -> None:
        known = self.shown.get(key)
        if known is None or len(shown.walk.choices) < len(known.walk.choices):
            self.shown[key] = shown


@record
class Planned:
    """How walks are drawn; how many interleavings there are, if that is known; and how long that took."""

    plan: Plan
    interleavings: int | None
    seconds: float


@record
class Walked:
    """What some of the walks have shown, and how long they took."""

    tally: Tally
    seconds: float
