"""From what stands on the command line to the files it means, each once, in a stable order."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from fnmatch import fnmatchcase
from glob import glob, has_magic
from pathlib import Path, PurePath

SUFFIXES = (".yaml", ".yml")
STDIN = "-"


def selected(paths: Iterable[str], exclude: Sequence[str] = ()) -> list[str]:
    """Files as given, directories recursively (hidden ones apart), globs expanded; a missing path is kept as it is."""
    found = (file for path in paths for file in _expanded(path))
    return [file for file in dict.fromkeys(found) if file == STDIN or not _excluded(file, exclude)]


def _expanded(path: str) -> Iterator[str]:
    if path == STDIN:
        yield path
    elif Path(path).is_dir():
        yield from _below(path)
    elif has_magic(path) and not Path(path).exists():
        for match in sorted(glob(path, recursive=True)):  # noqa: PTH207 (the pattern may be absolute)
            yield from _below(match) if Path(match).is_dir() else (match,)
    else:
        yield path


def _below(directory: str) -> Iterator[str]:
    """The YAML files of a directory; a symbolic link to a directory is not followed."""
    for folder, folders, files in os.walk(directory):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(files):
            if name.endswith(SUFFIXES) and not name.startswith("."):
                yield str(Path(folder, name))


def _excluded(file: str, patterns: Sequence[str]) -> bool:
    """A pattern speaks of the whole path, of its beginning, or of any one part of it."""
    path = PurePath(file)
    names = [file, path.as_posix(), *path.parts, *(parent.as_posix() for parent in path.parents)]
    return any(fnmatchcase(name, pattern.rstrip("/")) for name in names for pattern in patterns)
