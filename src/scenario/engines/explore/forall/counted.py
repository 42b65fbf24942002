"""Ends that no execution of a file has, since its threads go round as often as it says: told by what has been added up by then.

What a thread has done where it stands is known between bounds (`done.py`), and all of it together has to give the value that is there: the
state equation of a Petri net (Murata, 1989), one equation at a time. So a full buffer keeps a producer for ever only if the
consumers have not taken all that they take.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from scenario import syntax
from scenario.engines.explore.forall.counters import Counter, barriers, counters, numbers
from scenario.engines.explore.forall.done import Bounds, Done, is_in, total
from scenario.engines.explore.reductions.amounts import is_small
from scenario.program import ops
from scenario.program.ops import Block, Op
from scenario.program.program import ProcessPool, Program, ThreadPool, declared_name, thread_ref
from scenario.program.walk import walk_all
from scenario.program.whole import barrier_actions, bodies, has_started_all, lock_name, used
from scenario.record import record
from scenario.results.outcome import Outcome
from scenario.results.waiting import Blocked

_FOLLOWED = (
    syntax.Assign, syntax.AugmentedAssign, syntax.Delete, syntax.Evaluate, syntax.Pass,
    ops.Print, ops.Mark, ops.Sleep, ops.Compute, ops.Acquire, ops.Release, ops.With,
    ops.WaitCondition, ops.WaitFor, ops.Notify, ops.NotifyAll, ops.WaitEvent, ops.SetEvent, ops.ClearEvent, ops.WaitBarrier,
    ops.Put, ops.Get, ops.TaskDone, ops.JoinQueue, ops.Start, ops.Join, ops.CallRoutine,
    ops.If, ops.While, ops.Repeat, ops.For, ops.Assert, ops.Choose, ops.Await, ops.Atomic,
)  # fmt: skip
"""Steps behind which a thread goes on with the next one: none leaves a body before its end."""


def counted(program: Program, left_out: frozenset[str] = frozenset()) -> Counted | None:
    """None where what its threads do can not be told by the form of their bodies. `left_out`: variables whose values no end tells."""
    steps = (node for node in walk_all(bodies(program)) if isinstance(node, ops.Op))
    kinds = (kind for primitive in program.primitives for kind in primitive.elements)
    is_known = (
        all(isinstance(op, _FOLLOWED) for op in steps)
        and not any(isinstance(kind, ThreadPool | ProcessPool) for kind in kinds)  # `with` of one waits at its end
        and not any(group.daemon for group in program.groups)
    )
    return Counted(program, left_out) if is_known else None


@record
class _Stand:
    """A thread of that key (in `threads`, or "main"): at which operation it waits (None: it has ended)."""

    key: str
    at: Op | None


class Counted:
    """A program whose loops go round as often as they say, and whose threads run through to their ends."""

    def __init__(self, program: Program, left_out: frozenset[str]) -> None:
        self._program = program
        main = {} if program.main is None else {"main": program.main}
        self._bodies: dict[str, Block] = {**{group.key: group.body for group in program.groups}, **main}
        self._threads = {thread_ref(group, i): group.key for group in program.groups for i in range(len(group.names))}
        self._threads |= {key: key for key in main}
        self._in_actions = [*used(barrier_actions(program), program.routines)]
        self._counters = [one for one in counters(program, left_out) if self._is_in_bodies(one)]
        self._barriers = [
            (one, users)
            for parties, one in barriers(program)
            if self._is_in_bodies(one) and len(users := self._users(one)) == parties
        ]
        self._known: dict[tuple[Counter, str, int], Bounds] = {}

    def totals(self) -> dict[str, int]:
        """Variables in the end of all threads: numbers to which as much is added in every execution."""
        if not has_started_all(self._program):
            return {}
        ended = [_Stand(key, None) for key in self._threads.values()]
        found = {
            name: self._there(number, ended)
            for name, number in numbers(self._program).items()
            if self._is_in_bodies(number)
        }
        return {name: sure[0] for name, sure in found.items() if sure and sure[0] == sure[1] and is_small(sure[0])}

    def _is_in_bodies(self, counter: Counter) -> bool:
        """Whether only what is done in the threads' own bodies counts: a barrier's action is done by whoever comes last."""
        return not any(map(counter.each, self._in_actions))

    def is_possible(self, end: Outcome) -> bool:
        """Whether it may be one of the program's; also where that can not be told."""
        stands = self._stands(end)
        return stands is None or (
            all(self._adds_up(one, [*stands.values()], end) for one in self._counters)
            and all(self._is_in_step(one, [stands[ref] for ref in users]) for one, users in self._barriers)
        )

    def _adds_up(self, counter: Counter, stands: Sequence[_Stand], end: Outcome) -> bool:
        seen = counter.seen(end)
        bounds = None if seen is None else self._there(counter, stands)
        return seen is None or bounds is None or bounds[0] <= seen <= bounds[1]

    def _is_in_step(self, barrier: Counter, users: Sequence[_Stand]) -> bool:
        """All have passed it as often: nobody else passes it, and no one twice while the others pass it once."""
        bounds = [known for one in users if (known := self._done(barrier, one)) is not None]
        return not bounds or max(least for least, _ in bounds) <= min(most for _, most in bounds)

    def _users(self, barrier: Counter) -> list[str]:
        """The threads that ever come to it."""
        routines = self._program.routines
        users = {key for key, body in self._bodies.items() if any(map(barrier.each, used(body, routines)))}
        return [ref for ref, key in self._threads.items() if key in users]

    # --- what has been done ---------------------------------------------------------------------------------

    def _there(self, counter: Counter, stands: Sequence[_Stand]) -> Bounds:
        first = (counter.first, counter.first)
        return total((first, *(self._done(counter, one) for one in stands)))

    def _done(self, counter: Counter, stand: _Stand) -> Bounds:
        known = (counter, stand.key, id(stand.at))
        if known not in self._known:
            done, body = Done(counter.each, counter.entered, self._program.routines), self._bodies[stand.key]
            self._known[known] = done.of(body) if stand.at is None else done.before(body, stand.at)
        return self._known[known]

    # --- where the threads are ------------------------------------------------------------------------------

    def _stands(self, end: Outcome) -> Mapping[str, _Stand] | None:
        """Of each thread; None if that of one is not known."""
        waiting = {one.thread: one for one in end.blocked}
        found: dict[str, _Stand] = {}
        for ref, key in self._threads.items():
            if ref in end.over:
                found[ref] = _Stand(key, None)
            elif ref in waiting and (at := self._operation(key, waiting[ref])) is not None:
                found[ref] = _Stand(key, at)
            else:
                return None
        return found

    def _operation(self, key: str, blocked: Blocked) -> Op | None:
        """At which it waits, if that is one place in its own body."""
        steps = used(self._bodies[key], self._program.routines)
        here = [op for op in steps if isinstance(op, ops.Op) and op.span == blocked.span and type(op) in ops.BLOCKING]
        if len(here) > 1:
            here = [op for op in here if self._is_on(op, declared_name(blocked.wait.name))]
        return here[0] if len(here) == 1 and is_in(here[0], self._bodies[key]) else None

    def _is_on(self, op: Op, name: str) -> bool:
        ref = getattr(op, "ref", None)
        return isinstance(ref, syntax.Ref) and lock_name(self._program, ref.name) == name
