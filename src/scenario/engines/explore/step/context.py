"""One state, thawed for one thread's step: what an instruction reads and writes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from operator import add
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

from scenario.engines.explore.model.code import Access, Instruction
from scenario.engines.explore.model.heap import Heap, Holder
from scenario.engines.explore.model.parts import (
    DEAF,
    NO_HEAP,
    Fields,
    Frame,
    Locals,
    ScenarioError,
    SharedPart,
    ThreadPart,
    freeze_all,
    freeze_locals,
    later,
    thaw_all,
    thaw_locals,
)
from scenario.engines.explore.model.raising import on_values
from scenario.engines.explore.model.source import UNKNOWN, UNSET
from scenario.engines.explore.model.values import HELD, Held, Key, NoValue, Raised, Unexplored, freeze, thaw
from scenario.engines.explore.step.queries import Queries
from scenario.program.exceptions import unset_free
from scenario.results.schedule import Deed

if TYPE_CHECKING:
    from scenario.engines.explore.step.layout import Layout, Thread

Note: TypeAlias = tuple[Access, bool]
"""For a trace: an access, and whether it wrote what it may write."""


class Place(NamedTuple):
    """An instruction that a thread has come by: how deep in its frames, in which code."""

    depth: int
    code: str
    pc: int


class _SharedVars(dict[str, object]):
    """Shared variables by name, thawed when first read."""

    def __init__(self, keys: list[Key], numbers: Mapping[str, int], heap: Heap) -> None:
        super().__init__()
        self.keys_of_vars = keys
        self.numbers = numbers
        self.heap = heap

    def __missing__(self, name: str) -> object:
        value = self.heap.read(name) if name in self.heap else thaw(self.keys_of_vars[self.numbers[name]])
        self[name] = value
        return value


def _nobody(_: tuple[int, ...]) -> int:
    raise TypeError("who is blocked is asked of the whole state")


class Context(Queries):
    """Mutable and short-lived: made from a state for one alternative of one thread's step."""

    def __init__(
        self, layout: Layout, shared: SharedPart, part: ThreadPart, thread: Thread, tracing: bool = False,
        blocked_count: Callable[[tuple[int, ...]], int] = _nobody,
    ) -> None:  # fmt: skip
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
        keys = [frame[2] for frame in part.frames]
        self.tls: Fields = {}
        if part.tls is None:
            values = [thaw_locals(key) for key in keys]
        else:
            values, self.tls = thaw_all(keys, part.tls)
        self.frames = [
            Frame(layout.codes[c], pc, own, phase) for own, (c, pc, _, phase) in zip(values, part.frames, strict=True)
        ]
        self.atomic = part.atomic
        self.arrived = part.arrived
        self.registers = part.registers
        self.inside = False
        self.others: dict[int, ThreadPart] = {}
        self.started: tuple[int, ...] = ()
        self.exception: Raised | None = None
        self.raised = ""
        self.heap = Heap(layout.followed, shared.heap)
        self.S = _SharedVars(self.vars, layout.vars, self.heap)
        self.blocked_count = blocked_count
        self.deadlines: list[float] = []
        self.notes: list[Note] | None = [] if tracing else None
        self.trail: list[Place] | None = [] if tracing else None
        self.deeds: list[Deed] | None = [] if tracing else None
        self.left: Frame | None = None
        if tracing:
            self._forget()

    # --- what expression source asks for ------------------------------------------------------

    @property
    def name(self) -> str:
        return self.thread.name

    @property
    def index(self) -> int:
        return self.thread.index

    def tls_of(self, name: str, index: int | None) -> dict[str, object]:
        return _Fields(self.tls.setdefault((name, index), {}))

    def clock(self) -> float:
        return self.now

    def initialized(self, pool: str, element: int | None) -> None:
        """A worker of the pool has come through its initializer."""
        number = self.object(pool, element)
        state = self.objects[number]
        if state.is_deaf:
            raise Unexplored(self.layout.name_of(number) + DEAF)
        self.objects[number] = state._replace(starting=state.starting - 1)

    def throw(self, name: str, message: str, keyed: bool) -> None:
        """Raises it; the text of one that is `keyed`, of KeyError, is what its argument looks like."""
        raise ScenarioError(name, repr(message) if keyed else message)

    def caught(self) -> Raised:
        assert self.exception is not None
        return self.exception

    def deadline_of(self, timeout: object) -> object:
        """Where it is over; what is no time is looked at when it is waited for."""
        return on_values(later, self.now, timeout) if isinstance(timeout, int | float) else timeout

    def left_of(self, timeout: object, deadline: Any) -> object:
        """What is left of a timeout: all of it without the virtual clock, where time is not known."""
        if timeout is not None:
            on_values(add, timeout, 0)
        return deadline - self.now if self.layout.virtual and timeout is not None else timeout

    # --- the thread's own place -------------------------------------------------------------------

    @property
    def frame(self) -> Frame:
        return self.frames[-1]

    @property
    def phase(self) -> Any:
        return self.frames[-1].phase if self.frames else None

    @phase.setter
    def phase(self, phase: object) -> None:
        self.frames[-1].phase = phase

    @property
    def instruction(self) -> Instruction:
        frame = self.frames[-1]
        return frame.code.instructions[frame.pc]

    def visit(self) -> None:
        """For a trace: the thread comes by here."""
        assert self.trail is not None
        if self.frames:
            frame = self.frames[-1]
            self.trail.append(Place(len(self.frames), frame.code.name, frame.pc))

    def finish(self, value: object = None) -> None:
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
        self.tls = {}

    def write_back(self, names: frozenset[str]) -> None:
        """What the access has left; the thread's own locals share no container with it."""
        in_heap = {name: self.S.pop(name) for name in names if name in self.heap and name in self.S}
        if in_heap or any(name in self.heap for name in names):
            self.heap.settle(in_heap)
        for name in names:
            if name not in self.heap:
                self.vars[self.layout.vars[name]] = freeze(self.S[name])

    # --- objects of followed variables, by the slot of the innermost frame that stands for them -------

    def free(self, value: object, name: str) -> object:
        """The local's value inside a comprehension of its own; what Python raises there where nothing assigned it."""
        if value is UNSET:
            raise ScenarioError("NameError", unset_free(name))
        return value

    def load(self, slot: int, value: object) -> Held:
        self.heap.hold(self._holder(slot), value)
        return HELD

    def loaded(self, slot: int) -> Any:
        """What stands in the slot: an object of the heap, or a value of the thread's own."""
        value = self.frames[-1].locals[slot]
        return self.heap.held(self._holder(slot)) if value is HELD else value

    def is_loaded(self, slot: int) -> bool:
        return self.frames[-1].locals[slot] is HELD

    def _holder(self, slot: int) -> Holder:
        return self.thread.number, len(self.frames) - 1, slot

    # --- and back ------------------------------------------------------------------------------------

    def shared_part(self) -> SharedPart:
        return SharedPart(
            tuple(self.vars), tuple(self.objects), tuple(self.status), tuple(self.futures), self.failed,
            self.errors, self.output, self.marks, self.now, self.closed,
            self.heap.part(self.thread.number, self._live()) if self.layout.followed else NO_HEAP,
        )  # fmt: skip

    def _live(self) -> dict[int, frozenset[int]]:
        return {depth: frame.code.live[frame.pc] for depth, frame in enumerate(self.frames)}

    def thread_part(self) -> ThreadPart:
        try:
            keys, tls = freeze_all(self.frames, self.tls) if self.tls else (map(freeze_locals, self.frames), None)
            frames = tuple((f.code.name, f.pc, key, f.phase) for f, key in zip(self.frames, keys, strict=True))
        except NoValue as error:
            line = next(filter(None, map(_made, self.frames)), self.instruction.span.line)
            raise Unexplored(f"{error} (line {line})") from error
        return ThreadPart(frames, tls, self.atomic, self.arrived, self.registers)

    def _forget(self) -> None:
        """For a trace: what a state does not keep is marked, so that what is assigned anew stands out."""
        for frame in self.frames:
            for slot in set(range(len(frame.locals))).difference(frame.code.live[frame.pc]):
                frame.locals[slot] = UNKNOWN

    def fork(self) -> Context:
        other = Context(
            self.layout, self.shared_part(), self.thread_part(), self.thread, self.notes is not None, self.blocked_count
        )
        other.inside = self.inside
        other.others = dict(self.others)
        other.started = self.started
        other.exception = self.exception
        other.raised = self.raised
        if self.notes is not None:
            other.notes = list(self.notes)
        if self.trail is not None:
            other.trail = list(self.trail)
        if self.deeds is not None:
            other.deeds = list(self.deeds)
            for old, new in zip(self.frames, other.frames, strict=True):
                new.locals = [old.locals[i] if value is UNKNOWN else value for i, value in enumerate(new.locals)]
        return other


def _made(frame: Frame) -> int | None:
    """The line of the step that has made what can not be kept in the frame, if something can not."""
    for slot in frame.code.live[frame.pc]:
        try:
            freeze(None if frame.locals[slot] is UNSET else frame.locals[slot])
        except NoValue:
            return next((i.span.line for i in frame.code.instructions if slot in i.defines), None)
    return None


class _Fields(dict[str, object]):
    """A thread's own attributes of a `threading.local`."""

    def __init__(self, store: dict[str, object]) -> None:
        super().__init__()
        self.store = store

    def __getitem__(self, field: str) -> object:
        if field not in self.store:
            raise ScenarioError("AttributeError", f"'_thread._local' object has no attribute '{field}'")
        return self.store[field]

    def __setitem__(self, field: str, value: object) -> None:
        self.store[field] = value
