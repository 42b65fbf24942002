"""Runs a program on real threads.

`run` gives the outcome; `leftovers` says whether threads of an abandoned run still live in this process, which then
must end by `os._exit`; `close` ends the child process that is kept for runs which are not done in this one.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext

from scenario.engines.threads.children import isolate
from scenario.engines.threads.children.isolate import close
from scenario.engines.threads.runner import execute
from scenario.engines.threads.watch.stop import leftovers
from scenario.program.program import Program
from scenario.results.outcome import Outcome


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
    if isolate.is_needed(program) or leftovers():
        return isolate.run(program, seed=seed, stress=stress, on_print=on_print, records=records)
    return execute(program, seed=seed, stress=stress, on_print=on_print, records=records)


def noise(*, wanted: bool) -> AbstractContextManager[None]:
    """Keeps the processors busy for as long as the body runs, if it is wanted."""
    if not wanted:
        return nullcontext()
    from scenario.engines.threads.stress.noisy import noise as made

    return made()


__all__ = ["close", "leftovers", "noise", "run"]
