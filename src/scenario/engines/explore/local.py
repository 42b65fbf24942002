"""From one step to the next: applying an alternative, then all local work until the thread's next step."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Any, assert_never

from scenario.engines.explore.code import (
    STEPS,
    Access,
    Begin,
    Branch,
    Compute,
    Emit,
    End,
    Enter,
    Fail,
    Guard,
    Iterate,
    Jump,
    Leave,
    Operate,
    Pick,
    Snooze,
    Step,
    Throw,
)
from scenario.engines.explore.layout import Layout, Thread
from scenario.engines.explore.lower.source import FUEL, UNSET, Spelling, function_of
from scenario.engines.explore.semantics import barriers, pools, threads
from scenario.engines.explore.semantics.alternatives import Alternative, Alternatives, blocked, due
from scenario.engines.explore.semantics.table import SEMANTICS
from scenario.engines.explore.values import Raised, freeze, thaw
from scenario.engines.explore.world import (
    CANCELLED,
    OVER,
    UNSTARTED,
    Frame,
    ScenarioError,
    SharedPart,
    ThreadPart,
    World,
)
from scenario.program.claims import Claim
from scenario.program.pycode import expression
from scenario.program.walk import walk
from scenario.source import Span
from scenario.syntax import Query

ONE = Fraction(1)

MAX_ROUNDS = 1_000_000
"""Rounds of a local loop that goes on changing its locals, after which it is an error."""

MAX_FRAMES = 900
"""Nested calls of routines; Python refuses at about a thousand frames."""

_LOOK_AFTER = 64
"""Backward jumps after which a local loop is watched for repeating itself."""


class EndlessLocalLoop(Exception):
    """A loop without a step that neither ends nor repeats itself: nothing can be said of the file."""


class LocalWork:
    """Runs what is no step. A world is handed in, one for each way on comes out."""

    def __init__(self, layout: Layout) -> None:
        self.layout = layout
        self.claims = [
            (claim, function_of(expression(claim.expr, _ClaimNames()))) for claim in layout.program.claims.always
        ]
        self.asks_blocked = self.asks_blocked_in(layout.program.claims.always)

    @staticmethod
    def asks_blocked_in(claims: tuple[Claim, ...]) -> bool:
        """Whether a claim asks which threads are blocked, so that it depends on the whole state."""
        return any(
            isinstance(node, Query) and node.attribute == "blocked" for claim in claims for node in walk(claim.expr)
        )

    # --- threads ---------------------------------------------------------------------------------

    def fresh(self, thread: Thread) -> ThreadPart:
        """A thread that has not begun."""
        code = self.layout.codes[thread.code]
        return ThreadPart(
            ((thread.code, 0, ("U", tuple(range(len(code.slots))), freeze([None] * len(code.slots))), None),)
        )

    def begin(self, shared: SharedPart, thread: Thread) -> Iterator[tuple[Fraction, SharedPart, ThreadPart]]:
        """The thread's first local work."""
        for share, w in self.run(World(self.layout, shared, self.fresh(thread), thread)):
            yield share, w.shared_part(), w.thread_part()

    # --- steps -----------------------------------------------------------------------------------

    def alternatives(self, w: World) -> Alternatives:
        """What the thread may do next; none while it is blocked or has ended."""
        if not w.frames or w.status[w.thread.number] in (UNSTARTED, CANCELLED, OVER):
            return ()
        if w.phase == ("end",):
            return (Alternative(self.end, "ends"),)
        if w.phase == ("spin",):
            return ()
        try:
            return self._alternatives(w)
        except Exception as error:  # noqa: BLE001 (an argument's error is the step's own)
            raised = as_raised(error)
            return (Alternative(lambda _: _rethrow(raised), f"raises {raised.name}"),)

    def _alternatives(self, w: World) -> Alternatives:
        instruction = w.instruction
        match instruction:
            case Access():
                return (Alternative(_access),)
            case Guard(function, timeout=timeout):
                FUEL.refill()
                if function(w, w.frame.locals):
                    return (Alternative(World.finish),)
                limit = None if timeout is None else w.frame.locals[timeout]
                return blocked(w, limit, lambda _: _rethrow(Raised("TimeoutError", "")))
            case Operate():
                return SEMANTICS[instruction.verb](w, instruction)
            case Emit():
                return (Alternative(_emit),)
            case Snooze():
                return (Alternative(World.finish, "wakes up"),) if due(w, w.frame.locals[instruction.uses[0]]) else ()
            case _:
                raise TypeError(f"a thread does not stop at {instruction!r}")

    def apply(self, w: World, alternative: Alternative) -> Iterator[tuple[Fraction, World]]:
        """The step, then its local work."""
        span = w.instruction.span
        try:
            FUEL.refill()
            alternative.apply(w)
        except Exception as error:  # noqa: BLE001 (the scenario's own exception)
            self.unwind(w, as_raised(error), span)
        w.inside = w.atomic > 0 and w.phase is None
        return self.run(w)

    # --- local work --------------------------------------------------------------------------------

    def run(self, w: World) -> Iterator[tuple[Fraction, World]]:
        """All local work up to the next step; one world for each value of a `choose` on the way."""
        watch = _Watch()
        FUEL.refill()
        while w.frames and not _is_waiting(w):
            instruction = w.instruction
            if isinstance(instruction, STEPS):
                if not self._passes(w, instruction):
                    if w.inside and w.atomic:
                        yield from self._inline(w)
                        return
                    break
            elif isinstance(instruction, Pick):
                yield from self._pick(w, instruction)
                return
            else:
                frame = w.frames[-1]
                before = frame.pc
                self._execute(w, frame)
                if w.frames and w.frames[-1].pc <= before and watch.repeats(w):
                    w.phase = ("spin",)
        if self.layout.virtual and w.frames and w.arrived is None:
            w.arrived = w.now
        yield ONE, w

    def _passes(self, w: World, instruction: Step) -> bool:
        """Whether what looks like a step is none here (`sleep`, a thread that `all` passes over)."""
        match instruction:
            case Snooze():
                passes = not self.layout.virtual
            case Operate(verb=verb) if verb.__name__ in ("Start", "Join"):
                passes = threads.skipped(w, instruction)
            case _:
                passes = False
        if passes:
            w.finish()
        return passes

    def _inline(self, w: World) -> Iterator[tuple[Fraction, World]]:
        """A step inside an atomic block that has begun: part of the same step."""
        alternatives = self.alternatives(w)
        for alternative in alternatives:
            for share, after in self.apply(w.fork(), alternative):
                yield share / len(alternatives), after

    def _pick(self, w: World, instruction: Pick) -> Iterator[tuple[Fraction, World]]:
        values = w.frame.locals[instruction.uses[0]]
        try:
            count = len(list(values))
            if not count:
                _rethrow(Raised("IndexError", "Cannot choose from an empty sequence"))
        except Exception as error:  # noqa: BLE001 (the scenario's own exception)
            self.unwind(w, as_raised(error), instruction.span)
            yield from self.run(w)
            return
        for i in range(count):
            chosen = w.fork()
            value = list(chosen.frame.locals[instruction.uses[0]])[i]
            if chosen.notes is not None:
                chosen.notes.append((instruction, freeze(value), {}))
            chosen.finish(value)
            for share, after in self.run(chosen):
                yield share / count, after

    def _execute(self, w: World, frame: Frame) -> None:
        instruction = frame.code.instructions[frame.pc]
        try:
            self._local(w, frame, instruction)
        except Exception as error:
            if isinstance(error, EndlessLocalLoop):
                raise
            self.unwind(w, as_raised(error), instruction.span)

    def _local(self, w: World, frame: Frame, instruction: Any) -> None:
        values = frame.locals
        match instruction:
            case Compute(function, stores):
                value = function(w, values)
                if stores and instruction.defines:
                    values[instruction.defines[0]] = value
                frame.pc += 1
            case Jump(to):
                frame.pc = to
            case Branch(function, to):
                frame.pc = frame.pc + 1 if function(w, values) else to
            case Iterate(to):
                items, position = values[instruction.uses[0]], values[instruction.uses[1]]
                if position < len(items):
                    values[instruction.defines[0]] = items[position]
                    values[instruction.uses[1]] = position + 1
                    frame.pc += 1
                else:
                    frame.pc = to
            case Throw():
                raised = values[instruction.uses[0]]
                raise ScenarioError(raised.name, raised.message)
            case Fail(kind, text, message):
                failure = (kind, instruction.span, f"{w.thread.ref}|{_worded(w, text, message)}")
                w.failed = tuple(sorted({*w.failed, failure}))
                frame.pc += 1
            case Enter(routine):
                if len(w.frames) >= MAX_FRAMES:
                    raise RecursionError("maximum recursion depth exceeded")
                w.push(f"routine {routine}", [values[slot] for slot in instruction.uses])
            case Leave():
                self._leave(w, values[instruction.uses[0]] if instruction.uses else None)
            case Begin():
                w.atomic += 1
                frame.pc += 1
            case End():
                w.atomic -= 1
                w.inside = w.inside and w.atomic > 0
                frame.pc += 1
            case _:
                assert_never(instruction)

    # --- leaving frames ------------------------------------------------------------------------------

    def _leave(self, w: World, value: Any) -> None:
        if len(w.frames) == 1:
            self._over(w)
            return
        w.frames.pop()
        caller = w.instruction
        if isinstance(caller, Enter):
            frame = w.frame
            if caller.defines:
                frame.locals[caller.defines[0]] = thaw(freeze(value))
            frame.pc += 1
        elif w.phase[0] == "call":
            pools.returned(w, thaw(freeze(value)))
        else:
            barriers.opened(w)

    def unwind(self, w: World, raised: Raised, span: Span) -> None:
        """Goes to the nearest handler; without one the thread ends with the exception."""
        while True:
            frame = w.frames[-1]
            instruction = frame.code.instructions[frame.pc]
            if isinstance(w.phase, tuple) and w.phase[0] == "barrier":
                if len(w.phase) > 2 and w.phase[2] is not None and isinstance(instruction, Operate):
                    barriers.action_failed(w)
                elif isinstance(instruction, Operate):
                    w.phase = None
            elif isinstance(w.phase, tuple) and w.phase[0] != "call":
                w.phase = None
            if instruction.handler is not None:
                frame.pc = instruction.handler
                w.exception = raised
                w.arrived = None
                return
            if len(w.frames) == 1:
                break
            w.frames.pop()
        if raised.name != "SystemExit":
            w.errors = tuple(sorted({*w.errors, (w.thread.number, raised.name, raised.message, span)}))
        self._over(w)

    def _over(self, w: World) -> None:
        w.atomic = 0
        if self.layout.end_steps and w.thread.pool is None:
            w.phase = ("end",)
        else:
            self.end(w)

    def end(self, w: World) -> None:
        """The thread's end: what it leaves are the registers that claims ask for."""
        frame = w.frames[0]
        code = frame.code
        named = {name: frame.locals[i] for i, name in enumerate(code.slots) if i in code.live[-1]}
        w.registers = freeze({name: None if value is UNSET else value for name, value in named.items()})
        w.frames = []
        w.arrived = None
        w.tls, w._tls = None, None  # noqa: SLF001 (nothing reads a dead thread's)
        w.status[w.thread.number] = OVER
        if w.thread.number == self.layout.main:
            w.closed = True

    # --- always --------------------------------------------------------------------------------------

    def checked(self, shared: SharedPart, w: World | None = None) -> SharedPart:
        """The shared part with the `always` claims that are false here among its failed checks."""
        if not self.claims or (self.asks_blocked and w is None):
            return shared
        w = w or World(self.layout, shared, ThreadPart(()), self.layout.threads[0])
        failed = set(shared.failed)
        for claim, function in self.claims:
            failure = ("always", claim.span, "")
            if failure not in failed and not holds(function, w):
                failed.add(failure)
        return shared if len(failed) == len(shared.failed) else shared._replace(failed=tuple(sorted(failed)))


def holds(function: Any, w: World) -> bool:
    """Whether a claim is true; one that raises is false."""
    FUEL.refill()
    try:
        return bool(function(w, []))
    except Exception:  # noqa: BLE001 (the claim's own exception)
        return False


class _ClaimNames(Spelling):
    """Claims over shared state have no locals of a thread."""

    def __init__(self) -> None:
        super().__init__(None)  # type: ignore[arg-type]

    def local(self, name: str) -> str:
        raise TypeError(f"a claim over shared state has no local {name!r}")


def claim_function(expr: Any) -> Any:
    """A function of a world, for `always` and `reachable`."""
    return function_of(expression(expr, _ClaimNames()))


def as_raised(error: Exception) -> Raised:
    """The exception as a value of the scenario."""
    if isinstance(error, ScenarioError):
        return error.raised
    return Raised(type(error).__name__, str(error))


def _worded(w: World, text: str, message: Any) -> str:
    """The failed check in the file's words, if it has some; reading for them is no step."""
    if message is None:
        return text
    try:
        return str(message(w, w.frame.locals))
    except Exception:  # noqa: BLE001 (the message's own exception must not hide the check's failure)
        return text


def _rethrow(raised: Raised) -> None:
    raise ScenarioError(raised.name, raised.message)


def _is_waiting(w: World) -> bool:
    """Whether the thread is in the middle of an operation (and not inside its barrier's action or call)."""
    if w.phase is None:
        return False
    if w.phase[0] == "call":
        return False
    return not (w.phase[0] == "barrier" and w.phase[2] is not None)


def _access(w: World) -> None:
    instruction = w.instruction
    assert isinstance(instruction, Access)
    try:
        value = instruction.function(w, w.frame.locals)
    finally:
        w.write_back(instruction.writes)
    if w.notes is not None:
        written = [w.S[name] for name in sorted(instruction.writes)]
        names = {"index": w.index, "name": w.name} | dict(zip(w.frame.code.slots, w.frame.locals, strict=True))
        wrote = instruction.action == "write" or (instruction.action == "update" and value == ())
        w.notes.append((instruction, freeze(written[0] if wrote else value), names))
    if instruction.action == "next":
        frame = w.frame
        frame.locals[instruction.defines[0]] = value
        frame.pc += 1
        w.arrived = None
    else:
        w.finish(value)


def _emit(w: World) -> None:
    instruction = w.instruction
    assert isinstance(instruction, Emit)
    text = w.frame.locals[instruction.uses[0]]
    if instruction.stream == "output":
        w.output = (*w.output, *text.split("\n"))
    else:
        w.marks = (*w.marks, text)
    w.finish()


class _Watch:
    """Notices a local loop that repeats itself (Brent's algorithm over snapshots)."""

    def __init__(self) -> None:
        self.jumps = 0
        self.power = _LOOK_AFTER
        self.snapshot: Any = None

    def repeats(self, w: World) -> bool:
        self.jumps += 1
        if self.jumps < _LOOK_AFTER:
            return False
        if self.jumps > MAX_ROUNDS:
            raise EndlessLocalLoop(w.thread.ref)
        now = w.thread_part()
        if now == self.snapshot:
            return True
        if self.jumps >= self.power:
            self.power *= 2
            self.snapshot = now
        return False
