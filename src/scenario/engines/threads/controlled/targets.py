"""Assignments: a target that is local is local work, a shared one is a step."""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any

from scenario import syntax
from scenario.engines.threads.controlled.walker import Walker
from scenario.engines.threads.values import fresh
from scenario.program.accesses import accesses, changes_in_place, root
from scenario.program.bounded.namespace import NAMESPACE
from scenario.program.unpacking import shape, unpacked
from scenario.syntax import Expr, Slice, Subscript

_IN_PLACE: dict[str, Any] = {
    "+": NAMESPACE["_iadd"], "-": operator.isub, "*": NAMESPACE["_mul"], "/": operator.itruediv,
    "//": operator.ifloordiv, "%": NAMESPACE["_mod"], "**": NAMESPACE["_pow"], "<<": NAMESPACE["_shl"],
    ">>": operator.irshift, "&": operator.iand, "|": operator.ior, "^": operator.ixor,
}  # fmt: skip
_BINARY: dict[str, Any] = {
    **_IN_PLACE, "+": NAMESPACE["_add"], "-": operator.sub, "/": operator.truediv, "//": operator.floordiv,
    ">>": operator.rshift, "&": operator.and_, "|": operator.or_, "^": operator.xor,
}  # fmt: skip


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
    chain = w.chain(target)
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
    chain = w.chain(node.target)
    reads = accesses(node.value)
    given = (w.value(node.value),) if reads and changes_in_place(w.stage.program, node.target) else ()
    w.gate()
    old = w.plain(chain)
    changes = isinstance(old, list | dict | set) and not isinstance(node.value, syntax.Const)
    if changes and (given or not reads):
        _store(w, chain, _IN_PLACE[node.operator](old, *(given or (w.value(node.value),))))
        return
    value = given[0] if given else w.value(node.value)
    if changes:
        w.gate()
        _store(w, chain, _IN_PLACE[node.operator](w.plain(chain), value))
    else:
        new = _BINARY[node.operator](old, value)
        w.gate()
        _store(w, chain, new)


def _local_augmented(w: Walker, node: syntax.AugmentedAssign) -> None:
    target = node.target
    if isinstance(target, Subscript):
        place = w.value(target.value)
        index = _index(w.given, target.index)
        old = place[index]
        place[index] = _IN_PLACE[node.operator](old, w.value(node.value))
    else:
        old = w.plain(target)
        assign(w, target, _IN_PLACE[node.operator](old, w.value(node.value)))


def _store(w: Walker, chain: Expr, value: Any) -> None:
    """Writes what was computed in the step; indices are leaves by now."""
    if isinstance(chain, syntax.Shared):
        w.stage.shared[chain.name] = value
    else:
        assert isinstance(chain, Subscript)
        assert not isinstance(chain.index, Slice)
        w.plain(chain.value)[w.plain(chain.index)] = value
