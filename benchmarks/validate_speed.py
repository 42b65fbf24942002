"""What `scenario validate` costs beside a mere schema check of the same files by check-jsonschema.

    python benchmarks/validate_speed.py [--pairs 7]

100 small files in at most 0.75 of check-jsonschema's time; 1,000 files in at most 10 times that of 100.
Every file is compiled each time: nothing is kept. What it takes where all are known is printed too.
Prints a table and ends with exit code 1 if a ratio is over its limit.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SCHEMA = ROOT / "schema" / "scenario.schema.json"
SCRIPTS = Path(sys.executable).parent
AGAINST_SCHEMA = 0.75
GROWTH = 10.0
FILE = """\
scenario: small-{number}
description: Workers add to a counter under a lock.
tags: [bench]
params: {{workers: {workers}, rounds: 100}}
vars: {{counter: 0}}
primitives: {{lock: Lock, ready: Event}}
threads:
  inc:
    count: workers
    steps:
      - wait: ready
      - repeat: rounds
        do:
          - with: lock
            do:
              - counter += 1
      - print: "{{name}} is done"
  starter:
    steps:
      - set: ready
expect:
  - counter == workers * rounds
"""


def write_files(folder: Path, count: int) -> list[str]:
    folder.mkdir()
    for number in range(count):
        text = FILE.format(number=number, workers=number % 7 + 2)
        (folder / f"small_{number:04}.yaml").write_text(text, encoding="utf-8")
    return sorted(map(str, folder.iterdir()))


def seconds(*command: str, kept: str = "") -> float:
    environment = {**os.environ, "SCENARIO_CACHE_DIR": kept}
    started = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, env=environment)
    return time.perf_counter() - started


def ours(files: list[str], kept: str = "") -> float:
    return seconds(str(SCRIPTS / "scenario"), "validate", *files, kept=kept)


def theirs(files: list[str]) -> float:
    return seconds(str(SCRIPTS / "check-jsonschema"), "--schemafile", str(SCHEMA), *files)


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--pairs", type=int, default=7)
    pairs = parser.parse_args().pairs
    with tempfile.TemporaryDirectory() as folder:
        hundred = write_files(Path(folder, "hundred"), 100)
        thousand = write_files(Path(folder, "thousand"), 1000)
        ours(hundred), theirs(hundred)  # warm: byte code, caches of the disk
        kept = str(Path(folder, "kept"))
        ours(hundred, kept)
        rows = [(ours(hundred), theirs(hundred), ours(thousand), ours(hundred, kept)) for _ in range(pairs)]
    own, other, many, known = (statistics.median(column) for column in zip(*rows, strict=True))
    print(f"scenario validate, 100 files    {own:.3f} s")
    print(f"check-jsonschema, 100 files     {other:.3f} s")
    print(f"scenario validate, 1,000 files  {many:.3f} s")
    print(f"the same, all known before      {known:.3f} s ({known / other:.2f} of check-jsonschema)")
    print(f"against check-jsonschema        {own / other:.2f} (at most {AGAINST_SCHEMA})")
    print(f"1,000 files against 100         {many / own:.2f} (at most {GROWTH})")
    return int(own / other > AGAINST_SCHEMA or many / own > GROWTH)


if __name__ == "__main__":
    sys.exit(main())
