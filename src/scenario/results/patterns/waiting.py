"""Patterns of deadlocks: who waits for whom, and what does not come."""

from __future__ import annotations

from typing import ClassVar, Literal, TypeAlias

from scenario.kinds import PatternName
from scenario.record import record
from scenario.results.outcome import GoesOn
from scenario.results.waiting import Blocked, Giver, Wait

# --- deadlocks: who waits for whom ---------------------------------------------------------------------------


@record
class SelfDeadlock:
    """A thread waits for what it holds itself."""

    name: ClassVar[PatternName] = "self-deadlock"
    thread: str
    wait: Wait


@record
class LockCycle:
    """Each wants a lock that the next has, and the last one of the first's."""

    round: tuple[Blocked, ...]

    @property
    def name(self) -> PatternName:
        return "AB/BA" if len(self.round) == 2 else "lock cycle"


@record
class JoinCycle:
    """Each waits for the end of the next."""

    name: ClassVar[PatternName] = "joining in a circle"
    round: tuple[Blocked, ...]


@record
class JoinAndLockCycle:
    """A circle of waits for ends and for locks."""

    name: ClassVar[PatternName] = "joining with a lock held"
    round: tuple[Blocked, ...]


@record
class PoolSelfDeadlock:
    """A pool's worker waits for a call that is queued in its own pool."""

    name: ClassVar[PatternName] = "pool self-deadlock"
    pool: str


@record
class WaitingWithALock:
    """Who would wake the waiter needs the lock that `other` waits for, and the waiter keeps it."""

    waiter: Blocked
    other: Blocked

    @property
    def name(self) -> PatternName:
        return "nested monitor" if self.waiter.wait.kind == "condition" else "waiting with a lock held"


@record
class RoundWithALock:
    """A thread goes round for ever with what another waits for."""

    name: ClassVar[PatternName] = "going round with a lock held"
    going: GoesOn
    wait: Wait
    thread: str


@record
class NeverReleased:
    """The holders are over and have not given back; `refused` tried to in vain, `raised` are holders whom an exception ended."""

    name: ClassVar[PatternName] = "never released"
    holders: tuple[str, ...]
    wait: Wait
    thread: str
    refused: str | None = None
    raised: tuple[Giver, ...] = ()


@record
class NotGivenBack:
    """A lock of which only that is known: it is taken."""

    name: ClassVar[PatternName] = "never released"
    lock: str
    thread: str


# --- deadlocks: what does not come ---------------------------------------------------------------------------


@record
class ClearedAgain:
    """An event was cleared before a thread waited for it."""

    name: ClassVar[PatternName] = "missed signal"
    by: str
    event: str
    thread: str


@record
class LostWakeup:
    """A notification came before anybody waited."""

    name: ClassVar[PatternName] = "lost wake-up"
    by: str
    condition: str
    thread: str


@record
class ChangedInSilence:
    """What the waiter looks at was changed, and nobody notified."""

    name: ClassVar[PatternName] = "missed signal"
    by: str
    variable: str
    thread: str
    condition: str


@record
class WokeAnother:
    """One of so many waiters was woken, and not this one: what has become of the one that was."""

    by: str
    woken: str
    waiters: int
    thread: str
    fate: Literal["timed out", "waits again", "went on"]

    @property
    def name(self) -> PatternName:
        return "one of several notified" if self.fate == "went on" else "wrong waiter"


@record
class ShortBarrier:
    """Parties of a barrier that never come, and what has become of those who would."""

    name: ClassVar[PatternName] = "barrier short of parties"
    blocked: Blocked
    givers: tuple[Giver, ...]


@record
class NotReported:
    """A thread got so many items of a queue and reported fewer of them done; it `stands` where it waits for something else."""

    name: ClassVar[PatternName] = "waiting for nothing"
    thread: str
    got: int
    done: int
    blocked: Blocked
    stands: Wait | None = None


@record
class NobodyLeft:
    """All who would have ended the wait are stuck or over, or there are none."""

    name: ClassVar[PatternName] = "waiting for nothing"
    blocked: Blocked
    givers: tuple[Giver, ...]


@record
class NobodyCompletes:
    """Futures whose calls neither run nor are queued."""

    name: ClassVar[PatternName] = "waiting for nothing"
    thread: str


@record
class WakeUpLost:
    """A worker of a pool that is shut, and what lets it end has been taken off the queue by another's initializer."""

    name: ClassVar[PatternName] = "waiting for nothing"
    pool: str
    thread: str


@record
class NothingChanges:
    """An `await` of what nobody changes."""

    name: ClassVar[PatternName] = "waiting for nothing"
    thread: str


Waiting: TypeAlias = (
    SelfDeadlock | LockCycle | JoinCycle | JoinAndLockCycle | PoolSelfDeadlock
    | WaitingWithALock | RoundWithALock | NeverReleased | NotGivenBack
)  # fmt: skip
"""Patterns of who waits for whom."""

Missing: TypeAlias = (
    ClearedAgain | LostWakeup | ChangedInSilence | WokeAnother
    | ShortBarrier | NotReported | NobodyLeft | NobodyCompletes | WakeUpLost | NothingChanges
)  # fmt: skip
"""Patterns of what does not come."""
