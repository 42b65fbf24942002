"""Files as all of us read and write them: what is read are regular ones, whole, up to a size.

What lies about in a checkout may be a pipe that nobody writes to, a device without an end, or a link to either.
"""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path

_AT_ONCE = getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOCTTY", 0) | getattr(os, "O_BINARY", 0)
"""To open a pipe does not wait for its other end."""


def own_folder() -> Path | None:
    """The user's own configuration: a directory that no checkout brings along. None where there is no home."""
    above = os.environ.get("APPDATA" if os.name == "nt" else "XDG_CONFIG_HOME", "")
    try:
        folder = Path(above) if above else Path.home() / ".config"
        strange = bool(above) and folder.resolve().is_relative_to(Path.cwd())
    except (OSError, RuntimeError, ValueError):
        return None
    return folder / "scenario" if folder.is_absolute() and not strange else None


def is_there(path: str | Path) -> bool:
    """Whether there is anything of this name; a text that can be no name, being too long, say, is none."""
    return _mode(path) is not None


def is_folder(path: str | Path) -> bool:
    """Whether it is a directory, or a link to one."""
    return stat.S_ISDIR(_mode(path) or 0)


def is_same(one: str | Path, other: str | Path) -> bool:
    """Whether both names are those of one file that is there."""
    try:
        return Path(one).samefile(other)
    except (OSError, ValueError):
        return False


def _mode(path: str | Path) -> int | None:
    try:
        return os.stat(path).st_mode  # noqa: PTH116 (a Path raises for some of these texts)
    except (OSError, ValueError):
        return None


def content(path: str | Path, most: int) -> bytes:
    """The bytes of a regular file, one more than `most` where it is larger. Raises OSError, also for what is none."""
    descriptor = os.open(path, os.O_RDONLY | _AT_ONCE)
    try:
        mode = os.fstat(descriptor).st_mode
        if stat.S_ISDIR(mode):
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), os.fspath(path))
        if not stat.S_ISREG(mode):
            raise OSError(errno.EINVAL, "not a regular file", os.fspath(path))
        with open(descriptor, "rb", closefd=False) as file:
            return file.read(most + 1)
    finally:
        os.close(descriptor)


def text(path: str | Path, most: int) -> str:
    """The same as UTF-8 text. Raises OSError, UnicodeDecodeError, and OSError for a file that is larger."""
    data = content(path, most)
    if len(data) > most:
        raise OSError(errno.EFBIG, f"larger than {most >> 10} KiB")
    return data.decode()


def to_write(path: str | Path, *, more: bool = False) -> int:
    """A descriptor of what is to be written from its beginning, or `more` of it: a device or a pipe as well, since a person names it.

    Raises OSError, also for a pipe that nobody reads, where opening it would wait for somebody who does.
    """
    how = os.O_APPEND if more else os.O_TRUNC
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | how | _AT_ONCE, 0o666)
    except OSError as error:
        if error.errno == errno.ENXIO and stat.S_ISFIFO(_mode(path) or 0):
            raise OSError(errno.ENXIO, "a pipe that nobody reads", os.fspath(path)) from error
        raise
    if hasattr(os, "O_NONBLOCK"):
        os.set_blocking(descriptor, True)
    return descriptor


def replace_content(path: Path, data: bytes) -> None:
    """Writes a file at once, through one beside it that nobody else has put there. Raises OSError."""
    mine = path.with_name(f"{path.name}.{os.getpid()}")
    with mine.open("xb") as file:
        file.write(data)
    mine.replace(path)
