"""The same program in plain Python and in every engine, each brought to what is compared."""

from __future__ import annotations

import json
import math
from typing import Any

from single.generator import LOCALS
from single.reference import Reference

from scenario.compile import compile_scenario
from scenario.engines.explore.evidence.outcomes import outcome
from scenario.engines.explore.evidence.retrace import retrace
from scenario.engines.explore.explore import unexplored
from scenario.engines.explore.model.budget import Budget
from scenario.engines.explore.model.values import Unexplored
from scenario.engines.explore.step.numbering import layout
from scenario.engines.explore.step.stepper import Stepper
from scenario.engines.threads import run
from scenario.engines.threads.controlled import replay
from scenario.results.outcome import Outcome
from scenario.results.schedule import Move, Schedule
from scenario.source import Source
from scenario.spec.load import load

LONGEST = 5_000


def program_of(scenario: dict[str, Any]) -> Any:
    source = Source("x.yaml", json.dumps(scenario))
    (made,) = compile_scenario(load(source), source, {}, exploring=True)
    return made


def expected(scenario: dict[str, Any]) -> tuple[dict[str, Any], str]:
    """What plain Python does, and its source."""
    python = Reference(scenario)
    registers = {name: python.registers.get(name) for name in LOCALS}
    observed = python.output if "output" in scenario["expect"] else None
    return seen(python.shared, registers, observed, {kind for kind, _ in python.failures}, python.error), python.source


def seen(shared: Any, registers: Any, output: Any, failures: Any, error: Any) -> dict[str, Any]:
    return {
        "shared": {name: text(value) for name, value in shared.items()},
        "registers": {name: text(value) for name, value in registers.items()},
        "output": None if output is None else list(output),
        "failures": sorted(failures),
        "error": error,
    }


def of_outcome(scenario: dict[str, Any], done: Outcome) -> dict[str, Any]:
    error = done.errors.get("A")
    registers = {name: done.registers.get("A", {}).get(name) for name in LOCALS}
    return seen(
        done.shared, registers, done.output if "output" in scenario["expect"] else None,
        {failure.kind for failure in done.failures}, None if error is None else (error.name, error.message),
    )  # fmt: skip


def by_run(scenario: dict[str, Any], program: Any) -> dict[str, Any]:
    return of_outcome(scenario, run(program))


def by_explore(scenario: dict[str, Any], program: Any) -> tuple[dict[str, Any], Schedule]:
    """The only execution. Raises Unexplored where `explore` says undecided before it begins."""
    for reason in unexplored(program):
        raise Unexplored(reason)
    stepper = Stepper(layout(program), Budget(max_seconds=60))
    ((_, state),) = stepper.initial()
    moves = []
    while successors := stepper.successors(state):
        assert len(successors) == 1
        assert len(moves) < LONGEST
        moves.append(Move(stepper.layout.threads[successors[0].thread].ref, 0))
        state = successors[0].state
    return of_outcome(scenario, outcome(stepper, state)), Schedule(program.digest, tuple(moves))


def by_replay(scenario: dict[str, Any], program: Any, schedule: Schedule) -> dict[str, Any]:
    (script,) = retrace(program, schedule)
    replayed = replay(program, script)
    assert replayed.diverged is None, replayed.diverged
    return of_outcome(scenario, replayed.outcome)


def text(value: Any, inside: tuple[int, ...] = ()) -> str:
    """A value with its types and shape; what is inside itself is shown by how far out it is."""
    kind = type(value).__name__
    if id(value) in inside:
        return f"<{len(inside) - inside.index(id(value))} out>"
    within = (*inside, id(value))
    match value:
        case float() if math.isnan(value):
            return "nan"
        case dict():
            return f"dict({', '.join(f'{text(k, within)}: {text(v, within)}' for k, v in value.items())})"
        case set():
            return f"set({', '.join(sorted(text(item, within) for item in value))})"
        case list() | tuple():
            return f"{kind}({', '.join(text(item, within) for item in value)})"
        case _:
            return f"{kind} {value!r}"
