"""Random small programs over what multiprocessing has: a seed -> the text of a scenario, or None where it has not what was drawn."""

from __future__ import annotations

import re

from conformance.generator import STEPS, Writer
from tasks.files import program

from scenario.diagnostics import InvalidScenario
from scenario.program.program import Program

NOT_THERE = ("pool", "future", "local", "timer", "set")
REFUSED = re.compile(r"tls|n: 2|xs = |sq, into: <i><p>|LifoQueue|PriorityQueue")
"""Of what is drawn: what multiprocessing refuses at once."""

KILLS = ["{kill: T0}", "{kill: T1}"]


class ForProcesses(Writer):
    """Threads may kill each other, too."""

    def __init__(self, seed: int) -> None:
        super().__init__(seed)
        there = sorted(STEPS.keys() - set(NOT_THERE))
        self.features = self.chance.sample(there, self.chance.randint(1, 4))
        self.kills = self.chance.random() < 0.3

    def one(self, options: list[str]) -> str:
        return self.chance.choice([option for option in options if not REFUSED.search(option)] or options)

    def steps(self, count: int, depth: int) -> str:
        steps = super().steps(count, depth)
        return f"{steps}, {self.one(KILLS)}" if self.kills and depth == 2 and self.chance.random() < 0.4 else steps


def for_processes(seed: int) -> Program | None:
    """The program of that seed; None where it can not be compiled for processes."""
    text = re.sub(r", always: \[[^]]*\]|explore: .*", "", ForProcesses(seed).text())
    text = re.sub(r", ss: \{expr: [^}]*\}\"\}|, set\(ss\)", "", text)
    try:
        return program(text.partition("\n")[2], "multiprocessing")
    except InvalidScenario:
        return None
