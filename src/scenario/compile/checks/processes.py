"""What a process pool's routines may use: their arguments and params, for nothing else is there in a process."""

from __future__ import annotations

from collections.abc import Mapping

from scenario import syntax
from scenario.compile import codes
from scenario.compile.findings import Findings
from scenario.compile.notes import Notes
from scenario.program import program
from scenario.program.walk import walk_all
from scenario.program.whole import called


def check_processes(routines: Mapping[str, program.Routine], notes: Notes, found: Findings) -> None:
    """Report whatever the routines of process pools use and do not have."""
    for name, pool in notes.remote.items():
        if name in routines:
            run = {name: routines[name]} | called(routines[name].body, routines)
            for routine in run.values():
                _check(routine, pool, found)


def _check(routine: program.Routine, pool: str, found: Findings) -> None:
    for node in walk_all(routine.body):
        match node:
            case syntax.Shared(name=name) | syntax.Ref(name=name):
                message = f"`{name}` is not there in a process: `{routine.name}` runs in process pool `{pool}`"
                found.add(codes.PROCESS_POOL, message, node.span, "use parameters and params only")
            case _:
                pass
