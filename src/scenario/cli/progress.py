"""One line on stderr that says what goes on: on a terminal only, after half a second, never in CI."""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from scenario.results.exploration import Pace

PATIENCE = 0.5
"""Seconds before anything is shown."""
INTERVAL = 0.1
"""Seconds between two changes of the line."""


def pace_line(pace: Pace) -> str:
    """`1.2M states, 310k steps/s, depth 24, 812 MiB; left: 38 s, 7.2 GiB`: no wider than 79 columns."""
    of = "" if pace.left_states is None else f" of {_few(pace.states + max(pace.left_states, 0))}"
    what = f"{_few(pace.states)}{of} states" if pace.walks is None else f"{_few(pace.walks)} walks"
    if pace.executions is not None:
        return f"{_few(pace.executions)} executions, {_few(int(pace.steps / max(pace.seconds, 1e-3)))} steps/s; left: {max(pace.left_seconds, 0):.0f} s"
    rate = f"{_few(int(pace.steps / max(pace.seconds, 1e-3)))} steps/s"
    left = f"{max(pace.left_seconds, 0):.0f} s, {_size(pace.left_memory)}"
    return f"{what}, {rate}, depth {_few(pace.depth)}, {_size(pace.memory)}; left: {left}"


def _few(count: int) -> str:
    """A number in a few characters."""
    for unit, name in ((10**9, "G"), (10**6, "M"), (10**4, "k")):
        if count >= unit:
            size = count / min(unit, 1000 if name == "k" else unit)
            return f"{size:.1f}{name}" if size < 10 else f"{size:.0f}{name}"
    return str(count)


def _size(size: int) -> str:
    return f"{size / 2**30:.{int(size < 10 * 2**30)}f} GiB" if size >= 2**30 else f"{size / 2**20:.0f} MiB"


class Progress:
    """Rewrites its line in place."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._wanted = stream.isatty() and not os.environ.get("CI")
        self._started = time.monotonic()
        self._shown_at = 0.0
        self._dirty = False

    def show(self, text: str, *, at_once: bool = False) -> None:
        """Shows the text, if it is time; `at_once`: it is, for what comes may take long."""
        now = time.monotonic()
        early = now - self._started < PATIENCE or now - self._shown_at < INTERVAL
        if not self._wanted or (early and not at_once):
            return
        import shutil

        from scenario.legible import legible

        width = shutil.get_terminal_size().columns - 1
        self._stream.write(f"\r\033[K{legible(text)[:width]}")
        self._stream.flush()
        self._shown_at, self._dirty = now, True

    def clear(self) -> None:
        """Makes room for a line of the report."""
        if self._dirty:
            self._stream.write("\r\033[K")
            self._stream.flush()
            self._dirty = False
