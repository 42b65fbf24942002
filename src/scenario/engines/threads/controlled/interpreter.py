"""Executes step code in the thread that calls it: a gate before each step; local work follows the step before it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeAlias, assert_never

from scenario.engines.threads.actors import Abandoned
from scenario.engines.threads.controlled.accesses import access
from scenario.engines.threads.controlled.computing import CAUGHT, change, remove, store, value_of
from scenario.engines.threads.controlled.environment import LiveEnvironment, Locals
from scenario.engines.threads.controlled.player import Player, always, never
from scenario.engines.threads.controlled.stage import Stage
from scenario.engines.threads.controlled.waits import Fact, its_condition, its_turn, sleeping
from scenario.engines.threads.live import build
from scenario.program.bounded.limits import Refused
from scenario.program.evaluate import tried
from scenario.program.walk import map_children
from scenario.real.values import error_of, fresh
from scenario.record import mutable
from scenario.results.failures import AssertFalse, Failure, NotRaised
from scenario.results.script import Cue
from scenario.source import START, Span
from scenario.steps import code as steps
from scenario.steps.code import Code
from scenario.syntax import Expr, Local, Ref, TlsField

MOST_ROUNDS = 100_000
"""Rounds of a loop without a step, after which its thread is taken to idle there."""

MOST_CALLS = 900
"""Nested calls of routines; Python refuses at about a thousand frames."""

Perform: TypeAlias = "Callable[[Interpreter, steps.Operate], object]"

_Effect: TypeAlias = (
    steps.Compute | steps.Store | steps.Remove | steps.Change | steps.Raise | steps.Throw | steps.Fail
    | steps.Pick | steps.Begin | steps.End | steps.Started | steps.Fire | steps.Work
)  # fmt: skip


@mutable
class _Call:
    """A body that is being executed, and where."""

    code: Code
    locals: Locals
    pc: int = 0

    @property
    def instruction(self) -> steps.AnyInstruction:
        return self.code.instructions[self.pc]

    def go(self, to: int) -> None:
        self.pc = to


class Interpreter(LiveEnvironment):
    """Executes one body; `locals` are those of its outermost call, `span` the step at which it is.

    `perform` does one operation (`operations.perform`; given in, so that the families of operations need not know it).
    """

    def __init__(
        self,
        stage: Stage,
        code: Code,
        perform: Perform,
        own: Player | None = None,
        args: Sequence[object] = (),
        span: Span = START,
    ) -> None:
        self.locals: Locals = dict(zip(code.slots, args, strict=False))
        super().__init__(stage, self.locals, own)
        self.perform = perform
        self.span = span
        self._calls = [_Call(code, self.locals)]

    @property
    def me(self) -> Player:
        return self.stage.current()

    def run(self) -> object:
        """All steps of the body; its value."""
        value: object = None
        while self._calls:
            instruction = self._calls[-1].instruction
            self.span = instruction.span
            try:
                if isinstance(instruction, steps.Leave):
                    value = self._leave(self._slots(instruction))
                else:
                    self._execute(instruction)
            except (Abandoned, Refused):
                raise
            except BaseException as error:  # noqa: BLE001 (whatever it is, it is the scenario's)
                self._unwind(error)
        return value

    def call(self, routine: str, args: Sequence[object]) -> object:
        """Runs a routine in the calling thread (a pool's worker may call it), with copies of the arguments."""
        code = self.stage.routines[routine]
        return Interpreter(self.stage, code, self.perform, args=tuple(map(fresh, args))).run()

    # --- calls -----------------------------------------------------------------------------------------

    def _enter(self, routine: str, args: list[object]) -> None:
        if len(self._calls) >= MOST_CALLS:
            raise RecursionError("maximum recursion depth exceeded")
        code = self.stage.routines[routine]
        self.frame = dict(zip(code.slots, map(fresh, args), strict=False))
        self._calls.append(_Call(code, self.frame))

    def _leave(self, result: list[object]) -> object:
        """Back to the caller, if there is one, with the value."""
        value = fresh(result[0]) if result else None
        self._calls.pop()
        if self._calls:
            self.frame = self._calls[-1].locals
            self._give(value)
        return value

    def _unwind(self, error: BaseException) -> None:
        """To the nearest handler; without one the exception leaves."""
        if not hasattr(error, "scenario_span"):
            error.scenario_span = self.span  # type: ignore[attr-defined] # the innermost step, for the report
        while (handler := self._calls[-1].instruction.handler) is None:
            if len(self._calls) == 1:
                raise error
            self._calls.pop()
        call = self._calls[-1]
        call.go(handler)
        self.frame = call.locals
        self.frame[CAUGHT] = error

    def _slots(self, of: steps.Instruction) -> list[Any]:
        """The values of the slots that it reads, in their order."""
        names = self._calls[-1].code.slots
        return [self.local(names[slot]) for slot in of.uses]

    def _give(self, value: object = None) -> None:
        """The instruction is done: its value, and on to the next."""
        call = self._calls[-1]
        for slot in call.instruction.defines[:1]:
            self.frame[call.code.slots[slot]] = value
        call.go(call.pc + 1)

    def _go(self, to: int) -> None:
        """On at another place; a loop that never reaches a step is where its thread stays."""
        call = self._calls[-1]
        if to <= call.pc and self.me.go_round() > MOST_ROUNDS:
            self.gate(its_turn, never, counts=False)
        call.go(to)

    # --- instructions ----------------------------------------------------------------------------------

    def _execute(self, of: steps.AnyInstruction) -> None:
        match of:
            case (
                steps.Read() | steps.Load() | steps.Call() | steps.Write() | steps.Delete() | steps.Update()
                | steps.Extend() | steps.Next()
            ):  # fmt: skip
                self.gate()
                self._give(access(self, of))
            case steps.Operate():
                self._give(self.perform(self, of))
            case steps.Guard(test, timeout=timeout):
                self._await(test, timed=timeout is not None)
                self._give()
            case steps.Emit(stream):
                self._emit(stream, *self._slots(of))
                self._give()
            case steps.Snooze():
                if self.stage.is_virtual:
                    self.gate(sleeping, counts=False)
                self._give()
            case steps.Jump(to):
                self._go(to)
            case steps.Branch(test, to):
                self._go(self._calls[-1].pc + 1 if value_of(self, test) else to)
            case steps.Iterate(to):
                self._iterate(of, to)
            case steps.Enter(routine):
                self._enter(routine, self._slots(of))
            case steps.Leave():
                self._leave(self._slots(of))
            case _:
                self._give(self._effect(of))

    def _effect(self, of: _Effect) -> Any:
        """Local work that goes on at the next instruction; its value, if it has one."""
        match of:
            case steps.Compute(value):
                return value_of(self, value)
            case steps.Store(place, value):
                return store(self, place, self.plain(value))
            case steps.Remove(place):
                return remove(self, place)
            case steps.Change(place, operator, value):
                return change(self, place, operator, value)
            case steps.Raise(exception):
                raise build.exception_class(exception)(*self._slots(of))
            case steps.Throw():
                raise self._slots(of)[0]
            case steps.Fail():
                failure = Failure(self._failed(of), of.span, self.me.ref)
                self.stage.failures.setdefault((of.kind, of.span, self.me.ref), failure)
            case steps.Pick():
                return self._pick(*self._slots(of))
            case steps.Begin():
                self.me.enter_atomic()
            case steps.End():
                self.me.leave_atomic()
            case steps.Started() | steps.Fire() | steps.Work():
                raise TypeError("a pool's real workers have no step code")
            case _:
                assert_never(of)
        return None

    def _failed(self, of: steps.Fail) -> AssertFalse | NotRaised:
        found = None if of.message is None else value_of(self, of.message)
        if of.kind == "assert":
            return AssertFalse(of.text, None if found is None else str(found))
        return NotRaised(of.text, None if found is None else error_of(found))

    def _iterate(self, of: steps.Iterate, to: int) -> None:
        items, position = self._slots(of)
        if position >= len(items):
            self._go(to)
            return
        names = self._calls[-1].code.slots
        self.frame[names[of.uses[1]]] = position + 1
        self._give(items[position])

    def _pick(self, values: Any) -> object:
        found = list(values)
        if not found:
            raise IndexError("Cannot choose from an empty sequence")
        return fresh(self.stage.scheduler.choose(self.me, found))

    def _emit(self, stream: str, text: str) -> None:
        self.gate()
        if stream == "output":
            self.stage.output.extend(text.split("\n"))
        else:
            self.stage.marks.append(text)

    def _await(self, test: Expr, *, timed: bool) -> None:
        asked = self._with_own(test)
        cue = self.gate(its_condition, lambda: self._holds(asked), counts=False, timed=timed)
        if timed and cue.way == "timeout":
            raise TimeoutError
        self.plain(test)

    def _holds(self, test: Expr) -> bool:
        """Asked by others than the thread that waits; what raises is raised there."""
        return tried(lambda: bool(self.plain(test))) is not False

    def _with_own(self, node: Expr) -> Expr:
        """The expression with the values of what belongs to this thread alone (`tls.x`), for others to evaluate."""
        if isinstance(node, TlsField):
            name = f"$own {id(node)}"
            self.frame[name] = self.plain(node)
            return Local(name)
        return map_children(node, self._with_own)

    # --- what operations are made of -------------------------------------------------------------------

    def given(self, expr: Expr | None, default: object = None) -> Any:
        """The value of an argument, or the default where the file gives none."""
        return default if expr is None else self.plain(expr)

    def gate(
        self, wait: Fact = its_turn, ready: Callable[[], bool] = always, *, counts: bool = True, timed: bool = False
    ) -> Cue:
        return self.stage.gate(self.span, wait, ready, counts=counts, timed=timed)

    def times_out(self) -> bool:
        """Whether the wait times out that begins with this step, as the schedule says."""
        return self.stage.scheduler.way(self.me) == "timeout"

    def place(self, ref: Ref) -> tuple[str, Any]:
        """The object's name and itself."""
        index = self.given(ref.index)
        name = ref.name if index is None else f"{ref.name}[{index}]"
        try:
            return name, self.object(ref.name, index)
        except (IndexError, TypeError):  # the operation's own step raises it
            self.gate()
            raise
