"""Families of the library, decided for all values of their params: the whole process, its seconds.

    python benchmarks/explore_for_all.py

Every file of `scenarios/` with whole numbers for params is asked for all of them. At least 15 must be decided (proved, or shown to fail
at the least values) in 2 s each. Ends with exit code 1 where fewer are.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import yaml

SECONDS, FAMILIES = 2.0, 15
ROOT = Path(__file__).resolve().parent.parent
WORDS = {0: "holds", 1: "fails at the least", 3: "undecided"}


def families() -> Iterator[tuple[Path, list[str]]]:
    for file in sorted((ROOT / "scenarios").rglob("*.yaml")):
        params = yaml.safe_load(file.read_text(encoding="utf-8")).get("params", {})
        if names := [name for name, value in params.items() if type(value) is int]:
            yield file, names


def process(*command: str) -> tuple[int, float, float]:
    """Exit code, seconds, and seconds of the processor."""
    started = time.perf_counter()
    silent = os.open(os.devnull, os.O_WRONLY)
    child = os.posix_spawn(command[0], command, os.environ, file_actions=[(os.POSIX_SPAWN_DUP2, silent, 1)])
    os.close(silent)
    _, status, used = os.wait4(child, 0)
    return os.waitstatus_to_exitcode(status), time.perf_counter() - started, used.ru_utime + used.ru_stime


def main() -> int:
    scenario = str(Path(sys.executable).parent / "scenario")
    decided = {"holds": 0, "fails at the least": 0}
    for file, names in families():
        code, seconds, busy = process(
            scenario, "explore", "--for-all", ",".join(names), "--max-seconds", "4", str(file)
        )
        word = WORDS.get(code, "not asked here")
        print(f"{file.relative_to(ROOT)!s:58} {word:18} {seconds:5.2f} s ({busy:.2f} s of the processor)", flush=True)
        if word in decided and busy <= SECONDS:
            decided[word] += 1
    print(f"{decided['holds']} hold, {decided['fails at the least']} fail at the least, in {SECONDS:g} s each")
    return int(sum(decided.values()) < FAMILIES)


if __name__ == "__main__":
    sys.exit(main())
