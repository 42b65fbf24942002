"""What Windows tells of memory: this process's, what is left, and that of the processes it has started (`kernel32`).

Only what Windows 7 and later have is asked. Handles fit into 32 bits; where one is given it is as wide as a pointer.
"""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from functools import cache

_PROCESSES = 0x2
"""TH32CS_SNAPPROCESS: a list of all processes."""
_ASK = 0x1000
"""PROCESS_QUERY_LIMITED_INFORMATION: enough to be told of its memory."""
_NONE = -1
"""INVALID_HANDLE_VALUE."""


class Counters(ctypes.Structure):
    """PROCESS_MEMORY_COUNTERS."""

    _fields_ = (
        ("size", ctypes.c_uint32), ("faults", ctypes.c_uint32),
        *((name, ctypes.c_size_t) for name in ("peak", "working", "_1", "_2", "_3", "_4", "pagefile", "_5")),
    )  # fmt: skip


class Status(ctypes.Structure):
    """MEMORYSTATUSEX."""

    _fields_ = (
        ("size", ctypes.c_uint32), ("load", ctypes.c_uint32),
        *((name, ctypes.c_uint64) for name in ("whole", "left", "_1", "_2", "_3", "_4", "_5")),
    )  # fmt: skip


class Entry(ctypes.Structure):
    """PROCESSENTRY32W."""

    _fields_ = (
        ("size", ctypes.c_uint32), ("_1", ctypes.c_uint32), ("process", ctypes.c_uint32), ("_2", ctypes.c_size_t),
        ("_3", ctypes.c_uint32), ("threads", ctypes.c_uint32), ("parent", ctypes.c_uint32), ("_4", ctypes.c_int32),
        ("_5", ctypes.c_uint32), ("name", ctypes.c_uint16 * 260),
    )  # fmt: skip


@cache
def kernel() -> ctypes.CDLL:
    """The library, which only Windows has."""
    library: ctypes.CDLL = vars(ctypes)["WinDLL"]("kernel32")
    return library


def resident() -> int:
    """Bytes of this process that are in memory; 0 if it is not told."""
    return _working(-1)


def available() -> int:
    """Bytes of memory that are left; 0 if it is not told."""
    status = Status(size=ctypes.sizeof(Status))
    return int(status.left) if kernel().GlobalMemoryStatusEx(ctypes.byref(status)) else 0


def of_descendants() -> list[int]:
    """Bytes of each process that this one has started, or those have."""
    parents = dict(_processes())
    ours = {int(kernel().GetCurrentProcessId())}
    while more := {process for process, parent in parents.items() if parent in ours} - ours:
        ours |= more
    return [_of(process) for process in ours - {kernel().GetCurrentProcessId()}]


def _working(handle: int) -> int:
    """Of the process; -1 is this one (`GetCurrentProcess`)."""
    counters = Counters(size=ctypes.sizeof(Counters))
    told = kernel().K32GetProcessMemoryInfo(ctypes.c_void_p(handle), ctypes.byref(counters), counters.size)
    return int(counters.working) if told else 0


def _of(process: int) -> int:
    """Of one that may have ended."""
    handle = kernel().OpenProcess(_ASK, False, process)
    if not handle:
        return 0
    try:
        return _working(handle)
    finally:
        kernel().CloseHandle(ctypes.c_void_p(handle))


def _processes() -> Iterator[tuple[int, int]]:
    """Every process and who has started it."""
    snapshot = kernel().CreateToolhelp32Snapshot(_PROCESSES, 0)
    if snapshot == _NONE:
        return
    handle = ctypes.c_void_p(snapshot)
    try:
        entry = Entry(size=ctypes.sizeof(Entry))
        found = kernel().Process32FirstW(handle, ctypes.byref(entry))
        while found:
            yield int(entry.process), int(entry.parent)
            found = kernel().Process32NextW(handle, ctypes.byref(entry))
    finally:
        kernel().CloseHandle(handle)
