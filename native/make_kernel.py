"""Compiles kernel.c to the module that the package brings along, for who changes it: `python native/make_kernel.py`.

Needs a clang that knows wasm32 (`CC`), such as the one in the package `ziglang`. The source's digest is written into the
module, and `--check` (and a test) tells whether the two belong together.
"""

from __future__ import annotations

import os
import subprocess
import sys
from hashlib import sha256
from pathlib import Path

SOURCE = Path(__file__).with_name("kernel.c")
MODULE = SOURCE.parents[1] / "src" / "scenario" / "engines" / "explore" / "native" / "kernel.wasm"
FLAGS = "--target=wasm32-freestanding -O3 -nostdlib -s -Wall -Wextra -Werror -mbulk-memory -Wl,--no-entry"
SECTION = b"source"


def digest() -> bytes:
    """Of the source as it is."""
    return sha256(SOURCE.read_bytes()).digest()


def stamp() -> bytes:
    """A custom section with the source's digest: its number, its length, its name and what it holds."""
    content = bytes([len(SECTION)]) + SECTION + digest()
    return bytes([0, len(content)]) + content


def is_in_step() -> bool:
    """Whether the module was made of the source as it is."""
    return MODULE.read_bytes().endswith(stamp())


def main(arguments: list[str]) -> int:
    """0 when it was compiled or is in step."""
    if "--check" in arguments:
        return 0 if is_in_step() else 1
    compiler = os.environ.get("CC", f"{sys.executable} -m ziglang cc").split()
    done = subprocess.run([*compiler, *FLAGS.split(), "-o", str(MODULE), str(SOURCE)], check=False)
    if done.returncode == 0:
        MODULE.write_bytes(MODULE.read_bytes() + stamp())
    return done.returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
