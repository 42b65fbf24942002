"""Who sleeps on a condition of `multiprocessing`, as Lib/multiprocessing/synchronize.py counts: three semaphores, no queue.

`sleeping` counts who has begun to wait, `woken` who has come back (notified or timed out) and was not subtracted yet, `tokens` are
notifications that nobody has taken. `notify` waits, with the lock, until as many have come back as it has woken, and throws away
the tokens that are left: so one who times out at that moment may use up the notification of another, and for one who was killed in
its sleep it waits for ever. An Event, a Barrier and a JoinableQueue have such a condition inside.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple, TypeAlias

from scenario.engines.explore.step.context import Context
from scenario.engines.explore.step.primitives.alternatives import Alternative, Alternatives, blocked, unusable
from scenario.engines.explore.step.primitives.model import Phase
from scenario.record import record


class Counts(NamedTuple):
    """`holder`: who notifies, with the lock that an object has inside (of a Condition: None, its lock is another object)."""

    sleeping: int = 0
    woken: int = 0
    tokens: int = 0
    holder: int | None = None


@record
class Asleep(Phase):
    """It waits for a token; `levels`: how often it had taken a condition's lock."""

    levels: int = 1


@record
class Back(Phase):
    """It has its token, or has timed out. `is_counted`: others can see that it has woken, and it wants its lock back."""

    levels: int
    is_notified: bool
    is_counted: bool = False

    def is_queued(self, _: Context) -> bool:
        return False


@record
class Notified(Phase):
    """It has put so many tokens, and waits until as many have come back."""

    sleepers: int


Store: TypeAlias = Callable[[Context, Counts], None]
"""Gives the object its counts."""


def begin(w: Context, counts: Counts, store: Store, levels: int = 1) -> None:
    """It goes to sleep."""
    store(w, counts._replace(sleeping=counts.sleeping + 1))
    w.stay(Asleep(levels))


def waking(w: Context, counts: Counts, store: Store, timeout: float | None) -> Alternatives | None:
    """What one who sleeps, or has just woken, may do; None where it wants its lock back."""
    match w.phase:
        case Asleep(levels):
            back = Back(levels, is_notified=False)
            if unusable(timeout) is not None:
                return (Alternative(lambda v: v.stay(back)),)
            if counts.tokens:
                return (Alternative(lambda v: _take_token(v, counts, store, levels)),)
            late = blocked(w, None if timeout is None else max(timeout, 0), lambda v: v.stay(back))
            return (*late, *_by_itself(w, levels))
        case Back(levels, is_notified, is_counted=False):
            counted = Back(levels, is_notified, is_counted=True)
            return (Alternative(lambda v: _count(v, counts, store, counted)),)
        case _:
            return None


def _by_itself(w: Context, levels: int) -> Alternatives:
    woken = Back(levels, is_notified=True)
    return (Alternative(lambda v: v.stay(woken), "spurious"),) if w.layout.spurious else ()


def _take_token(w: Context, counts: Counts, store: Store, levels: int) -> None:
    store(w, counts._replace(tokens=counts.tokens - 1))
    w.stay(Back(levels, is_notified=True))


def _count(w: Context, counts: Counts, store: Store, counted: Back) -> None:
    store(w, counts._replace(woken=counts.woken + 1))
    w.stay(counted)


def notify(w: Context, counts: Counts, store: Store, most: int | None, holder: int | None = None) -> None:
    """Wakes so many (None: all) of those who sleep, if there are any: then it waits for them."""
    asleep = counts.sleeping - counts.woken
    sleepers = max(asleep if most is None else min(most, asleep), 0)
    if sleepers:
        store(w, Counts(asleep - sleepers, 0, sleepers, holder))
        w.stay(Notified(sleepers))
    else:
        store(w, Counts(asleep))
        w.finish()


def all_back(counts: Counts, store: Store, sleepers: int) -> Alternatives:
    """Who notifies goes on once as many have come back; the tokens that are left are nobody's."""
    if counts.woken < sleepers:
        return ()

    def go_on(w: Context) -> None:
        store(w, Counts(counts.sleeping, counts.woken - sleepers))
        w.finish()

    return (Alternative(go_on, part="second"),)


def renamed(counts: Counts, new: Mapping[int, int]) -> Counts:
    """With who notifies under its new number."""
    return counts if counts.holder is None else counts._replace(holder=new[counts.holder])
