"""Ctrl-C where Python would say it aloud, or lose it.

This file comes before all others, so it imports only what Python has already.
"""

import _thread  # built in, as `sys` is
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Self

_signal = __import__("_signal")  # what `signal` is made of, which would import others


def end_in_silence() -> None:
    """Until there is somebody to catch an exception it ends the process; who ignores it goes on to do so."""
    if _signal.getsignal(_signal.SIGINT) is _signal.default_int_handler:
        _signal.signal(_signal.SIGINT, _signal.SIG_DFL)


def be_raised() -> None:
    """From now on there is somebody."""
    if _signal.getsignal(_signal.SIGINT) is _signal.SIG_DFL:
        _signal.signal(_signal.SIGINT, _signal.default_int_handler)
    come_again(_thread.interrupt_main)


def come_again(interrupted: "Callable[[], object]") -> None:
    """Where Python ignores what is raised (in what ends each import, a finalizer, a callback) it comes once more, by a call of that.

    By another thread, so that it does when we are out of there. Whatever else is ignored is said as ever.
    """

    def unraised(ignored: "sys.UnraisableHookArgs", /) -> None:
        if isinstance(ignored.exc_value, KeyboardInterrupt):
            _thread.start_new_thread(interrupted, ())
        else:
            sys.__unraisablehook__(ignored)

    sys.unraisablehook = unraised


class Held:
    """Ctrl-C that is raised only inside of `heard`, so that nothing else is left half done; a second one is raised wherever it comes.

    What came meanwhile is due at the next `heard`, or at the end. Where Ctrl-C is not raised anyway (it is ignored, or this is
    not the main thread) nothing changes.
    """

    def __init__(self) -> None:
        self._is_heard = self._is_due = self._came = self._holds = False

    def __enter__(self) -> "Self":
        if _signal.getsignal(_signal.SIGINT) is _signal.default_int_handler:
            try:
                _signal.signal(_signal.SIGINT, self._come)
                self._holds = True
            except ValueError:  # not the main thread
                pass
        return self

    def __exit__(self, *_: object) -> None:
        if self._holds:
            _signal.signal(_signal.SIGINT, _signal.default_int_handler)
        self._raise_if_due()

    def heard(self, wait: "Callable[[], object]") -> None:
        """Waits; whatever that has changed stays changed. Raises KeyboardInterrupt."""
        self._is_heard = True
        try:
            self._raise_if_due()
            wait()
        finally:
            self._is_heard = False

    def _come(self, *_: object) -> None:
        self._is_due = True
        if self._is_heard or self._came:
            self._raise_if_due()
        self._came = True

    def _raise_if_due(self) -> None:
        if self._is_due:
            self._is_due, self._came = False, True
            raise KeyboardInterrupt
