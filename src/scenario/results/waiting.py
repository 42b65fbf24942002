"""What a thread waits for, as a fact: each engine gives the same record for the same wait.

A wait is read from the state of the objects: by the real ones of a run or a replay, by the modelled ones when exploring.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Literal, TypeAlias

from scenario.record import record
from scenario.source import Span

WaitKind: TypeAlias = Literal[
    "lock", "relock", "semaphore", "event", "condition", "barrier", "action", "item", "room", "tasks",
    "thread", "future", "futures", "calls", "wake-up", "woken", "await", "sleep", "time", "code", "turn", "nothing",
]  # fmt: skip
"""`relock`: a condition's wait is over and wants its lock back; `action`: a barrier's action is run; `item`, `room` and
`tasks` of a queue (get, put, join); `woken`: those whom it has notified, on multiprocessing; `calls`: those of a pool that is shut down; `wake-up`: what lets its workers end; `time`: a timer's; `code`: the user's own code to return."""


@record
class Holder:
    """Who has a lock, or a place of a semaphore, and since which step (None: not known); a killed process has it for ever."""

    thread: str
    since: Span | None = None
    is_killed: bool = False


@record
class Wait:
    """`name` is the object's as the file has it (`forks[1]`), or the ref of the thread whose end is waited for.

    A lock goes by its own name, also where a condition over it is used. `holders` are those of a lock (or the lock that a
    condition wants back) and who took a semaphore's places, the longest holding first. `by`: the threads that would end
    the wait: who is joined, runs the barrier's action, runs the future's call. Of a future `name` is the pool in which
    its call of `routine` is queued or runs, of own code where it is, in which function. `needs` and `has`: parties of a barrier, futures that must be done.
    """

    kind: WaitKind
    name: str = ""
    holders: tuple[Holder, ...] = ()
    by: tuple[str, ...] = ()
    routine: str = ""
    needs: int | None = None
    has: int | None = None

    def threads(self) -> tuple[str, ...]:
        """Those that it waits for, each once."""
        return tuple(dict.fromkeys((*(holder.thread for holder in self.holders), *self.by)))


@record
class Blocked:
    """A thread that waits: at which step, for what. `pool`: the one whose worker it is. `daemon`: that it waits for ever is no deadlock."""

    thread: str
    span: Span
    wait: Wait
    pool: str = ""
    daemon: bool = False


@record
class Busy:
    """A thread that waits for nobody: at which step it is."""

    thread: str
    span: Span


@record
class Giver:
    """A thread that has steps which end a wait of this kind on this object, and what has become of it.

    A call that somebody waits for is one too, while it is queued. `takes`: it also has steps that take what is waited for, so that what it gives is what it took (a lock, a place).
    `error`: the exception that it ended with, at `span`.
    """

    kind: WaitKind
    name: str
    thread: str
    fate: Literal["ended", "raised", "stuck", "goes round", "queued"]
    takes: bool = False
    error: str = ""
    span: Span | None = None


def circle(blocked: Sequence[Blocked]) -> tuple[Blocked, ...]:
    """The first threads of which each waits for the next and the last for the first; empty if there are none."""
    by_thread = {one.thread: one for one in blocked}
    edges = {
        one.thread: [ref for ref in one.wait.threads() if ref in by_thread and _needs(one, ref)] for one in blocked
    }
    edges = _turned(_leading_on(_turned(_leading_on(edges))))
    ways = (tuple(by_thread[ref] for ref in path) for start in by_thread if (path := _way_back(start, edges)))
    return next(ways, ())


def of_a_picture(blocked: Sequence[Blocked], moved: Collection[str]) -> tuple[Blocked, ...]:
    """Those who are drawn beside the threads that moved: no daemon that only stands idle and for which nobody waits."""
    wanted = {ref for one in blocked for ref in one.wait.threads()}
    return tuple(one for one in blocked if not one.daemon or one.thread in moved or one.thread in wanted)


def _needs(one: Blocked, ref: str) -> bool:
    """Whether it waits for the thread: a semaphore's places are nobody's, so who has taken them waits for others."""
    return one.wait.kind != "semaphore" or ref != one.thread


def _turned(edges: Mapping[str, list[str]]) -> dict[str, list[str]]:
    """By whoever is waited for: who waits."""
    turned: dict[str, list[str]] = {ref: [] for ref in edges}
    for ref, others in edges.items():
        for other in others:
            turned[other].append(ref)
    return turned


def _leading_on(edges: Mapping[str, list[str]]) -> dict[str, list[str]]:
    """The same without whoever leads to nobody, again and again: a long chain is gone in one pass."""
    back, left = _turned(edges), {ref: len(others) for ref, others in edges.items()}
    ended = [ref for ref, count in left.items() if not count]
    for ref in ended:  # which grows meanwhile
        for before in back[ref]:
            left[before] -= 1
            if not left[before]:
                ended.append(before)
    gone = frozenset(ended)
    return {ref: [one for one in others if one not in gone] for ref, others in edges.items() if ref not in gone}


def _way_back(start: str, edges: Mapping[str, list[str]]) -> list[str]:
    """A way from `start` back to itself, depth first; empty if there is none."""
    if start not in edges:
        return []
    path, branches, seen = [start], [iter(edges[start])], {start}
    while branches:
        following = next(branches[-1], None)
        if following == start:
            return path
        if following is None:
            branches.pop()
            path.pop()
        elif following not in seen:
            seen.add(following)
            path.append(following)
            branches.append(iter(edges[following]))
    return []
