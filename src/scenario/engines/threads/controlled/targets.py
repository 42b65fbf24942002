"""Assignments: a target that is local is local work, a shared one is a step."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from scenario import syntax
from scenario.engines.threads.controlled.walker import Walker
from scenario.engines.threads.values import fresh
from scenario.program.accesses import accesses, changes_in_place, root
from scenario.program.bounded.operators import IN_PLACE
from scenario.program.following import follows, follows_element
from scenario.program.unpacking import shape, unpacked
from scenario.syntax import Expr, Slice, Subscript


def assign_into(w: Walker, target: Expr | None, value: Any) -> None:
    """What a verb's `into` does."""
    if target is not None:
        assign(w, target, value)


def assign(w: Walker, target: Expr, value: Any) -> None:
    match target:
        case syntax.Local(name):
            w.frame[name] = value
        case syntax.Shared(name):
            w.gate()
            w.stage.shared[name] = fresh(value)
        case syntax.TlsField(tls, field):
            setattr(w.object(tls.name, w.given(tls.index)), field, value)
        case Subscript() if root(target) is not None:
            container, index = _shared_place(w, target)
            w.gate()
            container()[index] = fresh(value)
        case Subscript(container, index):
            place = w.value(container)
            place[_index(w.given, index)] = value
        case syntax.TupleDisplay(items) | syntax.ListDisplay(items):
            for item, part in zip(items, unpacked(value, *shape(items)), strict=True):
                assign(w, item, part)
        case syntax.Starred(inner):
            assign(w, inner, value)
        case _:
            raise TypeError(f"no target: {target!r}")


def delete(w: Walker, target: Expr) -> None:
    assert isinstance(target, Subscript)
    if root(target) is not None:
        container, index = _shared_place(w, target)
        w.gate()
        del container()[index]
    else:
        place = w.value(target.value)
        del place[_index(w.given, target.index)]


def _shared_place(w: Walker, target: Subscript) -> tuple[Callable[[], Any], Any]:
    """How to reach the container in the step itself, and the index; indices are read before."""
    chain = w.chain(w.loaded(target))
    assert isinstance(chain, Subscript)
    return lambda: w.plain(chain.value), _index(lambda part: None if part is None else w.plain(part), chain.index)


def _index(value: Callable[[Expr | None], Any], index: Expr | Slice) -> Any:
    if isinstance(index, Slice):
        return slice(*map(value, (index.lower, index.upper, index.step)))
    return value(index)


# --- augmented assignment ----------------------------------------------------------------------------


def augmented(w: Walker, node: syntax.AugmentedAssign) -> None:
    """A read, then a write; one step where the target holds a container then, which changes in place."""
    if root(node.target) is None:
        _local_augmented(w, node)
        return
    program, reads = w.stage.program, accesses(node.value)
    if follows(program, node.target) or (reads and follows_element(program, node.target)):
        _loaded_then_changed(w, node)
        return
    chain = w.chain(node.target)
    is_slice = isinstance(node.target, Subscript) and isinstance(node.target.index, Slice)  # it is a copy
    whole = isinstance(node.target, syntax.Shared) and changes_in_place(program, node.target)
    given = (fresh(w.value(node.value)),) if reads and whole else ()
    w.gate()
    old = w.plain(chain)
    changes = isinstance(old, list | dict | set) and not isinstance(node.value, syntax.Const) and not is_slice
    if changes and (given or not reads):
        _store(w, chain, IN_PLACE[node.operator](old, *(given or (fresh(w.value(node.value)),))))
        return
    value = given[0] if given else fresh(w.value(node.value))
    if changes:
        w.gate()
        _store(w, chain, IN_PLACE[node.operator](w.plain(chain), value))
    else:
        new = IN_PLACE[node.operator](old, value)
        w.gate()
        _store(w, chain, new)


def _loaded_then_changed(w: Walker, node: syntax.AugmentedAssign) -> None:
    """The object is loaded, then what is added is read; a container is changed and stored back, else a sum is written."""
    whole = isinstance(node.target, syntax.Shared)
    if whole:
        chain = node.target
        w.gate()
    else:
        chain = w.chain(w.loaded(node.target))
        w.gate()
    old = w.plain(chain)
    value = w.value(node.value)
    if isinstance(old, list | dict | set):
        w.gate()
        old = IN_PLACE[node.operator](old, fresh(value))
        if whole:
            w.gate()
    else:
        old = IN_PLACE[node.operator](old, value)
        w.gate()
    _store(w, chain, old)


def _local_augmented(w: Walker, node: syntax.AugmentedAssign) -> None:
    target = node.target
    if isinstance(target, Subscript):
        place = w.value(target.value)
        index = _index(w.given, target.index)
        old = place[index]
        place[index] = IN_PLACE[node.operator](old, w.value(node.value))
    else:
        old = w.plain(target)
        assign(w, target, IN_PLACE[node.operator](old, w.value(node.value)))


def _store(w: Walker, chain: Expr, value: Any) -> None:
    """Writes what was computed in the step; indices are leaves by now."""
    if isinstance(chain, syntax.Shared):
        w.stage.shared[chain.name] = value
    else:
        assert isinstance(chain, Subscript)
        w.plain(chain.value)[_index(lambda part: None if part is None else w.plain(part), chain.index)] = value
