"""Steps with pools, futures and routines -> operations."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple, TypeAlias

from scenario import syntax
from scenario.compile import codes
from scenario.compile.findings import did_you_mean
from scenario.compile.names.scope import Thing
from scenario.compile.steps.body import Body, Frame
from scenario.diagnostics import Instead
from scenario.program import ops
from scenario.source import Span
from scenario.spec import steps as spec
from scenario.spec.readers.model import Model
from scenario.spec.recovery import UNKNOWN_EXPR, is_unknown
from scenario.syntax import Expr, Ref

_Calling: TypeAlias = spec.Submit | spec.Call | spec.AddDoneCallback


class Arguments(NamedTuple):
    """`before`: what computes those arguments first that are not written in the order of the parameters."""

    before: ops.Block = ()
    args: tuple[Expr, ...] = ()
    keywords: tuple[tuple[str, Expr], ...] = ()


def lower_submit(b: Body, step: spec.Submit, _frame: Frame) -> ops.Op:
    to, kind = b.of(step.to, "submit")
    _remote(b, kind, step.routine, to)
    before, args, keywords = arguments(b, step, "submit")
    return after(before, ops.Submit(step.routine, to, args, b.into(step.into), keywords, span=step.span))


def lower_call(b: Body, step: spec.Call, _frame: Frame) -> ops.Op:
    before, args, keywords = arguments(b, step, "call")
    into = b.into(step.into)
    thing = b.names.get(step.routine)
    if thing is not None and thing.role == "python":
        return ops.CallPython(step.routine, args, keywords, into, span=step.span)
    return after(before, ops.CallRoutine(step.routine, args, into, span=step.span))


def lower_map(b: Body, step: spec.Map, frame: Frame) -> ops.Op:
    to, kind = b.of(step.to, "map")
    _remote(b, kind, step.routine, to)
    thing = named_routine(b, step.routine, step.at("map"))
    if thing is not None and thing.role == "routine" and not thing.takes(1):
        has = f"it has {len(thing.params)}" if thing.params else "it has none"
        b.found.add(codes.ARGUMENTS, f"`map` needs a routine of one parameter; `{step.routine}`: {has}",
                       step.at("map"), None, "TypeError")  # fmt: skip
    over, timeout, into = b.value(step.over), b.optional(step.timeout), b.into(step.into)
    if step.do is None:
        return ops.Map(step.routine, to, over, timeout, into, span=step.span)
    target = b.into(step.as_)
    body = b.block(step.do, b.deeper(frame, 1, step.span, loop=True))
    return ops.Map(step.routine, to, over, timeout, None, target, body, span=step.span)


def _remote(b: Body, kind: str, routine: str, pool: Ref) -> None:
    if kind == "ProcessPoolExecutor":
        b.resolver.notes.remote.setdefault(routine, pool.name)


def named_routine(b: Body, name: str, span: Span) -> Thing | None:
    """The routine or callable of this name."""
    thing = b.names.get(name)
    if thing is not None and thing.role in ("routine", "python"):
        return thing
    if thing is None and b.names.doubts(name):
        b.found.follows()
        return None
    near = did_you_mean(name, b.names.named("routine", "python"))
    hint = Instead(name, near) if near else "declare it under `routines`"
    what = f"`{name}` is {thing.words()}, no routine" if thing else f"there is no routine `{name}`"
    b.found.add(codes.ROUTINE, what, span, hint, "NameError")
    return None


def arguments(b: Body, step: _Calling, key: str) -> Arguments:
    """Positional arguments in the order of the parameters, or keywords for a callable of `python`, which `key` names."""
    thing = named_routine(b, step.routine, step.at(key))
    given = step.args if step.args is not None else ()
    if isinstance(given, tuple):
        args = b.values(given)
        if thing is not None and thing.role == "routine" and not (thing.takes(len(args)) or UNKNOWN_EXPR in given):
            _arity(b, step, thing, len(args), key)
        return Arguments((), args)
    named = {name: b.value(value) for name, value in given.items()}
    if thing is None:
        return Arguments()
    if thing.role == "python":
        return Arguments(keywords=tuple(named.items()))
    args = in_order(b, thing, named, step, "args")
    return Arguments(*_as_written(named, thing.params)) if set(named) == set(thing.params) else Arguments((), args)


def _arity(b: Body, step: _Calling, thing: Thing, given: int, key: str) -> None:
    takes = ", ".join(f"`{param}`" for param in thing.params) or "no arguments"
    b.found.add(codes.ARGUMENTS, f"`{thing.name}` takes {takes}; {given or 'none'} given",
                   step.at("args") if step.args is not None else step.at(key), None, "TypeError")  # fmt: skip


def in_order(b: Body, thing: Thing, named: dict[str, Expr], step: Model, key: str) -> tuple[Expr, ...]:
    """Named arguments in the order of the routine's parameters."""
    for name in named:
        if not (name in thing.params or thing.takes(-1) or is_unknown(name)):
            near = did_you_mean(name, thing.params)
            takes = ", ".join(f"`{param}`" for param in thing.params) or "no arguments"
            hint = Instead(name, near) if near else f"it takes {takes}"
            b.found.add(codes.ARGUMENTS, f"`{thing.name}` has no parameter `{name}`", step.entry(key, name), hint,
                           "TypeError")  # fmt: skip
    missing = [param for param in thing.params if param not in named]
    if missing and not any(map(is_unknown, (*missing, *named))):
        listed = ", ".join(f"`{param}`" for param in missing)
        b.found.add(codes.ARGUMENTS, f"`{thing.name}` needs an argument for {listed}", step.at(key), None,
                       "TypeError")  # fmt: skip
    return tuple([named.get(param, syntax.Const(None)) for param in thing.params])


def lower_as_completed(b: Body, step: spec.AsCompleted, frame: Frame) -> ops.Op:
    futures, timeout = b.value(step.in_), b.optional(step.timeout)
    target = b.target(step.target)
    body = b.block(step.do, b.deeper(frame, 1, step.span, loop=True))
    return ops.AsCompleted(target, futures, body, timeout, span=step.span)


def _as_written(named: Mapping[str, Expr], params: Sequence[str]) -> tuple[ops.Block, tuple[Expr, ...]]:
    """The arguments in the order of the parameters; they are evaluated in the order in which they are written.

    Where that is another order, and can be told, they are assigned to locals first, whose names no file can use.
    """
    computed = [name for name, value in named.items() if not isinstance(value, syntax.Const)]
    if computed == [param for param in params if param in computed]:
        return (), tuple([named[param] for param in params])
    held = {name: syntax.Local(f"__{name}", span=named[name].span) for name in computed}
    before = [syntax.Assign((held[name],), named[name], span=named[name].span) for name in computed]
    return tuple(before), tuple([held.get(param, named[param]) for param in params])


def after(before: ops.Block, op: ops.Op) -> ops.Op:
    return ops.Try((*before, op), span=op.span) if before else op
