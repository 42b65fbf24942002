"""What is seen again and again, each once, under a number."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence

from scenario.legible import legible
from scenario.report.values import text_value
from scenario.report.words.moves import rows
from scenario.report.words.waits import words
from scenario.results.frames import Stands
from scenario.results.schedule import Move
from scenario.results.waiting import Wait

ITEMS, LONGEST = 200, 2000
"""Items of each container, and characters of a value, that the page carries; what is cut ends with a mark."""
STATES = ("not started", "can move", "waits", "over")


class Table:
    """Values that JSON can have, by number."""

    def __init__(self) -> None:
        self.rows: list[object] = []
        self._known: dict[str, int] = {}

    def add(self, row: object) -> int:
        key = row if isinstance(row, str) else json.dumps(row)
        if key not in self._known:
            self._known[key] = len(self.rows)
            self.rows.append(row)
        return self._known[key]


class Tables:
    """All of one case. Threads and variables are numbered as they are given, lines as `line` numbers those of a file (0: none is shown)."""

    def __init__(self, threads: Sequence[str], variables: Sequence[str], line: Callable[[str, int], int]) -> None:
        self.threads = threads
        self.variables = variables
        self._line = line
        self._numbers = {thread: number for number, thread in enumerate(threads)}
        self._texts, self._values, self._holds, self._truths = Table(), Table(), Table(), Table()
        self._stands, self._steps = Table(), Table()
        self._moves: dict[int, tuple[Move, int]] = {}
        """By identity: a graph has few moves, each at many places."""

    def content(self) -> dict[str, object]:
        """As the page's script reads it."""
        return {
            "texts": self._texts.rows, "values": self._values.rows, "holds": self._holds.rows,
            "truths": self._truths.rows, "stands": self._stands.rows, "steps": self._steps.rows,
        }  # fmt: skip

    def values(self, shared: Mapping[str, object]) -> int:
        """A text for each variable."""
        return self._values.add([self._value(shared.get(name)) for name in self.variables])

    def holds(self, holds: Mapping[str, Sequence[str]]) -> int:
        """Each thread that holds something, with what it holds."""
        return self._holds.add(
            [
                [self._numbers[thread], *map(self.text, names)]
                for thread, names in holds.items()
                if thread in self._numbers
            ]
        )

    def truths(self, letters: str) -> int:
        return self._truths.add(letters)

    def stands(self, stands: Stands, registers: Mapping[str, object]) -> int:
        """How it is, at which line (0: none), for what it waits (-1: nothing) and for whom, and its locals."""
        text, threads = (
            (-1, ()) if stands.wait is None else (self.text(words(stands.wait)), self._waited_for(stands.wait))
        )
        known = {**registers, **stands.locals}
        return self._stands.add([
            STATES.index(stands.state), self._line(stands.file, stands.span.line if stands.span else 0), text, list(threads),
            *([self.text(name), self._value(value)] for name, value in known.items()),
        ])  # fmt: skip

    def waiting(self, thread: str, wait: Wait) -> list[object]:
        """One that is stuck, for what, and for whom."""
        return [self._numbers[thread], self.text(words(wait)), list(self._waited_for(wait))]

    def step(self, move: Move) -> int:
        """Its thread, what was done by whom at which line, and which variables and objects it is on."""
        known = self._moves.get(id(move))
        if known is None:
            told = [
                [self._number(row.thread), self._line(row.file, row.line), self.text(row.text)] for row in rows(move)
            ]
            names = dict.fromkeys((*move.reads, *move.writes, move.object, move.lock, *move.asks, *move.names))
            named = [self.text(name) for name in names if name and name not in self._numbers]
            number = self._steps.add([self._number(move.thread), told, named])
            known = self._moves[id(move)] = (move, number)  # the move is kept, so that no other has its identity
        return known[1]

    def _number(self, thread: str) -> int:
        return self._numbers.get(thread, 0)

    def _waited_for(self, wait: Wait) -> tuple[int, ...]:
        return tuple(self._numbers[thread] for thread in wait.threads() if thread in self._numbers)

    def text(self, text: str) -> int:
        return self._texts.add(legible(text))

    def _value(self, value: object) -> int:
        text = text_value(value, ITEMS)
        return self._texts.add(text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…")
