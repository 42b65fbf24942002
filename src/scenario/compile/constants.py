"""Computes what only depends on params: params themselves, vars, counts, constructors' arguments, names."""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping

from scenario import syntax
from scenario.compile import codes
from scenario.compile.cases import Raw
from scenario.compile.findings import Findings
from scenario.compile.names.resolver import Resolver
from scenario.compile.names.scope import CONSTANT, ELEMENT, UNKNOWN, Names, Thing
from scenario.program.bounded.limits import Refused
from scenario.program.bounded.texts import readable
from scenario.program.evaluate import Constants, Raised, answered, evaluate, render
from scenario.program.walk import walk
from scenario.source import Span
from scenario.syntax import Const, Expr, Param

NOTHING: Mapping[str, object] = {}


class Evaluator:
    """Evaluates constants; what Python refuses is a diagnostic with Python's own message."""

    def __init__(self, resolver: Resolver, found: Findings) -> None:
        self.resolver = resolver
        self.found = found
        self.open: dict[Span, Expr] = {}
        """What was computed from params that are left open, by where it stands."""

    def value(self, node: Expr, index: int | None = None) -> object:
        """The value, None where something was reported. `index` is known to elements of arrays and groups."""
        if type(node) is Const:
            return node.value
        count = self.found.count
        expr = self.resolver.expr(node, CONSTANT if index is None else ELEMENT)
        if self.found.count > count:
            return None
        if any(isinstance(part, Param) for part in walk(expr)):
            self.open[node.span] = expr
        known = Constants(NOTHING if index is None else {"index": index})
        value = answered(lambda: readable(evaluate(expr, known)))
        if isinstance(value, Raised):
            self._refused(value.error, node.span)
            return None
        if not is_plain(value):
            self.found.add(codes.COMPUTED, "a view of a dict is no value of its own", node.span, "write `list(…)`")
        return value

    def text(self, node: syntax.Template, index: int | None = None) -> str:
        """A template's text."""
        count = self.found.count
        template = self.resolver.template(node, CONSTANT if index is None else ELEMENT)
        if self.found.count > count:
            return ""
        text = answered(lambda: render(template, Constants(NOTHING if index is None else {"index": index})))
        if isinstance(text, Raised):
            self._refused(text.error, node.span)
            return ""
        return text

    def _refused(self, error: Exception | Refused, span: Span) -> None:
        words = f"{error}" if isinstance(error, Refused) else f"{type(error).__name__}: {error}"
        self.found.add(codes.COMPUTED, f"this can not be computed: {words}", span)


def is_plain(value: object) -> bool:
    """Whether a value can stand by itself: all but the views of dicts."""
    match value:
        case list() | tuple() | set() | frozenset():
            return all(map(is_plain, value))
        case dict():
            return all(map(is_plain, value.values()))
        case _:
            return isinstance(value, int | float | str | None | range)


class Params:
    """The effective params of a case, each computed when another one or the file needs it."""

    def __init__(self, raw: Raw, names: Names, evaluator: Evaluator, left_open: Container[str] = ()) -> None:
        self._raw = raw
        self._left_open = left_open
        self._names = names
        self._evaluator = evaluator
        self._open: list[str] = []
        self.values: dict[str, object] = {}

    def compute(self, spans: Mapping[str, Span]) -> Mapping[str, object]:
        """All values, in the order of the file. Each becomes a name as soon as it is known."""
        for name in self._raw:
            self._value(name, spans)
        return {name: self.values[name] for name in self._raw}

    def _value(self, name: str, spans: Mapping[str, Span]) -> None:
        if name in self.values:
            return
        node = self._raw[name]
        self._open.append(name)
        for used in () if type(node) is Const else sorted(set(names_in(node))):
            if used in self._open:
                circle = " → ".join([*self._open[self._open.index(used) :], used])
                self._evaluator.found.add(codes.CIRCULAR, f"params are computed from one another: {circle}", node.span)
                self._know(used, UNKNOWN, spans)
            elif used in self._raw:
                self._value(used, spans)
        self._open.pop()
        if name not in self.values:
            before = self._evaluator.found.count
            value = self._evaluator.value(node)
            self._know(name, value if self._evaluator.found.count == before else UNKNOWN, spans)

    def _know(self, name: str, value: object, spans: Mapping[str, Span]) -> None:
        self.values[name] = value
        tree = Param(value, name) if name in self._left_open else self._evaluator.open.get(self._raw[name].span)
        self._names.add(Thing("param", name, spans[name], value=value, open=tree))


def names_in(node: Expr) -> Iterator[str]:
    """All names in an unresolved tree."""
    return (part.id for part in walk(node) if isinstance(part, syntax.Name))
