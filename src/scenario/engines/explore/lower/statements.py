"""Statements and assignment targets: which reads and writes they are, in order."""

from __future__ import annotations

from typing import assert_never

from scenario.engines.explore.code import Access
from scenario.engines.explore.lower.builder import Builder
from scenario.engines.explore.lower.expressions import chain, flat, flat_index, held, read_access, root
from scenario.engines.explore.lower.source import function_of
from scenario.syntax import (
    Assign,
    AugmentedAssign,
    Binary,
    Break,
    Continue,
    Delete,
    Evaluate,
    Expr,
    ListDisplay,
    Local,
    Node,
    Pass,
    Reraise,
    Return,
    Shared,
    Starred,
    Statement,
    Subscript,
    TlsField,
    TupleDisplay,
)


def statement(b: Builder, node: Statement) -> None:
    """Emits one statement."""
    match node:
        case Assign(targets, value):
            result = flat(b, value)
            if len(targets) == 1 and isinstance(targets[0], Local):
                b.compute(targets[0], result)
            else:
                held_value = held(b, result)
                for target in targets:
                    assign(b, target, held_value)
        case AugmentedAssign():
            augmented(b, node)
        case Delete(targets):
            for target in targets:
                _delete(b, target)
        case Evaluate(value):
            b.compute(None, flat(b, value))
        case Break():
            loop = b.loops[-1]
            b.unwind(loop.depth)
            b.jump(loop.breaks[0])
        case Continue():
            loop = b.loops[-1]
            b.unwind(loop.depth)
            b.jump(loop.continue_to)
        case Pass():
            pass
        case Return(value):
            _return(b, value)
        case Reraise():
            b.throw(b.caught[-1])
        case _:
            assert_never(node)


def _return(b: Builder, value: Expr | None) -> None:
    result = None if value is None else held(b, flat(b, value))
    b.unwind(0)
    b.leave(result)


# --- targets -------------------------------------------------------------------------------------


def assign(b: Builder, target: Expr, value: Expr) -> None:
    """Writes the (flat, held) value: local work, or a step for a shared target."""
    match target:
        case Local():
            b.compute(target, value)
        case Shared(name):
            _write(b, f"w.S[{name!r}] = {b.source(value)}", name, target, value)
        case TlsField():
            b.run(f"{b.source(target)} = {b.source(value)}", value)
        case Subscript() if (variable := root(target)) is not None:
            place = chain(b, target)
            _write(b, f"{b.source(place)} = {_stored(b, place, value)}", variable.name, place, place, value)
        case Subscript(container, index):
            place = Subscript(held(b, flat(b, container)), flat_index(b, index))
            b.run(f"{b.source(place)} = {_stored(b, place, value)}", place, value)
        case TupleDisplay(items) | ListDisplay(items):
            _unpack(b, items, value)
        case _:
            raise TypeError(f"no target: {target!r}")


def _stored(b: Builder, place: Expr, value: Expr) -> str:
    """The value for a place in a container, bounded where it may grow the container."""
    if isinstance(place, Subscript) and ":" in b.source(place)[len(b.source(place.value)) :]:
        return f"_spliced({b.source(place.value)}, {b.source(value)})"
    return f"_nested({b.source(value)})"


def _write(b: Builder, source: str, variable: str, node: Expr, *nodes: Node, action: str = "write") -> None:
    b.add(
        Access(
            function_of(source, statement=True), action, writes=frozenset({variable}), node=node,
            uses=b.uses(*nodes),
        )
    )  # fmt: skip


def _unpack(b: Builder, items: tuple[Expr, ...], value: Expr) -> None:
    starred = next((i for i, item in enumerate(items) if isinstance(item, Starred)), None)
    before = len(items) if starred is None else starred
    after = None if starred is None else len(items) - starred - 1
    parts = b.temporary()
    slot = b.slot(parts.name)
    b.run(f"L[{slot}] = _unpacked({b.source(value)}, {before}, {after})", value, defines=(slot,))
    for i, item in enumerate(items):
        part = b.temporary()
        b.run(f"L[{b.slot(part.name)}] = L[{slot}][{i}]", parts, defines=(b.slot(part.name),))
        assign(b, item.value if isinstance(item, Starred) else item, part)


def _delete(b: Builder, target: Expr) -> None:
    variable = root(target)
    if variable is not None:
        place = chain(b, target)
        _write(b, f"del {b.source(place)}", variable.name, place, place, action="delete")
    elif isinstance(target, Subscript):
        place = Subscript(held(b, flat(b, target.value)), flat_index(b, target.index))
        b.run(f"del {b.source(place)}", place)


# --- augmented assignment ----------------------------------------------------------------------------


def augmented(b: Builder, node: AugmentedAssign) -> None:
    """A read, then a write; one step where the target is a shared container that changes in place."""
    target = node.target
    variable = root(target)
    if variable is not None and in_place(b, target):
        place = chain(b, target)
        value = held(b, flat(b, node.value))
        source = _in_place(b.source(place), node.operator, b.source(value))
        _write(b, source, variable.name, place, place, value)
    elif variable is not None:
        place = chain(b, target)
        old = read_access(b, place)
        new = held(b, Binary(node.operator, old, flat(b, node.value), span=node.span))
        source = f"{b.source(place)} = {b.source(new)}"
        _write(b, source, variable.name, place, place, new)
    else:
        place = _local_place(b, target)
        value = flat(b, node.value)
        if isinstance(place, Local):  # the name must be assigned before it is read
            b.compute(place, place)
        defines = (b.slot(place.name),) if isinstance(place, Local) else ()
        spelled = f"L[{defines[0]}]" if defines else b.source(place)
        b.run(_in_place(spelled, node.operator, b.source(value)), place, value, defines=defines)


def _local_place(b: Builder, target: Expr) -> Expr:
    match target:
        case Subscript(container, index):
            return Subscript(held(b, flat(b, container)), flat_index(b, index))
        case _:
            return target


def _in_place(place: str, operator: str, value: str) -> str:
    bounded = {"+": "_iadd", "*": "_mul", "**": "_pow", "<<": "_shl", "%": "_mod"}.get(operator)
    return f"{place} = {bounded}({place}, {value})" if bounded else f"{place} {operator}= {value}"


def in_place(b: Builder, target: Expr) -> bool:
    """Whether a shared target holds a list, dict or set, judged by its initial value."""
    depth = 0
    while isinstance(target, Subscript):
        target, depth = target.value, depth + 1
    assert isinstance(target, Shared)
    value = next(v.value for v in b.program.vars if v.name == target.name)
    for _ in range(depth):
        parts = list(value.values()) if isinstance(value, dict) else value
        value = parts[0] if isinstance(parts, list) and parts else None
    return isinstance(value, list | dict | set)
