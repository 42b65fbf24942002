"""What a pool's worker does: the initializer, then a call after the other."""

from __future__ import annotations

from scenario.engines.explore.code import Code, Enter, Operate
from scenario.engines.explore.lower.builder import Builder
from scenario.program.ops import Submit
from scenario.program.program import Program, ThreadPool
from scenario.source import Span
from scenario.syntax import Const, Local


def worker_code(program: Program, pool: str, element: int | None, kind: ThreadPool) -> Code:
    """Takes a call in one step (its routine runs as a frame of its own) and finishes it in another."""
    primitive = next(p for p in program.primitives if p.name == pool)
    b = Builder(program, f"worker of {pool}", span=primitive.span)
    index = None if element is None else b.slot(b.to_local(Const(element)).name)
    top, failed, broken = b.label(), b.label(), b.label()
    if kind.initializer is not None:
        with b.handled_by(broken):
            b.add(Enter(kind.initializer))
        b.run(f"w.initialized({pool!r}, {element!r})")
    b.place(top)
    result, caught = b.temporary(), b.temporary()
    with b.handled_by(failed):
        _operate(b, pool, index, "take", primitive.span, result)
    _operate(b, pool, index, "finish", primitive.span, result, uses=result)
    b.jump(top)
    b.place(failed)
    b.catch(caught)
    _operate(b, pool, index, "fail", primitive.span, result, uses=caught)
    b.jump(top)
    b.place(broken)
    b.catch(caught)
    _operate(b, pool, index, "break", primitive.span, result)
    return b.finish()


def _operate(
    b: Builder, pool: str, index: int | None, part: str, span: Span, result: Local, uses: Local | None = None
) -> None:
    slots = () if uses is None else (b.slot(uses.name),)
    args = {"value": slots[0]} if slots else {}
    read = slots if index is None else (*slots, index)
    b.add(Operate(Submit, pool, index, args, part, span=span, uses=read, defines=(b.slot(result.name),)))
