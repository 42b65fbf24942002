"""`executor=`: whoever does the units, the results are those of this process, in its order."""

from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import replace
from multiprocessing import get_context

import pytest

from scenario.api import load
from scenario.spread import WorkerDied

TEXT = """\
scenario: divided
params: {n: 1}
cases: [{n: 1}, {n: 2}, {n: 3}]
vars: {x: 0}
threads: {w: {count: 2, steps: [{repeat: n, do: [x += 1]}]}}
expect: [x == 2 * n]
"""


@pytest.fixture
def divided(tmp_path):
    file = tmp_path / "divided.yaml"
    file.write_text(TEXT)
    return load(file)


def timeless(results):
    """All that does not depend on the clock."""
    return [(r.case, r.verdict, r.runs, r.search and replace(r.search.exploration, seconds=0.0)) for r in results]


def test_threads_of_any_number_find_what_this_process_finds(divided):
    alone = timeless(divided.explore(sample=60, seed=4))
    for count in (1, 3):
        with ThreadPoolExecutor(count) as executor:
            assert timeless(divided.explore(sample=60, seed=4, executor=executor, workers=count)) == alone


def test_processes_run_and_explore_what_this_process_does(divided):
    with ProcessPoolExecutor(2, get_context("spawn")) as executor:
        assert timeless(divided.explore(executor=executor, workers=2)) == timeless(divided.explore())
        runs = divided.run(seed=1, times=4, executor=executor, workers=2)
    assert [(r.case, r.verdict.word) for r in runs] == [("n=1", "holds"), ("n=2", "holds"), ("n=3", "holds")]


class Mortal(ThreadPoolExecutor):
    """Its workers die of the first units that they are given."""

    deaths = 2

    def submit(self, call, /, *arguments):
        self.deaths -= 1
        return super().submit(dies if self.deaths >= 0 else call, *arguments)


def dies(*_):
    raise WorkerDied("killed")


def test_a_worker_that_dies_loses_nothing(divided):
    with Mortal(2) as executor:
        assert timeless(divided.explore(executor=executor, workers=2)) == timeless(divided.explore())
    assert executor.deaths < 0


@pytest.mark.parametrize(("given", "error"), [({"executor": 3}, TypeError), ({"workers": 0}, ValueError)])
def test_what_an_executor_can_not_be(divided, given, error):
    with pytest.raises(error, match=next(iter(given))):
        divided.run(**given)
