"""The functions of concurrent.futures that emitted code calls; the module is slow to import, and few files need it."""

from __future__ import annotations

from typing import Any

from scenario.program.bounded.sets import Set


def wait_futures(futures: Any, timeout: float | None = None, return_when: str = "ALL_COMPLETED") -> object:
    """`concurrent.futures.wait`: a tuple of the set of done ones and the set of the others."""
    from concurrent.futures import wait

    return tuple(map(Set, wait(futures, timeout, return_when)))


def as_completed(futures: Any, timeout: float | None = None) -> object:
    from concurrent.futures import as_completed as completed

    return completed(futures, timeout)
