"""What is known of a thread's locals, and which places of the shared state an expression reads through them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from scenario import syntax
from scenario.lint.constants import UNKNOWN, constant
from scenario.lint.places import ANYTHING, Known, Place, Values
from scenario.program.bounded.limits import Refused
from scenario.program.bounded.texts import readable, shown
from scenario.program.places import MUTATING
from scenario.program.walk import children, walk
from scenario.record import record
from scenario.syntax import Expr, Local, Node, Shared

if TYPE_CHECKING:
    from scenario.lint.access import Access

_KEYED = frozenset({"get", "pop", "setdefault"})
_MOST = 1000
"""Values of a loop's variable that are told apart."""

_LONGEST = 10_000
"""Characters of values that are."""


@record
class Fact:
    """What is known of a local: its values, the shared reads and the queries of objects that it comes from."""

    known: Known = ANYTHING
    reads: tuple[Access, ...] = ()
    asked: tuple[syntax.Query, ...] = ()


class Locals:
    """The locals of a thread and of the routines that it calls, as they are at one visit of its way.

    `index`: the thread's number in its group, None where it stands for all. `own`: a routine's parameters, of
    each call's own.
    """

    def __init__(self, index: int | None, own: Iterable[str]) -> None:
        self.frame = 0
        """The call that the visit is in."""
        self._index = index
        self._single: Mapping[str, object] = {} if index is None else {"index": index}
        self._facts: dict[tuple[int, str], Fact] = {(0, name): Fact(Known(own=True)) for name in own}

    def enter(self, frame: int) -> None:
        """The visit is in this frame."""
        self.frame = frame

    def assign(self, name: str, fact: Fact, frame: int | None = None) -> None:
        """From here on this is known of the local, of the frame of the visit or of another one."""
        self._facts[self.frame if frame is None else frame, name] = fact

    def left(self, name: str, frame: int) -> Fact:
        """What was known last of a frame's local."""
        return self._facts.get((frame, name), Fact())

    def fact(self, part: Local | syntax.TlsField) -> Fact:
        if isinstance(part, syntax.TlsField):
            return self._facts.get((0, f"{part.tls.name}.{part.field}"), Fact())
        if part.name == "index" and self._index is not None:
            return Fact(Known(frozenset({repr(self._index)}), own=True))
        if part.name in ("index", "name"):
            return Fact(Known(own=True))
        return self._facts.get((self.frame, part.name), Fact())

    def known(self, node: Node, *, own: bool) -> Known:
        if isinstance(node, syntax.Template | syntax.Ref):
            return Known(own=own)
        if isinstance(node, Local):
            return self.fact(node).known
        value = constant(node, self._single) if isinstance(node, Expr) else UNKNOWN
        return Known(None if value is UNKNOWN else _texts([value]), own)

    def items(self, iterable: Expr) -> Known:
        """What each item of an iterable may be."""
        fact = self.fact(iterable) if isinstance(iterable, Local) else None
        value = constant(iterable, self._single)
        if isinstance(value, list | tuple | set | frozenset | dict | str | range) and len(value) <= _MOST:
            return Known(_texts(value))
        own = fact.known.own if fact else any(self.fact(p).known.own for p in walk(iterable) if isinstance(p, Local))
        return Known(own=own)

    # --- places ---

    def places(self, node: Node) -> Iterator[tuple[Place, bool]]:
        """Each shared variable or element in an expression, and whether a method changes it."""
        match node:
            case Shared(name=name):
                yield Place(name), False
                return
            case syntax.Subscript() if base(node) is not None:
                yield from ((place, False) for place in self.chain(node))
                return
            case syntax.Compare(left=left, operators=("in" | "not in",), comparands=(Shared(name=name),)):
                yield from self.places(left)
                yield self._element(name, left), False
                return
            case syntax.Method(value=value, name=method, args=args) if base(value) is not None:
                for arg in args:
                    yield from self.places(arg)
                *before, place = self.chain(value)
                yield from ((index, False) for index in before)
                if isinstance(value, Shared) and method in _KEYED and args:
                    place = self._element(value.name, args[0])
                yield place, method in MUTATING
                return
        for child in children(node):
            yield from self.places(child)

    def chain(self, node: Expr) -> Iterator[Place]:
        """`x[i][j]`: what its indices read, then the element itself; a slice is the whole."""
        keys: list[Expr] = []
        whole = False
        while isinstance(node, syntax.Subscript):
            for place, _ in self.places(node.index):
                yield place
            whole = whole or isinstance(node.index, syntax.Slice)
            if not isinstance(node.index, syntax.Slice):
                keys.insert(0, node.index)
            node = node.value
        assert isinstance(node, Shared), "asked of such chains only"
        if whole or not keys:
            yield Place(node.name)
        else:
            yield self._element(node.name, keys[0] if len(keys) == 1 else syntax.TupleDisplay(tuple(keys)))

    def _element(self, name: str, key: Expr) -> Place:
        own = any(self.fact(part).known.own for part in walk(key) if isinstance(part, Local))
        return Place(name, key, self.known(key, own=own))


def _texts(values: Iterable[object]) -> Values | None:
    """What tells values apart; None, as of values that are not known, where they would be a long text."""
    try:
        return frozenset(map(shown, readable(list(values), _LONGEST)))
    except Refused:
        return None


def replaced(fact: Fact, known: Known) -> Fact:
    """The fact with another value."""
    return Fact(known, fact.reads, fact.asked)


def base(value: Expr) -> Shared | None:
    """The shared variable that a chain of subscripts begins with."""
    while isinstance(value, syntax.Subscript):
        value = value.value
    return value if isinstance(value, Shared) else None
