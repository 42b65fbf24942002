"""Whatever comes, the command line ends in one of its exit codes, within its limits, and with no fault of its own."""

from itertools import islice

import pytest
from fuzz.fuzzing import PLACES, Trial, trials

PLAIN = "scenario: plain\nvars: {n: 0}\nthreads:\n  A: {count: 2, steps: [n += 1]}\n"


@pytest.mark.parametrize("seed", [1, 2])
def test_mutated_files(tmp_path, seed):
    for trial in islice(trials(seed), 8):
        assert not trial.run(tmp_path), (trial.command, trial.place, trial.text, trial.said)


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("command", [["run"], ["explore"]], ids=lambda command: command[0])
def test_hostile_surroundings(tmp_path, place, command):
    trial = Trial(PLAIN, command, place)
    assert not trial.run(tmp_path), trial.said


@pytest.mark.parametrize("command", ["validate", "run", "explore", "show", "list"])
def test_a_param_that_is_no_text(tmp_path, command):
    trial = Trial(PLAIN, [command, "-p", "s=\udcff"])
    assert not trial.run(tmp_path), trial.said


@pytest.mark.parametrize("count", [400, 3000])
def test_thousands_of_branches(tmp_path, count):
    branches = "".join(f"          - {{if: n == {i}, then: [n = {i + 1}]}}\n" for i in range(count))
    head = "scenario: many\nvars: {n: 0}\nthreads:\n  A:\n    steps:\n      - if: n == -1\n        then: [pass]\n"
    for command in ("validate", "run", "explore", "show"):
        trial = Trial(f"{head}        elif:\n{branches}", [command])
        assert not trial.run(tmp_path), trial.said
        assert ("more than 500 `elif`" in trial.said) == (count > 500)


def test_no_descriptors_left_for_a_child(tmp_path, monkeypatch):
    monkeypatch.setitem(PLACES, "no descriptors", "ulimit -n 7; ")
    pool = "scenario: pool\nprimitives: {p: {ThreadPoolExecutor: 1}}\nroutines: {f: {steps: [pass]}}\nmain: [{submit: f, to: p}]\n"
    trial = Trial(pool, ["run"], "no descriptors")
    assert not trial.run(tmp_path), trial.said
    assert "the system refused: Too many open files" in trial.said
