"""A walk over the structured operations of one thread: what it holds at each, and what decides that it comes there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from scenario.lint.constants import UNKNOWN
from scenario.lint.held import FREE, State, is_try, most
from scenario.lint.objects import LockKey, Objects
from scenario.lint.visits import Exit, Leaving, Visit, may_raise
from scenario.program import ops
from scenario.program import program as form
from scenario.program.evaluate import DEADLINE
from scenario.syntax import Break, Continue, Expr, Reraise, Return

_DEPTH = 5
"""How deep calls of routines are followed."""

_LONGEST = 20_000
"""Operations of one walk; routines and `finally` inside one another multiply. Past it nothing is said of the thread."""


class _TooLong(Exception):
    """The walk goes on for more operations than are worth a warning."""


class Walk:
    """One thread's way through its body. `index` is its number in its group, None where it stands for all."""

    def __init__(self, program: form.Program, index: int | None) -> None:
        self._program = program
        self.objects = Objects(program, index)
        self._calls: list[str] = []
        self._exits: list[Exit] = []
        self._steps = 0
        self._caught = 0
        self._atomic: ops.Atomic | None = None
        self._frame = 0
        self._controls: tuple[int, ...] = ()
        self._loop: int | None = None
        self._missed = range(0)
        self.visits: list[Visit] = []
        self.lasts: list[int] = []
        """For each visit, the last one that is inside its operation (its own number, if it has no steps)."""
        self.entered: dict[int, int] = {}
        """Of the visit of a routine's call: the number of its frame."""
        self.ends: list[tuple[State, ops.Op | None]] = []
        """What is held where the thread ends, and the `return` or `raise` that ends it; none, if it never ends by itself."""

        self.given_up = False
        self.given_twice: list[ops.With] = []
        """Each `with` of a lock that its body has given back already."""

    def run(self, body: ops.Block) -> Walk:
        try:
            state = self._block(body, FREE)
        except _TooLong:
            self.visits, self.lasts, self.ends = [], [], []
            self.given_up = True
            return self
        self.ends = [(left.held, left.op) for left in self._exits if left.ends]
        if state is not None:
            self.ends.append((state, None))
        return self

    def params(self, routine: str) -> tuple[str, ...]:
        """The names of a routine's parameters."""
        return self._program.routines[routine].params

    # --- one operation after the other ------------------------------------------------------------------

    def _block(self, body: ops.Block, state: State) -> State | None:
        """What is held after the block; None if it never ends by its last step."""
        controls = self._controls
        for op in body:
            number, exits = len(self.visits), len(self._exits)
            after = self._op(op, state)
            if after is None:
                break
            state = after
            if isinstance(op, ops.If) and len(self._exits) > exits:
                self._controls = (*self._controls, number)  # `if …: return` decides about all that follows
        else:
            self._controls = controls
            return state
        self._controls = controls
        return None

    def _op(self, op: ops.Op, state: State) -> State | None:
        self._steps += 1
        if self._steps > _LONGEST:
            raise _TooLong
        DEADLINE.look()
        number = len(self.visits)
        caught = self._caught > 0
        self.visits.append(
            Visit(op, state, caught, self._atomic, self._frame, self._controls, self._loop, self._missed)
        )
        self.lasts.append(number)
        after = self._after(op, state, number)
        self.lasts[number] = len(self.visits) - 1
        return after

    def _after(self, op: ops.Op, state: State, number: int) -> State | None:
        match op:
            case ops.Acquire():
                return self._acquire(op, state)
            case ops.With():
                return self._with(op, state)
            case ops.Release():
                key = self.objects.key(op.ref)
                return state.given_some(op.ref.name) if key is None else state.given(key)
            case ops.If():
                return self._if(op, state, number)
            case ops.Try():
                return self._try(op, state)
            case ops.Expect():
                return self._expected(op, state)
            case ops.CallRoutine():
                return self._call(op, state, number)
            case ops.Atomic():
                return self._in_atomic(op, state)
            case ops.While() | ops.Repeat() | ops.For() | ops.AsCompleted() | ops.Map():
                return self._looped(op, state, number)
            case Return() | Break() | Continue():
                how: Leaving = "return" if isinstance(op, Return) else "break" if isinstance(op, Break) else "continue"
                self._exits.append(Exit(how, state, op, number))
                return None
            case Reraise() | ops.Raise():
                name = op.exception if isinstance(op, ops.Raise) else None
                self._exits.append(Exit("raise", state, op, number, name))
                return None
            case _:
                name = may_raise(op) if self._caught else None
                if name is not None:
                    self._exits.append(Exit("raise", state, op, number, name))
                return state

    # --- locks ----------------------------------------------------------------------------------------------

    def _acquire(self, op: ops.Acquire, state: State) -> State:
        key = self.objects.key(op.ref)
        if key is None:
            return replace(state, maybe={**state.maybe, LockKey(op.ref.name, "?"): op})
        surely = not is_try(op)
        if key in state.maybe and self.objects.is_reentrant(op.ref):
            return state.taken_again(key, surely=surely)
        return state.taken(key, op, surely=surely)

    def _with(self, op: ops.With, state: State) -> State | None:
        if isinstance(self.objects.kind(op.ref), form.ThreadPool | form.ProcessPool):
            return self._block(op.body, state)
        known = self.objects.key(op.ref)
        if known in state.surely:  # an RLock once more
            return self._block(op.body, state)
        key = LockKey(op.ref.name, "?") if known is None else known
        taken = state.taken(key, op, surely=known is not None)

        def leave(held: State) -> State:
            if known is not None and key not in held.maybe:
                self.given_twice.append(op)
            return held.given(key)

        return self._through(op.body, taken, leave)

    def _through(self, body: ops.Block, state: State, leave: Callable[[State], State]) -> State | None:
        """What is held after a block that is left, on whatever way, through `leave`."""
        exits = len(self._exits)
        after = self._block(body, state)
        self._exits[exits:] = [replace(left, held=leave(left.held)) for left in self._exits[exits:]]
        return None if after is None else leave(after)

    def _expected(self, op: ops.Expect, state: State) -> State:
        exits = len(self._exits)
        self._caught += 1
        after = self._op(op.body, state)
        self._caught -= 1
        met = [left.held for left in self._exits[exits:] if left.how == "raise"]
        self._exits[exits:] = [left for left in self._exits[exits:] if left.how != "raise"]
        return (state if after is None else after).joined(*met)

    def _in_atomic(self, op: ops.Atomic, state: State) -> State | None:
        outer, self._atomic = self._atomic, self._atomic or op
        after = self._block(op.body, state)
        self._atomic = outer
        return after

    # --- branches and loops ---------------------------------------------------------------------------------

    def _if(self, op: ops.If, state: State, number: int) -> State | None:
        controls, self._controls = self._controls, (*self._controls, number)
        found: list[State] = []
        open_end = True
        for test, body in op.branches:
            known = self.objects.value(test)
            if known is not UNKNOWN and not known:
                continue
            after = self._block(body, state)
            if after is not None:
                found.append(after)
            if known is not UNKNOWN:
                open_end = False
                break
        if open_end and (after := self._block(op.orelse, state)) is not None:
            found.append(after)
        self._controls = controls
        return found[0].joined(*found[1:]) if found else None

    def _looped(
        self, op: ops.While | ops.Repeat | ops.For | ops.AsCompleted | ops.Map, state: State, number: int
    ) -> State | None:
        outer, controls = self._loop, self._controls
        self._loop = number if outer is None else outer
        if isinstance(op, ops.While):
            self._controls = (*controls, number)
        exits = len(self._exits)
        after = self._block(op.body or (), state)
        self._loop, self._controls = outer, controls
        left = self._exits[exits:]
        self._exits[exits:] = [one for one in left if one.how in ("return", "raise")]
        ways = [one.held for one in left if one.how == "break"]
        if not (isinstance(op, ops.While) and self._forever(op.test)):
            ways += [state, *([] if after is None else [after]), *(one.held for one in left if one.how == "continue")]
        return ways[0].joined(*ways[1:]) if ways else None

    def _forever(self, test: Expr) -> bool:
        known = self.objects.value(test)
        return known is not UNKNOWN and bool(known)

    def _try(self, op: ops.Try, state: State) -> State | None:
        visits, exits = len(self.visits), len(self._exits)
        self._caught += bool(op.handlers)
        after = self._block(op.body, state)
        self._caught -= bool(op.handlers)
        behind, left = len(self.visits), self._exits[exits:]
        thrown = self._thrown(state, visits, exits, op.handlers)
        after = None if after is None else self._block(op.orelse, after)
        ways = [] if after is None else [after]
        for handler in op.handlers:
            late = [one.at for one in left if one.is_late and one.is_met(handler.exception)]
            met = self._missing(range(min(late, default=behind), behind), handler.body, thrown)
            ways += [] if met is None else [met]
        if not op.finalbody:
            return ways[0].joined(*ways[1:]) if ways else None
        left = self._exits[exits:]
        self._exits[exits:] = [replace(one, held=self._unseen(op.finalbody, one.held)) for one in left]
        final = self._block(op.finalbody, thrown.joined(*ways))
        if final is None or not ways:
            return None
        return self._unseen(op.finalbody, ways[0].joined(*ways[1:]))

    def _missing(self, late: range, body: ops.Block, state: State) -> State | None:
        """A block that is come to when a wait has ended by its time: there nothing was received. By the virtual clock it may have to be."""
        outer = self._missed
        self._missed = outer if self._program.settings.clock == "virtual" else late or outer
        after = self._block(body, state)
        self._missed = outer
        return after

    def _thrown(self, state: State, visits: int, exits: int, handlers: tuple[ops.Handler, ...]) -> State:
        """What may be held where an exception is met: whatever was taken on the way."""
        left = self._exits[exits:]
        met = [one.how == "raise" and any(one.is_met(handler.exception) for handler in handlers) for one in left]
        self._exits[exits:] = [one for one, is_met in zip(left, met, strict=True) if not is_met]
        raised = [one.held for one, is_met in zip(left, met, strict=True) if is_met]
        maybe = dict(state.maybe)
        for visit in self.visits[visits:]:
            maybe.update({key: op for key, op in visit.held.maybe.items() if isinstance(op, ops.Acquire)})
            if isinstance(visit.op, ops.Acquire) and (key := self.objects.key(visit.op.ref)) is not None:
                maybe[key] = visit.op
        left_open = (raised[0].joined(*raised[1:]) if raised else state).open
        surely = {key: op for key, op in state.surely.items() if key in maybe}
        again = most(state.again, *(one.again for one in raised), *(one.held.again for one in self.visits[visits:]))
        return State(surely, maybe, left_open, again)

    def _unseen(self, body: ops.Block, state: State) -> State:
        """What is held after one more way through a block that was visited already."""
        visits, exits = len(self.visits), len(self._exits)
        after = self._block(body, state)
        del self.visits[visits:], self.lasts[visits:], self._exits[exits:]
        return state if after is None else after

    def _call(self, op: ops.CallRoutine, state: State, number: int) -> State | None:
        routine = self._program.routines.get(op.routine)
        if routine is None or op.routine in self._calls or len(self._calls) > _DEPTH:
            return state
        frame, controls, exits = self._frame, self._controls, len(self._exits)
        self._calls.append(op.routine)
        self._frame = self.entered[number] = number + 1
        after = self._block(routine.body, state)
        self._calls.pop()
        self._frame, self._controls = frame, controls
        ways = [*([] if after is None else [after]), *(one.held for one in self._exits[exits:] if one.how == "return")]
        self._exits[exits:] = [one for one in self._exits[exits:] if one.how == "raise"]
        return ways[0].joined(*ways[1:]) if ways else None
