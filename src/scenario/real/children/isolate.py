"""Runs in a child process, which can be thrown away with all that a run left in it.

It answers ("print", line), ("outcome", (outcome, is_clean)), ("invalid", diagnostics) or ("fault", what it was).
"""

from __future__ import annotations

import atexit
import signal
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from scenario.diagnostics import InvalidScenario
from scenario.program.program import Program
from scenario.record import record
from scenario.results.failures import Failure, ProcessEnded
from scenario.results.outcome import Outcome

if TYPE_CHECKING:  # most runs need no child
    from scenario.real.children.peer import Peer

_GRACE = 10.0
"""Seconds that a child may take beyond the scenario's own timeout."""

_INTERRUPT_GRACE = 3.0

_LEAVE = 5.0
"""Seconds that a child may take to end by itself: it takes back what has a name in the system, on a busy machine too."""

LONGEST = _INTERRUPT_GRACE + _LEAVE
"""Seconds after a Ctrl-C in which a run has come to its end, and its child too."""

_idle: dict[str, list[Peer]] = {}
"""By what made them."""


def run(statement: str, program: Program, request: object, on_print: Callable[[str], None] | None) -> Outcome:
    """Runs the program in a child, which is made by the statement and sent the request. What it prints arrives in order, as it comes.

    Raises InvalidScenario if the user's own code is not there.
    """
    # one that waits has the directory and the modules of an earlier time: nothing for the user's own code
    idle = _idle.setdefault(statement, [])
    child = idle.pop() if idle and not program.python else _child(statement)
    try:
        answer = _answer(child, program, request, on_print)
    except (
        InvalidScenario,
        OSError,
        RuntimeError,
    ):  # its own answer: it goes, and takes back what has a name in the system
        child.close(_LEAVE)
        raise
    except BaseException:
        child.kill()
        raise
    if answer.is_clean and not answer.is_interrupted:
        idle.append(child)
    else:
        child.close(_LEAVE)
    if answer.is_interrupted and answer.outcome.end != "interrupted":
        raise KeyboardInterrupt  # it came when all was over
    return answer.outcome


def close() -> None:
    """Ends the children that wait for further runs, if there are any."""
    for idle in _idle.values():
        while idle:
            idle.pop().close(_LEAVE)


atexit.register(close)


def _child(statement: str) -> Peer:
    from scenario.real.children.peer import Peer

    return Peer(statement)


@record
class _Answer:
    """The outcome, whether the child can be used again, and whether Ctrl-C came before it was there."""

    outcome: Outcome
    is_clean: bool
    is_interrupted: bool


def _answer(child: Peer, program: Program, request: object, on_print: Callable[[str], None] | None) -> _Answer:
    child.send(request)
    end = time.monotonic() + program.timeout + _GRACE
    output: list[str] = []
    interrupted = False
    while True:
        try:
            kind, value = child.receive(end)
            if kind == "outcome":
                outcome, is_clean = value
                return _Answer(outcome, is_clean, interrupted)
            if kind == "invalid":
                raise InvalidScenario(value)
            if kind == "refused":
                raise OSError(*value)
            if kind == "fault":
                raise RuntimeError(value)
            output.append(value)
            if on_print is not None:
                on_print(value)
        except KeyboardInterrupt:
            interrupted = True
            child.interrupt()
            end = time.monotonic() + _INTERRUPT_GRACE
        except TimeoutError:  # the child's own watcher could not come through
            late = Outcome("interrupted" if interrupted else "timeout", _unknown(program), output=tuple(output))
            return _Answer(late, False, interrupted)
        except EOFError:
            if interrupted:  # before it had begun
                return _Answer(Outcome("interrupted", _unknown(program), output=tuple(output)), False, True)
            return _Answer(_ended(program, child.status(), tuple(output)), False, False)


def _ended(program: Program, status: int, output: tuple[str, ...]) -> Outcome:
    """The child has gone in the middle of the run: the user's own code did that. Without any, it is our fault."""
    how = ProcessEnded("signal", _signal(-status)) if status < 0 else ProcessEnded("exit status", str(status))
    if not program.python:
        raise RuntimeError(f"a run's child process ended: {how.by} {how.how}")
    place = next(iter(program.python.values())).span
    return Outcome("ended", _unknown(program), output=output, failures=(Failure(how, place),))


def _unknown(program: Program) -> dict[str, object]:
    """Nobody is left to say what the variables are."""
    return {var.name: None for var in program.vars}


def _signal(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return str(number)
