"""Files whose executions all come to an end, in which nothing asks who has already come to his, and threads that may only add up."""

from __future__ import annotations

from functools import partial

from scenario import syntax
from scenario.program import ops
from scenario.program.places import changes
from scenario.program.program import Program, ThreadGroup
from scenario.program.walk import walk_all
from scenario.program.whole import called, ends_are_steps, every_node, used
from scenario.syntax import (
    Builtin,
    Comprehension,
    Const,
    DictDisplay,
    Expr,
    ListDisplay,
    Node,
    Query,
    SetDisplay,
    Shared,
    TupleDisplay,
)

ADDING = (
    syntax.Assign, syntax.AugmentedAssign, syntax.Pass, ops.Print, ops.Mark, ops.Sleep, ops.With, ops.Atomic, ops.Put,
    ops.Get, ops.Repeat, ops.For, ops.CallRoutine, ops.If, ops.Acquire, ops.Release, ops.Try,
)  # fmt: skip
"""The steps of threads that do nothing but add up (the last three as sections); all others are outside."""


def may_add_up(program: Program) -> bool:
    """Whether it is worth while to read what its threads add: what reads them is imported for such a file."""
    return not tells_when(program) and always_ends(program) and any(map(partial(_only_adds, program), program.groups))


def _only_adds(program: Program, group: ThreadGroup) -> bool:
    """A branch on what is shared is no adding up."""
    nodes = [node for node in used(group.body, program.routines) if isinstance(node, ops.Op)]
    tests = tuple(test for node in nodes if isinstance(node, ops.If) for test, _ in node.branches)
    return all(isinstance(node, ADDING) for node in nodes) and not any(isinstance(n, Shared) for n in walk_all(tests))


def always_ends(program: Program) -> bool:
    """Whether no execution goes on for ever, by the form of the file: so livelocks need not be looked for."""
    nodes = every_node(program)
    return not any(map(_may_go_on, nodes)) and not _recurs(program)


def who_ends(program: Program) -> frozenset[str]:
    """The groups whose threads take finitely many steps each, whatever the others do."""
    if _recurs(program):
        return frozenset()
    bodies_of = {group.key: list(used(group.body, program.routines)) for group in program.groups}
    return frozenset(
        key
        for key, nodes in bodies_of.items()
        if not any(_may_go_on(n) or isinstance(n, ops.While | ops.WaitFor) for n in nodes)
    )


def tells_when(program: Program) -> bool:
    """Whether it can be seen when a thread moves or ends: by a clock, by asking for it, by an end that does something."""
    is_virtual = program.explore is not None and program.explore.clock == "virtual"
    asks = any(isinstance(node, Query) and node.attribute == "blocked" for node in every_node(program))
    timers = any(group.timer is not None for group in program.groups)
    comes = bool(program.interrupts or program.python)
    return is_virtual or asks or timers or comes or ends_are_steps(program)


def _may_go_on(node: Node) -> bool:
    match node:
        case ops.While(
            test, (ops.WaitCondition(timeout=None),)
        ):  # once more for each notification, and these are not endless
            return changes(test)
        case ops.While():
            return True
        case ops.For(_, iterable):
            return not _is_fresh(iterable)
        case Comprehension():
            return changes(node)
        case _:
            return False


def _is_fresh(iterable: Expr) -> bool:
    """Whether nobody can make it longer on the way."""
    return isinstance(iterable, Builtin | Const | ListDisplay | TupleDisplay | SetDisplay | DictDisplay)


def _recurs(program: Program) -> bool:
    return any(name in called(routine.body, program.routines) for name, routine in program.routines.items())
