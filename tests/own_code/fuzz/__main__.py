"""`python -m own_code.fuzz FIRST LAST [--seconds S] [--most N]` in tests/: the programs of these seeds, and what was missed of them."""

import argparse
import tempfile
import time
from pathlib import Path

from own_code.fuzz.held import held

parser = argparse.ArgumentParser(prog="python -m own_code.fuzz", description=__doc__)
parser.add_argument("first", type=int)
parser.add_argument("last", type=int)
parser.add_argument("--seconds", type=float, default=10.0, help="of each search")
parser.add_argument("--most", type=int, default=1200, help="plans of the oracle that have two preemptions")
parser.add_argument("--verbose", action="store_true", help="a line for each program")
given = parser.parse_args()
counts = {"holds": 0, "undecided": 0, "fails": 0}
false = 0
with tempfile.TemporaryDirectory() as folder:
    for seed in range(given.first, given.last + 1):
        began = time.monotonic()
        result = held(Path(folder), seed, given.most, given.seconds)
        counts[result.verdict] += 1
        if given.verbose:
            print(seed, result.verdict, result.executions, f"{time.monotonic() - began:.1f} s", flush=True)
        threads = result.text[result.text.index("def t0") :]
        if result.verdict != "holds":
            print(f"--- {seed}: {result.verdict}\n{result.reason}\n{threads}", flush=True)
        if result.missed:
            false += 1
            outcome, plan = next(iter(result.missed.items()))
            print(f"=== {seed}: FALSE HOLDS, {len(result.missed)} missed: {plan}\n{outcome}\n{threads}", flush=True)
print(f"{counts}, {false} false holds")
raise SystemExit(bool(false))
