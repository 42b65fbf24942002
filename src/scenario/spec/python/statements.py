"""Statements: text -> `syntax.Statement`; what belongs into a verb is told which."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable
from typing import Any

from scenario import syntax
from scenario.language.verbs import VERBS
from scenario.spec import codes
from scenario.spec.faults import unhyphened
from scenario.spec.python.parser import Parser
from scenario.spec.python.translate import _BINARY, Translator
from scenario.spec.yaml.values import Text

_FIRST_WORD = re.compile(r"\s*([a-z_]+)\b\s*(.*)", re.DOTALL)


def statement(text: Text) -> syntax.Statement:
    """One statement. Raises an error that carries the diagnostic."""
    parser = Parser(text)
    _not_a_verb(text, parser)
    node = parser.statement()
    translate = _STATEMENTS.get(type(node))
    translator = Translator(parser)
    if translate is None:
        translator.refuse(node, "this is no statement of the language", _hint(node), codes.NOT_A_STATEMENT)
    return translate(translator, node)


def _not_a_verb(text: Text, parser: Parser) -> None:
    """`acquire lock` and a bare `notify_all` were meant as verbs."""
    found = _FIRST_WORD.fullmatch(text)
    if found is None or found[1] not in VERBS or found[2][:1] in ("=", ".", "[", ","):
        return
    word, rest = found[1], found[2]
    if rest and (rest[0] in "+-*/%&|^<>@" or (word in ("return", "raise") and rest.startswith("#"))):
        return
    if not rest and word in ("return", "raise"):
        return
    raise parser.error(codes.NOT_A_STATEMENT, f"`{word}` is a verb, not a statement", hint=_as_mapping(word, rest))


def _as_mapping(word: str, rest: str) -> str:
    """The verb's step for what stands behind it, in parentheses or not: `print(x)`, `raise ValueError('no')`, `if x: pass`."""
    if word in _BLOCKS and ":" in rest:
        return f"write the step as a mapping: `{word}: …`, with its body as a list of steps"
    argument = rest.removeprefix(":").strip()
    if argument.startswith("(") and argument.endswith(")"):
        argument = argument[1:-1].strip()
    name, opened, _ = argument.partition("(") if word == "raise" else (argument, "", "")
    said = ", and its text under `message`" if opened else ""
    return f"write the step as a mapping: `{word}: {name[:60] or '…'}`{said}"


_BLOCKS = ("if", "while", "for", "with", "try")


def _hint(node: ast.stmt) -> str | None:
    match node:
        case ast.If() | ast.While() | ast.For() | ast.With() | ast.Try():
            return _as_mapping(type(node).__name__.lower(), ":")
        case ast.Import() | ast.ImportFrom():
            return "nothing can be imported; the user's own code is named under `python`"
        case ast.FunctionDef() | ast.AsyncFunctionDef():
            return "write a routine"
        case ast.AnnAssign():
            return "assign without an annotation"
        case ast.Global() | ast.Nonlocal():
            return "what `vars` names is shared by itself"
        case _:
            return None


def _assign(self: Translator, node: ast.Assign) -> syntax.Statement:
    targets = tuple(self.target(target) for target in node.targets)
    return syntax.Assign(targets, _value(self, node.value), span=self.span(node))


def _value(self: Translator, node: ast.expr) -> syntax.Expr:
    if isinstance(node, ast.Starred):
        self.refuse(node, "`*` can not stand here")
    return self.expr(node)


def _augmented(self: Translator, node: ast.AugAssign) -> syntax.Statement:
    operator = _BINARY.get(type(node.op))
    if operator is None:
        self.refuse(node, "`@=` is not part of the language")
    return syntax.AugmentedAssign(self.target(node.target), operator, self.expr(node.value), span=self.span(node))


def _delete(self: Translator, node: ast.Delete) -> syntax.Statement:
    for target in node.targets:
        if not isinstance(target, ast.Subscript):
            self.refuse(target, "`del` takes elements only", "write `del x[i]`", codes.BAD_TARGET)
    return syntax.Delete(self.exprs(node.targets), span=self.span(node))


def _evaluate(self: Translator, node: ast.Expr) -> syntax.Statement:
    value = node.value
    if isinstance(value, ast.Call) and isinstance(value.func, ast.Attribute):
        return syntax.Evaluate(self.expr(value), span=self.span(node))
    hint = "a statement assigns, or calls a method that changes something"
    match value:
        case ast.Call(func=ast.Name(id=name)):
            message, hint = (
                f"calling `{name[:60]}` does nothing here",
                f"use its value, or write the step `call: {name[:60]}`",
            )
        case ast.Compare(ops=[ast.Eq()]):
            message, hint = "a comparison does nothing here", "to assign, write `=`; to check, write `assert: …`"
        case ast.BinOp(ast.Name(left), ast.Sub(), ast.Call(ast.Attribute(ast.Name(right)))):
            message, hint = "this expression does nothing here", unhyphened(f"{left}-{right}")
        case ast.Lambda() | ast.NamedExpr() | ast.JoinedStr() | ast.Await() | ast.Yield() | ast.YieldFrom():
            return syntax.Evaluate(self.expr(value), span=self.span(node))  # which is refused
        case _:
            message = "this expression does nothing here"
    self.refuse(node, message, hint, codes.NOT_A_STATEMENT)
    return None


def _bare(kind: Callable[..., syntax.Statement]) -> Callable[[Translator, object], syntax.Statement]:
    return lambda self, node: kind(span=self.span(node))


_STATEMENTS: dict[type[ast.stmt], Callable[[Translator, Any], syntax.Statement]] = {
    ast.Assign: _assign, ast.AugAssign: _augmented, ast.Delete: _delete, ast.Expr: _evaluate,
    ast.Break: _bare(syntax.Break), ast.Continue: _bare(syntax.Continue), ast.Pass: _bare(syntax.Pass),
    ast.Return: _bare(syntax.Return), ast.Raise: _bare(syntax.Reraise),
}  # fmt: skip
