"""Values as they pass between threads: copied when given away, plain when the run is over."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from scenario.program.bounded.limits import SCALARS, Refused
from scenario.program.copying import CONTAINERS, copied
from scenario.results.failures import Error
from scenario.results.outcome import IN_ITSELF, ExceptionView, FutureView, exception_view

_LARGE = 50_000
"""Items in all, of the value itself and of what is in it."""


def fresh(value: object) -> object:
    """A copy that shares no container with `value`."""
    return value if value.__class__ in SCALARS else copied(value)


def fresh_each(items: Iterable[object]) -> Iterator[object]:
    """The items, each copied."""
    return map(fresh, items)


def view(value: object) -> object:
    """A copy for the outcome: futures and exceptions as views of them."""
    return _view(value, frozenset())


def _view(value: object, inside: frozenset[int]) -> object:
    """`inside`: the futures, by their ids, in whose results it is."""

    def leaf(one: object) -> object:
        if isinstance(one, BaseException):
            return _exception_view(one)
        return _future_view(one, inside) if _is_future(one) else one

    return value if value.__class__ in SCALARS else copied(value, leaf)


def is_large(value: object) -> bool:
    """Whether a copy of it takes long. Raises RuntimeError where a dict or set changes meanwhile."""
    left = _LARGE
    rest = [value]
    while rest:
        item = rest.pop()
        if item.__class__ in CONTAINERS:
            left -= len(item)
            if left < 0:
                return True
            rest += item
            if item.__class__ is dict:
                rest += item.values()
    return False


def _is_future(value: object) -> bool:
    base, tasks = sys.modules.get("concurrent.futures._base"), sys.modules.get("asyncio")
    return (base is not None and isinstance(value, base.Future)) or (
        tasks is not None and isinstance(value, tasks.Future)
    )


def _future_view(future: Any, inside: frozenset[int]) -> FutureView:
    number = getattr(future, "in_order", id(future))
    if future.cancelled():
        return FutureView("cancelled", number=number)
    if not future.done():
        running = hasattr(future, "running") and future.running()
        return FutureView("running" if running else "pending", number=number)
    error = future.exception()
    if error is not None:
        return FutureView("finished", None, _exception_view(error), number)
    if id(future) in inside:
        return FutureView("finished", IN_ITSELF, number=number)
    return FutureView("finished", _view(future.result(), inside | {id(future)}), number=number)


def _exception_view(error: BaseException) -> ExceptionView:
    return exception_view(type(error).__name__, text_of(error))


_SPELLED = r"'[ls]_(\w+)'"


_ADDRESS = r"<Future at 0x[0-9a-f]+"


def text_of(error: BaseException) -> str:
    """The exception's text, in the names of the file."""
    text = str(error)
    if type(error).__name__ == "InvalidStateError":
        text = re.sub(_ADDRESS, "<Future at 0x…", text)
    return re.sub(_SPELLED, r"'\1'", text) if isinstance(error, NameError) else text


def refusals_before(error: BaseException) -> Iterator[Refused]:
    """What has gone past a bound while something else was raised in its place."""
    context = error.__context__
    while context is not None:
        if isinstance(context, Refused):
            yield context
        context = context.__context__


def own_locals(names: Mapping[str, object]) -> Iterator[tuple[str, object]]:
    """A thread's locals by the names of the file; emitted code marks them, and has the thread's name and index beside them."""
    for name, value in names.items():
        if name.startswith("l_") and name not in ("l_name", "l_index"):
            yield name[2:], value


def error_of(error: BaseException) -> Error:
    """The exception as a fact."""
    return Error(type(error).__name__, text_of(error))
