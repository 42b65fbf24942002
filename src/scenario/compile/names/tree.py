"""Expressions whose resolved tree has the shape of the written one."""

from __future__ import annotations

from scenario import syntax
from scenario.compile import codes
from scenario.compile.names.assigned import target_ids, target_names, target_parts
from scenario.compile.names.resolver import Resolver
from scenario.compile.names.scope import Scope
from scenario.syntax import Const, Expr


def resolve_comprehension(r: Resolver, node: syntax.Comprehension, scope: Scope) -> Expr:
    clauses = []
    for clause in node.clauses:
        iterable = r.expr(clause.iterable, scope)
        _private_target(r, clause.target)
        scope = scope.inside(node.kind, target_ids(clause.target))
        target = r.expr(clause.target, scope)
        conditions = r.exprs(clause.conditions, scope)
        clauses.append(syntax.Clause(target, iterable, conditions, span=clause.span))
    key = r.optional(node.key, scope)
    return syntax.Comprehension(node.kind, r.expr(node.element, scope), tuple(clauses), key, span=node.span)


def _private_target(r: Resolver, target: Expr) -> None:
    """A comprehension binds names of its own."""
    for part in target_parts(target):
        if not isinstance(part, syntax.Name):
            r.found.add(codes.NOT_ASSIGNABLE, "a comprehension assigns to names of its own only", part.span)
    for name in target_names(target):
        thing = r.names.get(name.id)
        if thing is not None:
            r.found.add(codes.SHADOWING, f"`{name.id}` is {thing.words()} already: there is no shadowing",
                        name.span, "choose another name")  # fmt: skip


def resolve_unary(r: Resolver, node: syntax.Unary, scope: Scope) -> Expr:
    return syntax.Unary(node.operator, r.expr(node.operand, scope), span=node.span)


def resolve_binary(r: Resolver, node: syntax.Binary, scope: Scope) -> Expr:
    left, right = r.expr(node.left, scope), r.expr(node.right, scope)
    return syntax.Binary(node.operator, left, right, span=node.span)


def resolve_boolean(r: Resolver, node: syntax.Boolean, scope: Scope) -> Expr:
    return syntax.Boolean(node.operator, r.exprs(node.operands, scope), span=node.span)


def resolve_compare(r: Resolver, node: syntax.Compare, scope: Scope) -> Expr:
    left, comparands = r.expr(node.left, scope), r.exprs(node.comparands, scope)
    return syntax.Compare(left, node.operators, comparands, span=node.span)


def resolve_conditional(r: Resolver, node: syntax.Conditional, scope: Scope) -> Expr:
    test, body, orelse = r.exprs((node.test, node.body, node.orelse), scope)
    return syntax.Conditional(test, body, orelse, span=node.span)


def resolve_slice(r: Resolver, node: syntax.Slice, scope: Scope) -> syntax.Slice:
    lower, upper = r.optional(node.lower, scope), r.optional(node.upper, scope)
    return syntax.Slice(lower, upper, r.optional(node.step, scope), span=node.span)


def resolve_starred(r: Resolver, node: syntax.Starred, scope: Scope) -> Expr:
    return syntax.Starred(r.expr(node.value, scope), span=node.span)


def resolve_list(r: Resolver, node: syntax.ListDisplay, scope: Scope) -> Expr:
    return syntax.ListDisplay(r.exprs(node.items, scope), span=node.span)


def resolve_tuple(r: Resolver, node: syntax.TupleDisplay, scope: Scope) -> Expr:
    return syntax.TupleDisplay(r.exprs(node.items, scope), span=node.span)


def resolve_set(r: Resolver, node: syntax.SetDisplay, scope: Scope) -> Expr:
    return syntax.SetDisplay(r.exprs(node.items, scope), span=node.span)


def resolve_dict(r: Resolver, node: syntax.DictDisplay, scope: Scope) -> Expr:
    keys = tuple([r.optional(key, scope) for key in node.keys])
    return syntax.DictDisplay(keys, r.exprs(node.values, scope), span=node.span)


def resolve_const(r: Resolver, node: Const, scope: Scope) -> Expr:
    """A list of the file is itself; a list of known names was meant as an expression."""
    if isinstance(node.value, list) and scope.place != "constant":
        texts = [item for item in flat(node.value) if isinstance(item, str)]
        if texts and all(_is_readable(r, text, scope) for text in texts):
            written = _bare(node.value)
            return r.bad(codes.LIST_OF_NAMES, f"this list holds texts, not what `{texts[0]}` stands for",
                         node.span, f'quote it: "{written}" ("{node.value}" for texts)')  # fmt: skip
    return node


def _is_readable(r: Resolver, text: str, scope: Scope) -> bool:
    thing = r.names.get(text)
    if thing is None:
        return text in scope.locals
    return thing.role in ("var", "param") or text in ("name", "index")


def flat(items: list[object]) -> list[object]:
    """The items of a list and of the lists in it."""
    return [leaf for item in items for leaf in (flat(item) if isinstance(item, list) else (item,))]


def _bare(value: object) -> str:
    """A list of names as an expression."""
    return f"[{', '.join(map(_bare, value))}]" if isinstance(value, list) else str(value)
