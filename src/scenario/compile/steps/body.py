"""What lowering the steps of one thread or routine rests on: expressions, targets, refs, nesting."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple, TypeAlias

from scenario import syntax
from scenario.compile import codes
from scenario.compile.findings import Findings, did_you_mean
from scenario.compile.names import kinds
from scenario.compile.names.objects import element
from scenario.compile.names.resolver import Resolver
from scenario.compile.names.scope import Names, Scope, Thing
from scenario.diagnostics import Instead
from scenario.language.verbs import VERBS
from scenario.program import ops
from scenario.program.evaluate import DEADLINE
from scenario.program.places import is_place
from scenario.source import Span
from scenario.spec import steps as spec
from scenario.spec.step import Step
from scenario.syntax import Expr, Ref

DEEPEST = 18
"""Nested blocks, as CPython counts them; its own limit is 20, and two are kept for what engines emit around."""


class Frame(NamedTuple):
    """Where a step stands: how deep in blocks, in a loop, and whether an exception is handled there (None: a run tells)."""

    depth: int = 0
    loop: bool = False
    handles: bool | None = False


OUTERMOST = Frame()
CALLED = Frame(handles=None)
"""Of steps that may run on top of an `except` body of others."""


Lowered: TypeAlias = "Callable[[Body, syntax.Statement | Step, Frame], ops.Op]"
"""What a step's verb or statement means (`lower.lowered`)."""


class Body:
    """The steps of one thread, routine or `main`."""

    def __init__(
        self, resolver: Resolver, names: Names, found: Findings, locals_: frozenset[str], lowered: Lowered
    ) -> None:
        self._lowered = lowered
        self.resolver = resolver
        self.names = names
        self.found = found
        self.scope = Scope("step", locals_)
        self.scope_number = resolver.notes.new_scope()
        self.watching = Scope("await", locals_)

    def block(self, steps: spec.Steps, frame: Frame = OUTERMOST) -> ops.Block:
        """The operations of a list of steps."""
        return tuple([self.step(step, frame) for step in steps])

    def step(self, step: spec.StepField, frame: Frame) -> ops.Op:
        """One step. A mistake that an enclosing `raises` asks for becomes a raise of its exception."""
        DEADLINE.look()
        with self.found.step():
            op = self._expecting(step, frame) if isinstance(step, Step) else self._lowered(self, step, frame)
            exception = self.found.raises_here()
            return op if exception is None else ops.Raise(exception, span=step.span)

    def _expecting(self, step: Step, frame: Frame) -> ops.Op:
        if step.raises is None:
            return self._lowered(self, step, frame)
        self.found.expect(step.raises)
        self.resolver.notes.exception(step.raises, step.at("raises"))
        body = self._lowered(self, step, self.deeper(frame, 2, step.span))
        self.found.expect_no_more()
        exception = self.found.raises_here()
        if exception is not None:
            body = ops.Raise(exception, span=step.span)
        return ops.Expect(step.raises, body, span=step.span)

    def deeper(self, frame: Frame, levels: int, span: Span, *, loop: bool = False, handles: bool = False) -> Frame:
        """The frame inside `levels` more blocks."""
        depth = frame.depth + levels
        if frame.depth <= DEEPEST < depth:
            self.found.add(codes.NESTING, f"blocks nest more than {DEEPEST} deep here", span,
                           "move the inner steps into a routine and `call` it")  # fmt: skip
        return Frame(depth, loop or frame.loop, handles or frame.handles)

    def expr(self, node: Expr) -> Expr:
        return self.resolver.expr(node, self.scope)

    def value(self, node: Expr) -> Expr:
        """An expression whose value is kept: assigned, passed, returned."""
        resolved = self.resolver.expr(node, self.scope)
        if type(resolved) is not syntax.Const:
            self.resolver.notes.values.append((self.scope_number, resolved))
        return resolved

    def values(self, nodes: Iterable[Expr]) -> tuple[Expr, ...]:
        """As `value`, for several."""
        return tuple([self.value(node) for node in nodes])

    def given(self, target: Expr, value: Expr) -> None:
        """A target is assigned a value."""
        self.resolver.notes.given.append((self.scope_number, target, value))

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
        if isinstance(node, syntax.Subscript) and not is_place(node.value):
            self.resolver.notes.changed.append((self.scope_number, node.value))

    def of(self, ref: Ref, verb: str, *, whole: bool = False) -> tuple[Ref, str]:
        """The primitive or thread that a verb is used on, and its kind ("" if that was reported)."""
        thing = self.names.get(ref.name)
        if thing is None or thing.role not in ("primitive", "thread"):
            self._unknown_ref(ref, verb, thing)
            return Ref(ref.name, span=ref.span), ""
        fits = thing.broken or thing.kind in VERBS[verb].on
        if not fits:
            self._wrong_verb(ref, verb, thing)
        resolved = element(self.resolver, thing, ref.index, ref.span, self.scope, whole=whole or not fits)
        return resolved, thing.kind if fits and not thing.broken else ""

    def _unknown_ref(self, ref: Ref, verb: str, thing: Thing | None) -> None:
        if thing is not None:
            message = f"`{ref.name}` is {thing.words()}: `{verb}` takes {kinds.families(verb)}"
            self.found.add(codes.UNKNOWN_REF, message, ref.span, None, "AttributeError")
            return
        if self.names.doubts(ref.name):
            self.found.follows()
            return
        near = did_you_mean(ref.name, self._fitting(verb)) or did_you_mean(
            ref.name, self.names.named("primitive", "thread")
        )
        hint = Instead(ref.name, near) if near else "declare it under `primitives` or `threads`"
        self.found.add(codes.UNKNOWN_REF, f"there is no primitive or thread `{ref.name}`", ref.span, hint, "NameError")

    def _fitting(self, verb: str) -> list[str]:
        return [name for name, thing in self.names.things.items() if thing.kind in VERBS[verb].on]

    def _wrong_verb(self, ref: Ref, verb: str, thing: Thing) -> None:
        meant = kinds.MEANT.get((verb, thing.kind))
        has = ", ".join(f"`{v}`" for v in kinds.verbs_of(thing.kind))
        hint = f"write `{meant}: {ref.name}`" if meant else f"{kinds.article(thing.kind)} has {has}" if has else None
        if thing.kind == "local":
            hint = f"statements use its fields: `{ref.name}.x = 1`"
        self.found.add(codes.WRONG_VERB, f"`{verb}` does not go with `{ref.name}`, which is {thing.words()}", ref.span,
                       hint, "AttributeError")  # fmt: skip

    def unfit(self, step: Step, kind: str, *keys: str) -> None:
        """These modifiers do not go with this kind of object."""
        for key in keys:
            if kind and key in step.key_spans:
                message = f"`{key}` does not go with `{step.verb}` of {kinds.article(kind)}"
                self.found.add(codes.MODIFIER, message, step.key_spans[key], f"leave `{key}` out", "TypeError")
