"""One state, thawed for one thread's step: what an instruction reads and writes."""

from __future__ import annotations

from collections.abc import Callable
from operator import add
from typing import TYPE_CHECKING, Any

from scenario.engines.explore.model.code import Instruction
from scenario.engines.explore.model.heap import Heap, Holder
from scenario.engines.explore.model.parts import (
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
    line_of_lost,
    ordered,
    thaw_all,
    thaw_locals,
)
from scenario.engines.explore.model.raising import on_values
from scenario.engines.explore.model.source import UNSET
from scenario.engines.explore.model.values import HELD, Future, Held, Key, NoValue, Raised, freeze, thaw
from scenario.engines.explore.step.log import Log, forget, remember
from scenario.engines.explore.step.queries import Queries, asked_elsewhere
from scenario.engines.explore.step.taking import taking
from scenario.engines.explore.step.variables import OwnFields, SharedVars
from scenario.program.exceptions import text_of, unset_free
from scenario.results.failures import Failure
from scenario.source import START

if TYPE_CHECKING:
    from scenario.engines.explore.step.layout import Layout, Thread


class Context:
    """Mutable and short-lived: made from a state for one alternative of one thread's step."""

    __slots__ = (
        "S", "arrived", "atomic", "blocked_count", "came", "closed", "deadlines", "errors", "exception", "failed", "frames", "futures",
        "heap", "inside", "layout", "left", "log", "marks", "now", "objects", "others", "output", "raised", "registers", "started",
        "status", "thread", "tls", "vars",
    )  # fmt: skip

    def __init__(
        self, layout: Layout, shared: SharedPart, part: ThreadPart, thread: Thread, tracing: bool = False,
        blocked_count: Callable[[tuple[int, ...]], int] = asked_elsewhere,
    ) -> None:  # fmt: skip
        self.layout = layout
        self.thread = thread
        self.vars = list(shared.vars)
        self.objects: list[Any] = list(shared.objects)
        self.status = list(shared.status)
        self.futures = list(shared.futures)
        self.failed, self.errors = shared.failed, shared.errors
        self.output, self.marks = shared.output, shared.marks
        self.now, self.closed = shared.now, shared.closed
        keys = [frame[2] for frame in part.frames]
        self.tls: Fields = {}
        if part.tls is None:
            values = [thaw_locals(key) for key in keys]
        else:
            values, self.tls = thaw_all(keys, part.tls)
        self.frames = [
            Frame(layout.codes[c], pc, own, phase) for own, (c, pc, _, phase) in zip(values, part.frames, strict=True)
        ]
        self.atomic, self.arrived, self.registers, self.came = part.atomic, part.arrived, part.registers, part.came
        self.inside = False
        self.others: dict[int, ThreadPart] = {}
        self.started: tuple[int, ...] = ()
        self.exception: Raised | None = None
        self.raised = ""
        self.heap = Heap(layout.followed, shared.heap)
        self.S = SharedVars(self.vars, layout.vars, self.heap, shared.taken, layout.counted)
        self.blocked_count = blocked_count
        self.deadlines: list[float] = []
        self.log = Log() if tracing else None
        self.left: Frame | None = None
        if tracing:
            forget(self.frames)

    # --- what expression source asks for ------------------------------------------------------

    @property
    def name(self) -> str:
        return self.thread.name

    @property
    def index(self) -> int:
        return self.thread.index

    @property
    def asked(self) -> Queries:
        """What expressions ask of objects, threads and futures."""
        return Queries(self.layout, self.objects, self.status, self.futures, self.blocked_count, self.thread.number)

    def tls_of(self, name: str, index: int | None) -> dict[str, object]:
        return OwnFields(self.tls.setdefault((name, index), {}))

    def clock(self) -> float:
        return self.now

    def initialized(self, pool: str, element: int | None) -> None:
        """A worker of the pool has come through its initializer."""
        n = self.layout.number_of(pool, element)
        self.objects[n] = self.objects[n]._replace(starting=self.objects[n].starting - 1)

    def throw(self, name: str, *words: str) -> None:
        raise ScenarioError(name, on_values(text_of, name, *words))

    def caught(self) -> Raised:
        assert self.exception
        return self.exception

    def own_future(self, name: str, element: int | None) -> Future:
        """One of the scenario's own."""
        return Future(self.layout.futures[name, element])

    def deadline_of(self, timeout: object) -> object:
        """Where it is over; what is no time is looked at when it is waited for."""
        return on_values(later, self.now, timeout) if isinstance(timeout, int | float) else timeout

    def left_of(self, timeout: object, deadline: Any) -> object:
        """What is left of a timeout: all of it without the virtual clock, where time is not known."""
        if timeout is not None:
            on_values(add, 0.0, timeout)
        return deadline - self.now if self.layout.virtual and timeout is not None else timeout

    @property
    def logged(self) -> Log:
        """What is known of the step; nothing where this is no trace."""
        return self.log or Log()

    # --- the thread's own place -------------------------------------------------------------------

    @property
    def frame(self) -> Frame:
        return self.frames[-1]

    @property
    def phase(self) -> Any:
        return self.frames[-1].phase if self.frames else None

    def stay(self, phase: object) -> None:
        """In the middle of an operation from now on: how far it has come. None: in the middle of none."""
        self.frames[-1].stay(phase)

    @property
    def instruction(self) -> Instruction:
        frame = self.frames[-1]
        return frame.code.instructions[frame.pc]

    def finish(self, value: object = None) -> None:
        self.frames[-1].finish(value)
        self.arrived = None

    def move(self, to: int) -> None:
        """On at an instruction before which it has not stood yet."""
        self.frames[-1].go(to)
        self.arrived = None

    def arrive(self) -> None:
        """It stands before a step from now on, by the virtual clock."""
        self.arrived = self.now

    def push(self, code: str, args: Locals) -> None:
        """Enters a routine; containers among its arguments are copied."""
        target = self.layout.codes[code]
        copies = [thaw(freeze(value)) for value in args]
        self.frames.append(Frame(target, 0, copies + [UNSET] * (len(target.slots) - len(copies))))

    def interrupt(self, number: int, phase: object) -> None:
        """Another body comes in the middle of this one, which goes on with the phase when that is over."""
        self.came = tuple(n + (i == number) for i, n in enumerate(self.came))
        self.stay(phase)
        self.push(f"routine {self.thread.interrupts[number].routine}", [])

    def end(self, registers: Key, *, closes: bool) -> None:
        """Nothing is left of the thread but what claims ask for; when `main` has ended, pools take no more calls."""
        self.registers = registers
        self.left, self.frames, self.arrived, self.tls, self.came = self.frames[0], [], None, {}, ()
        if closes:
            self.closed = True
            self.objects = [o._replace(is_deaf=False) if getattr(o, "is_deaf", False) else o for o in self.objects]

    # --- blocks that are one step -----------------------------------------------------------------

    def enter_atomic(self, levels: int = 1) -> None:
        self.atomic += levels

    def leave_atomic(self, levels: int = 1) -> None:
        self.atomic -= levels
        self.inside = self.inside and self.atomic > 0

    def step_taken(self) -> None:
        """Inside an atomic block, what follows belongs to the step, unless it waits in the middle of an operation."""
        self.inside = self.atomic > 0 and self.phase is None

    # --- what is seen of it, and by others ----------------------------------------------------------

    def start(self, number: int, status: Key) -> None:
        """Another thread begins."""
        self.status[number] = status
        self.started = (*self.started, number)

    def emit(self, stream: str, text: str) -> None:
        if stream == "output":
            self.output = (*self.output, *text.split("\n"))
        else:
            self.marks = (*self.marks, text)

    def fail(self, failure: Failure) -> None:
        """A check was false; the thread goes on."""
        self.failed = ordered({*self.failed, failure})

    def raise_first(self, raised: Raised) -> None:
        """A step has raised it."""
        self.raised = raised.name

    def catch(self, raised: Raised, handler: int) -> None:
        """The handler of the innermost frame has it."""
        self.exception = raised
        self.move(handler)

    def end_with(self, raised: Raised) -> None:
        """Nobody catches it."""
        of = (self.thread.number, raised.name, raised.message, raised.place or START)
        self.errors = tuple(sorted({*self.errors, of}))

    # --- objects of followed variables, by the slot of the innermost frame that stands for them -------

    def free(self, value: object, name: str) -> object:
        """The local's value inside a comprehension of its own; what Python raises there where nothing assigned it."""
        if value is UNSET:
            raise ScenarioError("NameError", unset_free(name))
        return value

    def taking(self, container: object, method: str) -> Callable[..., object]:
        return taking(self.frames, container, method)

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
            self.heap.part(self.thread.number, self._live()) if self.layout.followed else NO_HEAP, self.S.taken,
        )  # fmt: skip

    def _live(self) -> dict[int, frozenset[int]]:
        return {depth: frame.code.live[frame.pc] for depth, frame in enumerate(self.frames)}

    def thread_part(self) -> ThreadPart:
        try:
            keys, tls = freeze_all(self.frames, self.tls) if self.tls else (map(freeze_locals, self.frames), None)
            frames = tuple((f.code.name, f.pc, key, f.phase) for f, key in zip(self.frames, keys, strict=True))
        except NoValue as error:
            line = next(filter(None, map(line_of_lost, self.frames)), self.instruction.span.line)
            raise error.at(line) from error
        return ThreadPart(frames, tls, self.atomic, self.arrived, self.registers, self.came)

    def fork(self) -> Context:
        other = Context(
            self.layout, self.shared_part(), self.thread_part(), self.thread, self.log is not None, self.blocked_count
        )
        other.go_on_from(self)
        return other

    def go_on_from(self, before: Context) -> None:
        """What is of the step and no part of a state."""
        self.inside, self.others, self.started = before.inside, dict(before.others), before.started
        self.exception, self.raised = before.exception, before.raised
        if before.log is not None:
            self.log = before.log.copy()
            remember(self.frames, before.frames)
