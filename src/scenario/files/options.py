"""What the command line may ask of the pipeline, as values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from math import inf

from scenario.language.runtimes import Runtime
from scenario.record import record

UNNAMED = "<stdin>"
"""What standard input is called where nobody says more."""


class UsageError(Exception):
    """The command line asks for what can not be: exit 2, before anything runs."""


@record
class Selection:
    """Which files, and which of their scenarios. `params` are the texts of `-p`, by name.

    `ignore`: codes of warnings that are left out; `strict`: those that are left are errors. `exitfirst`: the first case
    that does not hold is the last. `runtimes`: on these, whatever the files say. `seconds`: in which
    each file has to be compiled; `memory`: and in how many MiB (None: half of what is free).
    """

    paths: tuple[str, ...]
    exclude: tuple[str, ...] = ()
    keyword: str = ""
    tags: tuple[str, ...] = ()
    stdin_name: str = UNNAMED
    params: Mapping[str, str] = field(default_factory=dict)
    allow_python: frozenset[str] = frozenset()
    ignore: frozenset[str] = frozenset()
    strict: bool = False
    exitfirst: bool = False
    runtimes: tuple[Runtime, ...] = ()
    seconds: float = inf
    memory: int | None = None


@record
class RunOptions:
    """`seed` is that of the first run; the next ones count on from it. `stress`: races show more often.

    `records`: the steps of a single run are kept, to be shown.
    """

    seed: int
    times: int = 1
    stress: bool = False
    records: bool = False
