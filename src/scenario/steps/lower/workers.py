"""What a pool's worker does: the initializer, then a call after the other."""

from __future__ import annotations

from scenario.program.ops import Submit
from scenario.program.program import Program, ThreadPool
from scenario.steps.code import Code, Enter, Operate, Started
from scenario.steps.lower.builder import Builder
from scenario.syntax import Local


def worker_code(program: Program, name: str, pool: str, element: int | None, kind: ThreadPool) -> Code:
    """Takes a call in one step (its routine runs as a frame of its own), finishes it in another, and is idle with a third.

    The third takes the next call at once where there is one; so it does after a call that had been cancelled.
    """
    primitive = next(p for p in program.primitives if p.name == pool)
    b = Builder(program, name, span=primitive.span)
    index = None if element is None else b.constant(element)
    idle, ran, value = b.constant(True), b.temporary(), b.temporary()
    again, failed, broken = b.label(), b.label(), b.label()

    def operate(part: str, defines: tuple[Local, ...], **args: Local) -> None:
        slots = {key: b.slot(local.name) for key, local in args.items()}
        at = None if index is None else b.slot(index.name)
        read = (*slots.values(), *(() if at is None else (at,)))
        defined = tuple(b.slot(local.name) for local in defines)
        b.add(Operate(Submit, pool, at, slots, part, uses=read, defines=defined))

    if kind.initializer is not None:
        with b.handled_by(broken):
            b.add(Enter(kind.initializer))
        b.add(Started(pool, element))
    b.place(again)
    with b.handled_by(failed):
        operate("take", (value, ran, idle), idle=idle)
    b.branch(ran, again)
    operate("finish", (), value=value)
    b.jump(again)
    b.place(failed)
    operate("fail", (), value=b.catch())
    b.jump(again)
    b.place(broken)
    b.catch()
    operate("break", ())
    return b.finish()
