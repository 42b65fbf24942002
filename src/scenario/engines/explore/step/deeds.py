"""What a step does, noted while it is traced: each access, operation, choice and exception with its values.

A context that is no trace has no place for notes (`Context.log` is None), so that a search pays nothing for them.
"""

from __future__ import annotations

from collections.abc import ItemsView, KeysView, Mapping, Sequence, ValuesView
from typing import Any

from scenario.engines.explore.model.code import Access, Emit, Fail, Gap, Guard, Instruction, Operate, Snooze
from scenario.engines.explore.model.parts import ENDING, now_of
from scenario.engines.explore.model.source import UNSET, Unknown, Unset
from scenario.engines.explore.model.values import Future, Held, NoValue, Raised, freeze, thaw
from scenario.engines.explore.model.views import plain
from scenario.engines.explore.step.context import Context
from scenario.program import ops
from scenario.program.show import expression
from scenario.program.walk import map_children
from scenario.results.failures import AssertFalse, NotRaised
from scenario.results.schedule import NOTHING, Deed
from scenario.source import START
from scenario.syntax import Const, Expr, Local, Slice, Subscript

_ALWAYS_TOLD = frozenset({ops.Get, ops.Result, ops.CancelFuture})
"""Operations whose result is told also where the file does not use it."""


class Tracing:
    """One step in the making: what stands before it is looked at first, what it gave when it is done."""

    def __init__(self, w: Context, interrupt: str = "") -> None:
        self._w = w
        self._frame = w.frame
        self._pc = w.frame.pc
        self._instruction = w.instruction
        self._names = {"index": w.index, "name": w.name} | dict(zip(w.frame.code.slots, w.frame.locals, strict=True))
        self._noted = len(w.logged.deeds)
        self._begun = coming(w, interrupt) if interrupt else _begun(w, self._instruction)
        self._is_known = bool(interrupt) or w.phase == ENDING

    def done(self, *, raised: bool = False) -> None:
        """The deed goes before those that only followed from it."""
        deed = self._deed(raised=raised)
        if deed is not None:
            self._w.logged.deeds.insert(self._noted, deed)

    def _deed(self, *, raised: bool) -> Deed | None:
        if self._begun is None or self._is_known:  # a thread that ends stands at what it has done before
            return self._begun
        match self._instruction:
            case Access() as access:
                return self._access(access, raised=raised)
            case Operate() as op:
                return self._operated(op, raised=raised)
            case _:
                return self._begun

    def _access(self, access: Access, *, raised: bool) -> Deed:
        name = min(access.reads | access.writes, default="")
        node = None if access.node is None else _valued(access.node, self._names, name, self._own_futures())
        text = "" if node is None else expression(node)
        if not text or "$" in text:  # what no file could say: a temporary
            text = ", ".join(sorted(access.reads | access.writes)) or "state"
        operation, value = ("read" if access.action in ("update", "load") else access.action), NOTHING
        if not raised:
            operation, value = self._seen(access, node)
        return Deed(operation, text, _shown(self._w, value), access.span)

    def _own_futures(self) -> Mapping[object, str]:
        """Those that the file makes, by their names there."""
        return {Future(number): element(*place) for place, number in self._w.layout.futures.items()}

    def _seen(self, access: Access, node: Expr | None) -> tuple[str, Any]:
        """What was done, and the value that was read or written."""
        found = self._w.loaded(access.defines[0]) if access.defines else None
        match access.action:
            case "next":
                return "next", found[0] if found else NOTHING
            case "update" if found:  # what was read is no container: the write follows
                return "read", found[0]
            case "write" | "update":
                return "write", _element(node, self._written(access))
            case "delete":
                return "delete", NOTHING
            case "call":
                return "call", NOTHING if found is None else found
            case "load":
                return "read", found
            case _:
                return (
                    access.action,
                    found if access.defines else NOTHING,
                )  # without: it is read for what that may raise

    def _written(self, access: Access) -> object:
        """The variable's value, or that of the object which was loaded before."""
        w = self._w
        held = next((w.loaded(slot) for slot in access.uses if w.is_loaded(slot)), None)
        return w.S[min(access.writes)] if held is None else held

    def _operated(self, op: Operate, *, raised: bool) -> Deed:
        begun = self._begun
        assert begun is not None
        finished = not raised and bool(op.defines) and self._frame.pc == self._pc + 1
        if begun.value is not NOTHING or not finished:
            return begun
        result = self._frame.locals[op.defines[0]]
        is_used = op.defines[0] in self._frame.code.live[self._pc + 1]
        told = op.verb in _ALWAYS_TOLD or (result is not None and (is_used or {"timeout", "blocking"} & op.args.keys()))
        if not told or op.part == "look":
            return begun
        return Deed(begun.operation, begun.object, _shown(self._w, result), begun.span)


def _begun(w: Context, instruction: Instruction) -> Deed | None:
    """What is known before the step is taken."""
    span = instruction.span
    if w.phase == ENDING:
        return Deed("end", span=span)
    match instruction:
        case Access():
            return Deed(instruction.action, span=span)
        case Guard(reads=reads):
            return Deed("await", "", {name: _shown(w, w.S[name]) for name in sorted(reads)}, span)
        case Emit(stream=stream):
            text = w.frame.locals[instruction.uses[0]]
            return Deed("print" if stream == "output" else "mark", "", text, span)
        case Snooze():
            return Deed("sleep", span=span)
        case Gap():
            return Deed("gap", span=span)
        case Operate():
            return _operation(w, instruction)
        case _:
            return None


def coming(w: Context, interrupt: str) -> Deed:
    """An interrupt comes: its place is where the file has it."""
    span = next(one.span for one in w.thread.interrupts if one.routine == interrupt)
    return Deed("interrupt", interrupt, span=span)


def _operation(w: Context, op: Operate) -> Deed:
    args = {name: w.frame.locals[slot] for name, slot in op.args.items()}
    index = None if op.index is None else w.frame.locals[op.index]
    name = element(op.name, index)
    if op.part == "take":
        return _call(w, op, name, w.objects[w.layout.number_of(op.name, index)].calls)
    if op.part in ("finish", "fail", "break", "fire"):
        return Deed(op.part, name, _shown(w, args.get("value", NOTHING)), op.span)
    return Deed(op.verb.verb, name or op.about, _shown(w, _given(op, args)), op.span, op.routine)


def _call(w: Context, op: Operate, pool: str, calls: Sequence[tuple[int, str, object]]) -> Deed:
    """The call that a worker takes, one that has been cancelled, or none."""
    if not calls:
        return Deed("idle", pool, span=op.span)
    future, routine, given = calls[0]
    operation = "drop" if now_of(w.futures, future).state == "cancelled" else "take"
    return Deed(operation, pool, _shown(w, thaw(given)), op.span, routine)


def _given(op: Operate, args: Mapping[str, object]) -> object:
    """What the operation is given."""
    if op.exception:
        return op.exception
    if op.verb in (ops.Submit, ops.AddDoneCallback):
        return [value for name, value in args.items() if name.startswith("arg")]
    return next((args[name] for name in ("item", "value", "n") if name in args), NOTHING)


# --- what follows a step ---------------------------------------------------------------------------------


def choice(w: Context, target: str, value: object) -> Deed:
    """A value that was chosen."""
    return Deed("choose", target, _shown(w, value), w.instruction.span)


def failed_check(check: Fail, fact: AssertFalse | NotRaised) -> Deed:
    """A check that was false; the thread goes on."""
    return Deed(check.kind, span=check.span, check=fact)


def raising(w: Context, raised: Raised) -> Deed:
    """An exception, where it is raised."""
    return Deed("raise", span=raised.place or w.instruction.span, error=raised.name, message=raised.message)


def ended_by(raised: Raised) -> Deed:
    """The exception that ends the thread."""
    return Deed("end", span=raised.place or START, error=raised.name, message=raised.message)


# --- values ----------------------------------------------------------------------------------------------


def _shown(w: Context, value: object) -> object:
    """The value as it is now: what changes it later does not show."""
    if value is NOTHING:
        return value
    seen = list(value) if isinstance(value, KeysView | ValuesView | ItemsView) else value
    return plain(thaw(freeze(seen)), w)


def _valued(node: Any, names: Mapping[str, object], variable: str, futures: Mapping[object, str]) -> Any:
    """The expression with locals as the values that they had, as far as a value can be written.

    An object that was loaded goes by the name of its variable.
    """
    if isinstance(node, Local) and not isinstance(value := names.get(node.name, UNSET), Unset | Unknown):
        if isinstance(value, Held):
            return Local(variable)
        known = futures.get(value, "…") if isinstance(value, Future) else "…"
        own = node if node.name.isidentifier() else Local(known)  # what else a temporary has, no file could say
        return Const(value) if _can_be_written(value) else own
    return map_children(node, lambda child: _valued(child, names, variable, futures))


def element(name: str, index: object) -> str:
    """An object, or the element of an array; whatever the file takes for its number."""
    if index is None or index is UNSET:
        return name
    return f"{name}[{index if _can_be_written(index) else '…'}]"


def _can_be_written(value: object) -> bool:
    """Not one that is a future or an exception, nor one that holds a future: what they are is said of them alone."""
    if isinstance(value, Raised):
        return False
    try:
        repr(value)
    except NoValue:
        return False
    return True


def _element(node: Expr | None, value: object) -> object:
    """What was written: the element of the container's new value; all of it for a slice."""
    if isinstance(node, Subscript) and not isinstance(node.index, Slice) and isinstance(node.index, Const):
        container: Any = _element(node.value, value)
        try:
            return container[node.index.value]
        except (LookupError, TypeError):
            return container
    return value
