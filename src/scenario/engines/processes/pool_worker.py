"""What a pool's worker does: it emits the program for itself, and calls routines by name. It has their arguments and the params.

It is no thread of the file, so where it stands is nobody's business: it writes where all workers do.
"""

from __future__ import annotations

import multiprocessing
import signal
from multiprocessing.sharedctypes import Synchronized

from scenario.engines.processes.asking import Others
from scenario.engines.processes.parts import Parts
from scenario.engines.processes.runtime import Me, Run
from scenario.interpreter.futures import quiet
from scenario.real.emit.module import emit

_run: list[Run] = []


def setup(parts: Parts, pool: str, numbers: Synchronized[int], initializer: str | None) -> None:
    """Runs once in each worker; `numbers` counts those of the pool."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent is told, and ends this process
    quiet()
    with numbers.get_lock():
        index = numbers.value
        numbers.value += 1
    me = Me(f"{pool}-worker[{index}]", multiprocessing.current_process().name, index, parts.seed)
    run = Run(emit(parts.program), parts, me, parts.slots.apart, "main", Others(parts), ())
    run.load()
    _run[:] = [run]
    if initializer is not None:
        call(initializer)


def call(routine: str, *args: object) -> object:
    """One call, in a worker."""
    (run,) = _run
    return run.called(routine, args)
