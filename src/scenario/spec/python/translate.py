"""Python's `ast` -> the closed tree of `scenario.syntax`; whatever has no place there is a diagnostic."""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import Any, Literal, NoReturn

from scenario import syntax
from scenario.source import Span
from scenario.spec import codes
from scenario.spec.faults import Fault, unhyphened
from scenario.spec.python import functions
from scenario.spec.python.parser import Parser
from scenario.spec.recovery import UNKNOWN_EXPR, note

MAX_DEPTH = 64
"""Levels of one expression; its emitted source stays below Python's own limit of 200 brackets."""

MAX_NODES = 2_000
"""Parts of one expression: names, numbers, operators."""

MAX_BITS = 10_000
"""Integers, as everywhere in a scenario."""

_BINARY: dict[type[ast.operator], syntax.BinaryOperator] = {
    ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.FloorDiv: "//", ast.Mod: "%", ast.Pow: "**",
    ast.LShift: "<<", ast.RShift: ">>", ast.BitAnd: "&", ast.BitOr: "|", ast.BitXor: "^",
}  # fmt: skip
_UNARY: dict[type[ast.unaryop], syntax.UnaryOperator] = {
    ast.USub: "-", ast.UAdd: "+", ast.Invert: "~", ast.Not: "not",
}  # fmt: skip
_COMPARE: dict[type[ast.cmpop], syntax.Comparator] = {
    ast.Eq: "==", ast.NotEq: "!=", ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">=", ast.Is: "is",
    ast.IsNot: "is not", ast.In: "in", ast.NotIn: "not in",
}  # fmt: skip
_FORBIDDEN: dict[type[ast.AST], tuple[str, str | None]] = {
    ast.Lambda: ("lambda is not part of the language", None),
    ast.NamedExpr: ("`:=` is not part of the language", "assign in a step of its own"),
    ast.JoinedStr: (
        "f-strings are not part of expressions",
        "write `'…' + str(x)`; templates have {holes} by themselves",
    ),
    ast.Await: ("`await` is a verb here", "write the step `await: condition`"),
    ast.Yield: ("yield is not part of the language", None),
    ast.YieldFrom: ("yield is not part of the language", None),
    ast.Slice: ("a slice can not stand here", None),
}


class Translator:
    """Translates the trees that one `Parser` made."""

    __slots__ = ("_depth", "_nodes", "_parser")

    def __init__(self, parser: Parser) -> None:
        self._parser = parser
        self._depth = 0
        self._nodes = 0

    def span(self, node: Any) -> Span:
        """Where a node of `ast` stands in the file."""
        parser = self._parser
        return parser.origin.span(parser.offset(node.col_offset), parser.offset(node.end_col_offset))

    def refuse(self, node: Any, message: str, hint: str | None = None, code: str = codes.FORBIDDEN) -> NoReturn:
        """Raise the diagnostic for a node."""
        start, end = self._parser.offset(node.col_offset), self._parser.offset(node.end_col_offset)
        raise self._parser.error(code, message, start, end, hint)

    def expr(self, node: ast.expr) -> syntax.Expr:
        """One expression; `UNKNOWN_EXPR` where it is refused and that is forgiven."""
        self._depth += 1
        try:
            return self._translated(node)
        except Fault as error:
            note(error)
            return UNKNOWN_EXPR
        finally:
            self._depth -= 1

    def _translated(self, node: ast.expr) -> syntax.Expr:
        translate = _EXPRESSIONS.get(type(node))
        if translate is None:
            message, hint = _FORBIDDEN.get(type(node), ("this is not part of the language", None))
            self.refuse(node, message, hint)
        self._nodes += 1
        if self._nodes > MAX_NODES:
            self.refuse(node, f"more than {MAX_NODES} parts", "compute it in several steps", codes.TOO_COMPLEX)
        if self._depth > MAX_DEPTH:
            self.refuse(node, f"nested more than {MAX_DEPTH} deep", "compute it in several steps", codes.TOO_COMPLEX)
        return translate(self, node)

    def exprs(self, nodes: list[ast.expr]) -> tuple[syntax.Expr, ...]:
        """Several expressions; a starred one may be among them."""
        return tuple(self.starred(node) if isinstance(node, ast.Starred) else self.expr(node) for node in nodes)

    def starred(self, node: ast.Starred) -> syntax.Expr:
        """`*value` in a display or a call."""
        return syntax.Starred(self.expr(node.value), span=self.span(node))

    def name(self, node: object, name: str) -> str:
        """A name without dunder."""
        if name.startswith("__"):
            self.refuse(node, f"`{name[:60]}`: names with `__` are not part of the language", code=codes.DUNDER)
        return name

    def target(self, node: ast.expr) -> syntax.Expr:
        """What can be assigned to: a name, an element, a field of a `local`, or an unpacking of them."""
        match node:
            case ast.Name() | ast.Attribute():
                return self.expr(node)
            case ast.Subscript():
                return self.expr(node)
            case ast.Tuple(elts=items) | ast.List(elts=items) if items:
                return syntax.TupleDisplay(tuple(self._target_item(item) for item in items), span=self.span(node))
            case ast.Compare(ops=[ast.In()]):
                hint = "`in` is a key of its own: `for: i` and `in: range(3)`"
                self.refuse(node, "can not be assigned to", hint, codes.BAD_TARGET)
            case ast.BinOp(left=ast.Name(left), op=ast.Sub(), right=ast.Name(right)):
                self.refuse(node, "can not be assigned to", unhyphened(f"{left}-{right}"), codes.BAD_TARGET)
            case _:
                hint = "a target is a name or an element: x, x[i], tls.x"
                self.refuse(node, "can not be assigned to", hint, codes.BAD_TARGET)
        return None

    def _target_item(self, node: ast.expr) -> syntax.Expr:
        if isinstance(node, ast.Starred):
            return syntax.Starred(self.target(node.value), span=self.span(node))
        return self.target(node)


# --- one function a kind of node ------------------------------------------------------------------


def _constant(self: Translator, node: ast.Constant) -> syntax.Expr:
    value = node.value
    if isinstance(value, bytes | complex) or value is Ellipsis:
        what = {bytes: "bytes literals are", complex: "imaginary numbers are"}.get(type(value), "`...` is")
        self.refuse(node, f"{what} not part of the language")
    if isinstance(value, int) and value.bit_length() > MAX_BITS:
        self.refuse(node, f"an integer of more than {MAX_BITS} bits", code=codes.LONG_LITERAL)
    return syntax.Const(value, span=self.span(node))


def _name(self: Translator, node: ast.Name) -> syntax.Expr:
    return syntax.Name(self.name(node, node.id), span=self.span(node))


def _attribute(self: Translator, node: ast.Attribute) -> syntax.Expr:
    return syntax.Attribute(self.expr(node.value), self.name(node, node.attr), span=self.span(node))


def _unary(self: Translator, node: ast.UnaryOp) -> syntax.Expr:
    operand = self.expr(node.operand)
    if isinstance(node.op, ast.USub) and isinstance(operand, syntax.Const):
        value = operand.value
        if isinstance(value, int | float) and not isinstance(value, bool):
            return syntax.Const(-value, span=self.span(node))
    return syntax.Unary(_UNARY[type(node.op)], operand, span=self.span(node))


def _binary(self: Translator, node: ast.BinOp) -> syntax.Expr:
    operator = _BINARY.get(type(node.op))
    if operator is None:
        self.refuse(node, "`@` is not part of the language")
    return syntax.Binary(operator, self.expr(node.left), self.expr(node.right), span=self.span(node))


def _boolean(self: Translator, node: ast.BoolOp) -> syntax.Expr:
    operator: Literal["and", "or"] = "and" if isinstance(node.op, ast.And) else "or"
    return syntax.Boolean(operator, self.exprs(node.values), span=self.span(node))


def _compare(self: Translator, node: ast.Compare) -> syntax.Expr:
    operators = tuple(_COMPARE[type(operator)] for operator in node.ops)
    return syntax.Compare(self.expr(node.left), operators, self.exprs(node.comparators), span=self.span(node))


def _conditional(self: Translator, node: ast.IfExp) -> syntax.Expr:
    return syntax.Conditional(self.expr(node.test), self.expr(node.body), self.expr(node.orelse), span=self.span(node))


def _subscript(self: Translator, node: ast.Subscript) -> syntax.Expr:
    index = _slice(self, node.slice) if isinstance(node.slice, ast.Slice) else self.expr(node.slice)
    return syntax.Subscript(self.expr(node.value), index, span=self.span(node))


def _slice(self: Translator, node: ast.Slice) -> syntax.Slice:
    lower, upper, step = (None if part is None else self.expr(part) for part in (node.lower, node.upper, node.step))
    return syntax.Slice(lower, upper, step, span=self.span(node))


def _list(self: Translator, node: ast.List) -> syntax.Expr:
    return syntax.ListDisplay(self.exprs(node.elts), span=self.span(node))


def _tuple(self: Translator, node: ast.Tuple) -> syntax.Expr:
    return syntax.TupleDisplay(self.exprs(node.elts), span=self.span(node))


def _set(self: Translator, node: ast.Set) -> syntax.Expr:
    return syntax.SetDisplay(self.exprs(node.elts), span=self.span(node))


def _dict(self: Translator, node: ast.Dict) -> syntax.Expr:
    keys = tuple(None if key is None else self.expr(key) for key in node.keys)
    return syntax.DictDisplay(keys, self.exprs(node.values), span=self.span(node))


def _comprehension(kind: syntax.ComprehensionKind) -> Callable[[Translator, object], syntax.Expr]:
    def translate(self: Translator, node: object) -> syntax.Expr:
        if kind == "generator":
            self.refuse(node, "a generator can only be the one argument of a call", "write a list: [x for x in …]")
        return _clauses(self, node, kind)

    return translate


def _clauses(self: Translator, node: Any, kind: syntax.ComprehensionKind) -> syntax.Expr:
    clauses = tuple(_clause(self, node, clause) for clause in node.generators)
    key = self.expr(node.key) if kind == "dict" else None
    element = self.expr(node.value if kind == "dict" else node.elt)
    return syntax.Comprehension(kind, element, clauses, key, span=self.span(node))


def _clause(self: Translator, node: object, clause: ast.comprehension) -> syntax.Clause:
    if clause.is_async:
        self.refuse(node, "async is not part of the language")
    target = self.target(clause.target)
    return syntax.Clause(target, self.expr(clause.iter), self.exprs(clause.ifs), span=self.span(clause.target))


def _call(self: Translator, node: ast.Call) -> syntax.Expr:
    if not isinstance(node.func, ast.Name | ast.Attribute):
        self.refuse(node.func, "only functions and methods can be called")
    keywords = tuple(_keyword(self, keyword) for keyword in node.keywords)
    _check_keywords(self, node, tuple(name for name, _ in keywords))
    if len(node.args) == 1 and isinstance(node.args[0], ast.GeneratorExp):
        args: tuple[syntax.Expr, ...] = (_clauses(self, node.args[0], "generator"),)
    else:
        args = self.exprs(node.args)
    return syntax.Call(self.expr(node.func), args, keywords, span=self.span(node))


def _keyword(self: Translator, keyword: ast.keyword) -> tuple[str, syntax.Expr]:
    if keyword.arg is None:
        self.refuse(keyword, "`**` can not stand in a call")
    return self.name(keyword, keyword.arg), self.expr(keyword.value)


def _check_keywords(self: Translator, node: ast.Call, keywords: tuple[str, ...]) -> None:
    match node.func:
        case ast.Name(id=name):
            complaint = functions.keyword_complaint(name, keywords)
        case ast.Attribute(attr=name):
            known = functions.METHOD_KEYWORDS.get(name, frozenset())
            wrong = [keyword for keyword in keywords if keyword not in known]
            complaint = f"`{name}` takes no argument `{wrong[0]}`" if wrong else None
        case _:
            complaint = None
    if complaint:
        self.refuse(node, complaint, code=codes.BAD_ARGUMENTS)


_EXPRESSIONS: dict[type[ast.expr], Callable[[Translator, Any], syntax.Expr]] = {
    ast.Constant: _constant, ast.Name: _name, ast.Attribute: _attribute, ast.UnaryOp: _unary, ast.BinOp: _binary,
    ast.BoolOp: _boolean, ast.Compare: _compare, ast.IfExp: _conditional, ast.Subscript: _subscript,
    ast.List: _list, ast.Tuple: _tuple, ast.Set: _set, ast.Dict: _dict, ast.Call: _call,
    ast.ListComp: _comprehension("list"), ast.SetComp: _comprehension("set"),
    ast.DictComp: _comprehension("dict"), ast.GeneratorExp: _comprehension("generator"),
}  # fmt: skip
