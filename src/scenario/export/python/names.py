"""How the module spells names: the file's own wherever Python lets it, and what is imported for them."""

from __future__ import annotations

import builtins
import keyword
import re
from collections.abc import Mapping
from dataclasses import field

from scenario.program.open import Open
from scenario.program.program import Primitive, Program, ThreadGroup
from scenario.program.walk import walk_all
from scenario.record import mutable
from scenario.syntax import Local, Ref, Register

MODULES = ("concurrent", "copy", "operator", "queue", "random", "threading", "time")
MAIN = "main_thread"
"""The variable of the main thread, where others join or ask it: Python's own lives as long as the process."""

_TAKEN = frozenset(
    {
        *MODULES,
        *dir(builtins),
        "main",
        MAIN,
        "atomic",
        "compute",
        "ended_with",
        "note_exception",
        "started",
        "thread",
        "threads",
    }
)

_EXCEPTIONS = {
    "Empty": "queue.Empty", "Full": "queue.Full", "ShutDown": "queue.ShutDown",
    "BrokenBarrierError": "threading.BrokenBarrierError",
    "CancelledError": "concurrent.futures.CancelledError", "InvalidStateError": "concurrent.futures.InvalidStateError",
    "BrokenExecutor": "concurrent.futures.BrokenExecutor",
    "BrokenThreadPool": "concurrent.futures.thread.BrokenThreadPool",
}  # fmt: skip


def identifier(name: str) -> str:
    """The name, with `_` behind it where the module has another thing of that name; what is no identifier becomes one."""
    plain = re.sub(r"\W", "_", name)
    if not plain.isidentifier():
        plain = f"_{plain}"
    return f"{plain}_" if plain in _TAKEN or keyword.iskeyword(plain) else plain


@mutable
class Names:
    """`of`: the program, with its params by name; `threads`: each group's variable; `bodies`: each group's function (or class); `imports`, `params`: what the text has asked for."""

    of: Open
    threads: Mapping[str, str]
    bodies: Mapping[str, str]
    primitives: Mapping[str, Primitive]
    groups: Mapping[str, ThreadGroup]
    kept: frozenset[tuple[str, str]]
    imports: set[str] = field(default_factory=set)
    params: set[str] = field(default_factory=set)

    @property
    def program(self) -> Program:
        return self.of.program

    def module(self, dotted: str) -> str:
        """A name of the library, whose module is imported."""
        self.imports.add(dotted.rpartition(".")[0])
        return dotted

    def exception(self, name: str) -> str:
        return self.module(_EXCEPTIONS[name]) if name in _EXCEPTIONS else name

    def ref(self, name: str) -> str:
        """A primitive's, a thread's or a group's variable."""
        if name == "main":
            return MAIN
        return self.threads.get(name) or identifier(name)

    def is_group(self, ref: Ref) -> bool:
        group = self.groups.get(ref.name)
        return group is not None and group.is_group and ref.index is None


def names_of(given: Open) -> Names:
    """The names of a program's module."""
    program = given.program
    taken = {
        identifier(name)
        for name in (*program.params, *(v.name for v in program.vars), *program.routines, *program.python)
    }
    taken |= {identifier(p.name) for p in program.primitives}
    taken |= {identifier(node.name) for node in walk_all(_everything(program)) if isinstance(node, Local)}
    threads: dict[str, str] = {}
    bodies: dict[str, str] = {}
    for group in program.groups:
        bodies[group.key] = _fresh(identifier(group.class_name or group.key), taken)
        plural = "threads" if group.is_group else "timer" if group.timer is not None else "thread"
        threads[group.key] = _fresh(f"{identifier(group.key).rstrip('_')}_{plural}", taken)
    return Names(
        given,
        threads,
        bodies,
        {p.name: p for p in program.primitives},
        {group.key: group for group in program.groups},
        kept(program),
    )


def _everything(program: Program) -> tuple[object, ...]:
    routines = tuple(routine.body for routine in program.routines.values())
    return (program.main or (), tuple(group.body for group in program.groups), routines)


def _fresh(name: str, taken: set[str]) -> str:
    while name in taken:
        name += "_"
    taken.add(name)
    return name


def kept_name(thread: str, local: str) -> str:
    """The global in the place of a local that is asked for when all is over."""
    return identifier(f"{thread}_{local}")


def kept(program: Program) -> frozenset[tuple[str, str]]:
    """(thread, local) of the locals that `final` asks for: they are kept where it can see them."""
    asked = walk_all(tuple(claim.expr for claim in program.claims.final))
    return frozenset((node.thread.name, node.local) for node in asked if isinstance(node, Register))
