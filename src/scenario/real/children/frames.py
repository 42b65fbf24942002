"""Messages between a process and its child: a length and a pickle, one after the other."""

from __future__ import annotations

import errno
import os
import select
import time

from scenario.real.travelling import packed, unpacked

_HEAD = 8

INTERRUPT = "interrupt"
"""The message that is Ctrl-C for a child."""

NO_THREAD = 75
"""The exit status of a child that can not listen, since the system has no further thread for it (sysexits.h: a temporary failure)."""


def no_thread() -> OSError:
    """What the system says where it has no further thread, of which CPython makes a RuntimeError."""
    return OSError(errno.EAGAIN, os.strerror(errno.EAGAIN))


def send(fd: int, message: object) -> None:
    """Writes one message; BrokenPipeError if nobody reads any more."""
    data = packed(message)
    view = memoryview(len(data).to_bytes(_HEAD, "big") + data)
    while view:
        view = view[os.write(fd, view) :]


def receive(fd: int, end: float | None = None) -> object:
    """The next message. EOFError when the other side is gone, TimeoutError past `end` (time.monotonic)."""
    size = int.from_bytes(_read(fd, _HEAD, end), "big")
    return unpacked(_read(fd, size, end))


def _read(fd: int, size: int, end: float | None) -> bytes:
    parts: list[bytes] = []
    while size:
        if end is not None and not select.select([fd], [], [], max(0.0, end - time.monotonic()))[0]:
            raise TimeoutError
        part = os.read(fd, min(size, 1 << 20))
        if not part:
            raise EOFError
        parts.append(part)
        size -= len(part)
    return b"".join(parts)
