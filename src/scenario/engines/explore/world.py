"""One state, thawed for one thread's step: what an instruction reads and writes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple, TypeAlias

from scenario.engines.explore.code import Code, Instruction
from scenario.engines.explore.layout import Layout, Thread
from scenario.engines.explore.lower.source import UNSET
from scenario.engines.explore.values import FutureHandle, Key, Raised, freeze, thaw
from scenario.program.program import (
    Barrier,
    BoundedSemaphore,
    RLock,
    Semaphore,
)
from scenario.record import mutable
from scenario.source import Span

UNSTARTED, PENDING, ALIVE, OVER, CANCELLED = range(5)
"""A thread's status; PENDING is a started timer's, CANCELLED one's that was cancelled before it was started."""


ENDING = ("end",)
"""The phase of a thread whose next step is its end."""

SPINNING = ("spin",)
"""The phase of a thread that repeats local work for ever."""


class SharedPart(NamedTuple):
    """Everything that more than one thread may touch, frozen."""

    vars: tuple[Key, ...]
    objects: tuple[Any, ...]
    status: tuple[int, ...]
    futures: tuple[tuple[str, Any, int], ...] = ()
    failed: tuple[tuple[str, Span, str], ...] = ()
    errors: tuple[tuple[int, str, str, Span], ...] = ()
    output: tuple[str, ...] = ()
    marks: tuple[str, ...] = ()
    now: float = 0.0
    closed: bool = False


class ThreadPart(NamedTuple):
    """What belongs to one thread alone. `frames` empty: it has ended, and `registers` are what it left.

    A frame is (code, pc, locals, phase); the phase says how far an operation of several steps has come.
    """

    frames: tuple[tuple[str, int, Key, Any], ...]
    tls: Key = None
    atomic: int = 0
    arrived: float | None = None
    registers: Key = None


class ScenarioError(Exception):
    """An exception of the scenario's own on its way."""

    def __init__(self, name: str, message: str = "") -> None:
        super().__init__(message)
        self.raised = Raised(name, message)


Locals: TypeAlias = list[Any]

Note: TypeAlias = tuple[Instruction, Key, Mapping[str, Any]]
"""For a trace: an access or a choice, the value that it read, wrote or chose, and the thread's locals then."""


@mutable
class Frame:
    code: Code
    pc: int
    locals: Locals
    phase: Any = None


class _SharedVars(dict[str, Any]):
    """Shared variables by name, thawed when first read."""

    def __init__(self, keys: list[Key], numbers: Mapping[str, int]) -> None:
        super().__init__()
        self.keys_of_vars = keys
        self.numbers = numbers

    def __missing__(self, name: str) -> Any:
        value = thaw(self.keys_of_vars[self.numbers[name]])
        self[name] = value
        return value


class World:
    """Mutable and short-lived: made from a state for one alternative of one thread's step."""

    def __init__(
        self, layout: Layout, shared: SharedPart, part: ThreadPart, thread: Thread, tracing: bool = False
    ) -> None:
        self.layout = layout
        self.thread = thread
        self.vars = list(shared.vars)
        self.objects = list(shared.objects)
        self.status = list(shared.status)
        self.futures = list(shared.futures)
        self.failed = shared.failed
        self.errors = shared.errors
        self.output = shared.output
        self.marks = shared.marks
        self.now = shared.now
        self.closed = shared.closed
        self.frames = [Frame(layout.codes[c], pc, thaw_locals(key), phase) for c, pc, key, phase in part.frames]
        self.tls: dict[Any, dict[str, Any]] | None = None
        self._tls = part.tls
        self.atomic = part.atomic
        self.arrived = part.arrived
        self.registers = part.registers
        self.inside = False
        self.others: dict[int, ThreadPart] = {}
        self.started: tuple[int, ...] = ()
        self.exception: Raised | None = None
        self.S = _SharedVars(self.vars, layout.vars)
        self.blocked_count: Any = None
        self.deadlines: list[float] = []
        self.notes: list[Note] | None = [] if tracing else None

    # --- what expression source asks for ------------------------------------------------------

    @property
    def name(self) -> str:
        return self.thread.name

    @property
    def index(self) -> int:
        return self.thread.index

    def tls_of(self, name: str, index: int | None) -> dict[str, Any]:
        if self.tls is None:
            self.tls = thaw(self._tls) if self._tls is not None else {}
        return _Fields(self.tls.setdefault((name, index), {}))

    def clock(self) -> float:
        return self.now

    def throw(self, name: str, message: str, keyed: bool) -> None:
        """Raises it; the text of one that is `keyed`, of KeyError, is what its argument looks like."""
        raise ScenarioError(name, repr(message) if keyed else message)

    def caught(self) -> Raised:
        assert self.exception is not None
        return self.exception

    def deadline_of(self, timeout: Any) -> Any:
        return None if timeout is None else self.now + timeout

    def left_of(self, timeout: Any, deadline: Any) -> Any:
        """What is left of a timeout: all of it without the virtual clock, where time is not known."""
        if timeout is None:
            return float("inf")
        return deadline - self.now if self.layout.virtual else timeout

    def query(self, name: str, index: int | None, attribute: str) -> Any:
        """The state of a primitive or thread."""
        if name in self.layout.groups:
            return self._thread_query(name, index, attribute)
        number = self.object(name, index)
        kind, state = self.layout.kinds[number], self.objects[number]
        match attribute:
            case "locked":
                return self.is_locked(self.layout.locks[number])
            case "is_set":
                return state[0]
            case "value":
                return state
            case "n_waiting":
                return len(state[1]) if state[0] in ("filling", "action") else 0
            case "parties":
                return kind.parties if isinstance(kind, Barrier) else 0
            case "broken":
                return state[0] == "broken"
            case "qsize":
                return len(state[0])
            case "empty":
                return not state[0]
            case "full":
                return 0 < getattr(kind, "maxsize", 0) <= len(state[0])
            case "unfinished_tasks":
                return state[1]
            case "is_shutdown":
                return state[2]
            case _:
                raise AttributeError(attribute)

    def _thread_query(self, group: str, index: int | None, attribute: str) -> Any:
        members = self.layout.groups[group]
        match attribute:
            case "alive":
                return sum(self.status[n] in (ALIVE, PENDING) for n in members if index is None or n == members[index])
            case "blocked":
                return self.blocked_count(members if index is None else (members[index],))
            case _:
                thread = self.layout.threads[members[index or 0]]
                match attribute:
                    case "is_alive":
                        return self.status[thread.number] in (ALIVE, PENDING)
                    case "name":
                        return thread.name
                    case "daemon":
                        return thread.daemon
                    case _:
                        raise AttributeError(attribute)

    def future_query(self, future: Any, attribute: str) -> Any:
        if not isinstance(future, FutureHandle):
            raise AttributeError(  # noqa: TRY004 (what Python raises there)
                f"'{type(future).__name__}' object has no attribute '{attribute}'"
            )
        state, value, _ = self.futures[future.number]
        match attribute:
            case "done":
                return state in ("finished", "failed", "cancelled")
            case "running":
                return state == "running"
            case "cancelled":
                return state == "cancelled"
            case "exception":
                if state == "cancelled":
                    raise ScenarioError("CancelledError")
                if state in ("pending", "running"):
                    raise ScenarioError("TimeoutError")
                return thaw(value) if state == "failed" else None
            case _:
                raise AttributeError(attribute)

    # --- objects -------------------------------------------------------------------------------

    def object(self, name: str, index: int | None) -> int:
        """The number of a primitive or of its element (negative indices as in a list)."""
        if index is None:
            return self.layout.objects[name, None]
        length = sum(1 for other, _ in self.layout.objects if other == name)
        if not isinstance(index, int):
            raise TypeError(f"list indices must be integers or slices, not {type(index).__name__}")
        if not -length <= index < length:
            raise IndexError("list index out of range")
        return self.layout.objects[name, index % length]

    def initialized(self, pool: str, element: int | None) -> None:
        """A worker of the pool has come through its initializer."""
        number = self.object(pool, element)
        *rest, starting = self.objects[number]
        self.objects[number] = (*rest, starting - 1)

    def is_locked(self, number: int) -> bool:
        match self.layout.kinds[number]:
            case RLock():
                return self.objects[number] is not None
            case Semaphore() | BoundedSemaphore():
                return bool(self.objects[number] == 0)
            case _:
                return bool(self.objects[number])

    # --- the thread's own place -------------------------------------------------------------------

    @property
    def frame(self) -> Frame:
        return self.frames[-1]

    @property
    def phase(self) -> Any:
        return self.frames[-1].phase if self.frames else None

    @phase.setter
    def phase(self, phase: Any) -> None:
        self.frames[-1].phase = phase

    @property
    def instruction(self) -> Instruction:
        frame = self.frames[-1]
        return frame.code.instructions[frame.pc]

    def finish(self, value: Any = None) -> None:
        """The operation is over: its value, and on to the next instruction."""
        frame = self.frames[-1]
        instruction = frame.code.instructions[frame.pc]
        if instruction.defines:
            frame.locals[instruction.defines[0]] = value
        frame.pc += 1
        frame.phase = None
        self.arrived = None

    def push(self, code: str, args: Locals) -> None:
        """Enters a routine; containers among its arguments are copied."""
        target = self.layout.codes[code]
        copies = [thaw(freeze(value)) for value in args]
        self.frames.append(Frame(target, 0, copies + [UNSET] * (len(target.slots) - len(copies))))

    def forget_tls(self) -> None:
        """Nothing reads a dead thread's fields."""
        self.tls, self._tls = None, None

    def write_back(self, names: frozenset[str]) -> None:
        for name in names:
            self.vars[self.layout.vars[name]] = freeze(self.S[name])

    # --- and back ------------------------------------------------------------------------------------

    def shared_part(self) -> SharedPart:
        return SharedPart(
            tuple(self.vars), tuple(self.objects), tuple(self.status), tuple(self.futures), self.failed,
            self.errors, self.output, self.marks, self.now, self.closed,
        )  # fmt: skip

    def thread_part(self) -> ThreadPart:
        frames = tuple((f.code.name, f.pc, freeze_locals(f), f.phase) for f in self.frames)
        tls = self._tls if self.tls is None else freeze(self.tls)
        return ThreadPart(frames, tls, self.atomic, self.arrived, self.registers)

    def fork(self) -> World:
        other = World(self.layout, self.shared_part(), self.thread_part(), self.thread, self.notes is not None)
        other.inside = self.inside
        other.others = dict(self.others)
        other.started = self.started
        other.exception = self.exception
        other.blocked_count = self.blocked_count
        if self.notes is not None:
            other.notes = list(self.notes)
        return other


class _Fields(dict[str, Any]):
    """A thread's own attributes of a `threading.local`."""

    def __init__(self, store: dict[str, Any]) -> None:
        super().__init__()
        self.store = store

    def __getitem__(self, field: str) -> Any:
        if field not in self.store:
            raise AttributeError(f"'_thread._local' object has no attribute '{field}'")
        return self.store[field]

    def __setitem__(self, field: str, value: Any) -> None:
        self.store[field] = value


def freeze_locals(frame: Frame) -> Key:
    """The frame's live locals as one key, so that objects which two of them share stay shared."""
    live = frame.code.live[frame.pc]
    values = [value if i in live else None for i, value in enumerate(frame.locals)]
    unset = tuple(i for i, value in enumerate(values) if value is UNSET)
    for i in unset:
        values[i] = None
    return ("U", unset, freeze(values)) if unset else freeze(values)


def thaw_locals(key: Key) -> Locals:
    """A fresh list of the locals."""
    if key[0] == "U":
        values: Locals = thaw(key[2])
        for i in key[1]:
            values[i] = UNSET
        return values
    if any(type(part) is tuple for part in key):
        result: Locals = thaw(key)
        return result
    return list(key[1:])
