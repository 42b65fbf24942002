"""Runs in a child process, which can be thrown away with all that a run left in it."""

from __future__ import annotations

import atexit
import contextlib
import os
import subprocess
import sys
import time
from collections.abc import Callable
from typing import Any

from scenario.engines.threads import frames
from scenario.engines.threads.walk import nodes
from scenario.program import ops
from scenario.program.program import Primitive, ProcessPool, Program, ThreadPool
from scenario.run.outcome import Outcome

_GRACE = 10.0
"""Seconds that a child may take beyond the scenario's own timeout."""

_INTERRUPT_GRACE = 3.0

_idle: list[Child] = []


def is_needed(program: Program) -> bool:
    """A pool that waits for itself keeps a process alive, even with daemon workers.

    Threads that join one another in a circle can not be stopped either: nothing but a thread's end frees who joins it.
    """
    blocks = (*(group.body for group in program.groups), *(routine.body for routine in program.routines.values()))
    joins = any(isinstance(node, ops.Join) for node in nodes(blocks))
    return joins or any(_is_pool(primitive) for primitive in program.primitives)


def _is_pool(primitive: Primitive) -> bool:
    return any(isinstance(kind, ThreadPool | ProcessPool) for kind in primitive.elements)


def run(program: Program, *, seed: int, stress: bool, on_print: Callable[[str], None] | None) -> Outcome:
    """Runs the program in a child. What it prints arrives in order, as it comes."""
    child = _idle.pop() if _idle else Child()
    try:
        outcome, is_clean = child.run((program, seed, stress), program.timeout + _GRACE, on_print)
    except BaseException:
        child.kill()
        raise
    if is_clean:
        _idle.append(child)
    else:
        child.close()
    return outcome


def close() -> None:
    """Ends the child that waits for further runs, if there is one."""
    while _idle:
        _idle.pop().close()


atexit.register(close)


class Child:
    """A process that runs programs, one after the other, until one leaves something behind."""

    def __init__(self) -> None:
        code = f"import sys; sys.path[:] = {sys.path!r}; from scenario.engines.threads.child import main; main()"
        flags = subprocess._args_from_interpreter_flags()  # type: ignore[attr-defined]  # noqa: SLF001 (as multiprocessing does)
        self._process = subprocess.Popen(  # noqa: S603
            [sys.executable, *flags, "-c", code],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            start_new_session=True,  # Ctrl-C is for us; we tell the child
        )
        assert self._process.stdin is not None and self._process.stdout is not None  # noqa: PT018
        self._to, self._from = self._process.stdin.fileno(), self._process.stdout.fileno()

    def run(self, request: Any, seconds: float, on_print: Callable[[str], None] | None) -> tuple[Outcome, bool]:
        """(the outcome, whether the child can be used again)."""
        frames.send(self._to, request)
        end = time.monotonic() + seconds
        output: list[str] = []
        while True:
            try:
                kind, value = frames.receive(self._from, end)
                if kind == "print":
                    output.append(value)
                    if on_print is not None:
                        on_print(value)
                elif kind == "outcome":
                    outcome, is_clean = value
                    return outcome, is_clean
                else:
                    raise RuntimeError(f"a run failed in its child process:\n{value}")
            except KeyboardInterrupt:
                frames.send(self._to, "interrupt")
                end = time.monotonic() + _INTERRUPT_GRACE
            except TimeoutError:
                # the child's own watcher could not come through
                return Outcome("timeout", {}, output=tuple(output)), False
            except EOFError:
                raise RuntimeError(f"a run's child process ended: exit status {self._process.wait()}") from None

    def close(self) -> None:
        """Ends the child; it has nothing to do any more."""
        for stream in (self._process.stdin, self._process.stdout):
            if stream is not None:
                with contextlib.suppress(OSError):
                    stream.close()
        try:
            self._process.wait(1)
        except subprocess.TimeoutExpired:
            self.kill()

    def kill(self) -> None:
        """Ends the child and the worker processes that it has started (they are its session)."""
        with contextlib.suppress(OSError):
            os.killpg(self._process.pid, 9)
        self._process.wait()
        for stream in (self._process.stdin, self._process.stdout):
            if stream is not None:
                with contextlib.suppress(OSError):
                    stream.close()
