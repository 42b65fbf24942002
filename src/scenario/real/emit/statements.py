"""Statements as Python lines: assignments with their copies and bounds."""

from __future__ import annotations

from typing import assert_never

from scenario.program.bounded.namespace import IN_PLACE
from scenario.program.places import root
from scenario.program.sizes import is_scalar, is_small
from scenario.program.targets import bound, writes
from scenario.real import footprint as footprints
from scenario.real.emit.context import Context
from scenario.syntax import (
    Assign,
    AugmentedAssign,
    Break,
    Continue,
    Delete,
    Evaluate,
    Expr,
    ListDisplay,
    Local,
    Pass,
    Reraise,
    Return,
    Shared,
    Slice,
    Starred,
    Statement,
    Subscript,
    TlsField,
    TupleDisplay,
)


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
                c.out.line(c.read(value))
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
    """Python's own line where nothing has to be copied or counted on the way; else target by target."""
    places = [place for target in targets for place in bound(target)]
    kept = all(isinstance(place, Local | Shared | TlsField) for place in places) or is_scalar(value)
    if _is_sure(c, value) or all(root(place) is None for place in places):
        if kept and not any(map(_is_slice, places)):
            c.out.line(" = ".join([*(c.target(target) for target in targets), c.read(value)]))
            return
    elif len(places) == 1 and isinstance(targets[0], Shared):
        c.out.line(f"{c.raw(targets[0])} = {c.given(value)}")
        return
    held, sure = c.temp(c.read(value)), c.facts.scalars.sure(value, c.scope)
    for target in targets:
        _store(c, target, held, sure=sure)


def _is_sure(c: Context, value: Expr) -> bool:
    """Whether what is assigned surely needs no copies: a tuple that is taken apart has its items looked at."""
    items = value.items if isinstance(value, TupleDisplay) else (value,)
    return all(c.facts.scalars.sure(item, c.scope) for item in items)


def _store(c: Context, target: Expr, held: str, *, sure: bool) -> None:
    """Part by part: what becomes shared is copied when it is stored."""
    match target:
        case TupleDisplay(items) | ListDisplay(items):
            names = [c.temp("None") for _ in items]
            stars = ["*" if isinstance(item, Starred) else "" for item in items]
            c.out.line(f"[{', '.join(map(str.__add__, stars, names))}] = {held}")
            for item, name in zip(items, names, strict=True):
                _store(c, item.value if isinstance(item, Starred) else item, name, sure=False)
        case Subscript(container, index):
            place, at = c.temp(c.place(container)), c.temp(_index(c, index))
            value = held if sure or root(target) is None else f"_fresh({held})"
            if isinstance(index, Slice):
                c.out.line(f"{place}[{at}] = _spliced({place}, {value})")
            else:
                c.out.line(f"{place}[{at}] = {value if sure else f'_nested({value})'}")
        case _:
            c.out.line(f"{c.raw(target)} = {held if sure or root(target) is None else f'_fresh({held})'}")


def _index(c: Context, index: Expr | Slice) -> str:
    if not isinstance(index, Slice):
        return c.raw(index)
    parts = (index.lower, index.upper, index.step)
    return f"_slice({', '.join('None' if part is None else c.raw(part) for part in parts)})"


def _is_slice(target: Expr) -> bool:
    return isinstance(target, Subscript) and isinstance(target.index, Slice)


def _augmented(c: Context, op: AugmentedAssign) -> None:
    value = c.given(op.value) if root(op.target) is not None else c.read(op.value)
    if isinstance(op.target, Shared) and op.target.name in c.facts.managed:
        c.out.line(f"{c.place(op.target)} {op.operator}= {value}")
        return
    function = IN_PLACE.get(op.operator)
    if function is None or (op.operator in ("+", "-") and is_small(op.value)):
        c.out.line(f"{c.raw(op.target)} {op.operator}= {value}")
        return
    place = c.raw(op.target)
    if isinstance(op.target, Subscript):
        container, index = c.temp(c.place(op.target.value)), c.temp(_index(c, op.target.index))
        place = f"{container}[{index}]"
    c.out.line(f"{place} = {function}({place}, {value})")
