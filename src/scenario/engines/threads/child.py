"""The child process of `isolate`: runs what it is sent, and ends by os._exit, with whatever is left in it."""

from __future__ import annotations

import _thread
import contextlib
import io
import os
import signal
import sys
import threading
from typing import Any

from scenario.engines.threads.live import pools
from scenario.engines.threads.live.runtime import Run
from scenario.engines.threads.runner import execute
from scenario.engines.threads.watch.stop import leftovers
from scenario.real.children import frames, parent
from scenario.real.children.serving import run_finalizers, serve_all
from scenario.real.endable import Abandoned
from scenario.real.travelling import plain

_SYNC = b"\0\n"
_current: list[Run] = []
_interrupted = threading.Event()
_ending = threading.Lock()  # never released
_process_pools: list[object] = []  # kept to the end, so that no other thread gives their semaphores back


def main() -> None:
    """Serves until the parent is gone or a run has left something behind."""
    from_parent, to_parent = os.dup(0), os.dup(1)
    null = os.open(os.devnull, os.O_RDONLY)
    os.dup2(null, 0)
    printed = _Printed()
    signal.signal(signal.SIGINT, _on_interrupt)
    with contextlib.suppress(KeyboardInterrupt):  # where it comes between runs
        requests = parent.requests(from_parent, interrupted=_interrupt, orphaned=_orphaned)
        serve_all(requests, to_parent, lambda request: _serve(request, to_parent, printed))
    _exit()


def _exit() -> None:
    """Ends the process whatever its threads do; the semaphores of process pools are given back first.

    One thread does it: a second one would find that already begun, and cut it short. What is half given back is
    reported as leaked by multiprocessing's tracker.
    """
    _clean_up()
    parent.end_session()


def _clean_up() -> None:
    _ending.acquire()
    run_finalizers()
    sys.stderr.flush()


def _serve(request: Any, to_parent: int, printed: _Printed) -> bool:
    program, seed, stress, records = request

    def on_print(text: str) -> None:
        frames.send(to_parent, ("print", text))

    def on_run(run: Run) -> None:
        _current[:] = [run]
        _process_pools.extend(run.process_pools())
        if _process_pools or program.python:
            printed.begin(run)

    outcome = execute(program, seed=seed, stress=stress, on_print=on_print, on_run=on_run, records=records)
    is_clean = not leftovers() and not _process_pools and not program.python
    _current.clear()
    frames.send(to_parent, ("outcome", (plain(outcome), is_clean)))
    return is_clean


def _on_interrupt(*_: object) -> None:
    if _interrupted.is_set():
        _interrupted.clear()
        raise KeyboardInterrupt


def _interrupt() -> None:
    _interrupted.set()
    _thread.interrupt_main()


def _orphaned() -> None:
    with pools.without_processes(_current[0]) if _current else contextlib.nullcontext():
        _clean_up()


class _Printed:
    """What others print than the scenario, worker processes and the user's own code: to a pipe that is read here."""

    def __init__(self) -> None:
        self._read, write = os.pipe()
        os.dup2(write, 1)
        os.close(write)
        self._synced = threading.Semaphore(0)
        self._begun = b""

    def begin(self, run: Run) -> None:
        """From now on it is said in the run."""
        self._say = run.shown.say
        run.shown.drain_by(self._drain)
        if isinstance(sys.stdout, io.TextIOWrapper):
            sys.stdout.reconfigure(line_buffering=True)
        parent.begin(threading.Thread(target=self._pass_on, daemon=True))

    def _drain(self) -> str:
        """Returns when all that has been printed so far has been said: the line that has no end yet."""
        sys.stdout.flush()
        os.write(1, _SYNC)
        self._synced.acquire()
        return self._begun.decode(errors="replace")

    def _pass_on(self) -> None:
        with os.fdopen(self._read, "rb") as lines, contextlib.suppress(Abandoned):
            for line in lines:
                self._begun += line
                if line.endswith(_SYNC):
                    self._begun = self._begun.removesuffix(_SYNC)
                    self._synced.release()
                else:
                    self._say(self._begun.decode(errors="replace").removesuffix("\n"))
                    self._begun = b""
