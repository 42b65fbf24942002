"""Routines: who calls one, as its file says, and has no copy of its steps; which of them have something in them."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import replace

from scenario.program.ops import Block, CallRoutine
from scenario.program.program import Program, ThreadGroup
from scenario.program.walk import walk_all
from scenario.syntax import Assign, Expr, Local, Node


def calling(program: Program, kept: Collection[str]) -> Program:
    """The program in which they call it; `kept`: threads whose own locals are asked for when all is over."""
    groups = (group if group.key in kept else _calling(group, program) for group in program.groups)
    return replace(program, groups=tuple(groups))


def _calling(group: ThreadGroup, program: Program) -> ThreadGroup:
    """`run` with `args` is lowered to assignments of the params, and the routine's steps behind them."""
    for name, routine in program.routines.items():
        count = len(routine.params)
        args = _assigned(group.body[:count])
        if routine.body and group.body[count:] == routine.body and args.keys() == set(routine.params):
            call = CallRoutine(name, tuple(args[param] for param in routine.params), None, span=group.span)
            return replace(group, body=(call,))
    return group


def _assigned(steps: Block) -> dict[str, Expr]:
    found = {}
    for step in steps:
        match step:
            case Assign((Local(name),), value):
                found[name] = value
            case _:
                return {}
    return found


def closed(program: Program, has: Callable[[Node], bool]) -> frozenset[str]:
    """The routines with such a node in them, or that call one of these."""
    found: frozenset[str] = frozenset()
    while True:
        more = frozenset(name for name, routine in program.routines.items() if asks(routine.body, has, found))
        if more == found:
            return found
        found = more


def is_name(node: Node) -> bool:
    """Whether somebody asks for his own name."""
    return isinstance(node, Local) and node.name == "name"


def asks(steps: Block, has: Callable[[Node], bool], routines: Collection[str]) -> bool:
    """Whether there is such a node in the steps, or a call of one of these routines."""
    return any(has(node) or (isinstance(node, CallRoutine) and node.routine in routines) for node in walk_all(steps))
