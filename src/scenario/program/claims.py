"""What must hold (`expect`), resolved. Defaults are those of a file without `expect`."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from scenario.kinds import FailureKind
from scenario.program.walk import walk
from scenario.record import record
from scenario.source import START, Span
from scenario.syntax import Expr, Node, OwnFuture, Query, Ref, Register, Shared


@record
class Claim(Node):
    """An expression as written and resolved."""

    text: str
    expr: Expr

    def about(self) -> tuple[str, ...]:
        """The shared variables, objects and threads that it names."""
        return tuple(sorted({name for node in walk(self.expr) if (name := _named(node))}))


def _named(node: object) -> str:
    match node:
        case Shared(name):
            return name
        case Query(ref) | Register(ref) | OwnFuture(ref):
            return ref.name
        case _:
            return ""


@record
class Words(Node):
    """A text of the file: a line, a part of one, or a mark."""

    text: str


def places(texts: Iterable[Words]) -> dict[str, Span]:
    """Where each text stands first."""
    found: dict[str, Span] = {}
    for words in texts:
        found.setdefault(words.text, words.span)
    return found


@record
class Output(Node):
    """`lines`: exactly these in order; `unordered`: exactly these in any order; the rest: substrings."""

    lines: tuple[str, ...] | None = None
    unordered: tuple[Words, ...] | None = None
    contains: tuple[Words, ...] = ()
    absent: tuple[Words, ...] = ()


@record
class ErrorClaim(Node):
    """These threads end with one of these exceptions (or a subclass); `possible`: or end well."""

    thread: Ref
    exceptions: tuple[str, ...]
    possible: bool = False


@record
class DeadlockClaim(Node):
    """`threads`, with mode possible, are exactly those stuck, as refs (`A`, `worker[1]`), groups expanded."""

    mode: Literal["never", "possible", "always"] = "never"
    threads: frozenset[str] | None = None


NEVER = DeadlockClaim()
"""No deadlock is allowed: the default."""


@record
class Elapsed(Node):
    at_least: float | None = None
    at_most: float | None = None


@record
class OutcomeRow(Node):
    when: Claim
    rating: Literal["acceptable", "interesting", "forbidden"]
    because: str | None = None


@record
class Claims:
    """`observe` None: the vars. Span `at` is where `expect` stands."""

    final: tuple[Claim, ...] = ()
    sometimes: tuple[Claim, ...] = ()
    always: tuple[Claim, ...] = ()
    reachable: tuple[Claim, ...] = ()
    output: Output | None = None
    order: tuple[tuple[Words, ...], ...] = ()
    errors: tuple[ErrorClaim, ...] = ()
    deadlock: DeadlockClaim = NEVER
    livelock: Literal["never", "possible"] = "never"
    elapsed: Elapsed | None = None
    fails: tuple[FailureKind, ...] | None = None
    observe: tuple[Claim, ...] | None = None
    outcomes: tuple[OutcomeRow, ...] | None = None
    at: Span = START
    fails_at: Span = START
