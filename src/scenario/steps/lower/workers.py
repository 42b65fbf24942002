"""What a pool's worker does: the initializer, then a call after the other."""

from __future__ import annotations

from scenario.program.program import Program, ThreadPool
from scenario.steps.code import Code, Enter, Part, Started, Work
from scenario.steps.lower.builder import Builder
from scenario.syntax import Local, Ref


def worker_code(program: Program, name: str, pool: str, element: int | None, kind: ThreadPool) -> Code:
    """Takes a call in one step (its routine runs as a frame of its own), finishes it in another, and is idle with a third.

    The third takes the next call at once where there is one; so it does after a call that had been cancelled.
    """
    primitive = next(p for p in program.primitives if p.name == pool)
    b = Builder(program, name, span=primitive.span)
    index = None if element is None else b.constant(element)
    idle, ran, value = b.constant(True), b.temporary(), b.temporary()
    again, failed, broken = b.label(), b.label(), b.label()

    def work(part: Part, *defines: Local, given: Local | None = None) -> None:
        read = tuple(b.slot(local.name) for local in (given, index) if local is not None)
        defined = tuple(b.slot(local.name) for local in defines)
        b.add(Work(Ref(pool, index), part, given, uses=read, defines=defined))

    if kind.initializer is not None:
        with b.handled_by(broken):
            b.add(Enter(kind.initializer))
        b.add(Started(pool, element))
    b.place(again)
    with b.handled_by(failed):
        work("take", value, ran, idle, given=idle)
    b.branch(ran, again)
    work("finish", given=value)
    b.jump(again)
    b.place(failed)
    work("fail", given=b.catch())
    b.jump(again)
    b.place(broken)
    b.catch()
    work("break")
    return b.finish()
