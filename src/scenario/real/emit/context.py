"""What one function's lowering knows: how names are spelled, which accesses are guarded, where values go."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import field, replace
from typing import TypeAlias, TypeVar

from scenario.language.primitives import KINDS
from scenario.program.ops import Block, Calling
from scenario.program.places import MUTATING, changes, root
from scenario.program.program import Kind, Primitive, Program
from scenario.program.pycode import expression, template
from scenario.program.sizes import is_scalar
from scenario.program.targets import bound
from scenario.program.walk import map_children
from scenario.real import footprint as footprints
from scenario.real.emit.managed import read_whole
from scenario.real.emit.scalars import Scalars
from scenario.real.emit.writer import Writer
from scenario.real.footprint import Check, Footprint
from scenario.record import mutable
from scenario.syntax import (
    Builtin,
    Expr,
    FutureQuery,
    ListDisplay,
    Method,
    Node,
    OwnFuture,
    Query,
    Ref,
    Register,
    Shared,
    Starred,
    Template,
    TlsField,
    TupleDisplay,
)

N = TypeVar("N", bound=Node)

_PROPERTIES = frozenset(name for kind in KINDS.values() for name, ask in kind.asks.items() if not ask.is_call)


@mutable
class Facts:
    """What all functions of a module share."""

    program: Program
    footprint: Footprint
    scalars: Scalars
    primitives: dict[str, Primitive]
    threads: dict[str, str]  # a group's key -> its name in the source
    constants: dict[str, object] = field(default_factory=dict)

    def constant(self, value: object) -> str:
        """The name of a global that holds the value."""
        for name, known in self.constants.items():
            if known == value:
                return name
        name = f"c{len(self.constants)}"
        self.constants[name] = value
        return name

    @property
    def is_async(self) -> bool:
        """Whether bodies are coroutines, which nothing interrupts between two awaits: then there is no hidden lock."""
        return self.program.runtime == "asyncio"

    @property
    def is_apart(self) -> bool:
        """Whether each thread is a process: shared variables are attributes of what reads and writes them in common memory."""
        return self.program.runtime == "multiprocessing"

    @property
    def managed(self) -> frozenset[str]:
        """The shared variables that are in a manager."""
        return frozenset(var.name for var in self.program.vars if isinstance(var.value, list | dict) and self.is_apart)

    @property
    def define(self) -> str:
        """The words that begin a body."""
        return "async def" if self.is_async else "def"

    def kind(self, ref: Ref) -> Kind | None:
        """The kind of primitive (the first element's: arrays are of one kind)."""
        primitive = self.primitives.get(ref.name)
        return primitive.elements[0] if primitive is not None and primitive.elements else None


@mutable
class Context:
    """One function being written. `inside`: the hidden lock is held here, by the form of the code."""

    out: Writer
    facts: Facts
    scope: str
    bound: frozenset[str] = frozenset()  # primitives that are locals of this function
    inside: bool = False
    is_interrupted: bool = False  # whether an interrupt may come between its steps
    has_begun: bool = False  # whether one of its steps comes before
    temps: int = 0
    own: dict[TlsField, str] = field(default_factory=dict)
    """Fields of the thread that have been read already, and where their values are."""

    def gap(self, *, begins: bool = False) -> None:
        """An interrupt may come here: not before a body's first step (`begins`: one follows), and not where the hidden lock is held."""
        self.has_begun = self.has_begun or begins
        if self.is_interrupted and self.has_begun and not self.inside:
            self.out.line("rt_interrupt(me)")

    # --- names (pycode.Names) -----------------------------------------------------------------

    def local(self, name: str) -> str:
        return f"l_{name}"

    free = local

    def shared(self, name: str) -> str:
        return f"rt_vars.{name}" if self.facts.is_apart else f"s_{name}"

    def tls(self, node: TlsField) -> str:
        return self.own.get(node) or f"{self.ref(node.tls)}.{node.field}"

    def register(self, node: Register) -> str:
        raise TypeError(f"{node.thread.name}.{node.local}: registers stand in expectations only")

    def query(self, node: Query) -> str:
        program, name, attribute = self.facts.program, node.ref.name, node.attribute
        if attribute in ("alive", "blocked") and node.ref.index is None:
            return f"rt_{attribute}({name!r})"
        if attribute == "daemon":
            return repr(any(group.key == name and group.daemon for group in program.groups))
        place = self.ref(node.ref)
        if attribute in ("alive", "blocked"):
            return f"rt_{attribute}({name!r}, {place})"
        if attribute == "value":
            return f"{place}._value"
        if attribute in ("name", *_PROPERTIES):
            return f"{place}.{attribute}"
        return f"rt_locked({place})" if attribute == "locked" else f"{place}.{attribute}()"

    def own_future(self, node: OwnFuture) -> str:
        return self.ref(node.ref)

    def future_query(self, node: FutureQuery, future: str) -> str:
        if node.attribute == "exception" and self.facts.is_async:
            return f"rt_exception({future})"
        return f"{future}.exception(0)" if node.attribute == "exception" else f"{future}.{node.attribute}()"

    def taking(self, container: str, method: str) -> str:
        return f"{container}.{method}"

    def now(self) -> str:
        return "rt_now()"

    def ref(self, ref: Ref) -> str:
        """The object that a ref names; an index is evaluated where this stands."""
        if ref.name in self.facts.primitives:
            place = f"{'q' if ref.name in self.bound else 'p'}_{ref.name}"
        else:
            place = "rt_main" if ref.name == "main" else self.facts.threads[ref.name]
        return place if ref.index is None else f"{place}[{self.read(ref.index)}]"

    # --- expressions -----------------------------------------------------------------------------

    def raw(self, expr: Expr) -> str:
        return expression(self._read_whole(_copying(expr) if changes(expr) else expr), self)

    def place(self, expr: Expr) -> str:
        """A container that is changed, or gone through: itself, where it is in a manager."""
        return self.shared(expr.name) if isinstance(expr, Shared) else self.raw(expr)

    def _read_whole(self, tree: N) -> N:
        """In processes what is read of a container is a copy, made by its manager in one step."""
        managed = self.facts.managed
        return read_whole(tree, managed) if managed else tree

    def read(self, expr: Expr) -> str:
        """The expression, under the hidden lock where it reads what is guarded."""
        return self._guarded(expr, self.raw(expr))

    def text(self, text: Template) -> str:
        return self._guarded(text, template(self._read_whole(text), self))

    def given(self, expr: Expr) -> str:
        """The expression, copied unless it is surely no container."""
        source = self.read(expr)
        return source if self.facts.scalars.sure(expr, self.scope) else f"_fresh({source})"

    def given_to(self, op: Calling) -> list[str]:
        """All that a call is given."""
        return [*map(self.given, op.args), *(f"{name}={self.given(value)}" for name, value in op.keywords)]

    def _guarded(self, tree: Node, source: str) -> str:
        return f"rt_read(lambda: {source})" if self.guards(footprints.names(tree)) else source

    def guards(self, names: frozenset[str]) -> bool:
        return not self.facts.is_async and not self.inside and bool(names & self.facts.footprint.guarded)

    # --- lines -------------------------------------------------------------------------------------

    def temp(self, source: str) -> str:
        """A new name for a value."""
        name = self.fresh()
        self.out.line(f"{name} = {source}")
        return name

    def fresh(self) -> str:
        """A new name."""
        self.temps += 1
        return f"v{self.temps}"

    def bind(self, names: frozenset[str]) -> None:
        """These primitives are locals of the function that begins."""
        self.bound = names
        for name in sorted(names):
            self.out.line(f"q_{name} = p_{name}")

    def checks(self, names: frozenset[str]) -> tuple[Check, ...]:
        return self.facts.footprint.concerned(names)

    def leave(self, checks: tuple[Check, ...]) -> str:
        """Lets the hidden lock go, after the checks that the step calls for."""
        return f"rt_leave({self.facts.constant(checks)}, me, {self.out.next_line})"

    @contextmanager
    def step(self, names: frozenset[str], changed: frozenset[str]) -> Iterator[None]:
        """A step on these names, changing some: under the hidden lock if one of them is guarded."""
        if not self.guards(names):
            yield
            self.check(changed)
            return
        self.out.line("rt_enter()")
        with self.out.block("try:"), self.held():
            yield
        with self.out.block("finally:"):
            self.out.line(self.leave(self.checks(changed)))

    def check(self, changed: frozenset[str]) -> None:
        """Where there is no hidden lock: the checks that a step calls for stand behind it."""
        if self.facts.is_async and not self.inside and (checks := self.checks(changed)):
            self.out.line(self.leave(checks))

    @contextmanager
    def held(self) -> Iterator[None]:
        """Lines that are run under the hidden lock."""
        before, self.inside = self.inside, True
        yield
        self.inside = before

    def store(self, target: Expr | None, source: str, *, sure: bool = True) -> None:
        """`target = source`; copied where it becomes shared and may be a container."""
        if target is None:
            self.out.line(source)
            return
        names = frozenset(variable.name for variable in map(root, bound(target)) if variable is not None)
        if names and not sure:
            source = f"_fresh({source})"
        if not self.guards(names | footprints.names(target)):
            self.out.line(f"{self.target(target)} = {source}")
            self.check(names)
            return
        value = self.temp(source)
        with self.step(names | footprints.names(target), names):
            self.out.line(f"{self.target(target)} = {value}")

    def target(self, target: Expr) -> str:
        """A place to assign to."""
        match target:
            case TupleDisplay(items) | ListDisplay(items):
                return "[" + ", ".join(self.target(item) for item in items) + "]"
            case Starred(value):
                return f"*{self.target(value)}"
            case _:
                return self.raw(target)


def _copying(node: N) -> N:
    """What is given to a method of a shared container becomes part of it: a copy (`_fresh` is among the source's globals)."""
    node = map_children(node, _copying)
    if not (isinstance(node, Method) and node.name in MUTATING and root(node.value) is not None):
        return node
    keywords = tuple((name, _fresh(value)) for name, value in node.keywords)
    return replace(node, args=tuple(map(_fresh, node.args)), keywords=keywords)


def _fresh(value: Expr) -> Expr:
    return value if is_scalar(value) else Builtin("fresh", (value,), span=value.span)


Body: TypeAlias = Callable[[Context, Block], None]
"""Writes a block (given in, so that a family of operations need not know the dispatch)."""
