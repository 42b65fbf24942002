"""Runs a program on processes: every thread of the file is a real one, every primitive multiprocessing's own."""

from __future__ import annotations

from collections.abc import Callable

from scenario.program.program import Program
from scenario.real.children import isolate
from scenario.real.children.isolate import close
from scenario.results.outcome import Outcome

_CHILD = "from scenario.engines.processes.child import main; main()"


def run(
    program: Program, *, seed: int = 0, on_print: Callable[[str], None] | None = None, records: bool = False
) -> Outcome:
    """Runs the program once, in a child that is the parent of its processes. `seed` decides every `choose`; `records`: its steps are kept."""
    return isolate.run(_CHILD, program, (program, seed, records), on_print)


__all__ = ["close", "run"]
