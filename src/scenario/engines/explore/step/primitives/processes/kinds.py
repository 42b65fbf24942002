"""What the steps of a program on multiprocessing can tell of its objects: what nothing can tell is no step of its own."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import field

from scenario.program import ops
from scenario.program.program import Condition, Program
from scenario.program.whole import every_node
from scenario.record import record
from scenario.syntax import Node, Query


@record
class Told:
    """Of one primitive, by what is done with it anywhere.

    `kills`: a process may be killed while it is in the middle of an operation. `hurried`: some get does not wait, or not for
    ever. `counted`: something may tell how many items there are before a get or put is over. `joined`: a queue's tasks are
    waited for. `timed`: some wait has a timeout. `lends`: a condition takes and gives back the lock.
    """

    kills: bool = False
    hurried: bool = False
    counted: bool = False
    joined: bool = False
    timed: bool = False
    lends: bool = False


NOTHING = Told()


@record
class Processes:
    """Of a whole program."""

    told: Mapping[str, Told] = field(default_factory=dict)
    kills: bool = False

    def of(self, name: str) -> Told:
        """What is told of the primitive, and of a condition's own lock, which has no name."""
        return self.told.get(name, Told(kills=self.kills))


def processes(program: Program) -> Processes | None:
    """None on any other runtime."""
    if program.runtime != "multiprocessing":
        return None
    nodes = every_node(program)
    kills = any(isinstance(node, ops.Kill) for node in nodes)
    lent = {
        kind.lock[0]
        for primitive in program.primitives
        for kind in primitive.elements
        if isinstance(kind, Condition) and kind.lock is not None
    }
    told = {
        primitive.name: _told(primitive.name, nodes, kills=kills, lends=primitive.name in lent)
        for primitive in program.primitives
    }
    return Processes(told, kills)


def _told(name: str, nodes: Iterable[Node], *, kills: bool, lends: bool) -> Told:
    on = [node for node in nodes if isinstance(node, ops.Operation | Query) and node.ref.name == name]
    asked = any(isinstance(node, Query) and node.attribute in ("qsize", "full") for node in on)
    hurried_put = any(isinstance(node, ops.Put) and _is_hurried(node) for node in on)
    return Told(
        kills,
        hurried=any(isinstance(node, ops.Get) and _is_hurried(node) for node in on),
        counted=asked or hurried_put,
        joined=any(isinstance(node, ops.JoinQueue) for node in on),
        timed=any(isinstance(node, ops.WaitCondition | ops.WaitFor) and node.timeout is not None for node in on),
        lends=lends,
    )


def _is_hurried(node: ops.Put | ops.Get) -> bool:
    return node.block is not None or node.timeout is not None
