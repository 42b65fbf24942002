"""All functions of some modules, wherever they are: in classes, closures, registries, in names that others have imported.

Finding them means to look at every object of the process, which in a session of pytest takes longer than most searches. So those that were
found are remembered, without being kept alive, and what a search is given is looked at directly. Whether these are still all is
known from the references to their code: each function has one, so has the code that it is nested in, and each frame that executes it. Where
anything else refers to it, that may be a function that nobody has seen, and every object is looked at again.
"""

from __future__ import annotations

import gc
import sys
import sysconfig
from collections.abc import Iterable, Iterator
from functools import partial
from importlib.machinery import ModuleSpec
from types import CellType, CodeType, FrameType, FunctionType, MethodType, ModuleType
from typing import TypeAlias
from weakref import WeakKeyDictionary, WeakSet

from scenario.engines.code.privates import frames

Remembered: TypeAlias = tuple[ModuleSpec | None, WeakSet[FunctionType]]
_FOUND: WeakKeyDictionary[ModuleType, Remembered] = WeakKeyDictionary()
"""By module: how it was loaded when it was looked at (a reload makes new code), and its functions."""
COUNTED = sys.version_info < (3, 14) and not sysconfig.get_config_var("Py_GIL_DISABLED")
"""Whether every function, and every frame, counts as a reference to its code."""
MODULE = "<module>"
"""The name of what executes a module, once."""
PYTHONS = 1_000
"""Objects that Python may have frozen itself when it began (3.12 does, some hundred): to freeze these again would freeze all that is there."""
OURS = 3
"""References to a code object that are there while they are counted: the table's, the loop's, the call's."""


def functions_of(modules: Iterable[ModuleType], given: Iterable[object]) -> list[FunctionType]:
    """Those whose globals are these modules'; `given`: where new ones are likely to be."""
    chosen = list(modules)
    known = _remembered(chosen, given) if COUNTED else None
    if known is None:
        known = among_all_objects([vars(module) for module in chosen])
        for module in chosen:
            names = vars(module)
            _FOUND[module] = module.__spec__, WeakSet([each for each in known if each.__globals__ is names])
    return known


def _remembered(modules: Iterable[ModuleType], given: Iterable[object]) -> list[FunctionType] | None:
    """None: there may be others."""
    by_names = {}
    known: dict[int, FunctionType] = {}
    for module in modules:
        spec, functions = _FOUND.get(module, (None, None))
        if functions is None or spec is not module.__spec__:
            return None
        by_names[id(vars(module))] = functions
        known.update((id(each), each) for each in functions)
    for each in _within([*given]):
        if (functions := by_names.get(id(each.__globals__))) is not None:
            known[id(each)] = each
            functions.add(each)
    found = [*known.values()]
    return found if _are_all(found) else None


def among_all_objects(namespaces: list[dict[str, object]]) -> list[FunctionType]:
    """Also what the program has frozen, which the collector does not tell."""
    ids = set(map(id, namespaces))
    frozen = gc.get_freeze_count() > PYTHONS
    if frozen:
        gc.unfreeze()
    found = [
        each
        for each in gc.get_referrers(*namespaces)
        if type(each) is FunctionType and id(each.__globals__) in ids and each.__code__.co_name != MODULE
    ]
    if frozen:
        gc.freeze()
    return found


def _within(values: list[object]) -> Iterator[FunctionType]:
    """The functions among values, and in what these close over."""
    seen: set[int] = set()
    while values:
        value = values.pop()
        if id(value) in seen:
            continue
        seen.add(id(value))
        match value:
            case FunctionType():
                yield value
                values += [each for cell in value.__closure__ or () for each in _contents(cell)]
                values += vars(value).values()
            case MethodType():
                values.append(value.__func__)
            case partial():
                values += [value.func, *value.args]


def _contents(cell: CellType) -> Iterator[object]:
    try:
        yield cell.cell_contents
    except ValueError:
        return


def _are_all(functions: Iterable[FunctionType]) -> bool:
    """Whether nothing but these, what is nested in them, and what is being executed refers to their code."""
    expected, codes = _counted([function.__code__ for function in functions])
    _count_executed(expected, {*codes})
    return not any(sys.getrefcount(code) > OURS + expected[id(code)] for code in codes.values())


def _counted(waiting: list[CodeType]) -> tuple[dict[int, int], dict[int, CodeType]]:
    """By identity: how many of these, and of what is nested in them, are a code; all that there are."""
    expected: dict[int, int] = {}
    codes: dict[int, CodeType] = {}
    while waiting:
        code = waiting.pop()
        key = id(code)
        if key in expected:
            expected[key] += 1
        else:
            expected[key], codes[key] = 1, code
            waiting += [each for each in code.co_consts if type(each) is CodeType]
    return expected, codes


def _count_executed(expected: dict[int, int], counted: set[int]) -> None:
    """The code of all frames of all threads; a module that is being executed, as a script is, still has that of its functions and classes."""
    tops = frames()
    modules: list[CodeType] = []
    while tops:
        frame: FrameType | None = tops.pop()
        while frame is not None:  # in the end it names none: a frame that names itself is freed late
            key = id(frame.f_code)
            expected[key] = expected.get(key, 0) + 1
            if frame.f_code.co_name == MODULE:
                modules.append(frame.f_code)
            frame = frame.f_back
    while modules:
        code = modules.pop()
        if id(code) not in counted:
            counted.add(id(code))
            inner = [each for each in code.co_consts if isinstance(each, CodeType)]
            expected.update((id(each), expected.get(id(each), 0) + 1) for each in inner)
            modules += inner
