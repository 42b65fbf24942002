"""One call on an object as Python lines: as the operation says what it is, but for those that need more than a call."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from scenario.program import ops
from scenario.real.emit import locks, queues
from scenario.real.emit.context import Context
from scenario.real.emit.guarded import changes, checked, is_recorded, names_of, record
from scenario.record import field_names


def emit(c: Context, op: ops.Operation) -> None:
    """One operation."""
    _MORE_THAN_A_CALL.get(type(op), _blocking if op.waits_for else _at_once)(c, op)


def _blocking(c: Context, op: ops.Operation) -> None:
    """A method that may wait: outside the hidden lock, with its checks behind it."""
    kept = _called(c, op)
    checked(c, op, op.ref)
    _store(c, op, kept)


def _at_once(c: Context, op: ops.Operation) -> None:
    """A method that never waits: one step, under the hidden lock where it is guarded."""
    with c.step(names_of(c, op.ref), changes(c, op)):
        kept = _called(c, op)
    _store(c, op, kept)


def _called(c: Context, op: ops.Operation) -> str:
    """The call, and beside it who has the object then, where that is written down; the name of its value, if one is needed.

    The verb is Python's own name for the method, and the fields are those of its parameters.
    """
    noted = op.holds if is_recorded(c, op.ref) else ""
    keep: Callable[[str], str] = c.temp if noted else str
    place = keep(c.ref(op.ref))
    names = [name for name in field_names(type(op)) if name not in ("span", "ref", "into")]
    given = {name: keep(c.read(value)) for name in names if (value := getattr(op, name)) is not None}
    call = f"{place}.{op.verb}({', '.join(f'{name}={value}' for name, value in given.items())})"
    if noted == "gives back":
        _given_back(c, place, call, given.get("n", "1"))
        return ""
    if not noted and getattr(op, "into", None) is None:
        c.out.line(call)
        return ""
    kept = c.temp(call)
    if noted == "takes":
        record(c, place, kept)
    return kept


def _given_back(c: Context, place: str, call: str, n: str) -> None:
    """Noted before the call, for another may have it right behind; and had again where it is refused."""
    given = c.temp(f"rt_forget({place}, me, {n})")
    with c.out.block("try:"):
        c.out.line(call)
    with c.out.block("except BaseException:"):
        c.out.line(f"rt_refused({place}, {given})")
        c.out.line("raise")


def _store(c: Context, op: ops.Operation, kept: str) -> None:
    into = getattr(op, "into", None)
    if into is not None:
        c.store(into, kept, sure=op.gives_plain)


_MORE_THAN_A_CALL: Mapping[type[ops.Operation], Callable[[Context, Any], None]] = {
    ops.Acquire: locks.acquire, ops.WaitCondition: locks.wait, ops.WaitFor: locks.wait,
    ops.AbortBarrier: _at_once, ops.ResetBarrier: _at_once, ops.Put: queues.put, ops.Get: queues.get,
    ops.JoinQueue: queues.join,
}  # fmt: skip
"""What is guarded in parts, counted, or told apart by its line; and what waits for no more than a barrier's action."""
