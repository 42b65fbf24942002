"""Templates and statements."""

from __future__ import annotations

from typing import TypeAlias

from scenario.record import record
from scenario.syntax.expressions import BinaryOperator, Expr, Node


@record
class Hole(Node):
    """`{value!r:format}`; conversion is "", "r", "s" or "a"; format is constant text of bounded width."""

    value: Expr
    conversion: str = ""
    format: str = ""


@record
class Template(Node):
    parts: tuple[str | Hole, ...]


# --- statements -------------------------------------------------------------------------------


@record
class Assign(Node):
    """`a = b = value`: targets left to right, after the value."""

    targets: tuple[Expr, ...]
    value: Expr


@record
class AugmentedAssign(Node):
    """`target += value`; operator is the binary one, without `=`."""

    target: Expr
    operator: BinaryOperator
    value: Expr


@record
class Delete(Node):
    """`del x[i], y[k]`: targets are subscripts."""

    targets: tuple[Expr, ...]


@record
class Evaluate(Node):
    """A call of a mutating method, for its effect."""

    value: Expr


@record
class Break(Node):
    pass


@record
class Continue(Node):
    pass


@record
class Pass(Node):
    pass


@record
class Return(Node):
    """Ends the routine or thread; also the verb `return`."""

    value: Expr | None = None


@record
class Reraise(Node):
    """A bare `raise`."""


Statement: TypeAlias = Assign | AugmentedAssign | Delete | Evaluate | Break | Continue | Pass | Return | Reraise
