"""While the frames of other threads are read, the collector waits.

Until CPython 3.11 an allocation may collect, and so may the reading of a frame's variables. Finalizers and callbacks then
run Python, which may let go of the GIL, and the frame may end before its variables are read: the process crashes. Since
3.12 the collector runs between two instructions only.
"""

from __future__ import annotations

import gc
import sys
from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")

NEEDED = sys.version_info < (3, 12)


def undisturbed(reader: Callable[P, T]) -> Callable[P, T]:
    """The function, with the collector off while it reads frames."""
    if not NEEDED:
        return reader

    @wraps(reader)
    def reading(*args: P.args, **kwargs: P.kwargs) -> T:
        was_on = gc.isenabled()
        try:
            gc.disable()
            return reader(*args, **kwargs)
        finally:
            if was_on:
                gc.enable()

    return reading
