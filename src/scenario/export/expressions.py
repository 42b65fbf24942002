"""Expressions over locals, or over a whole state at once (`await`, claims), as Promela expressions."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import field

from scenario.export.refusal import Refusals
from scenario.record import record
from scenario.source import Span
from scenario.steps.meanings import text
from scenario.syntax import Binary, Boolean, Compare, Conditional, Const, Expr, Local, Query, Ref, Shared, Unary

ARITHMETIC = {"+", "-", "*", "&", "|", "^", "<<", ">>"}
COMPARISONS = {"==": "==", "!=": "!=", "<": "<", "<=": "<=", ">": ">", ">=": ">=", "is": "==", "is not": "!="}


def _no_local(_: Local) -> str:
    raise TypeError("a claim has no locals")


@record
class Writer:
    """`local` names a local; `meanings`: what temporaries stand for, for who is told what can not be said."""

    refusals: Refusals
    local: Callable[[Local], str] = _no_local
    meanings: Mapping[str, str] = field(default_factory=dict)

    def write(self, expr: Expr) -> str:
        """The expression; its operands have no effect, so that which of them are looked at does not matter."""
        write = self.write
        match expr:
            case Const(value):
                return self.constant(value, expr.span)
            case Local():
                return self.local(expr)
            case Shared(name):
                return f"v_{name}"
            case Query(ref, "locked" | "value" as attribute) if _is_simple(ref):
                return f"({self.place(ref)} > 0)" if attribute == "locked" else self.place(ref)
            case Unary(operator, operand):
                return f"{'!' if operator == 'not' else operator}({write(operand)})"
            case Binary(operator, left, right):
                return self.combined(expr, operator, (write(left), write(right)), right)
            case Boolean("and", (*before, last)):
                return _nested([(operand, "{0} -> {1} : {0}") for operand in map(write, before)], write(last))
            case Boolean(_, (*before, last)):
                return _nested([(operand, "{0} -> {0} : {1}") for operand in map(write, before)], write(last))
            case Conditional(test, body, orelse):
                return f"({write(test)} -> {write(body)} : {write(orelse)})"
            case Compare(left, operators, comparands):
                parts = [write(left), *map(write, comparands)]
                pairs = zip(operators, parts, parts[1:], strict=False)
                return "(" + " && ".join(self._comparison(expr, o, a, b) for o, a, b in pairs) + ")"
            case _:
                self.refusals.refuse(f"`{text(expr, self.meanings)}`", expr.span)
                return "0"

    def constant(self, value: object, span: Span) -> str:
        """An integer or boolean as Promela writes it."""
        if isinstance(value, bool):
            return str(int(value))
        if isinstance(value, int) and -(2**31) < value < 2**31:
            return f"({value})" if value < 0 else str(value)
        self.refusals.refuse(f"`{value!r}` is no integer of 32 bits: it", span)
        return "0"

    def combined(self, expr: Expr, operator: str, operands: tuple[str, str], right: Expr) -> str:
        """Two operands under Python's operator; `%` with a positive constant rounds as Python does."""
        first, second = operands
        if operator in ARITHMETIC:
            return f"({first} {operator} {second})"
        if operator == "%" and isinstance(right, Const) and isinstance(right.value, int) and right.value > 0:
            return f"((({first} % {second}) + {second}) % {second})"
        self.refusals.refuse(f"`{operator}` (but for `%` with a positive constant)", expr.span)
        return "0"

    def place(self, ref: Ref) -> str:
        """A primitive, or an element of an array."""
        return f"p_{ref.name}" if ref.index is None else f"p_{ref.name}[{self.write(ref.index)}]"

    def _comparison(self, expr: Expr, operator: str, first: str, second: str) -> str:
        if operator not in COMPARISONS:
            self.refusals.refuse(f"`{operator}`", expr.span)
            return "0"
        return f"({first} {COMPARISONS[operator]} {second})"


def _is_simple(ref: Ref) -> bool:
    return ref.index is None or isinstance(ref.index, Const | Local)


def _nested(before: list[tuple[str, str]], last: str) -> str:
    for operand, form in reversed(before):
        last = f"({form.format(operand, last)})"
    return last
