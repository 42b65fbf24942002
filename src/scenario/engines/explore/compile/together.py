"""Several reads of one shared variable for one expression: what they give shares its objects, as in Python.

A read gives a copy, and what is left of a container in a copy is equal to it. Only where something is in itself, or `is` is
asked, it matters which objects are one. There a further read finds in the variable what earlier ones have given; where it can
not, nothing is decided.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from operator import attrgetter
from typing import NamedTuple

from scenario.engines.explore.model.code import Access, Function, Instruction
from scenario.engines.explore.model.selves import CONTAINERS, found_in, holds_itself, not_known
from scenario.engines.explore.model.values import freeze
from scenario.program.walk import walk
from scenario.steps import code as steps
from scenario.steps.following import may_be_replaced
from scenario.syntax import Compare, Const, Node

_program = attrgetter("layout.program")
_variables = attrgetter("S")


class _Earlier(NamedTuple):
    """A temporary with what has been read: `again` reads it once more; None: it is made of what was read."""

    slot: int
    again: Function | None
    is_read: bool


def together(
    code: steps.Code, compiled: Sequence[Instruction], live: Sequence[frozenset[int]]
) -> tuple[Instruction, ...]:
    """The instructions; an access to a variable begins with what its thread has read of it before and still needs."""
    read = _read(code)
    asks = any(_asks_which(value) for of in code.instructions for value in _values(of))
    whole = []
    for pc, (of, each) in enumerate(zip(code.instructions, compiled, strict=True)):
        slots = [slot for slot in sorted(live[pc]) if isinstance(of, steps.Access) and read.get(slot, _NONE) & of.reads]
        earlier = [_earlier(code, compiled, slot, live[pc]) for slot in slots]
        whole.append(
            replace(each, function=_joined(each, earlier, asks)) if isinstance(each, Access) and earlier else each
        )
    return tuple(whole)


_NONE: frozenset[str] = frozenset()


def _read(code: steps.Code) -> dict[int, frozenset[str]]:
    """Of which variables there may be parts in a temporary slot."""
    read: dict[int, frozenset[str]] = {}
    changed = True
    while changed:
        changed = False
        for each in code.instructions:
            of = each.reads if isinstance(each, steps.Access) else _NONE
            of = of.union(*(read.get(slot, _NONE) for slot in each.uses))
            for slot in each.defines:
                if code.slots[slot].startswith("$") and not of <= read.get(slot, _NONE):
                    read[slot] = of.union(read.get(slot, _NONE))
                    changed = True
    return read


def _earlier(code: steps.Code, compiled: Sequence[Instruction], slot: int, live: frozenset[int]) -> _Earlier:
    for of, each in zip(code.instructions, compiled, strict=True):
        if isinstance(of, steps.Read) and isinstance(each, Access) and of.defines == (slot,):
            return _Earlier(slot, each.function if live.issuperset(of.uses) else None, is_read=True)
    return _Earlier(slot, None, is_read=False)


def _values(of: steps.AnyInstruction) -> list[Node]:
    return [value for name in ("value", "test") if isinstance(value := getattr(of, name, None), Node)]


def _asks_which(value: Node) -> bool:
    """Whether it asks by `is` of two objects whether they are one."""
    return any(
        isinstance(node, Compare)
        and {"is", "is not"}.intersection(node.operators)
        and not any(isinstance(part, Const) for part in (node.left, *node.comparands))
        for node in walk(value)
    )


def _joined(access: Access, earlier: list[_Earlier], asks: bool) -> Function:
    def joined(w: object, frame: list[object]) -> object:
        for one in earlier:
            value = frame[one.slot]
            if value.__class__ in CONTAINERS and (asks or holds_itself(value)):
                frame[one.slot] = _the_same(w, frame, one)
        return access.function(w, frame)

    def _the_same(w: object, frame: list[object], one: _Earlier) -> object:
        value = frame[one.slot]
        if not one.is_read or may_be_replaced(_program(w), access.reads):
            raise not_known()
        if one.again is None:
            return found_in([_variables(w)[name] for name in access.reads], value)
        now = one.again(w, frame)
        if freeze(now) != freeze(value):
            raise not_known()
        return now

    return joined
