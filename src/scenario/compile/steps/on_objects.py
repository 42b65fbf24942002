"""Steps on locks, semaphores, conditions, events, barriers, queues and threads -> operations."""

from __future__ import annotations

from collections.abc import Callable
from typing import get_args

from scenario import syntax
from scenario.compile import codes
from scenario.compile.steps.body import Body, Frame
from scenario.language.arguments import Argument
from scenario.language.primitives import QUEUES, THREAD
from scenario.language.verbs import VERBS
from scenario.program import ops
from scenario.spec import steps as spec
from scenario.spec.step import OnObject
from scenario.syntax import Expr, Ref


def lower_print(b: Body, step: spec.Print, _frame: Frame) -> ops.Op:
    return ops.Print(b.resolver.template(step.text, b.scope), span=step.span)


def lower_mark(b: Body, step: spec.Mark, _frame: Frame) -> ops.Op:
    return ops.Mark(b.resolver.template(step.text, b.scope), span=step.span)


def lower_sleep(b: Body, step: spec.Sleep, _frame: Frame) -> ops.Op:
    return ops.Sleep(b.expr(step.seconds), span=step.span)


def lower_compute(b: Body, step: spec.Compute, _frame: Frame) -> ops.Op:
    return ops.Compute(b.expr(step.seconds), span=step.span)


def lower_on_object(b: Body, step: OnObject) -> ops.Op:
    """One call on an object. What is assigned comes last, as it does when the step is taken."""
    ref, kind = b.of(step.ref, step.verb)
    arguments = VERBS[step.verb].arguments or ()
    b.unfit(step, kind, *(argument.name for argument in arguments if argument.only and kind not in argument.only))
    given = {
        argument.name: _argument(b, argument, step.argument(argument.name))
        for argument in sorted(arguments, key=_is_target)
    }
    return operation(step.verb, kind)(ref=ref, **given, span=step.span)


def _argument(b: Body, argument: Argument, node: Expr | None) -> Expr | None:
    if node is None:
        return None
    match argument.reading:
        case "target":
            return b.target(node)
        case "value":
            return b.value(node)
        case _:
            return b.expr(node)


def lower_with(b: Body, step: spec.With, frame: Frame) -> ops.Op:
    frame = b.deeper(frame, len(step.refs), step.span)
    refs = [b.of(ref, "with")[0] for ref in step.refs]
    body = b.block(step.do, frame)
    for ref in reversed(refs):
        body = (ops.With(ref, body, span=step.span),)
    return body[0]


def lower_shutdown(b: Body, step: spec.Shutdown, _frame: Frame) -> ops.Op:
    ref, kind = b.of(step.ref, "shutdown")
    wait, cancel, immediate = map(b.optional, (step.wait, step.cancel_futures, step.immediate))
    if kind in QUEUES:
        b.resolver.notes.needs_3_13()
        b.unfit(step, kind, "wait", "cancel_futures")
        return ops.ShutdownQueue(ref, immediate, span=step.span)
    b.unfit(step, kind, "immediate")
    return ops.ShutdownPool(ref, wait, cancel, span=step.span)


def lower_join(b: Body, step: spec.Join, _frame: Frame) -> ops.Op:
    timeout = b.optional(step.timeout)
    if step.ref.name in ("all", "main"):
        return ops.Join(_word(b, step.ref), timeout, span=step.span)
    ref, kind = b.of(step.ref, "join", whole=True)
    if kind in QUEUES:
        b.unfit(step, kind, "timeout")
        return ops.JoinQueue(ref, span=step.span)
    return ops.Join(ref, timeout, span=step.span)


def lower_start(b: Body, step: spec.Start, _frame: Frame) -> ops.Op:
    ref = _word(b, step.ref) if step.ref.name == "all" else b.of(step.ref, "start", whole=True)[0]
    return ops.Start(ref, span=step.span)


def _word(b: Body, ref: Ref) -> Ref:
    """`all`, `main`."""
    if ref.index is not None:
        b.found.add(codes.ELEMENT, f"`{ref.name}` has no elements", ref.span, f"write `{ref.name}`")
    return Ref(ref.name, span=ref.span)


def lower_cancel(b: Body, step: spec.Cancel, _frame: Frame) -> ops.Op:
    ref = _timer(b, step.what)
    if ref is None:
        return ops.CancelFuture(b.expr(step.what), b.into(step.into), span=step.span)
    of, kind = b.of(ref, "cancel")
    if kind == THREAD:
        return ops.CancelThread(of, b.into(step.into), span=step.span)
    b.unfit(step, "timer", "into")
    return ops.CancelTimer(of, span=step.span)


def lower_kill(b: Body, step: spec.Kill, _frame: Frame) -> ops.Op:
    return ops.Kill(b.of(step.ref, "kill")[0], span=step.span)


def _timer(b: Body, what: Expr) -> Ref | None:
    """The ref, if the name is a thread's or a primitive's; otherwise it is a future."""
    match what:
        case syntax.Name(name):
            index = None
        case syntax.Subscript(value=syntax.Name(name), index=index) if not isinstance(index, syntax.Slice):
            pass
        case _:
            return None
    thing = b.names.get(name)
    is_object = thing is not None and thing.role in ("thread", "primitive") and thing.kind != "Future"
    return Ref(name, index, span=what.span) if is_object else None


def _is_target(argument: Argument) -> bool:
    return argument.reading == "target"


_OPERATIONS: tuple[type[ops.AnyOperation], ...] = get_args(ops.AnyOperation)


def operation(verb: str, kind: str) -> Callable[..., ops.Op]:
    """The operation that a verb is on an object of the kind; where that is not known, the first that it may be."""
    of_verb = [op for op in _OPERATIONS if op.verb == verb]
    if not of_verb:
        raise TypeError(f"program/operations.py: AnyOperation has no operation of the verb `{verb}`")
    return next((op for op in of_verb if kind in op.on), of_verb[0])
