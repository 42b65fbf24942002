"""Calls in expressions: functions, methods of values, questions to primitives and futures."""

from __future__ import annotations

from dataclasses import replace

from scenario import syntax
from scenario.compile import codes
from scenario.compile.findings import did_you_mean
from scenario.compile.names import kinds
from scenario.compile.names.kinds import METHODS
from scenario.compile.names.objects import object_of, owner, state
from scenario.compile.names.resolver import Resolver
from scenario.compile.names.scope import FUNCTIONS, Scope, Thing
from scenario.diagnostics import Instead
from scenario.language.verbs import VERBS
from scenario.program.places import MUTATING, is_place
from scenario.spec.python.functions import count_complaint
from scenario.syntax import Const, Expr


def resolve_call(r: Resolver, node: syntax.Call, scope: Scope) -> Expr:
    match node.function:
        case syntax.Name():
            return _function(r, node, node.function, scope)
        case syntax.Attribute():
            return _method(r, node, node.function, scope)
        case _:
            r.expr(node.function, scope)
            return r.bad(codes.FUNCTION, "only functions and methods can be called", node.span)


def _function(r: Resolver, node: syntax.Call, function: syntax.Name, scope: Scope) -> Expr:
    name = function.id
    if name in FUNCTIONS:
        args, keywords = r.exprs(node.args, scope), _keywords(r, node, scope)
        starred = any(isinstance(arg, syntax.Starred) for arg in args)
        complaint = None if starred or name == "now" else count_complaint(name, len(args))
        if complaint is not None:
            return r.bad(codes.FUNCTION, complaint, node.span, None, "TypeError")
        return _now(r, node, scope) if name == "now" else syntax.Builtin(name, args, keywords, span=node.span)
    thing = r.names.get(name)
    if thing is not None and thing.role in ("routine", "python"):
        hint: str | None = f"write a step `call: {name}` with `into`"
    elif name in VERBS:
        hint = f"write a step `{name}: …`"
    else:
        if r.names.doubts(name):
            return r.follows(node.span)
        near = did_you_mean(name, FUNCTIONS)
        hint = Instead(name, near) if near else f"there are {', '.join(sorted(FUNCTIONS))}"
    r.exprs(node.args, scope)
    return r.bad(codes.FUNCTION, f"an expression has no function `{name}`", function.span, hint, "NameError")


def _now(r: Resolver, node: syntax.Call, scope: Scope) -> Expr:
    if node.args or node.keywords:
        return r.bad(codes.FUNCTION, "`now()` takes no arguments", node.span, None, "TypeError")
    if scope.place == "constant":
        return r.bad(codes.FUNCTION, "there is no clock yet where params are computed", node.span)
    return syntax.Now(span=node.span)


def _method(r: Resolver, node: syntax.Call, function: syntax.Attribute, scope: Scope) -> Expr:
    of = object_of(r, function.value, scope)
    args, keywords = r.exprs(node.args, scope), _keywords(r, node, scope)
    if of is not None:
        return _asked(r, node, function, *of, scope)
    before = r.found.count
    value = owner(r, function.value, scope)
    if r.found.count > before:
        return Const(None, span=node.span)
    if function.name in METHODS:
        if function.name in MUTATING and not is_place(value):
            r.notes.changed.append((r.notes.scope, value))
        if function.name in MUTATING:
            _no_constant(r, value)
        if function.name in MUTATING and args:
            _given(r, value, function.name, args)
        return syntax.Method(value, function.name, args, keywords, span=node.span)
    if function.name in kinds.OF_FUTURES:
        return _future(r, node, function, value, scope)
    return _no_method(r, function)


def _no_constant(r: Resolver, value: Expr) -> None:
    """What changes a param, or an element of one, would change what is fresh each time it is looked at."""
    while isinstance(value, syntax.Subscript):
        value = value.value
    if isinstance(value, Const) and value.value is not None:
        r.found.add(codes.NOT_ASSIGNABLE, "params and literals are constant", value.span,
                    "assign it to a name first, or declare it under `vars`", "AttributeError")  # fmt: skip


def _given(r: Resolver, value: Expr, method: str, args: tuple[Expr, ...]) -> None:
    """A container is given values: they become its elements."""
    r.notes.values.extend([(r.notes.scope, arg) for arg in args])
    whole = method in ("extend", "update")
    for arg in args:
        target = value if whole else syntax.Subscript(value, Const(0))
        r.notes.given.append((r.notes.scope, target, arg))


def _asked(
    r: Resolver, node: syntax.Call, function: syntax.Attribute, thing: Thing, index: Expr | None, scope: Scope
) -> Expr:
    """`lock.locked()`: placed as the whole call."""
    asked = state(r, function, thing, index, scope, called=True)
    if not isinstance(asked, syntax.Query | syntax.FutureQuery):
        return asked
    if node.args or node.keywords:
        return r.bad(codes.STATE, f"`{function.name}()` takes no arguments here", node.span, None, "TypeError")
    if isinstance(asked, syntax.FutureQuery):
        return replace(asked, span=node.span)
    return syntax.Query(asked.ref, asked.attribute, span=node.span)


def _future(r: Resolver, node: syntax.Call, function: syntax.Attribute, value: Expr, scope: Scope) -> Expr:
    if node.args or node.keywords:
        return r.bad(codes.STATE, f"`{function.name}()` takes no arguments here: it never waits", node.span)
    if scope.place == "constant":
        return r.bad(codes.NOT_A_VALUE, "there are no futures where only params are known", node.span)
    return syntax.FutureQuery(value, function.name, span=node.span)


def _no_method(r: Resolver, function: syntax.Attribute) -> Expr:
    match function.name:
        case "result":
            hint: str | None = "write a step `{result: …, into: …}`"
        case "cancel":
            hint = "write a step `cancel: …`"
        case "format" | "format_map":
            hint = 'write a template, as in `print: "{x:>8}"`'
        case name:
            near = did_you_mean(name, [*METHODS, *kinds.OF_FUTURES])
            hint = Instead(name, near) if near else None
    return r.bad(codes.METHOD, f"an expression has no method `{function.name}`", function.span, hint,
                 "AttributeError")  # fmt: skip


def _keywords(r: Resolver, node: syntax.Call, scope: Scope) -> tuple[tuple[str, Expr], ...]:
    return tuple([(name, r.expr(value, scope)) for name, value in node.keywords])
