"""A process pool's worker: it compiles the program that it was given and calls routines by name."""

from __future__ import annotations

import os
from collections.abc import Callable

from scenario.engines.threads.actors import Actor
from scenario.engines.threads.live.runtime import Run
from scenario.interpreter.futures import quiet
from scenario.program.bounded.limits import Refused
from scenario.program.program import Program
from scenario.real.children.process_pool import of_workers
from scenario.real.emit.module import Module, emit
from scenario.real.tracebacks import step_of

_routines: dict[str, Callable[..., object]] = {}
_me: list[Actor] = []
_refused: list[Refused] = []
_modules: list[Module] = []


def setup(program: Program, seed: int, initializer: str | None) -> None:
    """Runs once in each worker process. Routines there use their arguments and params only."""
    import multiprocessing
    import signal

    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent is told, and ends this process
    quiet()
    run = Run(emit(of_workers(program)), seed, _print)
    run.load()
    _modules[:] = [run.module]
    _routines.update(run.routines)
    process = multiprocessing.current_process()
    number = process.name.rpartition("-")[2]
    index = int(number) - 1 if number.isdigit() else 0
    _me[:] = [Actor(process.name, process.name, index, "", "worker", daemon=False, seed=seed)]
    if initializer is not None:
        try:
            call(initializer)
        except Refused as refused:  # the pool would be broken, and nobody would hear why: its first call says it
            _refused.append(refused)


def _print(text: str) -> None:
    """One write: lines of several workers do not mix. Its standard output is the child's (see child.py)."""
    os.write(1, f"{text}\n".encode(errors="backslashreplace"))


def call(routine: str, *args: object) -> object:
    """One call, in a worker process. What goes past a bound there says where, for its traceback stays here."""
    if _refused:
        raise _refused[0]
    (me,), (module,) = _me, _modules
    try:
        return _routines[routine](me, me.name, me.index, *args)
    except Refused as refused:
        raise refused.at(refused.span or step_of(module, refused.__traceback__)) from None
