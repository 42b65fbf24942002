"""Statements as Python lines: assignments with their copies and bounds."""

from __future__ import annotations

from typing import assert_never

from scenario.engines.threads import footprint as footprints
from scenario.engines.threads.emit.context import Context
from scenario.engines.threads.walk import bound, writes
from scenario.program.accesses import root
from scenario.program.sizes import is_number, is_scalar
from scenario.syntax import (
    Assign,
    AugmentedAssign,
    Break,
    Builtin,
    Continue,
    Delete,
    Evaluate,
    Expr,
    Method,
    Node,
    Pass,
    Reraise,
    Return,
    Slice,
    Statement,
    Subscript,
    TupleDisplay,
)

_BOUNDED = {"+": "_iadd", "*": "_mul", "**": "_pow", "<<": "_shl", "%": "_mod"}


def emit(c: Context, op: Statement) -> None:
    """One statement."""
    match op:
        case Assign(targets, value):
            with c.step(footprints.names(op), writes(op)):
                _assign(c, targets, value)
        case AugmentedAssign():
            with c.step(footprints.names(op), writes(op)):
                _augmented(c, op)
        case Delete(targets):
            with c.step(footprints.names(op), writes(op)):
                c.out.line(f"del {', '.join(map(c.raw, targets))}")
        case Evaluate(value):
            with c.step(footprints.names(op), writes(op)):
                c.out.line(c.read(_copying(value)))
        case Break():
            c.out.line("break")
        case Continue():
            c.out.line("continue")
        case Pass():
            c.out.line("pass")
        case Return(value):
            _return(c, value)
        case Reraise():
            c.out.line("raise")
        case _:
            assert_never(op)


def _return(c: Context, value: Expr | None) -> None:
    c.out.line("return" if value is None else f"return {c.read(value)}")


def _assign(c: Context, targets: tuple[Expr, ...], value: Expr) -> None:
    source = _value(c, targets, value)
    spliced = [target for target in targets if _is_slice(target)]
    if not spliced and not any(_is_slice(place) for target in targets for place in bound(target)):
        c.out.line(" = ".join([*(c.target(target) for target in targets), source]))
        return
    held = c.temp(source)
    for target in targets:
        if isinstance(target, Subscript) and _is_slice(target):
            c.out.line(f"{c.raw(target)} = _spliced({c.raw(target.value)}, {held})")
        else:
            c.out.line(f"{c.target(target)} = {held}")


def _is_slice(target: Expr) -> bool:
    return isinstance(target, Subscript) and isinstance(target.index, Slice)


def _value(c: Context, targets: tuple[Expr, ...], value: Expr) -> str:
    places = [place for target in targets for place in bound(target)]
    becomes_shared = any(root(place) is not None for place in places)
    if becomes_shared and isinstance(value, TupleDisplay) and all(isinstance(t, TupleDisplay) for t in targets):
        return f"({', '.join(c.given(item) for item in value.items)},)"
    source = c.given(value) if becomes_shared else c.read(value)
    element = any(isinstance(place, Subscript) for place in places) and not is_scalar(value)
    return f"_nested({source})" if element else source


def _augmented(c: Context, op: AugmentedAssign) -> None:
    value = c.given(op.value) if root(op.target) is not None else c.read(op.value)
    function = None if is_number(op.value) and op.operator in "+%" else _BOUNDED.get(op.operator)
    if function is None or (op.operator == "+" and is_scalar(op.value)):
        c.out.line(f"{c.raw(op.target)} {op.operator}= {value}")
        return
    place = c.raw(op.target)
    if isinstance(op.target, Subscript) and not isinstance(op.target.index, Slice):
        container, index = c.temp(c.raw(op.target.value)), c.temp(c.raw(op.target.index))
        place = f"{container}[{index}]"
    c.out.line(f"{place} = {function}({place}, {value})")


def _copying(value: Expr) -> Expr:
    """A method call on what is shared, its arguments copied (`_fresh` is among the source's globals)."""
    if not isinstance(value, Method) or root(value.value) is None:
        return value
    args = tuple(arg if is_scalar(arg) else _fresh(arg) for arg in value.args)
    return Method(value.value, value.name, args, value.keywords, span=value.span)


def _fresh(value: Expr) -> Expr:
    copied: Node = Builtin("fresh", (value,), span=value.span)
    assert isinstance(copied, Builtin)
    return copied
