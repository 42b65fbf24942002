"""Shared variables of processes: numbers in shared memory where they are always of one type, all else in a manager."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import TypeAlias, TypeVar

from scenario.export.python.names import Names
from scenario.program import ops
from scenario.program.program import Program
from scenario.program.targets import assigned, assignments
from scenario.program.walk import walk_all
from scenario.program.whole import RUNS
from scenario.record import record
from scenario.syntax import (
    Binary,
    Boolean,
    Builtin,
    Compare,
    Comprehension,
    Conditional,
    Const,
    Expr,
    Local,
    Method,
    Name,
    Node,
    Shared,
    Subscript,
    Unary,
)

N = TypeVar("N", bound=Node)
Types: TypeAlias = frozenset[str]
Place: TypeAlias = tuple[str, str]
"""A scope ("" of what is shared) and a name."""
UNKNOWN: Types = frozenset({"?"})
NUMBERS = {"int": "q", "float": "d", "bool": "ctypes.c_bool"}
"""What `multiprocessing.Value` is told of a variable that is always of this type."""


def held(names: Names, name: str) -> str:
    """How a shared variable is read and written."""
    plain = names.identifier(name)
    if names.program.runtime != "multiprocessing":
        return plain
    if is_container(names, name):
        return f"{plain}.copy()" if is_dict(names, name) else f"{plain}[:]"
    return f"{plain}.value"


def itself(names: Names, expr: Expr) -> Expr:
    """With the names of shared containers in the places where one request does it: an element, a method, how many, what is in it.

    Anywhere else a container is read as a whole, which is a copy that its manager makes.
    """

    def own(part: N) -> N | Name:
        if not (isinstance(part, Shared) and is_container(names, part.name)):
            return part
        return Name(names.identifier(part.name))

    match expr:
        case Subscript(value):
            return replace(expr, value=own(value))
        case Method(value, name) if name != "copy":
            return replace(expr, value=own(value))
        case Builtin("len", args):
            return replace(expr, args=tuple(map(own, args)))
        case Compare(_, operators, comparands):
            told = zip(operators, comparands, strict=True)
            return replace(expr, comparands=tuple(own(one) if "in" in operator else one for operator, one in told))
        case Comprehension(clauses=clauses):
            through = (replace(clause, iterable=gone_through(names, clause.iterable)) for clause in clauses)
            return replace(expr, clauses=tuple(through))
        case _:
            return expr


def gone_through(names: Names, iterable: Expr) -> Expr:
    """What a loop runs over: a list gives an element a time, and a dict its keys."""
    if not (isinstance(iterable, Shared) and is_container(names, iterable.name)):
        return iterable
    plain = names.identifier(iterable.name)
    return Name(f"{plain}.keys()" if is_dict(names, iterable.name) else plain)


def is_container(names: Names, name: str) -> bool:
    return any(var.name == name and isinstance(var.value, list | dict) for var in names.program.vars)


def is_dict(names: Names, name: str) -> bool:
    return any(var.name == name and isinstance(var.value, dict) for var in names.program.vars)


def declared(names: Names, name: str, initial: str) -> str:
    """What makes a variable of processes, from the text of its first value."""
    value = next(var.value for var in names.program.vars if var.name == name)
    if isinstance(value, list | dict):
        return f"{names.helper('manager')}.{type(value).__name__}({initial})"
    code = NUMBERS.get("".join(of_variables(names.program).get(("", name), UNKNOWN)))
    if code is None:
        return f'{names.helper("manager")}.Value("O", {initial})'
    told = names.module(code) if "." in code else f'"{code}"'
    return f"{names.module('multiprocessing.Value')}({told}, {initial})"


def of_variables(program: Program) -> Mapping[Place, Types]:
    """The types of all that names may ever have: begins with none, and adds what is assigned until nothing changes."""
    known: dict[Place, Types] = {("", var.name): _of_value(var.value) for var in program.vars}
    given = list(_assignments(program))
    while True:
        before = dict(known)
        for place, scope, value in given:
            found = UNKNOWN if value is None else _Reader(program, known, scope).types(value)
            known[place] = known.get(place, frozenset()) | found
        if known == before:
            return known


def _of_value(value: object) -> Types:
    return frozenset({type(value).__name__})


@record
class _Reader:
    """What is known within one scope."""

    program: Program
    known: Mapping[Place, Types]
    scope: str

    def types(self, expr: Expr) -> Types:
        match expr:
            case Const(value):
                return _of_value(value)
            case Local("index"):
                return frozenset({"int"})
            case Local("name" | "error"):
                return UNKNOWN
            case Local(name):
                return self.known.get((self.scope, name), frozenset())
            case Shared(name):
                return self.known[("", name)]
            case Compare() | Builtin("any" | "all" | "bool") | Unary("not"):
                return frozenset({"bool"})
            case Builtin("len" | "int"):
                return frozenset({"int"})
            case Builtin("float"):
                return frozenset({"float"})
            case Boolean(_, operands):
                return frozenset().union(*map(self.types, operands))
            case Conditional(_, body, orelse):
                return self.types(body) | self.types(orelse)
            case Binary("+" | "-" | "*" | "//" | "%", left, right):
                both = self.types(left) | self.types(right)
                return both if both <= {"int"} or both == {"float"} else UNKNOWN
            case _:
                return UNKNOWN


def _assignments(program: Program) -> Iterator[tuple[Place, str, Expr | None]]:
    """Each name that is assigned, in which scope, with the value's expression (None: unknown)."""
    bodies = {"main": program.main or (), **{group.key: group.body for group in program.groups}}
    bodies |= {name: routine.body for name, routine in program.routines.items()}
    for scope, body in bodies.items():
        for place, op in assignments(body):
            own = "" if isinstance(place, Shared) else scope
            yield (own, place.name), scope, None if op is None else assigned(op)
        for op in walk_all(body):
            yield from _given(program, op, scope)


def _given(program: Program, op: object, scope: str) -> Iterator[tuple[Place, str, Expr | None]]:
    """The parameters of a routine that is called, or given to others to call."""
    if not isinstance(op, RUNS):
        return
    params = program.routines[op.routine].params if op.routine in program.routines else ()
    for number, param in enumerate(params):
        yield (op.routine, param), scope, op.args[number] if isinstance(op, ops.CallRoutine) else None
