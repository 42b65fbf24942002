"""Locks, semaphores, conditions, events, barriers and queues: the gate, then the real call."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from scenario.engines.threads import privates as p
from scenario.engines.threads.controlled import objects, waits
from scenario.engines.threads.controlled.hooks import order_waiters
from scenario.engines.threads.controlled.interpreter import Interpreter
from scenario.engines.threads.watch.library import BY_KIND
from scenario.interpreter import objects as build
from scenario.interpreter.refusals import where_refused
from scenario.program import ops
from scenario.real.values import fresh
from scenario.record import field_names

# --- locks and semaphores ----------------------------------------------------------------------------


def acquire(w: Interpreter, op: ops.Acquire) -> bool:
    _, place = w.place(op.ref)
    blocking, timeout = w.given(op.blocking, default=True), w.given(op.timeout)
    me = w.me
    cue = w.gate(
        waits.lock(w.stage, place),
        lambda: not blocking or objects.is_free(place, me),
        timed=blocking and timeout not in (None, -1),
    )
    if cue.way == "timeout":
        got = bool(place.acquire(True, 0))
    elif op.timeout is None:
        got = place.acquire(blocking)
    else:
        got = place.acquire(blocking, timeout)
    _note(w, op, place, got)
    return got


def _note(w: Interpreter, op: ops.Operation, place: object, value: object, n: object = 1) -> None:
    """Who has the object when the call has given this value."""
    lock = id(build.lock_of(place))
    if op.holds == "takes" and value is not False:
        w.stage.holds.take(lock, (w.me.ref, w.span))
    elif op.holds == "gives back":
        w.stage.holds.give_back(lock, w.me.ref, n)


# --- conditions --------------------------------------------------------------------------------------


def wait_condition(w: Interpreter, op: ops.WaitCondition) -> bool:
    """Waits without the lock, and has it back at the end, whichever way the schedule says."""
    name, place = w.place(op.ref)
    timeout = w.given(op.timeout)
    w.gate(waits.plain("condition", name), limited=timeout is not None)
    lock = id(build.lock_of(place))
    own = [entry for entry in w.stage.holds.of(lock) if entry[0] == w.me.ref]
    given = w.stage.holds.give_back(lock, w.me.ref, max(len(own), 1))
    try:
        return bool(place.wait(_patience(w, timeout)))
    finally:
        w.stage.holds.take(lock, *given)


def _patience(w: Interpreter, timeout: object) -> object:
    """How long the real call waits: as the schedule says, unless Python refuses to wait so long."""
    return where_refused(timeout, 0 if w.times_out() else None)


def notify(w: Interpreter, op: ops.Notify) -> None:
    _, place = w.place(op.ref)
    count = w.given(op.n, 1)
    cue = w.gate()
    order_waiters(w.stage, place, cue.wakes)
    place.notify(count)


# --- events, barriers and what else is one call --------------------------------------------------------


def wait_event(w: Interpreter, op: ops.WaitEvent) -> object:
    name, place = w.place(op.ref)
    timeout = w.given(op.timeout)
    w.gate(waits.plain("event", name), limited=timeout is not None)
    return place.wait(_patience(w, timeout))


def wait_barrier(w: Interpreter, op: ops.WaitBarrier) -> object:
    name, place = w.place(op.ref)
    timeout = w.given(op.timeout)
    w.gate(
        waits.barrier(w.stage, name, place), lambda: not BY_KIND["barrier"].refuses(place), limited=timeout is not None
    )
    return place.wait(where_refused(timeout, objects.SHORT if w.times_out() else None))


def call_off(w: Interpreter, op: ops.AbortBarrier | ops.ResetBarrier) -> None:
    """Which waits while an action is run."""
    name, place = w.place(op.ref)
    w.gate(waits.barrier(w.stage, name, place), lambda: not build.lock_under(p.condition_in(place)).locked())
    getattr(place, op.verb)()


# --- queues --------------------------------------------------------------------------------------------


def put(w: Interpreter, op: ops.Put) -> None:
    name, place = w.place(op.ref)
    item = fresh(w.given(op.item))
    block, timeout = w.given(op.block, default=True), w.given(op.timeout)
    cue = w.gate(
        waits.plain("room", name),
        lambda: not (block and BY_KIND["room"].refuses(place)) or _is_shut(place),
        timed=timeout is not None,
    )
    place.put(item, block, 0 if cue.way == "timeout" else timeout)


def get(w: Interpreter, op: ops.Get) -> object:
    name, place = w.place(op.ref)
    block, timeout = w.given(op.block, default=True), w.given(op.timeout)
    cue = w.gate(
        waits.plain("item", name),
        lambda: not (block and BY_KIND["item"].refuses(place)) or _is_shut(place),
        timed=timeout is not None,
    )
    return place.get(block, 0 if cue.way == "timeout" else timeout)


def _is_shut(place: object) -> bool:
    return bool(getattr(place, "is_shutdown", False))


# --- the dispatch --------------------------------------------------------------------------------------


def on_object(w: Interpreter, op: ops.Operation) -> object:
    """The operation's value. One that needs no more than a gate and a call is done as it says what it is."""
    done_by: Callable[[Interpreter, Any], object] | None = _MORE_THAN_A_CALL.get(type(op))
    if done_by is None:
        done_by = _blocking if op.waits_for else _at_once
    return done_by(w, op)


def _at_once(w: Interpreter, op: ops.Operation) -> object:
    _, place = w.place(op.ref)
    given = _arguments(w, op)
    w.gate()
    return _called(w, op, place, given)


def _blocking(w: Interpreter, op: ops.Operation) -> object:
    name, place = w.place(op.ref)
    given, function = _arguments(w, op), BY_KIND[op.waits_for]
    is_patient = given.get("blocking", True)
    is_timed = given.get("timeout") is not None
    fact = waits.on_object(w.stage, function.kind, name, place)
    cue = w.gate(fact, lambda: not (is_patient and function.refuses(place)), timed=is_timed)
    if cue.way == "timeout":
        given["timeout"] = 0
    return _called(w, op, place, given)


def _called(w: Interpreter, op: ops.Operation, place: Any, given: Mapping[str, object]) -> object:
    """The verb is Python's own name for the method."""
    value = getattr(place, op.verb)(**given)
    _note(w, op, place, value, given.get("n", 1))
    return value


def _arguments(w: Interpreter, op: ops.Operation) -> dict[str, object]:
    """Those that the file gives, by the names of the method's parameters."""
    names = [name for name in field_names(type(op)) if name not in ("span", "ref", "into")]
    return {name: w.given(given) for name in names if (given := getattr(op, name)) is not None}


_MORE_THAN_A_CALL: Mapping[type[ops.Operation], Callable[[Interpreter, Any], object]] = {
    ops.Acquire: acquire, ops.WaitCondition: wait_condition, ops.Notify: notify,
    ops.WaitEvent: wait_event, ops.WaitBarrier: wait_barrier, ops.AbortBarrier: call_off, ops.ResetBarrier: call_off,
    ops.Put: put, ops.Get: get,
}  # fmt: skip
