"""Ctrl-C where Python would say it aloud, or lose it.

This file comes before all others, so it imports only what Python has already.
"""

import _thread  # built in, as `sys` is
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

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
