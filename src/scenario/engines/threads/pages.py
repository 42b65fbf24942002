"""What the code of a run's refusal means, for `scenario explain`."""

from __future__ import annotations

from scenario.diagnostics import Page, register
from scenario.real.callables import UNUSABLE

register(
    Page(
        UNUSABLE,
        "own-code-not-there",
        "The user's own code that the file names can not be imported, or is nothing to call.",
        "`run` imports the modules under `python:` (those that were allowed) before the first step, and runs nothing of the "
        "file if one is missing, raises while it is imported, lacks the name, or has something there that is no callable, "
        "or a coroutine function. A path that leads into another module is refused too: it was not allowed. Modules are "
        "looked for on Python's path (PYTHONPATH too), then beside the scenario file, then in the current directory.",
        "python: {transfer: 'bank:transfr'}\n",
        "python: {transfer: 'bank:transfer'}\n",
    )
)
