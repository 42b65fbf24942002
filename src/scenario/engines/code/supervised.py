"""A search in a thread of its own, looked at from outside: what blocks or goes on without end ends it, with the place."""

from __future__ import annotations

from collections.abc import Callable, Collection
from contextlib import suppress
from pathlib import PurePath
from threading import Event, Thread, get_ident
from time import monotonic
from traceback import extract_stack
from types import FrameType
from typing import Generic, TypeVar

from scenario.engines.code.actors import Caught
from scenario.engines.code.modules import could_be_named
from scenario.engines.code.privates import call_daemon, deep_stacks, frame_of, start_unwaited, thread_of
from scenario.real import endable

T = TypeVar("T")
LOOK = 0.05
"""Seconds between two looks."""
BLOCKED = 1.0
"""Seconds without progress after which a search is given up."""


class Stalled(Exception):
    """The search came to no end: at which `place` the thread was, and in which module that is not looked into (`outside`, "": in none)."""

    def __init__(self, place: str, outside: str = "") -> None:
        super().__init__(place)
        self.outside = outside

    def words(self) -> str:
        """Why nothing is decided."""
        name = self.outside
        where = f", in {name}, which is not looked into: name it (`modules=['{name}']`)" if name else ""
        return f"{self}: this blocks or goes on outside of control{where}"


class Supervised(Generic[T]):
    """`search` is called in a thread of its own.

    `progress` grows while it goes on, `mover` is the identity of the thread that moves (0: the search's own), `give_up` tells it to end,
    `files` are the user's.
    """

    def __init__(
        self,
        search: Callable[[], T],
        progress: Callable[[], int],
        mover: Callable[[], int],
        give_up: Callable[[], None],
        files: Collection[str],
    ) -> None:
        self._search, self._progress, self._mover, self._give_up, self._files = search, progress, mover, give_up, files
        self._over = Event()
        self._result: list[T] = []
        self._caught = Caught()
        self._thread = Thread(target=self._run, name="scenario-search", daemon=False)
        endable.closed(self._thread)

    def _run(self) -> None:
        call_daemon(self._thread, daemon=False)
        with suppress(endable.Abandoned):
            endable.within(self._keep)
        self._over.set()

    def _keep(self) -> None:
        with self._caught:
            self._result.append(self._search())

    def result(self, until: float) -> T:
        """What the search returns or raises; a step that goes on beyond `until` ends it. Raises Stalled."""
        with deep_stacks():
            start_unwaited(self._thread)
        try:
            self._watch(until)
        except BaseException:
            self._end()
            raise
        if self._caught.error is not None:
            raise self._caught.error
        return self._result[0]

    def _watch(self, until: float) -> None:
        """Until the search is over. Raises Stalled where the thread that moves stands still, or goes on beyond its time."""
        last, since, looks = self._standing(), monotonic(), 0
        while not self._over.wait(LOOK):
            standing = self._standing()
            still = standing == last or (standing[0] == last[0] and monotonic() > until)
            looks += 1
            if still and looks * LOOK > BLOCKED and monotonic() - since > BLOCKED:
                raise Stalled(self._place(), self._outside())
            if not still:  # on a busy machine this thread, too, does not come to look
                last, since, looks = standing, monotonic(), 0

    def _frame(self) -> FrameType | None:
        ident = self._mover() or self._thread.ident
        return None if ident is None else frame_of(ident)

    def _standing(self) -> tuple[int, int, int]:
        """How far the search is, and at which instruction the thread that moves."""
        frame = self._frame()
        return self._progress(), id(frame), -1 if frame is None else frame.f_lasti

    def _place(self) -> str:
        """The line of the user's code at which the thread that moves is, or whatever line it is at."""
        stack = extract_stack(self._frame())
        own = [frame for frame in stack if frame.filename in self._files] or stack
        return "" if not own else f"{PurePath(own[-1].filename).name}:{own[-1].lineno} ({own[-1].line})"

    def _outside(self) -> str:
        """The module that it is in there, if its code is not looked into and could be."""
        frame = self._frame()
        while frame is not None and frame.f_code.co_filename not in self._files:
            if could_be_named(name := str(frame.f_globals.get("__name__"))):
                return name
            frame = frame.f_back
        return ""

    def _end(self) -> None:
        """Whatever still goes is told to end, and is not waited for long."""
        self._give_up()
        ident = self._mover()
        if not self._over.wait(LOOK):
            endable.end(thread_of(ident) or self._thread)
            if not self._over.wait(BLOCKED):
                endable.look_no_more(get_ident())
            endable.give_back_shared()
