"""A shared container has one name: finds expressions whose value would be a second one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace

from scenario import syntax
from scenario.compile import codes
from scenario.compile.checks.shapes import Shape, bound, element_of, joined, of_value, shape_of
from scenario.compile.findings import Findings
from scenario.compile.notes import Notes
from scenario.program import program
from scenario.program.show import expression
from scenario.syntax import Expr


def check_containers(variables: Iterable[program.Var], notes: Notes, found: Findings) -> None:
    """Report each kept value that is a shared container or holds one."""
    known = _Known(variables)
    for _ in range(4):  # containers in containers in containers: deeper ones are not looked for
        if not known.learn(notes):
            break
    if any(known.shared.values()):
        _Check(known, found).all(notes)


class _Known:
    """What shared variables, and the locals of each scope, may hold."""

    def __init__(self, variables: Iterable[program.Var]) -> None:
        self.shared = {var.name: _shared(of_value(var.value)) for var in variables}
        self.locals: defaultdict[int, dict[str, Shape | None]] = defaultdict(dict)

    def of(self, scope: int, node: Expr) -> Shape | None:
        return shape_of(node, self.shared, self.locals[scope])

    def learn(self, notes: Notes) -> bool:
        """Once through all assignments; whether anything new was learnt."""
        new = [self._give(scope, target, self.of(scope, value)) for scope, target, value in notes.given]
        new += [self._give(s, target, element_of(self.of(s, items))) for s, target, items in notes.iterated]
        return any(new)

    def _give(self, scope: int, target: Expr, shape: Shape | None) -> bool:
        """A target is given a value, which is copied where it becomes part of something shared."""
        while isinstance(target, syntax.Subscript):
            inside = element_of(shape) if isinstance(target.index, syntax.Slice) else shape
            shape, target = Shape("", element=inside) if inside else None, target.value
        if shape is None:
            return False
        if isinstance(target, syntax.Shared):
            return _widen(self.shared, target.name, _shared(shape))
        locals_ = self.locals[scope]
        widened = [_widen(locals_, name, _own(part)) for name, part in bound(target, shape).items()]
        return any(widened)


def _widen(shapes: dict[str, Shape | None], name: str, shape: Shape | None) -> bool:
    old = shapes.get(name)
    if shape is not None and shape.kind == "" and old is not None:
        shape = replace(shape, kind=old.kind)
    shapes[name] = joined((old, shape))
    return shapes[name] != old


def _shared(shape: Shape | None, depth: int = 0) -> Shape | None:
    """As part of a shared variable: a tuple itself can not change, what is in it can."""
    if shape is None or depth > 4:
        return None
    return replace(shape, shared=shape.kind != "tuple", element=_shared(shape.element, depth + 1))


def _own(shape: Shape | None) -> Shape | None:
    """As a local's value. Where it would be shared that was reported at the assignment, and is not again."""
    return None if shape is None else replace(shape, shared=False, element=_own(shape.element))


class _Check:
    def __init__(self, known: _Known, found: Findings) -> None:
        self.known = known
        self.found = found

    def all(self, notes: Notes) -> None:
        for scope, value in notes.values:
            shape = self.known.of(scope, value)
            if shape is not None and shape.leaks():
                self._second_name(value, shape, f"copy it: `{_copy(expression(value), shape)}`")
        for scope, value in notes.changed:
            shape = self.known.of(scope, value)
            if shape is not None and shape.leaks():
                self._second_name(value, shape, "change it by its name, or as an element of it: `rows[key].append(x)`")
        for scope, target, iterable in notes.iterated:
            shape = self.known.of(scope, iterable)
            if any(part is not None and part.leaks() for part in bound(target, element_of(shape)).values()):
                self._inner(iterable)

    def _second_name(self, value: Expr, shape: Shape, hint: str) -> None:
        text = expression(value)
        if not shape.shared:
            message = "this holds a shared container, which would get a second name"
        elif shape.kind == "view":
            message = f"`{text}` goes on looking at a shared dict, which has one name"
        elif isinstance(value, syntax.Shared):
            message = f"`{text}` is a shared {shape.kind or 'container'}: it has one name"
        else:
            message = f"`{text}` is a shared {shape.kind or 'container'}, or may be: it has one name"
        self.found.add(codes.CONTAINER, message, value.span, hint)

    def _inner(self, iterable: Expr) -> None:
        text = expression(iterable)
        message = f"the elements of `{text}` are shared containers: each has one name"
        self.found.add(codes.CONTAINER, message, iterable.span, f"run over `range(len({text}))` and use `{text}[i]`")


def _copy(text: str, shape: Shape) -> str:
    """How to write a copy that shares nothing."""
    inner = shape.element
    text = f"({text})" if shape.kind == "tuple" and "," in text else text
    if inner is not None and inner.leaks():
        copied = _copy("x", inner)
        return f"{{k: {copied} for k, x in {text}.items()}}" if shape.kind == "dict" else f"[{copied} for x in {text}]"
    return f"{shape.kind if shape.kind not in ('', 'view') else 'list'}({text})"
