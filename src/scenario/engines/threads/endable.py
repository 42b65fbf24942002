"""Ends a thread from outside by an exception that reaches what it runs for us, and nothing that Python does around that.

From CPython 3.14 on an exception may come after `with` has taken its lock and before its body begins: then nobody releases it. A
thread that begins or ends takes one that all threads need, and so none may come there.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from scenario.real.findings import Abandoned, look_no_more, raise_in

_OPEN, _AIMED = "scenario_open", "scenario_aimed"
"""Kept in the thread's own attributes: whether it may be ended now, and whether somebody is about to."""


def closed(thread: threading.Thread) -> None:
    """It is not ended before it has begun, if what it runs is `within`."""
    vars(thread)[_OPEN] = False


def within(run: Callable[[], object]) -> None:
    """Runs it, in this thread, which may be ended meanwhile."""
    state = vars(threading.current_thread())
    state[_OPEN] = True
    try:
        run()
    finally:
        state[_OPEN] = False  # not by a call: one may come only there
        try:
            _settle(state)
        except Abandoned:  # the one that was there already; another may be under way
            _settle(state)


def _settle(state: dict[str, object]) -> None:
    """None is under way any more, and none is left."""
    if _AIMED in state:
        while state[_AIMED]:
            time.sleep(0)
        look_no_more(threading.get_ident())


def end(thread: threading.Thread) -> None:
    """An exception at the thread's next instruction; none while it is blocked."""
    state = vars(thread)
    state[_AIMED] = True
    try:
        if thread.ident is not None and thread.is_alive() and state.get(_OPEN, True):
            raise_in(thread.ident)
    finally:
        state[_AIMED] = False
