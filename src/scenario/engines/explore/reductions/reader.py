"""A thread as what it adds to shared numbers, if that is all it does: loops are summed, not gone round.

What is read must die where it was read: within one section (or one `atomic` block, or one statement of the only thread that
uses the variable) the new value is the old one and an amount that the thread itself knows. Nothing is said of a thread that
does anything else (`Outside`).
"""

from __future__ import annotations

from dataclasses import field

from scenario import syntax
from scenario.engines.explore.reductions.amounts import (
    INDEX,
    Outside,
    amount,
    nothing,
    place,
)
from scenario.engines.explore.reductions.branches import Stretch, holds, stretches
from scenario.engines.explore.reductions.counters import bound
from scenario.engines.explore.reductions.ending import ADDING
from scenario.engines.explore.reductions.locals import has_form, is_made_here
from scenario.engines.explore.reductions.polynomials import Polynomial, constant, unknown
from scenario.engines.explore.reductions.sections import element_of, lets_in_again
from scenario.engines.explore.reductions.tally import Lowest, Tally
from scenario.engines.explore.reductions.updates import Passing, Sums
from scenario.program import ops
from scenario.program.bounded.limits import MAX_LENGTH
from scenario.program.places import changes
from scenario.program.program import Program, ThreadGroup
from scenario.program.walk import walk_all
from scenario.record import mutable
from scenario.source import START, Span
from scenario.steps.lower.printing import is_harmless, locals_in
from scenario.syntax import (
    Binary,
    Builtin,
    Const,
    Expr,
    Local,
    Param,
    Shared,
    Subscript,
)

MAX_ROUNDS = 2**62
MAX_DEPTH = 30
MAX_STEPS = 30_000
"""Of all threads that are read one by one, those of routines each time that they are called: half a second's reading."""
MAX_STRETCHES = 1_000
"""Of all those threads, more than one for each loop: as long."""
WHOLE = "<atomic>"
"""What guards an access inside one (no lock or thread has such a name)."""


def sums(
    program: Program, thread: str | None, block: ops.Block, index: int, free: frozenset[str], many: int = 1
) -> Sums:
    """What the thread adds, where it takes no locks but those that are free sooner or later. Raises Outside.

    `thread` None: it is one of several that do the same; `many` are read one by one.
    """
    alone = frozenset() if thread is None else frozenset({thread})
    tally = Tally(alone, "", {"index": constant(index)})
    spare, left = MAX_STRETCHES // many, MAX_STEPS // many
    return _read(_Reader(program, tally, free, {"index", "name"}, spare=spare, left=left), block)


def open_sums(
    program: Program,
    group: ThreadGroup,
    many: Polynomial | None,
    free: frozenset[str],
    lowest: Lowest,
    *,
    is_sure: bool,
) -> Sums:
    """What all threads of a group add, however many they are (None: it is one alone), from the lowest values of params on.

    `is_sure`: that no step fails and nobody waits for ever at a lock is shown in another way.
    """
    index = constant(0) if many is None else INDEX
    alone = frozenset({group.key}) if many is None else frozenset[str]()
    tally = Tally(alone, group.key, {"index": index})
    if many is not None:
        tally.loops["index"] = many
        tally.around.append("index")
    return _read(_Reader(program, tally, free, {"index", "name"}, lowest, is_sure=is_sure), group.body)


def _read(reader: _Reader, block: ops.Block) -> Sums:
    try:
        reader.block(block)
        reader.tally.leave()
    except Outside:
        raise Outside(reader.here) from None
    return Sums(
        tuple(reader.tally.updates), frozenset(reader.locks), frozenset(reader.rounds), tuple(reader.passings),
        frozenset(reader.steps),
    )  # fmt: skip


@mutable
class _Reader:
    """Where in the body it is, and what is known there. `lowest` None: nothing is left open; `is_sure`: as above; `left`: steps that may be read."""

    program: Program
    tally: Tally
    free: frozenset[str]
    assigned: set[str]
    lowest: Lowest | None = None
    spare: int = MAX_STRETCHES
    left: int = MAX_STEPS
    is_sure: bool = False
    locks: set[str] = field(default_factory=set)
    passings: list[Passing] = field(default_factory=list)
    rounds: set[int] = field(default_factory=set)
    steps: set[Span] = field(default_factory=set)
    depth: int = 0
    here: Span = START

    # --- steps -------------------------------------------------------------------------------------

    def block(self, block: ops.Block) -> None:
        for op in block:
            self.step(op)
            if not self.tally.held:
                self.tally.leave()

    def step(self, op: ops.Op) -> None:
        self.here = op.span
        self.steps.add(op.span)
        self.left -= 1
        if self.left < 0 or not isinstance(op, ADDING):
            raise Outside
        match op:
            case syntax.Assign((target,), value):
                self.assign(target, value)
            case syntax.AugmentedAssign(target, ("+" | "-") as operator, value):
                self.assign(target, Binary(operator, target, value))
            case syntax.Pass():
                pass
            case ops.Print(text) if self.program.claims.output is None:
                self.unseen(text)
            case ops.Mark(text) if not self.program.claims.order:
                self.unseen(text)
            case ops.Sleep(Const(seconds) as time) if _passes(seconds) and not isinstance(time, Param):
                pass
            case ops.With(ref, body):
                self.section(ref, body)
            case ops.Atomic(body):
                with self.tally.holding(WHOLE):
                    self.block(body)
            case ops.Put(ref, item, None, None) if not self.tally.held:
                amount(item, self.tally.known, nothing)
                self.passes(ref, puts=True)
            case ops.Get(ref, (Local() | None) as into, None, None) if not self.tally.held:
                self.passes(ref, puts=False)
                if into is not None:
                    self.tally.forget({into.name})
                    self.assigned.add(into.name)
            case ops.Repeat(times, body, target):
                self.loop(times, body, target)
            case ops.For(target, Builtin("range", (times,), ()), body):
                self.loop(times, body, target, MAX_LENGTH)
            case ops.CallRoutine(routine, args, None):
                self.call(routine, args)
            case ops.If() if self.lowest is None:
                self.block(self.taken(op))
            case _:
                raise Outside

    def taken(self, op: ops.If) -> ops.Block:
        """The branch that it takes in all rounds of the loops around."""
        known, loops = self.tally.known, self.tally.loops
        return next((body for test, body in op.branches if holds(test, known, loops)), op.orelse)

    def assign(self, target: Expr, value: Expr) -> None:
        match target:
            case Local(name) if is_made_here(value, self.tally.known):
                self.tally.forget({name})
                self.assigned.add(name)
            case Local(name) if self.is_sure and not has_form(value, self.tally.known, self.tally.read):
                self.tally.forget({name})
                self.assigned.add(name)
            case Local(name):
                self.tally.known[name] = amount(value, self.tally.known, self.tally.read)
                self.assigned.add(name)
            case Shared() | Subscript():
                self.tally.write(place(target, self.tally.known), amount(value, self.tally.known, self.tally.read))
            case _:
                raise Outside

    def unseen(self, text: syntax.Template) -> None:
        """A line that nobody looks at and that surely can be made: nothing is read for it."""
        if self.is_sure and not changes(text):
            return
        if not is_harmless(self.program, text) or not {local.name for local in locals_in(text)} <= self.assigned:
            raise Outside

    def section(self, ref: syntax.Ref, body: ops.Block) -> None:
        if self.is_sure and ref.index is not None and not changes(ref.index):  # no guard: others may take another one
            self.tally.took_a_step()
            self.block(body)
            return
        name = self.lock(ref)
        if name in self.tally.held and not lets_in_again(self.program, name):
            raise Outside
        self.locks.add(name)
        self.tally.took_a_step()
        with self.tally.holding(name):
            self.block(body)

    def lock(self, ref: syntax.Ref) -> str:
        """The one that is meant, if it is free sooner or later. Raises Outside."""
        element = element_of(self.program, ref, self.tally.known)
        if element in self.free:
            return element
        if ref.index is None or ref.name not in self.free or not self.is_passed(ref, ref.index):
            raise Outside
        return ref.name

    def is_passed(self, ref: syntax.Ref, index: Expr) -> bool:
        """Whether it is an element that is there, in a whole block: its lock is no guard, for others may take another one."""
        which = amount(index, self.tally.known, nothing).value
        count = next(len(one.elements) for one in self.program.primitives if one.name == ref.name)
        return WHOLE in self.tally.held and which is not None and -count <= which < count

    def passes(self, ref: syntax.Ref, *, puts: bool) -> None:
        """One item in each round of the loops around."""
        if ref.index is not None:
            raise Outside
        self.tally.took_a_step()
        self.passings.append(Passing(ref.name, puts, self.tally.summed(constant(1), self.tally.around)))

    def loop(self, times: Expr, body: ops.Block, target: Expr | None, most: int = MAX_ROUNDS) -> None:
        count = amount(times, self.tally.known, self.tally.read)
        if not isinstance(target, Local | None):
            raise Outside
        before = set(self.assigned)
        after = set(before) if self.goes_round(count, most) else None
        if count.value is not None and int(count) > 1:
            self.rounds.add(int(count))
        changed = {name for node in (*walk_all(body), ops.Repeat(times, body, target)) for name in bound(node)}
        name = None if target is None else target.name
        parts = stretches(count, name, body, self.tally.known)
        self.spare -= sum(map(len, parts)) - 1
        if self.spare < 0:
            raise Outside
        for several in parts:
            steps = self.tally.steps
            for stretch in several:
                self.tally.forget(changed)
                self.assigned = set(before)
                self.stretch(stretch, name, body)
                if after is not None:
                    after |= self.assigned
            if self.tally.steps == steps:  # local work that goes on too long is an error
                raise Outside
        self.tally.forget(changed)
        self.assigned = before if after is None else after

    def stretch(self, of: Stretch, target: str | None, body: ops.Block) -> None:
        """These rounds of a loop."""
        symbol = f"round {len(self.tally.loops)}"
        self.tally.loops[symbol] = of.rounds
        with self.tally.within_loop(symbol):
            if target is not None:
                self.tally.known[target] = constant(of.first) + unknown(symbol).scaled(of.apart)
                self.assigned.add(target)
            self.block(body)

    def goes_round(self, count: Polynomial, most: int) -> bool:
        """Whether a loop surely goes round at least once. Raises Outside where it may be none, or endless."""
        if count.value is not None:
            if not 0 < count.value <= most:
                raise Outside
            return True
        if self.lowest is None or not self.tally.is_own(count) or not count.is_never_below(0, self.lowest):
            raise Outside
        return count.is_never_below(1, self.lowest)

    def call(self, routine: str, args: tuple[Expr, ...]) -> None:
        if self.depth >= MAX_DEPTH:
            raise Outside
        called = self.program.routines[routine]
        values = [amount(arg, self.tally.known, self.tally.read) for arg in args]
        outer, self.depth = self.assigned, self.depth + 1
        self.assigned = {"index", "name", *called.params}
        known = {"index": self.tally.known["index"], **dict(zip(called.params, values, strict=True))}
        with self.tally.within_call(known):
            self.block(called.body)
        self.assigned, self.depth = outer, self.depth - 1


def _passes(seconds: object) -> bool:
    """Whether sleeping so long is nothing but waiting."""
    return isinstance(seconds, int | float) and not isinstance(seconds, bool) and 0 <= seconds < 10**6
