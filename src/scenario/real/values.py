"""Values as they pass between threads: copied when given away, plain when the run is over."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator
from typing import Any

from scenario.program.bounded.limits import SCALARS
from scenario.program.copying import CONTAINERS, copied
from scenario.results.failures import Error
from scenario.results.outcome import FutureView

_LARGE = 50_000
"""Items in all, of the value itself and of what is in it."""


def fresh(value: object) -> object:
    """A copy that shares no container with `value`."""
    return value if value.__class__ in SCALARS else copied(value)


def fresh_each(items: Iterable[object]) -> Iterator[object]:
    """The items, each copied."""
    return map(fresh, items)


def view(value: object) -> object:
    """A copy for the outcome: futures as `FutureView`."""
    return value if value.__class__ in SCALARS else copied(value, _viewed)


def _viewed(value: object) -> object:
    return _future_view(value) if _is_future(value) else value


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
    base = sys.modules.get("concurrent.futures._base")
    return base is not None and isinstance(value, base.Future)


def _future_view(future: Any) -> FutureView:
    number = getattr(future, "in_order", id(future))
    if future.cancelled():
        return FutureView("cancelled", number=number)
    if not future.done():
        return FutureView("running" if future.running() else "pending", number=number)
    error = future.exception()
    if error is not None:
        return FutureView("finished", None, f"{type(error).__name__}: {text_of(error)}".removesuffix(": "), number)
    return FutureView("finished", view(future.result()), number=number)


_SPELLED = re.compile(r"'[ls]_(\w+)'")


def text_of(error: BaseException) -> str:
    """The exception's text, in the names of the file."""
    text = str(error)
    return _SPELLED.sub(r"'\1'", text) if isinstance(error, NameError) else text


def error_of(error: BaseException) -> Error:
    """The exception as a fact."""
    return Error(type(error).__name__, text_of(error))
