"""The same problem for `scenario explore` and for SPIN, from the file to the verdict: `models/NAME.yaml` and `models/NAME.pml`.

Time is the processor's, of all processes together, so that other work on the machine changes little. SPIN's manual has three commands: `spin -a`, `gcc -O2`, `./pan`; all three count, as does the whole process of `scenario explore`, for a
file that it has not seen before or for one that it knows to be valid.
"""

from __future__ import annotations

import json
import os
import re
import resource
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

MODELS = Path(__file__).parent / "models"
ALL_STATES = ("-c0", "-m10000000")
"""Every error is counted, and the depth that SPIN takes for granted does not end the search before."""
MEMORY = 12_000
"""MiB for a heavy one; SPIN takes 1 GiB for granted."""
QUICK = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
"""As it is where nobody asks for a start without byte code."""


@dataclass(frozen=True)
class Problem:
    """A pair of models with their sizes, and whether what they claim is so."""

    model: str
    holds: bool
    sizes: dict[str, int] = field(default_factory=dict)

    @property
    def name(self) -> str:
        return " ".join([self.model, *(f"{name}={value}" for name, value in self.sizes.items())])


@dataclass(frozen=True)
class Answer:
    """Whether a tool found that it holds, how long all its processes took (seconds of the processor), how many states it says."""

    holds: bool
    seconds: float
    states: int


@dataclass(frozen=True)
class NoAnswer:
    """It passed its time or memory, or the limits that the tool takes for granted; what it said, and after how long."""

    said: str
    seconds: float


def explored(
    problem: Problem, *, exhaustively: bool = False, known: bool = False, limit: float | None = None
) -> Answer | NoAnswer:
    """`known`: it was explored once before, and what failed then was fixed: of failures nothing is kept."""
    sizes = [part for name, value in problem.sizes.items() for part in ("-p", f"{name}={value}")]
    options = ["--keep-going"] if exhaustively else []
    seconds = ["--max-seconds", "3600"]
    file = str(MODELS / f"{problem.model}.yaml")
    command = [sys.executable, "-m", "scenario", "explore", "--output-format", "json", *options, *seconds, *sizes, file]
    with tempfile.TemporaryDirectory() as here:  # what is known of a file goes by where it is looked at from
        if known:
            timed([command], Path(here), limit, _explored)
            shutil.rmtree(Path(here) / ".scenario", ignore_errors=True)
        return timed([command], Path(here), limit, _explored)


def spun(problem: Problem, *, exhaustively: bool = False, limit: float | None = None) -> Answer | NoAnswer:
    sizes = [f"-D{name}={value}" for name, value in problem.sizes.items()]
    options, memory = (ALL_STATES, [f"-DMEMLIM={MEMORY}"]) if exhaustively else ((), [])
    commands = [
        ["spin", *sizes, "-a", str(MODELS / f"{problem.model}.pml")],
        ["gcc", "-O2", *memory, "-o", "pan", "pan.c"],
        ["./pan", *options],
    ]
    with tempfile.TemporaryDirectory() as here:
        return timed(commands, Path(here), limit, _spun)


def timed(
    commands: Sequence[Sequence[str]],
    here: Path,
    limit: float | None,
    answer: Callable[[str, float], Answer | NoAnswer],
) -> Answer | NoAnswer:
    """All commands one after the other, each at most `limit` seconds."""
    began, said = _spent(), ""
    for command in commands:
        said = subprocess.run(
            command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace", check=False,
            cwd=here, env=QUICK, preexec_fn=None if limit is None else partial(_at_most, limit),
        ).stdout  # fmt: skip
    return answer(said, _spent() - began)


def _spent() -> float:
    """Seconds of the processor that processes took which have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _at_most(seconds: float) -> None:
    """The process, which is about to become another program, is ended after so many seconds of the processor."""
    resource.setrlimit(resource.RLIMIT_CPU, (int(seconds), int(seconds) + 1))


def _explored(said: str, seconds: float) -> Answer | NoAnswer:
    try:
        (result,) = json.loads(said)["results"]
    except ValueError:
        return NoAnswer(said, seconds)
    if result["verdict"] not in {"holds", "fails"}:
        return NoAnswer(said, seconds)
    return Answer(result["verdict"] == "holds", seconds, result["search"]["states"])


def _spun(said: str, seconds: float) -> Answer | NoAnswer:
    errors, states = re.search(r"errors: (\d+)", said), re.search(r"(\S+) states, stored", said)
    cut = any(text in said for text in ("max search depth too small", "out of memory", "VECTORSZ too small"))
    if not errors or not states or cut:
        return NoAnswer(said, seconds)
    return Answer(errors[1] == "0", seconds, int(float(states[1])))  # as 1.5e+08 where there are many
