"""What the rules ask about a program: its threads and other starting points, each walked once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from scenario.program import ops
from scenario.program.ops import Block
from scenario.program.program import Program, ThreadPool
from scenario.program.walk import walk_all
from scenario.rules.locks import Walk
from scenario.syntax import Node, Ref

MEMBERS = 5
"""Members of a group that are walked one by one where elements of an array depend on `index`."""


@dataclass(frozen=True, slots=True)
class Root:
    """Where threads of control begin: a thread, a group's member, `main`, or what a pool or barrier runs."""

    name: str
    body: Block
    count: int
    """How many threads may be in it at once; 2 stands for any number."""
    walk: Walk


class Facts:
    """A program as the rules see it; everything is computed when it is first asked for."""

    def __init__(self, program: Program) -> None:
        self.program = program

    @cached_property
    def roots(self) -> tuple[Root, ...]:
        return tuple(self._roots())

    def _roots(self) -> Iterator[Root]:
        program = self.program
        if program.main is not None:
            yield self._root("main", program.main, 1)
        for group in program.groups:
            members = len(group.names)
            if members > 1 and self._uses_elements(group.body):
                for index in range(min(members, MEMBERS)):
                    yield self._root(f"{group.key}[{index}]", group.body, 1, index)
            elif members:
                yield self._root(group.key, group.body, members)
        for name in sorted(self._run_elsewhere()):
            if name in program.routines:
                yield self._root(name, program.routines[name].body, 2)

    def _root(self, name: str, body: Block, count: int, index: int = 0) -> Root:
        return Root(name, body, count, Walk(self.program, index).run(body))

    def _uses_elements(self, body: Block) -> bool:
        bodies = (body, *(routine.body for routine in self.program.routines.values()))
        return any(isinstance(node, Ref) and node.index is not None for node in walk_all(bodies))

    def _run_elsewhere(self) -> set[str]:
        names = {node.routine for node in self.nodes if isinstance(node, ops.Submit | ops.Map)}
        for primitive in self.program.primitives:
            for kind in primitive.elements:
                names |= {getattr(kind, "action", None) or "", getattr(kind, "initializer", None) or ""}
        return names

    @cached_property
    def bodies(self) -> tuple[Block, ...]:
        program = self.program
        routines = tuple(routine.body for routine in program.routines.values())
        return (*((program.main,) if program.main else ()), *(group.body for group in program.groups), *routines)

    @cached_property
    def nodes(self) -> tuple[Node, ...]:
        """Every node of every body."""
        return tuple(walk_all(self.bodies))

    @cached_property
    def shows_a_bug(self) -> bool:
        """Whether the file says itself that it goes wrong: the rules for bugs have nothing to add."""
        claims = self.program.claims
        return bool(
            claims.fails is not None
            or claims.deadlock.mode != "never"
            or claims.livelock != "never"
            or claims.errors
            or claims.outcomes
        )

    @cached_property
    def has_pool(self) -> bool:
        return any(isinstance(kind, ThreadPool) for p in self.program.primitives for kind in p.elements)
