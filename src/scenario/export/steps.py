"""Steps -> Promela statements: one for each step of the scenario; local work is between them and touches nothing shared."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import field

from scenario.compile.kinds import article
from scenario.export.expressions import Text, combined, flat, place, whole
from scenario.export.refusal import Refusals
from scenario.program import ops
from scenario.program.program import BoundedSemaphore, Kind, Lock, Program, RLock, Semaphore
from scenario.program.show import expression
from scenario.record import mutable
from scenario.syntax import (
    Assign,
    AugmentedAssign,
    Break,
    Const,
    Continue,
    Expr,
    ListDisplay,
    Local,
    Pass,
    Ref,
    Return,
    Shared,
    TupleDisplay,
)


@mutable
class _Loop:
    label: str
    cleanups: int


@mutable
class Body:
    """One process: its text, and the locks of `with` and the loops that stand around the current step."""

    program: Program
    refusals: Refusals
    text: Text = field(init=False)
    cleanups: list[Callable[[], None]] = field(default_factory=list)
    loops: list[_Loop] = field(default_factory=list)
    labels: int = 0

    def __post_init__(self) -> None:
        self.text = Text(self.refusals)

    def block(self, body: ops.Block) -> None:
        for op in body:
            self.step(op)

    def step(self, op: ops.Op) -> None:
        text = self.text
        match op:
            case ops.Print() | ops.Mark() | ops.Sleep() | Pass():
                text.add("skip;")
            case Assign(targets, value):
                self._assign(targets, value)
            case AugmentedAssign(target, operator, value):
                old = flat(text, target)
                self._store(target, combined(self.refusals, target, operator, (old, flat(text, value)), value))
            case Break() | Continue():
                loop = self.loops[-1]
                self._leave(loop.cleanups)
                where = "done" if isinstance(op, Break) else "next"
                text.add(f"goto {where}_{loop.label};")
            case Return(None):
                self._leave(0)
                text.add("goto over;")
            case ops.Acquire():
                self._acquire(op)
            case ops.Release(ref, n):
                self._release(ref, "1" if n is None else flat(text, n))
            case ops.With(ref, body):
                held = self._held_place(ref)
                self._take(ref, held)
                self.cleanups.append(lambda: self._give(ref, held, "1"))
                self.block(body)
                self.cleanups.pop()()
            case ops.If(branches, orelse):
                self._if(branches, orelse)
            case ops.While(test, body):
                self._loop(lambda: flat(text, test), body, None)
            case ops.Repeat(times, body, target):
                self._repeat(times, body, target)
            case ops.Assert(test):
                words = " ".join(expression(test).split()).replace("*/", "* /")
                text.add(f"assert({flat(text, test)}); /* line {op.span.line}: {words} */")
            case ops.Await(test, None):
                text.add(f"({whole(self.refusals, test, text)});")
            case ops.Atomic(body):
                text.add("atomic {")
                text.depth += 1
                self.block(body)
                text.depth -= 1
                text.add("};")
            case ops.Choose(target, values):
                self._choose(target, values)
            case _:
                self.refusals.refuse("this step", op.span)

    # --- assignment -------------------------------------------------------------------------------

    def _assign(self, targets: tuple[Expr, ...], value: Expr) -> None:
        text = self.text
        if isinstance(value, TupleDisplay):
            for target in targets:
                if not isinstance(target, TupleDisplay) or len(target.items) != len(value.items):
                    self.refusals.refuse("a tuple as a value", value.span)
                    return
            values = [self._keep(flat(text, item)) for item in value.items]
            for target in targets:
                assert isinstance(target, TupleDisplay)
                for item, kept in zip(target.items, values, strict=True):
                    self._store(item, kept)
            return
        result = flat(text, value)
        if len(targets) > 1:
            result = self._keep(result)
        for target in targets:
            self._store(target, result)

    def _keep(self, value: str) -> str:
        kept = self.text.temporary()
        self.text.add(f"{kept} = {value};")
        return kept

    def _store(self, target: Expr, value: str) -> None:
        match target:
            case Local(name):
                self.text.add(f"{self.text.local(name)} = {value};")
            case Shared(name):
                self.text.add(f"v_{name} = {value};")
            case _:
                self.refusals.refuse("an assignment to this target", target.span)

    # --- locks ----------------------------------------------------------------------------------------

    def _kind(self, ref: Ref) -> Kind | None:
        primitive = next(p for p in self.program.primitives if p.name == ref.name)
        return primitive.elements[0] if primitive.elements else None

    def _held_place(self, ref: Ref) -> str:
        """What `with` takes is what it gives back, whatever its body does to the index."""
        if ref.index is None:
            return place(self.text, ref)
        return f"p_{ref.name}[{self._keep(flat(self.text, ref.index))}]"

    def _free(self, ref: Ref, held: str) -> str:
        match self._kind(ref):
            case RLock():
                return f"({held} == 0 || o_{held[2:]} == _pid)"
            case Semaphore() | BoundedSemaphore():
                return f"({held} > 0)"
            case _:
                return f"({held} == 0)"

    def _taken(self, ref: Ref, held: str) -> str:
        match self._kind(ref):
            case RLock():
                return f"{held} = {held} + 1; o_{held[2:]} = _pid"
            case Semaphore() | BoundedSemaphore():
                return f"{held} = {held} - 1"
            case Lock():
                return f"{held} = 1"
            case other:
                self.refusals.refuse(article(type(other).__name__), ref.span)
                return "skip"

    def _take(self, ref: Ref, held: str) -> None:
        self.text.add(f"atomic {{ {self._free(ref, held)} -> {self._taken(ref, held)} }};")

    def _release(self, ref: Ref, n: str) -> None:
        self._give(ref, place(self.text, ref), n)

    def _give(self, ref: Ref, held: str, n: str) -> None:
        """A release that Python refuses is a failed assertion: the thread's error fails the scenario."""
        match self._kind(ref):
            case RLock():
                line = f"assert({held} > 0 && o_{held[2:]} == _pid); {held} = {held} - 1"
            case Semaphore():
                line = f"{held} = {held} + {n}"
            case BoundedSemaphore(value):
                line = f"assert({held} + {n} <= {value}); {held} = {held} + {n}"
            case _:
                line = f"assert({held} == 1); {held} = 0"
        self.text.add(f"atomic {{ {line} }};")

    def _acquire(self, op: ops.Acquire) -> None:
        text, held = self.text, place(self.text, op.ref)
        blocking = not (isinstance(op.blocking, Const) and not op.blocking.value)
        if op.blocking is not None and not isinstance(op.blocking, Const):
            self.refusals.refuse("`blocking` that is computed", op.span)
        if blocking and op.timeout is None:
            self._take(op.ref, held)
            result = "1"
        else:  # a timed one that is blocked may time out at any moment, that is at once
            result = text.temporary()
            free = f":: {self._free(op.ref, held)} -> {self._taken(op.ref, held)}; {result} = 1"
            text.add(f"atomic {{ if {free} :: else -> {result} = 0 fi }};")
        if op.into is not None:
            self._store(op.into, result)

    # --- control flow ------------------------------------------------------------------------------------

    def _leave(self, depth: int) -> None:
        for cleanup in reversed(self.cleanups[depth:]):
            cleanup()

    def _if(self, branches: tuple[tuple[Expr, ops.Block], ...], orelse: ops.Block) -> None:
        text = self.text
        for test, body in branches:
            text.add(f"if :: ({flat(text, test)}) ->")
            self._indented(body)
            text.add(":: else ->")
            text.depth += 1
        self.block(orelse)
        text.add("skip;")
        for _ in branches:
            text.depth -= 1
            text.add("fi;")

    def _indented(self, body: ops.Block) -> None:
        self.text.depth += 1
        self.block(body)
        self.text.add("skip;")
        self.text.depth -= 1

    def _loop(self, test: Callable[[], str], body: ops.Block, head: Callable[[], None] | None) -> None:
        self.labels += 1
        loop = _Loop(str(self.labels), len(self.cleanups))
        text = self.text
        text.add(f"next_{loop.label}: skip;")
        text.add(f"if :: ({test()}) ->")
        self.loops.append(loop)
        text.depth += 1
        if head is not None:
            head()
        text.depth -= 1
        self._indented(body)
        self.loops.pop()
        text.add(f"  goto next_{loop.label}")
        text.add(":: else -> skip fi;")
        text.add(f"done_{loop.label}: skip;")

    def _repeat(self, times: Expr, body: ops.Block, target: Expr | None) -> None:
        text = self.text
        count, done = self._keep(flat(text, times)), self._keep("-1")

        def test() -> str:
            text.add(f"{done} = {done} + 1;")
            return f"{done} < {count}"

        self._loop(test, body, None if target is None else lambda: self._store(target, done))

    def _choose(self, target: Expr, values: Expr) -> None:
        match values:
            case ListDisplay(items) | TupleDisplay(items):
                parts = [flat(self.text, item) for item in items]
            case Const(list() | tuple() as items):
                parts = [flat(self.text, Const(item, span=values.span)) for item in items]
            case _:
                self.refusals.refuse("`choose` from what is no list of values", values.span)
                return
        picked = self.text.temporary()
        self.text.add("if " + " ".join(f":: {picked} = {part}" for part in parts) + " fi;")
        self._store(target, picked)
