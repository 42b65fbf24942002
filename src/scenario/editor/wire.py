"""What a child process tells the server of a text, and how it goes over the pipe: as JSON, a line each."""

from __future__ import annotations

import json
from typing import Literal, NamedTuple, TypeAlias

from scenario.editor.text import Range


class Mend(NamedTuple):
    """What stands at `range` was most likely meant to be `right`."""

    range: Range
    right: str


class Mistake(NamedTuple):
    """A diagnostic, and what mends it where that is known."""

    range: Range
    code: str
    message: str
    severity: Literal["error", "warning"]
    mend: Mend | None = None


class Named(NamedTuple):
    """One name: what it is, in a word and in a sentence; where it is declared, and where it stands (there too).

    `scope`: whose local it is, and `within` the lines of that. `renames`: whether all its places are known.
    """

    name: str
    scope: str
    kind: str
    about: str
    declared: Range
    uses: tuple[Range, ...]
    renames: bool
    within: tuple[int, int] = (0, 0)


class Facts(NamedTuple):
    """`line`: where the scenario's name stands (-1: it is not understood). `valid`: it can be explored."""

    mistakes: tuple[Mistake, ...] = ()
    names: tuple[Named, ...] = ()
    line: int = -1
    valid: bool = False


class Explored(NamedTuple):
    """What fails where, and the verdict in a line."""

    failures: tuple[Mistake, ...]
    verdict: str


Answer: TypeAlias = Facts | Explored


def asked(what: Literal["facts", "explore"], text: str, path: str) -> bytes:
    """A question as a line."""
    return json.dumps([what, text, path]).encode() + b"\n"


def question(line: bytes) -> tuple[str, str, str]:
    what, text, path = json.loads(line)
    return what, text, path


def told(answer: Answer) -> bytes:
    """An answer as a line."""
    return json.dumps(answer).encode() + b"\n"


def answer_of(line: bytes) -> Answer:
    """The answer of a line."""
    told = json.loads(line)
    mistakes = tuple(
        Mistake(tuple(where), code, message, severity, Mend(tuple(mend[0]), mend[1]) if mend else None)
        for where, code, message, severity, mend in told[0]
    )
    if len(told) == len(Explored._fields):
        return Explored(mistakes, told[1])
    names = tuple(
        Named(name, scope, kind, about, tuple(declared), tuple(map(tuple, uses)), renames, tuple(within))
        for name, scope, kind, about, declared, uses, renames, within in told[1]
    )
    return Facts(mistakes, names, *told[2:])
