"""How much of a thing a thread has done where it stands, or when it has ended: between which bounds, by the form of its body."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import field
from typing import TypeAlias

from scenario.program import ops
from scenario.program.ops import Block, Op
from scenario.program.program import Routine
from scenario.record import record
from scenario.syntax import Builtin, Const, Expr, ListDisplay, Node, Starred, TupleDisplay

Bounds: TypeAlias = "tuple[int, int] | None"
"""The least and the most; None where nothing is known."""

NOTHING = (0, 0)


def total(parts: Iterable[Bounds]) -> Bounds:
    """One after the other."""
    least, most = NOTHING
    for part in parts:
        if part is None:
            return None
        least, most = least + part[0], most + part[1]
    return least, most


def one_of(ways: Iterable[Bounds]) -> Bounds:
    """One of these, nobody knows which."""
    least, most = [], []
    for way in ways:
        if way is None:
            return None
        least.append(way[0])
        most.append(way[1])
    return min(least), max(most)


def times(rounds: int, each: Bounds) -> Bounds:
    """So many rounds."""
    return None if each is None else (rounds * each[0], rounds * each[1])


@record
class Done:
    """`each`: what an operation does by itself, when it is over; `entered`: what a `with` has done between its ends.

    Every body runs through to its end: there is no `break`, `return` or exception that is handled.
    """

    each: Callable[[Node], int]
    entered: Callable[[ops.With], int]
    routines: Mapping[str, Routine]
    called: dict[str, Bounds] = field(default_factory=dict)
    """What each of them does, once it is known: they may call each other more often than can be followed."""

    def of(self, block: Block) -> Bounds:
        """What the whole of it does."""
        return total(map(self._whole, block))

    def before(self, block: Block, at: Op) -> Bounds:
        """What has been done of it by whoever stands at that operation, which is in it once."""
        so_far: list[Bounds] = []
        for op in block:
            if op is at:
                break
            if is_in(at, (op,)):
                so_far.append(self._inside(op, at))
                break
            so_far.append(self._whole(op))
        return total(so_far)

    def _whole(self, op: Op) -> Bounds:
        match op:
            case ops.Repeat() | ops.For():
                return self._rounds(op, last=0)
            case ops.While(_, body):
                return NOTHING if self.of(body) == NOTHING else None
            case ops.If(branches, orelse):
                return one_of(map(self.of, (*(body for _, body in branches), orelse)))
            case ops.With(_, body) | ops.Atomic(body):
                return self.of(body)
            case ops.CallRoutine(routine):
                if routine not in self.called:
                    self.called[routine] = self.of(self.routines[routine].body)
                return self.called[routine]
            case _:
                done = self.each(op)
                return done, done

    def _inside(self, op: Op, at: Op) -> Bounds:
        """What has been done of the operation by whoever stands at another inside of it."""
        here = self.before(next(body for body in _bodies(op) if is_in(at, body)), at)
        match op:
            case ops.Repeat() | ops.For():
                return total((here, one_of((NOTHING, self._rounds(op, last=1)))))
            case ops.With():
                return total((here, (self.entered(op),) * 2))
            case ops.While():
                return total((here, self._whole(op)))
            case _:
                return here

    def _rounds(self, op: ops.Repeat | ops.For, last: int) -> Bounds:
        """All of them but so many."""
        each, rounds = self.of(op.body), rounds_of(op)
        if each == NOTHING:
            return NOTHING
        return None if rounds is None else times(max(rounds - last, 0), each)


def rounds_of(op: ops.Repeat | ops.For) -> int | None:
    """How often it goes round, if the file says so by a number or a display."""
    match op:
        case ops.Repeat(Const(int() as count)) | ops.For(_, Builtin("range", (Const(int() as count),), ())):
            return max(int(count), 0)
        case ops.For(_, ListDisplay(items) | TupleDisplay(items)) if not _has_starred(items):
            return len(items)
        case _:
            return None


def _has_starred(items: tuple[Expr, ...]) -> bool:
    return any(isinstance(item, Starred) for item in items)


def _bodies(op: Op) -> tuple[Block, ...]:
    match op:
        case ops.Repeat(_, body) | ops.For(_, _, body) | ops.While(_, body) | ops.With(_, body):
            return (body,)
        case ops.If(branches, orelse):
            return (*(body for _, body in branches), orelse)
        case _:
            return ()


def is_in(at: Op, block: Block) -> bool:
    return any(op is at or any(is_in(at, body) for body in _bodies(op)) for op in block)
