"""Standard streams that somebody has closed: before we began, or while we write."""

from __future__ import annotations

import os
import sys
from typing import TextIO


def open_streams() -> None:
    """A stream that whoever started us has closed swallows what it gets."""
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            setattr(sys, name, os.fdopen(os.open(os.devnull, os.O_WRONLY), "w", encoding="utf-8"))


def tell(text: str) -> None:
    """A line on standard error; where nobody reads that any more, the exit code says it."""
    try:
        sys.stderr.write(f"{text}\n")
        sys.stderr.flush()
    except BrokenPipeError:
        silence(sys.stderr)


def silence(stream: TextIO) -> None:
    """From here on nobody reads what is written there: `scenario run … | head` has seen enough, and wants the exit code."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
