"""Expressions as one line of text, as the user would write them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from scenario import syntax
from scenario.syntax import Expr

# How tightly an expression binds, as in Python's grammar; a looser part of a tighter one gets parentheses.
(
    _TUPLE,
    _CONDITIONAL,
    _OR,
    _AND,
    _NOT,
    _COMPARE,
    _BIT_OR,
    _XOR,
    _BIT_AND,
    _SHIFT,
    _SUM,
    _PRODUCT,
    _SIGN,
    _POWER,
    _ATOM,
) = range(15)
_BINDS: Mapping[str, int] = {
    "|": _BIT_OR, "^": _XOR, "&": _BIT_AND, "<<": _SHIFT, ">>": _SHIFT, "+": _SUM, "-": _SUM,
    "*": _PRODUCT, "/": _PRODUCT, "//": _PRODUCT, "%": _PRODUCT, "**": _POWER,
}  # fmt: skip

_CALLED = frozenset({"locked", "is_set", "qsize", "empty", "full", "is_alive"})
"""What of a primitive or thread is asked by a call; the rest are attributes."""


def expression(node: Expr) -> str:
    """The expression as text. Total: every class of the tree has its text, resolved or not."""
    return _show(node)[0]


def reference(ref: syntax.Ref) -> str:
    """`lock`, `forks[index + 1]`."""
    return ref.name if ref.index is None else f"{ref.name}[{expression(ref.index)}]"


# --- expressions --------------------------------------------------------------------------------------


def _show(node: object) -> tuple[str, int]:
    return _EXPRESSIONS[type(node)](node)


def _at(node: Expr, tightness: int) -> str:
    """An operand that has to bind at least as tightly."""
    text, binds = _show(node)
    return text if binds >= tightness else f"({text})"


def _const(node: syntax.Const) -> tuple[str, int]:
    value = node.value
    if isinstance(value, int | float) and not isinstance(value, bool) and repr(value).startswith("-"):
        return repr(value), _SIGN
    return _short(repr(value)), _ATOM


def _short(text: str) -> str:
    """A long constant (a param's list) would hide the rest of the line."""
    return text if len(text) <= 60 else f"{text[:56]} …{text[-1]}"


def _unary(node: syntax.Unary) -> tuple[str, int]:
    if node.operator == "not":
        return f"not {_at(node.operand, _NOT)}", _NOT
    return f"{node.operator}{_at(node.operand, _SIGN)}", _SIGN


def _binary(node: syntax.Binary) -> tuple[str, int]:
    binds = _BINDS[node.operator]
    if node.operator == "**":
        return f"{_at(node.left, _ATOM)} ** {_at(node.right, _SIGN)}", binds
    return f"{_at(node.left, binds)} {node.operator} {_at(node.right, binds + 1)}", binds


def _boolean(node: syntax.Boolean) -> tuple[str, int]:
    binds = _AND if node.operator == "and" else _OR
    return f" {node.operator} ".join(_at(operand, binds + 1) for operand in node.operands), binds


def _compare(node: syntax.Compare) -> tuple[str, int]:
    rest = [f" {op} {_at(part, _BIT_OR)}" for op, part in zip(node.operators, node.comparands, strict=True)]
    return _at(node.left, _BIT_OR) + "".join(rest), _COMPARE


def _conditional(node: syntax.Conditional) -> tuple[str, int]:
    text = f"{_at(node.body, _OR)} if {_at(node.test, _OR)} else {_at(node.orelse, _CONDITIONAL)}"
    return text, _CONDITIONAL


def _subscript(node: syntax.Subscript) -> tuple[str, int]:
    index = _slice(node.index) if isinstance(node.index, syntax.Slice) else expression(node.index)
    return f"{_at(node.value, _ATOM)}[{index}]", _ATOM


def _slice(node: syntax.Slice) -> str:
    lower, upper = ("" if part is None else expression(part) for part in (node.lower, node.upper))
    return f"{lower}:{upper}" if node.step is None else f"{lower}:{upper}:{expression(node.step)}"


def _items(items: Iterable[Expr]) -> str:
    return ", ".join(_at(item, _CONDITIONAL) for item in items)


def _tuple(node: syntax.TupleDisplay) -> tuple[str, int]:
    if not node.items:
        return "()", _ATOM
    return f"{_items(node.items)}{',' if len(node.items) == 1 else ''}", _TUPLE


def _dict(node: syntax.DictDisplay) -> tuple[str, int]:
    pairs = [
        f"**{_at(value, _BIT_OR)}" if key is None else f"{_at(key, _CONDITIONAL)}: {_at(value, _CONDITIONAL)}"
        for key, value in zip(node.keys, node.values, strict=True)
    ]
    return "{" + ", ".join(pairs) + "}", _ATOM


def _comprehension(node: syntax.Comprehension) -> tuple[str, int]:
    element = _at(node.element, _CONDITIONAL)
    if node.key is not None:
        element = f"{_at(node.key, _CONDITIONAL)}: {element}"
    text = element + "".join(f" {_clause(clause)}" for clause in node.clauses)
    brackets = {"list": "[]", "set": "{}", "dict": "{}", "generator": "()"}[node.kind]
    return brackets[0] + text + brackets[1], _ATOM


def _clause(node: syntax.Clause) -> str:
    conditions = "".join(f" if {_at(condition, _OR)}" for condition in node.conditions)
    return f"for {expression(node.target)} in {_at(node.iterable, _OR)}{conditions}"


def _arguments(args: Iterable[Expr], keywords: Iterable[tuple[str, Expr]]) -> str:
    given = list(args)
    if len(given) == 1 and isinstance(given[0], syntax.Comprehension) and given[0].kind == "generator":
        return expression(given[0])
    named = [f"{name}={_at(value, _CONDITIONAL)}" for name, value in keywords]
    return f"({', '.join([*(_at(arg, _CONDITIONAL) for arg in given), *named])})"


def _query(node: syntax.Query) -> tuple[str, int]:
    return f"{reference(node.ref)}.{node.attribute}{'()' if node.attribute in _CALLED else ''}", _ATOM


_EXPRESSIONS: Mapping[type[object], Callable[[Any], tuple[str, int]]] = {
    syntax.Const: _const,
    syntax.Param: lambda node: (node.name, _ATOM),
    syntax.Name: lambda node: (node.id, _ATOM),
    syntax.Local: lambda node: (node.name, _ATOM),
    syntax.Shared: lambda node: (node.name, _ATOM),
    syntax.TlsField: lambda node: (f"{reference(node.tls)}.{node.field}", _ATOM),
    syntax.Register: lambda node: (f"{reference(node.thread)}.{node.local}", _ATOM),
    syntax.Now: lambda _: ("now()", _ATOM),
    syntax.Query: _query,
    syntax.OwnFuture: lambda node: (reference(node.ref), _ATOM),
    syntax.FutureQuery: lambda node: (f"{_at(node.future, _ATOM)}.{node.attribute}()", _ATOM),
    syntax.Unary: _unary,
    syntax.Binary: _binary,
    syntax.Boolean: _boolean,
    syntax.Compare: _compare,
    syntax.Conditional: _conditional,
    syntax.Subscript: _subscript,
    syntax.Starred: lambda node: (f"*{_at(node.value, _BIT_OR)}", _ATOM),
    syntax.ListDisplay: lambda node: (f"[{_items(node.items)}]", _ATOM),
    syntax.TupleDisplay: _tuple,
    syntax.SetDisplay: lambda node: (f"{{{_items(node.items)}}}" if node.items else "set()", _ATOM),
    syntax.DictDisplay: _dict,
    syntax.Comprehension: _comprehension,
    syntax.Attribute: lambda node: (f"{_at(node.value, _ATOM)}.{node.name}", _ATOM),
    syntax.Call: lambda node: (f"{_at(node.function, _ATOM)}{_arguments(node.args, node.keywords)}", _ATOM),
    syntax.Builtin: lambda node: (f"{node.name}{_arguments(node.args, node.keywords)}", _ATOM),
    syntax.Method: lambda node: (
        f"{_at(node.value, _ATOM)}.{node.name}{_arguments(node.args, node.keywords)}", _ATOM
    ),
}  # fmt: skip
