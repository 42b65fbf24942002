"""The steps of a run, told by the processes themselves as they begin them."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from multiprocessing.context import SpawnContext

from scenario.engines.processes.reports import Noted, Reports
from scenario.results.recorded import LONGEST, MOST, Begun, Glance, What
from scenario.source import Span

_COUNT, _SPENT, _CLOSED, _CUT, _FIELDS = range(5)


class Recording:
    """What all processes share of it: one after the other notes its step, so that their order is the one in which they were begun."""

    def __init__(self, context: SpawnContext, reports: Reports) -> None:
        self.lock = context.Lock()
        self._reports = reports
        self._fields = context.RawArray("d", _FIELDS)

    @property
    def is_whole(self) -> bool:
        """Whether there were no more steps than are noted."""
        return not self._fields[_CUT]

    def close(self) -> None:
        """What is done from now on is no part of it."""
        self._fields[_CLOSED] = 1

    def note(
        self, thread: str, span: Span, own: Mapping[str, object], what: What, glance: Callable[[], Glance]
    ) -> None:
        """`own` are the thread's locals; `glance` looks at everything."""
        fields = self._fields
        if fields[_CLOSED]:
            return
        with self.lock:
            if not fields[_CLOSED] and (fields[_COUNT] >= MOST or fields[_SPENT] > LONGEST):
                fields[_CLOSED] = fields[_CUT] = 1
            if fields[_CLOSED]:
                return
            began = time.thread_time()
            self._reports.tell(Noted(Begun(thread, span, glance(), own, what)))
            fields[_COUNT] += 1
            fields[_SPENT] += time.thread_time() - began
