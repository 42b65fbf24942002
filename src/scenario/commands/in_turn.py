"""One thread after the other: a program in which whoever is started has come to its end before anything else goes on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import TypeVar

from scenario.program import ops
from scenario.program.program import Program, ThreadGroup
from scenario.program.walk import map_children, walk_all
from scenario.program.whole import bodies
from scenario.source import Span
from scenario.syntax import Const, Node, Ref

N = TypeVar("N", bound=Node)


def in_turn(program: Program) -> Program | str:
    """The program so, or why that would be another thing."""
    if not program.groups:
        return "there are no threads of the file's own"
    for group in program.groups:
        if group.daemon or group.timer is not None:
            return f"`{group.key}` is a {'daemon' if group.daemon else 'timer'}"
    starts = [node for node in walk_all(bodies(program)) if isinstance(node, ops.Start)]
    if len(starts) > 1 and any(start.ref.name == "all" for start in starts):
        return "`start: all` starts those that are left"
    groups = {group.key: group for group in program.groups}

    def turns(node: N) -> N | ops.If:
        if isinstance(node, ops.Start):
            return ops.If(((Const(True), tuple(_steps(node.ref, groups, node.span))),), span=node.span)
        rest: N = map_children(node, turns)
        return rest

    if program.main is None:
        return replace(program, main=tuple(_steps(Ref("all"), groups, program.claims.at)))
    return replace(
        program,
        main=tuple(map(turns, program.main)),
        groups=tuple(replace(group, body=tuple(map(turns, group.body))) for group in program.groups),
        routines={name: replace(one, body=tuple(map(turns, one.body))) for name, one in program.routines.items()},
    )


def _steps(ref: Ref, groups: Mapping[str, ThreadGroup], span: Span) -> Iterator[ops.Op]:
    """Each that the ref stands for is started, and joined."""
    for one in _each(ref, groups):
        yield from (ops.Start(one, span=span), ops.Join(one, span=span))


def _each(ref: Ref, groups: Mapping[str, ThreadGroup]) -> Iterator[Ref]:
    if ref.name == "all":
        yield from (one for key in groups for one in _each(Ref(key), groups))
    elif ref.index is None and groups[ref.name].is_group:
        yield from (Ref(ref.name, Const(number)) for number in range(len(groups[ref.name].names)))
    else:
        yield ref
