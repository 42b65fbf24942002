"""What is left by a jump or an exception, however it is nested: every engine does what Python does.

SCENARIO_PROGRAMS=20000 looks at more of them (from SCENARIO_FIRST on).
"""

from __future__ import annotations

import random
from typing import Any, NamedTuple

import pytest
from drawn import first_fitting, seeds
from single.test_single import every_engine_does, with_what_is_right

EXCEPTIONS = ["KeyError", "ValueError", "LookupError", "SyntaxError", "UnicodeDecodeError", "ExceptionGroup"]
CAUGHT = [*EXCEPTIONS, "TypeError", "Exception"]


class Around(NamedTuple):
    """What may be left where a step stands: a loop, an exception that is handled."""

    depth: int
    loop: bool = False
    handles: bool = False


class Writer:
    """One program in the making; each of its blocks leaves a trace."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self.places = 0

    def trace(self) -> str:
        self.places += 1
        return f"log.append({self.places})"

    def block(self, around: Around) -> list[Any]:
        steps = [self.trace()]
        steps += [self.step(around) for _ in range(self.chance.randint(0, 2))]
        if self.chance.random() < 0.5:
            steps += [self.jump(around)]
        return steps

    def jump(self, around: Around) -> Any:
        jumps = [
            {"raise": self.chance.choice(EXCEPTIONS)},
            {"raise": "KeyError", "message": "k"},
            {"return": str(self.places)},
        ]
        jumps += ["break", "continue"] * around.loop + ["raise"] * 2 * around.handles
        jump = self.chance.choice(jumps)
        return (
            jump
            if self.chance.random() < 0.5
            else {"if": f"len(log) % {self.chance.randint(2, 4)} == 1", "then": [jump]}
        )

    def step(self, around: Around) -> Any:
        if around.depth == 0:
            return self.trace()
        inner = around._replace(depth=around.depth - 1)
        looping, handling = inner._replace(loop=True), inner._replace(handles=True)
        match self.chance.choice(
            ["try", "try", "finally", "finally", "repeat", "for", "while", "raises", "call", "atomic"]
        ):
            case "try":
                caught = {name: ["log.append(error)", *self.block(handling)] for name in self.chance.sample(CAUGHT, 2)}
                kept = {"else": self.block(inner)} if self.chance.random() < 0.3 else {}
                last = {"finally": self.block(inner)} if self.chance.random() < 0.5 else {}
                return {"try": self.block(inner), "except": caught, **kept, **last}
            case "finally":
                return {"try": self.block(inner), "finally": self.block(inner)}
            case "repeat":
                return {"repeat": 2, "do": self.block(looping)}
            case "for":
                return {"for": "v", "in": "[1, 2]", "do": self.block(looping)}
            case "while":
                return {"while": "len(log) < 30", "do": self.block(looping)}
            case "raises":
                return {"try": self.block(inner), "raises": self.chance.choice(CAUGHT)}
            case "call":
                return {"if": "len(log) < 30", "then": [{"call": "f", "args": [], "into": "z"}]}  # it may call itself
            case _:
                return {"atomic": self.block(inner)}

    def scenario(self) -> dict[str, Any]:
        return {
            "scenario": "leaving", "vars": {"log": [], "z": None}, "primitives": {},
            "routines": {"f": {"params": [], "steps": self.block(Around(2))}},
            "threads": {"A": {"steps": [*self.block(Around(3)), *self.block(Around(3))]}}, "expect": {"observe": ["log"]},
        }  # fmt: skip


@pytest.mark.parametrize("seed", seeds(40))
def test_every_engine_leaves_as_python_does(seed):
    scenario, program, right = first_fitting(seed, lambda one: with_what_is_right(Writer(one).scenario()))
    every_engine_does(right, scenario, program)
