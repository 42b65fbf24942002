"""How fast Python switches between threads, under `--stress`: another pace in each run, as fast as the system lets it.

A thread that wants to go on waits for the switch interval, by a timed wait of the system's; Linux lets each of those
take 50 µs longer (timer slack), so that shorter intervals all come out alike. Under stress the slack is the least
there is: on CPython 3.11 most races show only so.
"""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator

from scenario.chance import seeded

SHORTEST, LONGEST = -6, -2.3  # 1 µs to 5 ms, powers of ten
_SET_SLACK, _GET_SLACK, _LEAST = 29, 30, 1  # prctl(2), nanoseconds


@contextlib.contextmanager
def drawn(seed: int) -> Iterator[float]:
    """The switch interval of the run with this seed, in seconds, short ones more often; afterwards all is as before.

    Threads that are started in the body are the ones it concerns. Set the interval itself when they go.
    """
    interval, slack = sys.getswitchinterval(), _slack(_LEAST)
    try:
        yield 10 ** (SHORTEST + (LONGEST - SHORTEST) * seeded(seed).random() ** 2)
    finally:
        sys.setswitchinterval(interval)
        if slack is not None:
            _slack(slack)


def _slack(nanoseconds: int) -> int | None:
    """Sets the timer slack of this thread, and of those that it starts; the one before. None: there is none here."""
    if sys.platform != "linux":
        return None
    try:
        import ctypes

        prctl = ctypes.CDLL(None).prctl
        before = int(prctl(_GET_SLACK, 0, 0, 0, 0))
        prctl(_SET_SLACK, nanoseconds, 0, 0, 0)
    except (ImportError, OSError, AttributeError):
        return None
    return before if before > 0 else None
