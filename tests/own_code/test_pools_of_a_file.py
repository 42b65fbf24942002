"""A file's own thread pool beside own code: executed under control it comes to what the model comes to."""

from pathlib import Path
from textwrap import dedent

import pytest
from cli.files import results, scenario
from own_code.modules import importable
from own_code.test_files import OPTIONS, own, program, said

from scenario.engines.explore import explore
from scenario.judge import exploration_verdict, judge
from scenario.settings import ExploreOptions

pytestmark = pytest.mark.xdist_group("pools of files")
FAULTS = Path(__file__).parents[1] / "faults" / "cases"
COOKS = """
scenario: x
vars: {order: []}
primitives: {pool: {ThreadPoolExecutor: %d}}
routines:
  cook: {params: [dish], steps: [{return: dish}]}
main:
  - {submit: cook, to: pool, args: ["'stew'"], into: a}
  - {submit: cook, to: pool, args: ["'salad'"], into: b}
  - {as_completed: done, in: "[b, a]", do: [{result: done, into: dish}, order.append(dish)]}
expect: {observe: [order]}
"""
LATE = """
scenario: x
vars: {n: 0, refused: 0}
primitives: {pool: {ThreadPoolExecutor: {max_workers: 1, thread_name_prefix: io}}, l: Lock}
routines:
  again: {steps: [{with: l, do: [n += 1, {try: [{submit: more, to: pool}], except: {RuntimeError: [refused += 1]}}]}]}
  more: {steps: [{with: l, do: [n += 10]}]}
threads:
  A: {steps: [{submit: again, to: pool}]}
expect: {observe: [n, refused]}
"""
WORKERS = """
scenario: x
vars: {seen: []}
primitives: {pools: {array: 2, of: {ThreadPoolExecutor: 1}}}
routines:
  told: {steps: [atomic: "seen.append((name, index))"]}
threads:
  A: {steps: [{submit: told, to: "pools[0]"}, {submit: told, to: "pools[1]"}]}
expect: {observe: [sorted(seen)]}
"""


@pytest.mark.parametrize(
    "text",
    [
        COOKS % 1,
        COOKS % 2,
        LATE,
        WORKERS,
    ],
    ids=["in order", "in any order", "after main", "workers' names"],
)
def test_pools_come_to_the_same_as_in_the_model(text):
    made = program(text)
    reference = explore(made, OPTIONS, judge=judge)
    assert said(made, own(made)) == said(made, reference)


def test_the_wake_up_that_ends_workers_may_be_lost():
    """Who fails in the initializer throws it away, and `shutdown` waits for the other worker for ever."""
    made = program((FAULTS / "initializer-beside-a-shutdown.yaml").read_text())
    found = own(made, options=ExploreOptions(max_seconds=60))
    assert exploration_verdict(made, found).word == "fails"
    assert found.deadlock


# --- the same calls, as routines and as Python ---------------------------------------------------------------

CODE = """
import threading

n = 0
lock = threading.Lock()


def add(times, by=1):
    global n
    n += times * by


def add_locked(times, by=1):
    with lock:
        add(times, by)


def add_one(_):
    add(1)


def total():
    return n


def begin():
    add(5)
"""
STEPS = """
scenario: x
vars: {n: 0}
primitives: {lock: Lock, pool: {ThreadPoolExecutor: {max_workers: 1%s}}%s}
routines:
  add: {params: [times, by], steps: ["n += times * by"]}
  add_locked: {params: [times, by], steps: [{with: lock, do: ["n += times * by"]}]}
  add_one: {params: [_], steps: ["n += 1"]}
  begin: {steps: ["n += 5"]}
main:
%s
  - seen = n
expect: {observe: [main.seen]}
"""
WITH_CODE = """
scenario: x
python: {add: 'pooled:add', add_locked: 'pooled:add_locked', add_one: 'pooled:add_one', total: 'pooled:total', begin: 'pooled:begin'}
primitives: {pool: {ThreadPoolExecutor: {max_workers: 1%s}}%s}
main:
%s
  - {call: total, into: seen}
expect: {observe: [main.seen]}
"""
CALLS = {
    "submit": ("", "", """
  - {submit: add, to: pool, args: {times: 2, by: 3}}
  - {call: add, args: {by: 1, times: 1}}
  - {shutdown: pool}"""),
    "submit, locked": ("", "", """
  - {submit: add_locked, to: pool, args: [1, 2]}
  - {call: add_locked, args: [1, 1]}
  - {shutdown: pool}"""),
    "map": ("", "", """
  - {with: pool, do: [{map: add_one, to: pool, over: [1], into: got}]}"""),
    "an initializer": (", initializer: begin", "", """
  - {submit: add, to: pool, args: [1, 2]}
  - {call: add, args: [1, 1]}
  - {shutdown: pool}"""),
    "a callback": ("", ", f: Future", """
  - {add_done_callback: f, run: add, args: {by: 2, times: 1}}
  - {submit: add, to: pool, args: [1, 1]}
  - {set_result: f, value: 1}
  - {shutdown: pool}"""),
}  # fmt: skip


@pytest.fixture(scope="module")
def _pooled(tmp_path_factory):
    with importable(tmp_path_factory.mktemp("code"), "pooled", CODE) as module:
        yield module


@pytest.mark.usefixtures("_pooled")
@pytest.mark.parametrize("name", CALLS)
def test_own_code_in_a_pool_and_routines_have_the_same_outcomes(name):
    mine, model = program(WITH_CODE % CALLS[name], allowed=["pooled"]), program(STEPS % CALLS[name])
    assert said(mine, own(mine, ["pooled"])) == said(model, explore(model, OPTIONS, judge=judge))


def test_what_goes_wrong_in_a_pool_is_seen_again(tmp_path, monkeypatch):
    """A lost update of two calls: found, confirmed on real threads, and seen in each replay."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "lossy.py").write_text(
        "n = 0\n\n\ndef add(by):\n    global n\n    n += by\n\n\ndef total():\n    return n\n"
    )
    (tmp_path / "x.yaml").write_text(
        dedent("""\
        scenario: x
        python: {add: 'lossy:add', total: 'lossy:total'}
        primitives: {pool: {ThreadPoolExecutor: 2}}
        main:
          - {submit: add, to: pool, args: {by: 1}}
          - {submit: add, to: pool, args: {by: 1}}
          - {shutdown: pool}
          - {call: total, into: seen}
        expect: [main.seen == 2]
        """)
    )
    found = scenario("explore", "x.yaml", "--allow-python", "lossy", "--output-format", "json")
    (result,) = results(found)
    assert result["verdict"] == "fails"
    schedule = result["failures"][0]["schedule"]
    for _ in range(2):
        again = scenario("replay", "x.yaml", "--allow-python", "lossy", "--schedule", schedule)
        assert again.exit_code == 1, again.output


def test_arguments_by_name_are_given_where_it_is_run(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "pooled.py").write_text(CODE)
    (tmp_path / "x.yaml").write_text(
        dedent("""\
        scenario: x
        python: {add: 'pooled:add', total: 'pooled:total'}
        primitives: {pool: {ThreadPoolExecutor: 1}, f: Future}
        main:
          - {submit: add, to: pool, args: {by: 3, times: 2}}
          - {shutdown: pool}
          - {add_done_callback: f, run: add, args: {times: 5, by: 7}}
          - {set_result: f, value: 1}
          - {call: total, into: seen}
        expect: [main.seen == 41]
        """)
    )
    done = scenario("run", "x.yaml", "--allow-python", "pooled")
    assert done.exit_code == 0, done.output
