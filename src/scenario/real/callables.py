"""The user's own code (LANGUAGE.md section 8): found and imported before the first step.

The command line has allowed the modules. They are looked for as Python does, but for the standard library, which comes
first, and then beside the scenario file and in the current directory: last, so that no file that happens to lie there
takes the place of an installed module.
"""

from __future__ import annotations

import importlib
import inspect
import os
import sys
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

from scenario.diagnostics import Diagnostic, InvalidScenario
from scenario.program.program import ProcessPool, Program, PythonCallable
from scenario.search_path import give_back, open_up

UNUSABLE = "SC352"
_ENGINES = Path(__file__).parents[1]


def callables(program: Program) -> dict[str, Callable[..., object]]:
    """The functions by their names in the file. Raises InvalidScenario with all that can not be had."""
    if not program.python:
        return {}
    _reach(program)
    found: dict[str, Callable[..., object]] = {}
    problems: list[Diagnostic] = []
    for name, where in program.python.items():
        try:
            found[name] = _callable(where)
        except _Unusable as error:
            problems.append(Diagnostic(UNUSABLE, error.message, where.span, error.hint))
    for where in program.exceptions.values():
        try:
            _exception(where)
        except _Unusable as error:
            problems.append(Diagnostic(UNUSABLE, error.message, where.span, error.hint))
    if problems:
        raise InvalidScenario(tuple(problems))
    return found


class _Unusable(Exception):
    def __init__(self, message: str, hint: str | None = None) -> None:
        super().__init__(message)
        self.message, self.hint = message, hint


def _reach(program: Program) -> None:
    beside = (os.path.abspath(Path(program.path).parent), os.getcwd())  # noqa: PTH100, PTH109 (no links resolved)
    open_up()
    sys.path += (folder for folder in beside if folder not in sys.path)
    if not any(isinstance(kind, ProcessPool) for primitive in program.primitives for kind in primitive.elements):
        give_back()  # the workers of a process pool are Python too, and look there first


def _callable(where: PythonCallable) -> Callable[..., object]:
    place: Any = _module(where.module)
    path = where.module
    for part in where.attribute.split("."):
        try:
            place = getattr(place, part)
        except AttributeError:
            raise _Unusable(f"`{path}` has no `{part}`{_came_from(where.module)}") from None
        path = f"{path}{':' if path == where.module else '.'}{part}"
        if isinstance(place, ModuleType):
            raise _Unusable(
                f"`{path}` is the module `{place.__name__}`, which is not the one that was allowed",
                "name a callable of the module itself",
            )
    if not callable(place):
        raise _Unusable(f"`{path}` is no callable, but of type {type(place).__name__}")
    if inspect.iscoroutinefunction(place):
        raise _Unusable(
            f"`{path}` is a coroutine function: a call would only make a coroutine, and run nothing of it",
            "name a function that runs it: `def f(): return asyncio.run(g())`",
        )
    found: Callable[..., object] = place
    return found


def _exception(where: PythonCallable) -> None:
    found = _callable(where)
    if not (isinstance(found, type) and issubclass(found, BaseException)):
        raise _Unusable(f"`{where.name}` is no exception")


def _module(name: str) -> ModuleType:
    try:
        return importlib.import_module(name)
    except ModuleNotFoundError as error:
        if error.name is not None and (name == error.name or name.startswith(f"{error.name}.")):
            hint = "it is looked for on Python's path (PYTHONPATH too), beside the file and in the current directory"
            raise _Unusable(f"there is no module `{error.name}`", hint) from None
        raise _Unusable(f"module `{name}` can not be imported: {_told(error)}") from error
    except KeyboardInterrupt:
        raise
    except BaseException as error:  # whatever a module of the user's raises, SystemExit too
        raise _Unusable(f"module `{name}` can not be imported: {_told(error)}") from error


def _told(error: BaseException) -> str:
    """What was raised, and where in the user's own code."""
    text = f"{type(error).__name__}: {error}".removesuffix(": ")
    if isinstance(error, SyntaxError):
        return text
    places = [f"{Path(f.filename).name}:{f.lineno}" for f in _theirs(error)]
    return f"{text} ({places[-1]})" if places else text


def _theirs(error: BaseException) -> Iterator[traceback.FrameSummary]:
    for frame in traceback.extract_tb(error.__traceback__):
        if not frame.filename.startswith((str(_ENGINES), importlib.__file__ or "<", "<")):
            yield frame


def _came_from(module: str) -> str:
    file = getattr(sys.modules.get(module), "__file__", None)
    return f" (it is {file})" if file else ""
