"""Executes step code in the thread that calls it: a gate before each step; local work follows the step before it.

What a gate is, and how an operation is done, is an engine's own: it derives from `Interpreter`.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence
from typing import Any, ClassVar, TypeAlias, assert_never

from scenario.interpreter.accesses import access, begun, one_of
from scenario.interpreter.call import Calls
from scenario.interpreter.computing import CAUGHT, change, remove, store, value_of
from scenario.interpreter.environment import LiveEnvironment, Locals
from scenario.interpreter.host import Host, Member
from scenario.interpreter.objects import exception_class
from scenario.program.bounded.limits import Refused
from scenario.program.evaluate import tried
from scenario.program.program import element_name
from scenario.program.walk import map_children
from scenario.real.values import error_of, fresh
from scenario.results.failures import AssertFalse, Failure, NotRaised
from scenario.source import START, Span
from scenario.steps import code as steps
from scenario.steps.code import Code
from scenario.steps.computing import next_element
from scenario.syntax import Expr, Local, Ref, TlsField

MOST_ROUNDS = 100_000
"""Rounds of a loop without a step, after which its thread is taken to idle there."""

_Effect: TypeAlias = (
    steps.Compute | steps.Store | steps.Remove | steps.Change | steps.Raise | steps.Throw | steps.Fail
    | steps.Pick | steps.Begin | steps.End | steps.Started | steps.Fire | steps.Work
)  # fmt: skip


class Interpreter(LiveEnvironment, ABC):
    """Executes one body; `locals` are those of its outermost call, `span` the step at which it is.

    `over`: the exceptions that end the execution, which no body catches.
    """

    over: ClassVar[tuple[type[BaseException], ...]] = (Refused,)

    def __init__(
        self, stage: Host, code: Code, own: Member | None = None, args: Sequence[object] = (), span: Span = START
    ) -> None:
        self.locals: Locals = dict(zip(code.slots, args, strict=False))
        super().__init__(stage, self.locals, own)
        self.span = span
        self._calls = Calls(code, self.locals)

    # --- what an engine says -----------------------------------------------------------------------------

    @abstractmethod
    def stand(self) -> None:
        """Before the step of the instruction."""

    @abstractmethod
    def wait(self, test: Expr, *, timed: bool) -> bool:
        """Until an `await` holds; False where it has timed out."""

    @abstractmethod
    def idle(self) -> None:
        """In a loop without a step, for ever."""

    @abstractmethod
    def snooze(self, seconds: object) -> None:
        """`sleep`."""

    @abstractmethod
    def pause(self) -> None:
        """Between two pieces of local work, where an interrupt may come."""

    @abstractmethod
    def pick(self, values: Sequence[object]) -> object:
        """One of the values, which are some."""

    @abstractmethod
    def perform(self, of: steps.Operate) -> object:
        """One operation, or one part of it where it is several steps; its value."""

    @abstractmethod
    def nested(self, code: Code, args: Sequence[object]) -> Interpreter:
        """For a routine that something real calls in this thread."""

    # --- the body ------------------------------------------------------------------------------------------

    @property
    def me(self) -> Member:
        return self.stage.current()

    @property
    def instruction(self) -> steps.AnyInstruction:
        """The one at which it is."""
        return self._calls.top.instruction

    def run(self) -> object:
        """All steps of the body; its value."""
        value: object = None
        while self._calls:
            instruction = self._calls.top.instruction
            self.span = instruction.span
            try:
                if isinstance(instruction, steps.Leave):
                    value = self._leave(self._slots(instruction))
                else:
                    self._execute(instruction)
            except self.over:
                raise
            except BaseException as error:  # noqa: BLE001 (whatever it is, it is the scenario's)
                self._unwind(error)
        return value

    def call(self, routine: str, args: Sequence[object]) -> object:
        """Runs a routine in the calling thread (a pool's worker may call it), with copies of the arguments."""
        code = self.stage.routines[routine]
        return self.nested(code, tuple(map(fresh, args))).run()

    # --- calls -----------------------------------------------------------------------------------------

    def _enter(self, routine: str, args: list[object]) -> None:
        self._calls.enter(self.stage.routines[routine], list(map(fresh, args)))
        self.frame = self._calls.top.locals

    def _leave(self, result: list[object]) -> object:
        """Back to the caller, if there is one, with the value."""
        value = fresh(result[0]) if result else None
        self._calls.leave()
        if self._calls:
            self.frame = self._calls.top.locals
            self._give(value)
        return value

    def _unwind(self, error: BaseException) -> None:
        """To the nearest handler; without one the exception leaves."""
        if not hasattr(error, "scenario_span"):
            error.scenario_span = self.span  # type: ignore[attr-defined] # the innermost step, for the report
        if not self._calls.unwind():
            raise error
        self.frame = self._calls.top.locals
        self.frame[CAUGHT] = error

    def _slots(self, of: steps.Instruction) -> list[Any]:
        """The values of the slots that it reads, in their order."""
        names = self._calls.top.code.slots
        return [self.local(names[slot]) for slot in of.uses]

    def _give(self, value: object = None) -> None:
        """The instruction is done: its value, and on to the next."""
        call = self._calls.top
        for slot in call.instruction.defines[:1]:
            self.frame[call.code.slots[slot]] = value
        call.go(call.pc + 1)

    def _go(self, to: int) -> None:
        """On at another place; a loop that never reaches a step is where its thread stays."""
        call = self._calls.top
        if to <= call.pc and self.me.go_round() > MOST_ROUNDS:
            self.idle()
        call.go(to)

    # --- instructions ----------------------------------------------------------------------------------

    def _execute(self, of: steps.AnyInstruction) -> None:
        match of:
            case (
                steps.Read() | steps.Load() | steps.Call() | steps.Write() | steps.Delete() | steps.Update()
                | steps.Extend() | steps.Next()
            ):  # fmt: skip
                self.stand()
                self._give(access(self, of))
            case steps.Operate():
                self._give(self.perform(of))
            case steps.Guard(test, timeout=timeout):
                self._await(test, timed=timeout is not None)
                self._give()
            case steps.Emit(stream):
                self._emit(stream, *self._slots(of))
                self._give()
            case steps.Snooze():
                self.snooze(*self._slots(of))
                self._give()
            case steps.Gap():
                self.pause()
                self._give()
            case steps.Jump(to):
                self._go(to)
            case steps.Branch(test, to):
                self._go(self._calls.top.pc + 1 if value_of(self, test) else to)
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
                raise exception_class(exception)(*self._slots(of))
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
        if isinstance(items, dict | set):  # by Python's own iterator, which stands for how far it is
            left = position or begun(items, of.view)
            found = (left, *one_of(left))
        else:
            found = next_element(items, position, of.view) or (position,)
        self.frame[self._calls.top.code.slots[of.uses[1]]] = found[0]
        self._give(found[1]) if found[1:] else self._go(to)

    def _pick(self, values: Iterable[object]) -> object:
        found = list(values)
        if not found:
            raise IndexError("Cannot choose from an empty sequence")
        return fresh(self.pick(found))

    def _emit(self, stream: str, text: str) -> None:
        self.stand()
        if stream == "output":
            self.stage.output.extend(text.split("\n"))
        else:
            self.stage.marks.append(text)

    def _await(self, test: Expr, *, timed: bool) -> None:
        asked = self._with_own(test)
        if not self.wait(asked, timed=timed):
            raise TimeoutError
        self.plain(test)

    def holds(self, test: Expr) -> bool:
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

    def place(self, ref: Ref) -> tuple[str, Any]:
        """The object's name and itself."""
        index = self.given(ref.index)
        name = element_name(ref.name, index)
        try:
            return name, self.object(ref.name, index)
        except (IndexError, TypeError):  # the operation's own step raises it
            self.stand()
            raise
