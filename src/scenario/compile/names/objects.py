"""Primitives and threads in expressions: their state, fields and elements; a thread's locals in claims."""

from __future__ import annotations

from scenario import syntax
from scenario.compile import codes
from scenario.compile.findings import did_you_mean
from scenario.compile.names import kinds
from scenario.compile.names.kinds import METHODS
from scenario.compile.names.resolver import Resolver
from scenario.compile.names.scope import UNKNOWN_SIZE, Scope, Thing
from scenario.compile.names.tree import resolve_slice
from scenario.diagnostics import Instead
from scenario.language.primitives import ASKS
from scenario.source import Span
from scenario.syntax import Const, Expr, Ref

_ONLY_IN = {
    "value": ("a semaphore's `value`", {"await", "state", "final"}, "`await`, `always`, `reachable` and `final`"),
    "blocked": ("`blocked`", {"await", "state"}, "`await`, `always` and `reachable`"),
}


def object_of(r: Resolver, node: Expr, scope: Scope) -> tuple[Thing, Expr | None] | None:
    """The primitive or thread that `lock` or `forks[i]` names, and the index as written."""
    index: Expr | None = None
    if isinstance(node, syntax.Subscript):
        if isinstance(node.index, syntax.Slice):
            return None
        index, node = node.index, node.value
    if not isinstance(node, syntax.Name) or node.id in scope.private:
        return None
    thing = r.names.get(node.id)
    if thing is None or not (thing.role in ("primitive", "thread") or thing.name == "main"):
        return None
    return thing, index


def resolve_attribute(r: Resolver, node: syntax.Attribute, scope: Scope) -> Expr:
    of = object_of(r, node.value, scope)
    if of is not None:
        return state(r, node, *of, scope, called=False)
    before = r.found.count
    owner(r, node.value, scope)
    if r.found.count > before:
        return Const(None, span=node.span)
    hint = f"a future is asked by a call: `{node.name}()`" if node.name in kinds.OF_FUTURES else None
    if node.name in METHODS:
        hint = f"a method is called: `.{node.name}()`"
    return r.bad(codes.ATTRIBUTE, f"a value has no attribute `{node.name}` here", node.span, hint,
                 "AttributeError")  # fmt: skip


def owner(r: Resolver, node: Expr, scope: Scope) -> Expr:
    """What an attribute or method is asked of; a name that stands for nothing was meant as an object, perhaps."""
    if isinstance(node, syntax.Name) and scope.place != "constant":
        known = {*scope.private, *scope.locals, *r.names.things}
        if node.id not in known and r.names.get(node.id) is None and not r.names.doubts(node.id):
            near = did_you_mean(node.id, known)
            hint = Instead(node.id, near) if near else "no thread, primitive or variable has this name"
            return r.bad(codes.UNKNOWN_NAME, f"nothing is called `{node.id}`", node.span, hint, "NameError")
    return r.expr(node, scope)


def state(r: Resolver, node: syntax.Attribute, thing: Thing, index: Expr | None, scope: Scope, *, called: bool) -> Expr:
    if scope.place == "constant":
        return r.bad(codes.NOT_A_VALUE, f"`{thing.name}` can not be asked here: only params are known", node.span)
    if thing.broken:
        return r.follows(node.span)
    if thing.kind == "local":
        ref = element(r, thing, index, node.value.span, scope)
        return _field(r, node, ref, scope, called=called)
    if thing.kind == "Future":
        return _ask_future(r, node, thing, index, scope, called=called)
    if node.name not in ASKS.get(thing.kind, {}):
        return _no_state(r, node, thing, index, scope, called=called)
    return _query(r, node, thing, index, scope, called=called)


def own_future(r: Resolver, thing: Thing, span: Span) -> Expr:
    """A future of the scenario's own as a value; of an array, the list of them."""
    if thing.size is None:
        return syntax.OwnFuture(Ref(thing.name, span=span), span=span)
    size = max(thing.size, 0)
    if thing.open is not None:  # what is in the list depends on them
        r.notes.open.add(span)
    each = [syntax.OwnFuture(Ref(thing.name, Const(i), span=span), span=span) for i in range(size)]
    return syntax.ListDisplay(tuple(each), span=span)


def resolve_subscript(r: Resolver, node: syntax.Subscript, scope: Scope) -> Expr:
    future = _element_of_futures(r, node, scope)
    if future is not None:
        return future
    if isinstance(node.index, syntax.Slice):
        index: Expr | syntax.Slice = resolve_slice(r, node.index, scope)
    else:
        index = r.expr(node.index, scope)
    return syntax.Subscript(r.expr(node.value, scope), index, span=node.span)


def _element_of_futures(r: Resolver, node: syntax.Subscript, scope: Scope) -> Expr | None:
    of = object_of(r, node, scope)
    if of is None or of[0].kind != "Future" or scope.place == "constant":
        return None
    thing, index = of
    ref = element(r, thing, index, node.span, scope)
    if ref.index is None or isinstance(ref.index, Const):
        return syntax.OwnFuture(ref, span=node.span)
    return syntax.Subscript(own_future(r, thing, node.value.span), ref.index, span=node.span)


def _ask_future(
    r: Resolver, node: syntax.Attribute, thing: Thing, index: Expr | None, scope: Scope, *, called: bool
) -> Expr:
    """`reply.done()`, `replies[0].cancelled()`."""
    if node.name not in kinds.OF_FUTURES:
        return _no_state(r, node, thing, index, scope, called=called)
    if not called:
        hint = f"a future is asked by a call: `{node.name}()`"
        return r.bad(codes.STATE, f"`{node.name}` is asked by a call", node.span, hint)
    future = r.expr(node.value, scope)
    return syntax.FutureQuery(future, node.name, span=node.span)


def _field(r: Resolver, node: syntax.Attribute, ref: Ref, scope: Scope, *, called: bool) -> Expr:
    if scope.place in ("state", "final"):
        return r.bad(codes.NOT_A_VALUE, f"`{ref.name}.{node.name}` belongs to a thread: no claim can read it",
                     node.span)  # fmt: skip
    if called:
        return r.bad(codes.ATTRIBUTE, f"`{ref.name}.{node.name}` is a value, no function", node.span, None,
                     "TypeError")  # fmt: skip
    return syntax.TlsField(ref, node.name, span=node.span)


def _query(
    r: Resolver, node: syntax.Attribute, thing: Thing, index: Expr | None, scope: Scope, *, called: bool
) -> Expr:
    of_group = node.name in kinds.OF_GROUPS
    ref = element(r, thing, index, node.value.span, scope, whole=of_group)
    ask = ASKS[thing.kind][node.name]
    by_call = ask.is_call
    if by_call != called:
        right = f"{thing.name}.{node.name}{'()' if by_call else ''}"
        return r.bad(codes.STATE, f"`{node.name}` is {'asked by a call' if by_call else 'no function'}",
                     node.span, f"write `{right}`")  # fmt: skip
    only = _ONLY_IN.get(node.name)
    if only and scope.place not in only[1]:
        return r.bad(codes.STATE, f"{only[0]} can not be read here", node.span, f"it may stand in {only[2]}")
    if ask.since_3_13:
        r.notes.needs_3_13()
    return syntax.Query(ref, node.name, span=node.span)


def _no_state(
    r: Resolver, node: syntax.Attribute, thing: Thing, index: Expr | None, scope: Scope, *, called: bool
) -> Expr:
    if thing.role == "thread" or thing.name == "main":
        return _register(r, node, thing, index, scope, called=called)
    if node.name in kinds.STEP_FOR_METHOD:
        return r.bad(codes.METHOD_OF_PRIMITIVE, f"`{thing.name}.{node.name}` is no expression: it is a step",
                     node.span, step_for(node.name, thing), "AttributeError")  # fmt: skip
    state = ASKS[thing.kind]
    asked = [f"`{name}{'()' if ask.is_call else ''}`" for name, ask in state.items()]
    near = did_you_mean(node.name, state)
    has = f"it has {', '.join(asked)}" if asked else f"{kinds.article(thing.kind)} has nothing that an expression reads"
    return r.bad(codes.STATE, f"{kinds.article(thing.kind)} has no `{node.name}`", node.span,
                 Instead(node.name, near) if near else has, "AttributeError")  # fmt: skip


def _register(
    r: Resolver, node: syntax.Attribute, thing: Thing, index: Expr | None, scope: Scope, *, called: bool
) -> Expr:
    if node.name in kinds.STEP_FOR_METHOD and called:
        return r.bad(codes.METHOD_OF_PRIMITIVE, f"`{thing.name}.{node.name}` is no expression: it is a step",
                     node.span, step_for(node.name, thing), "AttributeError")  # fmt: skip
    if called:
        return r.bad(codes.STATE, f"a thread has no `{node.name}()`", node.span, None, "AttributeError")
    if scope.place != "final":
        return r.bad(
            codes.REGISTER, f"`{thing.name}.{node.name}` can not be read here", node.span,
            "a thread's locals are read in `final`, `sometimes`, `observe` and `when`; "
            "use a shared variable elsewhere", "AttributeError",
        )  # fmt: skip
    ref = element(r, thing, index, node.value.span, scope)
    known = r.registers.get(thing.name, frozenset())
    if node.name not in known:
        if r.names.doubts(node.name):
            return r.follows(node.span)
        near = did_you_mean(node.name, [*known, *ASKS["thread"]])
        return r.bad(codes.REGISTER, f"`{thing.name}` never assigns `{node.name}`", node.span,
                     Instead(node.name, near) if near else None)  # fmt: skip
    return syntax.Register(ref, node.name, span=node.span)


def element(r: Resolver, thing: Thing, index: Expr | None, span: Span, scope: Scope, *, whole: bool = False) -> Ref:
    """A ref to one element (or, if `whole`, to all of them): its index fits the array or group."""
    if index is None:
        if thing.size not in (None, UNKNOWN_SIZE) and not whole:
            r.found.add(codes.ELEMENT, f"`{thing.name}` is {thing.words()}: say which element", span,
                        f"write `{thing.name}[0]`")  # fmt: skip
        return Ref(thing.name, span=span)
    if thing.size is None:
        r.found.add(codes.ELEMENT, f"`{thing.name}` is {thing.words()}: it has no elements", span,
                    f"write `{thing.name}`", "TypeError")  # fmt: skip
        return Ref(thing.name, span=span)
    resolved = r.expr(index, scope)
    if thing.open is not None:  # whether there is such an element depends on them
        r.notes.open.add(resolved.span)
    if isinstance(resolved, Const):
        resolved = _in_range(r, thing, resolved, thing.size)
    return Ref(thing.name, resolved, span=span)


def _in_range(r: Resolver, thing: Thing, index: Const, size: int) -> Const:
    """A constant index, counted from 0: `forks[-1]` of five is `forks[4]`."""
    if not isinstance(index.value, int):
        r.found.add(codes.ELEMENT, f"an index of `{thing.name}` is an integer", index.span, None, "TypeError")
    elif size == UNKNOWN_SIZE:
        pass
    elif not -size <= index.value < size:
        has = f"`{thing.name}[0]` to `{thing.name}[{size - 1}]`" if size else "no elements"
        r.found.add(codes.ELEMENT, f"`{thing.name}[{index.value}]` is out of range: there are {has}", index.span,
                    None, "IndexError")  # fmt: skip
    else:
        return Const(index.value % size, span=index.span)
    return Const(0, span=index.span)


def step_for(method: str, thing: Thing) -> str:
    """The step to write instead of calling a method of a primitive or thread."""
    step = kinds.STEP_FOR_METHOD[method].format(ref=thing.name)
    return f"write a step `{step}`"
