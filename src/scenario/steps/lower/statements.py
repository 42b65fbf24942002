"""Statements and assignment targets: which reads and writes they are, in order."""

from __future__ import annotations

from typing import assert_never

from scenario.program.places import root
from scenario.program.unpacking import inner
from scenario.steps import code
from scenario.steps.accesses import accesses, changes_in_place
from scenario.steps.code import Change, Extend, Remove, Store, Update, Write
from scenario.steps.following import follows, follows_element, rebound, takes_containers
from scenario.steps.lower.builder import Builder
from scenario.steps.lower.expressions import flat, flat_index, held, place_in, read_access
from scenario.steps.lower.loading import load
from scenario.steps.lower.naming import parts
from scenario.steps.values import Copied, IsContainer
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
                b.gap(stores=True)
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
            b.gap(stores=True)
            b.compute(target, value)
        case Shared():
            _write(b, target, target, value)
        case TlsField():
            b.gap(stores=True)
            b.add(Store(target, value, uses=b.uses(value)))
        case Subscript() if root(target) is not None:
            _write(b, *place_in(b, target), value)
        case Subscript():
            place = _own_place(b, target)
            b.add(Store(place, value, uses=b.uses(place, value)))
        case TupleDisplay(items) | ListDisplay(items):
            for item, part in zip(items, parts(b, items, value), strict=True):
                assign(b, inner(item), part)
        case _:
            raise TypeError(f"no target: {target!r}")


def _own_place(b: Builder, target: Subscript) -> Subscript:
    """A place in a container of the thread's own, reached now."""
    return Subscript(held(b, flat(b, target.value)), flat_index(b, target.index))


def _write(b: Builder, place: Expr, shown: Expr, value: Expr) -> None:
    b.add(Write(place, value, writes=_variable(shown), shown=shown, uses=b.uses(place, value)))


def _variable(shown: Expr) -> frozenset[str]:
    variable = root(shown)
    assert variable is not None
    return frozenset({variable.name})


def _delete(b: Builder, target: Expr) -> None:
    if root(target) is not None:
        place, shown = place_in(b, target)
        b.add(code.Delete(place, writes=_variable(shown), shown=shown, uses=b.uses(place)))
    elif isinstance(target, Subscript):
        own = _own_place(b, target)
        b.add(Remove(own, uses=b.uses(own)))


# --- augmented assignment ----------------------------------------------------------------------------


def augmented(b: Builder, node: AugmentedAssign) -> None:
    """A read, then a write; one step where the target holds a container then, which changes in place."""
    if root(node.target) is None:
        _augmented_local(b, node)
        return
    target, later = node.target, accesses(node.value)
    if follows(b.program, target) or (later and follows_element(b.program, target)):
        _loaded_then_changed(b, node)
        return
    place, _ = place_in(b, target)
    if b.program.runtime == "multiprocessing" and isinstance(target, Subscript):
        # what a manager gives is a copy, which is changed and stored
        _write_sum(b, node, place, b.local(Copied(read_access(b, place))), flat(b, node.value))
    elif not (takes_containers(node) and _may_be_container(b, node)):
        _write_sum(b, node, place, read_access(b, place), flat(b, node.value))
    elif not later:
        _updated(b, node, place, flat(b, node.value))
    elif isinstance(target, Shared) and changes_in_place(b.program, target):
        _updated(b, node, place, held(b, flat(b, node.value)))
    else:
        _read_then_update(b, node, place)


def _may_be_container(b: Builder, node: AugmentedAssign) -> bool:
    """Whether the target may be a list, dict or set itself; a slice of one is a copy."""
    match node.target:
        case Shared(name):
            is_kept = name not in rebound(b.program) and node.operator != "*"
            return not is_kept or changes_in_place(b.program, node.target)
        case Subscript(_, Slice()):
            return False
        case _:
            return True


def _loaded_then_changed(b: Builder, node: AugmentedAssign) -> None:
    """The object is loaded, then what is added is read; a container is changed and stored back, else a sum is written."""
    place, shown = place_in(b, node.target)
    whole = isinstance(shown, Shared)
    old = place if whole else load(b, place, shown)
    place = shown if whole else place
    assert isinstance(old, Local)
    value = held(b, flat(b, node.value))
    scalar, done = b.label(), b.label()
    b.branch(IsContainer(old), scalar)
    _extend(b, node, old, value, shown, None if whole else place)
    if whole:
        _write(b, place, shown, old)
    b.jump(done)
    b.place(scalar)
    new = b.local(old)
    _change(b, new, node, value)
    _write(b, place, shown, new)
    b.place(done)


def _extend(b: Builder, node: AugmentedAssign, container: Expr, value: Expr, shown: Expr, back: Expr | None) -> None:
    uses = b.uses(*(part for part in (back, container, value) if part is not None))
    b.add(Extend(container, node.operator, value, back, writes=_variable(shown), shown=shown, uses=uses))


def _updated(b: Builder, node: AugmentedAssign, place: Expr, value: Expr) -> None:
    """One step that changes a container or reads what is none; then the write of that."""
    found, done, variable = b.temporary(), b.label(), _variable(place)
    b.add(
        Update(
            place, node.operator, value, reads=variable, writes=variable, shown=place,
            uses=(*b.uses(place), *b.uses(value)), defines=(b.slot(found.name),),
        )
    )  # fmt: skip
    b.branch(found, done)
    _write_sum(b, node, place, b.to_local(Subscript(found, Const(0))), value)
    b.place(done)


def _read_then_update(b: Builder, node: AugmentedAssign, place: Expr) -> None:
    """What is added is read after the target: loading a container is a step then."""
    old = read_access(b, place)
    value = held(b, flat(b, node.value))
    scalar, done = b.label(), b.label()
    b.branch(IsContainer(old), scalar)
    _extend(b, node, place, value, place, place)
    b.jump(done)
    b.place(scalar)
    _write_sum(b, node, place, old, value)
    b.place(done)


def _write_sum(b: Builder, node: AugmentedAssign, place: Expr, old: Local, value: Expr) -> None:
    """What was read is no container: a new value is written."""
    _change(b, old, node, value)
    _write(b, place, place, old)


def _change(b: Builder, place: Expr, node: AugmentedAssign, value: Expr) -> None:
    """Local work: `place op= value`."""
    defines = (b.slot(place.name),) if isinstance(place, Local) else ()
    b.add(Change(place, node.operator, value, uses=b.uses(place, value), defines=defines))


def _augmented_local(b: Builder, node: AugmentedAssign) -> None:
    target = node.target
    place = _own_place(b, target) if isinstance(target, Subscript) else target
    if isinstance(place, Local):  # the name must be assigned before it is read
        b.compute(place, place)
    if isinstance(place, Local) or not accesses(node.value):
        _change(b, place, node, flat(b, node.value))
        return
    old = b.to_local(place)
    _change(b, old, node, flat(b, node.value))
    b.add(Store(place, old, uses=b.uses(place, old)))
