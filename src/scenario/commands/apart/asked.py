"""The user's own code is explored in a process of its own, which imports it anew: whatever it does there ends with it."""

from __future__ import annotations

import signal
import time
from collections.abc import Callable
from dataclasses import replace
from typing import TypeAlias

from scenario.diagnostics import InvalidScenario
from scenario.program.program import Program
from scenario.real.children.peer import Peer
from scenario.record import record
from scenario.results.exploration import Exploration, Pace
from scenario.results.filmed import Filmed
from scenario.results.undecided import NotAll, OutOfTime, OwnCode
from scenario.settings import ExploreOptions

Progress: TypeAlias = Callable[[Pace], None]
SERVE = "from scenario.commands.apart.served import serve; serve()"
_GRACE = 20.0
"""Seconds that the process may take beyond the budget: to import, to confirm, to answer."""
_INTERRUPT_GRACE = 3.0


@record
class Asked:
    """What the process is sent."""

    program: Program
    options: ExploreOptions
    allowed: frozenset[str]
    schedule: str | None = None


@record
class Films:
    """What it is sent to film these schedules, or some executions where there are none."""

    program: Program
    options: ExploreOptions
    allowed: frozenset[str]
    schedules: tuple[str, ...]


def film_apart(asked: Films) -> Filmed | None:
    """As `engines.code.film.film_file`; None where the code can not be filmed: there was no time, it ended its process."""
    child = Peer(SERVE)
    try:
        child.send(asked)
        kind, value = child.receive(time.monotonic() + asked.options.max_seconds + _GRACE)
    except (TimeoutError, EOFError):
        return None
    finally:
        child.kill()
    if kind == "fault":
        raise RuntimeError(value)
    return value if isinstance(value, Filmed) else None


def explore_apart(asked: Asked, progress: Progress | None) -> Exploration:
    """As `engines.code.explore_file`. Raises InvalidScenario where the code is not there."""
    child = Peer(SERVE)
    try:
        return _answer(child, asked, progress)
    finally:
        child.kill()


def _answer(child: Peer, asked: Asked, progress: Progress | None) -> Exploration:
    child.send(asked)
    end, interrupted = time.monotonic() + asked.options.max_seconds + _GRACE, False
    while True:
        try:
            kind, value = child.receive(end)
        except KeyboardInterrupt:
            if interrupted:
                return nothing(NotAll("interrupted"), interrupted=True)
            interrupted, end = True, time.monotonic() + _INTERRUPT_GRACE
            child.interrupt()
        except (TimeoutError, EOFError) as error:
            if interrupted:  # also where it was not yet so far that it would answer
                return nothing(NotAll("interrupted"), interrupted=True)
            if isinstance(error, TimeoutError):
                return nothing(OutOfTime())
            return nothing(OwnCode(f"the user's own code ended its process ({_how(child.status())})"))
        else:
            match kind:
                case "pace":
                    if progress is not None:
                        progress(value)
                case "invalid":
                    raise InvalidScenario(value)
                case "fault":
                    raise RuntimeError(value)
                case _:
                    found: Exploration = value
                    return replace(found, interrupted=True) if interrupted else found


def _how(status: int) -> str:
    return f"signal {signal.Signals(-status).name}" if status < 0 else f"exit status {status}"


def nothing(why: NotAll | OutOfTime | OwnCode, *, interrupted: bool = False) -> Exploration:
    return Exploration(exhausted=False, states=0, steps=0, seconds=0.0, undecided=(why,), interrupted=interrupted)
