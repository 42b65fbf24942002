"""Names, and which function resolves which class: the tree as written -> the tree that engines run."""

from __future__ import annotations

from dataclasses import replace
from typing import TypeVar

from scenario import syntax
from scenario.compile import codes
from scenario.compile.findings import did_you_mean
from scenario.compile.names import calls, objects, tree
from scenario.compile.names.objects import own_future
from scenario.compile.names.owners import Owner
from scenario.compile.names.resolver import Resolver, Table
from scenario.compile.names.scope import FUNCTIONS, OWN_LOCALS, UNKNOWN, Scope, Thing
from scenario.diagnostics import Instead
from scenario.language.primitives import ASKS
from scenario.program.walk import map_children
from scenario.source import Span
from scenario.syntax import Const, Expr, Local, Node, Shared

N = TypeVar("N", bound=Node)

_OTHER_LANGUAGES = {
    "true": "True", "yes": "True", "on": "True", "false": "False", "no": "False", "off": "False",
    "none": "None", "null": "None", "nil": "None",
}  # fmt: skip


def resolve_name(r: Resolver, node: syntax.Name, scope: Scope) -> Expr:
    name = node.id
    if name in scope.private:
        return Local(name, span=node.span)
    thing = r.names.get(name)
    if thing is None:
        return _local(node, scope) if name in scope.locals else _unknown(r, node, scope)
    match thing.role:
        case "param" if thing.value is UNKNOWN:
            return r.follows(node.span)
        case "param":
            r.notes.params.add(name)
            return Const(thing.value, span=node.span) if thing.open is None else _open(r, thing.open, node.span)
        case "var" if scope.place != "constant":
            return Shared(name, span=node.span)
        case "primitive" if thing.kind == "Future" and scope.place != "constant":
            return own_future(r, thing, node.span)
        case "word" if name in OWN_LOCALS:
            return _own(r, node, scope)
        case _:
            return _no_value(r, node, thing)


def _open(r: Resolver, tree: Expr, span: Span) -> Expr:
    r.notes.open.add(span)
    return placed(tree, span)


def _local(node: syntax.Name, scope: Scope) -> Local:
    return Local(node.id, free=scope.is_function, span=node.span)


def _own(r: Resolver, node: syntax.Name, scope: Scope) -> Expr:
    """`name`, `index` and `error`."""
    if node.id in scope.locals:
        return Local(node.id, span=node.span)
    if node.id == "error" and scope.place in ("step", "await"):
        message, hint = "`error` is not set here: no `except` in these steps", "`except` sets it to the text"
    elif scope.place == "constant":
        message, hint = f"`{node.id}` is not known here: only params are", None
    else:
        message, hint = f"`{node.id}` belongs to a thread: no claim can read it", "name the thread: `A.name`"
    return r.bad(codes.UNKNOWN_NAME, message, node.span, hint, "NameError")


def _unknown(r: Resolver, node: syntax.Name, scope: Scope) -> Expr:
    if r.names.doubts(node.id):
        return r.follows(node.span)
    owner = None if scope.place == "constant" else r.names.owner(node.id)
    if owner is not None:
        message, hint = f"`{node.id}` is a local of {owner}", _shared(owner, node.id, scope)
    elif scope.place == "constant":
        message, hint = f"`{node.id}` is no param", _meant(r, node.id, scope)
    else:
        message, hint = f"nothing assigns `{node.id}`", _meant(r, node.id, scope)
    return r.bad(codes.UNKNOWN_NAME, message, node.span, hint, "NameError")


def _meant(r: Resolver, name: str, scope: Scope) -> str:
    """What may have been meant by a name that nothing has."""
    if name.lower() in _OTHER_LANGUAGES:
        return f"Python writes `{_OTHER_LANGUAGES[name.lower()]}`"
    if hyphened := next((t for t in r.names.named("thread") if t.startswith(f"{name}-")), None):
        return f"an expression can not name thread `{hyphened}`: its name has a hyphen"
    constant = scope.place == "constant"
    roles = r.names.named("param") if constant else (*r.names.named("var", "param"), *FUNCTIONS)
    other = r.names.named("primitive", "thread", "routine")
    near = did_you_mean(name, [*scope.private, *scope.locals, *roles, *other])
    text = f" (a text is written \"'{name}'\")"
    return Instead(name, near, text) if near else f"declare it under `{'params' if constant else 'vars'}`{text}"


def _no_value(r: Resolver, node: syntax.Name, thing: Thing) -> Expr:
    if thing.broken:
        return r.follows(node.span)
    message = f"`{node.id}` is {thing.words()}, which is no value"
    match thing.role:
        case "var":
            return r.bad(codes.NOT_A_VALUE, f"`{node.id}` is a shared variable: here only params are known",
                         node.span)  # fmt: skip
        case "primitive" | "thread":
            state = ASKS.get(thing.kind, {})
            asked = [f"`{node.id}.{a}{'()' if ask.is_call else ''}`" for a, ask in state.items()]
            hint = f"an expression can ask {', '.join(asked)}" if asked else None
        case "routine" | "python":
            hint = f"write a step `call: {node.id}` with `into`"
        case "function":
            hint = f"a function is called: `{node.id}(…)`"
        case _:
            hint = None
    return r.bad(codes.NOT_A_VALUE, message, node.span, hint)


def placed(node: N, span: Span) -> N:
    """The tree as if all of it stood there."""
    return replace(map_children(node, lambda child: placed(child, span)), span=span)


def _shared(owner: Owner, name: str, scope: Scope) -> str:
    """How a local can be read where it is none."""
    declared = "to share it declare it under `vars`"
    return f"write `{owner.ref}.{name}`, or {declared}" if scope.place == "final" and owner.ref else declared


RESOLVE: Table = {
    syntax.Const: tree.resolve_const,
    syntax.Name: resolve_name,
    syntax.Attribute: objects.resolve_attribute,
    syntax.Call: calls.resolve_call,
    syntax.Unary: tree.resolve_unary,
    syntax.Binary: tree.resolve_binary,
    syntax.Boolean: tree.resolve_boolean,
    syntax.Compare: tree.resolve_compare,
    syntax.Conditional: tree.resolve_conditional,
    syntax.Subscript: objects.resolve_subscript,
    syntax.Starred: tree.resolve_starred,
    syntax.ListDisplay: tree.resolve_list,
    syntax.TupleDisplay: tree.resolve_tuple,
    syntax.SetDisplay: tree.resolve_set,
    syntax.DictDisplay: tree.resolve_dict,
    syntax.Comprehension: tree.resolve_comprehension,
}
"""The unresolved classes alone: a resolved one never comes in."""
