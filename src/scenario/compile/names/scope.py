"""The one namespace of a file, and what of it an expression at some place may use."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import field, replace
from typing import Literal, TypeAlias

from scenario.compile.names.kinds import article
from scenario.compile.names.owners import Owner
from scenario.record import mutable, record
from scenario.source import START, Span
from scenario.spec.recovery import UNKNOWN as BROKEN
from scenario.spec.recovery import is_unknown
from scenario.syntax import Expr

FUNCTIONS = frozenset(
    [
        "len",
        "min",
        "max",
        "sum",
        "sorted",
        "reversed",
        "range",
        "abs",
        "round",
        "divmod",
        "any",
        "all",
        "int",
        "float",
        "str",
        "bool",
        "list",
        "tuple",
        "dict",
        "set",
        "enumerate",
        "zip",
        "type_name",
        "now",
    ]
)
WORDS = frozenset({"name", "index", "error", "main", "all"})
OWN_LOCALS = frozenset({"name", "index", "error"})
"""The words that an expression of a thread may read."""

THREAD_LOCALS = frozenset({"name", "index"})
"""Those of them that every thread has."""

UNKNOWN = object()
"""The value of a param that could not be computed: what uses it is not reported again."""

UNKNOWN_SIZE = -1
"""The size of an array or group that could not be computed."""

Role: TypeAlias = Literal["var", "param", "primitive", "thread", "routine", "python", "function", "word", "interrupt"]


@record
class Thing:
    """What a global name stands for.

    `kind`: a primitive's class, `thread` or `timer`. `size`: elements of an array or group (or
    `UNKNOWN_SIZE`), None for a single one. `value`: a param's (or `UNKNOWN`). `params`: a routine's.
    `open`: what a param, or the size of an array or group, is computed by where that depends on params which are left open.
    """

    role: Role
    name: str
    span: Span = START
    kind: str = ""
    size: int | None = None
    value: object = None
    params: tuple[str, ...] = ()
    open: Expr | None = None

    @property
    def broken(self) -> bool:
        """Whether it is a primitive whose kind is not known, because its declaration is broken."""
        return self.kind == BROKEN

    def takes(self, count: int) -> bool:
        """Whether a routine has so many parameters, or may have them: its declaration may be broken."""
        return len(self.params) == count or any(map(is_unknown, self.params))

    def words(self) -> str:
        """`a Lock`, `a param`: for messages."""
        match self.role:
            case "primitive":
                return article(self.kind) if self.size is None else f"an array of {self.kind}"
            case "thread":
                noun = "timer" if self.kind == "timer" else "thread"
                return f"a {noun}" if self.size is None else f"a group of {noun}s"
            case "var":
                return "a shared variable"
            case "python":
                return "a callable of `python`"
            case "word":
                return "a word of the language"
            case "interrupt":
                return "an interrupt, which is not started, joined or asked"
            case role:
                return f"a {role}"


def _nobody(_: str) -> None:
    return None


@mutable
class Names:
    """The global names of one file for one set of params, in the order in which they were declared."""

    things: dict[str, Thing] = field(default_factory=dict)
    doubts: Callable[[str], bool] = is_unknown
    """Whether nothing can be said of a name: a broken part of the file may have declared it."""
    owner: Callable[[str], Owner | None] = _nobody
    """Whose local a name is, anywhere in the file."""

    def get(self, name: str) -> Thing | None:
        """What a name stands for, None if it is not global."""
        found = self.things.get(name)
        if found is not None:
            return found
        if name in WORDS:
            return Thing("word", name)
        return Thing("function", name) if name in FUNCTIONS else None

    def add(self, thing: Thing) -> Thing | None:
        """Declare a name; what has it already, if something does."""
        taken = self.get(thing.name)
        if taken is None and not is_unknown(thing.name):
            self.things[thing.name] = thing
        return taken

    def named(self, *roles: Role) -> Iterator[str]:
        """The names with one of these roles."""
        return (thing.name for thing in self.things.values() if thing.role in roles)


Place: TypeAlias = Literal["step", "await", "state", "final", "constant"]
"""Where an expression stands: in a step, in `await` or `until`, in `always` or `reachable`, in what is asked of
the final state, or where only params are known."""


@record
class Scope:
    """What an expression may use besides the global names."""

    place: Place
    locals: frozenset[str] = frozenset()
    private: frozenset[str] = frozenset()
    is_function: bool = False
    """Whether CPython compiles what stands here as a function inside the thread's."""

    def inside(self, kind: str, targets: Iterable[str]) -> Scope:
        """The scope inside a comprehension that binds `targets`: since 3.12 only a generator is a function (PEP 709)."""
        is_function = self.is_function or kind == "generator" or sys.version_info < (3, 12)
        return replace(self, private=self.private.union(targets), is_function=is_function)


CONSTANT = Scope("constant")
ELEMENT = Scope("constant", frozenset({"index"}))
"""Constants that may differ from element to element."""
