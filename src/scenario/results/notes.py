"""What is to be said of how a search went, as a fact: what there was no time for, what was looked at in the whole's stead."""

from __future__ import annotations

from typing import Literal, TypeAlias

from scenario.record import record

By: TypeAlias = Literal["time", "interrupted"]
"""What ended looking for something: there was no more time, or Ctrl-C."""


@record
class Hurried:
    """Looking for shorter schedules was ended."""

    by: By = "time"


@record
class NotShortest:
    """Looking for the shortest schedule was ended."""

    by: By = "time"


@record
class NoOdds:
    """The time was up before the odds."""


@record
class AsUpdates:
    """Threads of the group, or calls of the routine, that were taken as one update each, with loops of so many rounds."""

    group: str
    threads: int
    rounds: tuple[int, ...] = ()
    are_calls: bool = False


@record
class FirstRounds:
    """Of these threads the first round was searched."""

    threads: tuple[str, ...]


@record
class AnyReady:
    """What fails was found among executions in which any ready task may be next (`ready: any`)."""


Note: TypeAlias = Hurried | NotShortest | NoOdds | AsUpdates | FirstRounds | AnyReady
