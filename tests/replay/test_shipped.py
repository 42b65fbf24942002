"""The shipped scenarios on real threads: every counterexample reproduces, and any execution comes out the same."""

from pathlib import Path

import pytest
from replay.steps import random_walk

from scenario.commands.loading.selected import load_all
from scenario.commands.pipeline import satisfied
from scenario.engines.explore.evidence.retrace import retrace
from scenario.engines.explore.explore import explore, unexplored
from scenario.engines.threads.controlled import replay
from scenario.files.options import Selection
from scenario.judge import judge
from scenario.settings import ExploreOptions

ROOT = Path(__file__).resolve().parents[2] / "scenarios"
FILES = sorted(ROOT.rglob("*.yaml"))
BROKEN = [f for f in FILES if any(word in f.read_text() for word in ("fails:", "deadlock:", "livelock:", "outcomes:"))]


def programs(path):
    (loaded,) = load_all(Selection((str(path),), runtimes=("threading",)), exploring=True)
    return [
        program
        for program in loaded.programs
        if program.explore is not None
        and not unexplored(program)
        and (program.requires_python is None or satisfied(program.requires_python))
    ]


def name(path):
    return path.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("path", BROKEN, ids=name)
def test_every_counterexample_reproduces(path):
    for program in programs(path):
        found = explore(program, ExploreOptions(max_states=30_000, max_seconds=10), judge=judge)
        for finding in (*found.findings, *found.permitted):
            replayed = [replay(program, script) for script in retrace(program, finding.schedule)]
            assert finding.failure.kind in {kind for one in replayed for kind in kinds(program, one)}


def kinds(program, replayed):
    assert replayed.diverged is None
    judged = judge(program, replayed.outcome)
    return {failure.kind for failure in (*judged.failures, *judged.permitted)}


@pytest.mark.parametrize("path", FILES, ids=name)
def test_a_random_execution_comes_out_as_the_explorer_says(path):
    for program in programs(path)[:1]:
        schedule, is_over, expected = random_walk(program, seed=str(path.name))
        replayed = replay(program, next(retrace(program, schedule)))
        assert replayed.diverged is None
        seen = replayed.outcome
        assert (seen.shared, seen.output, seen.marks) == (expected.shared, expected.output, expected.marks)
        assert {ref: error.name for ref, error in seen.errors.items()} == {
            ref: error.name for ref, error in expected.errors.items()
        }
        assert {(f.kind, f.span) for f in seen.failures} == {(f.kind, f.span) for f in expected.failures}
        assert (seen.end == "finished") == is_over
