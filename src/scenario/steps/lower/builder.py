"""A body under construction: slots, instructions, jump targets, and what stands around the current place."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import field, replace
from typing import TypeAlias

from scenario.program.bounded.patience import Look, unhurried
from scenario.program.ops import Block
from scenario.program.places import changes
from scenario.program.program import ProcessPool, Program, ThreadPool
from scenario.program.walk import walk
from scenario.record import mutable
from scenario.source import START, Span
from scenario.steps.code import Access, AnyInstruction, Begin, Branch, Code, Compute, Iterate, Jump, Leave, Read, Throw
from scenario.steps.lower.around import Cleanup, Loop, Reached
from scenario.steps.lower.gaps import Gaps
from scenario.steps.values import Caught, Value
from scenario.syntax import Const, Expr, Local, Node, Shared

Body: TypeAlias = "Callable[[Builder, Block], None]"
"""Emits a block (given in, so that the families of steps need not know the dispatch)."""


@mutable
class Builder:
    """One body. A label is a number until `finish` replaces it by its place."""

    program: Program
    name: str
    params: tuple[str, ...] = ()
    registers: frozenset[str] = frozenset()
    slots: dict[str, int] = field(default_factory=dict)
    instructions: list[AnyInstruction] = field(default_factory=list)
    places: dict[int, int] = field(default_factory=dict)
    labels: int = 0
    temporaries: int = 0
    handler: int | None = None
    cleanups: list[Cleanup] = field(default_factory=list)
    loops: tuple[Loop, ...] = ()
    caught: tuple[Local, ...] = ()
    """The exceptions that are being handled here, the innermost last: what a bare `raise` raises again."""
    reached: tuple[Reached, ...] = ()
    """What CPython has come to when the next access is made, for what it may raise: on some way to here, no access said so yet."""
    carried: dict[int, tuple[Reached, ...]] = field(default_factory=dict)
    """The same on the ways to labels that are to be placed."""
    early: int | None = None
    """Where an exception of local work goes that comes before that access."""
    assigned: set[str] = field(default_factory=set)
    """Locals that surely have a value here."""
    renames: dict[str, str] = field(default_factory=dict)
    span: Span = START
    look: Look = unhurried
    is_called: bool = False
    """Whether it is a routine's."""
    gaps: Gaps = field(init=False)

    def __post_init__(self) -> None:
        self.gaps = Gaps(bool(self.program.interrupts), self.is_called)
        for name in (*self.params, *sorted(self.registers)):
            self.slot(name)

    # --- slots -----------------------------------------------------------------------------

    def slot(self, name: str) -> int:
        return self.slots.setdefault(name, len(self.slots))

    def temporary(self) -> Local:
        """A fresh local that no scenario can name."""
        self.temporaries += 1
        name = f"${self.temporaries}"
        self.slot(name)
        return Local(name, span=self.span)

    def handle(self) -> Local:
        """A fresh local for an object of the heap (or a value of the thread's own)."""
        self.temporaries += 1
        name = f"$h{self.temporaries}"
        self.slot(name)
        return Local(name, span=self.span)

    def is_set(self, name: str) -> bool:
        """Whether the local surely has a value here."""
        return name.startswith("$") or name in self.assigned or name in ("name", "index", *self.params)

    # --- instructions ----------------------------------------------------------------------

    def add(self, instruction: AnyInstruction) -> None:
        self.look()
        self.gaps.make_before(self.instructions, instruction, self.handler)
        handler = self.handler
        if self.reached and isinstance(instruction, Access):
            reached, self.reached = tuple(of.value for of in self.reached), ()
            instruction = replace(instruction, reached=reached, uses=(*instruction.uses, *self.uses(*reached)))
        elif self.reached and not self._is_quiet(instruction):
            handler = self.early
        span = self.span if instruction.span is START else instruction.span
        self.instructions.append(replace(instruction, span=span, handler=handler))

    def gap(self, *, stores: bool = False) -> None:
        """An interrupt may come here; with `stores` only where a call is before it, whose value has not been stored yet."""
        self.gaps.ask(self.instructions, self.span, self.handler, stores=stores)

    def _is_quiet(self, instruction: AnyInstruction) -> bool:
        """Whether it surely raises nothing."""
        match instruction:
            case Compute(Local(name)) | Branch(Local(name)):
                return self.is_set(name)
            case Compute(Const()) | Jump() | Iterate():
                return True
            case _:
                return False

    def label(self) -> int:
        self.labels += 1
        return self.labels

    def place(self, label: int) -> None:
        self.gaps.make(self.instructions)
        self.places[label] = len(self.instructions)
        self.reached = self.reached or self.carried.pop(label, ())

    def _carry(self, label: int) -> None:
        """A way leads from here to the label."""
        self.carried[label] = self.reached or self.carried.get(label, ())

    def compute(self, target: Local | None, value: Value) -> None:
        """Local work: the value into a local, or just for its effect."""
        if target is not None:
            self.assigned.add(target.name)
        self.add(Compute(value, uses=self.uses(value), defines=() if target is None else (self.slot(target.name),)))

    def local(self, value: Value) -> Local:
        """A fresh local that holds the value."""
        target = self.temporary()
        self.compute(target, value)
        return target

    def branch(self, test: Value, to: int) -> None:
        """Goes to the label where the test is false."""
        self.add(Branch(test, to, uses=self.uses(test)))
        self._carry(to)

    def jump(self, label: int) -> None:
        self.add(Jump(label))
        self._carry(label)

    def iterate(self, target: Local, sequence: Local, position: Local, end: int, view: str = "keys") -> None:
        uses = (self.slot(sequence.name), self.slot(position.name))
        self.add(Iterate(end, view, uses=uses, defines=(self.slot(target.name), uses[1])))
        self._carry(end)

    def throw(self, caught: Local, *, anew: bool = False) -> None:
        self.add(Throw(anew, uses=(self.slot(caught.name),)))

    def catch(self) -> Local:
        """The first instruction of a handler: the exception that has come to it."""
        return self.local(Caught())

    def leave(self, value: Expr | None) -> None:
        """Returns from the body."""
        self.add(Leave(uses=() if value is None else (self.slot(self.to_local(value).name),)))

    def is_pool(self, name: str) -> bool:
        primitive = next(p for p in self.program.primitives if p.name == name)
        return isinstance(primitive.elements[0], ThreadPool | ProcessPool)

    def to_local(self, value: Expr) -> Local:
        """A local that holds the value of an already flat expression."""
        return value if isinstance(value, Local) and value.name.startswith("$") else self.local(value)

    def constant(self, value: object) -> Local:
        return self.local(Const(value))

    @contextmanager
    def block(self) -> Iterator[None]:
        """What is assigned inside is not sure afterwards: a block may be left early, or not be run at all."""
        surely, self.assigned = self.assigned, set(self.assigned)
        yield
        self.assigned = surely

    @contextmanager
    def at(self, span: Span) -> Iterator[None]:
        """What is emitted inside is of this step of the file."""
        outer, self.span = self.span, span
        yield
        self.span = outer

    @contextmanager
    def renaming(self, names: Iterable[str]) -> Iterator[dict[str, str]]:
        """Inside, these have slots of their own."""
        outer = self.renames
        self.renames = {**outer, **{name: self.temporary().name for name in names}}
        yield self.renames
        self.renames = outer

    # --- what has been reached ---------------------------------------------------------------

    @contextmanager
    def reaching(self, value: Value, variable: Shared, later: tuple[Node, ...]) -> Iterator[None]:
        """What is emitted evaluates `later`, and comes after `value`, a place or method of the variable, which may raise first.

        So says the next access before it does anything. Where local work raises before there is one, the place is read in a
        step that is taken then alone; where local work changes something, always.
        """
        before, self.reached = self.reached, (*self.reached, Reached(value, variable))
        if changes(later):
            self.add(Read(variable, reads=frozenset({variable.name}), shown=variable))
            yield
            return
        so_far, first = self.reached, len(self.instructions)
        outer, self.early = self.early, self.label()
        yield
        landing, self.early = self.early, outer
        self.reached = before if self.reached else ()
        if any(of.handler == landing for of in self.instructions[first:]):
            self._raise_first(landing, so_far)

    def _raise_first(self, landing: int, reached: tuple[Reached, ...]) -> None:
        """Where local work has raised: what was reached before it is read, which may raise instead."""
        pending, self.reached = self.reached, ()
        after = self.label()
        self.jump(after)
        self.place(landing)
        caught, values = self.catch(), tuple(of.value for of in reached)
        reads, shown = frozenset(of.variable.name for of in reached), reached[-1].variable
        self.add(Read(Const(None), reads=reads, shown=shown, reached=values, uses=self.uses(*values)))
        self.throw(caught, anew=True)
        self.place(after)
        self.reached = pending

    def uses(self, *nodes: Node) -> tuple[int, ...]:
        """The slots of the locals that nodes name."""
        names = {n.name for node in nodes for n in walk(node) if isinstance(n, Local)}
        return tuple(sorted(self.slot(name) for name in names if name not in ("name", "index")))

    # --- regions -----------------------------------------------------------------------------

    def on_leaving(self, emit: Callable[[], None]) -> None:
        """From here on a jump runs `emit` first."""
        self.cleanups.append(Cleanup(emit, self.handler, self.loops, self.caught))

    @contextmanager
    def handling(self, caught: Local) -> Iterator[None]:
        """Inside, a bare `raise` raises this exception."""
        outer, self.caught = self.caught, (*self.caught, caught)
        yield
        self.caught = outer

    @contextmanager
    def looping(self, top: int, end: int) -> Iterator[None]:
        """Inside, `continue` goes to the top and `break` to the end."""
        outer, self.loops = self.loops, (*self.loops, Loop(top, [end], len(self.cleanups)))
        yield
        self.loops = outer

    @contextmanager
    def handled_by(self, label: int) -> Iterator[None]:
        outer, self.handler = self.handler, label
        try:
            yield
        finally:
            self.handler = outer

    def unwind(self, depth: int) -> None:
        """Emits the cleanups that are open above `depth`, innermost first (for break, continue, return)."""
        saved = list(self.cleanups), self.handler, self.loops, self.caught
        while len(self.cleanups) > depth:
            cleanup = self.cleanups.pop()
            self.handler, self.loops, self.caught = cleanup.handler, cleanup.loops, cleanup.caught
            cleanup.emit()
        self.cleanups, self.handler, self.loops, self.caught = saved

    # --- the end -------------------------------------------------------------------------------

    def finish(self) -> Code:
        self.add(Leave())
        registers = frozenset(self.slots[name] for name in self.registers)
        return Code(
            self.name, len(self.params), tuple(self.slots), tuple(map(self._placed, self.instructions)), registers
        )

    def _placed(self, instruction: AnyInstruction) -> AnyInstruction:
        """With places instead of labels."""
        if instruction.handler is not None:
            instruction = replace(instruction, handler=self.places[instruction.handler])
        match instruction:
            case Jump(to) | Iterate(to) | Branch(to=to):
                return replace(instruction, to=self.places[to])
            case Begin(until):
                return replace(instruction, until=self.places[until])
            case _:
                return instruction
