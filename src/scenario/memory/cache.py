"""Compiled files, kept from one command to the next: a file that is known to be valid is not compiled again.

An entry is JSON of records of ours (packing.py), under a seal (seal.py) over it and all that it depends on as text: whoever
has put one there, it is ours or it is passed over.
"""

from __future__ import annotations

import contextlib
import importlib.util
import os
import sys
import time
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from scenario.files.loaded import Loaded
from scenario.memory.packing import packed, unpacked
from scenario.memory.seal import seal, secret
from scenario.regular import replace_content, text
from scenario.source import Source

VARIABLE = "SCENARIO_CACHE_DIR"
LASTS = 30 * 24 * 3600
"""Seconds after which an entry is removed."""
MOST = 100
"""Entries that one command writes: a millisecond each, so that a thousand new files do not wait for it."""
LARGEST = 1 << 26
"""Bytes of an entry that is read."""
SUFFIX = ".program"
_PACKAGE = Path(__file__).parents[1]
_ABOVE = ("cli", "editor", "engines", "export", "interpreter", "judge", "real", "report", "steps")
"""Packages that nothing is read or compiled by: what is kept does not depend on them."""


class Cache:
    """What is kept for one way to compile: the modules that `python:` may name, on what, and whether it is for exploring.

    With `params` of the command line (their texts) a file has one entry more, that of the last ones.
    """

    def __init__(
        self,
        allowed_python: Iterable[str],
        runtimes: Sequence[str] = (),
        params: Mapping[str, str] | None = None,
        *,
        exploring: bool,
    ) -> None:
        self._way = f"{sys.version}\n{sorted(allowed_python)}\n{','.join(runtimes)}\n{exploring}\n{bool(params)}"
        self._settings = f"{self._way}\n{sorted((params or {}).items())!a}"
        self._written = 0
        try:
            self._folder = _folder()
            self._secret = secret() if self._folder is not None else None
            if self._secret is None:
                self._folder = None
            else:
                self._here, self._code = Path.cwd(), _code()
        except (OSError, RuntimeError, ValueError):  # no home, no working directory, a package in an archive
            self._folder = None

    def get(self, source: Source) -> Loaded | None:
        """The compiled file, with this text and under this name."""
        path = self._path(source)
        if path is None:
            return None
        try:
            sealed, _, packing = text(path, LARGEST).partition("\n")
            if sealed != self._seal(source, packing):
                return None
            loaded: Loaded = unpacked(packing)
        except Exception:  # noqa: BLE001 (there is none, or it is damaged: the file is compiled anew)
            return None
        return replace(loaded, source=source)

    def put(self, loaded: Loaded) -> None:
        """Keeps a valid file; where nothing can be written, nothing is kept."""
        source = loaded.source
        path = None if source is None else self._path(source)
        if path is None or source is None or self._written == MOST:
            return
        self._written += 1
        with contextlib.suppress(
            OSError, TypeError, ValueError, RecursionError
        ):  # it can not be written, or not packed
            packing = packed(replace(loaded, source=None, seconds=0.0))
            path.parent.mkdir(mode=0o700, exist_ok=True)
            if self._written == 1:
                _prune(path.parent)
            replace_content(path, f"{self._seal(source, packing)}\n{packing}".encode())

    def _seal(self, source: Source, packing: str) -> str:
        assert self._secret is not None, "without one nothing is kept"
        return seal(self._secret, self._code, self._settings, source.path, source.text, packing)

    def _path(self, source: Source) -> Path | None:
        """One entry a file and way: that of an older text is overwritten."""
        if self._folder is None:
            return None
        place = f"{self._here}\n{source.path}\n{self._way}".encode(errors="backslashreplace")
        name = f"{zlib.crc32(place):08x}{SUFFIX}"
        return self._folder / name[:2] / name[2:]


def _prune(folder: Path) -> None:
    """Removes what is old in one of the 256 folders, so that nobody waits for thousands of entries; also what a writer has left that was ended."""
    oldest = time.time() - LASTS
    for entry in folder.glob(f"??????{SUFFIX}*"):
        if entry.stat().st_mtime < oldest:
            entry.unlink(missing_ok=True)


def _folder() -> Path | None:
    """A directory that nobody else can write to; None where there is none, or none is wanted."""
    asked = os.environ.get(VARIABLE)
    folder = Path(asked) if asked else _caches() / "scenario"
    if asked == "" or not folder.is_absolute():  # what is below the working directory may have come with a scenario
        return None
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    status = folder.stat()
    if sys.platform != "win32" and (status.st_uid != os.geteuid() or status.st_mode & 0o022):
        return None
    return folder


def _caches() -> Path:
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local")
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")


def _code() -> str:
    """Which code reads and compiles, as far as files tell: when they were last changed, how many there are, how large."""
    above = frozenset(os.path.join(_PACKAGE, name) for name in _ABOVE)  # noqa: PTH118 (compared with what scandir gives)
    newest, count, size = 0, 0, 0
    folders = [os.fspath(_PACKAGE)]
    while folders:
        with os.scandir(folders.pop()) as entries:
            for entry in entries:
                if entry.name.endswith(".py"):
                    status = entry.stat()
                    newest, count, size = max(newest, status.st_mtime_ns), count + 1, size + status.st_size
                elif entry.name != "__pycache__" and entry.path not in above and entry.is_dir():
                    folders.append(entry.path)
    return " ".join(map(str, (newest, count, size, *map(_changed, ("yaml", "pydantic")))))


def _changed(package: str) -> int:
    spec = importlib.util.find_spec(package)  # without importing it
    return 0 if spec is None or spec.origin is None else Path(spec.origin).stat().st_mtime_ns
