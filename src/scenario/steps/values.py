"""What is evaluated over a frame beside expressions: a closed set, of which each engine says what it is for itself.

Like expressions these are trees over locals, so whoever reads the code sees what a value is made of.
"""

from __future__ import annotations

from typing import TypeAlias

from scenario.record import record
from scenario.syntax import Expr, Local, Node, Template


@record
class Sequence(Node):
    """What a loop over the value runs over. Raises TypeError."""

    value: Expr


@record
class OwnSequence(Node):
    """The same of what a handle stands for; None where that is a shared container, of which each element is a step."""

    handle: Local


@record
class Unpacked(Node):
    """The value's part for each target (`program.unpacking`): so many before a starred one and after it, if there is one."""

    value: Expr
    before: int
    after: int | None


@record
class Times(Node):
    """How often `repeat` goes round: a number, not below 0. Raises TypeError."""

    value: Expr


@record
class Pause(Node):
    """The argument of `sleep`, in seconds. Raises what `sleep` raises of one that it refuses."""

    seconds: Expr


@record
class Timed(Node):
    """The seconds of a timeout (or None) that is added to a time before anything is waited for. Raises what that raises."""

    seconds: Local


@record
class Deadline(Node):
    """When a timeout of so many seconds (or None) that begins now is over."""

    seconds: Local


@record
class Left(Node):
    """What is left of such a timeout, in seconds; None if there is none."""

    seconds: Local
    deadline: Local


@record
class Bound(Node):
    """The value's method, which CPython looks up before the arguments of its call. Raises AttributeError."""

    value: Expr
    method: str


@record
class Copied(Node):
    """A copy of what is given away, made before what comes after it is evaluated, which may change it."""

    value: Expr


@record
class Caught(Node):
    """The exception that has come to this handler."""


@record
class Message(Node):
    """The text of a caught exception."""

    caught: Local


@record
class IsContainer(Node):
    """Whether it is a list, dict or set: what `+=` changes in place."""

    value: Local


@record
class IsCaughtBy(Node):
    """Whether a handler of this name, or of a base of it, takes the caught exception."""

    exception: str
    caught: Local


Value: TypeAlias = (
    Expr | Template | Sequence | OwnSequence | Unpacked | Times | Pause | Timed | Deadline | Left | Bound
    | Copied | Caught | Message | IsContainer | IsCaughtBy
)  # fmt: skip
