"""Exceptions in the terms of the file: the step that raised, and a traceback of steps."""

from __future__ import annotations

import linecache
from collections.abc import Iterator
from types import TracebackType

from scenario.engines.threads import privates
from scenario.legible import legible
from scenario.real.emit.module import Module
from scenario.real.values import text_of
from scenario.source import START, Span


def step_of(module: Module, traceback: TracebackType | None) -> Span:
    """The innermost step that the exception went through."""
    found = START
    for span in _steps(module, traceback):
        found = span
    return found


def render(module: Module, ref: str, error: BaseException, traceback: TracebackType | None) -> str:
    """Python's own form, with the file's lines; the user's own code keeps its frames."""
    lines = ["Traceback (most recent call last):"]
    for where, line, name in _frames(module, ref, traceback):
        lines.append(f'  File "{legible(where)}", line {line}, in {name}')
        text = linecache.getline(where, line).strip()
        if text:
            lines.append(f"    {text}")
    lines.append(f"{type(error).__name__}: {legible(text_of(error))}".removesuffix(": "))
    return "\n".join(lines)


def _steps(module: Module, traceback: TracebackType | None) -> Iterator[Span]:
    """Those of the thread itself: what a future's `result` raises has come through the steps of its call, in another."""
    while traceback is not None and not privates.raises_of_a_call(traceback.tb_frame):
        if traceback.tb_frame.f_code.co_filename == module.filename:
            yield module.steps[traceback.tb_lineno]
        traceback = traceback.tb_next


def _frames(module: Module, ref: str, traceback: TracebackType | None) -> Iterator[tuple[str, int, str]]:
    path = module.program.path
    while traceback is not None:
        code, line = traceback.tb_frame.f_code, traceback.tb_lineno
        if code.co_filename == module.filename:
            name = code.co_name.removeprefix("r_") if code.co_name.startswith("r_") else ref
            yield path, module.steps[line].line, name
        elif "scenario/engines" not in code.co_filename.replace("\\", "/"):
            yield code.co_filename, line, code.co_name
        traceback = traceback.tb_next
