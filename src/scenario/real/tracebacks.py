"""Exceptions in the terms of the file: the step that raised, and a traceback of steps."""

from __future__ import annotations

import linecache
import sys
from collections.abc import Callable, Iterator
from inspect import currentframe
from types import FrameType, TracebackType
from typing import TypeAlias

from scenario.legible import legible
from scenario.program.exceptions import own_exception
from scenario.program.program import Program, declared_name
from scenario.real.emit.module import Module
from scenario.real.values import text_of
from scenario.results.outcome import ThreadError
from scenario.source import START, Span

Ends: TypeAlias = Callable[[FrameType], bool]


def never(_frame: FrameType) -> bool:
    """All frames are the thread's own."""
    return False


def step_of(module: Module, traceback: TracebackType | None, ends: Ends = never) -> Span:
    """The innermost step that the exception went through; `ends`: from this frame on they are those of another thread."""
    found = START
    for span in _steps(module, traceback, ends):
        found = span
    return found


def step_here(module: Module) -> Span | None:
    """The step that this thread executes."""
    frame = currentframe()
    while frame is not None and frame.f_code.co_filename != module.filename:
        frame = frame.f_back
    return None if frame is None else module.steps[frame.f_lineno or 0]


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


def error_fact(
    module: Module, ref: str, error: BaseException, traceback: TracebackType | None, *, ends: Ends = never
) -> ThreadError:
    """An uncaught exception; before its first step a thread is at its own entry in the file (a timer that can not wait)."""
    span, key = step_of(module, traceback, ends), declared_name(ref)
    if span is START:
        span = next((group.span for group in module.program.groups if group.key == key), span)
    return thread_error(module.program, error, span, render(module, ref, error, traceback))


def thread_error(program: Program, error: BaseException, span: Span, traceback: str | None = None) -> ThreadError:
    """It goes by the names of Python's classes, and by the dotted names that the file has for those of the user's own."""
    pythons = (base for base in type(error).__mro__ if base.__module__.partition(".")[0] in sys.stdlib_module_names)
    bases = (base.__name__ for base in pythons if base is not object)
    own = (name for name in program.exceptions if isinstance(error, own_exception(name)))
    return ThreadError(type(error).__name__, (*bases, *own), text_of(error), span, traceback)


def _steps(module: Module, traceback: TracebackType | None, ends: Ends) -> Iterator[Span]:
    while traceback is not None and not ends(traceback.tb_frame):
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
