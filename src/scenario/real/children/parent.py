"""The parent as a child process sees it: what it sends, and that it is gone, however it ended (see peer.py)."""

from __future__ import annotations

import os
import queue
import signal
import threading
from collections.abc import Callable
from typing import Any, NoReturn

from scenario.real.children import frames


def interrupt_main() -> None:
    """Ctrl-C for this process: also where its main thread waits."""
    signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGINT)


def requests(
    fd: int, *, orphaned: Callable[[], None], interrupted: Callable[[], None] = interrupt_main
) -> queue.SimpleQueue[Any]:
    """What the parent sends. A thread of its own reads it, so that its end is seen whatever the child does just then.

    When the parent is gone, `orphaned` is called and the child ends with all that it has started.
    """
    sent: queue.SimpleQueue[object] = queue.SimpleQueue()

    def listen() -> None:
        while True:
            try:
                message = frames.receive(fd)
            except EOFError:
                orphaned()
                end_session()
            if message == frames.INTERRUPT:
                interrupted()
            else:
                sent.put(message)

    threading.Thread(target=listen, daemon=True).start()
    return sent


def end_session() -> NoReturn:
    """A child leads its session, so its group is what it has started: the workers of pools, the user's own processes."""
    if os.getpgrp() == os.getpid():
        os.killpg(0, signal.SIGKILL)
    os._exit(0)
