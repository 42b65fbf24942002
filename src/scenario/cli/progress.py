"""One line on stderr that says what goes on: on a terminal only, after half a second, never in CI."""

from __future__ import annotations

import os
import time
from typing import TextIO

PATIENCE = 0.5
"""Seconds before anything is shown."""
INTERVAL = 0.1
"""Seconds between two changes of the line."""


class Progress:
    """Rewrites its line in place."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._wanted = stream.isatty() and not os.environ.get("CI")
        self._started = time.monotonic()
        self._shown_at = 0.0
        self._dirty = False

    def show(self, text: str) -> None:
        """Shows the text, if it is time."""
        now = time.monotonic()
        if not self._wanted or now - self._started < PATIENCE or now - self._shown_at < INTERVAL:
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
