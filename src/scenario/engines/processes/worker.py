"""What the process of a thread does: it emits the program for itself, and takes the thread's steps."""

from __future__ import annotations

import signal
from types import FrameType

from scenario.engines.processes import building
from scenario.engines.processes.asking import Others
from scenario.engines.processes.parts import Parts
from scenario.engines.processes.runtime import Me, Run, emitted
from scenario.program.program import thread_ref


def serve(parts: Parts, key: str, index: int, number: int, began: float) -> None:
    """The thread of that group and index, whose place in the slots is `number`."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent is told, and ends this process
    program = parts.program
    group = next(group for group in program.groups if group.key == key)
    me = Me(thread_ref(group, index), group.names[index], index, parts.seed)
    names = building.place_all(parts.objects)
    run = Run(emitted(program, parts), parts, me, number, key, Others(parts), names)
    run.load()
    if hasattr(signal, "SIGUSR1"):
        signal.signal(signal.SIGUSR1, lambda _, frame: _say_where(run, frame))
    parts.line.cross()
    run.live(began)


def _say_where(run: Run, frame: FrameType | None) -> None:
    """The time is over, and somebody asks in which step this process is."""
    while frame is not None and frame.f_code.co_filename != run.module.filename:
        frame = frame.f_back
    if frame is not None:
        run.here.slots.stands_at(run.here.me, frame.f_lineno)
