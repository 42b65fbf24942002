"""The functions in which a thread waits for an object, Python over a Condition: for what, what moves it, and when they refuse.

CPython's own fine print (threading.py, queue.py): a thread is blocked there if and only if its waiter is still queued.
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Mapping
from types import CodeType
from typing import Any

from scenario.engines.threads import privates
from scenario.interpreter.objects import left_of
from scenario.record import record
from scenario.results.waiting import WaitKind


@record
class Function:
    """`moved_by`: what another thread may do to the object so that the wait ends, as a footprint counts it (`ops.Act.effects`).

    `refuses`: whether a call on the object would have to wait now.
    """

    kind: WaitKind
    moved_by: str
    refuses: Callable[[Any], bool]


_CONDITION = Function("condition", "notify", lambda _: True)

FUNCTIONS: Mapping[CodeType, Function] = {
    threading.Semaphore.acquire.__code__: Function("semaphore", "free", lambda place: left_of(place) == 0),
    threading.Event.wait.__code__: Function("event", "set", lambda place: not place.is_set()),
    threading.Barrier.wait.__code__: Function("barrier", "barrier", lambda place: not privates.lets_in(place)),
    queue.Queue.get.__code__: Function("item", "put", lambda place: bool(place.empty())),
    queue.Queue.put.__code__: Function("room", "get", lambda place: isinstance(place, queue.Queue) and place.full()),
    queue.Queue.join.__code__: Function("tasks", "done", lambda place: bool(place.unfinished_tasks)),
    privates.CONDITION.wait_for.__code__: _CONDITION,
    privates.CONDITION.wait.__code__: _CONDITION,
}

BY_KIND: Mapping[str, Function] = {function.kind: function for function in FUNCTIONS.values()}
"""The same by what is waited for; a SimpleQueue's items are waited for in C, and the same is true of them."""
