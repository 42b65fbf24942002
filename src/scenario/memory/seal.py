"""A seal on what we keep: only who has the user's own secret can have written it.

The cache may lie in a checkout (`XDG_CACHE_HOME=$PWD/.cache` is common in CI), and what lies there may have come with
it. A forged entry could say that a file expects nothing. The secret lies with the user's configuration, and nowhere else.
"""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from pathlib import Path

try:
    from _blake2 import blake2b  # hashlib's own, without OpenSSL behind it, which every start would load
except ImportError:
    from hashlib import blake2b

from scenario.regular import content, own_folder

SIZE = 32
NAME = "cache.key"


def seal(secret: bytes, *texts: str) -> str:
    """What only the secret and these texts give (a keyed BLAKE2b)."""
    made = blake2b(key=secret, digest_size=SIZE)
    for text in texts:
        data = text.encode("utf-8", "surrogatepass")
        made.update(len(data).to_bytes(8, "big") + data)
    return made.hexdigest()


def secret() -> bytes | None:
    """The user's own, made when it is first asked for; None where there can be none that nobody else knows."""
    folder = own_folder()
    if folder is None:
        return None
    path = folder / NAME
    with suppress(OSError):
        if not path.exists():
            _make(path)
        return _read(path)
    return None


def _make(path: Path) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    mine = path.with_name(f"{NAME}.{os.getpid()}")
    descriptor = os.open(mine, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(os.urandom(SIZE))
    try:
        os.link(mine, path)  # whole at once; of two commands that begin together the first one's stays
    finally:
        mine.unlink()


def _read(path: Path) -> bytes | None:
    status = path.stat()
    others = sys.platform != "win32" and (status.st_uid != os.geteuid() or status.st_mode & 0o077)
    found = content(path, SIZE)
    return found if len(found) == SIZE and not others else None
