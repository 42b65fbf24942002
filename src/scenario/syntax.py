"""The closed tree of expressions, statements and templates: nothing else can be written in a scenario.

`spec.expressions` makes it from text, with `Name`, `Attribute` and `Call` where the text had names.
`compile` resolves those: after it a tree has `Local`, `Shared`, `TlsField`, `Register`, `Query`,
`FutureQuery`, `Builtin`, `Method` and `Now` instead, and params have become `Const`.
Assignment targets are expressions of the kinds that Python allows, as in Python's own `ast`.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from typing import Literal, TypeAlias, TypeVar, dataclass_transform

from scenario.source import START, Span

_T = TypeVar("_T")


@dataclass_transform(frozen_default=True, field_specifiers=(field,))
def node(cls: type[_T]) -> type[_T]:
    """A frozen dataclass with slots, for the type checker.

    At run time only its `__init__` is generated (the rest is `Node`'s): a hundred fully generated classes
    would take a sixth of the start of every command.
    """
    return dataclass(slots=True, eq=False, repr=False)(cls)


@node
class Node:
    """Whatever has a place in the file; places do not take part in equality."""

    span: Span = field(default=START, compare=False, kw_only=True)

    def __eq__(self, other: object) -> bool:
        if type(other) is not type(self):
            return NotImplemented
        return all(getattr(self, name) == getattr(other, name) for name in field_names(type(self)))

    def __hash__(self) -> int:
        return hash((type(self), *(getattr(self, name) for name in field_names(type(self)))))

    def __repr__(self) -> str:
        values = ", ".join(f"{name}={getattr(self, name)!r}" for name in field_names(type(self)))
        return f"{type(self).__name__}({values})"


_FIELDS: dict[type[Node], tuple[str, ...]] = {}


def field_names(kind: type[Node]) -> tuple[str, ...]:
    """The fields of a class of nodes, its span apart."""
    known = _FIELDS.get(kind)
    if known is None:
        known = _FIELDS[kind] = tuple(f.name for f in fields(kind) if f.name != "span")
    return known


# --- leaves -----------------------------------------------------------------------------------


@node
class Const(Node):
    """A constant. A container (from a param) is fresh at every evaluation and never mutated in place."""

    value: object


@node
class Name(Node):
    """Unresolved: a name as written."""

    id: str


@node
class Local(Node):
    """A local of the thread or routine call; also `name`, `index` and `error`."""

    name: str


@node
class Shared(Node):
    """A variable of `vars`; reading or writing it is an access."""

    name: str


@node
class TlsField(Node):
    """`tls.x`: a field of a `local` primitive, private to the thread."""

    tls: Ref
    field: str


@node
class Register(Node):
    """`A.r`, `worker[0].r` in expectations: a thread's local at its end (None if never assigned)."""

    thread: Ref
    local: str


@node
class Now(Node):
    """`now()`: the scenario's clock in seconds since the first start."""


@node
class Ref(Node):
    """A primitive or thread by name, or an element of an array or group. Not an expression."""

    name: str
    index: Expr | None = None


@node
class Query(Node):
    """The read-only state of a primitive or thread: `lock.locked()` is `Query(lock, "locked")`. One read."""

    ref: Ref
    attribute: str


@node
class FutureQuery(Node):
    """`fut.done()`, `running`, `cancelled`, `exception` of a value that is a future. One read."""

    future: Expr
    attribute: str


# --- operators --------------------------------------------------------------------------------

UnaryOperator = Literal["-", "+", "~", "not"]
BinaryOperator = Literal["+", "-", "*", "/", "//", "%", "**", "<<", ">>", "&", "|", "^"]
Comparator = Literal["==", "!=", "<", "<=", ">", ">=", "is", "is not", "in", "not in"]


@node
class Unary(Node):
    operator: UnaryOperator
    operand: Expr


@node
class Binary(Node):
    operator: BinaryOperator
    left: Expr
    right: Expr


@node
class Boolean(Node):
    """`a and b and c`: operands after the deciding one are not evaluated."""

    operator: Literal["and", "or"]
    operands: tuple[Expr, ...]


@node
class Compare(Node):
    """`a < b <= c`: len(operators) == len(comparands); each operand is evaluated once, in order."""

    left: Expr
    operators: tuple[Comparator, ...]
    comparands: tuple[Expr, ...]


@node
class Conditional(Node):
    """`body if test else orelse`."""

    test: Expr
    body: Expr
    orelse: Expr


@node
class Subscript(Node):
    """`value[index]`; `index` may be a `Slice`."""

    value: Expr
    index: Expr | Slice


@node
class Slice(Node):
    """Not an expression: stands only in a `Subscript`."""

    lower: Expr | None = None
    upper: Expr | None = None
    step: Expr | None = None


@node
class Starred(Node):
    """`*value` in a display or as a target in unpacking."""

    value: Expr


# --- displays ---------------------------------------------------------------------------------


@node
class ListDisplay(Node):
    items: tuple[Expr, ...]


@node
class TupleDisplay(Node):
    """Also an unpacking target."""

    items: tuple[Expr, ...]


@node
class SetDisplay(Node):
    items: tuple[Expr, ...]


@node
class DictDisplay(Node):
    """A key of None stands for `**value`."""

    keys: tuple[Expr | None, ...]
    values: tuple[Expr, ...]


@node
class Clause(Node):
    """`for target in iterable if condition ...`. Not an expression."""

    target: Expr
    iterable: Expr
    conditions: tuple[Expr, ...]


@node
class Comprehension(Node):
    """A list, set, dict comprehension or a generator (the only argument of a function).

    `key` is set for a dict only. Targets are locals of the comprehension alone.
    """

    kind: Literal["list", "set", "dict", "generator"]
    element: Expr
    clauses: tuple[Clause, ...]
    key: Expr | None = None


# --- calls ------------------------------------------------------------------------------------


@node
class Attribute(Node):
    """Unresolved: `value.name`."""

    value: Expr
    name: str


@node
class Call(Node):
    """Unresolved: `function(args)` where the function is a `Name` or an `Attribute`."""

    function: Expr
    args: tuple[Expr, ...]
    keywords: tuple[tuple[str, Expr], ...] = ()


@node
class Builtin(Node):
    """A call of one of the functions of LANGUAGE.md section 1."""

    name: str
    args: tuple[Expr, ...]
    keywords: tuple[tuple[str, Expr], ...] = ()


@node
class Method(Node):
    """A call of a method of list, dict, set or str. On a shared container it is one step."""

    value: Expr
    name: str
    args: tuple[Expr, ...]
    keywords: tuple[tuple[str, Expr], ...] = ()


Expr: TypeAlias = (
    Const | Name | Local | Shared | TlsField | Register | Now | Query | FutureQuery
    | Unary | Binary | Boolean | Compare | Conditional | Subscript | Starred
    | ListDisplay | TupleDisplay | SetDisplay | DictDisplay | Comprehension
    | Attribute | Call | Builtin | Method
)  # fmt: skip


# --- templates --------------------------------------------------------------------------------


@node
class Hole(Node):
    """`{value!r:format}`; conversion is "", "r", "s" or "a"; format is constant text of bounded width."""

    value: Expr
    conversion: str = ""
    format: str = ""


@node
class Template(Node):
    parts: tuple[str | Hole, ...]


# --- statements -------------------------------------------------------------------------------


@node
class Assign(Node):
    """`a = b = value`: targets left to right, after the value."""

    targets: tuple[Expr, ...]
    value: Expr


@node
class AugmentedAssign(Node):
    """`target += value`; operator is the binary one, without `=`."""

    target: Expr
    operator: BinaryOperator
    value: Expr


@node
class Delete(Node):
    """`del x[i], y[k]`: targets are subscripts."""

    targets: tuple[Expr, ...]


@node
class Evaluate(Node):
    """A call of a mutating method, for its effect."""

    value: Expr


@node
class Break(Node):
    pass


@node
class Continue(Node):
    pass


@node
class Pass(Node):
    pass


@node
class Return(Node):
    """Ends the routine or thread; also the verb `return`."""

    value: Expr | None = None


@node
class Reraise(Node):
    """A bare `raise`."""


Statement: TypeAlias = Assign | AugmentedAssign | Delete | Evaluate | Break | Continue | Pass | Return | Reraise
