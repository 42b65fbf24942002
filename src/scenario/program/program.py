"""A whole scenario for one set of params, as engines run it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field

from scenario.language.primitives import (
    Barrier,
    BoundedSemaphore,
    Condition,
    Event,
    Future,
    Kind,
    LifoQueue,
    Lock,
    PriorityQueue,
    ProcessPool,
    Queue,
    RLock,
    Semaphore,
    SimpleQueue,
    ThreadLocal,
    ThreadPool,
)
from scenario.language.runtimes import Runtime
from scenario.program.claims import Claims
from scenario.program.ops import Block
from scenario.record import record
from scenario.settings import Settings
from scenario.source import Span
from scenario.syntax import Expr, Node


@record
class Primitive(Node):
    """`elements` holds one kind for a plain primitive, one per element (maybe none) for an array."""

    name: str
    elements: tuple[Kind, ...]
    is_array: bool = False


# --- the rest of a file ---------------------------------------------------------------------------------


@record
class Var(Node):
    """A shared variable; `value` is fresh to each run (copy it: it may be a list, dict or set)."""

    name: str
    value: object


@record
class Routine(Node):
    """Parameters are its first locals; `name` and `index` are its caller's (a pool's: the worker's)."""

    name: str
    params: tuple[str, ...]
    body: Block


@record
class ThreadGroup(Node):
    """One entry of `threads`: a thread, or a group with `count`.

    `names` holds each member's name, in order of `index`. A `run: routine` is lowered to `args`
    assignments followed by the routine's steps, so that its locals are the thread's.
    """

    key: str
    names: tuple[str, ...]
    body: Block
    is_group: bool = False
    daemon: bool = False
    class_name: str | None = None
    timer: float | None = None


@record
class Interrupt(Node):
    """What may run in the middle of each thread of `target` (a key in `threads`, or `main`), on its stack.

    `routine` is its body, under its own key in `threads`; it comes at most `times` times in each of the threads.
    """

    routine: str
    target: str
    times: int


@record
class PythonCallable(Node):
    name: str
    module: str
    attribute: str


@record
class Program:
    """Everything an engine needs. `main` None: start all, then join all that are no daemons.

    `exceptions`: the user's own that are named, by their dotted names. `for_all`: the params for all of whose values the file says it holds. `runtime`: what it is run on.
    """

    name: str
    path: str
    params: Mapping[str, object]
    vars: tuple[Var, ...]
    primitives: tuple[Primitive, ...]
    routines: Mapping[str, Routine]
    groups: tuple[ThreadGroup, ...]
    main: Block | None
    claims: Claims
    interrupts: tuple[Interrupt, ...] = ()
    python: Mapping[str, PythonCallable] = field(default_factory=dict)
    exceptions: Mapping[str, PythonCallable] = field(default_factory=dict)
    explore: Settings | None = field(default_factory=Settings)
    for_all: tuple[str, ...] = ()
    timeout: float = 30.0
    requires_python: str | None = None
    unused_params: Mapping[str, Span] = field(default_factory=dict)
    runtime: Runtime = "threading"
    text: str = ""  # of the file: one for all of its cases
    case: str = ""  # its params and runtime

    def interrupts_of(self, group: str) -> tuple[Interrupt, ...]:
        """What may come in the middle of the threads of that key, in the file's order."""
        return tuple(one for one in self.interrupts if one.target == group and one.times)

    @property
    def settings(self) -> Settings:
        """Those under which it is explored or replayed; of a file with `explore: false` the usual ones."""
        return self.explore or Settings()

    @property
    def identity(self) -> tuple[str, str]:
        """What tells it from every other program."""
        return self.text, self.case

    @property
    def digest(self) -> str:
        """A stable name for the file's text with these params (16 hex digits)."""
        import hashlib  # noqa: PLC0415 (few runs ask)

        return hashlib.sha256(f"{self.text}\0{self.case}".encode("utf-8", "surrogatepass")).hexdigest()[:16]


def thread_ref(group: ThreadGroup, index: int) -> str:
    """How reports and schedules name a thread: `A`, `worker[1]`."""
    return element_name(group.key, index if group.is_group else None)


def element_name(name: str, index: int | None) -> str:
    """`forks[0]` for an element of an array or a member of a group, `lock` where there is no index."""
    return name if index is None else f"{name}[{index}]"


def declared_name(ref: str) -> str:
    """What the file calls it as a whole: `forks` of `forks[0]`, `lock` of `lock`. No name of a file has a bracket."""
    return ref.partition("[")[0]


def index_of(ref: str) -> int:
    """The number of a thread in its group: 0 where there is but one."""
    number = ref.rpartition("[")[2].removesuffix("]")
    return int(number) if ref.endswith("]") else 0


__all__ = [
    "Barrier", "BoundedSemaphore", "Condition", "Event", "Expr", "Future", "Kind", "LifoQueue", "Lock",
    "Primitive", "PriorityQueue", "ProcessPool", "Program", "PythonCallable", "Queue", "RLock", "Routine",
    "Semaphore", "SimpleQueue", "ThreadGroup", "ThreadLocal", "ThreadPool", "Var", "declared_name", "element_name", "index_of", "thread_ref",
]  # fmt: skip
