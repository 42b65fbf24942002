"""A process pool's worker: it compiles the program that it was given and calls routines by name."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace

from scenario.engines.threads.actors import Actor
from scenario.engines.threads.live.runtime import Run
from scenario.program import ops
from scenario.program.program import ProcessPool, Program, Routine
from scenario.program.walk import walk_all
from scenario.real.emit.module import emit
from scenario.real.footprint import bodies
from scenario.real.walk import routine_names

_routines: dict[str, Callable[..., object]] = {}
_me: list[Actor] = []


def setup(program: Program, seed: int, initializer: str | None) -> None:
    """Runs once in each worker process. Routines there use their arguments and params only."""
    import multiprocessing
    import signal

    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent is told, and ends this process
    bare = replace(program, groups=(), main=(), primitives=(), routines=_given(program))
    run = Run(emit(bare), seed, _print)
    run.load()
    _routines.update(run.routines)
    process = multiprocessing.current_process()
    number = process.name.rpartition("-")[2]
    index = int(number) - 1 if number.isdigit() else 0
    _me[:] = [Actor(process.name, process.name, index, "", "worker", daemon=False, seed=seed)]
    if initializer is not None:
        call(initializer)


def _given(program: Program) -> dict[str, Routine]:
    """The routines that process pools run, and those that these call."""
    pools = {
        p.name: kind.initializer for p in program.primitives for kind in p.elements if isinstance(kind, ProcessPool)
    }
    found = {name for name in pools.values() if name is not None}
    for node in walk_all(tuple(bodies(program))):
        if isinstance(node, ops.Submit | ops.Map) and node.to.name in pools:
            found.add(node.routine)
    found &= program.routines.keys()
    waiting = list(found)
    while waiting:
        called = routine_names(program.routines[waiting.pop()].body) & program.routines.keys() - found
        found |= called
        waiting.extend(called)
    return {name: routine for name, routine in program.routines.items() if name in found}


def _print(text: str) -> None:
    """One write: lines of several workers do not mix. Its standard output is the child's (see child.py)."""
    os.write(1, f"{text}\n".encode(errors="backslashreplace"))


def call(routine: str, *args: object) -> object:
    """One call, in a worker process."""
    (me,) = _me
    return _routines[routine](me, me.name, me.index, *args)
