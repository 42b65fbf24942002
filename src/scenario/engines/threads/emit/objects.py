"""Operations on primitives, threads and pools as Python lines: Python's own methods, called on the real objects."""

from __future__ import annotations

from scenario.engines.threads import footprint as footprints
from scenario.engines.threads.emit.context import Context
from scenario.engines.threads.emit.control import Body, loop
from scenario.engines.threads.emit.writer import Held, Site
from scenario.program import ops
from scenario.program.program import (
    BoundedSemaphore,
    Condition,
    Lock,
    ProcessPool,
    RLock,
    Semaphore,
    SimpleQueue,
    ThreadPool,
)
from scenario.syntax import Expr, Ref

# --- locks, semaphores, conditions --------------------------------------------------------------------


def _recorded(c: Context, ref: Ref) -> bool:
    name = footprints.lock_name(c.facts.program, ref.name)
    return name in c.facts.footprint.recorded and not isinstance(c.facts.kind(ref), Semaphore | BoundedSemaphore)


def _is_guarded(c: Context, ref: Ref) -> bool:
    return c.guards(_names(c, ref))


def _names(c: Context, ref: Ref) -> frozenset[str]:
    return frozenset({ref.name, footprints.lock_name(c.facts.program, ref.name)})


def _changes(c: Context, op: ops.Op) -> frozenset[str]:
    return footprints.step_writes(op, c.facts.program)


def _blocks_in_c(c: Context, ref: Ref) -> bool:
    return isinstance(c.facts.kind(ref), Lock | RLock | Condition)


def acquire(c: Context, op: ops.Acquire) -> None:
    place = c.temp(c.ref(op.ref))
    given = [("blocking", op.blocking), ("timeout", op.timeout)]
    names = {name: c.temp(c.read(value)) for name, value in given if value is not None}
    arguments = ", ".join(f"{name}={value}" for name, value in names.items())
    site = Site("lock", place, names.get("blocking"), names.get("timeout")) if _blocks_in_c(c, op.ref) else None
    guarded = _is_guarded(c, op.ref)
    source = f"rt_take({place}{', ' if arguments else ''}{arguments})" if guarded else f"{place}.acquire({arguments})"
    if not names and op.into is None:
        c.out.line(source, site)
        if _recorded(c, op.ref):
            c.out.line(f"rt_record({place}, me, {c.out.next_line - 1})")
    else:
        c.temps += 1
        taken = f"v{c.temps}"
        c.out.line(f"{taken} = {source}", site)
        if _recorded(c, op.ref):
            c.out.line(f"if {taken}: rt_record({place}, me, {c.out.next_line - 1})")
    if guarded:
        c.out.line(c.leave(c.checks(_changes(c, op))))
    if op.into is not None:
        c.store(op.into, taken if names or op.into is not None else "True")


def release(c: Context, op: ops.Release) -> None:
    place = c.temp(c.ref(op.ref))
    n = c.read(op.n) if op.n is not None else ""
    with c.step(_names(c, op.ref), _changes(c, op)):
        if _recorded(c, op.ref):
            c.out.line(f"rt_forget({place})")
        c.out.line(f"{place}.release({n})")


def with_(c: Context, op: ops.With, body: Body) -> None:
    kind = c.facts.kind(op.ref)
    if isinstance(kind, ThreadPool | ProcessPool):
        with c.out.block(f"with {c.ref(op.ref)}:"):
            body(c, op.body)
        return
    place = c.ref(op.ref)
    if op.ref.index is not None or _recorded(c, op.ref) or _is_guarded(c, op.ref):
        place = c.temp(place)
    if not _recorded(c, op.ref) and not _is_guarded(c, op.ref):
        site = Site("lock", place) if _blocks_in_c(c, op.ref) else None
        with c.out.block(f"with {place}:", site), c.out.inside(Held(place, op.span)):
            body(c, op.body)
        return
    guarded, checks = _is_guarded(c, op.ref), c.checks(_changes(c, ops.Acquire(op.ref)))
    site = Site("lock", place) if _blocks_in_c(c, op.ref) else None
    c.out.line(f"rt_take({place})" if guarded else f"{place}.acquire()", site)
    if _recorded(c, op.ref):
        c.out.line(f"rt_record({place}, me, {c.out.next_line - 1})")
    if guarded:
        c.out.line(c.leave(checks))
    with c.out.block("try:"), c.out.inside(Held(place, op.span)):
        body(c, op.body)
    with c.out.block("finally:"):
        if _recorded(c, op.ref):
            c.out.line(f"rt_forget({place})")
        checked = f"rt_release({place}, {c.facts.constant(checks)}, me, {c.out.next_line})"
        c.out.line(checked if guarded else f"{place}.release()")


def wait_condition(c: Context, op: ops.WaitCondition | ops.WaitFor) -> None:
    place = c.temp(c.ref(op.ref))
    arguments = [f"lambda: {c.read(op.until)}"] if isinstance(op, ops.WaitFor) else []
    arguments += [c.read(op.timeout)] if op.timeout is not None else []
    method = "wait_for" if isinstance(op, ops.WaitFor) else "wait"
    value = c.temp(f"{place}.{method}({', '.join(arguments)})")
    if _recorded(c, op.ref):
        c.out.line(f"rt_record({place}, me, {c.out.next_line - 1})")
    checked(c, op, op.ref)
    if op.into is not None:
        c.store(op.into, value, sure=False)


def checked(c: Context, op: ops.Op, ref: Ref) -> None:
    """Checks after a step that has to be done outside the hidden lock, because it may block."""
    checks = c.checks(_changes(c, op))
    if _is_guarded(c, ref) and checks:
        c.out.line("rt_enter()")
        c.out.line(c.leave(checks))


def notify(c: Context, op: ops.Notify | ops.NotifyAll) -> None:
    if isinstance(op, ops.NotifyAll):
        _at_once(c, op, op.ref, "notify_all()")
    else:
        _at_once(c, op, op.ref, f"notify({c.read(op.n) if op.n is not None else ''})")


def _at_once(c: Context, op: ops.Op, ref: Ref, call: str, into: Expr | None = None) -> None:
    """A method that never blocks: one step, under the hidden lock where it is guarded."""
    if into is None:
        with c.step(_names(c, ref), _changes(c, op)):
            c.out.line(f"{c.ref(ref)}.{call}")
        return
    c.temps += 1
    value = f"v{c.temps}"
    with c.step(_names(c, ref), _changes(c, op)):
        c.out.line(f"{value} = {c.ref(ref)}.{call}")
    c.store(into, value, sure=False)


# --- events, barriers ------------------------------------------------------------------------------------


def wait(c: Context, op: ops.WaitEvent | ops.WaitBarrier) -> None:
    timeout = c.read(op.timeout) if op.timeout is not None else ""
    value = f"{c.ref(op.ref)}.wait({timeout})"
    if op.into is None:
        c.out.line(value)
        checked(c, op, op.ref)
        return
    kept = c.temp(value)
    checked(c, op, op.ref)
    c.store(op.into, kept)


def at_once(c: Context, op: ops.SetEvent | ops.ClearEvent | ops.AbortBarrier | ops.ResetBarrier | ops.TaskDone) -> None:
    method = {
        ops.SetEvent: "set", ops.ClearEvent: "clear", ops.AbortBarrier: "abort", ops.ResetBarrier: "reset",
        ops.TaskDone: "task_done",
    }[type(op)]  # fmt: skip
    _at_once(c, op, op.ref, f"{method}()")


# --- queues -------------------------------------------------------------------------------------------------


def _arguments(c: Context, **given: Expr | None) -> str:
    return "".join(f", {name}={c.read(value)}" for name, value in given.items() if value is not None)


def put(c: Context, op: ops.Put) -> None:
    item, rest = c.given(op.item), _arguments(c, block=op.block, timeout=op.timeout)
    if _is_guarded(c, op.ref):
        c.out.line(f"rt_put({c.ref(op.ref)}, {item}{rest})")
        c.out.line(c.leave(c.checks(_changes(c, op))))
        return
    if isinstance(c.facts.kind(op.ref), SimpleQueue):
        place = c.temp(c.ref(op.ref))
        c.out.line(f"rt_puts[{place}]()")
        c.out.line(f"{place}.put({item}{rest})")
        return
    c.out.line(f"{c.ref(op.ref)}.put({item}{rest})")


def get(c: Context, op: ops.Get) -> None:
    if _is_guarded(c, op.ref):
        item = c.temp(f"rt_get({c.ref(op.ref)}{_arguments(c, block=op.block, timeout=op.timeout)})")
        c.out.line(c.leave(c.checks(_changes(c, op))))
        c.store(op.into, item, sure=False) if op.into is not None else None
        return
    if isinstance(c.facts.kind(op.ref), SimpleQueue):
        _simple_get(c, op)
        return
    arguments = _arguments(c, block=op.block, timeout=op.timeout).removeprefix(", ")
    source = f"{c.ref(op.ref)}.get({arguments})"
    # what comes out of a queue was copied when it went in, and is nobody else's
    c.store(op.into, source)


def _simple_get(c: Context, op: ops.Get) -> None:
    """Puts and gets are counted: `qsize()` is 0 while an item is handed over."""
    place = c.temp(c.ref(op.ref))
    given = [("block", op.block), ("timeout", op.timeout)]
    names = {name: c.temp(c.read(value)) for name, value in given if value is not None}
    arguments = ", ".join(f"{name}={value}" for name, value in names.items())
    c.temps += 1
    item = f"v{c.temps}"
    c.out.line(f"{item} = {place}.get({arguments})", Site("simple", place, names.get("block"), names.get("timeout")))
    c.out.line(f"rt_gets[{place}]()")
    if op.into is not None:
        c.store(op.into, item)


def join_queue(c: Context, op: ops.JoinQueue) -> None:
    c.out.line(f"{c.ref(op.ref)}.join()")


def shutdown_queue(c: Context, op: ops.ShutdownQueue) -> None:
    _at_once(c, op, op.ref, f"shutdown({_arguments(c, immediate=op.immediate).removeprefix(', ')})")


# --- threads, timers ----------------------------------------------------------------------------------------


def _is_group(c: Context, ref: Ref) -> bool:
    return ref.index is None and any(group.key == ref.name and group.is_group for group in c.facts.program.groups)


def start(c: Context, op: ops.Start) -> None:
    _each_thread(c, op.ref, "start()", "rt_start_all()")
    checked(c, op, op.ref)


def join(c: Context, op: ops.Join) -> None:
    timeout = c.read(op.timeout) if op.timeout is not None else ""
    _each_thread(c, op.ref, f"join({timeout})", f"rt_join_all({timeout})")


def _each_thread(c: Context, ref: Ref, call: str, every: str) -> None:
    if ref.name == "all":
        c.out.line(every)
    elif _is_group(c, ref):
        c.temps += 1
        c.out.line(f"for v{c.temps} in {c.ref(ref)}: v{c.temps}.{call}")
    else:
        c.out.line(f"{c.ref(ref)}.{call}")


def cancel_timer(c: Context, op: ops.CancelTimer) -> None:
    _each_thread(c, op.ref, "cancel()", "")


# --- pools, futures ---------------------------------------------------------------------------------------------


def _callee(c: Context, routine: str, to: Ref) -> str:
    """What a pool is given to call."""
    if isinstance(c.facts.kind(to), ProcessPool):
        return f"rt_in_process({routine!r})"
    if routine in c.facts.program.routines:
        return f"rt_in_pool(r_{routine})"
    return f"y_{routine}"


def submit(c: Context, op: ops.Submit) -> None:
    args = "".join(f", {c.given(arg)}" for arg in op.args)
    source = f"{c.ref(op.to)}.submit({_callee(c, op.routine, op.to)}{args})"
    c.store(op.into, source)


def map_(c: Context, op: ops.Map, body: Body) -> None:
    over = f"rt_fresh_each({c.read(op.over)})"
    source = f"{c.ref(op.to)}.map({_callee(c, op.routine, op.to)}, {over}{_arguments(c, timeout=op.timeout)})"
    results = f"rt_fresh_each({source})"
    if op.target is not None:
        loop(c, op.target, source, op.body or (), body, sure=False)
    else:
        c.store(op.into, f"list({results})")


def result(c: Context, op: ops.Result) -> None:
    timeout = c.read(op.timeout) if op.timeout is not None else ""
    source = f"{c.read(op.future)}.result({timeout})"
    c.store(op.into, f"_fresh({source})" if op.into is not None else source)


def cancel_future(c: Context, op: ops.CancelFuture) -> None:
    c.store(op.into, f"{c.read(op.future)}.cancel()")


def wait_futures(c: Context, op: ops.WaitFutures) -> None:
    rest = _arguments(c, timeout=op.timeout, return_when=op.return_when)
    c.store(op.into, f"rt_wait_futures({c.read(op.futures)}{rest})")


def as_completed(c: Context, op: ops.AsCompleted, body: Body) -> None:
    source = f"rt_as_completed({c.read(op.futures)}{_arguments(c, timeout=op.timeout)})"
    loop(c, op.target, source, op.body, body)


def shutdown_pool(c: Context, op: ops.ShutdownPool) -> None:
    arguments = _arguments(c, wait=op.wait, cancel_futures=op.cancel_futures).removeprefix(", ")
    c.out.line(f"{c.ref(op.ref)}.shutdown({arguments})")
