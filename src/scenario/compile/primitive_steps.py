"""Steps on locks, semaphores, conditions, events, barriers, queues and threads -> operations."""

from __future__ import annotations

from collections.abc import Callable

from scenario import syntax
from scenario.compile import codes, kinds
from scenario.compile.body import Body, Frame
from scenario.program import ops
from scenario.spec import steps as spec
from scenario.syntax import Expr, Ref


class PrimitiveSteps(Body):
    """Each verb matched with the kind that it is used on."""

    def lower_print(self, step: spec.Print, _frame: Frame) -> ops.Op:
        return ops.Print(self.resolver.template(step.text, self.scope), span=step.span)

    def lower_mark(self, step: spec.Mark, _frame: Frame) -> ops.Op:
        return ops.Mark(self.resolver.template(step.text, self.scope), span=step.span)

    def lower_sleep(self, step: spec.Sleep, _frame: Frame) -> ops.Op:
        return ops.Sleep(self.expr(step.seconds), span=step.span)

    def lower_acquire(self, step: spec.Acquire, _frame: Frame) -> ops.Op:
        ref, _ = self.of(step.ref, "acquire")
        blocking, timeout = self.optional(step.blocking), self.optional(step.timeout)
        return ops.Acquire(ref, blocking, timeout, self.into(step.into), span=step.span)

    def lower_release(self, step: spec.Release, _frame: Frame) -> ops.Op:
        ref, kind = self.of(step.ref, "release")
        if kind not in kinds.SEMAPHORES:
            self.unfit(step, kind, "n")
        return ops.Release(ref, self.optional(step.n), span=step.span)

    def lower_with(self, step: spec.With, frame: Frame) -> ops.Op:
        frame = self.deeper(frame, len(step.refs), step.span)
        refs = [self.of(ref, "with")[0] for ref in step.refs]
        body = self.block(step.do, frame)
        for ref in reversed(refs):
            body = (ops.With(ref, body, span=step.span),)
        return body[0]

    def lower_wait(self, step: spec.Wait, _frame: Frame) -> ops.Op:
        ref, kind = self.of(step.ref, "wait")
        wait = _WAITS.get(kind, ops.WaitEvent)
        return wait(ref, self.optional(step.timeout), self.into(step.into), span=step.span)

    def lower_wait_for(self, step: spec.WaitFor, _frame: Frame) -> ops.Op:
        ref, _ = self.of(step.ref, "wait_for")
        until, timeout = self.resolver.expr(step.until, self.scope), self.optional(step.timeout)
        return ops.WaitFor(ref, until, timeout, self.into(step.into), span=step.span)

    def lower_notify(self, step: spec.Notify, _frame: Frame) -> ops.Op:
        return ops.Notify(self.of(step.ref, "notify")[0], self.optional(step.n), span=step.span)

    def lower_put(self, step: spec.Put, _frame: Frame) -> ops.Op:
        ref, _ = self.of(step.ref, "put")
        item = self.value(step.item)
        return ops.Put(ref, item, self.optional(step.block), self.optional(step.timeout), span=step.span)

    def lower_get(self, step: spec.Get, _frame: Frame) -> ops.Op:
        ref, _ = self.of(step.ref, "get")
        block, timeout = self.optional(step.block), self.optional(step.timeout)
        return ops.Get(ref, self.into(step.into), block, timeout, span=step.span)

    def lower_shutdown(self, step: spec.Shutdown, _frame: Frame) -> ops.Op:
        ref, kind = self.of(step.ref, "shutdown")
        wait, cancel, immediate = map(self.optional, (step.wait, step.cancel_futures, step.immediate))
        if kind in kinds.QUEUES:
            self.resolver.notes.since_3_13 = True
            self.unfit(step, kind, "wait", "cancel_futures")
            return ops.ShutdownQueue(ref, immediate, span=step.span)
        self.unfit(step, kind, "immediate")
        return ops.ShutdownPool(ref, wait, cancel, span=step.span)

    def lower_join(self, step: spec.Join, _frame: Frame) -> ops.Op:
        timeout = self.optional(step.timeout)
        if step.ref.name in ("all", "main"):
            return ops.Join(self._word(step.ref), timeout, span=step.span)
        ref, kind = self.of(step.ref, "join", whole=True)
        if kind in kinds.QUEUES:
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


_WAITS: dict[str, Callable[..., ops.Op]] = {
    "Event": ops.WaitEvent, "Condition": ops.WaitCondition, "Barrier": ops.WaitBarrier,
}  # fmt: skip
