"""What a file on multiprocessing has that no search follows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from scenario.program import ops
from scenario.program.program import Barrier, Program, Queue
from scenario.program.walk import walk_all
from scenario.program.whole import final_nodes, used
from scenario.results.undecided import NotFollowed
from scenario.syntax import Node, Query

_OF_QUEUES = ops.Get | ops.Put | ops.TaskDone | ops.JoinQueue
_NOTIFYING = ops.SetEvent | ops.ClearEvent | ops.Notify | ops.NotifyAll | ops.WaitEvent


def of_processes(program: Program, nodes: Sequence[Node]) -> Iterator[NotFollowed]:
    queues = _names(program, Queue)
    if program.settings.clock == "virtual" and queues:
        yield NotFollowed("deliveries in time")
    kills = any(isinstance(node, ops.Kill) for node in nodes)
    if kills:
        yield from _killed_parties(program, nodes)
    timed = any(isinstance(n, ops.WaitCondition | ops.WaitFor) and n.timeout is not None for n in nodes)
    for node in walk_all(tuple(node.body for node in nodes if isinstance(node, ops.Atomic))):
        if isinstance(node, _OF_QUEUES) or ((kills or timed) and isinstance(node, _NOTIFYING)):
            yield NotFollowed("operations in atomic", line=node.span.line)
    for node in final_nodes(program):
        if isinstance(node, Query) and node.attribute == "empty" and node.ref.name in queues:
            yield NotFollowed("empty at the end", line=node.span.line)


def _names(program: Program, kind: type[Queue | Barrier]) -> frozenset[str]:
    return frozenset(p.name for p in program.primitives if any(isinstance(one, kind) for one in p.elements))


def _killed_parties(program: Program, nodes: Sequence[Node]) -> Iterator[NotFollowed]:
    """Barriers at which a process that may be killed may wait."""
    killed = {node.ref.name for node in nodes if isinstance(node, ops.Kill)}
    for group in program.groups:
        if group.key in killed:
            for node in used(group.body, program.routines):
                if isinstance(node, ops.WaitBarrier):
                    yield NotFollowed("killed party", node.ref.name, node.span.line)
