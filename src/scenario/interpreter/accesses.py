"""One access to the real shared variables: what is done between two gates."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, assert_never

from scenario.interpreter.computing import remove, store, value_of
from scenario.interpreter.environment import Held, LiveEnvironment
from scenario.program.bounded.operators import IN_PLACE
from scenario.program.bounded.sets import one_by_one
from scenario.real.values import fresh
from scenario.steps import code as steps
from scenario.steps.computing import is_container, looked_at, sequence
from scenario.syntax import Expr, Local


def access(e: LiveEnvironment, of: steps.AnyAccess) -> Any:
    """Its value. What CPython has reached by then is read first, for what it may raise."""
    for reached in of.reached:
        value_of(e, reached)
    match of:
        case steps.Read(value):
            return e.plain(value)
        case steps.Load(place):
            return Held(e.plain(place))
        case steps.Call(call):
            return e.plain(call)
        case steps.Write(place, value):
            return store(e, place, _given(e, value))
        case steps.Delete(place):
            return remove(e, place)
        case steps.Update(place, operator, value):
            old = e.plain(place)
            if not is_container(old):
                return (old,)
            store(e, place, IN_PLACE[operator](old, fresh(e.plain(value))))
            return ()
        case steps.Extend(container, operator, value, back):
            changed = IN_PLACE[operator](e.plain(container), fresh(e.plain(value)))
            return None if back is None else store(e, back, changed)
        case steps.Next():
            return _next(e, of)
        case _:
            assert_never(of)


def _given(e: LiveEnvironment, value: Expr) -> object:
    """What is given to a shared place is copied, unless it is the object that was loaded from there."""
    is_held = isinstance(value, Local) and isinstance(e.frame[value.name], Held)
    return e.plain(value) if is_held else fresh(e.plain(value))


def _next(e: LiveEnvironment, of: steps.Next) -> tuple[object, ...]:
    """By Python's own iterator, which the cursor holds."""
    left = e.frame[of.cursor.name]
    if left is None:
        items = looked_at(_container(e, of), of.view)
        if not is_container(items):
            e.frame[of.own.name] = sequence(items)
            return ()
        left = e.frame[of.cursor.name] = begun(items, of.view)
    assert isinstance(left, Iterator)
    return one_of(left)


def begun(items: Iterable[object], view: str) -> Iterator[object]:
    """Python's own iterator over the elements; `view`: what is taken of a dict."""
    return iter(getattr(items, view or "keys")() if isinstance(items, dict) else one_by_one(items))


def one_of(left: Iterator[object]) -> tuple[object, ...]:
    """The next element, if there is one."""
    return tuple(item for _, item in zip((0,), left, strict=False))


def _container(e: LiveEnvironment, of: steps.Next) -> Any:
    if of.loads:
        assert isinstance(of.container, Local)
        assert of.shown is not None
        e.frame[of.container.name] = Held(e.plain(of.shown))
    return e.plain(of.container)
