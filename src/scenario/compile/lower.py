"""Steps as written -> operations: names resolved, verbs matched with what they are used on."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

from scenario import syntax
from scenario.compile import codes, kinds
from scenario.compile.findings import Findings, did_you_mean
from scenario.compile.resolve import MUTATING, Resolver
from scenario.compile.scope import Names, Scope, Thing
from scenario.program import ops
from scenario.source import Span
from scenario.spec import steps as spec
from scenario.syntax import Expr, Ref

DEEPEST = 18
"""Nested blocks, as CPython counts them; its own limit is 20, and two are kept for what engines emit around."""

class Frame(NamedTuple):
    """Where a step stands: how deep in blocks, in a loop, in an `except`."""

    depth: int = 0
    loop: bool = False
    handler: bool = False


class Lowering:
    """Lowers the steps of one thread, routine or `main`."""

    def __init__(self, resolver: Resolver, names: Names, found: Findings, locals_: frozenset[str]) -> None:
        self.resolver = resolver
        self.names = names
        self.found = found
        self.scope = Scope("step", locals_)
        self.watching = Scope("await", locals_)

    # --- blocks ---------------------------------------------------------------------------------------

    def block(self, steps: spec.Steps, frame: Frame = Frame()) -> ops.Block:  # noqa: B008 (immutable)
        """The operations of a list of steps."""
        return tuple([self.step(step, frame) for step in steps])

    def step(self, step: spec.StepField, frame: Frame) -> ops.Op:
        """One step. A mistake that an enclosing `raises` asks for becomes a raise of its exception."""
        outer, self.found.would_raise = self.found.would_raise, None
        op = self._expecting(step, frame) if isinstance(step, spec.Step) else _LOWER[type(step)](self, step, frame)
        if self.found.would_raise is not None:
            op = ops.Raise(self.found.would_raise, span=step.span)
        self.found.would_raise = outer
        return op

    def _expecting(self, step: spec.Step, frame: Frame) -> ops.Op:
        lower = _LOWER[type(step)]
        if step.raises is None:
            return lower(self, step, frame)
        self.found.expect(step.raises)
        self.resolver.notes.exception(step.raises)
        body = lower(self, step, self.deeper(frame, 2, step.span))
        self.found.expect_no_more()
        if self.found.would_raise is not None:
            body = ops.Raise(self.found.would_raise, span=step.span)
            self.found.would_raise = None
        return ops.Expect(step.raises, body, span=step.span)

    def deeper(self, frame: Frame, levels: int, span: Span, *, loop: bool = False, handler: bool = False) -> Frame:
        """The frame inside `levels` more blocks."""
        depth = frame.depth + levels
        if frame.depth <= DEEPEST < depth:
            self.found.add(codes.NESTING, f"blocks nest more than {DEEPEST} deep here", span,
                           "move the inner steps into a routine and `call` it")  # fmt: skip
        return Frame(depth, loop or frame.loop, handler or frame.handler)

    # --- expressions and targets ------------------------------------------------------------------------

    def expr(self, node: Expr) -> Expr:
        return self.resolver.expr(node, self.scope)

    def value(self, node: Expr) -> Expr:
        """An expression whose value is kept: assigned, passed, returned."""
        resolved = self.resolver.expr(node, self.scope)
        if type(resolved) is not syntax.Const:
            self.resolver.notes.values.append(resolved)
        return resolved

    def values(self, nodes: Iterable[Expr]) -> tuple[Expr, ...]:
        """As `value`, for several."""
        return tuple([self.value(node) for node in nodes])

    def given(self, target: Expr, value: Expr) -> None:
        """A target is assigned a value."""
        if isinstance(target, syntax.Shared | syntax.Subscript):
            self.resolver.notes.given.append((target, value))

    def optional(self, node: Expr | None) -> Expr | None:
        return None if node is None else self.resolver.expr(node, self.scope)

    def template(self, node: syntax.Template | None) -> syntax.Template | None:
        return None if node is None else self.resolver.template(node, self.scope)

    def into(self, node: Expr | None) -> Expr | None:
        return None if node is None else self.target(node)

    def target(self, node: Expr) -> Expr:
        """What is assigned to."""
        match node:
            case syntax.Name():
                return self._named_target(node)
            case syntax.TupleDisplay(items):
                return syntax.TupleDisplay(tuple([self.target(item) for item in items]), span=node.span)
            case syntax.Starred(value):
                return syntax.Starred(self.target(value), span=node.span)
            case syntax.Attribute():
                return self._field_target(node)
            case _:
                resolved = self.expr(node)
                self._no_constant(resolved)
                return resolved

    def _named_target(self, node: syntax.Name) -> Expr:
        thing = self.names.get(node.id)
        if thing is None:
            return syntax.Local(node.id, span=node.span)
        if thing.role == "var":
            return syntax.Shared(node.id, span=node.span)
        if thing.role == "param":
            hint = "declare it under `vars` if it changes"
            self.found.add(codes.NOT_ASSIGNABLE, f"`{node.id}` is a param: params are constant", node.span, hint)
        else:
            self.found.add(codes.SHADOWING, f"`{node.id}` is {thing.words()} already: there is no shadowing", node.span,
                           "choose another name")  # fmt: skip
        return syntax.Local(node.id, span=node.span)

    def _field_target(self, node: syntax.Attribute) -> Expr:
        resolved = self.expr(node)
        if isinstance(resolved, syntax.Query):
            self.found.add(codes.NOT_ASSIGNABLE, f"`{node.name}` can only be read", node.span, None, "AttributeError")
        return resolved

    def _no_constant(self, node: Expr) -> None:
        """An element of a param can not be assigned."""
        base = node
        while isinstance(base, syntax.Subscript):
            base = base.value
        if base is not node and isinstance(base, syntax.Const) and base.value is not None:
            self.found.add(codes.NOT_ASSIGNABLE, "params and literals are constant", base.span,
                           "assign it to a name first, or declare it under `vars`", "TypeError")  # fmt: skip

    # --- refs -------------------------------------------------------------------------------------------

    def of(self, ref: Ref, verb: str, *, whole: bool = False) -> tuple[Ref, str]:
        """The primitive or thread that a verb is used on, and its kind ("" if that was reported)."""
        thing = self.names.get(ref.name)
        if thing is None or thing.role not in ("primitive", "thread"):
            self._unknown_ref(ref, verb, thing)
            return Ref(ref.name, span=ref.span), ""
        fits = thing.kind in kinds.VERBS[verb]
        if not fits:
            self._wrong_verb(ref, verb, thing)
        resolved = self.resolver.element(thing, ref.index, ref.span, self.scope, whole=whole or not fits)
        return resolved, thing.kind if fits else ""

    def _unknown_ref(self, ref: Ref, verb: str, thing: Thing | None) -> None:
        if thing is not None:
            message = f"`{ref.name}` is {thing.words()}: `{verb}` needs a primitive or thread"
            self.found.add(codes.UNKNOWN_REF, message, ref.span, None, "AttributeError")
            return
        near = did_you_mean(ref.name, self._fitting(verb)) or did_you_mean(
            ref.name, self.names.named("primitive", "thread")
        )
        hint = f"did you mean `{near}`?" if near else "declare it under `primitives` or `threads`"
        self.found.add(codes.UNKNOWN_REF, f"there is no primitive or thread `{ref.name}`", ref.span, hint, "NameError")

    def _fitting(self, verb: str) -> list[str]:
        return [name for name, thing in self.names.things.items() if thing.kind in kinds.VERBS[verb]]

    def _wrong_verb(self, ref: Ref, verb: str, thing: Thing) -> None:
        meant = kinds.MEANT.get((verb, thing.kind))
        has = ", ".join(f"`{v}`" for v in kinds.verbs_of(thing.kind))
        hint = f"write `{meant}: {ref.name}`" if meant else f"{kinds.article(thing.kind)} has {has}" if has else None
        if thing.kind == "local":
            hint = f"statements use its fields: `{ref.name}.x = 1`"
        self.found.add(codes.WRONG_VERB, f"`{verb}` does not go with `{ref.name}`, which is {thing.words()}", ref.span,
                       hint, "AttributeError")  # fmt: skip

    def unfit(self, step: spec.Step, kind: str, *keys: str) -> None:
        """These modifiers do not go with this kind of object."""
        for key in keys:
            if kind and key in step.key_spans:
                message = f"`{key}` does not go with `{step.verb}` of {kinds.article(kind)}"
                self.found.add(codes.MODIFIER, message, step.key_spans[key], f"leave `{key}` out", "TypeError")

    # --- statements -------------------------------------------------------------------------------------

    def _assign(self, node: syntax.Assign, frame: Frame) -> ops.Op:
        value = self.value(node.value)
        targets = tuple([self.target(target) for target in node.targets])
        for target in targets:
            self.given(target, value)
        return syntax.Assign(targets, value, span=node.span)

    def _augmented(self, node: syntax.AugmentedAssign, frame: Frame) -> ops.Op:
        target, value = self.target(node.target), self.value(node.value)
        if isinstance(target, syntax.Local) and target.name not in self.scope.locals:
            self.expr(node.target)  # reported as any name that nothing assigns
        self.given(target, value)
        return syntax.AugmentedAssign(target, node.operator, value, span=node.span)

    def _delete(self, node: syntax.Delete, frame: Frame) -> ops.Op:
        return syntax.Delete(tuple([self.target(target) for target in node.targets]), span=node.span)

    def _evaluate(self, node: syntax.Evaluate, frame: Frame) -> ops.Op:
        value = self.expr(node.value)
        if isinstance(value, syntax.Method) and value.name in MUTATING:
            if isinstance(value.value, syntax.Const) and value.value.value is not None:
                self.found.add(codes.NOT_ASSIGNABLE, "params and literals are constant", value.value.span,
                               "assign it to a name first, or declare it under `vars`", "AttributeError")  # fmt: skip
        elif not isinstance(value, syntax.Const) and not self.found.expecting:
            self.found.add(codes.NO_EFFECT, "this does nothing: its value is not used", node.span,
                           "assign it to a name")  # fmt: skip
        return syntax.Evaluate(value, span=node.span)

    def _leave_loop(self, node: syntax.Break | syntax.Continue, frame: Frame) -> ops.Op:
        if not frame.loop:
            word = "break" if isinstance(node, syntax.Break) else "continue"
            self.found.add(codes.OUTSIDE, f"`{word}` stands outside of a loop", node.span,
                           "`return` ends the steps")  # fmt: skip
        return node

    def _reraise(self, node: syntax.Reraise, frame: Frame) -> ops.Op:
        if not frame.handler:
            self.found.add(codes.OUTSIDE, "a bare `raise` stands outside of an `except`", node.span,
                           "write `raise: NameOfException`", "RuntimeError")  # fmt: skip
        return node

    def _as_it_is(self, node: Any, frame: Frame) -> Any:
        return node

    # --- output and time ----------------------------------------------------------------------------------

    def _print(self, step: spec.Print, frame: Frame) -> ops.Op:
        return ops.Print(self.resolver.template(step.text, self.scope), span=step.span)

    def _mark(self, step: spec.Mark, frame: Frame) -> ops.Op:
        return ops.Mark(self.resolver.template(step.text, self.scope), span=step.span)

    def _sleep(self, step: spec.Sleep, frame: Frame) -> ops.Op:
        return ops.Sleep(self.expr(step.seconds), span=step.span)

    # --- locks, semaphores, conditions ----------------------------------------------------------------------

    def _acquire(self, step: spec.Acquire, frame: Frame) -> ops.Op:
        ref, _ = self.of(step.ref, "acquire")
        blocking, timeout = self.optional(step.blocking), self.optional(step.timeout)
        return ops.Acquire(ref, blocking, timeout, self.into(step.into), span=step.span)

    def _release(self, step: spec.Release, frame: Frame) -> ops.Op:
        ref, kind = self.of(step.ref, "release")
        if kind not in kinds.SEMAPHORES:
            self.unfit(step, kind, "n")
        return ops.Release(ref, self.optional(step.n), span=step.span)

    def _with(self, step: spec.With, frame: Frame) -> ops.Op:
        frame = self.deeper(frame, len(step.refs), step.span)
        refs = [self.of(ref, "with")[0] for ref in step.refs]
        body = self.block(step.do, frame)
        for ref in reversed(refs):
            body = (ops.With(ref, body, span=step.span),)
        return body[0]

    def _wait(self, step: spec.Wait, frame: Frame) -> ops.Op:
        ref, kind = self.of(step.ref, "wait")
        wait = _WAITS.get(kind, ops.WaitEvent)
        return wait(ref, self.optional(step.timeout), self.into(step.into), span=step.span)

    def _wait_for(self, step: spec.WaitFor, frame: Frame) -> ops.Op:
        ref, _ = self.of(step.ref, "wait_for")
        until, timeout = self.resolver.expr(step.until, self.scope), self.optional(step.timeout)
        return ops.WaitFor(ref, until, timeout, self.into(step.into), span=step.span)

    def _notify(self, step: spec.Notify, frame: Frame) -> ops.Op:
        return ops.Notify(self.of(step.ref, "notify")[0], self.optional(step.n), span=step.span)

    # --- queues -----------------------------------------------------------------------------------------------

    def _put(self, step: spec.Put, frame: Frame) -> ops.Op:
        ref, _ = self.of(step.ref, "put")
        item = self.value(step.item)
        return ops.Put(ref, item, self.optional(step.block), self.optional(step.timeout), span=step.span)

    def _get(self, step: spec.Get, frame: Frame) -> ops.Op:
        ref, _ = self.of(step.ref, "get")
        block, timeout = self.optional(step.block), self.optional(step.timeout)
        return ops.Get(ref, self.into(step.into), block, timeout, span=step.span)

    def _shutdown(self, step: spec.Shutdown, frame: Frame) -> ops.Op:
        ref, kind = self.of(step.ref, "shutdown")
        wait, cancel, immediate = map(self.optional, (step.wait, step.cancel_futures, step.immediate))
        if kind in kinds.QUEUES:
            self.resolver.notes.since_3_13 = True
            self.unfit(step, kind, "wait", "cancel_futures")
            return ops.ShutdownQueue(ref, immediate, span=step.span)
        self.unfit(step, kind, "immediate")
        return ops.ShutdownPool(ref, wait, cancel, span=step.span)

    # --- threads ------------------------------------------------------------------------------------------------

    def _join(self, step: spec.Join, frame: Frame) -> ops.Op:
        timeout = self.optional(step.timeout)
        if step.ref.name in ("all", "main"):
            return ops.Join(self._word(step.ref), timeout, span=step.span)
        ref, kind = self.of(step.ref, "join", whole=True)
        if kind in kinds.QUEUES:
            self.unfit(step, kind, "timeout")
            return ops.JoinQueue(ref, span=step.span)
        return ops.Join(ref, timeout, span=step.span)

    def _start(self, step: spec.Start, frame: Frame) -> ops.Op:
        ref = self._word(step.ref) if step.ref.name == "all" else self.of(step.ref, "start", whole=True)[0]
        return ops.Start(ref, span=step.span)

    def _word(self, ref: Ref) -> Ref:
        """`all`, `main`."""
        if ref.index is not None:
            self.found.add(codes.ELEMENT, f"`{ref.name}` has no elements", ref.span, f"write `{ref.name}`")
        return Ref(ref.name, span=ref.span)

    def _cancel(self, step: spec.Cancel, frame: Frame) -> ops.Op:
        ref = self._timer(step.what)
        if ref is None:
            return ops.CancelFuture(self.expr(step.what), self.into(step.into), span=step.span)
        self.unfit(step, "timer", "into")
        return ops.CancelTimer(self.of(ref, "cancel")[0], span=step.span)

    def _timer(self, what: Expr) -> Ref | None:
        """The ref, if the name is a thread's or a primitive's; otherwise it is a future."""
        match what:
            case syntax.Name(name):
                index = None
            case syntax.Subscript(value=syntax.Name(name), index=index) if not isinstance(index, syntax.Slice):
                pass
            case _:
                return None
        thing = self.names.get(name)
        return Ref(name, index, span=what.span) if thing and thing.role in ("thread", "primitive") else None

    # --- pools, futures, routines -----------------------------------------------------------------------------------

    def _submit(self, step: spec.Submit, frame: Frame) -> ops.Op:
        to, kind = self.of(step.to, "submit")
        self._remote(kind, step.routine, to)
        args, keywords = self._arguments(step)
        if keywords:
            self.found.add(codes.ARGUMENTS, "arguments of a callable of `python` that is submitted stand in order",
                           step.at("args"), "write a list: `args: [x, y]`")  # fmt: skip
        return ops.Submit(step.routine, to, args, self.into(step.into), span=step.span)

    def _call(self, step: spec.Call, frame: Frame) -> ops.Op:
        args, keywords = self._arguments(step)
        into = self.into(step.into)
        thing = self.names.get(step.routine)
        if thing is not None and thing.role == "python":
            return ops.CallPython(step.routine, args, keywords, into, span=step.span)
        return ops.CallRoutine(step.routine, args, into, span=step.span)

    def _map(self, step: spec.Map, frame: Frame) -> ops.Op:
        to, kind = self.of(step.to, "map")
        self._remote(kind, step.routine, to)
        thing = self.routine(step.routine, step.at("map"))
        if thing is not None and thing.role == "routine" and len(thing.params) != 1:
            has = f"it has {len(thing.params)}" if thing.params else "it has none"
            self.found.add(codes.ARGUMENTS, f"`map` needs a routine of one parameter; `{step.routine}`: {has}",
                           step.at("map"), None, "TypeError")  # fmt: skip
        over, timeout, into = self.value(step.over), self.optional(step.timeout), self.into(step.into)
        if step.do is None:
            return ops.Map(step.routine, to, over, timeout, into, span=step.span)
        target = self.into(step.as_)
        body = self.block(step.do, self.deeper(frame, 1, step.span, loop=True))
        return ops.Map(step.routine, to, over, timeout, None, target, body, span=step.span)

    def _remote(self, kind: str, routine: str, pool: Ref) -> None:
        if kind == "ProcessPoolExecutor":
            self.resolver.notes.remote.setdefault(routine, pool.name)

    def routine(self, name: str, span: Span) -> Thing | None:
        """The routine or callable of this name."""
        thing = self.names.get(name)
        if thing is not None and thing.role in ("routine", "python"):
            return thing
        near = did_you_mean(name, self.names.named("routine", "python"))
        hint = f"did you mean `{near}`?" if near else "declare it under `routines`"
        what = f"`{name}` is {thing.words()}, no routine" if thing else f"there is no routine `{name}`"
        self.found.add(codes.ROUTINE, what, span, hint, "NameError")
        return None

    def _arguments(self, step: spec.Submit | spec.Call) -> tuple[tuple[Expr, ...], tuple[tuple[str, Expr], ...]]:
        """Positional arguments in the order of the parameters, and keywords for a callable of `python`."""
        thing = self.routine(step.routine, step.at(step.verb))
        given = step.args if step.args is not None else ()
        if isinstance(given, tuple):
            args = self.values(given)
            if thing is not None and thing.role == "routine" and len(args) != len(thing.params):
                self._arity(step, thing, len(args))
            return args, ()
        named = {name: self.value(value) for name, value in given.items()}
        if thing is None:
            return (), ()
        if thing.role == "python":
            return (), tuple(named.items())
        return self.in_order(thing, named, step, "args"), ()

    def _arity(self, step: spec.Submit | spec.Call, thing: Thing, given: int) -> None:
        takes = ", ".join(f"`{param}`" for param in thing.params) or "no arguments"
        self.found.add(codes.ARGUMENTS, f"`{thing.name}` takes {takes}; {given or 'none'} given",
                       step.at("args") if step.args is not None else step.at(step.verb), None, "TypeError")  # fmt: skip

    def in_order(self, thing: Thing, named: dict[str, Expr], step: Any, key: str) -> tuple[Expr, ...]:
        """Named arguments in the order of the routine's parameters."""
        for name in named:
            if name not in thing.params:
                near = did_you_mean(name, thing.params)
                takes = ", ".join(f"`{param}`" for param in thing.params) or "no arguments"
                hint = f"did you mean `{near}`?" if near else f"it takes {takes}"
                self.found.add(codes.ARGUMENTS, f"`{thing.name}` has no parameter `{name}`", step.entry(key, name), hint,
                               "TypeError")  # fmt: skip
        missing = [param for param in thing.params if param not in named]
        if missing:
            listed = ", ".join(f"`{param}`" for param in missing)
            self.found.add(codes.ARGUMENTS, f"`{thing.name}` needs an argument for {listed}", step.at(key), None,
                           "TypeError")  # fmt: skip
        return tuple([named.get(param, syntax.Const(None)) for param in thing.params])

    def _result(self, step: spec.Result, frame: Frame) -> ops.Op:
        future, timeout = self.expr(step.future), self.optional(step.timeout)
        return ops.Result(future, timeout, self.into(step.into), span=step.span)

    def _wait_futures(self, step: spec.WaitFutures, frame: Frame) -> ops.Op:
        futures, timeout = self.value(step.futures), self.optional(step.timeout)
        when = self.optional(step.return_when)
        return ops.WaitFutures(futures, when, timeout, self.into(step.into), span=step.span)

    def _as_completed(self, step: spec.AsCompleted, frame: Frame) -> ops.Op:
        futures, timeout = self.value(step.in_), self.optional(step.timeout)
        target = self.target(step.target)
        body = self.block(step.do, self.deeper(frame, 1, step.span, loop=True))
        return ops.AsCompleted(target, futures, body, timeout, span=step.span)

    # --- control flow -------------------------------------------------------------------------------------------

    def _if(self, step: spec.If, frame: Frame) -> ops.Op:
        branches = [(self.expr(step.test), self.block(step.then, frame))]
        branches += [(self.expr(branch.if_), self.block(branch.then, frame)) for branch in step.elif_]
        return ops.If(tuple(branches), self.block(step.else_, frame), span=step.span)

    def _while(self, step: spec.While, frame: Frame) -> ops.Op:
        inner = self.deeper(frame, 1, step.span, loop=True)
        return ops.While(self.expr(step.test), self.block(step.do, inner), span=step.span)

    def _repeat(self, step: spec.Repeat, frame: Frame) -> ops.Op:
        times, target = self.expr(step.times), self.into(step.as_)
        inner = self.deeper(frame, 1, step.span, loop=True)
        return ops.Repeat(times, self.block(step.do, inner), target, span=step.span)

    def _for(self, step: spec.For, frame: Frame) -> ops.Op:
        iterable, target = self.expr(step.in_), self.target(step.target)
        self.resolver.notes.iterated.append(iterable)
        inner = self.deeper(frame, 1, step.span, loop=True)
        return ops.For(target, iterable, self.block(step.do, inner), span=step.span)

    def _return(self, step: spec.Return, frame: Frame) -> ops.Op:
        value = None if step.value is None else self.value(step.value)
        return syntax.Return(value, span=step.span)

    def _try(self, step: spec.Try, frame: Frame) -> ops.Op:
        outer = self.deeper(frame, 1, step.span) if step.finally_ else frame
        body = self.block(step.body, self.deeper(outer, 1, step.span) if step.except_ else outer)
        inside = self.deeper(outer, 2, step.span, handler=True) if step.except_ else outer
        for name in step.except_:
            self.resolver.notes.exception(name)
        handlers = [
            ops.Handler(name, self.block(steps, inside), span=step.entry("except", name))
            for name, steps in step.except_.items()
        ]
        orelse, final = self.block(step.else_, outer), self.block(step.finally_, outer)
        return ops.Try(body, tuple(handlers), orelse, final, span=step.span)

    def _raise(self, step: spec.Raise, frame: Frame) -> ops.Op:
        self.resolver.notes.exception(step.exception)
        return ops.Raise(step.exception, self.template(step.message), span=step.span)

    def _assert(self, step: spec.Assert, frame: Frame) -> ops.Op:
        return ops.Assert(self.expr(step.test), self.template(step.message), span=step.span)

    def _choose(self, step: spec.Choose, frame: Frame) -> ops.Op:
        values = self.value(step.from_)
        return ops.Choose(self.target(step.target), values, span=step.span)

    def _await(self, step: spec.Await, frame: Frame) -> ops.Op:
        test = self.resolver.expr(step.test, self.watching)
        return ops.Await(test, self.optional(step.timeout), span=step.span)

    def _atomic(self, step: spec.Atomic, frame: Frame) -> ops.Op:
        self.resolver.notes.atomics = True
        return ops.Atomic(self.block(step.body, self.deeper(frame, 1, step.span)), span=step.span)


_WAITS: dict[str, Callable[..., ops.Op]] = {
    "Event": ops.WaitEvent, "Condition": ops.WaitCondition, "Barrier": ops.WaitBarrier,
}  # fmt: skip


def _on(verb: str, op: Callable[..., ops.Op]) -> Callable[[Lowering, Any, Frame], ops.Op]:
    """A verb that takes nothing but its ref."""
    return lambda self, step, frame: op(self.of(step.ref, verb)[0], span=step.span)


_LOWER: dict[type[Any], Callable[[Lowering, Any, Frame], ops.Op]] = {
    syntax.Assign: Lowering._assign, syntax.AugmentedAssign: Lowering._augmented, syntax.Delete: Lowering._delete,
    syntax.Evaluate: Lowering._evaluate, syntax.Break: Lowering._leave_loop, syntax.Continue: Lowering._leave_loop,
    syntax.Pass: Lowering._as_it_is, syntax.Return: Lowering._as_it_is, syntax.Reraise: Lowering._reraise,
    spec.Print: Lowering._print, spec.Mark: Lowering._mark, spec.Sleep: Lowering._sleep,
    spec.Acquire: Lowering._acquire, spec.Release: Lowering._release, spec.With: Lowering._with,
    spec.Wait: Lowering._wait, spec.WaitFor: Lowering._wait_for, spec.Notify: Lowering._notify,
    spec.NotifyAll: _on("notify_all", ops.NotifyAll), spec.Set: _on("set", ops.SetEvent),
    spec.Clear: _on("clear", ops.ClearEvent), spec.Abort: _on("abort", ops.AbortBarrier),
    spec.Reset: _on("reset", ops.ResetBarrier), spec.Put: Lowering._put, spec.Get: Lowering._get,
    spec.TaskDone: _on("task_done", ops.TaskDone), spec.Join: Lowering._join, spec.Start: Lowering._start,
    spec.Cancel: Lowering._cancel, spec.Shutdown: Lowering._shutdown, spec.Submit: Lowering._submit,
    spec.Map: Lowering._map, spec.Result: Lowering._result, spec.WaitFutures: Lowering._wait_futures,
    spec.AsCompleted: Lowering._as_completed, spec.Call: Lowering._call, spec.If: Lowering._if,
    spec.While: Lowering._while, spec.Repeat: Lowering._repeat, spec.For: Lowering._for,
    spec.Return: Lowering._return, spec.Try: Lowering._try, spec.Raise: Lowering._raise,
    spec.Assert: Lowering._assert, spec.Choose: Lowering._choose, spec.Await: Lowering._await,
    spec.Atomic: Lowering._atomic,
}  # fmt: skip
"""One entry a statement and verb (tests/compile proves that none is missing)."""
