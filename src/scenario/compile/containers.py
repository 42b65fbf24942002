"""A shared container has one name: finds expressions whose value would be a second one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from scenario import syntax
from scenario.compile import codes
from scenario.compile.findings import Findings
from scenario.compile.notes import Notes
from scenario.program import program
from scenario.program.show import expression
from scenario.syntax import Expr


@dataclass(frozen=True, slots=True)
class Shape:
    """What is known of a container. `shared`: it is a shared one, or inside one. `kind` "": one of several."""

    kind: str
    shared: bool = False
    element: Shape | None = None

    def leaks(self) -> bool:
        """Whether a shared container can be reached through it."""
        return self.shared or (self.element is not None and self.element.leaks())


Shapes = dict[str, Shape | None]


def check_containers(variables: Iterable[program.Var], notes: Notes, found: Findings) -> None:
    """Report each kept value that is a shared container or holds one, and each loop over a shared dict or set."""
    shapes: Shapes = {var.name: _shared(of_value(var.value)) for var in variables}
    for _ in range(4):  # containers in containers in containers: deeper ones are not looked for
        before = dict(shapes)
        for target, value in notes.given:
            _give(shapes, target, value)
        if before == shapes:
            break
    if any(shapes.values()):
        _Check(shapes, found).all(notes)


class _Check:
    def __init__(self, shapes: Shapes, found: Findings) -> None:
        self.shapes = shapes
        self.found = found

    def all(self, notes: Notes) -> None:
        for value in notes.values:
            shape = shape_of(value, self.shapes)
            if shape is not None and shape.leaks():
                self._second_name(value, shape)
        for iterable in (*notes.loops, *notes.iterated):
            self._unordered(iterable)
        for iterable in notes.iterated:
            self._inner(iterable)

    def _second_name(self, value: Expr, shape: Shape) -> None:
        text = expression(value)
        if not shape.shared:
            message = "this holds a shared container, which would get a second name"
        elif isinstance(value, syntax.Shared):
            message = f"`{text}` is a shared {shape.kind or 'container'}: it has one name"
        else:
            message = f"`{text}` is a shared {shape.kind or 'container'}, or may be: it has one name"
        self.found.add(codes.CONTAINER, message, value.span, f"copy it: `{_copy(text, shape)}`")

    def _unordered(self, iterable: Expr) -> None:
        shape = shape_of(iterable, self.shapes)
        if shape is not None and shape.shared and shape.kind in ("dict", "set"):
            text = expression(iterable)
            copied = f"list({text})" if shape.kind == "dict" else f"sorted({text})"
            message = f"`{text}` is a shared {shape.kind}: a loop can not run over it while others may change it"
            self.found.add(codes.CONTAINER_LOOP, message, iterable.span, f"copy it first: `{copied}`")

    def _inner(self, iterable: Expr) -> None:
        shape = shape_of(iterable, self.shapes)
        if shape is not None and shape.element is not None and shape.element.leaks() and shape.kind != "dict":
            text = expression(iterable)
            message = f"the elements of `{text}` are shared containers: each has one name"
            self.found.add(codes.CONTAINER, message, iterable.span,
                           f"run over `range(len({text}))` and use `{text}[i]`")  # fmt: skip


def _copy(text: str, shape: Shape) -> str:
    """How to write a copy that shares nothing."""
    inner = shape.element
    if inner is not None and inner.leaks():
        copied = _copy("x", inner)
        return f"{{k: {copied} for k, x in {text}.items()}}" if shape.kind == "dict" else f"[{copied} for x in {text}]"
    return f"{shape.kind or 'list'}({text})"


# --- shapes -------------------------------------------------------------------------------------------


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


def _shared(shape: Shape | None, depth: int = 0) -> Shape | None:
    """As part of a shared variable: a tuple itself can not change, what is in it can."""
    if shape is None or depth > 4:
        return None
    return replace(shape, shared=shape.kind != "tuple", element=_shared(shape.element, depth + 1))


def _give(shapes: Shapes, target: Expr, value: Expr) -> None:
    """A shared variable, or an element of it, is given a value."""
    shape, base = shape_of(value, shapes), target
    while isinstance(base, syntax.Subscript):
        shape, base = Shape("", element=shape) if shape else None, base.value
    if isinstance(base, syntax.Shared):
        old = shapes.get(base.name)
        new = _shared(shape)
        if new is not None and new.kind == "" and old is not None:
            new = replace(new, kind=old.kind)
        shapes[base.name] = joined((old, new))


_FRESH = frozenset({"list", "tuple", "set", "sorted", "reversed", "dict"})


def shape_of(  # noqa: C901 (one arm a class of the tree)
    node: Expr, shapes: Mapping[str, Shape | None], private: Mapping[str, Shape | None] | None = None
) -> Shape | None:
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
            return _element(inner(value))
        case syntax.DictDisplay(keys, values):
            parts = [inner(v) if k is not None else _element(inner(v)) for k, v in zip(keys, values, strict=True)]
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


def _element(shape: Shape | None) -> Shape | None:
    return shape.element if shape else None


def _comprehension(
    node: syntax.Comprehension, shapes: Mapping[str, Shape | None], private: Mapping[str, Shape | None]
) -> Shape:
    for clause in node.clauses:
        element = _element(shape_of(clause.iterable, shapes, private))
        private = {**private, **_bound(clause.target, element)}
    kind = "list" if node.kind == "generator" else node.kind
    return Shape(kind, element=shape_of(node.element, shapes, private))


def _bound(target: Expr, shape: Shape | None) -> dict[str, Shape | None]:
    match target:
        case syntax.Local(name):
            return {name: shape}
        case syntax.TupleDisplay(items):
            return {k: v for item in items for k, v in _bound(item, _element(shape)).items()}
        case _:
            return {}


def _builtin(name: str, args: list[Shape | None]) -> Shape | None:
    if name in _FRESH and args and args[0] is not None and args[0].kind != "dict":
        return Shape("list" if name in ("sorted", "reversed") else name, element=args[0].element)
    if name == "dict" and args and args[0] is not None:
        return Shape("dict", element=args[0].element)
    if name in ("enumerate", "zip"):
        return Shape("list", element=Shape("tuple", element=joined(map(_element, args))))
    if name in ("min", "max"):
        return _element(args[0]) if len(args) == 1 else joined(args)
    return None


def _method(name: str, owner: Shape | None, args: list[Shape | None]) -> Shape | None:
    if owner is None:
        return None
    match name:
        case "copy":
            return replace(owner, shared=False)
        case "get" | "setdefault":
            return joined((owner.element, *args[1:]))
        case "values":
            return Shape("list", element=owner.element)
        case "items":
            return Shape("list", element=Shape("tuple", element=owner.element))
        case _:
            return None
