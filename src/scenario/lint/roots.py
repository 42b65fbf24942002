"""Where threads of control begin, each walked once."""

from __future__ import annotations

from functools import cached_property

from scenario.lint.accesses import Accesses
from scenario.lint.walk import Walk
from scenario.program.ops import Block
from scenario.program.program import Program


class Root:
    """Where threads of control begin: a thread, a group's member, `main`, or what a pool or barrier runs.

    `name` is a thread's ref or a routine's name; `key` the thread's entry in the file. `count`: how many threads
    may be in it at once; 2 stands for any number. `role`: `thread`, `call`, `callback`, `initializer`,
    `interrupt`, or the barrier of an action.
    """

    def __init__(self, program: Program, name: str, body: Block, count: int, role: str, index: int | None) -> None:
        self.name = name
        self.key = name.partition("[")[0]
        self.count = count
        self.role = role
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
