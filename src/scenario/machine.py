"""How many processors there are, and how much memory processes hold, as far as the system tells: Linux and Windows all of it, macOS of the own process; 0 is not known."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from types import ModuleType

if sys.platform != "win32":
    import resource

WINDOWS = sys.platform == "win32"

PYTHON = 32 << 20
"""Bytes that a Python process has before it does anything."""

MEMORY = 2 << 30
"""Bytes that may be taken where the system does not tell how much is free."""

_PAGE = os.sysconf("SC_PAGE_SIZE") if hasattr(os, "sysconf") else 4096


def processors() -> int:
    """How many this process may use."""
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:  # not on Linux
        return os.cpu_count() or 1


def resident() -> int:
    """This process's bytes; where the system does not tell, the most that it ever held, which grows no later."""
    return _windows().resident() if WINDOWS else _pages("self")[1] * _PAGE or _peak()


def _peak() -> int:
    """Bytes, as getrusage(2) has them on macOS; kilobytes elsewhere."""
    if sys.platform == "win32":
        return 0
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss << (0 if sys.platform == "darwin" else 10)


def available() -> int:
    """Bytes that could be taken before the system is short of them (proc_meminfo(5)); 0 where it does not tell."""
    if WINDOWS:
        return int(_windows().available())
    lines = dict(line.split(b":", 1) for line in _read("/proc/meminfo").splitlines() if b":" in line)
    return int(lines.get(b"MemAvailable", b"0").split()[0]) << 10


def room(most: int | None) -> int:
    """Bytes that may be taken: `most` MiB, or else half of what is free."""
    return most << 20 if most is not None else available() // 2 or MEMORY


class Growth:
    """What this process has come to hold since now, and may (`most`, bytes); the system is asked a hundred times a second at most."""

    def __init__(self, most: float) -> None:
        self.most = most
        self._before, self._next, self._is_full = resident(), 0.0, False

    def left(self) -> int:
        """Bytes, 0 at least."""
        return int(max(self.most - (resident() - self._before), 0))

    def is_full(self, now: float) -> bool:
        """Whether it is more, at this moment of `time.monotonic`."""
        if now >= self._next:
            self._next = now + 0.01
            self._is_full = resident() - self._before > self.most
        return self._is_full


def of_descendants() -> int:
    """Bytes of the processes that this one has started, and those have, beyond what each needs to be there."""
    if WINDOWS:
        return sum(max(0, held - PYTHON) for held in _windows().of_descendants())
    return sum(max(0, (pages[1] - pages[2]) * _PAGE - PYTHON) for pages in map(_pages, _descendants("self")))


def _windows() -> ModuleType:
    """Imported only there: `ctypes` costs a start some milliseconds."""
    from scenario import windows

    return windows


def _pages(process: str) -> list[int]:
    """Its size, what is resident, and of that what is shared, in pages (proc(5))."""
    return [*map(int, _read(f"/proc/{process}/statm").split()), 0, 0, 0][:3]


def _descendants(process: str) -> Iterator[str]:
    try:
        threads = os.listdir(f"/proc/{process}/task")  # noqa: PTH208 (names are enough)
    except OSError:
        return
    for thread in threads:
        for child in _read(f"/proc/{process}/task/{thread}/children").decode().split():
            yield child
            yield from _descendants(child)


def _read(file: str) -> bytes:
    """A small file of the system's; nothing where there is none any more."""
    try:
        descriptor = os.open(file, os.O_RDONLY)
    except OSError:
        return b""
    try:
        return os.read(descriptor, 1 << 16)
    except OSError:
        return b""
    finally:
        os.close(descriptor)
