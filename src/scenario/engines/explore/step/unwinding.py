"""Leaving frames: a routine's return, an exception on its way to its handler, a thread's end."""

from __future__ import annotations

from scenario.engines.explore.model.code import Access, Enter, Throw
from scenario.engines.explore.model.parts import ENDED, ENDING
from scenario.engines.explore.model.source import UNSET
from scenario.engines.explore.model.values import Raised, freeze, thaw
from scenario.engines.explore.step.context import Context
from scenario.engines.explore.step.deeds import ended_by, raising
from scenario.engines.explore.step.primitives.model import Phase
from scenario.engines.explore.step.primitives.processes.ends import over


def leave(w: Context, value: object) -> None:
    """Returns from the innermost frame: to the routine's caller, the pool's worker, the barrier that ran an action."""
    if len(w.frames) == 1:
        _over(w)
        return
    w.frames.pop()
    caller = w.instruction
    if isinstance(caller, Enter):
        frame = w.frame
        if caller.defines:
            frame.locals[caller.defines[0]] = thaw(freeze(value))
        frame.go(frame.pc + 1)
    else:
        w.phase.returned(w, value)


def unwind(w: Context, raised: Raised) -> None:
    """Goes to the nearest handler; without one the thread ends with the exception."""
    if not _is_on_its_way(w) and not _is_kept_back(w):
        w.raise_first(raised)
        if w.log is not None:
            w.log.deeds.append(raising(w, raised))
    while True:
        frame = w.frames[-1]
        instruction = frame.code.instructions[frame.pc]
        if isinstance(w.phase, Phase) and w.phase.drops(w, raised):
            w.phase.returned(w, None)
            return
        _give_up(w)
        if instruction.handler is not None:
            w.catch(raised, instruction.handler)
            return
        if len(w.frames) == 1:
            break
        w.frames.pop()
    if raised.name != "SystemExit":
        if w.log is not None:
            w.log.deeds.append(ended_by(raised))
        w.end_with(raised)
    _over(w)


def _is_on_its_way(w: Context) -> bool:
    """Whether it is only raised again."""
    return isinstance(w.instruction, Throw) and not w.instruction.anew


def _is_kept_back(w: Context) -> bool:
    """Whether Python raises it only if an access, which comes before, raises nothing: the handler is that access."""
    handler, code = w.instruction.handler, w.frame.code.instructions
    if handler is None or handler + 2 >= len(code):
        return False
    caught, access, thrown = code[handler : handler + 3]
    return isinstance(thrown, Throw) and thrown.anew and thrown.uses == caught.defines and isinstance(access, Access)


def _give_up(w: Context) -> None:
    """The operation of several steps that the exception leaves, in this frame."""
    if isinstance(w.phase, Phase):
        w.phase.left(w)
    else:
        w.stay(None)


def _over(w: Context) -> None:
    w.leave_atomic(w.atomic)
    if w.layout.end_steps and w.thread.pool is None:
        w.stay(ENDING)
    else:
        end(w)


def may_end(w: Context) -> bool:
    """A default main has joined all threads that are no daemons before it ends."""
    return w.thread.number != w.layout.default_main or all(
        t.daemon or t.pool is not None or t is w.thread or w.status[t.number] in ENDED for t in w.layout.threads
    )


def end(w: Context) -> None:
    """The thread's end: what it leaves are the registers that claims ask for."""
    frame = w.frames[0]
    code = frame.code
    named = {name: frame.locals[i] for i, name in enumerate(code.slots) if i in code.live[-1]}
    registers = freeze({name: None if value is UNSET else value for name, value in named.items()})
    w.end(registers, closes=w.thread.number in (w.layout.main, w.layout.default_main))
    over(w)
