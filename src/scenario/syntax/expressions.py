"""Expressions, before and after their names are resolved; whatever has a place in the file."""

from __future__ import annotations

from dataclasses import field
from typing import Literal, TypeAlias

from scenario.record import record
from scenario.source import START, Span


@record
class Node:
    """Whatever has a place in the file; places do not take part in equality."""

    span: Span = field(default=START, compare=False, repr=False, kw_only=True)


# --- leaves -----------------------------------------------------------------------------------


@record
class Const(Node):
    """A constant. A container (from a param) is fresh at every evaluation and never mutated in place."""

    value: object


@record
class Param(Const):
    """A param that is left open (explored for all its values): `value` is that of one instance, and may be any other."""

    name: str


@record
class Name(Node):
    """Unresolved: a name as written."""

    id: str


@record
class Local(Node):
    """A local of the thread or routine call; also `name`, `index` and `error`.

    `free`: it is read inside what CPython compiles as a function of its own (a comprehension, a predicate), which tells where
    it is unset. `inner`: it is the variable of a comprehension, in the index of a ref that stands in it (`program/pycode.py`).
    """

    name: str
    free: bool = field(default=False, compare=False, repr=False, kw_only=True)
    inner: bool = field(default=False, compare=False, repr=False, kw_only=True)


@record
class Shared(Node):
    """A variable of `vars`; reading or writing it is an access."""

    name: str


@record
class TlsField(Node):
    """`tls.x`: a field of a `local` primitive, private to the thread."""

    tls: Ref
    field: str


@record
class Register(Node):
    """`A.r`, `worker[0].r` in expectations: a thread's local at its end (None if never assigned)."""

    thread: Ref
    local: str


@record
class Now(Node):
    """`now()`: the scenario's clock in seconds since the first start."""


@record
class Ref(Node):
    """A primitive or thread by name, or an element of an array or group. Not an expression."""

    name: str
    index: Expr | None = None


@record
class Query(Node):
    """The read-only state of a primitive or thread: `lock.locked()` is `Query(lock, "locked")`. One read."""

    ref: Ref
    attribute: str


@record
class OwnFuture(Node):
    """A future of the scenario's own, as a value: a `Future` among its primitives, or an element of an array of them."""

    ref: Ref


@record
class FutureQuery(Node):
    """`fut.done()`, `running`, `cancelled`, `exception` of a value that is a future. One read."""

    future: Expr
    attribute: str


# --- operators --------------------------------------------------------------------------------

UnaryOperator = Literal["-", "+", "~", "not"]
BinaryOperator = Literal["+", "-", "*", "/", "//", "%", "**", "<<", ">>", "&", "|", "^"]
Comparator = Literal["==", "!=", "<", "<=", ">", ">=", "is", "is not", "in", "not in"]


@record
class Unary(Node):
    operator: UnaryOperator
    operand: Expr


@record
class Binary(Node):
    operator: BinaryOperator
    left: Expr
    right: Expr


@record
class Boolean(Node):
    """`a and b and c`: operands after the deciding one are not evaluated."""

    operator: Literal["and", "or"]
    operands: tuple[Expr, ...]


@record
class Compare(Node):
    """`a < b <= c`: len(operators) == len(comparands); each operand is evaluated once, in order."""

    left: Expr
    operators: tuple[Comparator, ...]
    comparands: tuple[Expr, ...]


@record
class Conditional(Node):
    """`body if test else orelse`."""

    test: Expr
    body: Expr
    orelse: Expr


@record
class Subscript(Node):
    """`value[index]`; `index` may be a `Slice`."""

    value: Expr
    index: Expr | Slice


@record
class Slice(Node):
    """Not an expression: stands only in a `Subscript`."""

    lower: Expr | None = None
    upper: Expr | None = None
    step: Expr | None = None


@record
class Starred(Node):
    """`*value` in a display or as a target in unpacking."""

    value: Expr


# --- displays ---------------------------------------------------------------------------------


@record
class ListDisplay(Node):
    items: tuple[Expr, ...]


@record
class TupleDisplay(Node):
    """Also an unpacking target."""

    items: tuple[Expr, ...]


@record
class SetDisplay(Node):
    items: tuple[Expr, ...]


@record
class DictDisplay(Node):
    """A key of None stands for `**value`."""

    keys: tuple[Expr | None, ...]
    values: tuple[Expr, ...]


@record
class Clause(Node):
    """`for target in iterable if condition ...`. Not an expression."""

    target: Expr
    iterable: Expr
    conditions: tuple[Expr, ...]


ComprehensionKind: TypeAlias = Literal["list", "set", "dict", "generator"]


@record
class Comprehension(Node):
    """A list, set, dict comprehension or a generator (the only argument of a function).

    `key` is set for a dict only. Targets are locals of the comprehension alone.
    """

    kind: ComprehensionKind
    element: Expr
    clauses: tuple[Clause, ...]
    key: Expr | None = None


# --- calls ------------------------------------------------------------------------------------


@record
class Attribute(Node):
    """Unresolved: `value.name`."""

    value: Expr
    name: str


@record
class Call(Node):
    """Unresolved: `function(args)` where the function is a `Name` or an `Attribute`."""

    function: Expr
    args: tuple[Expr, ...]
    keywords: tuple[tuple[str, Expr], ...] = ()


@record
class Builtin(Node):
    """A call of one of the functions of LANGUAGE.md section 1."""

    name: str
    args: tuple[Expr, ...]
    keywords: tuple[tuple[str, Expr], ...] = ()


@record
class Method(Node):
    """A call of a method of list, dict, set or str. On a shared container it is one step."""

    value: Expr
    name: str
    args: tuple[Expr, ...]
    keywords: tuple[tuple[str, Expr], ...] = ()


Expr: TypeAlias = (
    Const | Param | Name | Local | Shared | TlsField | Register | Now | Query | OwnFuture | FutureQuery
    | Unary | Binary | Boolean | Compare | Conditional | Subscript | Starred
    | ListDisplay | TupleDisplay | SetDisplay | DictDisplay | Comprehension
    | Attribute | Call | Builtin | Method
)  # fmt: skip
