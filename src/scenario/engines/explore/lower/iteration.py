"""Running over a shared list: an access for each element, and one that finds the end."""

from __future__ import annotations

from typing import Any

from scenario.engines.explore.code import Access, Function
from scenario.engines.explore.lower.builder import Builder
from scenario.engines.explore.lower.source import iterable
from scenario.program.accesses import root
from scenario.syntax import Compare, Const, Expr, Local, Subscript


def next_shared(b: Builder, source: Expr, position: Local, item: Local, labels: tuple[int, int]) -> None:
    """The next element of a shared list: an access each, and one that finds the end.

    What turns out to be no list (a text, a tuple) is read once, by the first access.
    """
    top, end = labels
    snapshot, found = b.constant(None), b.temporary()
    local, go = b.label(), b.label()
    b.place(top)
    b.branch(Compare(snapshot, ("is",), (Const(None),)), local)
    p, s, f = (b.slot(n.name) for n in (position, snapshot, found))
    variable = root(source)
    assert variable is not None
    b.add(
        Access(
            _next_element(b.function(source), p, s), "next", reads=frozenset({variable.name}), node=source,
            uses=(*b.uses(source), p, s), defines=(f, p, s),
        )
    )  # fmt: skip
    b.branch(found, local)
    b.compute(item, Subscript(found, Const(0)))
    b.jump(go)
    b.place(local)
    b.branch(Compare(snapshot, ("is not",), (Const(None),)), end)
    b.iterate(item, snapshot, position, end)
    b.place(go)


def _next_element(source: Function, p: int, s: int) -> Function:
    def function(w: Any, frame: list[Any]) -> tuple[Any, ...]:
        items, position = source(w, frame), frame[p]
        if not isinstance(items, list):
            frame[s] = iterable(items)
            return ()
        if position < len(items):
            frame[p] = position + 1
            return (items[position],)
        return ()

    return function
