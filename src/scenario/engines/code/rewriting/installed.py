"""The rewritten code in the place of the modules' own, for as long as a search takes.

Not the modules are replaced but the code of their functions, wherever they are by now: in classes, closures, registries,
in names that others have imported. So every object stays what it is, and putting the old code back undoes all.
"""

from __future__ import annotations

import ast
import builtins
import warnings
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from pathlib import Path, PurePath
from types import CodeType, FunctionType, ModuleType
from weakref import WeakKeyDictionary

from scenario.engines.code.places import Place
from scenario.engines.code.rewriting.functions import functions_of
from scenario.engines.code.rewriting.rewriter import rewritten


class NoSource(ValueError):
    """A module whose source is not there, or is not what the module was made from."""


Key = tuple[int, str, str, int]
"""Of a function: the identity of its globals, its file's name, its qualified name, its first line."""


Codes = Mapping[Key, list[tuple[CodeType, CodeType]]]
"""Each function's code and its rewritten counterpart, by what both have in common."""
PLACES: list[Place] = []
"""All that were made in this process: their numbers stand in the code."""
_KEPT: WeakKeyDictionary[ModuleType, tuple[str, Codes]] = WeakKeyDictionary()
"""What was rewritten once, with the text that it was made from: tests of one file rewrite it once."""


@contextmanager
def installed(
    modules: Iterable[ModuleType], given: Iterable[object], gates: Mapping[str, object]
) -> Iterator[frozenset[CodeType]]:
    """Yields the code that is rewritten; `given`: functions that may be new. Raises NoSource.

    The gates are built-in names, and stay: a thread or a generator that is in the middle of a rewritten function when the search is over
    goes through them to its end, as through nothing.
    """
    chosen = list(modules)
    codes = {key: codes for module in chosen for key, codes in _rewritten(module).items()}
    files = {str(vars(module)["__file__"]) for module in chosen}
    swapped: list[tuple[FunctionType, CodeType]] = []
    vars(builtins).update({f"@{name}": gate for name, gate in gates.items()})
    try:
        for function in functions_of(chosen, given):
            new = _counterpart(function, codes)
            if new is None:
                _refuse_changed(function, files)
            else:
                swapped.append((function, function.__code__))
                function.__code__ = new
        yield frozenset(code for group in codes.values() for _, code in group)
    finally:
        for function, code in swapped:
            function.__code__ = code


def _refuse_changed(function: FunctionType, files: Collection[str]) -> None:
    """Raises NoSource for a function that stands elsewhere in its file by now; what is generated stands in none."""
    name = function.__code__.co_name
    is_written = name == "<lambda>" or not (name.startswith("<") or name == "__annotate__")
    if is_written and function.__code__.co_filename in files:
        raise NoSource(
            f"{function.__qualname__} is not where it was in {function.__code__.co_filename}: was it edited since?"
        )


def _key(code: CodeType, names: dict[str, object]) -> Key:
    return id(names), _name(code.co_filename), code.co_qualname, code.co_firstlineno


@cache
def _name(file: str) -> str:
    return PurePath(file).name


def _rewritten(module: ModuleType) -> Codes:
    file, source = source_of(module)
    kept = _KEPT.get(module)
    if kept is None or kept[0] != source:
        kept = _KEPT[module] = source, _made(module, file, source)
    return kept[1]


def _made(module: ModuleType, file: str, source: str) -> Codes:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            plain = compile(source, file, "exec", dont_inherit=True)
            tree = rewritten(ast.parse(source), file, module, PLACES)
            changed = compile(tree, file, "exec", dont_inherit=True)
    except SyntaxError as error:
        raise NoSource(f"the source of module {module.__name__} can not be compiled: {error}") from error
    old, new = _by_key(plain, vars(module)), _by_key(changed, vars(module))
    return {key: list(zip(group, new[key], strict=True)) for key, group in old.items() if key in new}


def _by_key(code: CodeType, names: dict[str, object]) -> dict[Key, list[CodeType]]:
    found: dict[Key, list[CodeType]] = {}
    for inner in _nested(code):
        found.setdefault(_key(inner, names), []).append(inner)
    return found


def _nested(code: CodeType) -> Iterator[CodeType]:
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield constant
            yield from _nested(constant)


def _counterpart(function: FunctionType, codes: Codes) -> CodeType | None:
    """That of a function's code: several lambdas of one line are told apart by where in it they begin."""
    code = function.__code__
    group = codes.get(_key(code, function.__globals__), [])
    candidates = [pair for pair in group if pair[0].co_freevars == code.co_freevars]
    if len(candidates) > 1:
        candidates = [pair for pair in candidates if _first_column(pair[0]) == _first_column(code)]
    return candidates[0][1] if candidates else None


def _first_column(code: CodeType) -> tuple[int, int]:
    starts = [(line, column) for line, _, column, end in code.co_positions() if line and column is not None and end]
    return min(starts, default=(0, 0))


def source_of(module: ModuleType) -> tuple[str, str]:
    """The file's name as its code has it, and its text. Raises NoSource."""
    file = getattr(module, "__file__", None)
    if not file or not file.endswith(".py"):
        raise NoSource(f"module {module.__name__} has no source file: only plain Python can be explored")
    try:
        return file, Path(file).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise NoSource(f"the source of module {module.__name__} can not be read: {error}") from error
