"""Which names certainly never hold a container: what is given away from them needs no copy."""

from __future__ import annotations

from dataclasses import field

from scenario.program import ops
from scenario.program.ops import Block
from scenario.program.program import Program
from scenario.program.sizes import is_scalar
from scenario.program.targets import assigned, assignments
from scenario.record import mutable
from scenario.syntax import (
    Binary,
    Boolean,
    Builtin,
    Conditional,
    Const,
    Expr,
    FutureQuery,
    Local,
    Node,
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
    given = [
        (scope, place, None if op is None else _value(op))
        for scope, block in bodies.items()
        for place, op in assignments(block)
    ]
    size = -1
    while size != len(scalars.unsure):
        size = len(scalars.unsure)
        for scope, place, value in given:
            if value is None or not scalars.sure(value, scope):
                scalars.unsure.add(("", place.name) if isinstance(place, Shared) else (scope, place.name))
    return scalars


def _value(op: Node) -> Expr | None:
    """What the step gives to its target, or something that is no container either (None: unknown)."""
    match op:
        case ops.Operation() if op.gives_plain:
            return Const(0)
        case ops.CancelFuture() | ops.SetRunning():
            return Const(0)
        case ops.Submit():
            return Const(0)  # a future is given away as it is
        case _:
            return assigned(op)
