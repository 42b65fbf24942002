"""Files whose threads mostly touch what is theirs: decided by steps that are taken at once.

    python benchmarks/explore_partial_order.py

Seconds of the processor for one search each, at most ten, with the right verdict; of the file that fails five. Ends with exit
code 1 where a bound is passed.
"""

from __future__ import annotations

import sys
import time

from scenario.compile import compile_scenario
from scenario.engines.explore import explore
from scenario.judge import exploration_verdict, judge
from scenario.settings import ExploreOptions
from scenario.source import Source
from scenario.spec.load import load

MOST = 10.0
FILES = {
    "file system, 14 threads (Flanagan and Godefroid)": ("holds", """
vars: {inode: {expr: "[0] * 32"}, busy: {expr: "[False] * 26"}}
primitives: {locki: {array: 32, of: Lock}, lockb: {array: 26, of: Lock}}
threads:
  t:
    count: 14
    steps:
      - i = index % 32
      - with: locki[i]
        do:
          - if: inode[i] == 0
            then:
              - b = i * 2 % 26
              - while: b >= 0
                do:
                  - with: lockb[b]
                    do:
                      - {if: "not busy[b]", then: ["busy[b] = True", "inode[i] = b + 1", break]}
                  - b = (b + 1) % 26
expect: [sum(busy) == 14, "len(set(inode)) == 15"]
"""),
    "hash table by compare-and-swap, 11 threads, 4 each": ("holds", """
vars: {table: {expr: "[0] * 128"}}
threads:
  t:
    count: 11
    steps:
      - repeat: 4
        as: m
        do:
          - w = (m + 1) * 11 + index
          - h = w * 7 % 128
          - is_in = False
          - while: not is_in
            do:
              - atomic: [{if: "table[h] == 0", then: ["table[h] = w", is_in = True]}]
              - {if: not is_in, then: [h = (h + 1) % 128]}
expect: ["len(set(table)) == 45"]
"""),
    "last zero, 10 writers": ("holds", """
vars: {a: {expr: "[0] * 11"}}
threads:
  reader: {steps: [i = 10, {while: "a[i] != 0", do: [i -= 1]}]}
  writer: {count: 10, steps: ["a[index + 1] = a[index] + 1"]}
expect: ["a[0] == 0"]
"""),
    "8 ordered philosophers": ("holds", """
params: {n: 8}
primitives: {forks: {array: n, of: Lock}}
threads:
  p:
    count: n
    steps:
      - right = (index + 1) % n
      - with: forks[min(index, right)]
        do: [{with: "forks[max(index, right)]", do: [pass]}]
"""),
    "7 philosophers under a waiter, who count themselves": ("holds", """
params: {n: 7}
vars: {meals: 0}
primitives: {chairs: {Semaphore: n - 1}, forks: {array: n, of: Lock}}
threads:
  p:
    count: n
    steps:
      - with: chairs
        do: [{with: ["forks[index]", "forks[(index + 1) % n]"], do: [{atomic: meals += 1}]}]
expect: [meals == n]
"""),
    "10 locked threads, 10 rounds": ("holds", """
vars: {x: 0}
primitives: {lock: Lock}
threads: {t: {count: 10, steps: [{repeat: 10, do: [{with: lock, do: [{if: "x >= 0", then: [x += 1]}]}]}]}}
expect: [x == 100]
"""),
    "100 threads, one of another kind": ("fails", """
vars: {x: 0}
primitives: {a: Lock, b: Lock}
threads:
  many: {count: 99, steps: [{with: [a, b], do: [x += 1]}]}
  one: {steps: [{with: [b, a], do: [x += 1]}]}
"""),
}  # fmt: skip


def main() -> int:
    is_fine = True
    for name, (wanted, text) in FILES.items():
        source = Source("file.yaml", f"scenario: x{text}")
        (program,) = compile_scenario(load(source), source, {}, exploring=True)
        most, began = MOST if wanted == "holds" else MOST / 2, time.process_time()
        found = explore(program, ExploreOptions(max_seconds=300), judge=judge)
        seconds, said = time.process_time() - began, exploration_verdict(program, found).word
        is_fine = is_fine and said == wanted and seconds <= most
        print(f"{name}: {said}, {found.states:,} states, {seconds:.1f} s (at most {most:.0f})", flush=True)
    return 0 if is_fine else 1


if __name__ == "__main__":
    sys.exit(main())
