"""Expressions -> Promela: each access a statement of its own, in Python's order; what is left is over locals."""

from __future__ import annotations

from dataclasses import field

from scenario.export.refusal import Refusals
from scenario.program.show import expression
from scenario.record import mutable
from scenario.source import Span
from scenario.syntax import (
    Binary,
    Boolean,
    Compare,
    Conditional,
    Const,
    Expr,
    Local,
    Query,
    Ref,
    Shared,
    Unary,
)

ARITHMETIC = {"+", "-", "*", "&", "|", "^", "<<", ">>"}
COMPARISONS = {"==": "==", "!=": "!=", "<": "<", "<=": "<=", ">": ">", ">=": ">=", "is": "==", "is not": "!="}


@mutable
class Text:
    """A process under construction: lines, and the temporaries and locals that they use."""

    refusals: Refusals
    lines: list[str] = field(default_factory=list)
    locals: dict[str, None] = field(default_factory=dict)
    temporaries: int = 0
    depth: int = 1

    def add(self, line: str) -> None:
        self.lines.append("  " * self.depth + line)

    def temporary(self) -> str:
        self.temporaries += 1
        name = f"t{self.temporaries}"
        self.locals[name] = None
        return name

    def local(self, name: str) -> str:
        if name == "index":
            return "index"
        self.locals[f"x_{name}"] = None
        return f"x_{name}"


def constant(value: object, refusals: Refusals, span: Span) -> str:
    """An integer or boolean as Promela writes it."""
    if isinstance(value, bool):
        return str(int(value))
    if isinstance(value, int) and -(2**31) < value < 2**31:
        return f"({value})" if value < 0 else str(value)
    refusals.refuse(f"`{value!r}` is no integer of 32 bits: it", span)
    return "0"


def flat(text: Text, expr: Expr) -> str:
    """Emits the accesses of an expression; gives the rest as a Promela expression over locals."""
    match expr:
        case Const(value):
            return constant(value, text.refusals, expr.span)
        case Local(name):
            if name == "name":
                text.refusals.refuse("`name`", expr.span)
            return text.local(name)
        case Shared(name):
            return _held(text, f"v_{name}")
        case Query(ref, "locked" | "value" as attribute):
            return _held(text, state(text, ref, attribute))
        case Unary(operator, operand):
            return f"{'!' if operator == 'not' else operator}({flat(text, operand)})"
        case Binary(operator, left, right):
            return _binary(text, expr, operator, left, right)
        case Boolean() | Conditional() | Compare():
            return _branching(text, expr)
        case _:
            text.refusals.refuse(f"`{expression(expr)}`", expr.span)
            return "0"


def _held(text: Text, value: str) -> str:
    target = text.temporary()
    text.add(f"{target} = {value};")
    return target


def _binary(text: Text, expr: Expr, operator: str, left: Expr, right: Expr) -> str:
    first, second = flat(text, left), flat(text, right)
    return combined(text.refusals, expr, operator, (first, second), right)


def combined(refusals: Refusals, expr: Expr, operator: str, operands: tuple[str, str], right: Expr | None) -> str:
    """Two operands under Python's operator; `%` with a positive constant rounds as Python does."""
    first, second = operands
    if operator in ARITHMETIC:
        return f"({first} {operator} {second})"
    if operator == "%" and isinstance(right, Const) and isinstance(right.value, int) and right.value > 0:
        return f"((({first} % {second}) + {second}) % {second})"
    refusals.refuse(f"`{operator}` (but for `%` with a positive constant)", expr.span)
    return "0"


def _branching(text: Text, expr: Boolean | Conditional | Compare) -> str:
    """Operands that Python does not evaluate are not read."""
    result = text.temporary()
    match expr:
        case Boolean(operator, operands):
            ends = 0
            for i, operand in enumerate(operands):
                text.add(f"{result} = {flat(text, operand)};")
                if i < len(operands) - 1:
                    text.add(f"if :: ({result} {'!=' if operator == 'and' else '=='} 0) ->")
                    text.depth += 1
                    ends += 1
            for _ in range(ends):
                text.depth -= 1
                text.add(":: else -> skip fi;")
        case Conditional(test, body, orelse):
            text.add(f"if :: ({flat(text, test)}) ->")
            text.depth += 1
            text.add(f"{result} = {flat(text, body)};")
            text.depth -= 1
            text.add(":: else ->")
            text.depth += 1
            text.add(f"{result} = {flat(text, orelse)};")
            text.depth -= 1
            text.add("fi;")
        case Compare(left, operators, comparands):
            first, ends = flat(text, left), 0
            for i, (comparator, comparand) in enumerate(zip(operators, comparands, strict=True)):
                second = flat(text, comparand)
                text.add(f"{result} = {compared(text.refusals, expr, comparator, first, second)};")
                if i < len(operators) - 1:
                    text.add(f"if :: ({result}) ->")
                    text.depth += 1
                    ends += 1
                first = second
            for _ in range(ends):
                text.depth -= 1
                text.add(":: else -> skip fi;")
    return result


def compared(refusals: Refusals, expr: Expr, operator: str, first: str, second: str) -> str:
    if operator not in COMPARISONS:
        refusals.refuse(f"`{operator}`", expr.span)
        return "0"
    return f"({first} {COMPARISONS[operator]} {second})"


def whole(refusals: Refusals, expr: Expr, text: Text | None = None) -> str:
    """An expression that is evaluated at once (`await`, claims), as one Promela expression."""

    def inner(part: Expr) -> str:
        return whole(refusals, part, text)

    match expr:
        case Const(value):
            return constant(value, refusals, expr.span)
        case Shared(name):
            return f"v_{name}"
        case Local(name) if text is not None:
            return text.local(name)
        case Query(ref, "locked" | "value" as attribute) if ref.index is None or isinstance(ref.index, Const):
            return state(text, ref, attribute)
        case Unary(operator, operand):
            return f"{'!' if operator == 'not' else operator}({inner(operand)})"
        case Binary(operator, left, right):
            return combined(refusals, expr, operator, (inner(left), inner(right)), right)
        case Boolean(operator, operands):
            return "(" + f" {'&&' if operator == 'and' else '||'} ".join(map(inner, operands)) + ")"
        case Conditional(test, body, orelse):
            return f"({inner(test)} -> {inner(body)} : {inner(orelse)})"
        case Compare(left, operators, comparands):
            parts = [inner(left), *map(inner, comparands)]
            pairs = zip(operators, parts, parts[1:], strict=False)
            return "(" + " && ".join(compared(refusals, expr, o, a, b) for o, a, b in pairs) + ")"
        case _:
            refusals.refuse(f"`{expression(expr)}`", expr.span)
            return "0"


def place(text: Text | None, ref: Ref) -> str:
    """A primitive, or an element of an array with its index evaluated before."""
    if ref.index is None:
        return f"p_{ref.name}"
    if text is None:
        assert isinstance(ref.index, Const)
        return f"p_{ref.name}[{ref.index.value}]"
    return f"p_{ref.name}[{flat(text, ref.index)}]"


def state(text: Text | None, ref: Ref, attribute: str) -> str:
    """`locked()` or `value` of a lock or semaphore."""
    return f"({place(text, ref)} > 0)" if attribute == "locked" else place(text, ref)
