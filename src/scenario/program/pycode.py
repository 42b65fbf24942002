"""The resolved tree -> Python source text, the one meaning of expressions for every engine and the judge.

The source's globals are `bounded.namespace.NAMESPACE`; names are spelled by a `Names`, which says where an engine
keeps them. Raw operators are emitted wherever a size can not grow by more than a literal's worth.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import field, replace
from typing import Protocol, assert_never

from scenario import syntax
from scenario.program.bounded.texts import BOUNDED
from scenario.program.literals import constant
from scenario.program.places import target_names
from scenario.program.sizes import is_number, is_scalar, is_small, makes_much
from scenario.program.walk import made_inner
from scenario.record import record


class Names(Protocol):
    """How an engine spells what it owns, as Python source."""

    def local(self, name: str) -> str: ...
    def free(self, name: str) -> str: ...
    def shared(self, name: str) -> str: ...
    def tls(self, node: syntax.TlsField) -> str: ...
    def register(self, node: syntax.Register) -> str: ...
    def query(self, node: syntax.Query) -> str: ...
    def own_future(self, node: syntax.OwnFuture) -> str: ...
    def future_query(self, node: syntax.FutureQuery, future: str) -> str: ...
    def now(self) -> str: ...
    def taking(self, container: str, method: str) -> str: ...


_TAKING = frozenset({"pop", "popitem", "clear"})
"""Methods that take keys out of a dict: whoever goes through it by other means than Python's must hear of that."""


def expression(expr: syntax.Expr, names: Names) -> str:
    """Python source of one expression, safe to stand anywhere an operand may."""
    return _Writer(names).write(expr)


def index_source(ref: syntax.Ref, names: Names) -> str:
    """Python source of a ref's index, `None` where it has none."""
    return "None" if ref.index is None else expression(ref.index, names)


def template(text: syntax.Template, names: Names) -> str:
    """Python source of a text (a `str`)."""
    parts = [_hole(part, names) if isinstance(part, syntax.Hole) else repr(part) for part in text.parts]
    if not parts:
        return "''"
    return parts[0] if len(parts) == 1 else f"''.join(({', '.join(parts)}))"


def _hole(hole: syntax.Hole, names: Names) -> str:
    value = expression(hole.value, names)
    match hole.conversion:
        case "r":
            value = f"_repr({value})"
        case "a":
            value = f"_ascii({value})"
        case "s":
            value = f"_str({value})"
        case _:
            pass
    return f"_format({value}, {hole.format!r})" if hole.format else f"_str({value})"


@record
class _Writer:
    """`fuel`: the name of what counts the elements here, inside a comprehension that may make or do much."""

    names: Names
    bound: frozenset[str] = field(default=frozenset())
    fuel: str = ""

    def write(self, expr: syntax.Expr) -> str:
        write = self.write
        match expr:
            case syntax.Const(value):
                return constant(value)
            case syntax.Local(name) if name in self.bound or expr.inner:
                return f"k_{name}"
            case syntax.Local(name):
                return self.names.free(name) if expr.free else self.names.local(name)
            case syntax.Shared(name):
                return self.names.shared(name)
            case syntax.TlsField():
                return self.names.tls(made_inner(expr, self.bound))
            case syntax.Register():
                return self.names.register(made_inner(expr, self.bound))
            case syntax.Now():
                return self.names.now()
            case syntax.Query():
                return self.names.query(made_inner(expr, self.bound))
            case syntax.OwnFuture():
                return self.names.own_future(made_inner(expr, self.bound))
            case syntax.FutureQuery(future):
                return self.names.future_query(expr, write(future))
            case syntax.Unary(operator, operand):
                return f"({operator} {write(operand)})"
            case syntax.Binary():
                return self.binary(expr)
            case syntax.Boolean(operator, operands):
                return "(" + f" {operator} ".join(write(operand) for operand in operands) + ")"
            case syntax.Compare(left, ("is" | "is not" as operator,), (right,)) if not (
                _is_one(left) or _is_one(right)
            ):
                return f"({'not ' if operator == 'is not' else ''}_is({write(left)}, {write(right)}))"
            case syntax.Compare():
                return self.comparison(expr)
            case syntax.Conditional(test, body, orelse):
                return f"({write(body)} if {write(test)} else {write(orelse)})"
            case syntax.Subscript(value, index):
                return f"{write(value)}[{self.index(index)}]"
            case syntax.Starred(value):
                return f"*{write(value)}"
            case syntax.ListDisplay() | syntax.TupleDisplay() | syntax.SetDisplay() | syntax.DictDisplay():
                return self.display(expr)
            case syntax.Comprehension():
                return self.comprehension(expr)
            case syntax.Builtin(name, args, keywords):
                return f"{self.called(name)}({self.arguments(args, keywords)})"
            case syntax.Method(value, name, args, keywords):
                return self.method(expr)
            case syntax.Name() | syntax.Attribute() | syntax.Call():
                raise TypeError(f"unresolved {expr!r}: compile resolves every name")
            case _:
                assert_never(expr)

    def display(self, expr: syntax.ListDisplay | syntax.TupleDisplay | syntax.SetDisplay | syntax.DictDisplay) -> str:
        match expr:
            case syntax.ListDisplay(items):
                return f"[{self.items(items)}]"
            case syntax.TupleDisplay(items):
                text = f"({self.items(items)}{',' if len(items) == 1 else ''})"
                return f"_nested({text})" if any(isinstance(item, syntax.Starred) for item in items) else text
            case syntax.SetDisplay(items):
                return f"_ordered({{{self.items(items)}}})" if items else "_set()"
            case syntax.DictDisplay(keys, values):
                pairs = zip(keys, values, strict=True)
                return "{" + ", ".join(self.pair(key, value) for key, value in pairs) + "}"
            case _:
                assert_never(expr)

    def binary(self, expr: syntax.Binary) -> str:
        left, right = self.write(expr.left), self.write(expr.right)
        match expr.operator:
            case "+" | "-" as sign if not (is_small(expr.left) or is_small(expr.right)):
                return f"{'_add' if sign == '+' else '_sub'}({left}, {right})"
            case "*":
                return f"{self.called('mul')}({left}, {right})"
            case "**":
                return f"_pow({left}, {right})"
            case "<<":
                return f"_shl({left}, {right})"
            case "%" if not is_number(expr.left):
                return f"_mod({left}, {right})"
            case "&" | "|" | "^" if not (is_number(expr.left) or is_number(expr.right)):
                return f"_ordered({left} {expr.operator} {right})"
            case operator:
                return f"({left} {operator} {right})"

    def comparison(self, expr: syntax.Compare) -> str:
        """Where both sides may be containers, one is looked at first: how much there is to compare."""
        operands = [expr.left, *expr.comparands]
        texts = [self.write(operand) for operand in operands]
        for i, operator in enumerate(expr.operators):
            if operator in ("is", "is not") or is_scalar(operands[i]):
                continue
            if operator in ("in", "not in"):
                texts[i], texts[i + 1] = _guarded("_light", texts[i]), _guarded("_searched", texts[i + 1])
            elif not is_scalar(operands[i + 1]):
                texts[i] = _guarded("_compared", texts[i])
        return "(" + texts[0] + "".join(f" {o} {t}" for o, t in zip(expr.operators, texts[1:], strict=True)) + ")"

    def index(self, index: syntax.Expr | syntax.Slice) -> str:
        if not isinstance(index, syntax.Slice):
            return self.write(index)
        parts = [self.write(part) if part is not None else "" for part in (index.lower, index.upper)]
        return ":".join(parts) + (f":{self.write(index.step)}" if index.step is not None else "")

    def element(self, item: syntax.Expr) -> str:
        """An element of a container, bounded where it may be a container itself."""
        text = self.write(item)
        is_plain = is_scalar(item) or isinstance(item, syntax.Starred)
        return text if is_plain else f"_nested({text})"

    def items(self, items: Iterable[syntax.Expr]) -> str:
        return ", ".join(self.element(item) for item in items)

    def pair(self, key: syntax.Expr | None, value: syntax.Expr) -> str:
        return f"**{self.write(value)}" if key is None else f"{self.element(key)}: {self.element(value)}"

    def arguments(self, args: tuple[syntax.Expr, ...], keywords: tuple[tuple[str, syntax.Expr], ...]) -> str:
        return ", ".join([*map(self.write, args), *(f"{name}={self.write(value)}" for name, value in keywords)])

    def method(self, expr: syntax.Method) -> str:
        value = self.write(expr.value)
        if isinstance(expr.value, syntax.Const):
            value = f"({value})"
        if expr.name in BOUNDED:
            arguments = self.arguments(expr.args, expr.keywords)
            return f"_method({value}.{expr.name}{', ' if arguments else ''}{arguments})"
        args = [self.element(arg) for arg in expr.args]
        args += [f"{name}={self.write(keyword)}" for name, keyword in expr.keywords]
        method = self.names.taking(value, expr.name) if expr.name in _TAKING else f"{value}.{expr.name}"
        return f"{method}({', '.join(args)})"

    def called(self, name: str) -> str:
        """The function of that name; fuel has its own of those that make many elements."""
        return f"{self.fuel}.{name}" if self.fuel and name in ("mul", "range") else f"_{name}"

    def comprehension(self, expr: syntax.Comprehension) -> str:
        inner, clauses = self, []
        if not self.fuel and makes_much(expr):
            first, *rest = expr.clauses
            inner = replace(self, fuel=f"f{len(self.bound)}")
            clauses = [f"for {inner.fuel} in _fuelled({self.write(first.iterable)})"]
            text, inner = inner.clause(first, f"{inner.fuel}.first")
            clauses.append(text)
        else:
            rest = list(expr.clauses)
        for clause in rest:
            text, inner = inner.clause(clause)
            clauses.append(text)
        tail = " ".join(clauses)
        element = inner.made(expr.element)
        match expr.kind:
            case "list":
                return f"[{element} {tail}]"
            case "set":
                return f"_ordered({{{element} {tail}}})"
            case "dict":
                assert expr.key is not None
                return f"{{{inner.write(expr.key)}: {element} {tail}}}"
            case "generator":
                return f"({element} {tail})"

    def made(self, item: syntax.Expr) -> str:
        """The element of a comprehension."""
        return f"{self.fuel}.nested({self.write(item)})" if self.fuel and not is_number(item) else self.element(item)

    def target(self, target: syntax.Expr) -> str:
        """A target of a comprehension, to be assigned: its parts are not values yet."""
        match target:
            case syntax.Starred(value):
                return f"*{self.target(value)}"
            case syntax.TupleDisplay(items) | syntax.ListDisplay(items):
                return f"[{', '.join(map(self.target, items))}]"
            case _:
                return self.write(target)

    def clause(self, clause: syntax.Clause, first: str = "") -> tuple[str, _Writer]:
        """`first`: what stands for the iterable, which has been evaluated."""
        iterable = first or self.write(clause.iterable)
        if self.fuel and not first:
            iterable = f"{self.fuel}.each({iterable})"
        inner = replace(self, bound=self.bound | target_names(clause.target))
        target = inner.target(clause.target)
        conditions = "".join(f" if {inner.write(condition)}" for condition in clause.conditions)
        return f"for {target} in _each({iterable}){conditions}", inner


def _guarded(guard: str, text: str) -> str:
    return text if text.startswith(("_light(", "_compared(")) else f"{guard}({text})"


def _is_one(expr: syntax.Expr) -> bool:
    """Whether there is only one object of that value."""
    return isinstance(expr, syntax.Const) and (expr.value is None or isinstance(expr.value, bool))
