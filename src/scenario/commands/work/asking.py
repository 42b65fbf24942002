"""Work on a case as something that asks for units, and is sent what came of them: whoever drives it decides where they are done.

A command says once how a case is taken apart and put together again. With one worker its units are done at once, here;
`side_by_side.py` has them done elsewhere, those of several cases at a time.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import contextmanager
from importlib.util import find_spec
from itertools import pairwise
from typing import TYPE_CHECKING, TypeAlias, TypeVar

from scenario.commands.pipeline import Case, Work
from scenario.files.options import UsageError
from scenario.record import record
from scenario.results.result import Result

if TYPE_CHECKING:  # an executor is not imported for work that this process does
    from scenario.spread import Hands, Workers

Unit = TypeVar("Unit")
Value = TypeVar("Value")

Asking: TypeAlias = Generator[Sequence[Unit], Sequence[Value], Result]
"""It is sent a value for each unit, in their order; after Ctrl-C, only the values that are known."""

Ask: TypeAlias = Callable[[Case], Asking[Unit, Value]]


@record
class By:
    """Who does the units, and who is told how far they are."""

    hands: Hands
    progress: Callable[[str], object]


@contextmanager
def workers(jobs: int, dask: str | None, progress: Callable[[str], object]) -> Iterator[By | None]:
    """Those of the cluster at that address, or so many of our own; None for one: this process does it. Raises UsageError."""
    if dask is not None:
        if find_spec("distributed") is None:
            raise UsageError("--dask needs a package that is not installed: pip install 'scenario[dask]'")
        from scenario.commands.work.cluster import cluster

        with cluster(dask) as hands:
            yield By(hands, progress)
        return
    if jobs == 1:
        yield None
        return
    from scenario.real.children.crew import children

    with children(jobs) as hands:
        yield By(hands, progress)


@contextmanager
def workers_of(executor: Workers | None, count: int | None) -> Iterator[By | None]:
    """Those of the caller's executor, as so many (None: one a processor); None for none. Raises TypeError for what is no executor."""
    if executor is None:
        yield None
        return
    from scenario.real.children.crew import hired

    with hired(executor, count or os.cpu_count() or 1) as hands:
        yield By(hands, str)


def at_once(ask: Ask[Unit, Value], do: Callable[[Unit], Value]) -> Work:
    """The work of a case whose units are done here, one after the other."""

    def work(case: Case) -> Result:
        asking = ask(case)
        try:
            units = next(asking)
            while True:
                units = asking.send([do(unit) for unit in units])
        except StopIteration as end:
            result: Result = end.value
            return result

    return work


def parts(total: int, pieces: int) -> list[range]:
    """The numbers below `total` in so many pieces of about the same size, in order; none is empty."""
    pieces = max(1, min(total, pieces))
    bounds = [total * piece // pieces for piece in range(pieces + 1)]
    return [range(first, last) for first, last in pairwise(bounds)]
