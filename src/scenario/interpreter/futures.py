"""Futures: their numbers, the scenario's own, and the callbacks that whoever completes one runs."""

from __future__ import annotations

import itertools
from typing import Any

_numbers = [itertools.count()]


def begin() -> None:
    """A run's futures have the same numbers in each run: its outcomes are compared."""
    _numbers[0] = itertools.count()


def number_of(future: Any) -> None:
    """Futures are numbered as they are made, for their order in a set."""
    future.in_order = next(_numbers[0])


def own_future() -> object:
    """One that the scenario completes itself."""
    from concurrent.futures import Future

    quiet()
    future: Future[object] = Future()
    number_of(future)
    return future


def quiet() -> None:
    """concurrent.futures logs what an initializer or a callback raised; here its users see the first, and nobody the second."""
    import logging

    logging.getLogger("concurrent.futures").disabled = True
