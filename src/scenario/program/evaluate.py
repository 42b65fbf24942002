"""Expressions over plain values, for constants and for what must hold."""

from __future__ import annotations

import time
import warnings
from collections.abc import Callable, Mapping
from dataclasses import field
from functools import lru_cache
from types import CodeType
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from scenario.machine import resident
from scenario.program.bounded.limits import Refused, refuse
from scenario.program.bounded.namespace import NAMESPACE
from scenario.program.bounded.patience import Patience, expired, full
from scenario.program.pycode import Names, expression, index_source, template
from scenario.record import record
from scenario.syntax import Const, Expr, FutureQuery, OwnFuture, Query, Register, Template, TlsField

if TYPE_CHECKING:
    import ast

T = TypeVar("T")


class Environment(Protocol):
    """Where an evaluation finds what the tree names. Each may raise; the exception is the evaluation's."""

    def local(self, name: str, /) -> object: ...
    def shared(self, name: str, /) -> object: ...
    def register(self, thread: str, index: int | None, local: str, /) -> object: ...
    def query(self, name: str, index: int | None, attribute: str, /) -> object: ...
    def own_future(self, name: str, index: int | None, /) -> object: ...
    def future(self, future: object, attribute: str, /) -> object: ...
    def now(self) -> float: ...


@record
class Constants:
    """The environment of constants: named values (`index`, say) and nothing else."""

    values: Mapping[str, object] = field(default_factory=dict)

    def local(self, name: str) -> object:
        return self.values[name]

    def shared(self, name: str) -> object:
        return self.values[name]

    def register(self, thread: str, _: int | None, local: str) -> object:
        raise LookupError(f"no thread here: {thread}.{local}")

    def query(self, name: str, _: int | None, attribute: str) -> object:
        raise LookupError(f"no object here: {name}.{attribute}")

    def own_future(self, name: str, _: int | None) -> object:
        raise LookupError(f"no future here: {name}")

    def future(self, _: object, attribute: str) -> object:
        raise LookupError(f"no future here: {attribute}")

    def now(self) -> float:
        raise LookupError("no clock here")


class Asking:
    """`pycode.Names` that ask the environment `e` for everything."""

    def local(self, name: str) -> str:
        return f"e.local({name!r})"

    free = local

    def shared(self, name: str) -> str:
        return f"e.shared({name!r})"

    def tls(self, node: TlsField) -> str:
        raise TypeError(f"{node.tls.name}.{node.field} belongs to a thread: no claim can read it")

    def register(self, node: Register) -> str:
        return f"e.register({node.thread.name!r}, {index_source(node.thread, self)}, {node.local!r})"

    def query(self, node: Query) -> str:
        return f"e.query({node.ref.name!r}, {index_source(node.ref, self)}, {node.attribute!r})"

    def own_future(self, node: OwnFuture) -> str:
        return f"e.own_future({node.ref.name!r}, {index_source(node.ref, self)})"

    def future_query(self, node: FutureQuery, future: str) -> str:
        return f"e.future({future}, {node.attribute!r})"

    def taking(self, container: str, method: str) -> str:
        return f"{container}.{method}"

    def now(self) -> str:
        return "e.now()"


ASKING = Asking()

LONGEST = 2.0
"""Seconds of computing that one evaluation may take."""

DEADLINE = Patience(time.monotonic, expired)
"""Until when whoever judges at all may judge: a search sets it."""

ROOM = Patience(resident, full)
"""Up to which size of the process a file may be compiled, looked at before each of its cases."""

_PATIENCE = Patience(time.thread_time, lambda: refuse(f"more than {LONGEST:g} seconds in one evaluation"), DEADLINE)
_NAMESPACE: dict[str, object] = {**NAMESPACE, "_each": _PATIENCE.each, "__builtins__": {}}


def evaluate(expr: Expr, environment: Environment, names: Names = ASKING) -> Any:
    """The expression's value; raises what the expression raises (`bounded.limits.Refused` past the bounds)."""
    if isinstance(expr, Const) and not isinstance(expr.value, list | dict | set):
        return expr.value
    return _run(expression(expr, names), environment)


def render(text: Template, environment: Environment, names: Names = ASKING) -> str:
    """The template's text."""
    return str(_run(template(text, names), environment))


def _run(source: str, environment: Environment) -> object:
    DEADLINE.look()
    with _PATIENCE.within(LONGEST):
        return _function(source)(environment)


@lru_cache(maxsize=1024)
def _function(source: str) -> Callable[[Environment], object]:
    function: Callable[[Environment], object]
    function = executed(f"function = lambda e: {source}", "<expression>", dict(_NAMESPACE))["function"]
    return function


def executed(source: str, filename: str, namespace: dict[str, object]) -> dict[str, Any]:
    """The namespace, after the source has been executed in it."""
    return executed_code(compiled(source, filename), namespace)


def executed_code(code: CodeType, namespace: dict[str, object]) -> dict[str, Any]:
    """The same of what is compiled: it was made of the closed tree, by us."""
    exec(code, namespace)  # noqa: S102 (source of the closed tree only)
    return namespace


def compiled(source: str | ast.Module, filename: str) -> CodeType:
    """What `compile` gives, without Python's warnings: they would speak of lines nobody wrote (`1 is x`)."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SyntaxWarning)
        code: CodeType = compile(source, filename, "exec", dont_inherit=True)
    return code


@record
class Raised:
    """What was raised in the place of a value."""

    error: Exception | Refused


def tried(ask: Callable[[], T]) -> T | Raised:
    """What is asked, or what it raised: a file's expression may raise anything, and that is its answer then.

    What goes past a bound is none: `Refused` comes through.
    """
    try:
        return ask()
    except Exception as error:  # noqa: BLE001 (whatever it is, it is the file's own)
        return Raised(error)


def answered(ask: Callable[[], T]) -> T | Raised:
    """The same where going past a bound is an answer too."""
    try:
        return tried(ask)
    except Refused as refused:
        return Raised(refused)
