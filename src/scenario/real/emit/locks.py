"""Locks, semaphores and conditions as Python lines."""

from __future__ import annotations

from scenario.program import ops
from scenario.program.program import Condition, Lock, ProcessPool, RLock, ThreadPool
from scenario.real.emit.context import Body, Context
from scenario.real.emit.guarded import changes, checked, is_guarded, is_recorded, record
from scenario.real.emit.writer import Held, Site
from scenario.syntax import Ref


def _blocks_in_c(c: Context, ref: Ref) -> bool:
    return isinstance(c.facts.kind(ref), Lock | RLock | Condition)


def acquire(c: Context, op: ops.Acquire) -> None:
    place = c.temp(c.ref(op.ref))
    given = [("blocking", op.blocking), ("timeout", op.timeout)]
    names = {name: c.temp(c.read(value)) for name, value in given if value is not None}
    arguments = ", ".join(f"{name}={value}" for name, value in names.items())
    site = Site("lock", place, names.get("blocking"), names.get("timeout")) if _blocks_in_c(c, op.ref) else None
    guarded = is_guarded(c, op.ref)
    source = f"rt_take({place}{', ' if arguments else ''}{arguments})" if guarded else f"{place}.acquire({arguments})"
    if not names and op.into is None:
        c.out.line(source, site)
        if is_recorded(c, op.ref):
            record(c, place)
    else:
        taken = c.fresh()
        c.out.line(f"{taken} = {source}", site)
        if is_recorded(c, op.ref):
            record(c, place, taken)
    if guarded:
        c.out.line(c.leave(c.checks(changes(c, op))))
    if op.into is not None:
        c.store(op.into, taken)


def with_(c: Context, op: ops.With, body: Body) -> None:
    kind = c.facts.kind(op.ref)
    if isinstance(kind, ThreadPool | ProcessPool):
        with c.out.block(f"with {c.ref(op.ref)}:"):
            body(c, op.body)
        return
    place = c.ref(op.ref)
    if op.ref.index is not None or is_recorded(c, op.ref) or is_guarded(c, op.ref):
        place = c.temp(place)
    if not is_recorded(c, op.ref) and not is_guarded(c, op.ref):
        site = Site("lock", place) if _blocks_in_c(c, op.ref) else None
        with c.out.block(f"with {place}:", site), c.out.inside(Held(place, op.span)):
            body(c, op.body)
        return
    guarded, checks = is_guarded(c, op.ref), c.checks(changes(c, ops.Acquire(op.ref)))
    site = Site("lock", place) if _blocks_in_c(c, op.ref) else None
    c.out.line(f"rt_take({place})" if guarded else f"{place}.acquire()", site)
    if is_recorded(c, op.ref):
        record(c, place)
    if guarded:
        c.out.line(c.leave(checks))
    with c.out.block("try:"), c.out.inside(Held(place, op.span)):
        body(c, op.body)
    with c.out.leaving():
        if is_recorded(c, op.ref):
            c.out.line(f"rt_forget({place}, me)")
        checked = f"rt_release({place}, {c.facts.constant(checks)}, me, {c.out.next_line})"
        c.out.line(checked if guarded else f"{place}.release()")


def wait(c: Context, op: ops.WaitCondition | ops.WaitFor) -> None:
    place = c.temp(c.ref(op.ref))
    arguments = [f"lambda: {c.read(op.until)}"] if isinstance(op, ops.WaitFor) else []
    arguments += [c.read(op.timeout)] if op.timeout is not None else []
    method = "wait_for" if isinstance(op, ops.WaitFor) else "wait"
    held = c.temp(f"rt_held({place})") if is_recorded(c, op.ref) else ""
    value = c.temp(f"{place}.{method}({', '.join(arguments)})")
    if held:
        c.out.line(f"rt_resume({place}, {held})")
    checked(c, op, op.ref)
    if op.into is not None:
        c.store(op.into, value, sure=False)
