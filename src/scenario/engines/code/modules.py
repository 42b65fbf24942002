"""Which modules are under control: those that are named, with what is imported of a package; never Python's own."""

from __future__ import annotations

import sys
import sysconfig
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from types import ModuleType


def under_control(names: Iterable[str]) -> tuple[ModuleType, ...]:
    """Those of these names that are imported, and have a source."""
    found = [each for name in sorted(names) if name in sys.modules for each in with_inner(sys.modules[name])]
    return tuple(dict.fromkeys(module for module in found if has_source(module) and not is_pythons(module)))


def with_inner(module: ModuleType) -> Iterator[ModuleType]:
    """A module with what is imported of it."""
    yield module
    below = f"{module.__name__}."
    yield from [inner for name, inner in sorted(sys.modules.items()) if name.startswith(below) and has_source(inner)]


def is_pythons(module: ModuleType) -> bool:
    """Whether it is of the standard library: by where it is, for one's own may have the name of one of Python's."""
    spec = module.__spec__
    if spec is None or not spec.has_location or spec.origin is None:
        return module.__name__ != "__main__"
    return _is_standard(spec.origin)


def could_be_named(name: str) -> bool:
    """Whether a module could be named: it is a person's, neither Python's nor ours."""
    module = sys.modules.get(name)
    return module is not None and not name.startswith("scenario.") and has_source(module) and not is_pythons(module)


@cache
def _is_standard(file: str) -> bool:
    return _standard() in Path(file).parents and "site-packages" not in file


@cache
def _standard() -> Path:
    """Where Python's own modules are."""
    return Path(sysconfig.get_path("stdlib"))


def has_source(module: object) -> bool:
    """Whether it was made from a file of Python."""
    return str(getattr(module, "__file__", None)).endswith(".py")
