"""Files whose threads only count, decided as they stand: the whole process, its seconds and its memory.

    python benchmarks/explore_counting.py [--times 5]

`lock.yaml` and `scenarios/tallies/` hold, and `lock.yaml` without its lock, or with two, fails: at most 1 s (the median) and
150 MiB. Ends with exit code 1 where it is more, or where a verdict is another one.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

SECONDS, MIB = 1.0, 150
ROOT = Path(__file__).resolve().parent.parent
LOCK = (ROOT / "scenarios" / "lock.yaml").read_text(encoding="utf-8")
LOCKED = "- with: lock\n            do:\n              - counter += 1"
OTHER = """
  other:
    steps:
      - repeat: rounds
        do:
          - with: second
            do:
              - counter += 1"""
FAILING = {
    "lock.yaml without its lock": LOCK.replace(LOCKED, "- counter += 1").replace("primitives: {lock: Lock}", ""),
    "lock.yaml with two locks": LOCK.replace("threads:", f"threads:{OTHER}", 1)
    .replace("{lock: Lock}", "{lock: Lock, second: Lock}")
    .replace(": inc\n  -", ": all\n  -")
    .replace("counter == workers * rounds", "counter == (workers + 1) * rounds"),
}


def process(*command: str) -> tuple[int, float, float, float]:
    """Exit code, seconds, seconds of the processor, and MiB at the most, of a process."""
    started = time.perf_counter()
    silent = os.open(os.devnull, os.O_WRONLY)
    child = os.posix_spawn(command[0], command, os.environ, file_actions=[(os.POSIX_SPAWN_DUP2, silent, 1)])
    os.close(silent)
    _, status, used = os.wait4(child, 0)
    seconds = time.perf_counter() - started
    return os.waitstatus_to_exitcode(status), seconds, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024


def cases(folder: Path) -> Iterator[tuple[str, Path, int]]:
    """A name, the file, and the exit code that it must have."""
    yield "lock.yaml", ROOT / "scenarios" / "lock.yaml", 0
    for file in sorted((ROOT / "scenarios" / "tallies").glob("*.yaml")):
        yield file.name, file, 0
    for number, (name, text) in enumerate(FAILING.items()):
        file = folder / f"{number}.yaml"
        file.write_text(text, encoding="utf-8")
        yield name, file, 1


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--times", type=int, default=5)
    times = parser.parse_args().times
    scenario = str(Path(sys.executable).parent / "scenario")
    fine = True
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        for name, file, code in cases(Path(folder)):
            runs = [process(scenario, "explore", str(file)) for _ in range(times)]
            seconds, busy = (statistics.median(run[column] for run in runs) for column in (1, 2))
            mib = max(run[3] for run in runs)
            print(f"{name:32} {seconds:.2f} s ({busy:.2f} s of the processor), {mib:.0f} MiB")
            fine = fine and seconds <= SECONDS and mib <= MIB and {run[0] for run in runs} == {code}
    return int(not fine)


if __name__ == "__main__":
    sys.exit(main())
