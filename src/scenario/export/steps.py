"""The step code of a thread as a Promela process: a statement for each step; local work touches nothing shared."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import field
from typing import TypeAlias

from scenario.export.expressions import Writer
from scenario.export.primitives import Guarding, acquired, released, taken_if_free
from scenario.export.refusal import Refusals
from scenario.program import ops
from scenario.program.program import Program
from scenario.program.walk import walk
from scenario.record import mutable
from scenario.steps import code as steps
from scenario.steps import values as v
from scenario.steps.code import Code, successors
from scenario.steps.meanings import meanings
from scenario.syntax import (
    Binary,
    Const,
    Expr,
    ListDisplay,
    Local,
    Node,
    Query,
    Ref,
    Shared,
    Subscript,
    Template,
    TupleDisplay,
)

Parts: TypeAlias = tuple[Expr, ...]
"""What a temporary consists of that is a tuple or a list: a model has none, but its parts are known."""


@mutable
class Process:
    """One thread's lines, and the locals that they use."""

    program: Program
    code: Code
    refusals: Refusals
    lines: list[str] = field(default_factory=list)
    locals: dict[str, None] = field(default_factory=dict)
    parts: dict[str, Parts] = field(default_factory=dict)
    constants: Mapping[str, Const] = field(init=False)
    writer: Writer = field(init=False)
    needed: frozenset[int] = field(init=False)

    def __post_init__(self) -> None:
        self.constants = _constants(self.code)
        self.writer = Writer(self.refusals, self._local, meanings(self.code))
        reached = _reached(self.code)
        self.needed = _needed(self.code, reached)
        targets = {to for pc in reached for to in _jumps(self.code.instructions[pc])}
        closing = {of.until for pc in reached if isinstance(of := self.code.instructions[pc], steps.Begin)}
        for pc, of in enumerate(self.code.instructions):
            if isinstance(of, steps.Branch) and isinstance(of.test, v.IsCaughtBy):
                self.refusals.refuse("this step", of.span)  # what it catches would be a failed assertion
            if pc in targets:
                self._add(f"L{pc}: skip;")
            if pc in reached and (not isinstance(of, steps.Compute) or self.needed.issuperset(of.defines[:1])):
                self._instruction(of)
            if pc in closing:
                self._add("};")

    def _add(self, line: str) -> None:
        self.lines.append(f"  {line}")

    def _local(self, local: Local) -> str:
        if local.name == "index":
            return "index"
        if local.name == "name" or local.name in self.parts:
            self.refusals.refuse(f"`{self.writer.meanings.get(local.name, local.name)}`", local.span)
        name = f"t{local.name[1:]}" if local.name.startswith("$") else f"x_{local.name}"
        self.locals[name] = None
        return name

    def _named(self, slot: int) -> str:
        return self._local(Local(self.code.slots[slot]))

    # --- instructions ----------------------------------------------------------------------------------

    def _instruction(self, of: steps.AnyInstruction) -> None:
        write = self.writer.write
        match of:
            case (
                steps.Compute(v.Pause() | Template() | Local(), defines=())
                | steps.Emit()
                | steps.Snooze()
                | steps.Gap()
            ):
                pass
            case steps.Compute(value) if of.defines:
                self._compute(of, value)
            case steps.Change(Local() as place, operator, value):
                whole = Binary(operator, place, value, span=place.span)
                self._add(f"{self._local(place)} = {write(whole)};")
            case steps.Read(Shared() | Query() as value) | steps.Update(Shared() as value):
                self._add(f"{self._named(of.defines[0])} = {write(value)};")
            case steps.Write(Shared(name), value):
                self._add(f"v_{name} = {write(value)};")
            case steps.Jump(to):
                self._add(f"goto L{to};")
            case steps.Branch(v.IsContainer(), to):
                self._add(f"goto L{to};")
            case steps.Branch(test, to) if isinstance(test, Expr):
                if not self._is_read(test):
                    self._add(f"if :: ({write(test)}) -> skip :: else -> goto L{to} fi;")
            case steps.Pick():
                self._pick(of)
            case steps.Fail("assert", text):
                self._add(f"assert(false); /* line {of.span.line}: {' '.join(text.split()).replace('*/', '* /')} */")
            case steps.Leave():
                self._add("goto over;")
            case steps.Guard(test, timeout=None):
                self._add(f"({write(test)});")
            case steps.Operate(op=ops.Acquire() | ops.Release() as op):
                self._operate(of, op)
            case steps.Begin():
                self._add("atomic {")
            case steps.End():
                self._add("skip;")
            case steps.Write() | steps.Store():
                self.refusals.refuse("an assignment to this target", of.span)
            case _:
                self.refusals.refuse("this step", of.span)

    def _compute(self, of: steps.Compute, value: v.Value) -> None:
        name = self.code.slots[of.defines[0]]
        match value:
            case TupleDisplay(items) | ListDisplay(items) if name.startswith("$"):
                self.parts[name] = tuple(map(self._kept, items))
            case Const(list() | tuple() as items) if name.startswith("$"):
                self.parts[name] = tuple(Const(item, span=value.span) for item in items)
            case Local(other) | v.Unpacked(Local(other)) if other in self.parts and name.startswith("$"):
                self._unpack(of, name, other)
            case Subscript(Local(other), Const(int() as index)) if other in self.parts:
                for part in self.parts[other][index : index + 1]:  # none where the unpacking has been refused
                    self._add(f"{self._named(of.defines[0])} = {self.writer.write(part)};")
            case Subscript(Local() as read, Const(0)) if self._is_read(read):
                self._add(f"{self._named(of.defines[0])} = {self._local(read)};")
            case v.Times(count):
                text = self.writer.write(count)
                self._add(f"{self._named(of.defines[0])} = ({text} > 0 -> {text} : 0);")
            case _ if isinstance(value, Expr):
                self._add(f"{self._named(of.defines[0])} = {self.writer.write(value)};")
            case _:
                self.refusals.refuse("this step", of.span)

    def _kept(self, part: Expr) -> Expr:
        """The part's value now, under a name of its own."""
        if isinstance(part, Const):
            return part
        kept = Local(f"$kept{len(self.locals)}")
        self._add(f"{self._local(kept)} = {self.writer.write(part)};")
        return kept

    def _unpack(self, of: steps.Compute, name: str, whole: str) -> None:
        parts = self.parts[whole]
        if isinstance(of.value, v.Unpacked) and (of.value.after is not None or of.value.before != len(parts)):
            self.refusals.refuse("a tuple as a value", of.span)
        self.parts[name] = parts

    def _is_read(self, test: Expr) -> bool:
        """Whether it is what an `Update` has read: of integers it is never a container that was changed."""
        return isinstance(test, Local) and any(
            isinstance(each, steps.Update) and self.code.slots[each.defines[0]] == test.name
            for each in self.code.instructions
        )

    def _pick(self, of: steps.Pick) -> None:
        values = self.parts.get(self.code.slots[of.uses[0]])
        if values is None:
            self.refusals.refuse("`choose` from what is no list of values", of.span)
            return
        picked = self._named(of.defines[0])
        self._add("if " + " ".join(f":: {picked} = {self.writer.write(part)}" for part in values) + " fi;")

    # --- locks -------------------------------------------------------------------------------------------

    def _operate(self, of: steps.Operate, op: ops.Acquire | ops.Release) -> None:
        place, kind = self.writer.place(op.ref), self._kind(op.ref)
        if kind is None:  # refused where it is declared
            return
        if isinstance(op, ops.Release):
            n = "1" if op.n is None else self.writer.write(op.n)
            self._add(f"atomic {{ {released(kind, place, n)} }};")
        elif self._blocks(op):
            self._add(f"atomic {{ {taken_if_free(kind, place)} }};")
            if self.needed.issuperset(of.defines):
                self._add(f"{self._named(of.defines[0])} = 1;")
        else:  # a timed one that is blocked may time out at any moment, that is at once
            self._add(f"atomic {{ {acquired(kind, place, self._named(of.defines[0]))} }};")

    def _kind(self, ref: Ref) -> Guarding | None:
        primitive = next(p for p in self.program.primitives if p.name == ref.name)
        kind = next(iter(primitive.elements), None)
        return kind if isinstance(kind, Guarding) else None

    def _blocks(self, op: ops.Acquire) -> bool:
        if op.blocking is None:
            return op.timeout is None
        known = self.constants.get(op.blocking.name) if isinstance(op.blocking, Local) else None
        if known is None:
            self.refusals.refuse("`blocking` that is computed", op.span)
        return known is not None and bool(known.value) and op.timeout is None


# --- which instructions there are --------------------------------------------------------------------------


def _jumps(of: steps.Instruction) -> tuple[int, ...]:
    return (of.to,) if isinstance(of, steps.Jump | steps.Branch) else ()


def _reached(code: Code) -> frozenset[int]:
    """What may be executed where nothing raises: in a model an exception is a failed assertion."""
    found: set[int] = set()
    left = [0]
    while left:
        pc = left.pop()
        if pc not in found:
            found.add(pc)
            left += _following(code.instructions[pc], pc)
    return frozenset(found)


def _following(of: steps.Instruction, pc: int) -> tuple[int, ...]:
    match of:
        case steps.Branch(v.IsContainer(), to):  # of integers none is
            return (to,)
        case _:
            return successors(of, pc)


def _needed(code: Code, reached: frozenset[int]) -> frozenset[int]:
    """The slots whose values matter: not those of lines, pauses and timeouts."""
    needed: frozenset[int] = frozenset()
    while True:
        found = needed.union(*(_looked_at(code, code.instructions[pc], needed) for pc in reached))
        if found == needed:
            return needed
        needed = found


def _looked_at(code: Code, of: steps.AnyInstruction, needed: frozenset[int]) -> frozenset[int]:
    match of:
        case steps.Emit() | steps.Snooze() | steps.Gap() | steps.Leave() | steps.Fail() | steps.Guard(timeout=None):
            return frozenset()
        case steps.Operate(op=ops.Acquire(ref) | ops.Release(ref) as op):
            nodes: tuple[Node | None, ...] = (ref, op.n if isinstance(op, ops.Release) else None)
            return frozenset(code.slots.index(name) for name in _names(nodes))
        case steps.Operate():
            return frozenset()
        case steps.Compute():
            return frozenset(of.uses) if needed.issuperset(of.defines[:1]) and of.defines else frozenset()
        case _:
            return frozenset(of.uses)


def _names(nodes: tuple[Node | None, ...]) -> Iterator[str]:
    for node in nodes:
        if node is not None:
            yield from (each.name for each in walk(node) if isinstance(each, Local) and each.name.startswith("$"))


def _constants(code: Code) -> Mapping[str, Const]:
    """The temporaries that are always the same."""
    return {
        code.slots[of.defines[0]]: of.value
        for of in code.instructions
        if isinstance(of, steps.Compute) and isinstance(of.value, Const) and of.defines
    }
