"""Whether something may order two accesses of two threads: an event, a queue, a join, a flag that is waited for.

A thread sends on a channel (sets the event, puts, ends, writes the flag) and receives
on it (waits, gets, joins, awaits). One access may come before another if the first thread sends after it and
the second receives before it, be it by way of others. That errs on the side of order: it need not be so on every path.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Literal, TypeAlias, assert_never

from scenario import syntax
from scenario.lint.access import Access
from scenario.lint.accesses import Accesses
from scenario.program import ops
from scenario.program import program as form
from scenario.program.walk import walk_all
from scenario.record import record

if TYPE_CHECKING:
    from scenario.lint.roots import Root

_START, _END = -1, 10**9
_LOCKS = (form.Lock, form.RLock, form.Semaphore, form.BoundedSemaphore, form.Condition)
_COUNTERS = (form.Semaphore, form.BoundedSemaphore)
_QUEUES = (form.Queue, form.LifoQueue, form.PriorityQueue)


Kind: TypeAlias = Literal["object", "room", "tasks", "var", "start", "end", "futures", "submit"]
ASKED: tuple[Kind, ...] = ("object", "room", "tasks", "end")
"""What a question to an object or thread may tell of."""


@record
class Channel:
    """Of what kind it is, and of which object (what it has, its room, its unfinished tasks), variable, thread or routine."""

    kind: Kind
    name: str = ""


_FUTURES, _SUBMIT = Channel("futures"), Channel("submit")


@record
class Signal:
    """A thread sends or receives on a channel at a visit of its way; `controls`: only what this visit decides about."""

    channel: Channel
    at: float
    controls: bool = False


@record
class Lines:
    """What one thread sends and receives."""

    sends: list[Signal]
    receives: list[Signal]


class Order:
    """All channels of a program; `lifetimes`: only starting and joining, which orders every round of a loop too."""

    def __init__(self, roots: Sequence[Root], *, lifetimes: bool = False) -> None:
        self._roots = roots
        self._handed = frozenset(_handed(roots))
        self._spread: dict[tuple[int, int], set[Channel]] = {}
        self._lines = [Lines(*self._of(root)) for root in roots]
        if lifetimes:
            self._lines = [Lines(_of_lifetimes(lines.sends), _of_lifetimes(lines.receives)) for lines in self._lines]

    def may_precede(self, one: tuple[int, Access], two: tuple[int, Access], besides: Channel | None = None) -> bool:
        """Whether the first access (with the number of its thread) may always be before the second.

        `besides`: a channel that is left out.
        """
        (first, before), (second, after) = one, two
        loop = before.visit.loop
        reached = self._reached(first, before.at if loop is None else loop)
        return any(
            signal.channel in reached and signal.channel != besides and self._is_before(signal, second, after)
            for signal in self._lines[second].receives
        )

    def apart(self, one: tuple[int, Access], two: tuple[int, Access]) -> bool:
        """Whether nothing orders them, one way or the other."""
        return not self.may_precede(one, two) and not self.may_precede(two, one)

    def _reached(self, first: int, start: int) -> set[Channel]:
        """The channels that are sent on after this visit, by the thread itself or because somebody has received."""
        known = (first, start)
        if known not in self._spread:
            self._spread[known] = self._closure(first, start)
        return self._spread[known]

    def _closure(self, first: int, start: int) -> set[Channel]:
        reached = {signal.channel for signal in self._lines[first].sends if signal.at >= start}
        since: dict[int, float] = {n: _END + 1 for n, root in enumerate(self._roots) if n != first or root.count > 1}
        grown = True
        while grown:
            grown = False
            for number, known in since.items():
                earliest = self._earliest(number, reached)
                if earliest < known:
                    since[number], grown = earliest, True
                    sends = self._lines[number].sends
                    before = {s.channel for s in sends if s.at < earliest and s.channel.kind != "start"}
                    reached |= {
                        s.channel for s in sends if s.at >= earliest
                    } - before  # else it may be told of something else
        return reached

    def _earliest(self, number: int, reached: set[Channel]) -> float:
        """From where on a thread has received one of these."""
        visits = self._roots[number].walk.visits
        earliest: float = _END + 1
        for signal in self._lines[number].receives:
            if signal.channel in reached and not signal.controls:
                loop = visits[int(signal.at)].loop if signal.at >= 0 else None
                earliest = min(earliest, signal.at if loop is None else loop)
        return earliest

    def _is_before(self, signal: Signal, number: int, access: Access) -> bool:
        walk = self._roots[number].walk
        if access.visit.missed.start <= signal.at < access.visit.missed.stop:
            return False
        if signal.controls:
            # An `if` orders what it decides about, but not what it looks at itself.
            return signal.at in access.visit.controls and signal.channel != Channel("var", access.place.name)
        loop = access.visit.loop
        if loop is None and isinstance(access.visit.op, ops.While):
            loop = access.at  # looked at again after each round
        return signal.at < (access.at if loop is None else walk.lasts[loop] + 1)

    # --- what a thread sends and receives -----------------------------------------------------------------

    def _of(self, root: Root) -> tuple[list[Signal], list[Signal]]:
        sends, receives = self._ends(root)
        for number, visit in enumerate(root.walk.visits):
            for channel, sending in self._signals(root, visit.op):
                at_end = channel == _FUTURES or (sending and isinstance(visit.op, ops.With))
                last = root.walk.lasts[number] + 0.5 if at_end else number
                (sends if sending else receives).append(Signal(channel, last))
        sends += [Signal(Channel("var", access.place.name), access.at) for access in root.accesses.all if access.writes]
        receives += self._tests(root.accesses)
        return sends, receives

    def _ends(self, root: Root) -> tuple[list[Signal], list[Signal]]:
        """What lets it begin, and what it tells by its end."""
        match root.role:
            case "thread":
                return [Signal(Channel("end", root.key), _END)], [Signal(Channel("start", root.key), _START)]
            case "call":
                return [Signal(_FUTURES, _END)], [Signal(Channel("start", root.name), _START)]
            case "callback":
                return [Signal(_FUTURES, _END)], [Signal(Channel("start", root.name), _START), Signal(_FUTURES, _START)]
            case "interrupt":  # at any moment of its threads
                return [], []
            case "initializer":
                return [Signal(_FUTURES, _END)], [Signal(_SUBMIT, _START)]
            case "action":  # after all have come, before any goes
                passed = Channel("object", root.barrier)
                return [Signal(passed, _END)], [Signal(passed, _START)]
            case _:
                assert_never(root.role)

    def _tests(self, accesses: Accesses) -> Iterator[Signal]:
        """Flags and objects that an `if` looks at, and those that a loop or `await` waits for."""
        for at, reads in accesses.tests.items():
            decides = isinstance(accesses.walk.visits[at].op, ops.If)
            inside = range(at, accesses.walk.lasts[at] + 1)
            writes = [access for access in accesses.all if access.writes and access.at in inside]
            own = {
                access.place.name for access in writes if access.visit.atomic is None
            }  # `atomic` may be a test-and-set
            for read in reads:
                if decides or read.place.name not in own:  # a loop that writes it itself does not wait for it
                    yield Signal(Channel("var", read.place.name), at, decides)
            for query in accesses.asked[at]:
                for kind in ASKED:
                    yield Signal(Channel(kind, query.ref.name), at, decides)

    def _signals(self, root: Root, op: ops.Op) -> Iterator[tuple[Channel, bool]]:
        """Channels, and whether it sends on them."""
        match op:
            case ops.SetEvent(ref=ref) | ops.Notify(ref=ref) | ops.NotifyAll(ref=ref):
                yield Channel("object", ref.name), True
            case ops.AbortBarrier(ref=ref) | ops.ResetBarrier(ref=ref) | ops.ShutdownQueue(ref=ref):
                yield Channel("object", ref.name), True
                yield Channel("room", ref.name), True
            case ops.ClearEvent():
                pass
            case ops.WaitEvent(ref=ref) | ops.WaitCondition(ref=ref) | ops.WaitFor(ref=ref):
                yield Channel("object", ref.name), False
            case ops.WaitBarrier(ref=ref):
                yield Channel("object", ref.name), False
                yield Channel("object", ref.name), True
            case ops.Put(ref=ref):
                yield Channel("object", ref.name), True
                if _bounded(root, ref):
                    yield Channel("room", ref.name), False
            case ops.Get(ref=ref):
                yield Channel("object", ref.name), False
                yield Channel("room", ref.name), True
            case ops.TaskDone(ref=ref):
                yield Channel("tasks", ref.name), True
            case ops.JoinQueue(ref=ref):
                yield Channel("tasks", ref.name), False
            case ops.Acquire(ref=ref) | ops.Release(ref=ref) | ops.With(ref=ref):
                yield from self._lock(root, op, ref)
            case ops.Start(ref=ref):
                for key in self._keys(ref):
                    yield Channel("start", key), True
            case ops.Join(ref=ref):
                for key in self._keys(ref):
                    yield Channel("end", key), False
            case ops.Operation(ref=ref):  # of which nothing more is known here: it may order what it likes
                yield Channel("object", ref.name), False
                yield Channel("object", ref.name), True
        yield from _of_futures(op)
        for query in walk_all(_tests_of(op)):
            if isinstance(query, syntax.FutureQuery):
                yield _FUTURES, False

    def _lock(
        self, root: Root, op: ops.Acquire | ops.Release | ops.With, ref: syntax.Ref
    ) -> Iterator[tuple[Channel, bool]]:
        """A lock orders only where it is handed from thread to thread; a pool's end is that of its calls."""
        if isinstance(root.walk.objects.kind(ref), form.ThreadPool | form.ProcessPool):
            yield _FUTURES, False
        elif ref.name in self._handed:
            if not isinstance(op, ops.Release):
                yield Channel("object", ref.name), False
            if not isinstance(op, ops.Acquire):
                yield Channel("object", ref.name), True

    def _keys(self, ref: syntax.Ref) -> Iterator[str]:
        if ref.name != "all":
            yield ref.name
            return
        yield from dict.fromkeys(root.key for root in self._roots)


def _of_lifetimes(signals: list[Signal]) -> list[Signal]:
    return [one for one in signals if one.channel.kind in ("start", "end") and not one.controls]


def _handed(roots: Sequence[Root]) -> Iterator[str]:
    """Locks and semaphores that are released by a thread that did not take them, or begin taken."""
    for root in roots:
        for visit in root.walk.visits:
            op = visit.op
            if not isinstance(op, ops.Release | ops.Acquire | ops.With):
                continue
            kind = root.walk.objects.kind(op.ref)
            if isinstance(kind, _COUNTERS) and kind.value == 0:
                yield op.ref.name
            elif isinstance(op, ops.Release) and isinstance(kind, _LOCKS):
                key = root.walk.objects.key(op.ref)
                if key is None or key not in visit.held.maybe:
                    yield op.ref.name


def _bounded(root: Root, ref: syntax.Ref) -> bool:
    kind = root.walk.objects.kind(ref)
    return isinstance(kind, _QUEUES) and kind.maxsize > 0


def _tests_of(op: ops.Op) -> tuple[syntax.Expr, ...]:
    match op:
        case ops.If(branches=branches):
            return tuple(test for test, _ in branches)
        case ops.While(test=test) | ops.Await(test=test):
            return (test,)
        case _:
            return ()


def _of_futures(op: ops.Op) -> Iterator[tuple[Channel, bool]]:
    """Calls are begun by who submits them; whoever completes a future sends to all who wait for one."""
    match op:
        case ops.Submit(routine=routine) | ops.Map(routine=routine):
            yield Channel("start", routine), True
            yield _SUBMIT, True
            if isinstance(op, ops.Map):
                yield _FUTURES, False
        case ops.AddDoneCallback(routine=routine):
            yield Channel("start", routine), True
        case ops.SetResult() | ops.SetException() | ops.SetRunning() | ops.CancelFuture():
            yield _FUTURES, True
        case ops.Result() | ops.WaitFutures() | ops.AsCompleted() | ops.ShutdownPool():
            yield _FUTURES, False
