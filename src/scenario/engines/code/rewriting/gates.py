"""Calls of gates, as trees, and the places of the source that they name."""

from __future__ import annotations

import ast

from scenario.engines.code.places import Place

LONGEST = 80


class Gates:
    """Those of one module; `places` gets each place that is made, a gate's number is its index there."""

    def __init__(self, file: str, places: list[Place]) -> None:
        self.file = file
        self._places = places
        self._begin: dict[tuple[int, int], int] = {}

    def place(self, node: ast.AST, text: str, location: tuple[object, ...] | None = None) -> ast.Constant:
        """The number of a new place; `location`: what is accessed there, if that is known by its name."""
        line, column = getattr(node, "lineno", 0), getattr(node, "col_offset", 0)
        nth = self._begin[line, column] = self._begin.get((line, column), 0) + 1
        self._places.append(Place(self.file, line, column + 1, text[:LONGEST], location, nth))
        return ast.Constant(len(self._places) - 1)

    def gate(self, gate: str, node: ast.expr, text: str, *operands: ast.expr) -> ast.Call:
        """A gate at a new place."""
        return call(gate, node, self.place(node, text), *operands)


def call(gate: str, node: ast.AST, *operands: ast.expr) -> ast.Call:
    """A call by a name that no program can write, in the place of a node."""
    made = ast.Call(ast.Name(f"@{gate}", ast.Load()), list(operands), [])
    return ast.copy_location(made, node)
