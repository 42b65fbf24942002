"""Which locks a thread holds at each operation: a walk over the structured operations of one thread."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from scenario import syntax
from scenario.program import ops
from scenario.program import program as form
from scenario.program.evaluate import Constants, evaluate
from scenario.program.walk import walk
from scenario.syntax import Break, Continue, Expr, Ref, Reraise, Return

Held: TypeAlias = Mapping[str, ops.Acquire | ops.With]
"""By lock: the operation that took it. A condition stands for its lock."""

UNKNOWN = object()
"""What an expression is that depends on more than params and `index`."""

_DEPTH = 5
"""How deep calls of routines are followed."""

_LONGEST = 20_000
"""Operations of one walk; routines and `finally` inside one another multiply. Past it nothing is said of the thread."""


class _TooLong(Exception):
    """The walk goes on for more operations than are worth a warning."""


@dataclass(frozen=True, slots=True)
class State:
    """`surely`: held on every path; `maybe`: taken on some path and not given back on that one."""

    surely: Held = field(default_factory=dict)
    maybe: Held = field(default_factory=dict)

    def taken(self, key: str, op: ops.Acquire | ops.With, *, surely: bool) -> State:
        maybe = {**self.maybe, key: op}
        return State({**self.surely, key: op} if surely else self.surely, maybe)

    def given(self, key: str) -> State:
        return State(_without(self.surely, key), _without(self.maybe, key))

    def joined(self, other: State) -> State:
        surely = {key: op for key, op in self.surely.items() if key in other.surely}
        return State(surely, {**other.maybe, **self.maybe})


@dataclass(frozen=True, slots=True)
class Visit:
    """An operation, what is held before it, and whether an exception of it is met (`raises`, `except`)."""

    op: ops.Op
    held: State
    caught: bool


def _without(held: Held, key: str) -> Held:
    return {name: op for name, op in held.items() if name != key} if key in held else held


class Walk:
    """One thread's way through its body. `index` is its number in its group, where elements depend on it."""

    def __init__(self, program: form.Program, index: int) -> None:
        self._program = program
        self._primitives = {primitive.name: primitive for primitive in program.primitives}
        self._constants: dict[str, object] = {"index": index}
        self._calls: list[str] = []
        self._left: list[list[State]] = []
        self._returned: list[list[State]] = []
        self._caught = 0
        self._steps = 0
        self.visits: list[Visit] = []
        self.ends: list[tuple[State, ops.Op | None]] = []

    def run(self, body: ops.Block) -> Walk:
        try:
            state = self._block(body, State())
            if state is not None:
                self.ends.append((state, None))
        except _TooLong:
            self.visits, self.ends = [], []
        return self

    def kind(self, ref: Ref) -> form.Kind | None:
        """The primitive's kind (of an array: its first element's), or None for what is no primitive."""
        primitive = self._primitives.get(ref.name)
        return primitive.elements[0] if primitive and primitive.elements else None

    def key(self, ref: Ref) -> str | None:
        """The lock behind a ref, a condition's own or shared one; None where the element is not known."""
        element = None
        if ref.index is not None:
            value = self._value(ref.index)
            if not isinstance(value, int):
                return None
            element = int(value)
        kind = self.kind(ref)
        if isinstance(kind, form.Condition) and kind.lock is not None:
            if element is not None:
                return None
            return form.ref_text(Ref(kind.lock[0]), kind.lock[1])
        return form.ref_text(ref, element)

    def _value(self, expr: Expr) -> object:
        return constant(expr, self._constants)

    def _block(self, body: ops.Block, state: State) -> State | None:
        """What is held after the block; None if it never ends by its last step."""
        for op in body:
            after = self._op(op, state)
            if after is None:
                return None
            state = after
        return state

    def _op(self, op: ops.Op, state: State) -> State | None:  # noqa: C901 (one case a kind of operation)
        self._steps += 1
        if self._steps > _LONGEST:
            raise _TooLong
        self.visits.append(Visit(op, state, self._caught > 0))
        match op:
            case ops.Acquire():
                return self._acquire(op, state)
            case ops.With():
                return self._with(op, state)
            case ops.Release():
                key = self.key(op.ref)
                return State() if key is None else state.given(key)
            case ops.If():
                return self._if(op, state)
            case ops.Try():
                return self._try(op, state)
            case ops.Expect():
                self._caught += 1
                after = self._op(op.body, state)
                self._caught -= 1
                return state if after is None else after
            case ops.CallRoutine():
                return self._call(op, state)
            case ops.Atomic():
                return self._block(op.body, state)
            case ops.While() | ops.Repeat() | ops.For() | ops.AsCompleted() | ops.Map():
                return self._loop(op.body or (), state)
            case Return():
                if self._calls:
                    self._returned[-1].append(state)
                else:
                    self.ends.append((state, op))
                return None
            case Break() | Continue():
                self._left[-1].append(state)
                return None
            case Reraise() | ops.Raise():
                return None
            case _:
                return state

    def _acquire(self, op: ops.Acquire, state: State) -> State:
        key = self.key(op.ref)
        if key is None:
            return state
        return state.taken(key, op, surely=op.timeout is None and op.blocking is None)

    def _with(self, op: ops.With, state: State) -> State | None:
        if isinstance(self.kind(op.ref), form.ThreadPool | form.ProcessPool):
            return self._block(op.body, state)
        key = self.key(op.ref)
        if key is None or key in state.surely:  # an element not known, or an RLock once more
            return self._block(op.body, state)
        count = len(self.ends)
        after = self._block(op.body, state.taken(key, op, surely=True))
        self.ends[count:] = [(held.given(key), at) for held, at in self.ends[count:]]
        return None if after is None else after.given(key)

    def _if(self, op: ops.If, state: State) -> State | None:
        found: list[State] = []
        open_end = True
        for test, body in op.branches:
            known = self._value(test)
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
        return _all_joined(found) if found else None

    def _loop(self, body: ops.Block, state: State) -> State:
        self._left.append([])
        after = self._block(body, state)
        return _all_joined([state, *([] if after is None else [after]), *self._left.pop()])

    def _try(self, op: ops.Try, state: State) -> State | None:
        visits, ends = len(self.visits), len(self.ends)
        self._caught += bool(op.handlers)
        after = self._block(op.body, state)
        self._caught -= bool(op.handlers)
        thrown = self._thrown(state, visits)
        after = None if after is None else self._block(op.orelse, after)
        ways = [] if after is None else [after]
        ways += [met for handler in op.handlers if (met := self._block(handler.body, thrown)) is not None]
        if not op.finalbody:
            return _all_joined(ways) if ways else None
        self.ends[ends:] = [(self._unseen(op.finalbody, held), at) for held, at in self.ends[ends:]]
        final = self._block(op.finalbody, _all_joined([*ways, thrown]))
        return final if final is None or not ways else self._unseen(op.finalbody, _all_joined(ways))

    def _thrown(self, state: State, visits: int) -> State:
        """What may be held where an exception is met: whatever was taken on the way."""
        maybe = dict(state.maybe)
        for visit in self.visits[visits:]:
            maybe.update(visit.held.maybe)
            if isinstance(visit.op, ops.Acquire) and (key := self.key(visit.op.ref)) is not None:
                maybe[key] = visit.op
        return State({key: op for key, op in state.surely.items() if key in maybe}, maybe)

    def _unseen(self, body: ops.Block, state: State) -> State:
        """What is held after one more way through a block that was visited already."""
        visits, ends = len(self.visits), len(self.ends)
        after = self._block(body, state)
        del self.visits[visits:], self.ends[ends:]
        return state if after is None else after

    def _call(self, op: ops.CallRoutine, state: State) -> State:
        routine = self._program.routines.get(op.routine)
        if routine is None or op.routine in self._calls or len(self._calls) > _DEPTH:
            return state
        self._calls.append(op.routine)
        self._returned.append([])
        after = self._block(routine.body, state)
        self._calls.pop()
        ways = [*([] if after is None else [after]), *self._returned.pop()]
        return _all_joined(ways) if ways else state


def _all_joined(states: list[State]) -> State:
    joined = states[0]
    for other in states[1:]:
        joined = joined.joined(other)
    return joined


_VARYING = (syntax.Shared, syntax.TlsField, syntax.Query, syntax.FutureQuery, syntax.Now, syntax.Register,
            syntax.Comprehension)  # fmt: skip


def constant(expr: Expr, known: Mapping[str, object]) -> object:
    """The value of an expression over params and `index`, or UNKNOWN."""
    for node in walk(expr):
        if isinstance(node, _VARYING) or (isinstance(node, syntax.Local) and node.name not in known):
            return UNKNOWN
    try:
        return evaluate(expr, Constants(known))
    except Exception:  # noqa: BLE001 (whatever it raises when it runs, it is not known here)
        return UNKNOWN
