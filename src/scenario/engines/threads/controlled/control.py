"""Statements, output and control flow."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any, assert_never

from scenario import syntax
from scenario.engines.threads.actors import Abandoned
from scenario.engines.threads.controlled import targets
from scenario.engines.threads.controlled.signals import UNSEEN, BreakLoop, ContinueLoop, Returned, Signal
from scenario.engines.threads.controlled.waits import its_condition, sleeping
from scenario.engines.threads.controlled.walker import Walker
from scenario.engines.threads.live import build
from scenario.engines.threads.refusals import ask_time
from scenario.engines.threads.values import fresh, text_of
from scenario.program import ops
from scenario.program.bounded.limits import Refused
from scenario.program.exceptions import catches
from scenario.program.printing import is_harmless, locals_in
from scenario.program.show import expression
from scenario.syntax import Expr, Statement, Template


def statement(w: Walker, node: Statement) -> None:
    match node:
        case syntax.Assign(places, value):
            result = w.value(value)
            for place in places:
                targets.assign(w, place, result)
        case syntax.AugmentedAssign():
            targets.augmented(w, node)
        case syntax.Delete(places):
            for place in places:
                targets.delete(w, place)
        case syntax.Evaluate(value):
            w.value(value)
        case syntax.Break():
            raise BreakLoop
        case syntax.Continue():
            raise ContinueLoop
        case syntax.Pass():
            pass
        case syntax.Return(value):
            raise Returned(w.given(value))
        case syntax.Reraise():
            raise w.caught[-1]
        case _:
            assert_never(node)


# --- output and time ---------------------------------------------------------------------------------


def print_(w: Walker, op: ops.Print) -> None:
    """A step where the output is observed."""
    if w.stage.program.claims.output is not None:
        line = w.text(op.text)
        w.gate()
        w.stage.output += line.split("\n")
    else:
        _unobserved(w, op.text)


def mark(w: Walker, op: ops.Mark) -> None:
    """A step where the order of marks is observed."""
    if w.stage.program.claims.order:
        line = w.text(op.text)
        w.gate()
        w.stage.marks.append(line)
    else:
        _unobserved(w, op.text)


def _unobserved(w: Walker, text: Template) -> None:
    """Evaluated where it may raise or change something: the schedule has its accesses then."""
    if not is_harmless(w.stage.program, text):
        w.text(text)
        return
    for local in locals_in(text):
        w.plain(local)


def sleep(w: Walker, op: ops.Sleep) -> None:
    """A step with the virtual clock only."""
    seconds = w.value(op.seconds)
    if seconds < 0:
        raise ValueError("sleep length must be non-negative")
    ask_time(seconds)
    settings = w.stage.program.explore
    if settings is not None and settings.clock == "virtual":
        w.gate(sleeping, counts=False)


# --- branches and loops ------------------------------------------------------------------------------


def branch(w: Walker, op: ops.If) -> None:
    for test, body in op.branches:
        if w.value(test):
            w.block(body)
            return
    w.block(op.orelse)


def while_(w: Walker, op: ops.While) -> None:
    def tests() -> Iterator[None]:
        while w.value(op.test):
            yield

    _loop(w, op.body, tests())


def repeat(w: Walker, op: ops.Repeat) -> None:
    _loop(w, op.body, _assigned(w, op.target, range(w.value(op.times))))


def for_(w: Walker, op: ops.For) -> None:
    _loop(w, op.body, _assigned(w, op.target, w.each(op.iterable)))


def _assigned(w: Walker, target: Expr | None, values: Iterable[Any]) -> Iterator[None]:
    for value in values:
        targets.assign_into(w, target, value)
        yield


def _loop(w: Walker, body: ops.Block, rounds: Iterator[None]) -> None:
    for _ in rounds:
        w.round()
        try:
            w.block(body)
        except BreakLoop:
            return
        except ContinueLoop:
            continue


# --- exceptions and checks -----------------------------------------------------------------------------


def try_(w: Walker, op: ops.Try) -> None:
    with _finally(w, op.finalbody):
        try:
            w.block(op.body)
        except UNSEEN:
            raise
        except BaseException as error:
            handler = next((h for h in op.handlers if catches(h.exception, type(error).__name__)), None)
            if handler is None:
                raise
            w.frame["error"] = text_of(error)
            w.caught.append(error)
            try:
                w.block(handler.body)
            finally:
                w.caught.pop()
            return
        w.block(op.orelse)


@contextmanager
def _finally(w: Walker, block: ops.Block) -> Iterator[None]:
    """Runs the block however the body is left, unless the run is over."""
    try:
        yield
    except (Abandoned, Refused):
        raise
    except BaseException:
        w.block(block)
        raise
    w.block(block)


def raise_(w: Walker, op: ops.Raise) -> None:
    exception = build.exception_class(op.exception)
    raise exception() if op.message is None else exception(w.text(op.message))


def check(w: Walker, op: ops.Assert) -> None:
    if not w.value(op.test):
        w.fail("assert", _why_false(w, op))


def _why_false(w: Walker, op: ops.Assert) -> str:
    return f"`{expression(op.test)}` is false" if op.message is None else str(w.plain(op.message))


def expect(w: Walker, op: ops.Expect) -> None:
    nothing = f"{op.exception} was expected, and nothing was raised"
    try:
        w.step(op.body)
    except Signal:  # a jump out of it
        w.fail("raises", nothing)
        raise
    except UNSEEN:
        raise
    except BaseException as error:
        if not catches(op.exception, type(error).__name__):
            got = f"{type(error).__name__}: {text_of(error)}".removesuffix(": ")
            w.fail("raises", f"{op.exception} was expected, and {got} was raised")
            raise
        return
    w.fail("raises", nothing)


# --- calls, choices, whole blocks ------------------------------------------------------------------------


def call(w: Walker, op: ops.CallRoutine) -> None:
    values = [w.value(arg) for arg in op.args]
    targets.assign_into(w, op.into, fresh(w.call(op.routine, values)))


def choose(w: Walker, op: ops.Choose) -> None:
    found = list(w.value(op.values))
    if not found:
        raise IndexError("Cannot choose from an empty sequence")
    chosen = w.me.chosen
    targets.assign(w, op.target, fresh(chosen.popleft() if chosen else found[0]))


def await_(w: Walker, op: ops.Await) -> None:
    w.given(op.timeout)
    test = w.with_own(op.test)
    cue = w.gate(its_condition, lambda: _holds(w, test), counts=False)
    if cue.way == "timeout":
        raise TimeoutError
    w.plain(op.test)


def _holds(w: Walker, test: Expr) -> bool:
    """Asked by others than the thread that waits; what raises is raised there."""
    try:
        return bool(w.plain(test))
    except Exception:  # noqa: BLE001 (whatever it is)
        return True


def atomic(w: Walker, op: ops.Atomic) -> None:
    me = w.me
    me.atomic += 1
    try:
        w.block(op.body)
    finally:
        me.atomic -= 1
        me.inside = me.inside and me.atomic > 0
