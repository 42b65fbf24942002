"""Runs a program on asyncio: every thread of the file is a task, every primitive asyncio's own."""

from __future__ import annotations

from collections.abc import Callable

from scenario.program.program import Program
from scenario.results.outcome import Outcome


def run(program: Program, *, seed: int = 0, on_print: Callable[[str], None] | None = None) -> Outcome:
    """Runs the program once, on a loop of its own in this thread. `seed` decides every `choose`."""
    from scenario.engines.tasks.running import execute  # asyncio is slow to import, and few files need it

    return execute(program, seed=seed, on_print=on_print)


__all__ = ["run"]
