"""Thread bodies as the explorer executes them: the instructions of `steps.code`, with functions for what is evaluated.

Functions take the `Context` (its `S` holds the shared variables) and the frame's slots, and are compiled from the
trees' Python source. Instructions without one are those of the step code themselves.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import field
from typing import Literal, NamedTuple, TypeAlias

from scenario.program import ops
from scenario.record import record
from scenario.steps import code as steps
from scenario.steps.code import (
    Begin,
    Emit,
    End,
    Enter,
    Gap,
    Instruction,
    Iterate,
    Jump,
    Leave,
    Pick,
    Snooze,
    Throw,
)
from scenario.syntax import Const, Expr, Local, Shared, Subscript

__all__ = [
    "STEPS", "Access", "Begin", "Branch", "Code", "Compute", "Emit", "End", "Enter", "Fail", "Function", "Gap", "Guard",
    "Instruction", "Iterate", "Jump", "Leave", "Note", "Operate", "Pick", "Place", "Snooze", "Step", "Throw",
]  # fmt: skip

Function: TypeAlias = Callable[[object, list[object]], object]


@record
class Compute(Instruction):
    """Evaluates over slots: with `stores` the value goes into `defines[0]` (if any); else the function writes."""

    function: Function
    stores: bool = True


@record
class Branch(steps.Branch):
    """With its test as a function."""

    function: Function


@record
class Fail(Instruction):
    """A failed check, with what gives the file's own message, or what was raised instead."""

    kind: Literal["assert", "raises"]
    text: str
    message: Function | None = None
    looks: bool = False


@record
class Access(Instruction):
    """One access to shared state; `action` is what it is called in a trace, `node` what it is on.

    `reaches`: the variables that are looked at before, for what that may raise; `takes` those out of which it may take a key.
    """

    function: Function
    action: str
    reads: frozenset[str] = frozenset()
    writes: frozenset[str] = frozenset()
    asks: frozenset[tuple[str, str]] = frozenset()
    node: Expr | None = None
    reaches: frozenset[str] = frozenset()
    takes: frozenset[str] = frozenset()

    @property
    def element(self) -> Const | Local | None:
        """The index, where it is to one element of a variable, and depends on nothing else that is shared."""
        if self.action not in ("read", "write", "update") or self.reaches:
            return None
        match self.node:
            case Subscript(Shared(name), Const() | Local() as index) if self.reads | self.writes == {name}:
                return index
            case _:
                return None


@record
class Guard(Instruction):
    """`await`: enabled while the function holds; with `timeout` it may time out where it does not."""

    function: Function
    reads: frozenset[str]
    asks: frozenset[tuple[str, str]]
    timeout: int | None = None


@record
class Operate(Instruction):
    """One operation on a primitive, thread, pool or future: `verb` is its class in `program.ops`.

    `name` is the primitive's (or group's) name, `index` the slot of its element's number, `args` the slots of its
    arguments by field name. `part`: which step of an operation of several it is, or of a worker or a timer; `exception` that which a
    future is given, by name; `about` the
    text of the future (or futures) that it is on.
    """

    verb: type[ops.Act]
    name: str = ""
    index: int | None = None
    args: Mapping[str, int] = field(default_factory=dict)
    part: str = ""
    routine: str = ""
    exception: str = ""
    about: str = ""


Step: TypeAlias = Access | Guard | Operate | Emit | Snooze | Gap
STEPS = (Access, Guard, Operate, Emit, Snooze, Gap)


@record
class Code:
    """A body: `slots` are the names of its locals; `live[pc]` are those that what follows may still read."""

    name: str
    params: int
    slots: tuple[str, ...]
    instructions: tuple[Instruction, ...]
    live: tuple[frozenset[int], ...]


# --- what a trace keeps -----------------------------------------------------------------------------

Note: TypeAlias = tuple[Access, bool]
"""For a trace: an access, and whether it wrote what it may write."""


class Place(NamedTuple):
    """An instruction that a thread has come by: how deep in its frames, in which code."""

    depth: int
    code: str
    pc: int
