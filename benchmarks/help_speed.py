"""What `scenario --help` costs beside importing click.

    python benchmarks/help_speed.py [--pairs 21]

At most 1.3 times `python -c "import click"`. Ends with exit code 1 if it is more.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import time
from pathlib import Path

LIMIT = 1.3


def seconds(*command: str) -> float:
    started = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - started


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--pairs", type=int, default=21)
    pairs = parser.parse_args().pairs
    scenario = str(Path(sys.executable).parent / "scenario")
    seconds(scenario, "--help")  # warm
    rows = [(seconds(scenario, "--help"), seconds(sys.executable, "-c", "import click")) for _ in range(pairs)]
    own, click = (statistics.median(column) for column in zip(*rows, strict=True))
    print(f"scenario --help           {own * 1000:.0f} ms")
    print(f'python -c "import click"  {click * 1000:.0f} ms')
    print(f"ratio                     {own / click:.2f} (at most {LIMIT})")
    return int(own / click > LIMIT)


if __name__ == "__main__":
    sys.exit(main())
