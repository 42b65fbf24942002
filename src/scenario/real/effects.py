"""What a program's threads, workers and callbacks may ever do to what others wait for, found before it runs (an over-approximation)."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import TypeAlias

from scenario.program import ops
from scenario.program.ops import Block
from scenario.program.program import Barrier, Program, ThreadPool
from scenario.program.targets import writes
from scenario.program.walk import walk_all
from scenario.program.whole import bodies, kinds, lock_name
from scenario.syntax import Node, OwnFuture, Ref

Effect: TypeAlias = tuple[str, str]
"""(what is done, to which primitive, variable or group): ("set", "ready")."""


class Effects:
    """Each found once, when it is first asked for: a program is often run many times."""

    def __init__(self, program: Program) -> None:
        self._program = program

    @cached_property
    def threads(self) -> dict[str, frozenset[Effect]]:
        """By the key of a group, or "main": all that such a thread may do, and what comes in the middle of it."""
        program = self._program
        blocks = {**{group.key: group.body for group in program.groups}, "main": program.main or ()}
        return {
            key: self._of(body, *(program.routines[one.routine].body for one in program.interrupts_of(key)))
            for key, body in blocks.items()
        }

    @cached_property
    def workers(self) -> dict[str, frozenset[Effect]]:
        """By thread pool: every routine that is given to it, its initializer, and what is called back."""
        program = self._program
        found: dict[str, frozenset[Effect]] = {}
        for primitive in program.primitives:
            initializers = {kind.initializer or "" for kind in primitive.elements if isinstance(kind, ThreadPool)}
            if initializers:
                given = {
                    node.routine
                    for node in walk_all(bodies(program))
                    if isinstance(node, ops.Submit | ops.Map) and node.to.name == primitive.name
                }
                called = (program.routines[name].body for name in given | initializers if name in program.routines)
                found[primitive.name] = self._of(*called, *_called_back(program))
        return found

    @cached_property
    def callbacks(self) -> frozenset[Effect]:
        """All that they may do."""
        return self._of(*_called_back(self._program))

    def _of(self, *blocks: Block) -> frozenset[Effect]:
        """All that they may do, and whatever is called or started from there."""
        found: set[Effect] = set()
        seen: set[int] = set()  # by identity: a constant in a block may be a list, which has no hash
        waiting = list(blocks)
        while waiting:
            current = waiting.pop()
            if id(current) in seen:
                continue
            seen.add(id(current))
            for node in walk_all(current):
                found.update(_own(node, self._program))
                waiting.extend(_started(node, self._program))
            found.update(("write", name) for name in writes(current))
        return frozenset(found)


def _own(node: Node, program: Program) -> Iterator[Effect]:
    for effect in node.effects if isinstance(node, ops.Act) else ():
        ref = getattr(node, "ref", None)
        if ref is None and isinstance(future := getattr(node, "future", None), OwnFuture):
            ref = future.ref
        name = ref.name if isinstance(ref, Ref) else ""
        yield effect, name
        if lock_name(program, name) != name:
            yield effect, lock_name(program, name)
    if isinstance(node, ops.Submit | ops.Map):
        yield "submit", node.to.name
        yield "cancel", ""


def _started(node: Node, program: Program) -> Iterator[Block]:
    """Blocks that may run because of the op: of routines, of started threads, of barrier actions."""
    match node:
        case ops.CallRoutine(routine):
            yield from _routine(routine, program)
        case ops.Submit(routine) | ops.Map(routine):
            yield from _routine(routine, program)
            for kind in kinds(program)[node.to.name].elements:  # a new worker begins with it
                if isinstance(kind, ThreadPool) and kind.initializer:
                    yield from _routine(kind.initializer, program)
        case ops.Start(ref):
            yield from (group.body for group in program.groups if ref.name in (group.key, "all"))
        case ops.SetResult() | ops.SetException() | ops.CancelFuture() | ops.AddDoneCallback() | ops.ShutdownPool():
            yield from _called_back(program)
        case ops.WaitBarrier(ref):
            for kind in kinds(program)[ref.name].elements:
                if isinstance(kind, Barrier) and kind.action:
                    yield from _routine(kind.action, program)
        case _:
            pass


def _routine(name: str, program: Program) -> Iterator[Block]:
    if name in program.routines:
        yield program.routines[name].body


def _called_back(program: Program) -> Iterator[Block]:
    """What may run wherever a future is done."""
    added = {node.routine for node in walk_all(bodies(program)) if isinstance(node, ops.AddDoneCallback)}
    yield from (program.routines[name].body for name in sorted(added & program.routines.keys()))
