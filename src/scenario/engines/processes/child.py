"""The child process of `isolate` for files on processes: it is the parent of theirs, and leaves nothing behind.

It leads its session, so all that it starts ends with it (see real/children/parent.py).
"""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import threading

from scenario.engines.processes.running import execute
from scenario.program.program import Program
from scenario.real.children import frames, parent
from scenario.real.children.serving import run_finalizers, serve_all

_interrupted = threading.Event()
_serving = threading.Lock()
_ending = threading.Lock()  # never released

_PATIENCE = 10.0
"""Seconds in which a run ends that is told to: who makes thousands of semaphores is in the middle of one."""


def main() -> None:
    """Serves until the parent is gone or a run has left something behind."""
    from_parent, to_parent = os.dup(0), os.dup(1)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.dup2(2, 1)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # we are told
    requests = parent.requests(from_parent, interrupted=_interrupted.set, orphaned=_orphaned)
    with contextlib.suppress(KeyboardInterrupt):
        serve_all(requests, to_parent, lambda request: _serve(request, to_parent))
    _clean_up()
    parent.end_session()


def _serve(request: object, to_parent: int) -> bool:
    assert isinstance(request, tuple)
    program, seed, records = request
    assert isinstance(program, Program)

    def on_print(text: str) -> None:
        frames.send(to_parent, ("print", text))

    with _serving:
        outcome = execute(program, seed=seed, on_print=on_print, is_interrupted=_interrupted.is_set, records=records)
    frames.send(to_parent, ("outcome", (outcome, False)))
    return False


def _orphaned() -> None:
    """What is still being made would have a name when all others are taken back: the run ends first."""
    _interrupted.set()
    _serving.acquire(timeout=_PATIENCE)
    _clean_up()


def _clean_up() -> None:
    """Semaphores have names in the system, which are taken back. One thread does it: a second one would cut it short."""
    _ending.acquire()
    run_finalizers()
    sys.stderr.flush()
