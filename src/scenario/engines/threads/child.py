"""The child process of `isolate`: runs what it is sent, and ends by os._exit, with whatever is left in it."""

from __future__ import annotations

import _thread
import os
import queue
import signal
import sys
import threading
import traceback
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from scenario.engines.threads import frames, pools
from scenario.engines.threads.runner import execute
from scenario.engines.threads.runtime import Run
from scenario.engines.threads.stop import leftovers
from scenario.run.outcome import Outcome

_SYNC = b"\0\n"
_requests: queue.SimpleQueue[Any] = queue.SimpleQueue()
_current: list[Run] = []
_interrupted = threading.Event()


def main() -> None:
    """Serves until the parent is gone or a run has left something behind."""
    from_parent, to_parent = os.dup(0), os.dup(1)
    null = os.open(os.devnull, os.O_RDONLY)
    os.dup2(null, 0)
    printed = _Printed()
    signal.signal(signal.SIGINT, _on_interrupt)
    threading.Thread(target=_control, args=(from_parent,), daemon=True).start()
    while True:
        request = _requests.get()
        try:
            is_clean = _serve(request, to_parent, printed)
        except BrokenPipeError:
            is_clean = False
        except BaseException:  # noqa: BLE001 (told to the parent: a fault of our own)
            frames.send(to_parent, ("fault", traceback.format_exc()))
            is_clean = False
        if not is_clean:
            _exit()


def _exit() -> None:
    """Ends the process whatever its threads do; the semaphores of process pools are given back first."""
    util = sys.modules.get("multiprocessing.util")
    if util is not None:
        util._run_finalizers(0)  # noqa: SLF001 (what its own exit does first)
    sys.stderr.flush()
    os._exit(0)


def _serve(request: Any, to_parent: int, printed: _Printed) -> bool:
    program, seed, stress = request
    _interrupted.clear()

    def on_print(text: str) -> None:
        frames.send(to_parent, ("print", text))

    def on_run(run: Run) -> None:
        _current[:] = [run]
        if run.process_pools():
            run.drain = printed.drain
            printed.say = run.say

    outcome = execute(program, seed=seed, stress=stress, on_print=on_print, on_run=on_run)
    is_clean = not leftovers() and not _current[0].process_pools()
    _current.clear()
    try:
        frames.send(to_parent, ("outcome", (outcome, is_clean)))
    except (TypeError, AttributeError, ImportError, ValueError):  # what pickle refuses
        frames.send(to_parent, ("outcome", (_plain(outcome), is_clean)))
    return is_clean


def _plain(outcome: Outcome) -> Outcome:
    """Values that can not travel as their text."""
    return replace(
        outcome, shared=_texts(outcome.shared), registers=_texts(outcome.registers), objects=_texts(outcome.objects)
    )


def _texts(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _texts(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set):
        return type(value)(map(_texts, value))
    return value if isinstance(value, int | float | str | None) else str(value)


def _on_interrupt(*_: object) -> None:
    if _interrupted.is_set():
        _interrupted.clear()
        raise KeyboardInterrupt


def _control(from_parent: int) -> None:
    """Takes requests, interrupts and the parent's end."""
    while True:
        try:
            message = frames.receive(from_parent)
        except EOFError:
            if _current:
                pools.kill_processes(_current[0])
            _exit()
        if message == "interrupt":
            _interrupted.set()
            _thread.interrupt_main()
        else:
            _requests.put(message)


def _to_nobody(_text: str) -> None:
    """Said outside of any run."""


class _Printed:
    """What worker processes print: they write to our standard output, which is a pipe to a thread of ours."""

    def __init__(self) -> None:
        self._read, write = os.pipe()
        os.dup2(write, 1)
        os.close(write)
        self._synced = threading.Semaphore(0)
        self.say: Callable[[str], None] = _to_nobody
        self._started = False

    def drain(self) -> None:
        """Returns when all that has been printed so far has been said."""
        if not self._started:
            self._started = True
            threading.Thread(target=self._pass_on, daemon=True).start()
        os.write(1, _SYNC)
        self._synced.acquire()

    def _pass_on(self) -> None:
        with os.fdopen(self._read, "rb") as lines:
            for line in lines:
                if line == _SYNC:
                    self._synced.release()
                else:
                    self.say(line.decode(errors="replace").removesuffix("\n"))
