"""Steps on locks, semaphores, conditions, events, barriers, queues and threads -> operations."""

from __future__ import annotations

from collections.abc import Callable
from typing import get_args

from scenario import syntax
from scenario.compile import codes
from scenario.compile.body import Body, Frame
from scenario.language.arguments import Argument
from scenario.language.primitives import QUEUES
from scenario.language.verbs import VERBS
from scenario.program import ops
from scenario.spec import steps as spec
from scenario.syntax import Expr, Ref


class PrimitiveSteps(Body):
    """Each verb matched with the kind of object that it is used on."""

    def lower_print(self, step: spec.Print, _frame: Frame) -> ops.Op:
        return ops.Print(self.resolver.template(step.text, self.scope), span=step.span)

    def lower_mark(self, step: spec.Mark, _frame: Frame) -> ops.Op:
        return ops.Mark(self.resolver.template(step.text, self.scope), span=step.span)

    def lower_sleep(self, step: spec.Sleep, _frame: Frame) -> ops.Op:
        return ops.Sleep(self.expr(step.seconds), span=step.span)

    def lower_on_object(self, step: spec.OnObject) -> ops.Op:
        """One call on an object. What is assigned comes last, as it does when the step is taken."""
        ref, kind = self.of(step.ref, step.verb)
        arguments = VERBS[step.verb].arguments or ()
        self.unfit(
            step, kind, *(argument.name for argument in arguments if argument.only and kind not in argument.only)
        )
        given = {
            argument.name: self._argument(argument, step.argument(argument.name))
            for argument in sorted(arguments, key=_is_target)
        }
        return operation(step.verb, kind)(ref=ref, **given, span=step.span)

    def _argument(self, argument: Argument, node: Expr | None) -> Expr | None:
        if node is None:
            return None
        match argument.reading:
            case "target":
                return self.target(node)
            case "value":
                return self.value(node)
            case _:
                return self.expr(node)

    def lower_with(self, step: spec.With, frame: Frame) -> ops.Op:
        frame = self.deeper(frame, len(step.refs), step.span)
        refs = [self.of(ref, "with")[0] for ref in step.refs]
        body = self.block(step.do, frame)
        for ref in reversed(refs):
            body = (ops.With(ref, body, span=step.span),)
        return body[0]

    def lower_shutdown(self, step: spec.Shutdown, _frame: Frame) -> ops.Op:
        ref, kind = self.of(step.ref, "shutdown")
        wait, cancel, immediate = map(self.optional, (step.wait, step.cancel_futures, step.immediate))
        if kind in QUEUES:
            self.resolver.notes.needs_3_13()
            self.unfit(step, kind, "wait", "cancel_futures")
            return ops.ShutdownQueue(ref, immediate, span=step.span)
        self.unfit(step, kind, "immediate")
        return ops.ShutdownPool(ref, wait, cancel, span=step.span)

    def lower_join(self, step: spec.Join, _frame: Frame) -> ops.Op:
        timeout = self.optional(step.timeout)
        if step.ref.name in ("all", "main"):
            return ops.Join(self._word(step.ref), timeout, span=step.span)
        ref, kind = self.of(step.ref, "join", whole=True)
        if kind in QUEUES:
            self.unfit(step, kind, "timeout")
            return ops.JoinQueue(ref, span=step.span)
        return ops.Join(ref, timeout, span=step.span)

    def lower_start(self, step: spec.Start, _frame: Frame) -> ops.Op:
        ref = self._word(step.ref) if step.ref.name == "all" else self.of(step.ref, "start", whole=True)[0]
        return ops.Start(ref, span=step.span)

    def _word(self, ref: Ref) -> Ref:
        """`all`, `main`."""
        if ref.index is not None:
            self.found.add(codes.ELEMENT, f"`{ref.name}` has no elements", ref.span, f"write `{ref.name}`")
        return Ref(ref.name, span=ref.span)

    def lower_cancel(self, step: spec.Cancel, _frame: Frame) -> ops.Op:
        ref = self._timer(step.what)
        if ref is None:
            return ops.CancelFuture(self.expr(step.what), self.into(step.into), span=step.span)
        self.unfit(step, "timer", "into")
        return ops.CancelTimer(self.of(ref, "cancel")[0], span=step.span)

    def _timer(self, what: Expr) -> Ref | None:
        """The ref, if the name is a thread's or a primitive's; otherwise it is a future."""
        match what:
            case syntax.Name(name):
                index = None
            case syntax.Subscript(value=syntax.Name(name), index=index) if not isinstance(index, syntax.Slice):
                pass
            case _:
                return None
        thing = self.names.get(name)
        return Ref(name, index, span=what.span) if thing and thing.role in ("thread", "primitive") else None


def _is_target(argument: Argument) -> bool:
    return argument.reading == "target"


_OPERATIONS: tuple[type[ops.AnyOperation], ...] = get_args(ops.AnyOperation)


def operation(verb: str, kind: str) -> Callable[..., ops.Op]:
    """The operation that a verb is on an object of the kind; where that is not known, the first that it may be."""
    of_verb = [op for op in _OPERATIONS if op.verb == verb]
    if not of_verb:
        raise TypeError(f"program/operations.py: AnyOperation has no operation of the verb `{verb}`")
    return next((op for op in of_verb if kind in op.on), of_verb[0])
