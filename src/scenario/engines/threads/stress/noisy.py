"""Noise for `--stress`: processes that compute, so that the system takes the processor from threads at odd moments."""

from __future__ import annotations

import contextlib
import subprocess
from collections.abc import Iterator

from scenario.interpreters import NOWHERE, started
from scenario.machine import processors

MOST = 32
"""Processes at most, however many processors there are."""

_BURSTS = """
import random, select, time
while not select.select([0], [], [], random.uniform(0, 0.003))[0]:
    end = time.perf_counter() + random.uniform(0, 0.02)
    while time.perf_counter() < end:
        pass
"""
"""Bursts of up to 20 ms, and rests; over when standard input is: also when whoever started it was killed."""


@contextlib.contextmanager
def noise() -> Iterator[None]:
    """As many noisy processes as there are processors, two at least, for as long as the body runs."""
    made: list[subprocess.Popen[bytes]] = []
    try:
        made += (_noisy() for _ in range(min(max(2, processors()), MOST)))
        yield
    finally:
        for process in made:
            process.kill()
        for process in made:
            process.wait()
            if process.stdin is not None:
                process.stdin.close()


def _noisy() -> subprocess.Popen[bytes]:
    return started(["-I", "-S", "-c", _BURSTS], writes=NOWHERE, errors=NOWHERE)
