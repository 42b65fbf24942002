"""From what stands on the command line to the files it means, each once, in a stable order."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from fnmatch import fnmatchcase
from glob import escape, glob, has_magic
from pathlib import Path, PurePath

from scenario.diagnostics import InvalidScenario
from scenario.record import record
from scenario.regular import is_folder, is_there
from scenario.spec.yaml.reading import read

SUFFIXES = (".yaml", ".yml")
OURS = tuple(f".scenario{suffix}" for suffix in SUFFIXES)
STDIN = "-"

_DEEP = r"(?:^|(?<=/))\*\*/"
_KEY = r"""(?m)^(\{\s*)?(["']?)scenario\2\s*:"""


@record
class Selected:
    """`files` are to be loaded; `others` is how many YAML files of directories are no scenarios."""

    files: tuple[str, ...]
    others: int = 0


def selected(paths: Iterable[str], exclude: Sequence[str] = ()) -> Selected:
    """Files as given, directories recursively (hidden ones apart), globs expanded; a missing path is kept as it is.

    A directory holds other people's YAML too: of what is found there only scenarios count. Whoever names a file means it.
    """
    named: dict[str, bool] = {}
    for path in paths:
        for file, by_name in _expanded(path):
            if file == STDIN or not _excluded(file, exclude):
                named[file] = named.get(file, False) or by_name
    files = tuple(file for file, by_name in named.items() if by_name or _is_scenario(file))
    return Selected(files, len(named) - len(files))


def _is_scenario(file: str) -> bool:
    """By its name, or by a top-level key: looked for as text, so that one whose YAML is broken is still reported."""
    if file.endswith(OURS):
        return True
    try:
        return re.search(_KEY, read(file).text) is not None
    except InvalidScenario:
        return False


def _expanded(path: str) -> Iterator[tuple[str, bool]]:
    """Each file, and whether it was named (alone or by a glob)."""
    if path == STDIN:
        yield path, True
    elif is_folder(path):
        yield from ((file, False) for file in _below(path))
    elif has_magic(path) and not is_there(path):
        for match in sorted(_matches(path)):
            yield from ((file, False) for file in _below(match)) if is_folder(match) else ((match, True),)
    else:
        yield path, True


def _matches(pattern: str) -> Iterator[str]:
    """What a glob means. `**/` follows no symbolic link to a directory: two that lead back would never end."""
    if not (deep := re.search(_DEEP, pattern)):
        yield from glob(pattern)  # noqa: PTH207 (the pattern may be absolute)
        return
    for start in _matches(pattern[: deep.start()]) if deep.start() else (".",):
        for folder, _ in _folders(start):
            inside = "" if folder == "." else escape(os.path.join(folder, ""))  # noqa: PTH118 (its end is kept)
            yield from _matches(inside + pattern[deep.end() :])


def _below(directory: str) -> Iterator[str]:
    """The YAML files of a directory; a symbolic link to a directory is not followed."""
    for folder, files in _folders(directory):
        for name in sorted(files):
            if name.endswith(SUFFIXES) and not name.startswith("."):
                yield str(Path(folder, name))


def _folders(directory: str) -> Iterator[tuple[str, list[str]]]:
    """A directory and those below it, hidden ones apart, each with its other entries. As `os.walk`, but of any depth."""
    waiting = [directory]
    while waiting:
        folder = waiting.pop()
        below, files = [], []
        with suppress(OSError), os.scandir(folder) as entries:
            for entry in entries:
                if not entry.is_dir(follow_symlinks=False):
                    files.append(entry.name)
                elif not entry.name.startswith("."):
                    below.append(entry.path)
        yield folder, files
        waiting += sorted(below, reverse=True)


def _excluded(file: str, patterns: Sequence[str]) -> bool:
    """A pattern speaks of the whole path, of its beginning, or of any one part of it."""
    path = PurePath(file)
    names = [file, path.as_posix(), *path.parts, *(parent.as_posix() for parent in path.parents)]
    return any(fnmatchcase(name, pattern.rstrip("/")) for name in names for pattern in patterns)
