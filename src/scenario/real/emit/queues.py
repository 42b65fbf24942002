"""Queues as Python lines."""

from __future__ import annotations

from scenario.program import ops
from scenario.program.program import SimpleQueue
from scenario.real.emit.context import Context
from scenario.real.emit.guarded import arguments_of, changes, is_guarded
from scenario.real.emit.writer import Site
from scenario.syntax import Ref


def put(c: Context, op: ops.Put) -> None:
    item, rest = c.given(op.item), arguments_of(c, block=op.block, timeout=op.timeout)
    if is_guarded(c, op.ref):
        c.out.line(f"rt_put({c.ref(op.ref)}, {item}{rest})")
        c.out.line(c.leave(c.checks(changes(c, op))))
        return
    if _is_counted(c, op.ref):
        place = c.temp(c.ref(op.ref))
        c.out.line(f"rt_puts[{place}]()")
        c.out.line(f"{place}.put({item}{rest})")
        return
    c.out.line(f"{c.ref(op.ref)}.put({item}{rest})")


def get(c: Context, op: ops.Get) -> None:
    if is_guarded(c, op.ref):
        item = c.temp(f"rt_get({c.ref(op.ref)}{arguments_of(c, block=op.block, timeout=op.timeout)})")
        c.out.line(c.leave(c.checks(changes(c, op))))
        c.store(op.into, item, sure=False) if op.into is not None else None
        return
    if _is_counted(c, op.ref):
        _simple_get(c, op)
        return
    arguments = arguments_of(c, block=op.block, timeout=op.timeout).removeprefix(", ")
    source = f"{c.ref(op.ref)}.get({arguments})"
    # what comes out of a queue was copied when it went in, and is nobody else's
    c.store(op.into, source)


def _is_counted(c: Context, ref: Ref) -> bool:
    """A SimpleQueue of threads tells nobody how many it has."""
    return isinstance(c.facts.kind(ref), SimpleQueue) and not c.facts.is_apart


def _simple_get(c: Context, op: ops.Get) -> None:
    """Puts and gets are counted: `qsize()` is 0 while an item is handed over."""
    place = c.temp(c.ref(op.ref))
    given = [("block", op.block), ("timeout", op.timeout)]
    names = {name: c.temp(c.read(value)) for name, value in given if value is not None}
    arguments = ", ".join(f"{name}={value}" for name, value in names.items())
    item = c.fresh()
    c.out.line(f"{item} = {place}.get({arguments})", Site("simple", place, names.get("block"), names.get("timeout")))
    c.out.line(f"rt_gets[{place}]()")
    if op.into is not None:
        c.store(op.into, item)


def join(c: Context, op: ops.JoinQueue) -> None:
    """Changes nothing, so that nothing is checked after it."""
    c.out.line(f"{c.ref(op.ref)}.join()")
