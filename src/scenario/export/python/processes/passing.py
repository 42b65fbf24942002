"""What a function of processes is given, since a process of its own sees nothing else: the variables and objects that it uses."""

from __future__ import annotations

from scenario.export.python.names import Names
from scenario.program import ops
from scenario.program.ops import Block
from scenario.program.whole import RUNS, used
from scenario.syntax import Now, Ref, Shared


def given_to(names: Names, scope: str, steps: Block) -> list[str]:
    """Its parameters, and as well the arguments with which it is called; none where all is shared anyway."""
    program = names.program
    if program.runtime != "multiprocessing":
        return []
    nodes = list(used(steps, program.routines, RUNS))
    asked = {node.name for node in nodes if isinstance(node, Shared | Ref)}
    found = [names.identifier(var.name) for var in program.vars if var.name in asked]
    found += [names.identifier(one.name) for one in program.primitives if one.name in asked]
    found += [names.kept_name(scope, local) for key, local in sorted(names.kept) if key == scope and key != "main"]
    found += [names.threads[group.key] for group in program.groups if group.key in asked]
    found += ["processes"] if "all" in asked else []
    found += ["atomic"] if any(isinstance(node, ops.Atomic) for node in nodes) else []
    return found + (["started"] if any(isinstance(node, Now) for node in nodes) else [])


def given_to_routine(names: Names, routine: str) -> list[str]:
    """The same of a routine, which whoever calls it has."""
    return given_to(names, routine, names.program.routines[routine].body)
