"""A body under construction: slots, instructions, jump targets, and what stands around the current place."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import field
from typing import Any, TypeAlias

from scenario.engines.explore.lower.live import liveness
from scenario.engines.explore.model.code import (
    Access,
    Branch,
    Code,
    Compute,
    Function,
    Instruction,
    Iterate,
    Jump,
    Leave,
    Throw,
)
from scenario.engines.explore.model.source import Spelling, function_of
from scenario.program.ops import Block
from scenario.program.program import ProcessPool, Program, ThreadPool
from scenario.program.walk import walk
from scenario.record import mutable, record
from scenario.source import START, Span
from scenario.syntax import Const, Expr, Local, Node, Template

Body: TypeAlias = "Callable[[Builder, Block], None]"
"""Emits a block (given in, so that the families of steps need not know the dispatch)."""


@mutable
class Loop:
    """Where `break` and `continue` go, and how many `finally` clauses were open outside of the loop."""

    continue_to: int
    breaks: list[int]
    depth: int


@mutable
class Cleanup:
    """What leaves the region must run first: `emit` appends it (with the handler that stood outside)."""

    emit: Callable[[], None]
    handler: int | None


@mutable
class Builder:
    """One body. A label is a number until `finish` replaces it by its place."""

    program: Program
    name: str
    params: tuple[str, ...] = ()
    registers: frozenset[str] = frozenset()
    slots: dict[str, int] = field(default_factory=dict)
    instructions: list[Instruction] = field(default_factory=list)
    places: dict[int, int] = field(default_factory=dict)
    labels: int = 0
    temporaries: int = 0
    handler: int | None = None
    cleanups: list[Cleanup] = field(default_factory=list)
    loops: list[Loop] = field(default_factory=list)
    caught: list[int] = field(default_factory=list)
    prefixes: list[Prefix] = field(default_factory=list)
    """What the next access reads first, for what it may raise."""
    assigned: set[str] = field(default_factory=set)
    """Locals that surely have a value here."""
    renames: dict[str, str] = field(default_factory=dict)
    span: Span = START

    def __post_init__(self) -> None:
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

    def add(self, instruction: Instruction) -> None:
        if isinstance(instruction, Access) and self.prefixes:
            _read_first(instruction, tuple(self.prefixes))
            self.prefixes.clear()
        if instruction.span is START:
            instruction.span = self.span
        instruction.handler = self.handler
        self.instructions.append(instruction)

    def label(self) -> int:
        self.labels += 1
        return self.labels

    def place(self, label: int) -> None:
        self.places[label] = len(self.instructions)

    def compute(self, target: Local | None, value: Expr | Template) -> None:
        """Local work: the value into a local, or just for its effect."""
        defines = () if target is None else (self.slot(target.name),)
        if target is not None:
            self.assigned.add(target.name)
        node = None if isinstance(value, Template) else value
        self.add(Compute(self.function(value), uses=self.uses(value), defines=defines, node=node))

    def run(self, source: str, *nodes: Node, defines: tuple[int, ...] = ()) -> None:
        """Local work: a Python statement over slots."""
        self.add(Compute(function_of(source, statement=True), uses=self.uses(*nodes), defines=defines, stores=False))

    def local(self, source: str, *nodes: Node) -> Local:
        """A local that holds the value of Python source over slots."""
        target = self.temporary()
        slot = self.slot(target.name)
        self.run(f"L[{slot}] = {source}", *nodes, defines=(slot,))
        return target

    def branch(self, test: Expr, to: int) -> None:
        """Goes to the label where the test is false."""
        self.add(Branch(self.function(test), to, uses=self.uses(test)))

    def jump(self, label: int) -> None:
        self.add(Jump(label))

    def iterate(self, target: Local, sequence: Local, position: Local, end: int) -> None:
        uses = (self.slot(sequence.name), self.slot(position.name))
        self.add(Iterate(end, uses=uses, defines=(self.slot(target.name), uses[1])))

    def throw(self, slot: int) -> None:
        self.add(Throw(uses=(slot,)))

    def catch(self, target: Local) -> None:
        """The first instruction of a handler: the exception on its way, into a local."""
        slot = self.slot(target.name)
        self.run(f"L[{slot}] = w.caught()", defines=(slot,))

    def leave(self, value: Expr | None) -> None:
        """Returns from the body."""
        self.add(Leave(uses=() if value is None else (self.slot(self.to_local(value).name),)))

    def is_pool(self, name: str) -> bool:
        primitive = next(p for p in self.program.primitives if p.name == name)
        return isinstance(primitive.elements[0], ThreadPool | ProcessPool)

    def to_local(self, value: Expr) -> Local:
        """A local that holds the value of an already flat expression."""
        if isinstance(value, Local) and value.name.startswith("$"):
            return value
        target = self.temporary()
        self.compute(target, value)
        return target

    def constant(self, value: object) -> Local:
        target = self.temporary()
        self.compute(target, Const(value))
        return target

    @contextmanager
    def reading_first(self, source: str, variable: str, *nodes: Node) -> Iterator[None]:
        """What is emitted comes after the place has been reached."""
        prefix = Prefix(function_of(source), frozenset({variable}), self.uses(*nodes))
        self.prefixes.append(prefix)
        yield
        if prefix in self.prefixes:
            self.prefixes.remove(prefix)

    # --- source ------------------------------------------------------------------------------

    @property
    def spelling(self) -> Spelling:
        return Spelling(self)

    def source(self, node: Expr | Template) -> str:
        return self.spelling.text(node)

    def function(self, node: Expr | Template) -> Function:
        return function_of(self.source(node))

    def uses(self, *nodes: Node) -> tuple[int, ...]:
        """The slots of the locals that nodes name."""
        names = {n.name for node in nodes for n in walk(node) if isinstance(n, Local)}
        return tuple(sorted(self.slot(name) for name in names if name not in ("name", "index")))

    # --- regions -----------------------------------------------------------------------------

    @contextmanager
    def handled_by(self, label: int) -> Iterator[None]:
        outer, self.handler = self.handler, label
        try:
            yield
        finally:
            self.handler = outer

    def unwind(self, depth: int) -> None:
        """Emits the cleanups that are open above `depth`, innermost first (for break, continue, return)."""
        saved, handler = list(self.cleanups), self.handler
        while len(self.cleanups) > depth:
            cleanup = self.cleanups.pop()
            self.handler = cleanup.handler
            cleanup.emit()
        self.cleanups, self.handler = saved, handler

    # --- the end -------------------------------------------------------------------------------

    def finish(self) -> Code:
        self.add(Leave())
        for instruction in self.instructions:
            match instruction:
                case Jump() | Branch() | Iterate():
                    instruction.to = self.places[instruction.to]
                case _:
                    pass
            if instruction.handler is not None:
                instruction.handler = self.places[instruction.handler]
        registers = frozenset(self.slots[name] for name in self.registers)
        return Code(
            self.name,
            len(self.params),
            tuple(self.slots),
            tuple(self.instructions),
            liveness(self.instructions, registers),
        )


@record
class Prefix:
    """A place that CPython has reached when it comes to an index or argument, whose accesses are steps."""

    function: Function
    reads: frozenset[str]
    uses: tuple[int, ...]


def _read_first(access: Access, prefixes: tuple[Prefix, ...]) -> None:
    """It may raise before the access does anything; reading it is part of that step."""
    after = access.function

    def function(w: Any, frame: list[Any]) -> Any:
        for prefix in prefixes:
            prefix.function(w, frame)
        return after(w, frame)

    access.function = function
    access.reads = access.reads.union(*(prefix.reads for prefix in prefixes))
    access.uses = (*access.uses, *(slot for prefix in prefixes for slot in prefix.uses))
