"""Operations of a file on the real objects: through the same gate as calls in the user's own code, so by the same handlers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import Future
from concurrent.futures import wait as wait_for_futures
from typing import cast

from scenario.engines.code.runtime.here import within
from scenario.engines.code.runtime.primitives import futures, pools
from scenario.engines.code.stage.interpreter import Interpreter
from scenario.engines.code.stage.play import Play
from scenario.engines.code.stage.roles import Role
from scenario.interpreter.futures import number_of
from scenario.interpreter.objects import exception_class
from scenario.program import ops
from scenario.program.bounded.sets import Set, one_by_one
from scenario.program.whole import main_starts_all
from scenario.real.values import fresh
from scenario.record import field_names
from scenario.steps.code import Operate
from scenario.syntax import Ref


class Routine:
    """A routine with its arguments as something that objects call: a barrier's action, a callback, a pool's call.

    Calls of what is of this module are the user's own as the gates see it (`prepared`): its steps are those of its body.
    """

    def __init__(self, stage: Play, name: str, args: Sequence[object] = ()) -> None:
        self._stage, self.routine, self._args = stage, name, args

    def __call__(self, *_: object) -> object:
        args = tuple(map(fresh, self._args))
        return Interpreter(self._stage, self._stage.routines[self.routine], args=args).run()


class OwnCall:
    """A callable of the user's with its arguments as a callback: called through the gate of calls, from the place where it was handed on."""

    def __init__(
        self, w: Interpreter, function: Callable[..., object], args: Sequence[object], named: Mapping[str, object]
    ) -> None:
        self._world, self._number, self._function = w.stage.world, w.site.number, function
        self._args, self._named = args, named

    def __call__(self, *_: object) -> object:
        named = {name: fresh(value) for name, value in self._named.items()}
        return self._world.call(self._number, self._function, *map(fresh, self._args), **named)


def perform(w: Interpreter, of: Operate) -> object:
    """One operation (or one part of it, where it is several steps); its value."""
    match of.op:
        case ops.Operation():
            return _on_object(w, of.op)
        case ops.CallPython():
            return _own_code(w, of.op)
        case ops.Start():
            _start(w, of.op, of_all=of.part == "all")
        case ops.Join():
            _join(w, of.op, of_all=of.part == "all")
        case ops.CancelTimer():
            _cancel_timer(w, of.op)
        case ops.Result():
            return fresh(w.called(w.given(of.op.future).result, w.given(of.op.timeout)))
        case ops.CancelFuture():
            return w.called(w.given(of.op.future).cancel)
        case ops.SetResult():
            return w.called(w.given(of.op.future).set_result, fresh(w.given(of.op.value)))
        case ops.SetException():
            words = () if of.op.message is None else (w.plain(of.op.message),)
            return w.called(w.given(of.op.future).set_exception, exception_class(of.op.error)(*words))
        case ops.SetRunning():
            return w.called(w.given(of.op.future).set_running_or_notify_cancel)
        case ops.AddDoneCallback():
            return w.called(w.given(of.op.future).add_done_callback, _handed_on(w, of.op))
        case ops.Submit():
            return _submit(w, of.op)
        case ops.WaitFutures():
            return _wait_futures(w, of.op)
        case ops.AsCompleted():
            return _look(w, of.op) if of.part == "look" else _next_done(w, of.op)
        case ops.ShutdownPool():
            _shut_down(w, of.op, waits=of.part == "wait")
        case _:
            raise TypeError(f"no operation of a file with own code: {of.op!r}")
    return None


def _own_code(w: Interpreter, op: ops.CallPython) -> object:
    """A value that comes back is the caller's own."""
    args, named = _given_to(w, op)
    w.me.call()
    return w.called(w.stage.callables[op.function], *args, **named)


def _given_to(w: Interpreter, op: ops.Calling) -> tuple[tuple[object, ...], dict[str, object]]:
    """Arguments are copied where they are given away."""
    named = {name: fresh(w.given(value)) for name, value in op.keywords}
    return tuple([fresh(w.given(arg)) for arg in op.args]), named


def _on_object(w: Interpreter, op: ops.Operation) -> object:
    """The verb is Python's own name for the method."""
    _, place = w.place(op.ref)
    names = [name for name in field_names(type(op)) if name not in ("span", "ref", "into")]
    given: dict[str, object] = {name: w.given(value) for name in names if (value := getattr(op, name)) is not None}
    if "item" in given:
        given["item"] = fresh(given["item"])
    return w.called(getattr(place, op.verb), **given)


# --- pools, several futures ----------------------------------------------------------------------------------


def _handed_on(w: Interpreter, op: ops.Submit | ops.AddDoneCallback) -> Routine | OwnCall:
    """What somebody else will call."""
    args, named = _given_to(w, op)
    own = w.stage.callables.get(op.routine)
    return Routine(w.stage, op.routine, args) if own is None else OwnCall(w, own, args, named)


def _submit(w: Interpreter, op: ops.Submit) -> object:
    _, pool = w.place(op.to)
    future = w.called(pool.submit, _handed_on(w, op))
    number_of(future)
    return future


def _shut_down(w: Interpreter, op: ops.ShutdownPool, *, waits: bool) -> None:
    _, pool = w.place(op.ref)
    here = w.stage.here(w.site)
    if waits:
        pools.wait_for_calls(here, pool)
    else:
        pools.refuse_calls(here, pool, cancel_futures=bool(w.given(op.cancel_futures, default=False)))


def _wait_futures(w: Interpreter, op: ops.WaitFutures) -> object:
    given = list(one_by_one(w.given(op.futures)))
    when = w.given(op.return_when, "ALL_COMPLETED")
    both = w.called(wait_for_futures, given, w.given(op.timeout), when)
    assert isinstance(both, tuple)
    return tuple(map(Set, both))


def _look(w: Interpreter, op: ops.AsCompleted) -> object:
    given = cast("Iterable[Future[object]]", one_by_one(w.given(op.futures)))
    return list(futures.look(w.stage.here(w.site), given))


def _next_done(w: Interpreter, op: ops.AsCompleted) -> object:
    pending = list(w.given(op.futures))
    return futures.next_done(w.stage.here(w.site), pending, w.given(op.timeout), len(pending))


# --- threads, timers ---------------------------------------------------------------------------------------


def _start(w: Interpreter, op: ops.Start, *, of_all: bool) -> None:
    role = _member(w, op.ref)
    if of_all and role.actor is not None:
        return
    w.stage.here(w.site).step("starts", role.thread)
    if role.actor is None:
        w.stage.start(role)
    elif not of_all:
        raise RuntimeError("threads can only be started once")


def _join(w: Interpreter, op: ops.Join, *, of_all: bool) -> None:
    role = _member(w, op.ref)
    if of_all and _passes_over(w, role):
        return
    timeout, here = w.given(op.timeout), w.stage.here(w.site)
    is_me = role is w.me
    here.step(
        "joins",
        role.thread,
        ready=lambda: is_me or not role.alive,
        timed=within(timeout),
        holders=lambda: (role.ref,),
    )
    if here.timed_out(timeout) or (of_all and role.actor is None):
        return
    if role.actor is None:
        raise RuntimeError("cannot join thread before it is started")
    if is_me:
        raise RuntimeError("cannot join current thread")


def _passes_over(w: Interpreter, role: Role) -> bool:
    """Whether `join: all` has no step for it: nothing can change that by its turn."""
    program = w.stage.program
    nobody_else_starts = program.main is not None and w.me.group == "main" and main_starts_all(program)
    return role.daemon or (role.actor is None and nobody_else_starts)


def _cancel_timer(w: Interpreter, op: ops.CancelTimer) -> None:
    role = _member(w, op.ref)
    w.stage.here(w.site).step("cancels", role.thread)
    role.cancel()


def _member(w: Interpreter, ref: Ref) -> Role:
    index = w.given(ref.index)
    return w.stage.members(ref.name)[index or 0]
