"""How the explorer spells names in Python source: slots of the frame `L`, shared variables `w.S`."""

from __future__ import annotations

import sys
import time
from functools import lru_cache
from math import isnan
from operator import index
from typing import Any, NoReturn, Protocol

from scenario.engines.explore.model.budget import TimeIsUp
from scenario.engines.explore.model.code import Function
from scenario.engines.explore.model.values import NaN
from scenario.program.bounded.namespace import NAMESPACE
from scenario.program.bounded.patience import Patience
from scenario.program.bounded.work import light
from scenario.program.copying import copied
from scenario.program.evaluate import executed
from scenario.program.exceptions import catches, unset_local
from scenario.program.pycode import expression, index_source, template
from scenario.program.unpacking import unpacked
from scenario.results.undecided import OutOfTime
from scenario.steps.computing import is_container, sequence, timed, times
from scenario.syntax import Expr, FutureQuery, OwnFuture, Query, Register, Template, TlsField

FILE = "<explore>"
"""What tracebacks call the file's own source."""


LONGEST = 2**63 / 10**9
"""Seconds for which CPython can not wait: it counts nanoseconds in 64 bits."""


class Unset:
    """What a local holds before it is assigned."""

    def __repr__(self) -> str:
        return "UNSET"


UNSET = Unset()


class Unknown:
    """What a trace finds in a local that a state has forgotten, for nothing reads it again."""


UNKNOWN = Unknown()


def bound(value: object, name: str) -> object:
    """The local's value, or what Python raises where nothing assigned it."""
    if value is UNSET:
        raise UnboundLocalError(unset_local(name))
    return value


def compared(value: object) -> object:
    """What is compared by `==` and the like: a NaN by itself is equal to nothing, whichever it is."""
    return value.plain if isinstance(value, NaN) else light(value)


def time_of(value: Any) -> Any:
    """The value as a time in C: a float, or what has an index; raises what CPython raises of it."""
    if isinstance(value, float) and isnan(value):
        raise ValueError("Invalid value NaN (not a number)")
    in_time(abs(value if isinstance(value, float) else index(value)))
    return value


def in_time(value: Any) -> object:
    """The seconds, if CPython can count them; it asks first whether there are any."""
    if value > 0 and value >= LONGEST:
        if isinstance(value, float):
            raise OverflowError("timestamp out of range for platform time_t")
        raise OverflowError(f"timestamp too large to convert to C {'_' * (sys.version_info < (3, 13))}PyTime_t")
    return value


def seconds(value: object) -> object:
    """The argument of `sleep`, checked as Python does."""
    if time_of(value) < 0:
        raise ValueError("sleep length must be non-negative")
    return value


def _give_up() -> NoReturn:
    raise TimeIsUp(OutOfTime("expression"))


PATIENCE = Patience(time.monotonic, _give_up)
"""How long the file's own expressions may take: until the end of the search."""

_NAMESPACE: dict[str, Any] = {
    **NAMESPACE,
    "_each": PATIENCE.each,
    "_bound": bound,
    "_compared": compared,
    "_copied": copied,
    "_sequence": sequence,
    "_unpacked": unpacked,
    "_times": times,
    "_seconds": seconds,
    "_timed": timed,
    "_is_container": is_container,
    "_catches": catches,
    "_UNSET": UNSET,
    "__builtins__": {},
}


@lru_cache(maxsize=65536)
def function_of(source: str, *, statement: bool = False) -> Function:
    """A function of the context and the slots, from source of the closed tree."""
    text = f"def f(w, L):\n {source if statement else 'return ' + source}\n"
    namespace = dict(_NAMESPACE)
    executed(text, FILE, namespace)
    function: Function = namespace["f"]
    return function


class Slots(Protocol):
    """Where a body keeps its locals."""

    params: tuple[str, ...]

    def slot(self, name: str) -> int: ...


class Spelling:
    """`pycode.Names` for one body."""

    def __init__(self, slots: Slots) -> None:
        self.slots = slots

    def text(self, node: Expr | Template) -> str:
        return template(node, self) if isinstance(node, Template) else expression(node, self)

    def local(self, name: str) -> str:
        if name in ("name", "index"):
            return f"w.{name}"
        slot = self.slots.slot(name)
        if name.startswith("$h"):
            return f"w.loaded({slot})"
        if name.startswith("$") or slot < len(self.slots.params):
            return f"L[{slot}]"
        return f"_bound(L[{slot}], {name!r})"

    def free(self, name: str) -> str:
        known = self.local(name)
        return f"w.free{known.removeprefix('_bound')}" if known.startswith("_bound(") else known

    def shared(self, name: str) -> str:
        return f"w.S[{name!r}]"

    def tls(self, node: TlsField) -> str:
        return f"w.tls_of({node.tls.name!r}, {index_source(node.tls, self)})[{node.field!r}]"

    def register(self, node: Register) -> str:
        raise TypeError(f"a register is no part of a step: {node!r}")

    def query(self, node: Query) -> str:
        return f"w.asked.query({node.ref.name!r}, {index_source(node.ref, self)}, {node.attribute!r})"

    def own_future(self, node: OwnFuture) -> str:
        return f"w.own_future({node.ref.name!r}, {index_source(node.ref, self)})"

    def future_query(self, node: FutureQuery, future: str) -> str:
        return f"w.asked.future_query({future}, {node.attribute!r})"

    def taking(self, container: str, method: str) -> str:
        return f"w.taking({container}, {method!r})"

    def now(self) -> str:
        return "w.clock()"
