"""Where threads of control begin, each walked once."""

from __future__ import annotations

from functools import cached_property
from typing import Literal, TypeAlias

from scenario.lint.accesses import Accesses
from scenario.lint.walk import Walk
from scenario.program.ops import Block
from scenario.program.program import Program

Role: TypeAlias = Literal["thread", "call", "callback", "initializer", "interrupt", "action"]


class Root:
    """Where threads of control begin: a thread, a group's member, `main`, or what a pool or barrier runs.

    `key` is the thread's entry in the file, or a routine's name; `name` that of the group's member, where members are walked
    one by one. `count`: how many threads may be in it at once; 2 stands for any number. `barrier`: whose action it is.
    """

    def __init__(
        self,
        program: Program,
        key: str,
        body: Block,
        count: int,
        role: Role = "thread",
        *,
        name: str = "",
        index: int | None = None,
        barrier: str = "",
    ) -> None:
        self.key = key
        self.name = name or key
        self.count = count
        self.role: Role = role
        self.barrier = barrier
        self.walk = Walk(program, index).run(body)
        self._program = program
        self._index = index

    @property
    def is_inside(self) -> bool:
        """Whether it runs on another thread's stack, anywhere: what is held there is not known."""
        return self.role in ("callback", "interrupt")

    @cached_property
    def accesses(self) -> Accesses:
        """What it reads and writes of the shared variables."""
        containers = frozenset(var.name for var in self._program.vars if isinstance(var.value, list | set | dict))
        routine = self._program.routines.get(self.name) if self.role in ("call", "callback") else None
        return Accesses(self.walk, containers, self._index, routine.params if routine else ()).collect()
