"""How the module spells names: the file's own wherever Python lets it, and what is imported for them."""

from __future__ import annotations

import keyword
import re
from collections.abc import Mapping
from dataclasses import field

from scenario.export.python.routines import asks, closed
from scenario.export.python.tasks.coroutines import coroutines
from scenario.export.python.words import WORDS, Words
from scenario.program.open import Open
from scenario.program.program import Primitive, Program, ThreadGroup
from scenario.program.walk import walk_all
from scenario.record import mutable
from scenario.syntax import Local, Node, Ref, Register


def identifier(name: str, words: Words) -> str:
    """The name, with `_` behind it where the module has another thing of that name; what is no identifier becomes one."""
    plain = re.sub(r"\W", "_", name)
    if not plain.isidentifier():
        plain = f"_{plain}"
    return f"{plain}_" if plain in words.taken or keyword.iskeyword(plain) else plain


@mutable
class Names:
    """`of`: the program, with its params by name; `threads`: each group's variable; `bodies`: each group's function (or class).

    `coroutines`: the routines that have to be awaited; `of_index`: the routines and groups that are given an index; `imports`, `params`, `helpers`: what the text has asked for.
    """

    of: Open
    threads: Mapping[str, str]
    bodies: Mapping[str, str]
    primitives: Mapping[str, Primitive]
    groups: Mapping[str, ThreadGroup]
    kept: frozenset[tuple[str, str]]
    coroutines: frozenset[str]
    of_index: frozenset[str]
    imports: set[str] = field(default_factory=set)
    params: set[str] = field(default_factory=set)
    helpers: set[str] = field(default_factory=set)

    @property
    def program(self) -> Program:
        return self.of.program

    @property
    def words(self) -> Words:
        return WORDS[self.program.runtime]

    def identifier(self, name: str) -> str:
        return identifier(name, self.words)

    def kept_name(self, thread: str, local: str) -> str:
        """The global in the place of a local that is asked for when all is over."""
        return self.identifier(f"{thread}_{local}")

    def own_name(self) -> str:
        """The name of whoever asks."""
        self.imports.add(self.words.module)
        return self.words.own_name

    def is_apart(self, scope: str) -> bool:
        """Whether what belongs to a thread has to be shared so that others see it: it is a process, and not the one that they are of."""
        return self.words.one == "process" and scope != "main"

    def maker(self, kind: str) -> str:
        """The class that makes a primitive."""
        return self.module(self.words.maker(kind))

    def helper(self, name: str) -> str:
        """What the module has of its own, a function or a class, which is written into it."""
        self.helpers.add(name)
        return name

    def module(self, dotted: str) -> str:
        """A name of the library, whose module is imported."""
        self.imports.add(dotted.rpartition(".")[0])
        return dotted

    def exception(self, name: str) -> str:
        if name in self.program.exceptions:
            self.imports.add(self.program.exceptions[name].module)
            return name
        of_library = self.words.exceptions
        return self.module(of_library[name]) if name in of_library else name

    def ref(self, name: str) -> str:
        """A primitive's, a thread's or a group's variable."""
        if name == "main":
            return f"main_{self.words.one}"
        return self.threads.get(name) or self.identifier(name)

    def is_group(self, ref: Ref) -> bool:
        group = self.groups.get(ref.name)
        return group is not None and group.is_group and ref.index is None


def names_of(given: Open) -> Names:
    """The names of a program's module."""
    program, words = given.program, WORDS[given.program.runtime]
    every = (*program.params, *(v.name for v in program.vars), *program.routines, *program.python)
    taken = {identifier(name, words) for name in every}
    taken |= {identifier(p.name, words) for p in program.primitives}
    taken |= {identifier(node.name, words) for node in walk_all(_everything(program)) if isinstance(node, Local)}
    threads: dict[str, str] = {}
    bodies: dict[str, str] = {}
    for group in program.groups:
        bodies[group.key] = _fresh(identifier(group.class_name or group.key, words), taken)
        plural = "timer" if group.timer is not None else words.one
        if group.is_group:
            plural = words.many
        threads[group.key] = _fresh(f"{identifier(group.key, words).rstrip('_')}_{plural}", taken)
    return Names(
        given,
        threads,
        bodies,
        {p.name: p for p in program.primitives},
        {group.key: group for group in program.groups},
        kept(program),
        coroutines(program),
        _of_index(program),
    )


def _of_index(program: Program) -> frozenset[str]:
    """The routines that ask for their caller's `index`, or call one that does, and the groups whose threads do or are told apart."""
    routines = closed(program, _is_index)
    apart = {thread for thread, _ in kept(program)}
    groups = (group.key for group in program.groups if group.key in apart or asks(group.body, _is_index, routines))
    return routines.union(groups)


def _is_index(node: Node) -> bool:
    return isinstance(node, Local) and node.name == "index"


def _everything(program: Program) -> tuple[object, ...]:
    routines = tuple(routine.body for routine in program.routines.values())
    return (program.main or (), tuple(group.body for group in program.groups), routines)


def _fresh(name: str, taken: set[str]) -> str:
    while name in taken:
        name += "_"
    taken.add(name)
    return name


def kept(program: Program) -> frozenset[tuple[str, str]]:
    """(thread, local) of the locals that `final` asks for: they are kept where it can see them."""
    asked = walk_all(tuple(claim.expr for claim in program.claims.final))
    return frozenset((node.thread.name, node.local) for node in asked if isinstance(node, Register))
