"""Threads that are a routine: each calls it, as its file says, and has no copy of its steps."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from scenario.program.ops import Block, CallRoutine
from scenario.program.program import Program, ThreadGroup
from scenario.syntax import Assign, Expr, Local


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
