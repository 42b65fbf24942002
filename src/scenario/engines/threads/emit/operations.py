"""One call on an object as Python lines: as the operation says what it is, but for those that need more than a call."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from scenario.engines.threads.emit import locks, queues
from scenario.engines.threads.emit.context import Context
from scenario.engines.threads.emit.guarded import arguments_of, at_once, checked
from scenario.program import ops
from scenario.record import field_names


def emit(c: Context, op: ops.Operation) -> None:
    """One operation."""
    _MORE_THAN_A_CALL.get(type(op), _blocking if op.waits_for else _at_once)(c, op)


def _blocking(c: Context, op: ops.Operation) -> None:
    """A method that may wait: outside the hidden lock, with its checks behind it."""
    call, into = f"{c.ref(op.ref)}.{_call(c, op)}", getattr(op, "into", None)
    if into is None:
        c.out.line(call)
        checked(c, op, op.ref)
        return
    kept = c.temp(call)
    checked(c, op, op.ref)
    c.store(into, kept)


def _at_once(c: Context, op: ops.Operation) -> None:
    at_once(c, op, op.ref, _call(c, op))


def _call(c: Context, op: ops.Operation) -> str:
    """The verb is Python's own name for the method, and the fields are those of its parameters."""
    given = {name: getattr(op, name) for name in field_names(type(op)) if name not in ("span", "ref", "into")}
    return f"{op.verb}({arguments_of(c, **given).removeprefix(', ')})"


_MORE_THAN_A_CALL: Mapping[type[ops.Operation], Callable[[Context, Any], None]] = {
    ops.Acquire: locks.acquire, ops.Release: locks.release, ops.WaitCondition: locks.wait, ops.WaitFor: locks.wait,
    ops.AbortBarrier: _at_once, ops.ResetBarrier: _at_once, ops.Put: queues.put, ops.Get: queues.get,
    ops.JoinQueue: queues.join,
}  # fmt: skip
"""What is recorded, guarded in parts, counted; and what waits for no more than a barrier's action."""
