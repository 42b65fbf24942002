"""The objects of a program in the order in which they are made, conditions after the locks that they share; and their names."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from scenario.program.bounded.patience import Look, unhurried
from scenario.program.program import Condition, Kind, Primitive, Program, element_name
from scenario.program.whole import lock_name

Make: TypeAlias = Callable[[str, Kind, Mapping[str, list[Any]]], object]
"""One object by its label (`pools[1]`) and kind; what was made before is at hand."""


def made(primitives: tuple[Primitive, ...], make: Make, look: Look = unhurried) -> dict[str, object]:
    """An object, or a list of them for an array, by the primitive's name. There may be very many: before each somebody may `look` at the clock."""

    def one(label: str, kind: Kind) -> object:
        look()
        return make(label, kind, built)

    built: dict[str, list[object]] = {}
    for late in (False, True):
        for primitive in primitives:
            if late == any(isinstance(kind, Condition) for kind in primitive.elements):
                built[primitive.name] = [
                    one(element_name(primitive.name, i if primitive.is_array else None), kind)
                    for i, kind in enumerate(primitive.elements)
                ]
    return {
        primitive.name: built[primitive.name] if primitive.is_array else built[primitive.name][0]
        for primitive in primitives
    }


def names_of(
    program: Program, objects: Mapping[str, object], lock_of: Callable[[object], object]
) -> dict[int, tuple[str, str]]:
    """Every primitive's id -> (name, name as reported). `lock_of` gives the lock under a condition, else the object itself."""
    found: dict[int, tuple[str, str]] = {}
    for primitive in program.primitives:
        place = objects[primitive.name]
        # a condition's own lock goes by the condition's name; a shared one is named by its own entry
        has_own_lock = lock_name(program, primitive.name) == primitive.name
        for index, element in enumerate(place if isinstance(place, list) else [place]):
            name = primitive.name, element_name(primitive.name, index if primitive.is_array else None)
            found.setdefault(id(element), name)
            if has_own_lock:
                found.setdefault(id(lock_of(element)), name)
    return found
