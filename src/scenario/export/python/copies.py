"""Whether anything could tell that a container is given on as it is, and not as a copy."""

from __future__ import annotations

from scenario.export.python.names import Names
from scenario.program.places import MUTATING
from scenario.program.program import Program
from scenario.program.targets import bound, targets
from scenario.program.walk import walk_all
from scenario.real.emit.scalars import Scalars, find
from scenario.record import record
from scenario.syntax import (
    Assign,
    AugmentedAssign,
    Builtin,
    Comprehension,
    Const,
    DictDisplay,
    Expr,
    ListDisplay,
    Local,
    Method,
    SetDisplay,
    Shared,
    Subscript,
    TupleDisplay,
)


@record
class Copies:
    """`needed`: some container that may have two names is changed in place."""

    scalars: Scalars
    needed: bool

    def given(self, names: Names, expr: Expr, text: str, scope: str) -> str:
        """An expression that is given to a variable, a queue, a thread or a routine."""
        if not self.needed or self.scalars.sure(expr, scope) or self._fresh(expr, scope):
            return text
        return f"{names.module('copy.deepcopy')}({text})"

    def _fresh(self, expr: Expr, scope: str) -> bool:
        """Nobody else has what it gives, nor anything in it."""
        match expr:
            case Const():
                return True
            case ListDisplay(items) | TupleDisplay(items) | SetDisplay(items):
                return all(self.scalars.sure(item, scope) or self._fresh(item, scope) for item in items)
            case DictDisplay(keys, values):
                return None not in keys and all(self.scalars.sure(v, scope) or self._fresh(v, scope) for v in values)
            case Comprehension(_, element):
                return self.scalars.sure(element, scope) or self._fresh(element, scope)
            case Builtin("range" | "min" | "max" | "len" | "sum" | "abs"):
                return True
            case _:
                return False


def copies(program: Program) -> Copies:
    """Looks for changes in place of what a local names, of what lies in another container, and of what was just given."""
    bodies = {"main.": program.main or (), **{f"{group.key}.": group.body for group in program.groups}}
    bodies |= {name: routine.body for name, routine in program.routines.items()}
    scalars = find(program, bodies)
    changed = [
        place
        for scope, body in bodies.items()
        for node in walk_all(body)
        for place in _changed(node)
        if not scalars.sure(place, scope)
    ]
    shared = {place.name for place in changed if isinstance(place, Shared)}
    rebound = (
        isinstance(target, Shared) and target.name in shared and not isinstance(node.value, Const)
        for node in walk_all(tuple(bodies.values()))
        if isinstance(node, Assign)
        for target in node.targets
    )
    return Copies(scalars, any(isinstance(place, Local | Subscript) for place in changed) or any(rebound))


def _changed(node: object) -> list[Expr]:
    """The containers that a node changes in place, as expressions."""
    match node:
        case Method(value, name) if name in MUTATING:
            return [value]
        case AugmentedAssign(Local() as target):
            return [target]
        case Assign() | AugmentedAssign():
            return [t.value for target in targets(node) for t in bound(target) if isinstance(t, Subscript)]
        case _:
            return []
