"""Running over a shared container: an access for each element, and one that finds the end."""

from __future__ import annotations

from typing import Any

from scenario.engines.explore.lower.builder import Builder
from scenario.engines.explore.model.code import Access, Function
from scenario.engines.explore.model.parts import ScenarioError
from scenario.engines.explore.model.source import iterable
from scenario.record import record
from scenario.syntax import Compare, Const, Expr, Local, Subscript


@record
class Source:
    """What a loop runs over: `reached` each time by its name or as what was loaded, `shown` to a reader.

    `view`: what is taken of a dict, "keys", "values" or "items". `snapshot` holds a value of the thread's own instead.
    """

    reached: Expr
    shown: Expr
    variables: frozenset[str]
    view: str
    snapshot: Local
    loads: bool = False
    """Whether the first access loads the object, into what is `reached` from then on."""


def next_shared(b: Builder, source: Source, item: Local, labels: tuple[int, int]) -> None:
    """The next element of a shared container.

    What turns out to be none (a text, a tuple) is read once, by the first access.
    """
    top, end = labels
    position, known, found, snapshot = b.constant(0), b.constant(None), b.temporary(), source.snapshot
    local, go = b.label(), b.label()
    b.place(top)
    b.branch(Compare(snapshot, ("is",), (Const(None),)), local)
    p, k, s, f = (b.slot(n.name) for n in (position, known, snapshot, found))
    b.add(
        Access(
            _next_element(_reach(b, source), source.view, (p, k, s)), "next", reads=source.variables,
            node=source.shown, uses=(*b.uses(source.reached, source.shown), p, k, s), defines=(f, p, k, s),
        )
    )  # fmt: skip
    b.branch(found, local)
    b.compute(item, Subscript(found, Const(0)))
    b.jump(go)
    b.place(local)
    b.branch(Compare(snapshot, ("is not",), (Const(None),)), end)
    b.iterate(item, snapshot, position, end)
    b.place(go)


def _reach(b: Builder, source: Source) -> Function:
    reached = b.function(source.reached)
    if not source.loads:
        return reached
    assert isinstance(source.reached, Local)
    place, slot = b.function(source.shown), b.slot(source.reached.name)

    def function(w: Any, frame: list[Any]) -> Any:
        if frame[slot] is None:
            frame[slot] = w.load(slot, place(w, frame))
        return reached(w, frame)

    return function


def _next_element(source: Function, view: str, slots: tuple[int, int, int]) -> Function:
    p, k, s = slots

    def function(w: Any, frame: list[Any]) -> tuple[Any, ...]:
        items, position = source(w, frame), frame[p]
        match items:
            case list():
                frame[p] = position + 1
                return (items[position],) if position < len(items) else ()
            case dict():
                frame[k], found = _next_key(items, frame[k] or [len(items)])
                return tuple(_of(items, key, view) for key in found)
            case set():
                size, *left = frame[k] or [len(items), *items]
                if len(items) != size:
                    raise ScenarioError("RuntimeError", "Set changed size during iteration")
                frame[k] = [size, *left[1:]]
                return tuple(left[:1])
            case _:
                frame[s] = iterable(items)
                return ()

    return function


def _next_key(items: dict[Any, Any], known: list[Any]) -> tuple[list[Any], list[Any]]:
    """The first key in order that has not been visited; `known` are the size at the beginning and the visited ones."""
    size, *visited = known
    if len(items) != size:
        raise ScenarioError("RuntimeError", "dictionary changed size during iteration")
    left = [key for key in items if key not in visited]
    return [size, *(key for key in visited if key in items), *left[:1]], left[:1]


def _of(items: dict[Any, Any], key: Any, view: str) -> Any:
    match view:
        case "values":
            return items[key]
        case "items":
            return key, items[key]
        case _:
            return key
