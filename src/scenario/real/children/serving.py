"""How the child of `isolate` answers: what its runs leave, what is wrong with a file, and faults of our own."""

from __future__ import annotations

import queue
import sys
import traceback
from collections.abc import Callable

from scenario.diagnostics import InvalidScenario
from scenario.real.children import frames


def serve_all(requests: queue.SimpleQueue[object], to_parent: int, serve: Callable[[object], bool]) -> None:
    """Until a run has left something behind, which is what `serve` says."""
    is_clean = True
    while is_clean:
        request = requests.get()
        try:
            is_clean = serve(request)
        except KeyboardInterrupt:
            raise
        except BrokenPipeError:
            is_clean = False
        except InvalidScenario as invalid:
            frames.send(to_parent, ("invalid", invalid.diagnostics))
            is_clean = False
        except OSError as error:  # no descriptors left, a /dev/shm that can not be written
            frames.send(to_parent, ("refused", (error.errno, error.strerror)))
            is_clean = False
        except BaseException as error:  # noqa: BLE001 (told to the parent: a fault of our own)
            frames.send(to_parent, ("fault", _described(error)))
            is_clean = False


def _described(error: BaseException) -> str:
    last = traceback.extract_tb(error.__traceback__)[-1]
    return f"{type(error).__name__}: {error} ({last.filename}:{last.lineno} in {last.name})"


def run_finalizers() -> None:
    """What the end of a process does first: the semaphores of processes and their pools are given back."""
    util = sys.modules.get("multiprocessing.util")
    if util is not None:
        vars(util)["_run_finalizers"](0)
