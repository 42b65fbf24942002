"""Who does the work of a command: this process, or some that it starts (`--jobs`)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from scenario.commands.asking import By


@contextmanager
def workers(jobs: int, progress: Callable[[str], object]) -> Iterator[By | None]:
    """None for one job: this process does it."""
    if jobs == 1:
        yield None
        return
    from scenario.engines.threads.children.crew import children

    with children(jobs) as hands:
        yield By(hands, progress)
