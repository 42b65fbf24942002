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
from time import time_ns
from types import CodeType, FunctionType, ModuleType
from weakref import WeakKeyDictionary, ref

from scenario.engines.code.places import Locations, Place
from scenario.engines.code.rewriting.functions import functions_of
from scenario.engines.code.rewriting.rewriter import rewritten


class NoSource(ValueError):
    """A module whose source is not there, or is not what the module was made from."""


Key = tuple[int, str, str, int]
"""Of a function: the identity of its globals, its file's name, its qualified name, its first line."""


Stamp = tuple[int, int, int, int, int]
"""Of a file: by which another text of it is told."""
Codes = Mapping[Key, list[tuple[CodeType, CodeType]]]
"""Each function's code and its rewritten counterpart, by what both have in common."""
PLACES: list[Place] = []
"""All that were made in this process: their numbers stand in the code."""
LOCATIONS = Locations(PLACES)
"""Of these."""
SETTLED = 2_000_000_000
"""Nanoseconds after a change of a file after which another one is seen by its time."""


class Rewritten:
    """What a module's text was rewritten to."""

    def __init__(self, source: str, codes: Codes) -> None:
        self.source, self._codes = source, codes
        self.new = frozenset(id(code) for group in codes.values() for _, code in group)
        self._known: dict[int, tuple[ref[CodeType], CodeType | None]] = {}

    def counterpart(self, function: FunctionType) -> CodeType | None:
        """That of a function's code; None: it is not in the text."""
        code = function.__code__
        key = id(code)
        known = self._known.get(key)
        if (
            known is None or known[0]() is not code
        ):  # a reference that counts would look like a function that nobody knows
            known = self._known[key] = (
                ref(code, lambda _: self._known.pop(key, None)),
                _counterpart(function, self._codes),
            )
        return known[1]


_KEPT: WeakKeyDictionary[ModuleType, tuple[Stamp | None, Rewritten]] = WeakKeyDictionary()
"""What was rewritten once, with what the file was like when it was read: tests of one file rewrite it once."""


@contextmanager
def installed(
    modules: Iterable[ModuleType], given: Iterable[object], gates: Mapping[str, object]
) -> Iterator[frozenset[int]]:
    """Yields the identities of the code that is rewritten; `given`: functions that may be new. Raises NoSource.

    The gates are built-in names, and stay: a thread or a generator that is in the middle of a rewritten function when the search is over
    goes through them to its end, as through nothing.
    """
    chosen = list(modules)
    made = {id(vars(module)): _rewritten(module) for module in chosen}
    files = {str(vars(module)["__file__"]) for module in chosen}
    swapped: list[tuple[FunctionType, CodeType]] = []
    vars(builtins).update({f"@{name}": gate for name, gate in gates.items()})
    try:
        for function in functions_of(chosen, given):
            new = made[id(function.__globals__)].counterpart(function)
            if new is None:
                _refuse_changed(function, files)
            else:
                swapped.append((function, function.__code__))
                function.__code__ = new
        yield frozenset[int]().union(*(each.new for each in made.values()))
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


def _rewritten(module: ModuleType) -> Rewritten:
    file = file_of(module)
    stamp = _stamp(file)
    before, kept = _KEPT.get(module, (None, None))
    if kept is not None and stamp is not None and stamp == before:
        return kept
    source = _text(module, file)
    if kept is None or kept.source != source:
        kept = Rewritten(source, _made(module, file, source))
    _KEPT[module] = stamp, kept
    return kept


def _stamp(file: str) -> Stamp | None:
    """What changes whenever the file does; None: it has just changed, and clocks of files are coarse."""
    try:
        found = Path(file).stat()
    except OSError:
        return None
    if time_ns() - max(found.st_mtime_ns, found.st_ctime_ns) < SETTLED:
        return None
    return found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns


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


def file_of(module: ModuleType) -> str:
    """Its name as the module's code has it. Raises NoSource."""
    file = getattr(module, "__file__", None)
    if not file or not file.endswith(".py"):
        raise NoSource(f"module {module.__name__} has no source file: only plain Python can be explored")
    return str(file)


def _text(module: ModuleType, file: str) -> str:
    """Raises NoSource."""
    try:
        return Path(file).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise NoSource(f"the source of module {module.__name__} can not be read: {error}") from error
