"""A fault of our own in one line: what, and where in our code. No traceback ever reaches a user."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from scenario.diagnostics import InvalidScenario
from scenario.files.loaded import Loaded
from scenario.legible import legible
from scenario.program.evaluate import Raised, tried

PACKAGE = Path(__file__).parents[1]


def described(error: BaseException) -> str:
    """`KeyError: 'x' (scenario/judge/ends.py:12 in stuck)`.

    Raises KeyboardInterrupt where it is none of ours: Python 3.11 makes a RuntimeError of a Ctrl-C that comes while a class is made.
    """
    import traceback

    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, KeyboardInterrupt):
            raise cause
        cause = cause.__cause__ or cause.__context__

    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if Path(frame.filename).is_relative_to(PACKAGE)] or list(frames)
    text = f"{type(error).__name__}: {error}".removesuffix(": ")
    first_line = legible(text.splitlines()[0]) if text else ""
    if not ours:
        return first_line
    frame = ours[-1]
    name = Path(frame.filename)
    place = name.relative_to(PACKAGE.parent) if name.is_relative_to(PACKAGE) else name
    return f"{first_line} ({place}:{frame.lineno} in {frame.name})"


def attempted(file: Loaded, work: Callable[[], Loaded]) -> Loaded:
    """What is made of the file, or the file with what is wrong with it; a fault of ours too, so that the others go on."""
    made = tried(work)
    if not isinstance(made, Raised):
        return made
    if isinstance(made.error, InvalidScenario):
        return replace(file, diagnostics=made.error.diagnostics)
    return replace(file, fault=described(made.error))
