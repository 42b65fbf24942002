"""Resolves names: the tree as written -> the tree that engines run."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, TypeVar

from scenario import syntax
from scenario.compile import codes
from scenario.compile.calls import Calls
from scenario.compile.findings import did_you_mean
from scenario.compile.owners import Owner
from scenario.compile.scope import FUNCTIONS, OWN_LOCALS, UNKNOWN, Scope, Thing
from scenario.language.primitives import ASKS
from scenario.program.walk import map_children
from scenario.source import Span
from scenario.syntax import Const, Expr, Local, Node, Shared

N = TypeVar("N", bound=Node)

_OTHER_LANGUAGES = {"true": "True", "false": "False", "none": "None", "null": "None", "nil": "None"}


class Resolver(Calls):
    """Resolves expressions of one file for one set of params; reports what can not be resolved."""

    def resolved(self, node: Expr, scope: Scope) -> Expr:
        return RESOLVE[type(node)](self, node, scope)

    def resolve_name(self, node: syntax.Name, scope: Scope) -> Expr:
        name = node.id
        if name in scope.private:
            return Local(name, span=node.span)
        thing = self.names.get(name)
        if thing is None:
            return self._local(node, scope) if name in scope.locals else self._unknown(node, scope)
        match thing.role:
            case "param" if thing.value is UNKNOWN:
                return self.follows(node.span)
            case "param":
                self.notes.params.add(name)
                return Const(thing.value, span=node.span) if thing.open is None else self._open(thing.open, node.span)
            case "var" if scope.place != "constant":
                return Shared(name, span=node.span)
            case "primitive" if thing.kind == "Future" and scope.place != "constant":
                return self.own_future(thing, node.span)
            case "word" if name in OWN_LOCALS:
                return self._own(node, scope)
            case _:
                return self._no_value(node, thing)

    def _open(self, tree: Expr, span: Span) -> Expr:
        self.notes.open.add(span)
        return placed(tree, span)

    def _local(self, node: syntax.Name, scope: Scope) -> Local:
        return Local(node.id, free=scope.is_function, span=node.span)

    def _own(self, node: syntax.Name, scope: Scope) -> Expr:
        """`name`, `index` and `error`."""
        if node.id in scope.locals:
            return Local(node.id, span=node.span)
        if node.id == "error" and scope.place in ("step", "await"):
            message, hint = "`error` is not set here: no `except` in these steps", "`except` sets it to the text"
        elif scope.place == "constant":
            message, hint = f"`{node.id}` is not known here: only params are", None
        else:
            message, hint = f"`{node.id}` belongs to a thread: no claim can read it", "name the thread: `A.name`"
        return self.bad(codes.UNKNOWN_NAME, message, node.span, hint, "NameError")

    def _unknown(self, node: syntax.Name, scope: Scope) -> Expr:
        if self.names.doubts(node.id):
            return self.follows(node.span)
        owner = None if scope.place == "constant" else self.names.owner(node.id)
        if owner is not None:
            message, hint = f"`{node.id}` is a local of {owner}", _shared(owner, node.id, scope)
        elif scope.place == "constant":
            message, hint = f"`{node.id}` is no param", self._meant(node.id, scope)
        else:
            message, hint = f"nothing assigns `{node.id}`", self._meant(node.id, scope)
        return self.bad(codes.UNKNOWN_NAME, message, node.span, hint, "NameError")

    def _meant(self, name: str, scope: Scope) -> str:
        """What may have been meant by a name that nothing has."""
        if name.lower() in _OTHER_LANGUAGES:
            return f"Python writes `{_OTHER_LANGUAGES[name.lower()]}`"
        if hyphened := next((t for t in self.names.named("thread") if t.startswith(f"{name}-")), None):
            return f"an expression can not name thread `{hyphened}`: its name has a hyphen"
        constant = scope.place == "constant"
        roles = self.names.named("param") if constant else (*self.names.named("var", "param"), *FUNCTIONS)
        other = self.names.named("primitive", "thread", "routine")
        near = did_you_mean(name, [*scope.private, *scope.locals, *roles, *other])
        advice = f"did you mean `{near}`?" if near else f"declare it under `{'params' if constant else 'vars'}`"
        return f"{advice} (a text is written \"'{name}'\")"

    def _no_value(self, node: syntax.Name, thing: Thing) -> Expr:
        if thing.broken:
            return self.follows(node.span)
        message = f"`{node.id}` is {thing.words()}, which is no value"
        match thing.role:
            case "var":
                return self.bad(codes.NOT_A_VALUE, f"`{node.id}` is a shared variable: here only params are known",
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
        return self.bad(codes.NOT_A_VALUE, message, node.span, hint)


def placed(node: N, span: Span) -> N:
    """The tree as if all of it stood there."""
    return replace(map_children(node, lambda child: placed(child, span)), span=span)


def _shared(owner: Owner, name: str, scope: Scope) -> str:
    """How a local can be read where it is none."""
    declared = "to share it declare it under `vars`"
    return f"write `{owner.ref}.{name}`, or {declared}" if scope.place == "final" and owner.ref else declared


RESOLVE: dict[type[object], Callable[[Resolver, Any, Scope], Expr]] = {
    syntax.Const: Resolver.resolve_const,
    syntax.Name: Resolver.resolve_name,
    syntax.Attribute: Resolver.resolve_attribute,
    syntax.Call: Resolver.resolve_call,
    syntax.Unary: Resolver.resolve_unary,
    syntax.Binary: Resolver.resolve_binary,
    syntax.Boolean: Resolver.resolve_boolean,
    syntax.Compare: Resolver.resolve_compare,
    syntax.Conditional: Resolver.resolve_conditional,
    syntax.Subscript: Resolver.resolve_subscript,
    syntax.Starred: Resolver.resolve_starred,
    syntax.ListDisplay: Resolver.resolve_list,
    syntax.TupleDisplay: Resolver.resolve_tuple,
    syntax.SetDisplay: Resolver.resolve_set,
    syntax.DictDisplay: Resolver.resolve_dict,
    syntax.Comprehension: Resolver.resolve_comprehension,
}
"""The unresolved classes alone: a resolved one never comes in."""
