"""Takes a thread's steps on the real objects, one gate before each. Local work follows the step before it."""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from itertools import permutations
from typing import Any, assert_never

from scenario.engines.threads import build
from scenario.engines.threads.actors import Abandoned
from scenario.engines.threads.controlled import objects
from scenario.engines.threads.controlled.stage import Player, Stage, always, never
from scenario.engines.threads.controlled.values import Locals, Reader, element, ref_text, root, unpacked
from scenario.engines.threads.values import fresh, text_of
from scenario.program import ops
from scenario.program.bounded import NAMESPACE
from scenario.program.exceptions import catches
from scenario.program.program import ThreadPool
from scenario.program.show import expression
from scenario.run.outcome import Failure
from scenario.run.script import Cue
from scenario.source import START, Span
from scenario.syntax import (
    Assign,
    AugmentedAssign,
    Break,
    Continue,
    Delete,
    Evaluate,
    Expr,
    ListDisplay,
    Local,
    Pass,
    Ref,
    Reraise,
    Return,
    Shared,
    Slice,
    Starred,
    Subscript,
    TlsField,
    TupleDisplay,
)

MOST_ROUNDS = 100_000
"""Rounds of a loop without a step, after which its thread is taken to idle there."""

_IN_PLACE: dict[str, Any] = {
    "+": NAMESPACE["_iadd"], "-": operator.isub, "*": NAMESPACE["_mul"], "/": operator.itruediv,
    "//": operator.ifloordiv, "%": NAMESPACE["_mod"], "**": NAMESPACE["_pow"], "<<": NAMESPACE["_shl"],
    ">>": operator.irshift, "&": operator.iand, "|": operator.ior, "^": operator.ixor,
}  # fmt: skip
_BINARY: dict[str, Any] = {
    **_IN_PLACE, "+": NAMESPACE["_add"], "-": operator.sub, "/": operator.truediv, "//": operator.floordiv,
    ">>": operator.rshift, "&": operator.and_, "|": operator.or_, "^": operator.xor,
}  # fmt: skip


class _Signal(BaseException):
    """A jump that no `except` of a scenario sees."""


class _BreakLoop(_Signal):
    pass


class _ContinueLoop(_Signal):
    pass


class _Returned(_Signal):
    def __init__(self, value: Any) -> None:
        super().__init__()
        self.value = value


class Walker:
    """Walks one body in the thread that calls it; `frame` are its locals."""

    def __init__(self, stage: Stage, frame: Locals) -> None:
        self.stage = stage
        self.frame = frame
        self.span = START
        self._caught: list[BaseException] = []

    # --- bodies ------------------------------------------------------------------------------------

    def body(self, block: ops.Block) -> Any:
        """All steps of a thread or routine; its value."""
        try:
            self.block(block)
        except _Returned as returned:
            return returned.value
        return None

    def block(self, block: ops.Block) -> None:
        for op in block:
            self.step(op)

    def step(self, op: ops.Op) -> None:
        outer, self.span = self.span, op.span
        try:
            self._step(op)
        except BaseException as error:
            if not hasattr(error, "scenario_span"):
                error.scenario_span = op.span  # type: ignore[attr-defined]
            raise
        self.span = outer

    @property
    def reader(self) -> Reader:
        return Reader(self.stage, self.frame, self.span)

    @property
    def me(self) -> Player:
        return self.stage.current()

    def value(self, expr: Expr | None, default: Any = None) -> Any:
        return default if expr is None else self.reader.value(expr)

    def gate(self, waits_for: str = "its turn", ready: Callable[[], bool] = always, *, counts: bool = True) -> Cue:
        return self.stage.gate(self.span, waits_for, ready, counts=counts)

    def round(self) -> None:
        """One round of a loop: a loop that never reaches a step is where its thread stays."""
        self.me.rounds += 1
        if self.me.rounds > MOST_ROUNDS:
            self.gate("its loop to end", never, counts=False)

    # --- one step -------------------------------------------------------------------------------------

    def _step(self, op: ops.Op) -> None:  # noqa: C901, PLR0915 (one arm a class: the total dispatch)
        match op:
            case (
                Assign() | AugmentedAssign() | Delete() | Evaluate() | Break() | Continue() | Pass() | Return()
                | Reraise()
            ):  # fmt: skip
                self.statement(op)
            case ops.Print(text):
                if self.stage.program.claims.output is not None:
                    line = self.reader.text(text)
                    self.gate()
                    self.stage.output += line.split("\n")
            case ops.Mark(text):
                if self.stage.program.claims.order:
                    line = self.reader.text(text)
                    self.gate()
                    self.stage.marks.append(line)
            case ops.Sleep(seconds):
                if self.value(seconds) < 0:
                    raise ValueError("sleep length must be non-negative")
                settings = self.stage.program.explore
                if settings is not None and settings.clock == "virtual":
                    self.gate("its sleep to end", counts=False)
            case ops.Acquire():
                self._acquire(op)
            case ops.Release(ref, n):
                self._release(ref, n)
            case ops.With(ref, body):
                self._with(ref, body)
            case ops.WaitCondition(ref, timeout, into):
                name, place = self.place(ref)
                self.value(timeout)
                self._assign_into(into, self._wait_condition(name, place))
            case ops.WaitFor():
                self._wait_for(op)
            case ops.Notify(ref, n):
                name, place = self.place(ref)
                count = self.value(n, 1)
                cue = self.gate(name)
                objects.order_waiters(self.stage, place, cue.wakes)
                place.notify(count)
            case ops.NotifyAll(ref):
                name, place = self.place(ref)
                self.gate(name)
                place.notify_all()
            case ops.WaitEvent(ref, timeout, into):
                name, place = self.place(ref)
                self.value(timeout)
                self.gate(f"{name} to be set")
                self._assign_into(into, place.wait(0 if self.stage.next_way(self.me) == "timeout" else None))
            case ops.SetEvent(ref):
                self._plain(ref, "set")
            case ops.ClearEvent(ref):
                self._plain(ref, "clear")
            case ops.WaitBarrier(ref, timeout, into):
                name, place = self.place(ref)
                self.value(timeout)
                self.gate(f"the other parties of {name}", lambda: place._state in (0, -2))  # noqa: SLF001
                late = self.stage.next_way(self.me) == "timeout"
                self._assign_into(into, place.wait(objects.SHORT if late else None))
            case ops.AbortBarrier(ref):
                self._plain(ref, "abort")
            case ops.ResetBarrier(ref):
                self._plain(ref, "reset")
            case ops.Put():
                self._put(op)
            case ops.Get():
                self._get(op)
            case ops.TaskDone(ref):
                self._plain(ref, "task_done")
            case ops.JoinQueue(ref):
                name, place = self.place(ref)
                self.gate(f"all tasks of {name} to be done", lambda: not place.unfinished_tasks)
                place.join()
            case ops.ShutdownQueue(ref, immediate):
                name, place = self.place(ref)
                now = self.value(immediate, default=False)
                self.gate(name)
                place.shutdown(now)
            case ops.Start(ref) | ops.Join(ref):
                self._each_thread(op, ref)
            case ops.CancelTimer(ref):
                self._cancel_timer(ref)
            case ops.Submit(routine, to, args, into):
                name, pool = self.place(to)
                self._assign_into(into, self._submit(name, pool, routine, [self.value(arg) for arg in args]))
            case ops.Map():
                self._map(op)
            case ops.Result(future, timeout, into):
                value = self.value(future)
                self.value(timeout)
                self._assign_into(into, self._result(value))
            case ops.CancelFuture(future, into):
                self._assign_into(into, self._cancel(self.value(future)))
            case ops.WaitFutures():
                self._wait_futures(op)
            case ops.AsCompleted():
                self._as_completed(op)
            case ops.ShutdownPool(ref, wait, cancel_futures):
                self._shutdown(ref, wait, cancel_futures)
            case ops.CallRoutine(routine, args, into):
                values = [self.value(arg) for arg in args]
                self._assign_into(into, fresh(call(self.stage, routine, values)))
            case ops.CallPython():
                raise TypeError("the user's own code is not explored, so there is no schedule of it")
            case ops.If(branches, orelse):
                for test, body in branches:
                    if self.value(test):
                        self.block(body)
                        return
                self.block(orelse)
            case ops.While(test, body):
                self._loop(body, self._while(test))
            case ops.Repeat(times, body, target):
                self._loop(body, self._each(target, range(self.value(times))))
            case ops.For(target, iterable, body):
                self._loop(body, self._each(target, self.reader.each(iterable)))
            case ops.Try():
                self._try(op)
            case ops.Raise(exception, message):
                words = "" if message is None else self.reader.text(message)
                raise build.exception_class(exception)(words)
            case ops.Assert(test, message):
                if not self.value(test):
                    said = f"`{expression(test)}` is false"
                    self._fail("assert", said if message is None else self._worded(message, said))
            case ops.Expect(exception, body):
                self._expect(exception, body)
            case ops.Choose(target, values):
                found = list(self.value(values))
                if not found:
                    raise IndexError("Cannot choose from an empty sequence")
                chosen = self.me.chosen
                self.assign(target, fresh(chosen.popleft() if chosen else found[0]))
            case ops.Await(test, timeout):
                self.value(timeout)
                reader = self.reader
                cue = self.gate("its condition to hold", lambda: bool(reader.plain(test)), counts=False)
                if cue.way == "timeout":
                    raise TimeoutError
                reader.plain(test)
            case ops.Atomic(body):
                self._atomic(body)
            case _:
                assert_never(op)

    def _worded(self, message: Any, words: str) -> str:
        try:
            return str(self.reader.plain(message))
        except Exception:  # noqa: BLE001 (the message's own exception must not hide the check's failure)
            return words

    def _fail(self, kind: Any, message: str) -> None:
        key = (kind, self.span, self.me.ref)
        self.stage.failures.setdefault(key, Failure(kind, message, self.span, self.me.ref))

    # --- objects -----------------------------------------------------------------------------------------

    def place(self, ref: Ref) -> tuple[str, Any]:
        """The object's name and itself; its index is read first."""
        index = self.value(ref.index)
        if index is None:
            return ref.name, self.stage.objects[ref.name]
        found = self.stage.objects[ref.name]
        try:
            return ref_text(ref, index), found[index]
        except IndexError:  # the operation's own step raises it
            self.gate(ref_text(ref, index))
            raise

    def _plain(self, ref: Ref, method: str) -> None:
        name, place = self.place(ref)
        ready = always
        if method in ("abort", "reset"):
            ready = lambda: not place._cond._lock.locked()  # noqa: E731, SLF001
        self.gate(name, ready)
        getattr(place, method)()

    def _acquire(self, op: ops.Acquire) -> None:
        name, place = self.place(op.ref)
        blocking, timeout = self.value(op.blocking, default=True), self.value(op.timeout)
        cue = self.gate(name, lambda: objects.is_free(place, self._player))
        if cue.way == "timeout":
            got = place.acquire(True, 0)
        elif timeout is None:
            got = place.acquire(blocking)
        else:
            got = place.acquire(blocking, timeout)
        if got:
            self._hold(place)
        self._assign_into(op.into, got)

    @property
    def _player(self) -> Player:
        return self.frame["$player"]  # type: ignore[no-any-return]

    def _hold(self, place: Any) -> None:
        self.stage.holds.setdefault(id(build.lock_of(place)), []).append((self.me.ref, self.span))

    def _release(self, ref: Ref, n: Expr | None) -> None:
        name, place = self.place(ref)
        count = self.value(n)
        self.gate(name)
        self._let_go(place, count)

    def _let_go(self, place: Any, count: Any = None) -> None:
        if count is None:
            place.release()
        else:
            place.release(count)
        held = self.stage.holds.get(id(build.lock_of(place)), [])
        for _ in range(min(count or 1, len(held))):
            mine = [i for i, (ref, _) in enumerate(held) if ref == self.me.ref]
            held.pop(mine[-1] if mine else 0)

    def _with(self, ref: Ref, body: ops.Block) -> None:
        span = self.span
        name, place = self.place(ref)
        is_pool = isinstance(self._kind(ref.name), ThreadPool)
        if not is_pool:
            self.gate(name, lambda: objects.is_free(place, self._player))
            place.acquire()
            self._hold(place)
        try:
            self.block(body)
        except Abandoned:
            raise
        except BaseException:
            self._leave_with(span, name, place, is_pool=is_pool)
            raise
        self._leave_with(span, name, place, is_pool=is_pool)

    def _leave_with(self, span: Span, name: str, place: Any, *, is_pool: bool) -> None:
        self.span = span
        if is_pool:
            self._shut(name, place, wait=None, cancel=False)
        else:
            self.gate(name)
            self._let_go(place)

    def _kind(self, name: str) -> Any:
        return next(one for one in self.stage.program.primitives if one.name == name).elements[0]

    def _wait_condition(self, name: str, place: Any) -> bool:
        self.gate(f"a notification of {name}")
        lock = id(build.lock_of(place))
        held = self.stage.holds.get(lock, [])
        own = [entry for entry in held if entry[0] == self.me.ref] or held[:1]
        self.stage.holds[lock] = [entry for entry in held if entry not in own]
        got = bool(place.wait(0 if self.stage.next_way(self.me) == "timeout" else None))
        self.stage.holds.setdefault(lock, []).extend(own)
        return got

    def _wait_for(self, op: ops.WaitFor) -> None:
        """As `Condition.wait_for`: until the predicate holds or a wait has timed out."""
        name, place = self.place(op.ref)
        timeout = self.value(op.timeout)
        result, going = self.value(op.until), True
        while not result and going and (timeout is None or timeout > 0):
            going = self._wait_condition(name, place)
            result = self.value(op.until)
        self._assign_into(op.into, result)

    def _put(self, op: ops.Put) -> None:
        name, place = self.place(op.ref)
        item = fresh(self.value(op.item))
        block, timeout = self.value(op.block, default=True), self.value(op.timeout)
        size = getattr(place, "maxsize", 0)
        cue = self.gate(f"room in {name}", lambda: size <= 0 or place.qsize() < size or not block)
        place.put(item, block, 0 if cue.way == "timeout" else timeout)

    def _get(self, op: ops.Get) -> None:
        name, place = self.place(op.ref)
        block, timeout = self.value(op.block, default=True), self.value(op.timeout)
        cue = self.gate(f"an item of {name}", lambda: not place.empty() or not block)
        self._assign_into(op.into, place.get(block, 0 if cue.way == "timeout" else timeout))

    # --- threads -------------------------------------------------------------------------------------------

    def _each_thread(self, op: ops.Start | ops.Join, ref: Ref) -> None:
        timeout = self.value(op.timeout) if isinstance(op, ops.Join) and ref.index is None else None
        members = list(self._members(ref))
        if isinstance(op, ops.Join) and ref.index is not None:
            timeout = self.value(op.timeout)
        for player in members:
            if ref.name == "all" and self._is_passed_over(op, player):
                continue
            if isinstance(op, ops.Start):
                self.gate()
                self.stage.start(player)
            else:
                self._join(player, timeout)

    def _members(self, ref: Ref) -> Iterator[Player]:
        index = self.value(ref.index)
        groups = [group.key for group in self.stage.program.groups] if ref.name == "all" else [ref.name]
        for group in groups:
            members = self.stage.members(group)
            yield from members if index is None else [members[index]]

    def _is_passed_over(self, op: ops.Op, player: Player) -> bool:
        if isinstance(op, ops.Start):
            return player.thread.ident is not None
        return player.state == "new" or player.daemon or player is self.me

    def _join(self, player: Player, timeout: Any) -> None:  # noqa: ARG002 (the schedule says when it times out)
        cue = self.gate(f"{player.ref} to end", lambda: player.state == "over")
        player.thread.join(0 if cue.way == "timeout" else None)

    def _cancel_timer(self, ref: Ref) -> None:
        (player,) = self._members(ref)
        self.gate()
        player.thread.cancel()
        player.cancelled = True
        if player.state == "gate" and player.waits_for == "its time":
            player.dismissed = True
            player.go.release()
            self.stage.wait_until(lambda: player.state == "over")

    # --- pools ---------------------------------------------------------------------------------------------

    def _submit(self, name: str, pool: Any, routine: str, args: list[Any]) -> Any:
        self.gate(name)
        if self.stage.closed:
            raise RuntimeError("cannot schedule new futures after interpreter shutdown")
        given = [fresh(arg) for arg in args]
        stage, span = self.stage, self.span

        def run() -> Any:
            try:
                value = fresh(call(stage, routine, given))
            except Abandoned:
                raise
            except BaseException:
                stage.gate(span, "its call to be finished")
                raise
            stage.gate(span, "its call to be finished")
            return value

        future = pool.submit(run)
        future.add_done_callback(lambda done: stage.ranks.setdefault(done, len(stage.ranks)))
        objects.new_workers(self.stage, pool)
        return future

    def _result(self, future: Any) -> Any:
        self.gate("a future", future.done) if hasattr(future, "done") else self.gate()
        return fresh(future.result(0))

    def _cancel(self, future: Any) -> bool:
        self.gate()
        cancelled = bool(future.cancel())
        for place in self.stage.objects.values():
            for pool in place if isinstance(place, list) else [place]:
                if isinstance(getattr(pool, "_work_queue", None), objects.Calls):
                    pool._work_queue.drop_cancelled()  # noqa: SLF001
        return cancelled

    def _map(self, op: ops.Map) -> None:
        name, pool = self.place(op.to)
        self.value(op.timeout)
        futures = [self._submit(name, pool, op.routine, [item]) for item in self.reader.each(op.over)]
        results = []
        try:
            while futures:
                value = self._result(futures[0])
                futures.pop(0)
                if op.body is not None and op.target is not None:
                    self.assign(op.target, value)
                    try:
                        self.block(op.body)
                    except _ContinueLoop:
                        continue
                else:
                    results.append(value)
        except _BreakLoop:
            self._cancel_all(futures)
        except Abandoned:
            raise
        except BaseException:
            self._cancel_all(futures)
            raise
        self._assign_into(op.into, results)

    def _cancel_all(self, futures: list[Any]) -> None:
        for future in futures:
            self._cancel(future)

    def _wait_futures(self, op: ops.WaitFutures) -> None:
        from concurrent.futures import wait  # noqa: PLC0415

        futures = list(self.value(op.futures))
        when, _ = self.value(op.return_when, "ALL_COMPLETED"), self.value(op.timeout)

        def ready() -> bool:
            finished = [f for f in futures if f.done()]
            failed = any(not f.cancelled() and f.exception() is not None for f in finished)
            return (
                len(finished) == len(futures)
                or (when == "FIRST_COMPLETED" and bool(finished))
                or (when == "FIRST_EXCEPTION" and failed)
            )

        self.gate("a future", ready)
        self._assign_into(op.into, tuple(wait(futures, 0, when)))

    def _as_completed(self, op: ops.AsCompleted) -> None:
        futures = list(dict.fromkeys(self.value(op.futures)))
        self.value(op.timeout)
        cue = self.gate("a future")
        finished = [f for f in futures if f.done()]
        orders = list(permutations(finished))
        number = cue.move.alternative if cue.move is not None else 0
        ready, pending = list(orders[number % len(orders)]), [f for f in futures if f not in finished]
        while ready or pending:
            if not ready:
                cue = self.gate("a future", lambda: any(f.done() for f in pending))
                if cue.way == "timeout":
                    raise TimeoutError
                arrived = min((f for f in pending if f.done()), key=lambda f: self.stage.ranks.get(f, 0))
                pending.remove(arrived)
                ready.append(arrived)
            self.assign(op.target, ready.pop(0))
            try:
                self.block(op.body)
            except _BreakLoop:
                return
            except _ContinueLoop:
                continue

    def _shutdown(self, ref: Ref, wait: Expr | None, cancel: Expr | None) -> None:
        name, pool = self.place(ref)
        cancelling = bool(self.value(cancel, default=False))
        self._shut(name, pool, wait=wait, cancel=cancelling)

    def _shut(self, name: str, pool: Any, *, wait: Expr | None, cancel: bool) -> None:
        self.gate(name)
        pool.shutdown(wait=False, cancel_futures=cancel)
        if self.value(wait, default=True):
            self.gate(f"the calls of {name} to end", lambda: objects.is_quiet(self.stage, pool))

    # --- control flow ----------------------------------------------------------------------------------------

    def _while(self, test: Expr) -> Iterator[None]:
        while self.value(test):
            yield

    def _each(self, target: Expr | None, values: Iterable[Any]) -> Iterator[None]:
        for value in values:
            if target is not None:
                self.assign(target, value)
            yield

    def _loop(self, body: ops.Block, rounds: Iterator[None]) -> None:
        for _ in rounds:
            self.round()
            try:
                self.block(body)
            except _BreakLoop:
                return
            except _ContinueLoop:
                continue

    def _try(self, op: ops.Try) -> None:
        with self._finally(op.finalbody):
            try:
                self.block(op.body)
            except (Abandoned, _Signal):
                raise
            except BaseException as error:
                handler = next((h for h in op.handlers if catches(h.exception, type(error).__name__)), None)
                if handler is None:
                    raise
                self.frame["error"] = text_of(error)
                self._caught.append(error)
                try:
                    self.block(handler.body)
                finally:
                    self._caught.pop()
                return
            self.block(op.orelse)

    @contextmanager
    def _finally(self, block: ops.Block) -> Iterator[None]:
        try:
            yield
        except Abandoned:
            raise
        except BaseException:
            self.block(block)
            raise
        self.block(block)

    def _expect(self, exception: str, body: ops.Op) -> None:
        try:
            self.step(body)
        except (Abandoned, _Signal):
            raise
        except BaseException as error:
            if not catches(exception, type(error).__name__):
                self._fail("raises", f"{exception} was expected, and another exception was raised")
                raise
            return
        self._fail("raises", f"{exception} was expected, and nothing was raised")

    def _atomic(self, body: ops.Block) -> None:
        me = self.me
        me.atomic += 1
        try:
            self.block(body)
        finally:
            me.atomic -= 1
            me.inside = me.inside and me.atomic > 0

    # --- statements and targets -----------------------------------------------------------------------------

    def statement(self, node: Any) -> None:  # noqa: C901 (one arm a class)
        match node:
            case Assign(targets, value):
                result = self.value(value)
                for target in targets:
                    self.assign(target, result)
            case AugmentedAssign():
                self._augmented(node)
            case Delete(targets):
                for target in targets:
                    self._delete(target)
            case Evaluate(value):
                self.value(value)
            case Break():
                raise _BreakLoop
            case Continue():
                raise _ContinueLoop
            case Pass():
                pass
            case Return(value):
                raise _Returned(self.value(value))
            case Reraise():
                raise self._caught[-1]

    def _assign_into(self, target: Expr | None, value: Any) -> None:
        if target is not None:
            self.assign(target, value)

    def assign(self, target: Expr, value: Any) -> None:
        """Writes the value: local work, or a step for a shared target."""
        match target:
            case Local(name):
                self.frame[name] = value
            case Shared(name):
                self.gate()
                self.stage.shared[name] = fresh(value)
            case TlsField(tls, field):
                setattr(element(self.stage.objects[tls.name], self.value(tls.index)), field, value)
            case Subscript() if root(target) is not None:
                container, index = self._shared_place(target)
                self.gate()
                container()[index] = fresh(value)
            case Subscript(container, index):
                place = self.value(container)
                place[self._index(index)] = value
            case TupleDisplay(items) | ListDisplay(items):
                for item, part in list(unpacked(items, value)):
                    self.assign(item, part)
            case Starred(inner):
                self.assign(inner, value)
            case _:
                raise TypeError(f"no target: {target!r}")

    def _shared_place(self, target: Subscript) -> tuple[Callable[[], Any], Any]:
        """How to reach the container in the step itself, and the index; indices are read before."""
        reader = self.reader
        chain = reader.chain(target)
        assert isinstance(chain, Subscript)
        index = chain.index
        found = (
            slice(*(None if part is None else reader.plain(part) for part in (index.lower, index.upper, index.step)))
            if isinstance(index, Slice)
            else reader.plain(index)
        )
        return lambda: reader.plain(chain.value), found

    def _index(self, index: Expr | Slice) -> Any:
        if isinstance(index, Slice):
            return slice(*(self.value(part) for part in (index.lower, index.upper, index.step)))
        return self.value(index)

    def _delete(self, target: Expr) -> None:
        assert isinstance(target, Subscript)
        if root(target) is not None:
            container, index = self._shared_place(target)
            self.gate()
            del container()[index]
        else:
            place = self.value(target.value)
            del place[self._index(target.index)]

    def _augmented(self, node: AugmentedAssign) -> None:
        target, reader = node.target, self.reader
        if root(target) is not None and self._is_container(target):
            chain = reader.chain(target)
            value = self.value(node.value)
            self.gate()
            old = reader.plain(chain)
            self._store(chain, _IN_PLACE[node.operator](old, value))
        elif root(target) is not None:
            chain = reader.chain(target)
            self.gate()
            old = reader.plain(chain)
            new = _BINARY[node.operator](old, self.value(node.value))
            self.gate()
            self._store(chain, new)
        elif isinstance(target, Subscript):
            place = self.value(target.value)
            index = self._index(target.index)
            old = place[index]
            place[index] = _IN_PLACE[node.operator](old, self.value(node.value))
        else:
            old = reader.plain(target)
            self.assign(target, _IN_PLACE[node.operator](old, self.value(node.value)))

    def _store(self, chain: Expr, value: Any) -> None:
        if isinstance(chain, Shared):
            self.stage.shared[chain.name] = value
            return
        assert isinstance(chain, Subscript)
        index = chain.index
        assert not isinstance(index, Slice)
        self.reader.plain(chain.value)[self.reader.plain(index)] = value

    def _is_container(self, target: Expr) -> bool:
        """Whether a shared target changes in place, judged by its initial value as the explorer does."""
        depth = 0
        while isinstance(target, Subscript):
            target, depth = target.value, depth + 1
        assert isinstance(target, Shared)
        value: Any = next(v.value for v in self.stage.program.vars if v.name == target.name)
        for _ in range(depth):
            parts = list(value.values()) if isinstance(value, dict) else value
            value = parts[0] if isinstance(parts, list) and parts else None
        return isinstance(value, list | dict | set)


def call(stage: Stage, routine: str, args: list[Any]) -> Any:
    """Runs a routine in the calling thread."""
    found = stage.program.routines[routine]
    frame: Locals = {"$player": stage.current(), **dict(zip(found.params, (fresh(arg) for arg in args), strict=True))}
    return Walker(stage, frame).body(found.body)
