"""Where one lock does for `atomic` what a scenario's `atomic` does for everybody: nobody else touches what is in it."""

from __future__ import annotations

from collections.abc import Iterator

from scenario.export.refusal import Refusals
from scenario.program import ops
from scenario.program.places import changes, root
from scenario.program.program import Program
from scenario.program.targets import bound, targets
from scenario.program.walk import walk, walk_all
from scenario.syntax import Delete, Node, Shared, Statement


def check(program: Program, refusals: Refusals) -> None:
    """Refuses an `atomic` that waits, and what others do to the variables of one without being atomic themselves."""
    bodies = (tuple(group.body for group in program.groups), tuple(r.body for r in program.routines.values()))
    blocks = [node for node in walk_all(bodies) if isinstance(node, ops.Atomic)]
    if not blocks:
        return
    touched, in_parts = set[str](), set[str]()
    for block in blocks:
        for node in walk_all(block.body):
            if isinstance(node, (*ops.BLOCKING, ops.CallRoutine, ops.Operation)):
                refusals.refuse("an `atomic` with more in it than variables", block.span)
        touched |= _written(block.body)
        if len(block.body) > 1:
            in_parts |= _written(block.body)
    for node in _outside(bodies):
        own = _own(node)
        if _written(own) & touched:
            refusals.refuse("a step that changes what an `atomic` changes, and is none,", node.span)
        elif in_parts & {part.name for part in walk_all(own) if isinstance(part, Shared)}:
            refusals.refuse("a step that looks at what an `atomic` changes in several steps", node.span)


def _outside(nodes: object) -> Iterator[Node]:
    """The operations that are in no `atomic`."""
    for node in nodes if isinstance(nodes, tuple) else ():
        if isinstance(node, tuple):
            yield from _outside(node)
        elif not isinstance(node, ops.Atomic):
            yield node
            yield from _outside(_blocks(node))


def _blocks(node: Node) -> tuple[object, ...]:
    """The steps within an operation."""
    match node:
        case ops.If(branches, orelse):
            return (*(block for _, block in branches), orelse)
        case ops.Try(body, handlers, orelse, final):
            return (body, *(handler.body for handler in handlers), orelse, final)
        case ops.Expect(_, body):
            return ((body,),)
        case _:
            within: object = getattr(node, "body", None)
            return (within,) if isinstance(within, tuple) else ()


def _own(node: Node) -> tuple[Node, ...]:
    """The operation without the steps within it."""
    if isinstance(node, Statement):
        return (node,)
    within = {id(inner) for inner in walk_all(_blocks(node))}
    return tuple(part for part in walk(node) if id(part) not in within and part is not node)


def _written(nodes: object) -> set[str]:
    found = {place.name for node in walk_all(nodes) for t in targets(node) for p in bound(t) if (place := root(p))}
    for node in walk_all(nodes):
        if isinstance(node, Delete):
            found |= {place.name for target in node.targets if (place := root(target))}
        elif changes((node,)):
            found |= {part.name for part in walk(node) if isinstance(part, Shared)}
    return found
