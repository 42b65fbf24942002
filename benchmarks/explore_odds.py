"""What the exact odds of the dining philosophers cost, and whether they are the known ones.

    python benchmarks/explore_odds.py

Five and eight philosophers, each forks[i] then forks[(i + 1) % n], unreduced: at most 10 s each. Ends with
exit code 1 if it takes longer or a number is wrong.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

LIMIT = 10.0
KNOWN = {5: "66468720", 8: "4191662282365998720"}

FILE = """\
scenario: philosophers
params: {n: 5}
primitives: {forks: {array: n, of: Lock}}
threads:
  philosopher:
    count: n
    steps:
      - acquire: forks[index]
      - acquire: forks[(index + 1) % n]
      - release: forks[(index + 1) % n]
      - release: forks[index]
"""


def main() -> int:
    scenario = str(Path(sys.executable).parent / "scenario")
    fine = True
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "philosophers.yaml"
        file.write_text(FILE)
        for n, known in KNOWN.items():
            command = [scenario, "explore", "--odds", "--output-format", "json", "-p", f"n={n}", str(file)]
            started = time.perf_counter()
            done = subprocess.run(command, check=False, capture_output=True, text=True)
            seconds = time.perf_counter() - started
            search = json.loads(done.stdout)["results"][0]["search"]
            print(
                f"{n} philosophers: {search['interleavings']} interleavings, {search['states']:,} states, {seconds:.1f} s"
            )
            fine &= search["interleavings"] == known and seconds <= LIMIT
    return int(not fine)


if __name__ == "__main__":
    sys.exit(main())
