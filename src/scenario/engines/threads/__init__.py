"""Runs a program on real threads.

`run` gives the outcome; `leftovers` says whether threads of an abandoned run still live in this process, which then
must end by `os._exit`; `close` ends the child process that is kept for runs which are not done in this one.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext

from scenario.engines.threads.runner import execute
from scenario.engines.threads.watch.stop import leftovers
from scenario.program import ops
from scenario.program.program import Primitive, ProcessPool, Program, ThreadPool
from scenario.program.walk import walk_all
from scenario.real.children import isolate
from scenario.real.children.isolate import close
from scenario.results.outcome import Outcome

_CHILD = "from scenario.engines.threads.child import main; main()"


def run(
    program: Program,
    *,
    seed: int = 0,
    stress: bool = False,
    on_print: Callable[[str], None] | None = None,
    records: bool = False,
) -> Outcome:
    """Runs the program once. `seed` decides every `choose`; `on_print` gets each printed line as it comes.

    `stress` makes races show as often as real threads let them; with `noise` around all runs even more so.
    `records`: its steps are kept as they are begun.
    """
    if _needs_a_child(program) or leftovers():
        return isolate.run(_CHILD, program, (program, seed, stress, records), on_print)
    return execute(program, seed=seed, stress=stress, on_print=on_print, records=records)


def _needs_a_child(program: Program) -> bool:
    """A pool that waits for itself keeps a process alive, even with daemon workers.

    Threads that join one another in a circle can not be stopped either: nothing but a thread's end frees who joins it.
    The user's own code may print, change its modules, start threads, end the process: each run has a fresh one.
    """
    blocks = (*(group.body for group in program.groups), *(routine.body for routine in program.routines.values()))
    joins = any(isinstance(node, ops.Join) for node in walk_all(blocks))
    return joins or bool(program.python) or any(_is_pool(primitive) for primitive in program.primitives)


def _is_pool(primitive: Primitive) -> bool:
    return any(isinstance(kind, ThreadPool | ProcessPool) for kind in primitive.elements)


def noise(*, wanted: bool) -> AbstractContextManager[None]:
    """Keeps the processors busy for as long as the body runs, if it is wanted."""
    if not wanted:
        return nullcontext()
    from scenario.engines.threads.stress.noisy import noise as made

    return made()


__all__ = ["close", "leftovers", "noise", "run"]
