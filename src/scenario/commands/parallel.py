"""`run --jobs N`: files side by side in processes; what they report is passed on in the order of the files."""

from __future__ import annotations

import contextlib
import os
import select
import signal
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import field
from typing import Any, TypeAlias

from scenario.commands.pipeline import Listener, report, stops
from scenario.commands.running import run_on
from scenario.engines import threads
from scenario.engines.threads.children import frames, parent
from scenario.engines.threads.children.peer import Peer
from scenario.files.faults import described
from scenario.files.loaded import Loaded
from scenario.files.options import RunOptions, Selection
from scenario.record import mutable
from scenario.results.result import Report, Result, Verdict

Event: TypeAlias = tuple[str, tuple[Any, ...]]
"""A method of Listener, and what it is told."""

_GRACE = 20.0
"""Seconds that a run may take beyond its own timeout before its worker is ended."""

_INTERRUPT_GRACE = 5.0

_LEAVE = 2.0
"""Seconds that an idle worker may take to end by itself."""


def run_side_by_side(
    files: Sequence[Loaded], selection: Selection, options: RunOptions, listener: Listener, jobs: int
) -> Report:
    """One result a case, as `running.run` gives them. A worker that dies is a fault on its file."""
    pool = _Pool(files, (selection, options), listener)
    with threads.noise(wanted=options.stress):  # once, whatever the number of jobs
        try:
            try:
                pool.go(jobs)
            except KeyboardInterrupt:
                pool.interrupt()
        except KeyboardInterrupt:  # once more: do not wait for what the workers still know
            pool.give_up()
        finally:
            pool.end()
    pool.tell(gaps=True)
    return report("run", files, pool.results, interrupted=pool.interrupted)


@mutable
class _Pool:
    files: Sequence[Loaded]
    settings: tuple[Selection, RunOptions]
    listener: Listener
    results: list[Result] = field(default_factory=list)
    interrupted: bool = False
    _workers: list[_Worker] = field(default_factory=list)
    _done: dict[int, list[Event]] = field(default_factory=dict)
    _told: int = 0

    def go(self, jobs: int) -> None:
        waiting = iter(range(len(self.files)))
        self._workers += [_Worker() for _ in range(jobs)]
        idle = list(self._workers)
        while True:
            while idle and not self._over() and (index := next(waiting, None)) is not None:
                self._give(idle.pop(), index)
            if self._stopped() or not self._busy():
                return
            idle += self._collect()

    def give_up(self) -> None:
        """From now on nobody is given anything more."""
        self.interrupted = True

    def interrupt(self) -> None:
        """Ctrl-C: the workers end what they do, and say what they have seen."""
        self.give_up()
        for worker in self._busy():
            worker.interrupt()
        while self._busy():
            for _ in self._collect():
                pass

    def tell(self, *, gaps: bool = False) -> None:
        """What is known of the next files; `gaps`: also of those behind one that is not done."""
        while self._told < len(self.files) and (gaps or self._told in self._done):
            for name, told in self._done.pop(self._told, ()):
                if self._stopped():
                    return
                getattr(self.listener, name)(*told)
                if name == "end":
                    self.results.append(told[0])
            self._told += 1

    def end(self) -> None:
        for worker in self._workers:
            worker.end_it()

    def _stopped(self) -> bool:
        return stops(self.results, exitfirst=self.settings[0].exitfirst)

    def _over(self) -> bool:
        return self.interrupted or self._stopped()

    def _busy(self) -> list[_Worker]:
        return [worker for worker in self._workers if worker.index is not None]

    def _give(self, worker: _Worker, index: int) -> None:
        loaded, options = self.files[index], self.settings[1]
        seconds = sum(program.timeout + _GRACE for program in loaded.programs) * options.times + _GRACE
        worker.begin(index, seconds, (loaded, *self.settings))

    def _collect(self) -> Iterator[_Worker]:
        """Waits for answers; gives the workers that have nothing to do now."""
        busy = self._busy()
        soonest = min(worker.end for worker in busy)
        ready = select.select([w.peer.answers for w in busy], [], [], max(0.0, soonest - time.monotonic()))[0]
        for worker in busy:
            if worker.peer.answers in ready or time.monotonic() > worker.end:
                yield self._answered(worker)

    def _answered(self, worker: _Worker) -> _Worker:
        index = worker.rest()
        try:
            events, interrupted = worker.peer.receive(worker.end)
        except (EOFError, TimeoutError) as error:
            if not self.interrupted:
                self._done[index] = [("end", (_lost(self.files[index], worker.death(error)),))]
            return self._instead_of(worker)
        self._done[index] = events
        self.interrupted = self.interrupted or interrupted
        self.tell()
        return worker

    def _instead_of(self, worker: _Worker) -> _Worker:
        worker.peer.kill()
        self._workers.remove(worker)
        self.tell()
        if self.interrupted:
            return worker
        self._workers.append(_Worker())
        return self._workers[-1]


class _Worker:
    """A process that runs whole files, and the file (`index`) it is at until `end` (time.monotonic) at most."""

    def __init__(self) -> None:
        self.peer = Peer("from scenario.commands.parallel import serve; serve()")
        self.index: int | None = None
        self.end = 0.0

    def begin(self, index: int, seconds: float, request: object) -> None:
        """It is at this file from now on, for so long at most."""
        self.index, self.end = index, time.monotonic() + seconds
        with contextlib.suppress(BrokenPipeError):  # it has died; that is seen when its answer is read
            self.peer.send(request)

    def interrupt(self) -> None:
        """Ctrl-C for what it runs; it has a moment to say what it has seen."""
        self.end = time.monotonic() + _INTERRUPT_GRACE
        self.peer.interrupt()

    def rest(self) -> int:
        """It is at no file any more: at which it was."""
        index, self.index = self.index, None
        assert index is not None
        return index

    def death(self, error: Exception) -> str:
        """How it ended, in words."""
        if isinstance(error, TimeoutError):
            return "its worker process went on far beyond the timeout, and was ended"
        return f"its worker process ended: exit status {self.peer.status()}"

    def end_it(self) -> None:
        """An idle one leaves by itself."""
        if self.index is None:
            self.peer.close(_LEAVE)
        else:
            self.peer.kill()


def _lost(loaded: Loaded, how: str) -> Result:
    return Result(loaded.file, Verdict("undecided"), loaded.source, loaded.name, fault=how)


# --- in the worker -------------------------------------------------------------------------------------


class _Kept:
    """The listener of a worker: everything it is told, for the listener of the command."""

    def __init__(self) -> None:
        self.events: list[Event] = []

    def begin(self, file: str, scenario: str, case: str) -> None:
        self.events.append(("begin", (file, scenario, case)))

    def printed(self, line: str) -> None:
        self.events.append(("printed", (line,)))

    def end(self, result: Result) -> None:
        self.events.append(("end", (result,)))


def serve() -> None:
    """Runs the files it is sent until nobody sends any more; leaves by os._exit, with whatever threads are left."""
    from_parent, answers = os.dup(0), os.dup(1)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.dup2(2, 1)  # what a user's own code prints must not get into the answers
    signal.signal(signal.SIGINT, signal.default_int_handler)
    with contextlib.suppress(BrokenPipeError, KeyboardInterrupt):
        requests = parent.requests(from_parent, orphaned=threads.close)
        while True:
            _answer(answers, *requests.get())
    threads.close()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(0)


def _answer(answers: int, loaded: Loaded, selection: Selection, options: RunOptions) -> None:
    kept = _Kept()
    report = run_on([loaded], selection, options, kept)
    try:
        frames.send(answers, (kept.events, report.interrupted))
    except (TypeError, AttributeError, ImportError, ValueError, RecursionError) as error:  # what pickle refuses
        frames.send(answers, ([("end", (_lost(loaded, described(error)),))], report.interrupted))
