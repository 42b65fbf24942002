"""Fields that hold expressions, statements, templates, refs and targets: document values -> the closed tree."""

from __future__ import annotations

import re
from dataclasses import field

from scenario import syntax
from scenario.diagnostics import Diagnostic
from scenario.record import record
from scenario.source import START, Span
from scenario.spec import codes
from scenario.spec.faults import fault
from scenario.spec.python.origin import Origin
from scenario.spec.python.parser import Parser
from scenario.spec.python.statements import statement
from scenario.spec.python.templates import template
from scenario.spec.python.translate import Translator
from scenario.spec.readers.scalars import described, key_field, mistyped, name_field, quote_this, span_of
from scenario.spec.recovery import UNKNOWN_EXPR, UNKNOWN_REF, anything, forgiven
from scenario.spec.yaml.values import Mapping, Scalar, Sequence, Text, plain

_REF = re.compile(r"\s*([^\W\d][\w-]*)\s*(?:\[(.*)\])?\s*", re.DOTALL)
_HYPHENATED = re.compile(r"\s*([^\W\d]\w*(?:-\w+)+)\s*", re.DOTALL)


@record
class Claim:
    """An expression of `expect`, with its text as written."""

    text: str
    expr: syntax.Expr
    span: Span = field(default=START, compare=False)


def expr_field(value: object) -> syntax.Expr:
    """An expression: a text is parsed, a number, boolean, null or list is itself (as `Const`)."""
    match value:
        case Text():
            parser = Parser(value)
            return Translator(parser).expr(parser.expression())
        case Scalar():
            if value.value is None and not value.raw:
                raise mistyped(value, "an expression", "None is written `null`")
            return syntax.Const(value.value, span=value.span)
        case Sequence():
            # `[a, b]` where a name was meant is told from texts by compile, which knows the names.
            return syntax.Const(plain(value), span=value.span)
        case Mapping():
            hint = "quote it: a dict is written \"{'k': 1}\""
            raise fault(Diagnostic(codes.NOT_AN_EXPRESSION, "a mapping is no expression", value.span, hint))
        case _:
            raise mistyped(value, "an expression")


def template_field(value: object) -> syntax.Template:
    """A template; a number or boolean is its own text."""
    match value:
        case Text():
            return template(value)
        case Scalar() if value.raw and value.value is not None:
            return syntax.Template((value.raw,), span=value.span)
        case Mapping():
            hint = "quote it: a text that starts with { or holds a colon and a space needs quotes"
            message = "expected a text, but YAML reads this as a mapping"
            raise fault(Diagnostic(codes.QUOTE_THIS, message, value.span, hint))
        case Sequence():
            raise quote_this(value, "a text")
        case _:
            raise mistyped(value, "a text", 'an empty one is ""')


def ref_field(value: object) -> syntax.Ref:
    """The name of a primitive or thread, or an element of an array or group."""
    if isinstance(value, Scalar) and value.raw:
        raise quote_this(value, "a primitive or thread")
    if not isinstance(value, Text):
        hint = "write one step for each" if isinstance(value, Sequence) else None
        raise mistyped(value, "the name of a primitive or thread", hint)
    return _ref(value)


def _ref(text: Text) -> syntax.Ref:
    found = _REF.fullmatch(text)
    name = found[1] if found else ""
    if found is None or "__" in name[:2]:
        hint = "a ref is a name, or an element: `lock`, `forks[index]`"
        raise fault(Diagnostic(codes.BAD_REF, f"`{text[:60]}` names no primitive or thread", text.span, hint))
    if found[2] is None:
        return syntax.Ref(name, None, span=text.span)
    parser = Parser(text, found[2], found.start(2), Origin(text))
    return syntax.Ref(name, Translator(parser).expr(parser.expression()), span=text.span)


def refs_field(value: object) -> tuple[syntax.Ref, ...]:
    """One ref, or a list of them."""
    if not isinstance(value, Sequence):
        return (ref_field(value),)
    if not value:
        raise mistyped(value, "at least one primitive")
    return tuple([forgiven(ref_field, item, UNKNOWN_REF) for item in value])


def cancel_field(value: object) -> syntax.Expr:
    """A timer's ref (a `Name`, also with hyphens, or its element), or an expression that is a future."""
    if isinstance(value, Text) and (found := _HYPHENATED.fullmatch(value)):
        return syntax.Name(found[1], span=value.span)
    return expr_field(value)


RETURN_WHEN = frozenset({"FIRST_COMPLETED", "FIRST_EXCEPTION", "ALL_COMPLETED"})


def return_when_field(value: object) -> syntax.Expr:
    """One of `RETURN_WHEN` bare (as a `Const`), or an expression."""
    if isinstance(value, Scalar | Sequence):
        raise mistyped(value, "one of " + ", ".join(f"`{word}`" for word in sorted(RETURN_WHEN)))
    if isinstance(value, Text) and value.strip() in RETURN_WHEN:
        return syntax.Const(value.strip(), span=value.span)
    return expr_field(value)


def target_field(value: object) -> syntax.Expr:
    """What can be assigned to; a list is an unpacking: `[done, pending]`."""
    if isinstance(value, Sequence) and value:
        return syntax.TupleDisplay(
            tuple([forgiven(target_field, item, UNKNOWN_EXPR, anything) for item in value]), span=value.span
        )
    if isinstance(value, Scalar) and value.raw:
        raise quote_this(value, "a name")
    if not isinstance(value, Text):
        raise mistyped(value, "a name to assign to")
    # Python takes a bare `first, *rest` for a target, but not for an expression: brackets make it one.
    parser = Parser(value, f"({value})", -1) if "*" in value else Parser(value)
    return Translator(parser).target(parser.expression())


def statement_field(value: object) -> syntax.Statement:
    """A statement."""
    if not isinstance(value, Text):
        raise mistyped(value, "a statement")
    return statement(value)


def args_field(value: object) -> dict[str, syntax.Expr] | tuple[syntax.Expr, ...]:
    """Arguments by parameter name, or in order."""
    match value:
        case Sequence():
            return tuple([forgiven(expr_field, item, UNKNOWN_EXPR) for item in value])
        case Mapping():
            return {
                key_field(value, key, number, name_field): forgiven(expr_field, item, UNKNOWN_EXPR)
                for number, (key, item) in enumerate(value.items())
            }
        case _:
            raise mistyped(value, "a mapping of arguments by name, or a list of them", "one argument is `args: [x]`")


def constant_field(value: object) -> syntax.Expr:
    """A value of `params`, `vars` or `cases`: itself (`Const`), or `{expr: …}` over params, at any depth."""
    match value:
        case Mapping() if list(value) == ["expr"]:
            return expr_field(value["expr"])
        case Mapping() if is_computed(value):
            keys = tuple(syntax.Const(plain(key) if isinstance(key, Text) else key) for key in value)
            return syntax.DictDisplay(keys, tuple([_part(item) for item in value.values()]), span=value.span)
        case Sequence() if is_computed(value):
            return syntax.ListDisplay(tuple([_part(item) for item in value]), span=value.span)
        case Text() | Scalar() | Sequence() | Mapping():
            return syntax.Const(plain(value), span=value.span)
        case _:
            raise mistyped(value, "a value")


def _part(value: object) -> syntax.Expr:
    part: syntax.Expr = forgiven(constant_field, value, UNKNOWN_EXPR)
    return part


def is_computed(value: object) -> bool:
    """Whether it is an `{expr: …}`, or has one somewhere inside."""
    match value:
        case Mapping():
            return list(value) == ["expr"] or any(is_computed(item) for item in value.values())
        case Sequence():
            return any(is_computed(item) for item in value)
        case _:
            return False


def claim_field(value: object) -> Claim:
    """An expression of `expect`."""
    if isinstance(value, Mapping):
        hint = "quote the whole expression"
        message = f"expected an expression, but YAML reads this as {described(value)}"
        raise fault(Diagnostic(codes.QUOTE_THIS, message, value.span, hint))
    expr = expr_field(value)
    text = value.raw if isinstance(value, Scalar) else str(value).strip() if isinstance(value, Text) else repr(value)
    return Claim(text, expr, span_of(value))
