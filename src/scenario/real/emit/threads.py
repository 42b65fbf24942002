"""Threads and timers as Python lines."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias, assert_never

from scenario.program import ops
from scenario.real.emit.context import Context
from scenario.real.emit.guarded import checked
from scenario.syntax import Ref

ThreadOp: TypeAlias = ops.Start | ops.Join | ops.CancelTimer | ops.Kill


def emit(c: Context, op: ThreadOp) -> None:
    """One operation."""
    match op:
        case ops.Start(ref):
            each(c, ref, lambda thread: f"rt_start({thread})", "rt_start_all()")
            checked(c, op, ref)
        case ops.Join(ref, timeout):
            limit = c.read(timeout) if timeout is not None else ""
            if ref.name == "main" and not c.facts.is_apart:
                c.out.line(f"rt_join_main({limit})")
            else:
                each(c, ref, lambda thread: f"{thread}.join({limit})", f"rt_join_all({limit})")
        case ops.CancelTimer(ref):
            each(c, ref, lambda thread: f"{thread}.cancel()", "")
        case ops.Kill(ref):
            each(c, ref, lambda thread: f"{thread}.kill()", "")
        case _:
            assert_never(op)


def each(c: Context, ref: Ref, call: Callable[[str], str], every: str) -> None:
    if ref.name == "all":
        c.out.line(every)
    elif _is_group(c, ref):
        one = c.fresh()
        c.out.line(f"for {one} in {c.ref(ref)}: {call(one)}")
    else:
        c.out.line(call(c.ref(ref)))


def _is_group(c: Context, ref: Ref) -> bool:
    return ref.index is None and any(group.key == ref.name and group.is_group for group in c.facts.program.groups)
