"""The command `scenario`, and `python -m scenario`: what has to be so before the first import.

No module that lies about is imported in place of an installed one, and Ctrl-C ends in silence.
"""

import sys

from scenario.search_path import secure

INTERRUPTED = 130


def main() -> None:
    """The entry point."""
    try:
        secure()
        from scenario.cli.main import main as command  # noqa: PLC0415 (not before the path is as it should be)

        command()
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)


if __name__ == "__main__":
    main()
