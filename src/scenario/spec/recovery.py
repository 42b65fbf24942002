"""Going on after a mistake: it is noted, and something neutral stands in for what can not be known.

So that one look at a file tells all of its mistakes, those of later stages too. What a broken part may have
declared is kept as doubtful names: nothing is said of them later, for it would only follow from the first mistake.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import field
from typing import TypeAlias, TypeVar

from scenario import syntax
from scenario.diagnostics import Diagnostic
from scenario.record import mutable
from scenario.spec import codes
from scenario.spec.faults import Fault
from scenario.spec.yaml.values import Mapping, Sequence, Text, Unknown

T = TypeVar("T")
U = TypeVar("U")
V = TypeVar("V")

UNKNOWN = "?"
"""How the names of broken parts begin: no name of a file does."""

UNKNOWN_EXPR = syntax.Name(UNKNOWN)
UNKNOWN_REF = syntax.Ref(UNKNOWN)


def unknown_name(number: int) -> str:
    """The name that stands for the broken one of that number in a table."""
    return f"{UNKNOWN}{number}"


def is_unknown(name: str) -> bool:
    """Whether a name stands for a broken one."""
    return name.startswith(UNKNOWN)


EVERYTHING = "*"
"""As a doubtful name: any name may have been declared."""

Declares: TypeAlias = Callable[[object], Iterable[str]]
"""A broken value -> the names that it may have declared."""

_WORD = r"[^\W\d]\w*"
_HYPHENATED = r"[^\W\d]\w*(?:-\w+)+"


@mutable
class Mistakes:
    """What was noted of one file."""

    found: list[Diagnostic] = field(default_factory=list)
    doubtful: set[str] = field(default_factory=set)


_NOTED: ContextVar[Mistakes | None] = ContextVar("_NOTED", default=None)


@contextmanager
def forgiving() -> Iterator[Mistakes]:
    """Inside, mistakes are noted and reading goes on; elsewhere the first one is raised."""
    mistakes = Mistakes()
    token = _NOTED.set(mistakes)
    try:
        yield mistakes
    finally:
        _NOTED.reset(token)


def note(error: Fault) -> None:
    """Note what is wrong. Raises it where nothing is forgiven, and what can not be gone on from."""
    mistakes = _NOTED.get()
    if mistakes is None or any(found.code == codes.TOO_COMPLEX for found in error.diagnostics):
        raise error
    mistakes.found.extend(error.diagnostics)


def doubt(names: Iterable[str]) -> None:
    """These may have been declared by what was not understood."""
    mistakes = _NOTED.get()
    if mistakes is not None:
        mistakes.doubtful.update(names)


def nothing(_value: object) -> Iterable[str]:
    """A broken value that declares no name, as an expression."""
    return ()


def anything(value: object) -> Iterator[str]:
    """Every name that stands in a value."""
    match value:
        case Text():
            yield from re.findall(_WORD, value)
            yield from re.findall(_HYPHENATED, value)
        case Mapping():
            for part in (*value, *value.values(), *value.dropped):
                yield from anything(part)
        case Sequence():
            for item in value:
                yield from anything(item)
        case Unknown(raw=raw) if raw:  # an alias: who knows what it stands for
            yield EVERYTHING


def forgiven(read: Callable[[V], T], value: V, instead: U, declares: Declares = nothing) -> T | U:
    """What `read` makes of a value; `instead` where that is nothing (which is noted)."""
    if type(value) is Unknown:
        doubt(declares(value))
        return instead
    try:
        return read(value)
    except Fault as error:
        mistakes = _NOTED.get()
        if mistakes is None:
            raise
        mistakes.found.extend(error.diagnostics)
        doubt(declares(value))
        return instead
