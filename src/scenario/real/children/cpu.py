"""Whether a thread, or another process, has run: the kernel's clock and state of each (Linux; elsewhere nothing is known)."""

from __future__ import annotations

import os
import sys
import time


def _is_fine() -> bool:
    """Whether the clock counts what takes microseconds (on some virtual machines it goes by ticks)."""
    before = time.thread_time_ns()
    sum(range(1000))
    return time.thread_time_ns() > before


KNOWN = sys.platform == "linux" and _is_fine()
"""Whether the two functions tell anything here."""


def clock(native_id: int | None) -> int:
    """Nanoseconds of CPU time that the thread has used; 0 if it has ended or nothing is known."""
    if not KNOWN or native_id is None:
        return 0
    try:
        # the kernel's dynamic clock id of a thread (clock_getcpuclockid(3)); unlike pthread_getcpuclockid
        # it is safe for a thread that has ended
        return time.clock_gettime_ns((~native_id << 3) | 6)
    except OSError:
        return 0


def is_asleep(native_id: int | None, process: int | str = "self") -> bool:
    """Whether the kernel has it waiting, so that it is neither running nor about to run."""
    if not KNOWN or native_id is None:
        return True
    try:
        file = os.open(f"/proc/{process}/task/{native_id}/stat", os.O_RDONLY)
    except OSError:
        return True
    try:
        return os.read(file, 512).rpartition(b")")[2].split(None, 1)[0] == b"S"
    except OSError:
        return True
    finally:
        os.close(file)


def threads_of(process: int | str) -> list[int]:
    """The threads of a process, by the system's ids."""
    try:
        with os.scandir(f"/proc/{process}/task") as entries:
            return [int(entry.name) for entry in entries]
    except OSError:
        return []


def clock_of_process(pid: int) -> int | None:
    """Nanoseconds of CPU time that all threads of a process have used; None while one of them is not asleep, or it is not known."""
    if not KNOWN or not all(is_asleep(thread, pid) for thread in threads_of(pid)):
        return None
    try:
        return time.clock_gettime_ns((~pid << 3) | 2)  # clock_getcpuclockid(3)
    except OSError:
        return None
