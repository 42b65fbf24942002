"""What is known of containers without running anything: which expressions may give which."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import TypeAlias

from scenario import syntax
from scenario.record import record
from scenario.syntax import Expr


@record
class Shape:
    """What is known of a container.

    `kind` is "" for one of several, and "view" for what `keys()`, `values()` and `items()` of a dict give, which
    goes on looking at that dict. `shared`: it is a shared container, or inside one.
    """

    kind: str
    shared: bool = False
    element: Shape | None = None

    def leaks(self) -> bool:
        """Whether a shared container can be reached through it."""
        return self.shared or (self.element is not None and self.element.leaks())


Locals: TypeAlias = Mapping[str, Shape | None]
"""Names -> what they may hold; a name that is missing holds no container that is known of."""


def of_value(value: object) -> Shape | None:
    """The shape of a constant."""
    match value:
        case list() | tuple() | set() | frozenset():
            return Shape(type(value).__name__, element=joined(map(of_value, value)))
        case dict():
            return Shape("dict", element=joined(map(of_value, value.values())))
        case _:
            return None


def joined(shapes: Iterable[Shape | None]) -> Shape | None:
    """What may be any of several."""
    result: Shape | None = None
    for shape in shapes:
        if shape is None or shape == result:
            continue
        if result is None:
            result = shape
        else:
            kind = shape.kind if shape.kind == result.kind else ""
            result = Shape(kind, shape.shared or result.shared, joined((shape.element, result.element)))
    return result


_FRESH = frozenset({"list", "tuple", "set", "sorted", "reversed", "dict"})


def shape_of(node: Expr, shapes: Locals, private: Locals | None = None) -> Shape | None:
    """The shape of an expression's value, None where it is no container or not known."""
    private = private or {}

    def inner(part: Expr) -> Shape | None:
        return shape_of(part, shapes, private)

    match node:
        case syntax.Const(value):
            return of_value(value)
        case syntax.Shared(name):
            return shapes.get(name)
        case syntax.Local(name):
            return private.get(name)
        case syntax.Subscript(value, index):
            shape = inner(value)
            if shape is None or not isinstance(index, syntax.Slice):
                return shape.element if shape else None
            return replace(shape, shared=False)
        case syntax.Conditional():
            return joined((inner(node.body), inner(node.orelse)))
        case syntax.Boolean():
            return joined(map(inner, node.operands))
        case syntax.ListDisplay(items) | syntax.TupleDisplay(items) | syntax.SetDisplay(items):
            return Shape(_DISPLAYS[type(node)], element=joined(map(inner, items)))
        case syntax.Starred(value):
            return element_of(inner(value))
        case syntax.DictDisplay(keys, values):
            parts = [inner(v) if k is not None else element_of(inner(v)) for k, v in zip(keys, values, strict=True)]
            return Shape("dict", element=joined(parts))
        case syntax.Comprehension():
            return _comprehension(node, shapes, private)
        case syntax.Binary():
            both = joined((inner(node.left), inner(node.right)))
            return replace(both, shared=False) if both else None
        case syntax.Builtin():
            return _builtin(node.name, [inner(arg) for arg in node.args])
        case syntax.Method():
            return _method(node.name, inner(node.value), [inner(arg) for arg in node.args])
        case _:
            return None


_DISPLAYS = {syntax.ListDisplay: "list", syntax.TupleDisplay: "tuple", syntax.SetDisplay: "set"}


def element_of(shape: Shape | None) -> Shape | None:
    """What is in it."""
    return shape.element if shape else None


def _comprehension(node: syntax.Comprehension, shapes: Locals, private: Locals) -> Shape:
    for clause in node.clauses:
        element = element_of(shape_of(clause.iterable, shapes, private))
        private = {**private, **bound(clause.target, element)}
    kind = "list" if node.kind == "generator" else node.kind
    return Shape(kind, element=shape_of(node.element, shapes, private))


def bound(target: Expr, shape: Shape | None) -> dict[str, Shape | None]:
    """What each name of a target gets of a value."""
    match target:
        case syntax.Local(name):
            return {name: shape}
        case syntax.TupleDisplay(items):
            return {k: v for item in items for k, v in bound(item, element_of(shape)).items()}
        case _:
            return {}


def _builtin(name: str, args: list[Shape | None]) -> Shape | None:
    if name in _FRESH and args and args[0] is not None and args[0].kind != "dict":
        return Shape("list" if name in ("sorted", "reversed") else name, element=args[0].element)
    if name == "dict" and args and args[0] is not None:
        return Shape("dict", element=args[0].element)
    if name in ("enumerate", "zip"):
        return Shape("list", element=Shape("tuple", element=joined(map(element_of, args))))
    if name in ("min", "max"):
        return element_of(args[0]) if len(args) == 1 else joined(args)
    return None


def _method(name: str, owner: Shape | None, args: list[Shape | None]) -> Shape | None:
    if owner is None:
        return None
    match name:
        case "copy":
            return replace(owner, shared=False)
        case "get" | "setdefault":
            return joined((owner.element, *args[1:]))
        case "keys":
            return Shape("view", owner.shared)
        case "values":
            return Shape("view", owner.shared, owner.element)
        case "items":
            return Shape("view", owner.shared, Shape("tuple", element=owner.element))
        case _:
            return None
