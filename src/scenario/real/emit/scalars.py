"""Which names certainly never hold a container: what is given away from them needs no copy."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import field

from scenario.program import ops
from scenario.program.ops import Block
from scenario.program.program import Program
from scenario.program.sizes import is_scalar
from scenario.program.targets import bound, targets
from scenario.program.walk import walk_all
from scenario.record import mutable
from scenario.syntax import (
    Assign,
    AugmentedAssign,
    Binary,
    Boolean,
    Builtin,
    Conditional,
    Const,
    Expr,
    FutureQuery,
    Local,
    Query,
    Shared,
)

_ATOMS = (int, float, str, bool, type(None))


@mutable
class Scalars:
    """`unsure` holds (scope, local) and ("", shared variable) that may hold a container."""

    unsure: set[tuple[str, str]] = field(default_factory=set)

    def sure(self, expr: Expr, scope: str) -> bool:
        """Whether the value of an expression in a body is certainly no container."""
        match expr:
            case Const(value):
                return isinstance(value, _ATOMS)
            case Local(name):
                return (scope, name) not in self.unsure
            case Shared(name):
                return ("", name) not in self.unsure
            case Query() | FutureQuery():
                return True
            case Boolean(_, operands):
                return all(self.sure(operand, scope) for operand in operands)
            case Conditional(_, body, orelse):
                return self.sure(body, scope) and self.sure(orelse, scope)
            case Binary("*", left, right):
                return self.sure(left, scope) and self.sure(right, scope)
            case Binary("/" | "//" | "%" | "**" | "<<" | ">>"):
                return True
            case Binary(_, left, right):
                return self.sure(left, scope) or self.sure(right, scope)
            case Builtin("round" | "divmod"):
                return True
            case _:
                return is_scalar(expr)


def find(program: Program, bodies: dict[str, Block]) -> Scalars:
    """Starts from "all are scalar" and takes back what an assignment contradicts, until nothing changes."""
    scalars = Scalars({("", var.name) for var in program.vars if not isinstance(var.value, _ATOMS)})
    for name, routine in program.routines.items():
        scalars.unsure.update((name, param) for param in routine.params)
    given = [(scope, place, value) for scope, block in bodies.items() for place, value in _assignments(block)]
    size = -1
    while size != len(scalars.unsure):
        size = len(scalars.unsure)
        for scope, place, value in given:
            if value is None or not scalars.sure(value, scope):
                scalars.unsure.add(("", place.name) if isinstance(place, Shared) else (scope, place.name))
    return scalars


def _assignments(block: Block) -> Iterator[tuple[Local | Shared, Expr | None]]:
    """Each name that is assigned, with the value's expression (None: unknown)."""
    for op in walk_all(block):
        for target in targets(op):
            whole = isinstance(target, Local | Shared)
            for place in bound(target):
                if isinstance(place, Local | Shared):
                    yield place, _value(op) if whole else None


def _value(op: object) -> Expr | None:
    match op:
        case Assign(_, value):
            return value
        case AugmentedAssign(target, operator, value):
            return Binary(operator, target, value)
        case ops.Repeat() | ops.For(_, Builtin("range")):
            return Const(0)
        case ops.Operation() if op.gives_plain:
            return Const(0)
        case ops.CancelFuture() | ops.SetRunning():
            return Const(0)
        case ops.Submit():
            return Const(0)  # a future is given away as it is
        case _:
            return None
