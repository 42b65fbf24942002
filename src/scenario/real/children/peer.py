"""A child process that is spoken to in messages (see frames.py), and that leaves nothing behind."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from typing import Any

from scenario.interpreters import started
from scenario.real.children import frames
from scenario.search_path import handed_on, trusted


class Peer:
    """A Python process that runs `statement`, with our interpreter flags and a search path that can be trusted.

    It reads requests from its standard input and answers on its standard output. It leads a session of its own: Ctrl-C
    is for us, who tell it, and what it has started ends with it. What it starts has its flags: multiprocessing's
    processes do not look in the current directory either (`-P`).
    """

    def __init__(self, statement: str) -> None:
        path = f"import sys; sys.path[:] = {trusted(sys.path)!r}; from scenario.search_path import secure; secure()"
        quiet = "from scenario.ctrl_c import end_in_silence; end_in_silence()"
        self._process = started(["-P", *interpreter_flags(), "-c", f"{path}; {quiet}; {statement}"], env=handed_on())
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._stdin, self._stdout = self._process.stdin, self._process.stdout
        self._to, self.answers = self._stdin.fileno(), self._stdout.fileno()

    def send(self, message: object) -> None:
        """One message to it. BrokenPipeError if it is gone, OSError if the system has too little for it."""
        try:
            frames.send(self._to, message)
        except BrokenPipeError:
            self._refused()
            raise

    def receive(self, end: float | None = None) -> Any:
        """Its next message. EOFError when it is gone, TimeoutError past `end` (time.monotonic), OSError if the system has too little for it."""
        try:
            return frames.receive(self.answers, end)
        except EOFError:
            self._refused()
            raise

    def _refused(self) -> None:
        """Of one that is gone: raises OSError where it had not what it needs."""
        if self.status() == frames.NO_THREAD:
            raise frames.no_thread()

    def interrupt(self) -> None:
        """Ctrl-C for what it runs: it answers all the same. No signal, for that could meet it before it is ready."""
        with contextlib.suppress(BrokenPipeError):  # gone already: seen at the next look
            self.send(frames.INTERRUPT)

    def status(self) -> int:
        """Its exit status, negative for a signal, once `receive` has told that it is gone; what it started is ended."""
        self.kill()
        return self._process.returncode

    def close(self, seconds: float) -> None:
        """Tells it that nothing more will come, gives it the time to leave by itself, and ends it else."""
        if self._process.returncode is not None:
            return
        with contextlib.suppress(OSError):
            self._stdin.close()
        end = time.monotonic() + seconds
        with contextlib.suppress(EOFError, TimeoutError):
            while True:
                frames.receive(self.answers, end)
        self.kill()

    def slay(self) -> None:
        """Ends it and what it has started (its session), at once; who waits for its answer is told by `receive`."""
        if self._process.returncode is None:  # not reaped: its number is still its own
            with contextlib.suppress(OSError):
                os.killpg(self._process.pid, signal.SIGKILL)

    def kill(self) -> None:
        """The same; and it is reaped, and spoken to no more."""
        self.slay()
        if self._process.returncode is None:
            self._process.wait()
        for stream in (self._stdin, self._stdout):
            with contextlib.suppress(OSError):
                stream.close()


def interpreter_flags() -> list[str]:
    """This interpreter's flags, for another one (as multiprocessing does)."""
    flags: list[str] = vars(subprocess)["_args_from_interpreter_flags"]()
    return flags
