"""The step code: values of trees and slots alone, and a table that names every instruction."""

from __future__ import annotations

import pickle
import re
from pathlib import Path
from typing import get_args

import pytest

from scenario.compile import compile_scenario
from scenario.source import Source
from scenario.spec.load import load
from scenario.steps import code
from scenario.steps.lower.bodies import body_code

SCENARIOS = sorted((Path(__file__).parents[2] / "scenarios").rglob("*.yaml"))


def test_the_table_names_every_instruction():
    rows = [line.split("|")[1] for line in code.__doc__.splitlines() if line.startswith("| `")]
    named = re.findall(r"`(\w+)`", " ".join(rows))
    assert sorted(named) == sorted(kind.__name__ for kind in get_args(code.AnyInstruction))


@pytest.mark.parametrize("folder", sorted({path.parent for path in SCENARIOS}), ids=lambda folder: folder.name)
def test_instructions_hold_no_functions(folder):
    for path in SCENARIOS:
        if path.parent != folder:
            continue
        source = Source(str(path), path.read_text())
        for program in compile_scenario(load(source), source, {}):
            for group in program.groups:
                made = body_code(program, group.key, group.body)
                assert pickle.loads(pickle.dumps(made)) == made
