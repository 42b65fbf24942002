"""The parent as a child process sees it: what it sends, and that it is gone, however it ended (see peer.py)."""

from __future__ import annotations

import os
import queue
import signal
import threading
from collections.abc import Callable
from typing import Any, NoReturn

from scenario.ctrl_c import come_again
from scenario.real.children import frames


def interrupt_main() -> None:
    """Ctrl-C for this process: also where its main thread waits."""
    signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGINT)


def requests(
    fd: int, *, orphaned: Callable[[], None], interrupted: Callable[[], None] = interrupt_main
) -> queue.SimpleQueue[Any]:
    """What the parent sends. A thread of its own reads it, so that its end is seen whatever the child does just then.

    When the parent is gone, `orphaned` is called and the child ends with all that it has started. Where there can be no such
    thread it ends at once, with the exit status that says so. A Ctrl-C is told by `interrupted`, once more where it was not heard.
    """
    come_again(interrupted)
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

    try:
        begin(threading.Thread(target=listen, daemon=True))
    except OSError:
        os._exit(frames.NO_THREAD)
    return sent


def begin(thread: threading.Thread) -> None:
    """Starts a thread of ours. Raises OSError where the system has none left: that is no RuntimeError of a scenario's."""
    try:
        thread.start()
    except RuntimeError as error:
        raise frames.no_thread() from error


def end_session() -> NoReturn:
    """A child leads its session, so its group is what it has started: the workers of pools, the user's own processes."""
    if os.getpgrp() == os.getpid():
        os.killpg(0, signal.SIGKILL)
    os._exit(0)
