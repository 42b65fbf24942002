"""What a run has shown so far: the lines that it printed, and its marks."""

from __future__ import annotations

import threading
from collections.abc import Callable

from scenario.engines.threads.live.clock import Clock
from scenario.real.endable import Abandoned


def _unheard(_line: str) -> None:
    """Nobody listens."""


class Shown:
    """`drain` says what others have printed so far, and gives a line that is not yet whole."""

    def __init__(self, clock: Clock, on_print: Callable[[str], None] | None) -> None:
        self.marks: list[str] = []
        self.drain: Callable[[], str] = str
        self._clock = clock
        self._output: list[str] = []
        self._printing = threading.Lock()
        self._on_print = on_print or _unheard

    def drain_by(self, drain: Callable[[], str]) -> None:
        """Others print too: this says what."""
        self.drain = drain

    def print(self, text: str) -> None:
        self.drain()
        self.say(text)

    def say(self, text: str) -> None:
        """What is printed at once: mostly one line. Who listens gets it in the order of `output`."""
        lines = text.split("\n")
        with self._printing:
            if self._clock.over:
                raise Abandoned
            self._output += lines
            for line in lines:
                self._on_print(line)

    def output(self) -> tuple[str, ...]:
        begun = self.drain()
        with self._printing:  # no line is half said
            return (*self._output, begun) if begun else tuple(self._output)

    def count(self) -> int:
        """Of whole lines so far."""
        self.drain()
        return len(self._output)

    def mark(self, text: str) -> None:
        if self._clock.over:
            raise Abandoned
        self.marks.append(text)
