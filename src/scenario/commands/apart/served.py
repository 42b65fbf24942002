"""The process in which the user's own code is explored: one request, one answer, and its end."""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import time

from scenario.commands.apart.asked import Asked, Films, nothing
from scenario.diagnostics import InvalidScenario
from scenario.engines.code import FileRequest, NoSource, explore_file
from scenario.files.faults import described
from scenario.judge import judge
from scenario.program.evaluate import Raised, tried
from scenario.real.children import frames, parent
from scenario.results.exploration import Pace
from scenario.results.undecided import OwnCode

_EVERY = 0.05
"""Seconds between two messages about how far it is."""


def serve() -> None:
    """Answers one request, and ends the process with whatever is left in it."""
    from_parent, answers = os.dup(0), os.dup(1)
    null = os.open(os.devnull, os.O_RDWR)
    os.dup2(null, 0)
    os.dup2(null, 1)  # what the user's own code prints is kept where the file asks for it
    signal.signal(signal.SIGINT, signal.default_int_handler)
    with contextlib.suppress(BrokenPipeError, KeyboardInterrupt):
        asked: Asked | Films = parent.requests(from_parent, orphaned=_nothing_more).get()
        frames.send(answers, _films(asked) if isinstance(asked, Films) else _answer(asked, answers))
    sys.stderr.flush()
    os._exit(0)


def _nothing_more() -> None:
    """The parent is gone: the process ends at once."""


def _answer(asked: Asked, answers: int) -> tuple[str, object]:
    told = [time.monotonic()]

    def tell(pace: Pace) -> None:
        if time.monotonic() - told[0] > _EVERY:
            told[0] = time.monotonic()
            frames.send(answers, ("pace", pace))

    request = FileRequest(asked.program, asked.options, asked.allowed, asked.schedule)
    found = tried(lambda: explore_file(request, judge, tell))
    return _wrong(found) if isinstance(found, Raised) else ("found", found)


def _films(asked: Films) -> tuple[str, object]:
    from scenario.engines.code.film import film_file

    request = FileRequest(asked.program, asked.options, asked.allowed)
    found = tried(lambda: film_file(request, asked.schedules, judge))
    return _wrong(found) if isinstance(found, Raised) else ("found", found)


def _wrong(found: Raised) -> tuple[str, object]:
    match found.error:
        case InvalidScenario() as wrong:
            return "invalid", wrong.diagnostics
        case NoSource() as wrong:
            return "found", nothing(OwnCode(str(wrong)))
        case error:
            return "fault", described(error)
