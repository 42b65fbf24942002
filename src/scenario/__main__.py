"""The command `scenario`, and `python -m scenario`: what has to be so before the first import.

Ctrl-C ends in silence from the first line on, and no module that lies about is imported in place of an installed one.
"""

import gc  # built in, as `sys` is
import sys

from scenario import ctrl_c

ctrl_c.end_in_silence()

INTERRUPTED = 130


def main() -> None:
    """The entry point."""
    try:
        ctrl_c.be_raised()
        from scenario.search_path import secure  # noqa: PLC0415 (not before Ctrl-C is heard)

        secure()
        gc.disable()  # imports and loading leave no cycles; a command's work turns it on
        from scenario.cli.main import main as command  # noqa: PLC0415 (not before the path is as it should be)

        command()
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)
    finally:
        gc.freeze()  # what is left goes with the process: to look for cycles in it would take a while


if __name__ == "__main__":
    main()
