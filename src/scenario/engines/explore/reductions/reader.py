"""A thread as what it adds to shared numbers, if that is all it does: loops are summed, not gone round.

What is read must die where it was read: within one section (or one `atomic` block, or one statement of the only thread that
uses the variable) the new value is the old one and an amount that the thread itself knows. Nothing is said of a thread that
does anything else (`Outside`).
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import field
from math import comb
from typing import TypeAlias

from scenario import syntax
from scenario.engines.explore.reductions.amounts import (
    INDEX,
    MAX_TERMS,
    OpenParam,
    Outside,
    Own,
    Place,
    amount,
    nothing,
    place,
)
from scenario.engines.explore.reductions.polynomials import ZERO, Polynomial, constant, unknown
from scenario.engines.explore.reductions.sections import lets_in_again
from scenario.engines.explore.reductions.updates import Passing, Sums, Update
from scenario.program import ops
from scenario.program.bounded.limits import MAX_LENGTH
from scenario.program.program import Program, ThreadGroup
from scenario.program.walk import walk_all
from scenario.record import mutable
from scenario.source import START, Span
from scenario.steps.lower.printing import is_harmless, locals_in
from scenario.syntax import Binary, Builtin, Const, Expr, Local, Param, Shared, Subscript

MAX_ROUNDS = 2**62
MAX_CALLS = 30
MAX_SUMMED = 12
"""The degree of a sum: no more comes of a few lines, and more would take long."""

WHOLE = "<atomic>"
"""What guards an access inside one (no lock or thread has such a name)."""


def sums(program: Program, thread: str | None, block: ops.Block, index: int, free: frozenset[str]) -> Sums:
    """What the thread adds, where it takes no locks but those that are free sooner or later. Raises Outside.

    `thread` None: it is one of several that do the same.
    """
    alone = frozenset() if thread is None else frozenset({thread})
    return _read(_Reader(program, free, alone, {"index": constant(index)}, {"index", "name"}), block)


def open_sums(
    program: Program, group: ThreadGroup, many: Polynomial | None, free: frozenset[str], lowest: Lowest
) -> Sums:
    """What all threads of a group add, however many they are (None: it is one alone), from the lowest values of params on."""
    index = constant(0) if many is None else INDEX
    alone = frozenset({group.key}) if many is None else frozenset[str]()
    reader = _Reader(program, free, alone, {"index": index}, {"index", "name"}, lowest, group.key)
    if many is not None:
        reader.loops["index"] = many
        reader.around.append("index")
    return _read(reader, group.body)


def _read(reader: _Reader, block: ops.Block) -> Sums:
    try:
        reader.block(block)
        reader.leave()
    except Outside:
        raise Outside(reader.here) from None
    rounds = frozenset(int(count) for count in reader.loops.values() if count.value is not None and int(count) > 1)
    return Sums(tuple(reader.updates), frozenset(reader.locks), rounds, tuple(reader.passings))


Lowest: TypeAlias = Mapping[Hashable, int]
"""The lowest value of each symbol; that of others is 0."""


@mutable
class _Reader:
    """Where in the body it is, and what is known there. `lowest` None: nothing is left open."""

    program: Program
    free: frozenset[str]
    alone: frozenset[str]
    known: dict[str, Polynomial]
    assigned: set[str]
    lowest: Lowest | None = None
    group: str = ""
    held: list[str] = field(default_factory=list)
    added: dict[Place, Polynomial] = field(default_factory=dict)
    read_here: dict[Place, Polynomial] = field(default_factory=dict)
    loops: dict[Hashable, Polynomial] = field(default_factory=dict)
    around: list[Hashable] = field(default_factory=list)
    updates: list[Update] = field(default_factory=list)
    locks: set[str] = field(default_factory=set)
    passings: list[Passing] = field(default_factory=list)
    sections: int = 0
    calls: int = 0
    steps: int = 0
    here: Span = START

    # --- steps -------------------------------------------------------------------------------------

    def block(self, block: ops.Block) -> None:
        for op in block:
            self.step(op)
            if not self.held:
                self.leave()

    def step(self, op: ops.Op) -> None:
        self.here = op.span
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
                with self.holding(WHOLE):
                    self.block(body)
            case ops.Put(ref, item, None, None) if not self.held:
                amount(item, self.known, nothing)
                self.passes(ref, puts=True)
            case ops.Get(ref, (Local() | None) as into, None, None) if not self.held:
                self.passes(ref, puts=False)
                if into is not None:
                    self.forget({into.name})
                    self.assigned.add(into.name)
            case ops.Repeat(times, body, target):
                self.loop(times, body, target)
            case ops.For(target, Builtin("range", (times,), ()), body):
                self.loop(times, body, target, MAX_LENGTH)
            case ops.CallRoutine(routine, args, None):
                self.call(routine, args)
            case _:
                raise Outside

    def assign(self, target: Expr, value: Expr) -> None:
        match target:
            case Local(name):
                self.known[name] = amount(value, self.known, self.read)
                self.assigned.add(name)
            case Shared() | Subscript():
                self.write(place(target, self.known), amount(value, self.known, self.read))
            case _:
                raise Outside

    def unseen(self, text: syntax.Template) -> None:
        """A line that nobody looks at and that surely can be made: nothing is read for it."""
        if not is_harmless(self.program, text) or not {local.name for local in locals_in(text)} <= self.assigned:
            raise Outside

    def section(self, ref: syntax.Ref, body: ops.Block) -> None:
        taken_twice = ref.name in self.held and not lets_in_again(self.program, ref.name)
        if ref.name not in self.free or ref.index is not None or taken_twice:
            raise Outside
        self.locks.add(ref.name)
        self.steps += 1
        with self.holding(ref.name):
            self.block(body)

    def passes(self, ref: syntax.Ref, *, puts: bool) -> None:
        """One item in each round of the loops around."""
        if ref.index is not None:
            raise Outside
        self.steps += 1
        self.passings.append(Passing(ref.name, puts, self.summed(constant(1), self.around)))

    def loop(self, times: Expr, body: ops.Block, target: Expr | None, most: int = MAX_ROUNDS) -> None:
        count = amount(times, self.known, self.read)
        if not isinstance(target, Local | None):
            raise Outside
        before, assigned = self.steps, None if self.goes_round(count, most) else set(self.assigned)
        symbol = f"round {len(self.loops)}"
        self.loops[symbol] = count
        changed = {name for node in (*walk_all(body), ops.Repeat(times, body, target)) for name in _assigned(node)}
        self.forget(changed)
        with self.scope():
            self.around.append(symbol)
            if target is not None:
                self.known[target.name] = unknown(symbol)
                self.assigned.add(target.name)
            self.block(body)
            self.leave()
            self.around.pop()
        if self.steps == before:  # local work that goes on too long is an error
            raise Outside
        self.forget(changed)
        self.assigned = self.assigned if assigned is None else assigned

    def goes_round(self, count: Polynomial, most: int) -> bool:
        """Whether a loop surely goes round at least once. Raises Outside where it may be none, or endless."""
        if count.value is not None:
            if not 0 < count.value <= most:
                raise Outside
            return True
        if self.lowest is None or not self.is_own(count) or not count.is_never_below(0, self.lowest):
            raise Outside
        return count.is_never_below(1, self.lowest)

    def call(self, routine: str, args: tuple[Expr, ...]) -> None:
        if self.calls >= MAX_CALLS:
            raise Outside
        called = self.program.routines[routine]
        values = [amount(arg, self.known, self.read) for arg in args]
        outer, self.calls = (self.known, self.assigned), self.calls + 1
        self.known = {"index": self.known["index"], **dict(zip(called.params, values, strict=True))}
        self.assigned = {"index", "name", *called.params}
        self.block(called.body)
        (self.known, self.assigned), self.calls = outer, self.calls - 1

    # --- what is read and written ------------------------------------------------------------------

    def read(self, where: Place) -> Polynomial:
        """What is there, as an unknown that is the same until something else may have come in between."""
        self.steps += 1
        old = self.read_here.setdefault(where, unknown((where, self.sections)))
        return old + self.added.get(where, ZERO)

    def write(self, where: Place, value: Polynomial) -> None:
        """The old value and an amount that the thread knows by itself."""
        if where not in self.read_here:
            raise Outside
        more = value - self.read_here[where]
        if not self.is_own(more):
            raise Outside
        self.added[where] = more

    def leave(self) -> None:
        """Something else may come in between: what was added is noted, what was read is forgotten."""
        for where in self.read_here:
            self.updates.append(self.update(where, self.added.get(where, ZERO)))
        self.added, self.read_here = {}, {}
        self.sections += 1
        self.forget({name for name, value in self.known.items() if not self.is_own(value)})

    def is_own(self, value: Polynomial) -> bool:
        """Whether the thread knows it by itself."""
        return all(symbol in self.loops or isinstance(symbol, OpenParam) for symbol in value.symbols)

    def update(self, where: Place, once: Polynomial) -> Update:
        """What is added in all the rounds of the loops around, and by all threads."""
        inner = [symbol for symbol in self.around if symbol != "index"]
        outer = [symbol for symbol in self.around if symbol == "index"]
        each = self.summed(once, inner)
        guards = self.alone.union(self.held)
        own = {f"{self.group}[index]"} if isinstance(where.key, Own) else set()
        return Update(where, each, self.summed(each, outer), self.summed(once.bound, self.around), guards | own)

    def summed(self, value: Polynomial, symbols: Sequence[Hashable]) -> Polynomial:
        """Over the rounds of loops, the innermost last. Raises Outside."""
        for symbol in reversed(symbols):
            count = self.loops[symbol]
            powers = value.degree + 1
            terms = comb(len(count.terms) + powers, powers) * len(value.terms)
            if powers * max(count.degree, 1) > MAX_SUMMED or terms > MAX_TERMS:
                raise Outside
            value = value.summed(symbol, count)
        return value

    def forget(self, names: set[str]) -> None:
        """Their values are not known from here on (that they have some is)."""
        for name in names:
            self.known.pop(name, None)

    @contextmanager
    def holding(self, guard: str) -> Iterator[None]:
        with self.scope():
            self.held.append(guard)
            yield
            self.leave()
            self.held.pop()

    @contextmanager
    def scope(self) -> Iterator[None]:
        """What is read in it dies in it, and what was read before is not used in it."""
        self.leave()
        yield
        self.leave()


def _assigned(node: syntax.Node) -> Iterator[str]:
    """The locals that a step gives other values."""
    match node:
        case syntax.Assign(targets):
            yield from (target.name for target in targets if isinstance(target, Local))
        case (
            syntax.AugmentedAssign(Local(name)) | ops.Repeat(target=Local(name)) | ops.For(Local(name))
            | ops.Get(into=Local(name))
        ):  # fmt: skip
            yield name
        case _:
            pass


def _passes(seconds: object) -> bool:
    """Whether sleeping so long is nothing but waiting."""
    return isinstance(seconds, int | float) and not isinstance(seconds, bool) and 0 <= seconds < 10**6
