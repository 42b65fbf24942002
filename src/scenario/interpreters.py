"""Python processes that are started: ours with code of ours, or another one that the user has named."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping, Sequence

PIPE = subprocess.PIPE
NOWHERE = subprocess.DEVNULL


def started(
    arguments: Sequence[str],
    *,
    python: str = "",
    reads: int = PIPE,
    writes: int = PIPE,
    errors: int | None = None,
    env: Mapping[str, str] | None = None,
) -> subprocess.Popen[bytes]:
    """A process of the interpreter (this one unless another is named), in a session of its own: Ctrl-C is for us, who end it.

    `reads`, `writes` and `errors` say where its standard streams go (`errors` None: where ours do). Raises OSError.
    """
    return subprocess.Popen(  # noqa: S603 (an interpreter that the user has chosen, with arguments of ours)
        [python or sys.executable, *arguments],
        stdin=reads,
        stdout=writes,
        stderr=errors,
        start_new_session=True,
        env=env,
    )
