"""Expressions, read access by access: each one stands at a gate of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Any

from scenario.engines.threads import build
from scenario.engines.threads.controlled.stage import Stage
from scenario.engines.threads.values import fresh
from scenario.program.bounded import NAMESPACE
from scenario.program.pycode import expression, target_names, template
from scenario.program.walk import map_children, walk
from scenario.source import Span
from scenario.syntax import (
    Boolean,
    Builtin,
    Clause,
    Compare,
    Comprehension,
    Conditional,
    Const,
    DictDisplay,
    Expr,
    FutureQuery,
    Hole,
    ListDisplay,
    Local,
    Method,
    Node,
    Query,
    Ref,
    Register,
    Shared,
    Slice,
    Starred,
    Subscript,
    Template,
    TlsField,
    TupleDisplay,
)

Locals = dict[str, Any]


class _Names:
    """`pycode.Names` over the functions of a `Reader`."""

    def local(self, name: str) -> str:
        return f"_local({name!r})"

    def shared(self, name: str) -> str:
        return f"_S[{name!r}]"

    def tls(self, node: TlsField) -> str:
        return f"_tls({node.tls.name!r}, {self._index(node.tls.index)}, {node.field!r})"

    def register(self, node: Register) -> str:
        raise TypeError(f"a register is no part of a step: {node!r}")

    def query(self, node: Query) -> str:
        return f"_query({node.ref.name!r}, {self._index(node.ref.index)}, {node.attribute!r})"

    def future_query(self, node: FutureQuery, future: str) -> str:
        return f"_future({future}, {node.attribute!r})"

    def now(self) -> str:
        return "_now()"

    def _index(self, index: Expr | None) -> str:
        return "None" if index is None else expression(index, self)


NAMES = _Names()


@lru_cache(maxsize=4096)
def _function(source: str) -> Callable[..., Any]:
    found: Callable[..., Any] = eval(  # noqa: S307 (source of the closed tree only)
        f"lambda _local, _S, _tls, _query, _future, _now: {source}", {**NAMESPACE, "__builtins__": {}}
    )
    return found


def accesses(node: Node) -> bool:
    """Whether evaluating the node is a step (or several)."""
    return any(isinstance(n, Shared | Query | FutureQuery) for n in walk(node))


def root(expr: Expr) -> Shared | None:
    """The shared variable that a chain of subscripts starts from."""
    while isinstance(expr, Subscript):
        expr = expr.value
    return expr if isinstance(expr, Shared) else None


class Reader:
    """Evaluates for one thread in one frame."""

    def __init__(self, stage: Stage, frame: Locals, span: Span) -> None:
        self.stage = stage
        self.frame = frame
        self.span = span
        self._temporaries = 0

    # --- whole, without a step -----------------------------------------------------------------------

    def plain(self, node: Expr | Template) -> Any:
        """The value now, all at once."""
        source = template(node, NAMES) if isinstance(node, Template) else expression(node, NAMES)
        return _function(source)(self._local, self.stage.shared, self._tls, self.query, self._future, self._now)

    def _local(self, name: str) -> Any:
        if name in ("name", "index"):
            return getattr(self.stage.current(), name)
        if name not in self.frame:
            raise UnboundLocalError(f"cannot access local variable '{name}' where it is not associated with a value")
        return self.frame[name]

    def _now(self) -> float:
        return self.stage.moment

    def _tls(self, name: str, index: int | None, field: str) -> Any:
        return getattr(element(self.stage.objects[name], index), field)

    def _future(self, future: Any, attribute: str) -> Any:
        if attribute == "exception":
            error = future.exception(0)
            return None if error is None else f"{error}"
        return getattr(future, attribute)()

    def query(self, name: str, index: int | None, attribute: str) -> Any:
        """The state of a primitive or thread."""
        if name in self.stage.objects:
            place = element(self.stage.objects[name], index)
            if attribute == "locked":
                return build.locked(place)
            value = getattr(place, "_value" if attribute == "value" else attribute)
            return value() if callable(value) else value
        members = self.stage.members(name, index)
        match attribute:
            case "alive":
                return sum(p.alive for p in members)
            case "blocked":
                return sum(p.alive and p.blocked for p in members)
            case "is_alive":
                return members[0].alive
            case _:
                return getattr(members[0], attribute)

    # --- step by step ------------------------------------------------------------------------------------

    def value(self, expr: Expr) -> Any:  # noqa: C901 (one arm a class)
        """The value; each access on the way is a step."""
        if not accesses(expr):
            return self.plain(expr)
        match expr:
            case Shared():
                return self._read(expr)
            case Query(ref) if ref.index is not None:
                index = self.held(ref.index)
                return self._read(Query(map_children(ref, lambda _: index), expr.attribute, span=expr.span))
            case Query():
                return self._read(expr)
            case FutureQuery(future):
                return self._read(FutureQuery(self.held(future), expr.attribute, span=expr.span))
            case Subscript() if root(expr) is not None:
                return self._read(self.chain(expr))
            case Method(value) if root(value) is not None:
                receiver = self.chain(value)
                args = tuple(self.held(arg) for arg in expr.args)
                keywords = tuple((name, self.held(arg)) for name, arg in expr.keywords)
                return self._read(Method(receiver, expr.name, args, keywords, span=expr.span))
            case Boolean(operator, operands):
                result = None
                for operand in operands:
                    result = self.value(operand)
                    if bool(result) == (operator == "or"):
                        break
                return result
            case Conditional(test, body, orelse):
                return self.value(body if self.value(test) else orelse)
            case Compare():
                return self._compare(expr)
            case Comprehension():
                return self._comprehension(expr)
            case Builtin("any" | "all", (Comprehension(kind="generator") as generator,)):
                return self._quantifier(expr.name, generator)
            case _:
                done = {id(part): self.held(part) for part in _parts(expr)}
                return self.plain(map_children(expr, lambda child: _replaced(child, done)))

    def _read(self, expr: Expr) -> Any:
        self.stage.gate(self.span)
        return self.plain(expr)

    def held(self, expr: Expr) -> Expr:
        """The value, evaluated now, as a leaf."""
        if isinstance(expr, Const) and not isinstance(expr.value, list | dict | set):
            return expr
        if isinstance(expr, Starred):
            return Starred(self.held(expr.value))
        return self.leaf(self.value(expr))

    def leaf(self, value: Any) -> Local:
        self._temporaries += 1
        name = f"${self._temporaries}"
        self.frame[name] = value
        return Local(name)

    def chain(self, expr: Expr) -> Expr:
        """A chain of subscripts with its indices evaluated."""
        if not isinstance(expr, Subscript):
            return expr
        value = self.chain(expr.value)
        return Subscript(value, self.index(expr.index), span=expr.span)

    def index(self, index: Expr | Slice) -> Expr | Slice:
        if isinstance(index, Slice):
            return map_children(index, self.held)
        return self.held(index)

    def text(self, node: Template) -> str:
        """The template's holes, left to right, each made a text before the next is read."""
        parts: list[str | Hole] = []
        for part in node.parts:
            if isinstance(part, str):
                parts.append(part)
            else:
                hole = map_children(part, self.held)
                parts.append(Hole(self.leaf(self.plain(Template((hole,))))))
        return str(self.plain(Template(tuple(parts))))

    def _compare(self, expr: Compare) -> Any:
        result: Any = True
        left = self.held(expr.left)
        for operator, comparand in zip(expr.operators, expr.comparands, strict=True):
            right = self.held(comparand)
            result = self.plain(Compare(left, (operator,), (right,)))
            if not result:
                break
            left = right
        return result

    def _comprehension(self, expr: Comprehension) -> Any:
        if expr.kind == "dict":
            found: dict[Any, Any] = {}
            for _ in self._clauses(expr.clauses):
                assert expr.key is not None
                key = self.value(expr.key)
                found[key] = self.value(expr.element)
            return found
        items = [self.value(expr.element) for _ in self._clauses(expr.clauses)]
        return set(items) if expr.kind == "set" else items

    def _quantifier(self, name: str, generator: Comprehension) -> bool:
        for _ in self._clauses(generator.clauses):
            if bool(self.value(generator.element)) == (name == "any"):
                return name == "any"
        return name == "all"

    def _clauses(self, clauses: tuple[Clause, ...]) -> Iterator[None]:
        if not clauses:
            yield
            return
        clause = clauses[0]
        names = target_names(clause.target)
        outer = {name: self.frame[name] for name in names if name in self.frame}
        for item in self.each(clause.iterable):
            self.bind(clause.target, item)
            if all(self.value(condition) for condition in clause.conditions):
                yield from self._clauses(clauses[1:])
        for name in names:
            self.frame.pop(name, None)
        self.frame.update(outer)

    def each(self, iterable: Expr) -> Iterator[Any]:
        """An element a step where the value is a shared list, all of it at once otherwise."""
        if root(iterable) is None:
            value = self.value(iterable)
            yield from list(value) if isinstance(value, dict | set) else value
            return
        source, position = self.chain(iterable), 0
        while True:
            items = self._read(source)
            if not isinstance(items, list):
                yield from list(items) if isinstance(items, dict | set) else items
                return
            if position >= len(items):
                return
            position += 1
            yield items[position - 1]

    def bind(self, target: Expr, value: Any) -> None:
        """Assigns to locals."""
        match target:
            case Local(name):
                self.frame[name] = value
            case TupleDisplay(items) | ListDisplay(items):
                for item, part in unpacked(items, value):
                    self.bind(item, part)
            case _:
                raise TypeError(f"no target of a comprehension: {target!r}")


def element(place: Any, index: int | None) -> Any:
    return place if index is None else place[index]


def unpacked(items: tuple[Expr, ...], value: Any) -> Iterator[tuple[Expr, Any]]:
    """Each target with its part of the value; raises what Python raises where they do not fit."""
    parts = list(value)
    starred = next((i for i, item in enumerate(items) if isinstance(item, Starred)), None)
    if starred is None:
        if len(parts) > len(items):
            raise ValueError(f"too many values to unpack (expected {len(items)})")
        if len(parts) < len(items):
            raise ValueError(f"not enough values to unpack (expected {len(items)}, got {len(parts)})")
        yield from zip(items, parts, strict=True)
        return
    after = len(items) - starred - 1
    if len(parts) < starred + after:
        raise ValueError(f"not enough values to unpack (expected at least {starred + after}, got {len(parts)})")
    end = len(parts) - after
    for i, item in enumerate(items):
        if isinstance(item, Starred):
            yield item.value, parts[starred:end]
        else:
            yield item, parts[i] if i < starred else parts[end + i - starred - 1]


def _parts(expr: Node) -> list[Expr]:
    """The operands in the order of their evaluation."""
    if isinstance(expr, DictDisplay):
        return [part for pair in zip(expr.keys, expr.values, strict=True) for part in pair if part is not None]
    result: list[Expr] = []

    def collect(child: Expr) -> Expr:
        if isinstance(child, Slice | Hole):
            map_children(child, collect)
        else:
            result.append(child)
        return child

    map_children(expr, collect)
    return result


def _replaced(child: Expr, done: dict[int, Expr]) -> Expr:
    if id(child) in done:
        return done[id(child)]
    return map_children(child, lambda inner: _replaced(inner, done))


def ref_text(ref: Ref, index: int | None) -> str:
    return ref.name if index is None else f"{ref.name}[{index}]"


__all__ = ["Locals", "Reader", "accesses", "element", "fresh", "ref_text", "root", "unpacked"]
