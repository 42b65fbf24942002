"""From one step to the next: applying an alternative, then all local work until the thread's next step."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from fractions import Fraction
from typing import Any, Literal, NamedTuple, assert_never

from scenario.engines.explore.model.budget import Budget, TimeIsUp
from scenario.engines.explore.model.code import (
    STEPS,
    Begin,
    Branch,
    Compute,
    End,
    Enter,
    Fail,
    Gap,
    Instruction,
    Iterate,
    Jump,
    Leave,
    Operate,
    Pick,
    Snooze,
    Step,
    Throw,
)
from scenario.engines.explore.model.parts import SPINNING, Frame, ScenarioError, SharedPart, ThreadPart
from scenario.engines.explore.model.raising import attempt, on_values, rethrow
from scenario.engines.explore.model.values import Raised
from scenario.engines.explore.step.context import Context
from scenario.engines.explore.step.deeds import Tracing, choice, failed_check
from scenario.engines.explore.step.endless import OFTEN, Watch
from scenario.engines.explore.step.interrupts import may_come
from scenario.engines.explore.step.layout import Layout, Thread
from scenario.engines.explore.step.primitives import threads
from scenario.engines.explore.step.primitives.alternatives import Alternative
from scenario.engines.explore.step.primitives.model import Phase
from scenario.engines.explore.step.steps import alternatives
from scenario.engines.explore.step.taking import check
from scenario.engines.explore.step.unwinding import leave, unwind
from scenario.program import ops
from scenario.program.bounded.limits import MOST_CALLS
from scenario.program.copying import copied
from scenario.results.failures import AssertFalse, Error, Failure, NotRaised
from scenario.results.undecided import OutOfTime
from scenario.steps.computing import next_element

ONE = Fraction(1)


class _Way(NamedTuple):
    """One of several ways on: its share, where it has come to, and who sees whether it goes round."""

    share: Fraction
    context: Context
    watch: Watch


class LocalWork:
    """Runs what is no step. A context is handed in, one for each way on comes out."""

    def __init__(self, layout: Layout, budget: Budget) -> None:
        self.layout = layout
        self.budget = budget
        self.reached: set[int] = set()
        """The instructions that some thread has come to, by their `id`."""
        self._watch: Callable[[Context], None] | None = None

    def fresh(self, thread: Thread) -> ThreadPart:
        """A thread that has not begun."""
        return self.layout.fresh(thread)

    def begin(self, shared: SharedPart, thread: Thread) -> Iterator[tuple[Fraction, SharedPart, ThreadPart]]:
        """The thread's first local work."""
        for share, w in self.run(Context(self.layout, shared, self.fresh(thread), thread)):
            yield share, w.shared_part(), w.thread_part()

    def apply(self, w: Context, alternative: Alternative) -> Iterator[tuple[Fraction, Context]]:
        """The step, then its local work."""
        self._take(w, alternative)
        return self.run(w)

    @contextmanager
    def watched(self, watch: Callable[[Context], None]) -> Iterator[None]:
        """Meanwhile each step is told before it is taken, those inside an atomic block too, and what `all` passes over."""
        self._watch = watch
        try:
            yield
        finally:
            self._watch = None

    def _take(self, w: Context, alternative: Alternative) -> None:
        if self._watch is not None:
            self._watch(w)
        _take(w, alternative)

    def run(self, w: Context) -> Iterator[tuple[Fraction, Context]]:
        """All local work up to the next step; one context for each value of a `choose` on the way."""
        pending: list[Iterator[_Way]] = [iter([_Way(ONE, w, Watch())])]
        while pending:
            way = next(pending[-1], None)
            if way is None:
                pending.pop()
                continue
            self.budget.look()
            further = self._stretch(way)
            if further is None:
                yield way.share, way.context
            else:
                pending.append(further)

    def _stretch(self, way: _Way) -> Iterator[_Way] | None:
        """Local work up to where the ways part: at a choice, at a step inside an atomic block; None: it is done."""
        w = way.context
        while w.frames and not _is_waiting(w):
            instruction = w.instruction
            self.reached.add(id(instruction))
            if isinstance(instruction, STEPS):
                if not self._passes(w, instruction):
                    if w.inside and w.atomic:
                        return self._inline(way)
                    break
            elif isinstance(instruction, Pick):
                return self._pick(way, instruction)
            else:
                self._go_on(w, instruction, way.watch)
        if self.layout.virtual and w.frames and w.arrived is None:
            w.arrive()
        return None

    def _go_on(self, w: Context, instruction: Instruction, watch: Watch) -> None:
        frame = w.frames[-1]
        before = frame.pc
        to = attempt(instruction.span, _local, w, frame, instruction)
        if isinstance(to, Raised):
            unwind(w, to)
        elif to is not None:
            frame.go(to)
        if w.frames and w.frames[-1] is frame and frame.pc <= before:
            self._look(w, watch)
            if watch.repeats(w):
                w.stay(SPINNING)

    def _look(self, w: Context, watch: Watch) -> None:
        """Raises TimeIsUp, with the place of a loop that has gone round very often."""
        try:
            self.budget.look()
        except TimeIsUp as late:
            if late.why != OutOfTime() or watch.jumps < OFTEN or w.atomic:
                raise
            raise TimeIsUp(OutOfTime("loop", w.thread.ref, w.instruction.span.line)) from None

    def _passes(self, w: Context, instruction: Step) -> bool:
        """Whether what looks like a step is none here (`sleep`, a thread that `all` passes over)."""
        match instruction:
            case Snooze():
                passes = not self.layout.virtual
            case Gap():
                passes = not may_come(w) or bool(w.atomic)
            case Operate(verb=ops.Start | ops.Join):
                passes = threads.skipped(w, instruction)
                if passes and self._watch is not None:
                    self._watch(w)
            case _:
                passes = False
        if passes:
            w.finish()
        return passes

    def _inline(self, way: _Way) -> Iterator[_Way]:
        """A step inside an atomic block that has begun: part of the same step."""
        found = alternatives(way.context)
        for alternative in found:
            after = way.context.fork()
            self._take(after, alternative)
            yield _Way(shared_out(way.share, len(found)), after, way.watch.fork(len(found)))

    def _pick(self, way: _Way, instruction: Pick) -> Iterator[_Way]:
        w = way.context
        count = attempt(instruction.span, _ways, w, instruction)
        if isinstance(count, Raised):
            unwind(w, count)
            yield way
            return
        self.budget.fits(count)
        for i in range(count):
            chosen = w.fork()
            value = copied(_choices(chosen, instruction)[i])
            if chosen.log is not None:
                chosen.log.deeds.append(choice(chosen, instruction.target, value))
            chosen.finish(value)
            yield _Way(shared_out(way.share, count), chosen, way.watch.fork(count))


def _take(w: Context, alternative: Alternative) -> None:
    """One step."""
    span = w.instruction.span
    tracing = None if w.log is None else Tracing(w, alternative.interrupt)
    if w.log is not None:
        w.log.visit(w.frames)
    raised = attempt(span, alternative.apply, w)
    if raised is not None:
        unwind(w, raised)
    if tracing is not None:
        tracing.done(raised=raised is not None)
    w.step_taken()


def _ways(w: Context, instruction: Pick) -> int:
    """How many values there are to choose from."""
    count = len(_choices(w, instruction))
    if not count:
        rethrow(Raised("IndexError", "Cannot choose from an empty sequence"))
    return count


def _choices(w: Context, instruction: Pick) -> Any:
    """The values, by position."""
    values = w.frame.locals[instruction.uses[0]]
    return values if isinstance(values, list | tuple | range | str) else on_values(list, values)


def shared_out(share: Fraction, ways: int) -> Fraction:
    """A share among so many alternatives (nearly always one: fractions cost more than the rest of a step)."""
    return share if ways == 1 else share / ways


def _is_waiting(w: Context) -> bool:
    """Whether the thread is in the middle of an operation (and not in a routine that runs for it)."""
    return w.phase is not None and not (isinstance(w.phase, Phase) and w.phase.runs)


# --- instructions that are no steps ------------------------------------------------------------------


def _local(w: Context, frame: Frame, instruction: Any) -> int | None:
    """Where the frame goes on; None: another one does."""
    values, following = frame.locals, frame.pc + 1
    if w.log is not None:
        w.log.visit(w.frames)
    match instruction:
        case Compute(function, stores):
            value = function(w, values)
            if stores and instruction.defines:
                values[instruction.defines[0]] = value
        case Jump(to):
            return to
        case Branch(function=function, to=to):
            return following if function(w, values) else to
        case Iterate(to, view):
            items, position = instruction.uses
            check(values[items], values[position])
            found = next_element(values[items], values[position], view)
            if not found:
                return to
            values[position], values[instruction.defines[0]] = found
        case Throw():
            raised = values[instruction.uses[0]]
            raise ScenarioError(raised.name, raised.message, raised.place)
        case Fail(kind, text, message):
            fact = _failed(kind, text, None if message is None else message(w, values))
            if w.log is not None:
                w.log.deeds.append(failed_check(instruction, fact))
            w.fail(Failure(fact, instruction.span, w.thread.ref))
        case Enter(routine):
            if len(w.frames) >= MOST_CALLS:
                raise ScenarioError("RecursionError", "maximum recursion depth exceeded")
            w.push(f"routine {routine}", [values[slot] for slot in instruction.uses])
            return None
        case Leave():
            leave(w, values[instruction.uses[0]] if instruction.uses else None)
            return None
        case Begin():
            w.enter_atomic()
        case End():
            w.leave_atomic()
        case _:
            assert_never(instruction)
    return following


def _failed(kind: Literal["assert", "raises"], text: str, found: Any) -> AssertFalse | NotRaised:
    """What a check says that was false: `found` is the file's own message, or the exception that was raised instead."""
    if kind == "assert":
        return AssertFalse(text, found)
    return NotRaised(text, None if found is None else Error(found.name, found.message))
