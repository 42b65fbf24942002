"""The objects of a program in the order in which they are made: conditions after the locks that they share."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from scenario.program.program import Condition, Kind, Primitive

Make: TypeAlias = Callable[[str, Kind, Mapping[str, list[Any]]], object]
"""One object by its label (`pools[1]`) and kind; what was made before is at hand."""


def made(primitives: tuple[Primitive, ...], make: Make) -> dict[str, object]:
    """An object, or a list of them for an array, by the primitive's name."""
    built: dict[str, list[object]] = {}
    for late in (False, True):
        for primitive in primitives:
            if late == any(isinstance(kind, Condition) for kind in primitive.elements):
                built[primitive.name] = [
                    make(f"{primitive.name}[{i}]" if primitive.is_array else primitive.name, kind, built)
                    for i, kind in enumerate(primitive.elements)
                ]
    return {
        primitive.name: built[primitive.name] if primitive.is_array else built[primitive.name][0]
        for primitive in primitives
    }
