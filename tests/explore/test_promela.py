"""The Promela export, and SPIN as an independent oracle where it is installed."""

from __future__ import annotations

import random
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from explore.found import kinds, program
from explore.oracle import text as written
from explore.test_exact import ABBA, ACCOUNT, LOCKED, PHILOSOPHERS, STORE_BUFFER, UNLOCKED, WRONG_LOCK

from scenario.cli.main import cli
from scenario.export.promela import promela
from scenario.export.refusal import NotExportable

TOOLS = pytest.mark.skipif(
    not (shutil.which("spin") and shutil.which("gcc")), reason="SPIN or gcc is not installed (Debian: apt install spin)"
)

MIXED = """
params: {n: 2}
vars: {x: 0, inside: 0, seen: 0}
primitives: {r: RLock, r_: Lock, s: {Semaphore: 1}, b: {BoundedSemaphore: 2}, m: Lock}
threads:
  W:
    count: n
    steps:
      - {repeat: 2, as: i, do: [{with: s, do: [inside += 1, {assert: inside == 1}, inside -= 1, {if: i == 1, then: [break], else: [continue]}]}]}
      - {with: r, do: [{with: r, do: ["a, c = x, 0 <= x < 5", x = a + 1 if c else 0]}]}
      - {acquire: m, blocking: false, into: ok}
      - {if: ok and not r_.locked(), then: [seen = 1, {release: m}], elif: [{if: ok, then: [{release: m}]}]}
      - {while: x < 0, do: [pass]}
      - {atomic: [{choose: k, from: "[1, 2]"}, x = x + k - k]}
  Z: {steps: [{await: x == n or seen == 5}, {acquire: b}, {release: b}]}
expect: {final: [x == n], always: [inside <= 1]}
"""


def spin(model: str, where: Path) -> list[str]:
    """Which of `assert` and `deadlock` SPIN finds."""
    (where / "model.pml").write_text(model)
    subprocess.run(["spin", "-a", "model.pml"], cwd=where, check=True, capture_output=True)
    subprocess.run(
        ["gcc", "-O0", "-w", "-DSAFETY", "-DMEMLIM=512", "-o", "pan", "pan.c"],
        cwd=where,
        check=True,
        capture_output=True,
    )
    found = []
    for kind, flag in (("assert", "-E"), ("deadlock", "-A")):
        done = subprocess.run(["./pan", flag, "-m1000000"], cwd=where, check=True, capture_output=True, text=True)
        assert "max search depth too small" not in done.stdout
        errors = re.search(r"errors: (\d+)", done.stdout)
        assert errors is not None, done.stdout
        if int(errors[1]):
            found.append(kind)
    return found


def found(text: str) -> list[str]:
    """The same of the explorer; every false claim and uncaught exception is a failed assertion there."""
    of = {"deadlock": "deadlock", "livelock": "livelock"}
    return sorted({of.get(kind, "assert") for kind in kinds(text)})


@TOOLS
@pytest.mark.parametrize(
    "text",
    [STORE_BUFFER, UNLOCKED, LOCKED, ACCOUNT, ABBA, PHILOSOPHERS, WRONG_LOCK, MIXED, MIXED.replace("Semaphore: 1}, b", "Semaphore: 2}, b")],
    ids=["sb", "unlocked", "locked", "account", "abba", "philosophers", "wrong lock", "mixed", "mixed, two inside"],
)  # fmt: skip
def test_spin_agrees(text: str, tmp_path: Path) -> None:
    assert spin(promela(program(text)), tmp_path) == found(text)


def generated(seed: int) -> str:
    """A program of balanced locks, semaphores and shared integers."""
    rng = random.Random(seed)

    def body(depth: int, size: int) -> tuple[Any, ...]:
        return tuple(item(depth) for _ in range(rng.randint(1, size)))

    def item(depth: int) -> tuple[Any, ...]:
        var, n = rng.choice("xy"), rng.randint(0, 2)
        plain = [
            ("set", var, n),
            ("copy", var, rng.choice("xy")),
            ("add", var, rng.choice([-1, 1])),
            ("assert", var, n),
        ]
        if depth == 0:
            return rng.choice(plain)
        return rng.choice([
            *plain,
            ("with", rng.choice("ab"), body(depth - 1, 2)),
            ("with", rng.choice("ab"), body(depth - 1, 2)),
            ("try", rng.choice("ab"), rng.random() < 0.5, body(0, 2)),
            ("if", var, n, body(depth - 1, 2), body(0, 1)),
            ("repeat", 2, body(0, 2)),
            ("down",), ("up",), ("choose", var, 2), ("atomic", body(0, 2)),
        ])  # fmt: skip

    made = written([(1, body(2, 3)), (rng.randint(1, 2), body(2, 3))])
    return made.replace("c: {Condition: l}, ", "").replace(", e: Event", "")


@TOOLS
@pytest.mark.parametrize("seed", range(6))
def test_spin_agrees_about_generated_programs(seed: int, tmp_path: Path) -> None:
    text = generated(seed)
    assert spin(promela(program(text)), tmp_path) == found(text)


def test_everything_that_can_not_be_said_is_told_with_its_place() -> None:
    text = """
    vars: {xs: [], x: 0}
    primitives: {q: Queue}
    threads:
      A: {steps: [{put: q, item: 1}, x = x // 2, {call: r}]}
      D: {daemon: true, steps: [pass]}
    routines: {r: {steps: [pass]}}
    """
    with pytest.raises(NotExportable) as refused:
        promela(program(text))
    told = [d.message for d in refused.value.diagnostics]
    assert len(told) == 6
    assert all(message.endswith("can not be exported to Promela") for message in told)
    assert [d.span.line for d in refused.value.diagnostics] == sorted(d.span.line for d in refused.value.diagnostics)


def test_what_is_too_little_to_unpack_can_not_be_said() -> None:
    with pytest.raises(NotExportable) as refused:
        promela(program("vars: {x: 0, y: 0}\nthreads: {A: {steps: ['x, y = ()']}}\n"))
    assert [d.message for d in refused.value.diagnostics] == ["a tuple as a value can not be exported to Promela"]


def test_what_is_caught_can_not_be_said() -> None:
    text = """
    primitives: {b: {BoundedSemaphore: 1}}
    threads:
      A: {steps: [{try: [{release: b}], except: {ValueError: [pass]}}, {release: b, raises: ValueError}]}
    """
    with pytest.raises(NotExportable) as refused:
        promela(program(text))
    assert len(refused.value.diagnostics) == 2


@TOOLS
def test_values_that_are_no_truth_and_a_clean_up_by_finally_are_kept(tmp_path: Path) -> None:
    text = """
    vars: {x: 0, y: 5}
    primitives: {m: Lock}
    threads:
      A:
        steps:
          - {acquire: m}
          - try: [a = y, "b, c = a or 1, a and 7", {if: b == 5 and c == 7, then: [x = 1, {return: null}]}]
            finally: [{release: m}]
      B: {steps: [{with: m, do: [x += 2]}]}
    expect: {final: [x == 3]}
    """
    assert spin(promela(program(text)), tmp_path) == found(text)


def test_the_command_writes_the_model_or_says_why_not(tmp_path: Path) -> None:
    good, bad, out = tmp_path / "good.yaml", tmp_path / "bad.yaml", tmp_path / "model.pml"
    good.write_text("scenario: good\nvars: {x: 0}\nthreads:\n  A: {count: 2, steps: [x += 1]}\nexpect: [x == 2]\n")
    bad.write_text("scenario: bad\nprimitives: {e: Event}\nthreads:\n  A: {steps: [{wait: e}]}\n")
    run = CliRunner()
    assert "assert(((v_x == 2)))" in run.invoke(cli, ["export", "--to", "promela", str(good)]).output
    assert run.invoke(cli, ["export", "--to", "promela", str(good), "-o", str(out)]).exit_code == 0
    assert out.read_text().startswith("/* good, exported by scenario.")
    refused = run.invoke(cli, ["export", "--to", "promela", str(bad)])
    assert refused.exit_code == 2
    assert "bad.yaml:2" in refused.output
    assert "SC901 `e`, an Event, can not be exported to Promela" in refused.output
    assert "WaitEvent" not in refused.output


def test_what_can_not_be_exported_goes_by_its_name_in_the_file(tmp_path: Path) -> None:
    pooled = tmp_path / "pooled.yaml"
    pooled.write_text("scenario: pooled\nprimitives: {pool: {ThreadPoolExecutor: 1}}\nmain: [{shutdown: pool}]\n")
    refused = CliRunner().invoke(cli, ["export", "--to", "promela", str(pooled)]).output
    assert "SC901 `pool`, a ThreadPoolExecutor, can not be exported to Promela" in refused


def test_its_code_is_explained() -> None:
    page = CliRunner().invoke(cli, ["explain", "SC901"])
    assert page.exit_code == 0
    assert "not-exported" in page.output


def test_with_gives_back_what_it_took_whatever_becomes_of_the_index() -> None:
    text = "primitives: {f: {array: 2, of: Lock}}\nthreads:\n  A: {steps: [i = 0, {with: 'f[i]', do: [i = 1]}]}\n"
    model = promela(program(text))
    assert "t1 = x_i;" in model
    assert model.count("p_f[t1]") == 4
