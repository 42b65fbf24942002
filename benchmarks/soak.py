"""Live runs that are slow, hurried and disturbed: not one may be reported as a deadlock.

    python benchmarks/soak.py [--runs 200] [--busy 8] [--seed 0] [--seconds N] [--only TEXT]

Every run is alive: it sleeps, waits with timeouts, hands things over as fast as it can, with all primitives, in the open and
under the hidden lock. Beside it `--busy` processes compute, threads are switched every microsecond, and the watcher looks
a hundred times as often as usual and waits a tenth of the time between two looks: nothing may depend on it.
Ends with exit code 1 if a run did not finish well.
"""

from __future__ import annotations

import argparse
import math
import random
import subprocess
import sys
import time
from textwrap import dedent

from scenario.compile import compile_scenario
from scenario.engines.threads import runner
from scenario.engines.threads.watch import watcher
from scenario.program.program import Program
from scenario.source import Source
from scenario.spec.load import load

LIVE = {
    "a lock in turns": """
        vars: {x: 0}
        primitives: {l: Lock}
        threads:
          A: {count: 4, steps: [{repeat: n, do: [{with: l, do: [x += 1, {sleep: d / n}]}]}]}
    """,
    "locks in one order": """
        primitives: {forks: {array: 4, of: Lock}}
        threads:
          p:
            count: 4
            steps:
              - repeat: n
                do:
                  - with: ['forks[min(index, (index + 1) % 4)]', 'forks[max(index, (index + 1) % 4)]']
                    do: [pass]
              - sleep: d
    """,
    "acquired here, released there": """
        primitives: {a: Lock, b: Lock}
        threads:
          A: {steps: [{repeat: n, do: [{acquire: a}, {release: b, raises: RuntimeError}, {acquire: b}, {release: a}, {release: b}]}, {sleep: d}]}
    """,
    "baton of two locks": """
        primitives: {a: Lock, b: Lock}
        threads:
          A: {steps: [{repeat: n, do: [{acquire: a}, {release: b}]}]}
          B: {steps: [{repeat: n, do: [{acquire: b}, {release: a}]}]}
        main: [{acquire: b}, {start: all}, {sleep: d}, {join: all}]
    """,
    "ping and pong on a condition": """
        vars: {turn: 0}
        primitives: {c: Condition}
        threads:
          P:
            count: 2
            steps:
              - repeat: n
                do:
                  - with: c
                    do:
                      - {wait_for: c, until: turn % 2 == index}
                      - turn += 1
                      - notify_all: c
              - sleep: d
    """,
    "a late notification": """
        vars: {ready: False}
        primitives: {l: Lock, c: {Condition: l}}
        threads:
          W: {count: 3, steps: [{with: c, do: [{while: not ready, do: [{wait: c}]}]}]}
          N: {steps: [{sleep: d}, {with: c, do: [ready = True, {notify_all: c}, {sleep: d}]}]}
    """,
    "timed waits": """
        primitives: {e: Event, c: Condition, q: Queue, s: SimpleQueue, l: Lock, m: {Semaphore: 0}}
        threads:
          E: {steps: [{wait: e, timeout: d}]}
          C: {steps: [{with: c, do: [{wait: c, timeout: d}]}]}
          Q: {steps: [{get: q, timeout: d, raises: Empty}]}
          S: {steps: [{if: sound, then: [{get: s, timeout: d, raises: Empty}]}]}
          L: {steps: [{with: l, do: [{acquire: l, timeout: d}]}]}
          M: {steps: [{acquire: m, timeout: d}]}
          H: {steps: [{while: not e.is_set(), do: [{wait: e, timeout: 0.001}]}]}
          T: {timer: d, steps: [{set: e}]}
    """,
    "queues handed over": """
        primitives: {q: {Queue: 1}, s: SimpleQueue, back: SimpleQueue}
        threads:
          A: {steps: [{repeat: n, as: i, do: [{put: q, item: i}, {put: s, item: i}, {get: back}]}, {sleep: d}]}
          B: {steps: [{repeat: n, do: [{get: q}, {task_done: q}, {get: s}, {put: back, item: 0}]}, {join: q}]}
    """,
    "semaphores given in a ring": """
        primitives: {ring: {array: 3, of: {Semaphore: int(index == 0)}}}
        threads:
          R: {count: 3, steps: [{repeat: n, do: [{acquire: 'ring[index]'}, {release: 'ring[(index + 1) % 3]'}]}, {sleep: d}]}
    """,
    "barriers again and again": """
        vars: {rounds: 0}
        primitives: {gate: {Barrier: {parties: 3, action: count}}}
        routines: {count: {steps: [rounds += 1, {sleep: d / n}]}}
        threads:
          P: {count: 3, steps: [{repeat: n, do: [{wait: gate}]}]}
    """,
    "events set and cleared": """
        primitives: {a: Event, b: Event}
        threads:
          A: {steps: [{repeat: n, do: [{wait: a}, {clear: a}, {set: b}]}]}
          B: {steps: [{repeat: n, do: [{set: a}, {wait: b}, {clear: b}]}, {sleep: d}]}
    """,
    "rlocks taken again": """
        primitives: {r: RLock}
        threads:
          A: {count: 3, steps: [{repeat: n, do: [{with: r, do: [{with: r, do: [pass]}, {acquire: r}, {release: r}]}]}, {sleep: d}]}
    """,
    "awaits and atomics": """
        vars: {x: 0, y: 0}
        primitives: {l: Lock}
        threads:
          A: {steps: [{repeat: n, as: i, do: [{await: x == i}, {atomic: [{acquire: l}, y += 1, {release: l}]}]}]}
          B: {steps: [{repeat: n, as: i, do: [{atomic: [x = i]}, {await: y > i}]}, {sleep: d}]}
    """,
    "places taken by atomics": """
        vars: {x: 0}
        primitives: {s: {Semaphore: 1}, b: {BoundedSemaphore: 2}}
        threads:
          A: {count: 2, steps: [{repeat: n, do: [{atomic: [{acquire: s}, x += 1]}, {release: s}]}]}
          B: {count: 3, steps: [{repeat: n, do: [{atomic: [{acquire: b}, x += 1]}, {atomic: [{release: b}, x -= 1]}]}, {sleep: d}]}
    """,
    "queues under a claim": """
        vars: {x: 0}
        primitives: {q: {Queue: 1}, l: {LifoQueue: 1}, p: {PriorityQueue: 1}, s: SimpleQueue}
        threads:
          A: {steps: [{repeat: n, as: i, do: [{put: q, item: i}, {put: l, item: i}, {put: p, item: i}, {put: s, item: i}]}, {sleep: d}]}
          B: {steps: [{repeat: n, do: [{get: p}, {get: s}]}]}
          C: {steps: [{repeat: n, do: [{atomic: [{get: q}, x += 1]}, {get: l}, {task_done: q}]}, {join: q}]}
        expect: {always: [q.qsize() <= 1, l.qsize() <= 1, p.qsize() + s.qsize() >= 0]}
    """,
    "locks under a claim": """
        vars: {x: 0}
        primitives: {l: Lock, r: RLock, c: Condition, k: {Condition: l}}
        threads:
          A: {count: 2, steps: [{repeat: n, do: [{atomic: [{acquire: r}, x += 1]}, {with: r, do: [pass]}, {release: r}, {acquire: l}, {release: l}]}]}
          B: {steps: [{repeat: n, do: [{with: c, do: [{wait_for: c, until: x > 0}]}, {with: k, do: [{wait: k, timeout: d / n}]}]}]}
          C: {steps: [{await: A.alive == 0}, {atomic: [{acquire: c}, {notify_all: c}, {release: c}]}, {with: c, do: [{notify_all: c}]}]}
        expect: {always: [l.locked() or x >= 0]}
    """,
    "signals under a claim": """
        vars: {rounds: 0}
        primitives: {a: Event, b: Event, gate: {Barrier: {parties: 2, action: count}}}
        routines: {count: {steps: [rounds += 1]}}
        threads:
          A: {steps: [{repeat: n, do: [{atomic: [{wait: a}, {clear: a}]}, {set: b}, {wait: gate}]}]}
          B: {steps: [{repeat: n, do: [{set: a}, {wait: b}, {clear: b}, {wait: gate}]}, {sleep: d}]}
        expect: {always: [not (a.is_set() and b.is_set()) or rounds >= 0, gate.n_waiting <= 2]}
    """,
    "timed waits under the hidden lock": """
        vars: {x: 0}
        primitives: {s: {Semaphore: 0}, l: Lock, q: Queue, full: {Queue: 1}}
        threads:
          S: {steps: [{acquire: s, timeout: d, into: x}]}
          L: {steps: [{with: l, do: [{acquire: l, timeout: d}, {await: x == 3, timeout: d, raises: TimeoutError}]}]}
          G: {steps: [{get: q, timeout: d, raises: Empty}]}
          P: {steps: [{put: full, item: 1}, {put: full, item: 2, timeout: d, raises: Full}]}
        expect: {always: [s.value == 0, l.locked() or q.empty() or full.full()]}
    """,
    "awaits of threads": """
        vars: {go: 0}
        primitives: {e: Event, s: {Semaphore: 0}}
        threads:
          A: {count: 2, steps: [{wait: e}, {acquire: s}]}
          B: {steps: [{await: A.blocked == 2}, {set: e}, {await: A.blocked == 2}, {release: s, n: 2}, {await: A.alive == 0}, {sleep: d}]}
          C: {steps: [{await: not B.is_alive()}, {atomic: [{join: B}, go = 1]}]}
          D: {daemon: True, steps: [{while: go == 0, do: [{sleep: 0.001}]}]}
    """,
    "awaits of futures": """
        vars: {begun: 0, x: 0}
        primitives: {pool: {ThreadPoolExecutor: {max_workers: 2, initializer: begin}}, e: Event}
        routines:
          begin: {steps: [{atomic: begun += 1}]}
          leaf: {params: [k], steps: [{wait: e}, {sleep: d}, {return: k}]}
        threads:
          A: {steps: [{await: begun > 0}, {set: e}]}
        main:
          - {start: all}
          - {submit: leaf, to: pool, args: [1], into: f}
          - {submit: leaf, to: pool, args: [2], into: g}
          - {await: f.done() and g.done()}
          - {atomic: [{result: f, into: x}]}
    """,
    "whoever comes last is awaited": """
        vars: {here: 0, turn: 0}
        threads:
          A: {count: 4, steps: [{repeat: n, as: i, do: [{atomic: here += 1}, {await: here >= 4 * (i + 1)}]}]}
          B: {count: 3, steps: [{repeat: n, do: [{atomic: [{await: turn == index}, turn = (turn + 1) % 3]}]}, {sleep: d}]}
    """,
    "guarded steps beside threads that keep the interpreter": """
        vars: {x: 0, y: 0}
        primitives: {s: {Semaphore: 1}, q: {Queue: 1}, r: RLock}
        threads:
          S: {steps: [{while: H.alive > 0, do: [{atomic: [{acquire: s}, x += 1]}, {release: s}]}]}
          Q: {steps: [{while: H.alive > 0, do: [{atomic: [{put: q, item: 1}, x += 1]}, {get: q}]}]}
          W: {steps: [{while: H.alive > 0, do: [{atomic: [{await: y % 2 == 0}, y += 1]}, {atomic: [{await: y % 2 == 1}, y += 1]}]}]}
          R: {steps: [{while: H.alive > 0, do: [{acquire: r}, {acquire: r}, x += 1, {release: r}, {release: r}]}]}
          H: {count: 4, steps: [{repeat: 5, do: ["z = sorted(range(50000), reverse=True)"]}]}
    """,
    "conditions beside threads that keep the interpreter": """
        vars: {x: 0}
        primitives: {c: Condition, e: Event, b: {Barrier: 2}}
        threads:
          C: {count: 2, steps: [{repeat: n, as: i, do: [{with: c, do: [x += 1, {notify_all: c}, {while: x < 2 * (i + 1), do: [{wait: c}]}]}]}]}
          E: {steps: [{repeat: n, do: [{wait: e}, {clear: e}, {wait: b}]}]}
          F: {steps: [{repeat: n, do: [{set: e}, {wait: b}]}]}
          H: {count: 4, steps: [{repeat: 5, do: ["z = sorted(range(50000), reverse=True)"]}]}
    """,
    "joins": """
        primitives: {go: Event}
        threads:
          slow: {count: 3, steps: [{wait: go}, {sleep: d}]}
        main: [{start: all}, {sleep: d}, {set: go}, {join: all}]
    """,
    "a pool whose calls wait for each other": """
        primitives: {pool: {ThreadPoolExecutor: 3}}
        routines:
          leaf: {params: [k], steps: [{sleep: d}, {return: k}]}
          node: {params: [k], steps: [{submit: leaf, to: pool, args: [k], into: f}, {result: f, into: v}, {return: v}]}
        main: [{map: node, to: pool, over: range(2), into: r}, {map: leaf, to: pool, over: range(9), into: r}]
    """,
    "futures as they complete": """
        primitives: {pool: {ThreadPoolExecutor: 2}}
        routines: {leaf: {params: [k], steps: [{sleep: d}, {return: k}]}}
        main:
          - fs = []
          - {repeat: 5, as: k, do: [{submit: leaf, to: pool, args: [k], into: f}, fs.append(f)]}
          - {as_completed: f, in: fs, do: [{result: f, into: v}]}
          - {submit: leaf, to: pool, args: [9], into: f}
          - {wait_futures: '[*fs, f]'}
    """,
}

BUSY = "while True: pass"
SOUND = sys.version_info >= (3, 13)
"""Whether `SimpleQueue.get` keeps its timeout: before, what is left of it can become negative, which C takes for "no limit"."""


def program(name: str, delay: float, rounds: int) -> Program:
    text = f"scenario: {name}\nparams: {{d: {delay}, n: {rounds}, sound: {SOUND}}}\n" + dedent(LIVE[name]).lstrip()
    source = Source(name, text)
    (made,) = compile_scenario(load(source), source)
    return made


def soak(runs: int, seed: int, names: list[str], seconds: float) -> int:
    """The number of runs that did not finish well."""
    choice, bad = random.Random(seed), 0
    began, number = time.monotonic(), 0
    while number < runs and time.monotonic() - began < seconds:
        name = choice.choice(names)
        delay, rounds = choice.choice([0.001, 0.003, 0.01, 0.03]), choice.choice([1, 5, 25])
        outcome = runner.execute(program(name, delay, rounds), seed=number)
        if outcome.end != "finished" or outcome.errors or outcome.failures:
            bad += 1
            print(f"run {number}: {name!r}, d={delay}, n={rounds}: {outcome}", flush=True)
        number += 1
    print(f"{number} live runs in {time.monotonic() - began:.0f} s, {bad} reported")
    return bad


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=200)
    parser.add_argument("--busy", type=int, default=8)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--seconds", type=float, default=math.inf, help="no run is begun after so many")
    parser.add_argument("--only", default="", help="runs whose name holds this text")
    options = parser.parse_args()
    runner._FIRST_LOOK, runner._LAST_LOOK = 0.0005, 0.0015  # noqa: SLF001 (looks come as often as they can)
    watcher._BETWEEN = 0.001  # noqa: SLF001
    sys.setswitchinterval(1e-6)
    busy = [subprocess.Popen([sys.executable, "-c", BUSY]) for _ in range(options.busy)]
    try:
        names = [name for name in LIVE if options.only in name]
        return 1 if soak(options.runs, options.seed, names, options.seconds) else 0
    finally:
        for process in busy:
            process.kill()
            process.wait()


if __name__ == "__main__":
    sys.exit(main())
