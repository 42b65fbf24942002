"""What a scenario costs beside the same program written by hand: pairs, alternating, medians.

    python benchmarks/run_overhead.py [--pairs 15] [--only lock]

Prints a table and ends with exit code 1 if a pair is over its limit.
"""

from __future__ import annotations

import argparse
import math
import os
import queue
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from scenario.engines.threads import run
from scenario.program import ops
from scenario.program.claims import Claims
from scenario.program.program import Lock, Primitive, Program, Queue, ThreadGroup, Var
from scenario.syntax import AugmentedAssign, Const, Local, Ref, Shared

ROOT = Path(__file__).resolve().parent.parent
SCENARIO = ROOT / "scenarios" / "lock.yaml"
IS_311 = sys.version_info < (3, 12)
PEAK_MIB = 64
CLI = ("-m", "scenario")


@dataclass(frozen=True, slots=True)
class Pair:
    name: str
    limit: float
    ours: Callable[[], float]
    by_hand: Callable[[], float]


# --- the programs by hand ---------------------------------------------------------------------------

counter = 0
lock = threading.Lock()


def add_locked() -> None:
    global counter  # noqa: PLW0603 (that is how it is written by hand)
    for _ in range(100000):
        with lock:
            counter += 1


def add_unlocked() -> None:
    global counter  # noqa: PLW0603 (that is how it is written by hand)
    for _ in range(100000):
        counter += 1


def add_once() -> None:
    global counter  # noqa: PLW0603 (that is how it is written by hand)
    with lock:
        counter += 1


def started_and_joined(targets: list[Callable[[], None]]) -> float:
    began = time.perf_counter()
    threads = [threading.Thread(target=target) for target in targets]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return time.perf_counter() - began


def hand_over() -> float:
    jobs: queue.Queue[int] = queue.Queue(100)

    def produce() -> None:
        for number in range(200000):
            jobs.put(number)

    def consume() -> None:
        for _ in range(200000):
            jobs.get()

    return started_and_joined([produce, consume])


# --- the same as scenarios -----------------------------------------------------------------------------


def program(*groups: ThreadGroup, primitives: tuple[Primitive, ...] = ()) -> Program:
    return Program("benchmark", "benchmark.yaml", {}, (Var("counter", 0),), primitives, {}, groups, None, Claims())


def timed(given: Program) -> float:
    outcome = run(given)
    if outcome.end != "finished" or outcome.elapsed is None:
        raise SystemExit(f"the scenario ended as {outcome.end}")
    return outcome.elapsed


ADD = AugmentedAssign(Shared("counter"), "+", Const(1))
LOCKS = (Primitive("lock", (Lock(),)),)
LOCKED = ops.With(Ref("lock"), (ADD,))


def group(count: int, *steps: ops.Op) -> ThreadGroup:
    return ThreadGroup("inc", tuple(f"inc-{n}" for n in range(count)), steps, is_group=True)


LOCKED_LOOP = program(group(10, ops.Repeat(Const(100000), (LOCKED,))), primitives=LOCKS)
UNLOCKED_LOOP = program(group(10, ops.Repeat(Const(100000), (ADD,))))
MANY = program(group(2000, LOCKED), primitives=LOCKS)
QUEUE = program(
    ThreadGroup("A", ("A",), (ops.Repeat(Const(200000), (ops.Put(Ref("q"), Local("n")),), Local("n")),)),
    ThreadGroup("B", ("B",), (ops.Repeat(Const(200000), (ops.Get(Ref("q")),)),)),
    primitives=(Primitive("q", (Queue(100),)),),
)

# --- whole processes --------------------------------------------------------------------------------------

BY_HAND = """
import threading
counter = 0
lock = threading.Lock()
def add():
    global counter  # noqa: PLW0603 (that is how it is written by hand)
    for _ in range(100000):
        with lock:
            counter += 1
threads = [threading.Thread(target=add) for _ in range(10)]
for t in threads: t.start()
for t in threads: t.join()
print("Final counter:", counter)
"""


def process(*command: str, kept: str = "") -> float:
    """Seconds of a whole process; `kept` is its directory of compiled files, empty for none."""
    environment = {**os.environ, "SCENARIO_CACHE_DIR": kept}
    began = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, env=environment)
    return time.perf_counter() - began


def peak_mib() -> float:
    """Peak memory of a small scenario's whole process, MiB."""
    command = [sys.executable, *CLI, "run", str(ROOT / "scenarios" / "basic_thread.yaml")]
    pid = os.posix_spawn(
        sys.executable, command, os.environ, file_actions=[(os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0)]
    )
    _, status, usage = os.wait4(pid, 0)
    if status:
        raise SystemExit(f"{' '.join(command)} failed")
    return usage.ru_maxrss / 1024


def pairs(hand_written: str, kept: str) -> list[Pair]:
    run = [sys.executable, *CLI, "run", str(SCENARIO)]
    by_hand = [sys.executable, hand_written]
    return [
        Pair(
            "lock", 0.95 if IS_311 else 1.0, lambda: timed(LOCKED_LOOP), lambda: started_and_joined([add_locked] * 10)
        ),
        Pair("unlocked", 0.8, lambda: timed(UNLOCKED_LOOP), lambda: started_and_joined([add_unlocked] * 10)),
        Pair("queue", 1.05, lambda: timed(QUEUE), hand_over),
        Pair("2000 threads", 1.2, lambda: timed(MANY), lambda: started_and_joined([add_once] * 2000)),
        Pair("process", 1.5, lambda: process(*run, kept=kept), lambda: process(*by_hand)),
        Pair("process, the first time", math.inf, lambda: process(*run), lambda: process(*by_hand)),
    ]


def measure(pair: Pair, count: int) -> bool:
    """Alternating, so that a busy moment of the machine meets both; the median of the pairs' ratios.

    A ratio is taken within a pair: what the machine does beside changes from pair to pair more than inside one.
    """
    ours, hand = [], []
    pair.ours(), pair.by_hand()  # both warm
    for number in range(count):
        for take, times in [(pair.ours, ours), (pair.by_hand, hand)][:: 1 if number % 2 else -1]:
            times.append(take())
    left, right = statistics.median(ours), statistics.median(hand)
    ratio = statistics.median(mine / theirs for mine, theirs in zip(ours, hand, strict=True))
    fits = ratio <= pair.limit
    against = f"{pair.limit} | {'yes' if fits else 'NO'}" if math.isfinite(pair.limit) else "none |"
    print(f"| {pair.name} | {left * 1000:.1f} | {right * 1000:.1f} | {ratio:.2f} | {against} |", flush=True)
    return fits


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pairs", type=int, default=15)
    parser.add_argument("--only", help="names that contain this")
    options = parser.parse_args()
    print(f"Python {sys.version.split()[0]}, {options.pairs} pairs, medians, ms\n")
    wants_memory = not options.only or options.only in "memory"
    peak = peak_mib() if wants_memory else 0  # first: a child is counted with its parent's peak before it execs
    print("| pair | scenario | by hand | ratio | limit | fits |\n|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        hand_written = Path(folder, "by_hand.py")
        hand_written.write_text(BY_HAND, encoding="utf-8")
        fits = [
            measure(pair, options.pairs)
            for pair in pairs(str(hand_written), str(Path(folder, "kept")))
            if not options.only or options.only in pair.name
        ]
    if wants_memory:
        fits.append(peak <= PEAK_MIB)
        print(f"| memory (MiB) | {peak:.0f} | | | {PEAK_MIB} | {'yes' if fits[-1] else 'NO'} |")
    return 0 if all(fits) else 1


if __name__ == "__main__":
    sys.exit(main())
