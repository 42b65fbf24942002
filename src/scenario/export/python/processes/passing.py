"""What a function of processes is given, since a process of its own sees nothing else: the variables and objects that it uses."""

from __future__ import annotations

from scenario.export.python.names import Names
from scenario.program import ops
from scenario.program.ops import Block
from scenario.program.program import Program, ThreadGroup
from scenario.program.walk import walk_all
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
    if scope == "main":
        found += [names.threads[group.key] for group in program.groups if group.key in asked]
        found += ["processes"] if "all" in asked else []
    else:
        found += [pid(names, group) for group in program.groups if group.key in asked & killed_by_others(program)]
    found += ["atomic"] if any(isinstance(node, ops.Atomic) for node in nodes) else []
    return found + (["started"] if any(isinstance(node, Now) for node in nodes) else [])


def killed_by_others(program: Program) -> set[str]:
    """The processes that others than `main` kill: these know the number of one, which is started before them."""
    others = (tuple(group.body for group in program.groups), tuple(r.body for r in program.routines.values()))
    return {node.ref.name for node in walk_all(others) if isinstance(node, ops.Kill)}


def pid(names: Names, group: ThreadGroup) -> str:
    """The variable of its number."""
    return names.identifier(f"{group.key}_pid")


def given_to_routine(names: Names, routine: str) -> list[str]:
    """The same of a routine, which whoever calls it has."""
    return given_to(names, routine, names.program.routines[routine].body)
