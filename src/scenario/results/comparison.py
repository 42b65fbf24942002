"""One scenario on each runtime, on other Pythons and one thread after the other: what each does and how long it takes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, TypeAlias

from scenario.record import record
from scenario.results.result import VerdictWord

Way: TypeAlias = Literal["in turn", "threading", "asyncio", "multiprocessing"]
"""On what: a runtime, or the threads of threading one after the other."""

IN_TURN: Way = "in turn"


@record
class Seen:
    """One outcome of the runs: the observed values as JSON has them, how it ended (None: fine), in how many runs."""

    values: Mapping[str, object]
    end: str | None
    runs: int


@record
class Line:
    """One way. `python`: its version, where that is another than the one that compares; `wall` and `cpu` are medians in seconds.

    `run` and `explored` are verdicts (None: it was not explored), `why` says why exploring did not decide, `found` are the
    kinds of failure that it found, also where `expect` asks for them. `meant`: whether
    the file says that it holds there.
    """

    way: Way
    python: str
    run: VerdictWord
    explored: VerdictWord | None
    wall: float
    cpu: float
    outcomes: tuple[Seen, ...] = ()
    why: str = ""
    found: tuple[str, ...] = ()
    meant: bool = False


@record
class LeftOut:
    """A way that the scenario can not go, and why. `refused`: by the system, which says nothing of the file."""

    way: Way | None
    python: str
    why: str
    refused: bool = False


@record
class Comparison:
    """One case of a file."""

    file: str
    scenario: str
    case: str
    lines: tuple[Line, ...]
    left_out: tuple[LeftOut, ...] = ()

    def speed_up(self, line: Line) -> float | None:
        """How many times as fast as in turn on the same Python; None where that could not be run."""
        turn = next((one for one in self.lines if one.way == IN_TURN and one.python == line.python), None)
        return turn.wall / line.wall if turn is not None and line.wall > 0 else None

    @property
    def holds(self) -> bool:
        """Whether it does wherever the file says so, run and explored (undecided is no failure)."""
        return all(line.run == "holds" and line.explored != "fails" for line in self.lines if line.meant)
