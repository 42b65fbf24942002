"""The command `scenario`, and `python -m scenario`: what has to be so before the first import.

Ctrl-C ends in silence from the first line on, and no module that lies about is imported in place of an installed one.
"""

import gc  # built in, as `sys` is
import sys

from scenario.search_path import secure

_signal = __import__("_signal")  # what `signal` is made of, which would import others

if _signal.getsignal(_signal.SIGINT) is _signal.default_int_handler:
    _signal.signal(_signal.SIGINT, _signal.SIG_DFL)  # until there is somebody to catch an exception

INTERRUPTED = 130


def _unraised(ignored: "sys.UnraisableHookArgs", /) -> None:
    """A Ctrl-C that came where Python ignores what is raised (what ends each import, a finalizer, a callback) comes once more.

    By another thread, so that it does when we are out of there.
    """
    if not isinstance(ignored.exc_value, KeyboardInterrupt):
        sys.__unraisablehook__(ignored)
        return
    thread = __import__("_thread")
    thread.start_new_thread(thread.interrupt_main, ())


def main() -> None:
    """The entry point."""
    sys.unraisablehook = _unraised
    try:
        if _signal.getsignal(_signal.SIGINT) is _signal.SIG_DFL:
            _signal.signal(_signal.SIGINT, _signal.default_int_handler)
        secure()
        gc.disable()  # imports and loading leave no cycles; a command's work turns it on
        from scenario.cli.main import main as command  # noqa: PLC0415 (not before the path is as it should be)

        command()
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)


if __name__ == "__main__":
    main()
