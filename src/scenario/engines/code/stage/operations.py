"""Operations of a file on the real objects: through the same gate as calls in the user's own code, so by the same handlers."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from scenario.engines.code.runtime.here import within
from scenario.engines.code.stage.interpreter import Interpreter
from scenario.engines.code.stage.play import Play
from scenario.engines.code.stage.roles import Role
from scenario.interpreter.objects import exception_class
from scenario.program import ops
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

    def __init__(self, w: Interpreter, function: Callable[..., object], args: Sequence[object]) -> None:
        self._world, self._number, self._function, self._args = w.stage.world, w.site.number, function, args

    def __call__(self, *_: object) -> object:
        return self._world.call(self._number, self._function, *map(fresh, self._args))


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
            given = tuple([fresh(w.given(arg)) for arg in of.op.args])
            own = w.stage.callables.get(of.op.routine)
            callback = Routine(w.stage, of.op.routine, given) if own is None else OwnCall(w, own, given)
            return w.called(w.given(of.op.future).add_done_callback, callback)
        case _:
            raise TypeError(f"no operation of a file with own code: {of.op!r}")
    return None


def _own_code(w: Interpreter, op: ops.CallPython) -> object:
    """Arguments are copied where they are given away, as to a routine; a value that comes back is the caller's own."""
    args = [fresh(w.given(arg)) for arg in op.args]
    named = {name: fresh(w.given(value)) for name, value in op.keywords}
    w.me.call()
    return w.called(w.stage.callables[op.function], *args, **named)


def _on_object(w: Interpreter, op: ops.Operation) -> object:
    """The verb is Python's own name for the method."""
    _, place = w.place(op.ref)
    names = [name for name in field_names(type(op)) if name not in ("span", "ref", "into")]
    given: dict[str, object] = {name: w.given(value) for name in names if (value := getattr(op, name)) is not None}
    if "item" in given:
        given["item"] = fresh(given["item"])
    return w.called(getattr(place, op.verb), **given)


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
