"""Thread bodies as flat code: what stands between two steps is local, every step is one instruction.

Slots are a frame's locals, named ones and temporaries alike. Functions take the `Context` (its `S` holds
the shared variables) and the frame's slots, and are compiled from the expression tree's Python source.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from scenario.source import START, Span
from scenario.syntax import Expr

Function: TypeAlias = Callable[[Any, list[Any]], Any]


@dataclass(slots=True, kw_only=True)
class Instruction:
    """`handler`: where an exception of it goes (None: out of the frame); `uses`/`defines`: slots."""

    span: Span = START
    handler: int | None = None
    uses: tuple[int, ...] = ()
    defines: tuple[int, ...] = ()


# --- local work ------------------------------------------------------------------------------


@dataclass(slots=True)
class Compute(Instruction):
    """Evaluates over slots: with `stores` the value goes into `defines[0]` (if any); else the function writes.

    `node` is what is evaluated, for those who explain the code.
    """

    function: Function
    stores: bool = True
    node: Expr | None = None


@dataclass(slots=True)
class Jump(Instruction):
    to: int


@dataclass(slots=True)
class Branch(Instruction):
    """Goes on at the next instruction where the function is true, else at `to`."""

    function: Function
    to: int


@dataclass(slots=True)
class Iterate(Instruction):
    """The next element of the local sequence in `uses[0]` at position `uses[1]`, or `to` when it is over."""

    to: int


@dataclass(slots=True)
class Throw(Instruction):
    """Raises the exception value in `uses[0]`."""


@dataclass(slots=True)
class Fail(Instruction):
    """A failed check; the thread goes on. `message` gives further words (what it raises is the step's exception).

    `looks`: it reads shared state for them, which is no step.
    """

    kind: str
    text: str
    message: Function | None = None
    looks: bool = False


@dataclass(slots=True)
class Pick(Instruction):
    """`choose`: any of the values in `uses[0]`, into `defines[0]`; `target` is what the file calls it."""

    target: str


@dataclass(slots=True)
class Enter(Instruction):
    """Calls a routine with the slots in `uses`; its value goes into `defines[0]` if there is one."""

    routine: str


@dataclass(slots=True)
class Leave(Instruction):
    """Returns from the frame with the value of `uses[0]`, if any; ends the thread from its only frame."""


@dataclass(slots=True)
class Begin(Instruction):
    """An atomic block opens: it begins with its first step."""


@dataclass(slots=True)
class End(Instruction):
    """An atomic block closes."""


# --- steps -------------------------------------------------------------------------------------


@dataclass(slots=True)
class Access(Instruction):
    """One access to shared state: a read, a write or an indivisible method; the value into `defines[0]`.

    `reads`/`writes` are names of vars; `asks` the (primitive or thread, attribute) pairs that are queried.
    """

    function: Function
    action: str
    reads: frozenset[str] = frozenset()
    writes: frozenset[str] = frozenset()
    asks: frozenset[tuple[str, str]] = frozenset()
    node: Expr | None = None


@dataclass(slots=True)
class Guard(Instruction):
    """`await`: enabled while the function holds; with `timed` it may time out where it does not."""

    function: Function
    reads: frozenset[str]
    asks: frozenset[tuple[str, str]]
    timeout: int | None = None


@dataclass(slots=True)
class Operate(Instruction):
    """One operation on a primitive, thread, pool or future: `verb` is its class in `program.ops`.

    `name` is the primitive's (or group's) name, `index` the slot of its element's number, `args` the
    slots of its arguments by field name, `part` which step of an operation of several it is, `about` the text of the
    future (or futures) that it is on.
    """

    verb: type[Any]
    name: str = ""
    index: int | None = None
    args: dict[str, int] = field(default_factory=dict)
    part: str = ""
    routine: str = ""
    about: str = ""


@dataclass(slots=True)
class Emit(Instruction):
    """An observed `print` or `mark`: the text in `uses[0]`."""

    stream: str


@dataclass(slots=True)
class Snooze(Instruction):
    """`sleep` for the seconds in `uses[0]`: a step with the virtual clock only."""


Step: TypeAlias = Access | Guard | Operate | Emit | Snooze
STEPS = (Access, Guard, Operate, Emit, Snooze)


@dataclass(frozen=True, slots=True)
class Code:
    """A body: `slots` are the names of its locals (temporaries are called after their number).

    `live[pc]` are the slots that what follows may still read.
    """

    name: str
    params: int
    slots: tuple[str, ...]
    instructions: tuple[Instruction, ...]
    live: tuple[frozenset[int], ...]
