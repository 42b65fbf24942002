"""Statements and assignment targets: which reads and writes they are, in order."""

from __future__ import annotations

from typing import Any, assert_never

from scenario.engines.explore.lower.builder import Builder
from scenario.engines.explore.lower.expressions import flat, flat_index, held, place_in, read_access
from scenario.engines.explore.lower.loading import load
from scenario.engines.explore.model.code import Access, Branch, Function
from scenario.engines.explore.model.source import function_of
from scenario.program.accesses import accesses, changes_in_place, root
from scenario.program.bounded.namespace import IN_PLACE
from scenario.program.following import follows, follows_element
from scenario.program.unpacking import inner, shape
from scenario.syntax import (
    Assign,
    AugmentedAssign,
    Break,
    Const,
    Continue,
    Delete,
    Evaluate,
    Expr,
    ListDisplay,
    Local,
    Node,
    Pass,
    Reraise,
    Return,
    Shared,
    Slice,
    Statement,
    Subscript,
    TlsField,
    TupleDisplay,
)


def statement(b: Builder, node: Statement) -> None:
    """Emits one statement."""
    match node:
        case Assign(targets, value):
            result = flat(b, value)
            if len(targets) == 1 and isinstance(targets[0], Local):
                b.compute(targets[0], result)
            else:
                held_value = held(b, result)
                for target in targets:
                    assign(b, target, held_value)
        case AugmentedAssign():
            augmented(b, node)
        case Delete(targets):
            for target in targets:
                _delete(b, target)
        case Evaluate(value):
            b.compute(None, flat(b, value))
        case Break():
            loop = b.loops[-1]
            b.unwind(loop.depth)
            b.jump(loop.breaks[0])
        case Continue():
            loop = b.loops[-1]
            b.unwind(loop.depth)
            b.jump(loop.continue_to)
        case Pass():
            pass
        case Return(value):
            _return(b, value)
        case Reraise():
            b.throw(b.caught[-1])
        case _:
            assert_never(node)


def _return(b: Builder, value: Expr | None) -> None:
    result = None if value is None else held(b, flat(b, value))
    b.unwind(0)
    b.leave(result)


# --- targets -------------------------------------------------------------------------------------


def assign(b: Builder, target: Expr, value: Expr) -> None:
    """Writes the (flat, held) value: local work, or a step for a shared target."""
    match target:
        case Local():
            b.compute(target, value)
        case Shared(name):
            _write(b, f"w.S[{name!r}] = {b.source(value)}", name, target, value)
        case TlsField():
            b.run(f"{b.source(target)} = {b.source(value)}", value)
        case Subscript() if (variable := root(target)) is not None:
            place, shown = place_in(b, target)
            _write(b, f"{b.source(place)} = {_stored(b, place, value)}", variable.name, shown, place, value)
        case Subscript(container, index):
            place = Subscript(held(b, flat(b, container)), flat_index(b, index))
            b.run(f"{b.source(place)} = {_stored(b, place, value)}", place, value)
        case TupleDisplay(items) | ListDisplay(items):
            _unpack(b, items, value)
        case _:
            raise TypeError(f"no target: {target!r}")


def _stored(b: Builder, place: Expr, value: Expr) -> str:
    """The value for a place in a container, bounded where it may grow the container."""
    if isinstance(place, Subscript) and ":" in b.source(place)[len(b.source(place.value)) :]:
        return f"_spliced({b.source(place.value)}, {b.source(value)})"
    return f"_nested({b.source(value)})"


def _write(b: Builder, source: str, variable: str, node: Expr, *nodes: Node, action: str = "write") -> None:
    b.add(
        Access(
            function_of(source, statement=True), action, writes=frozenset({variable}), node=node,
            uses=b.uses(*nodes),
        )
    )  # fmt: skip


def _unpack(b: Builder, items: tuple[Expr, ...], value: Expr) -> None:
    before, after = shape(items)
    parts = b.local(f"_unpacked({b.source(value)}, {before}, {after})", value)
    for i, item in enumerate(items):
        assign(b, inner(item), b.local(f"{b.source(parts)}[{i}]", parts))


def _delete(b: Builder, target: Expr) -> None:
    variable = root(target)
    if variable is not None:
        place, shown = place_in(b, target)
        _write(b, f"del {b.source(place)}", variable.name, shown, place, action="delete")
    elif isinstance(target, Subscript):
        place = Subscript(held(b, flat(b, target.value)), flat_index(b, target.index))
        b.run(f"del {b.source(place)}", place)


# --- augmented assignment ----------------------------------------------------------------------------


def augmented(b: Builder, node: AugmentedAssign) -> None:
    """A read, then a write; one step where the target holds a container then, which changes in place."""
    variable = root(node.target)
    if variable is None:
        _augmented_local(b, node)
        return
    target, later = node.target, accesses(node.value)
    if follows(b.program, target) or (later and follows_element(b.program, target)):
        _loaded_then_changed(b, node, variable.name)
        return
    place, _ = place_in(b, target)
    if isinstance(node.value, Const) or (
        isinstance(target, Subscript) and isinstance(target.index, Slice)
    ):  # no container takes a number or None
        _write_sum(b, node, place, variable.name, read_access(b, place), flat(b, node.value))
    elif not later:
        _updated(b, node, place, variable.name, flat(b, node.value))
    elif isinstance(target, Shared) and changes_in_place(b.program, target):
        _updated(b, node, place, variable.name, held(b, flat(b, node.value)))
    else:
        _read_then_update(b, node, place, variable.name)


def _loaded_then_changed(b: Builder, node: AugmentedAssign, variable: str) -> None:
    """The object is loaded, then what is added is read; a container is changed and stored back, else a sum is written."""
    place, shown = place_in(b, node.target)
    whole = isinstance(shown, Shared)
    old = place if whole else load(b, place, shown)
    place = shown if whole else place
    assert isinstance(old, Local)
    value, slot = held(b, flat(b, node.value)), b.slot(old.name)
    scalar, done = b.label(), b.label()
    b.add(Branch(lambda w, _: isinstance(w.loaded(slot), list | dict | set), scalar, uses=(slot,)))
    changed = f"o = {b.source(old)}; {_in_place('o', node.operator, b.source(value))}"
    if whole:
        _write(b, changed, variable, shown, old, value)
        _write(b, f"{b.source(place)} = {b.source(old)}", variable, shown, old)
    else:
        _write(b, f"{changed}; {b.source(place)} = o", variable, shown, place, old, value)
    b.jump(done)
    b.place(scalar)
    new = b.local(b.source(old), old)
    _change(b, new, node.operator, value)
    _write(b, f"{b.source(place)} = {b.source(new)}", variable, shown, place, new)
    b.place(done)


def _updated(b: Builder, node: AugmentedAssign, place: Expr, variable: str, value: Expr) -> None:
    """One step that changes a container or reads what is none; then the write of that."""
    source = _in_place(b.source(place), node.operator, b.source(value))
    found, done = b.temporary(), b.label()
    b.add(
        Access(
            _updating(b.function(place), function_of(source, statement=True)), "update",
            reads=frozenset({variable}), writes=frozenset({variable}), node=place,
            uses=(*b.uses(place), *b.uses(value)), defines=(b.slot(found.name),),
        )
    )  # fmt: skip
    b.branch(found, done)
    _write_sum(b, node, place, variable, b.to_local(Subscript(found, Const(0))), value)
    b.place(done)


def _updating(read: Function, write: Function) -> Function:
    """What was read, in a tuple; an empty one if it was a container and has been changed."""

    def update(w: Any, slots: list[Any]) -> tuple[Any, ...]:
        old = read(w, slots)
        if not isinstance(old, list | dict | set):
            return (old,)
        write(w, slots)
        return ()

    return update


def _read_then_update(b: Builder, node: AugmentedAssign, place: Expr, variable: str) -> None:
    """What is added is read after the target: loading a container is a step then."""
    old = read_access(b, place)
    value = held(b, flat(b, node.value))
    scalar, done = b.label(), b.label()
    slot = b.slot(old.name)
    b.add(Branch(lambda _, slots: isinstance(slots[slot], list | dict | set), scalar, uses=(slot,)))
    _write(b, _in_place(b.source(place), node.operator, b.source(value)), variable, place, place, value)
    b.jump(done)
    b.place(scalar)
    _write_sum(b, node, place, variable, old, value)
    b.place(done)


def _write_sum(b: Builder, node: AugmentedAssign, place: Expr, variable: str, old: Local, value: Expr) -> None:
    """What was read is no container: a new value is written."""
    _change(b, old, node.operator, value)
    is_slice = isinstance(place, Subscript) and isinstance(place.index, Slice)
    new = _stored(b, place, old) if is_slice else b.source(old)
    _write(b, f"{b.source(place)} = {new}", variable, place, place, old)


def _change(b: Builder, place: Expr, operator: str, value: Expr) -> None:
    """Local work: `place op= value`."""
    defines = (b.slot(place.name),) if isinstance(place, Local) else ()
    spelled = f"L[{defines[0]}]" if defines else b.source(place)
    b.run(_in_place(spelled, operator, b.source(value)), place, value, defines=defines)


def _augmented_local(b: Builder, node: AugmentedAssign) -> None:
    place = _local_place(b, node.target)
    if isinstance(place, Local):  # the name must be assigned before it is read
        b.compute(place, place)
    if isinstance(place, Local) or not accesses(node.value):
        _change(b, place, node.operator, flat(b, node.value))
        return
    old = b.to_local(place)
    _change(b, old, node.operator, flat(b, node.value))
    b.run(f"{b.source(place)} = {b.source(old)}", place, old)


def _local_place(b: Builder, target: Expr) -> Expr:
    match target:
        case Subscript(container, index):
            return Subscript(held(b, flat(b, container)), flat_index(b, index))
        case _:
            return target


def _in_place(place: str, operator: str, value: str) -> str:
    bounded = IN_PLACE.get(operator)
    return f"{place} = {bounded}({place}, {value})" if bounded else f"{place} {operator}= {value}"
