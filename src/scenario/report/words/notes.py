"""What is to be said of how a search went, in words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import assert_never

from scenario.report.values import are
from scenario.results.notes import AnyReady, AsUpdates, FirstRounds, Hurried, NoOdds, Note, NotShortest
from scenario.results.schedule import Schedule


def words(note: Note) -> str:
    match note:
        case Hurried(by):
            how = "was interrupted" if by == "interrupted" else "took as long as there was time"
            return f"looking for shorter schedules {how}: there may be ones with fewer preemptions"
        case NotShortest(by):
            how = "was interrupted" if by == "interrupted" else "took too long"
            return f"there may be shorter schedules: looking for the shortest {how}"
        case NoOdds():
            return "the odds are left out: the time was up"
        case AnyReady():
            return (
                "any ready task may be next here (ready: any): today's loop takes them in order and may never show this"
            )
        case AsUpdates(group, threads, rounds, are_calls):
            loops = f", loops of {_range(rounds)} round{'s' if rounds[-1] != 1 else ''}" if rounds else ""
            one, several = (f"a call of {group}", "calls") if are_calls else (group, "threads")
            who, each = (f"{threads:,} {several} of {group}", " each") if threads > 1 else (one, "")
            return f"{who}{loops} taken as one update{each}"
        case FirstRounds(threads):
            few = ", ".join(threads)
            return f"searched: the first round of {few}; what is left of all threads comes after, one thread at a time"
        case _:
            assert_never(note)


def untold(schedule: Schedule) -> str:
    """Of a schedule that was too long to be told in time."""
    return f"{schedule.untold:,} of its steps {are(schedule.untold)} not told: there was no time (--max-seconds); the command below replays all"


def _range(rounds: Sequence[int]) -> str:
    return f"{rounds[0]:,}" if len(rounds) == 1 else f"{rounds[0]:,} to {rounds[-1]:,}"
