"""Questions about a whole program that decide what its steps are."""

from __future__ import annotations

from scenario.program.ops import Join
from scenario.program.program import Program
from scenario.program.walk import walk, walk_all
from scenario.syntax import Node, Query


def every_node(program: Program) -> list[Node]:
    """All nodes of a program's bodies and claims."""
    blocks = [g.body for g in program.groups] + [r.body for r in program.routines.values()]
    if program.main is not None:
        blocks.append(program.main)
    nodes = list(walk_all(tuple(blocks)))
    claims = program.claims
    for claim in (*claims.final, *claims.sometimes, *claims.always, *claims.reachable, *(claims.observe or ())):
        nodes.extend(walk(claim))
    for row in claims.outcomes or ():
        nodes.extend(walk(row))
    return nodes


def ends_are_steps(program: Program) -> bool:
    """Whether the end of a thread is a step of its own: something may depend on when it comes."""
    return any(group.daemon for group in program.groups) or any(
        (isinstance(node, Query) and node.attribute in ("is_alive", "alive"))
        or (isinstance(node, Join) and node.timeout is not None)
        for node in every_node(program)
    )
