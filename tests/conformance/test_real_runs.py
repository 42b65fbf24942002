"""Whatever a real run shows lies within the explored rows: final values and how the run ended."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pytest
from conformance.explored import row_of, rows
from explore.found import explored, program
from explore.oracle import text as written

from scenario.engines.threads import run

SMALL = [
    "vars: {x: 0}\nthreads:\n  A: {count: 3, steps: [{repeat: 2, do: [x += 1]}]}\n",
    "vars: {x: 0, y: 0}\nthreads:\n  A: {steps: [x = 1, a = y]}\n  B: {steps: [y = 1, b = x]}\nexpect: {observe: [A.a, B.b]}\n",
    "vars: {got: []}\nprimitives: {q: {Queue: 1}}\nthreads:\n  P: {count: 2, steps: [{put: q, item: index}]}\n  C: {steps: [{repeat: 2, do: [{get: q, into: v}, got.append(v)]}]}\n",
    "primitives: {g: {Barrier: 3}}\nthreads:\n  A: {count: 3, steps: [{wait: g, into: i}]}\nexpect: {observe: ['A[0].i', 'A[1].i', 'A[2].i']}\n",
    "primitives: {e: Event}\nthreads:\n  A: {count: 2, steps: [{wait: e, timeout: 0.001, into: r}]}\n  B: {steps: [{set: e}, {clear: e}]}\nexpect: {observe: ['A[0].r', 'A[1].r']}\n",
    "vars: {n: 0}\nprimitives: {c: Condition}\nthreads:\n  A: {count: 2, steps: [{with: c, do: [{wait_for: c, until: n > 0, timeout: 0.01, into: r}, n -= 1]}]}\n  B: {steps: [{with: c, do: [n += 1, {notify: c}]}]}\nexpect: {observe: [n, 'A[0].r', 'A[1].r']}\n",
    "vars: {log: []}\nprimitives: {pool: {ThreadPoolExecutor: 2}}\nroutines: {r: {params: [n], steps: [log.append(n), {return: n * n}]}}\nthreads:\n  A: {steps: [{map: r, to: pool, over: '[1, 2, 3]', into: v}]}\nexpect: {observe: [log, A.v]}\n",
    "vars: {x: 0}\nprimitives: {a: Lock, b: Lock}\nthreads:\n  A: {steps: [{with: [a, b], do: [x += 1]}]}\n  B: {steps: [{with: [b, a], do: [x += 1]}]}\n",
    "vars: {x: 0}\nprimitives: {m: Lock}\nthreads:\n  A: {count: 2, steps: [{acquire: m, timeout: 0.001, into: ok}, {if: ok, then: [x += 1, {release: m}]}]}\n",
]  # fmt: skip


def check(text: str, times: int) -> None:
    known = rows(explored(text, odds=False))
    made = program(text)
    for seed in range(times):
        assert row_of(made, run(made, seed=seed)) in known


@pytest.mark.parametrize("text", SMALL)
def test_small_scenarios_stay_within_the_explored_rows(text: str) -> None:
    check(text, 12)


LIVES = sorted((Path(__file__).parent / "lives").glob("*.yaml"))


@pytest.mark.parametrize("path", LIVES, ids=lambda path: path.stem)
def test_pools_timers_joins_and_futures_stay_within_the_explored_rows(path: Path) -> None:
    """A few runs; `benchmarks/real_runs.py` makes thousands."""
    check(path.read_text().partition("\n")[2], 4)


def generated(seed: int) -> str:
    """A small program over all kinds of steps, some of which fail or deadlock."""
    rng = random.Random(seed)

    def plain() -> tuple[Any, ...]:
        var, n = rng.choice("xy"), rng.randint(0, 2)
        return rng.choice([("set", var, n), ("copy", var, rng.choice("xy")), ("add", var, 1), ("assert", var, n)])

    def step() -> tuple[Any, ...]:
        return rng.choice([
            plain(), plain(), ("with", rng.choice("ab"), (plain(), plain())), ("release", rng.choice("ab")), ("down",), ("up",),
            ("try", rng.choice("ab"), True, (plain(),)), ("wait", True), ("pulse", True), ("sleep_on", True),
            ("notify", True), ("choose", rng.choice("xy"), 3), ("atomic", (plain(), plain())),
        ])  # fmt: skip

    text = written([(rng.randint(1, 2), tuple(step() for _ in range(3))) for _ in range(2)])
    return text.replace("timeout: 1", "timeout: 0.001")


@pytest.mark.parametrize("seed", range(15))
def test_generated_scenarios_stay_within_the_explored_rows(seed: int) -> None:
    check(generated(seed), 3)
