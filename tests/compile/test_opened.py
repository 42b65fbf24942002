"""Params that are left open: the program says how every instance differs from it, or notes the place that it does not speak of."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from scenario.compile.opened import OpenFile
from scenario.diagnostics import InvalidScenario
from scenario.program.open import Open, filled, value_at
from scenario.program.program import Program
from scenario.program.walk import walk_all
from scenario.source import Source
from scenario.spec.load import understood
from scenario.syntax import Param

LIBRARY = Path(__file__).resolve().parents[2] / "scenarios"


def opened(text: str) -> OpenFile:
    source = Source("s.yaml", text)
    return OpenFile(understood(source), source, {})


def with_params() -> Iterator[tuple[str, list[str]]]:
    for file in sorted(LIBRARY.rglob("*.yaml")):
        params = yaml.safe_load(file.read_text(encoding="utf-8")).get("params", {})
        if names := [name for name, value in params.items() if type(value) is int]:
            yield str(file.relative_to(LIBRARY)), names


def trees(program: Program) -> tuple[object, ...]:
    """What an engine runs and judges."""
    claims = program.claims
    return (
        *(group.body for group in program.groups), *(routine.body for routine in program.routines.values()), program.main or (),
        claims.final, claims.sometimes, claims.always, claims.reachable, claims.observe or (), claims.outcomes or (),
    )  # fmt: skip


def sizes(program: Program) -> dict[str, object]:
    """What is computed before anything is run."""
    found: dict[str, object] = {group.key: len(group.names) for group in program.groups}
    found |= {var.name: var.value for var in program.vars}
    return found | {primitive.name: primitive.elements for primitive in program.primitives}


def all_filled(value: object, values: dict[str, int]) -> object:
    """Trees in tuples, for these values."""
    if isinstance(value, tuple):
        return tuple(all_filled(one, values) for one in value)
    return filled(value, values)


def speaks_of(of: Open) -> bool:
    """Whether each place that depends on a param is in a tree."""
    computed = (
        *of.counts.values(),
        *of.values.values(),
        *(t for given in of.arguments.values() for t in given.values()),
    )
    return of.uses <= {node.span for node in walk_all((computed, trees(of.program))) if isinstance(node, Param)}


@pytest.mark.parametrize(("file", "names"), list(with_params()))
def test_each_instance_is_as_the_open_program_says(file: str, names: list[str]) -> None:
    source = opened((LIBRARY / file).read_text(encoding="utf-8"))
    of = source.left_open(0, dict.fromkeys(names, 3))
    for value in (3, 4, 6):
        values = {name: value + place for place, name in enumerate(names)}
        try:
            instance = source.instance(0, values)
        except InvalidScenario:
            continue
        if speaks_of(of):
            assert all_filled(trees(of.program), values) == trees(instance)
        known = sizes(instance)
        assert {key: value_at(tree, values) for key, tree in of.counts.items()} == {
            key: known[key] for key in of.counts
        }
        assert {key: value_at(tree, values) for key, tree in of.values.items()} == {
            key: known[key] for key in of.values
        }


HEAD = "scenario: s\nparams: {n: 3, twice: {expr: 2 * n}}\n"


@pytest.mark.parametrize(
    "text",
    [
        "threads: {A: {count: n, name: 'w{n}', steps: [pass]}}",
        "threads: {A: {count: 2, timer: n, steps: [pass]}}",
        "threads: {A: {count: 2, daemon: n > 2, steps: [pass]}, B: {steps: [pass]}}",
        "primitives: {locks: {array: n, of: Lock}}\nthreads: {A: {steps: [{acquire: 'locks[2]'}]}}",
        "primitives: {locks: {array: n, of: Lock}}\nthreads: {A: {steps: [{acquire: 'locks[3]', raises: IndexError}]}}",
        "primitives: {locks: {array: 9, of: Lock}}\nthreads: {A: {steps: [{acquire: 'locks[n]'}]}}",
        "threads: {A: {count: n, steps: ['k = 1']}}\nexpect: ['A[2].k == 1']",
        "threads: {A: {count: n, steps: ['k = 1']}}\nexpect: {errors: {'A[2]': ValueError}}",
    ],
)  # fmt: skip
def test_a_place_of_which_it_does_not_speak_is_noted(text: str) -> None:
    assert not speaks_of(opened(HEAD + text).left_open(0, {"n": 3}))


@pytest.mark.parametrize(
    "text",
    [
        "vars: {x: {expr: n}}\nthreads: {A: {count: twice, steps: [{repeat: n - 1, do: ['x += twice']}]}}\nexpect: [x == n]",
        "primitives: {s: {Semaphore: n}, q: {Queue: twice}}\nthreads: {A: {count: n, steps: [{with: s, do: [pass]}]}}",
        "threads: {A: {count: n, steps: [{sleep: n}, {print: '{twice}'}]}}",
    ],
)
def test_of_all_else_it_speaks(text: str) -> None:
    assert speaks_of(opened(HEAD + text).left_open(0, {"n": 3}))


def test_what_is_not_left_open_leaves_no_trace() -> None:
    of = opened(HEAD + "threads: {A: {count: n, steps: [{repeat: twice, do: ['k = n']}]}}").left_open(0, {})
    assert not of.uses
    assert not of.counts
