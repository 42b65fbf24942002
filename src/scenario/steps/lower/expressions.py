"""Expressions -> accesses in Python's evaluation order, and what is left over locals."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import replace

from scenario import syntax
from scenario.program.places import MUTATING, root, target_names
from scenario.program.sizes import is_scalar
from scenario.program.walk import map_children, walk
from scenario.steps.accesses import accesses, operands, with_operands
from scenario.steps.code import Call, Read, Store
from scenario.steps.following import (
    LOOKING,
    follows,
    follows_element,
    has_method,
    is_container,
    parts_of,
    place_of,
    rebased,
)
from scenario.steps.lower.builder import Builder
from scenario.steps.lower.displays import is_spread, merged, spread
from scenario.steps.lower.iteration import Source, next_shared
from scenario.steps.lower.loading import load, load_root
from scenario.steps.lower.naming import bind, rename, renamed
from scenario.steps.values import Bound, Copied, OwnSequence, Sequence


def flat(b: Builder, expr: syntax.Expr) -> syntax.Expr:
    """Emits the accesses of an expression; gives the rest, which is over locals only."""
    if not accesses(expr):
        return renamed(b, expr)
    match expr:
        case syntax.Shared() | syntax.Query() | syntax.FutureQuery():
            return _read(b, expr)
        case syntax.Subscript() if root(expr) is not None:
            return _read_place(b, expr)
        case syntax.Method(value) if root(value) is not None:
            return method_access(b, expr)
        case syntax.Boolean():
            return _boolean(b, expr)
        case syntax.Conditional():
            return _conditional(b, expr)
        case syntax.Compare() if any(accesses(c) for c in expr.comparands[1:]):
            return _compare(b, expr)
        case syntax.Comprehension():
            return _comprehension(b, expr)
        case syntax.Builtin("any" | "all", (syntax.Comprehension(kind="generator") as generator,)):
            return _quantifier(b, expr.name, generator)
        case syntax.ListDisplay() | syntax.TupleDisplay() | syntax.SetDisplay() if is_spread(expr.items):
            return spread(expr, lambda part: held(b, flat(b, part)), b.to_local)
        case syntax.DictDisplay() if None in expr.keys:
            return merged(expr, lambda part: held(b, flat(b, part)), b.to_local)
        case syntax.Builtin() if is_spread(expr.args):
            args = spread(syntax.TupleDisplay(expr.args), lambda part: held(b, flat(b, part)), b.to_local)
            return _operands(b, replace(expr, args=(syntax.Starred(args),)))
        case syntax.Method(value, name, args, keywords) if any(
            map(accesses, (*args, *(value for _, value in keywords)))
        ):
            looked_up = b.to_local(flat(b, value))
            b.compute(None, Bound(looked_up, name))
            return _operands(b, replace(expr, value=looked_up))
        case _:
            return _operands(b, expr)


# --- reads -------------------------------------------------------------------------------------


def chain(b: Builder, expr: syntax.Expr, variable: syntax.Shared | None = None) -> syntax.Expr:
    """A chain of subscripts of a shared variable (or of its object) with its indices flat and held in temporaries.

    `variable`: what stands before an index is reached before it, in what it stands for.
    """
    if not isinstance(expr, syntax.Subscript):
        return expr
    value = chain(b, expr.value, variable)
    if isinstance(value, syntax.Subscript) and variable is not None:
        with b.reaching(value, variable, (expr.index,)):
            index = flat_index(b, expr.index)
    else:
        index = flat_index(b, expr.index)
    return syntax.Subscript(value, index, span=expr.span)


def place_in(b: Builder, expr: syntax.Expr, *, loads: bool = True) -> tuple[syntax.Expr, syntax.Expr]:
    """A place in a shared container as it is reached and as it is shown, its indices flat; its object loaded if followed."""
    variable = root(expr)
    assert variable is not None
    base = load_root(b, expr) if loads else variable
    reached = chain(b, rebased(expr, base), variable)
    return reached, rebased(reached, variable)


def flat_index(b: Builder, index: syntax.Expr | syntax.Slice) -> syntax.Expr | syntax.Slice:
    """An index whose accesses have been emitted, safe to be evaluated later."""
    if isinstance(index, syntax.Slice):
        return map_children(index, lambda part: held(b, flat(b, part)))
    return held(b, flat(b, index))


def held(b: Builder, expr: syntax.Expr) -> syntax.Expr:
    """The expression, in a temporary unless it is one already or constant."""
    return (
        expr if isinstance(expr, syntax.Const) and not isinstance(expr.value, list | dict | set) else b.to_local(expr)
    )


def given(b: Builder, expr: syntax.Expr) -> syntax.Expr:
    """A value that becomes part of something shared: a copy."""
    return expr if is_scalar(expr) else b.local(Copied(b.to_local(expr)))


def read_access(b: Builder, expr: syntax.Expr, shown: syntax.Expr | None = None) -> syntax.Local:
    """One access that evaluates the (flat but for its root) expression; `shown` where its root has been loaded."""
    target, node = b.temporary(), shown or expr
    reads = frozenset(n.name for n in walk(node) if isinstance(n, syntax.Shared))
    defines = (b.slot(target.name),)
    b.add(Read(expr, reads=reads, asks=asked(expr), shown=node, uses=b.uses(expr), defines=defines))
    return target


def _read_place(b: Builder, expr: syntax.Subscript) -> syntax.Local:
    """One read; where steps of the index come between, the object is loaded before."""
    loads = any(accesses(part.index) for part in walk(expr) if isinstance(part, syntax.Subscript))
    reached, shown = place_in(b, expr, loads=loads)
    return read_access(b, reached, shown)


def asked(expr: syntax.Node) -> frozenset[tuple[str, str]]:
    """What an expression asks of primitives, threads and futures (`"*"`: of any future)."""
    queries = {(n.ref.name, n.attribute) for n in walk(expr) if isinstance(n, syntax.Query)}
    return frozenset(queries | {("*", n.attribute) for n in walk(expr) if isinstance(n, syntax.FutureQuery)})


def _read(b: Builder, expr: syntax.Shared | syntax.Query | syntax.FutureQuery) -> syntax.Local:
    match expr:
        case syntax.FutureQuery(future):
            asked_of = syntax.FutureQuery(held(b, flat(b, future)), expr.attribute, span=expr.span)
            return read_access(b, asked_of, expr if isinstance(future, syntax.Local) else None)
        case syntax.Query(ref) if ref.index is not None:
            index = held(b, flat(b, ref.index))
            return read_access(b, syntax.Query(map_children(ref, lambda _: index), expr.attribute, span=expr.span))
        case _:
            return read_access(b, expr)


def method_access(b: Builder, expr: syntax.Method) -> syntax.Local:
    """A method of a shared container: arguments first, then one step."""
    variable = root(expr.value)
    assert variable is not None
    operands = (*expr.args, *(value for _, value in expr.keywords))
    changes, later = expr.name in MUTATING, any(map(accesses, operands))
    receiver, shown = place_in(b, expr.value, loads=changes or later)
    with nullcontext() if has_method(b.program, expr) else b.reaching(Bound(receiver, expr.name), variable, operands):
        values = iter([_argument(b, operand, changes, operand is operands[-1]) for operand in operands])
        args = tuple(next(values) for _ in expr.args)
        keywords = tuple((name, next(values)) for name, _ in expr.keywords)
    call = syntax.Method(receiver, expr.name, args, keywords, span=expr.span)
    target = b.temporary()
    touched = frozenset({variable.name})
    b.add(
        Call(
            call, reads=touched, writes=touched if changes else frozenset(), shown=replace(call, value=shown),
            uses=b.uses(call), defines=(b.slot(target.name),),
        )
    )  # fmt: skip
    return target


def _argument(b: Builder, operand: syntax.Expr, changes: bool, is_last: bool) -> syntax.Expr:
    """Evaluated in its turn, before what comes after it; copied where it becomes part of something shared."""
    value = flat(b, operand)
    return given(b, value) if changes and (is_last or not is_scalar(value)) else held(b, value)


# --- operands in order ---------------------------------------------------------------------------


def _operands(b: Builder, expr: syntax.Expr) -> syntax.Expr:
    """Children left to right; one that stands before an access is evaluated before it."""
    parts = operands(expr)
    last = max(i for i, part in enumerate(parts) if accesses(part))
    done: dict[int, syntax.Expr] = {}
    consumed: list[tuple[syntax.Expr, syntax.Expr]] = []
    for i, part in enumerate(parts):
        if i < last and is_container(b.program, part):
            consumed.append((part, load_root(b, part)))
            continue
        value = flat(b, part)
        simple = isinstance(value, syntax.Const) or (isinstance(value, syntax.Local) and b.is_set(value.name))
        done[id(part)] = value if i >= last or simple else b.to_local(value)
    for part, reached in consumed:  # what is in it counts when the operation is done
        done[id(part)] = read_access(b, reached, part)
    return with_operands(expr, done)


def flat_template(b: Builder, text: syntax.Template) -> syntax.Template:
    """The template's holes, left to right: each is made a text before the next is read."""
    if not accesses(text):
        return map_children(text, lambda hole: map_children(hole, lambda value: renamed(b, value)))
    parts: list[str | syntax.Hole] = []
    for part in text.parts:
        if isinstance(part, str):
            parts.append(part)
        else:
            hole = map_children(part, lambda value: flat(b, value))
            done = b.temporary()
            b.compute(done, syntax.Template((hole,)))
            parts.append(syntax.Hole(done))
    return syntax.Template(tuple(parts), span=text.span)


# --- control flow inside expressions ---------------------------------------------------------------


def _boolean(b: Builder, expr: syntax.Boolean) -> syntax.Expr:
    """Operands after the deciding one are not evaluated."""
    result, end = b.temporary(), b.label()
    for i, operand in enumerate(expr.operands):
        b.compute(result, flat(b, operand))
        if i < len(expr.operands) - 1:
            b.branch(result if expr.operator == "and" else syntax.Unary("not", result), end)
    b.place(end)
    return result


def _conditional(b: Builder, expr: syntax.Conditional) -> syntax.Expr:
    result, orelse, end = b.temporary(), b.label(), b.label()
    b.branch(flat(b, expr.test), orelse)
    b.compute(result, flat(b, expr.body))
    b.jump(end)
    b.place(orelse)
    b.compute(result, flat(b, expr.orelse))
    b.place(end)
    return result


def _compare(b: Builder, expr: syntax.Compare) -> syntax.Expr:
    """A chain whose later operands are read only if the earlier comparisons hold."""
    result, end = b.temporary(), b.label()
    left = held(b, flat(b, expr.left))
    for i, (operator, comparand) in enumerate(zip(expr.operators, expr.comparands, strict=True)):
        right = held(b, flat(b, comparand))
        b.compute(result, syntax.Compare(left, (operator,), (right,)))
        if i < len(expr.operators) - 1:
            b.branch(result, end)
        left = right
    b.place(end)
    return result


# --- comprehensions ------------------------------------------------------------------------------------


def _comprehension(b: Builder, expr: syntax.Comprehension) -> syntax.Expr:
    result = b.temporary()
    empty: syntax.Expr = syntax.DictDisplay((), ()) if expr.kind == "dict" else syntax.ListDisplay(())
    b.compute(result, syntax.SetDisplay(()) if expr.kind == "set" else empty)

    def element() -> None:
        if expr.key is not None:
            key = held(b, flat(b, expr.key))
            value = flat(b, expr.element)
            b.add(Store(syntax.Subscript(result, key), value, uses=b.uses(result, key, value)))
            return
        value = flat(b, expr.element)
        b.compute(None, syntax.Method(result, "add" if expr.kind == "set" else "append", (value,)))

    _clauses(b, expr.clauses, element)
    return result


def _quantifier(b: Builder, name: str, generator: syntax.Comprehension) -> syntax.Expr:
    """`any`/`all` over a generator: stops at the deciding element."""
    result, end = b.constant(name == "all"), b.label()

    def element() -> None:
        go_on = b.label()
        value = flat(b, generator.element)
        b.branch(syntax.Unary("not", value) if name == "all" else value, go_on)
        b.compute(result, syntax.Const(name == "any"))
        b.jump(end)
        b.place(go_on)

    _clauses(b, generator.clauses, element)
    b.place(end)
    return result


def _clauses(b: Builder, clauses: tuple[syntax.Clause, ...], body: Callable[[], None]) -> None:
    """The loops of a comprehension around its element; targets get slots of their own."""
    if not clauses:
        body()
        return
    clause, rest = clauses[0], clauses[1:]

    def inner(item: syntax.Local) -> None:
        go_on = b.label()
        with b.renaming(sorted(target_names(clause.target))) as renames:
            bind(b, rename(clause.target, renames), item)
            for condition in clause.conditions:
                b.branch(flat(b, condition), go_on)
            _clauses(b, rest, body)
        b.place(go_on)

    run_over(b, clause.iterable, inner)


def run_over(
    b: Builder, iterable: syntax.Expr, body: Callable[[syntax.Local], None], *, again: int | None = None
) -> int:
    """A loop over a value: an element a step where it is a shared container, local otherwise.

    `again` is the label at which the next round begins (for `continue`); gives the label of the end.
    """
    top = b.label() if again is None else again
    item, end = b.temporary(), b.label()
    source = _source(b, iterable)
    if source is None:
        own, view = _own(b, iterable)
        sequence, position = b.local(Sequence(own)), b.constant(0)
        b.place(top)
        b.iterate(item, sequence, position, end, view)
    else:
        next_shared(b, source, item, (top, end))
    body(item)
    b.jump(top)
    b.place(end)
    return end


def _own(b: Builder, iterable: syntax.Expr) -> tuple[syntax.Expr, str]:
    """What a loop over a value of the thread's own runs over, and what it takes of a dict: a view goes on looking at it."""
    match iterable:
        case syntax.Method(owner, name, (), ()) if name in LOOKING:
            looked_at = b.to_local(flat(b, owner))
            b.compute(None, Bound(looked_at, name))
            return looked_at, name
        case _:
            return flat(b, iterable), "keys"


def _source(b: Builder, iterable: syntax.Expr) -> Source | None:
    """The shared container that a loop runs over, or may run over; None where it surely is a value of the thread's own."""
    place = place_of(iterable)
    view = iterable.name if isinstance(iterable, syntax.Method) else ""
    if view and b.program.runtime == "multiprocessing":
        return None  # a manager gives what a view shows as a list: one read
    if place is not None:
        variable = root(place)
        assert variable is not None
        shown = chain(b, place, variable)
        names, snapshot = frozenset({variable.name}), b.constant(None)
        if follows(b.program, place):
            return Source(load(b, shown), shown, names, view, snapshot)
        if follows_element(b.program, place):
            handle = b.handle()
            b.compute(handle, syntax.Const(None))
            return Source(handle, shown, names, view, snapshot, loads=True)
        return Source(shown, shown, names, view, snapshot)
    names = frozenset(n.name for part in parts_of(iterable) for n in walk(part) if isinstance(n, syntax.Shared))
    if not names:
        return None
    either = b.handle()
    _either(b, iterable, either)
    return Source(either, iterable, names, "", b.local(OwnSequence(either)))


def _either(b: Builder, iterable: syntax.Expr, into: syntax.Local) -> None:
    """One of several values, as an object where it is a shared container itself."""
    match iterable:
        case syntax.Boolean(operator, operands):
            end = b.label()
            for i, operand in enumerate(operands):
                _either(b, operand, into)
                if i < len(operands) - 1:
                    b.branch(into if operator == "and" else syntax.Unary("not", into), end)
            b.place(end)
        case syntax.Conditional(test, body, orelse):
            otherwise, end = b.label(), b.label()
            b.branch(flat(b, test), otherwise)
            _either(b, body, into)
            b.jump(end)
            b.place(otherwise)
            _either(b, orelse, into)
            b.place(end)
        case _ if place_of(iterable) is not None and not isinstance(iterable, syntax.Method):
            load(b, chain(b, iterable), into=into)
        case _:
            b.compute(into, flat(b, iterable))
