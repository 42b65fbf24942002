"""An exception as a value is one record in every engine: in a variable, in a container, in a future, as a claim asks for it."""

from __future__ import annotations

import pickle

import pytest
from tasks.files import program

from scenario.engines import tasks
from scenario.engines.explore.evidence.retrace import retrace
from scenario.engines.explore.explore import explore
from scenario.engines.threads import run
from scenario.engines.threads.controlled import replay
from scenario.judge import judge
from scenario.results.outcome import FutureView, exception_view

TEXT = """
    vars: {e: null, among: [], f: null, blank: null}
    primitives: {one: Future, two: Future}
    threads:
      A:
        steps:
          - {set_exception: one, error: ValueError, message: "a: b"}
          - {set_exception: two, error: KeyError}
          - e = one.exception()
          - "among.append({'k': (one.exception(), 1)})"
          - f = one
          - blank = two.exception()
          - said = [type_name(e), str(e), str([e])]
"""
ERROR = exception_view("ValueError", "a: b")
VALUES = {
    "e": ERROR, "among": [{"k": (ERROR, 1)}], "f": FutureView("finished", None, ERROR), "blank": exception_view("KeyError"),
    "two.exception()": exception_view("KeyError"),
}  # fmt: skip


def by_run(of):
    return judge(of, run(of)).values


def by_explore(of):
    (row,) = explore(of, judge=judge).rows
    return row.values


def by_replay(of):
    (finding,) = explore(of, judge=judge).findings
    (script,) = retrace(of, finding.schedule)
    return judge(of, replay(of, script).outcome).values


def on_asyncio(of):
    return judge(of, tasks.run(of)).values


@pytest.mark.parametrize(
    ("engine", "runtime"),
    [(by_run, "threading"), (by_explore, "threading"), (by_replay, "threading"), (on_asyncio, "asyncio")],
)
def test_every_engine_gives_the_same_record(engine, runtime):
    values = engine(program(f"{TEXT}    expect: {{final: [e == None], observe: {[*VALUES]}}}\n", runtime))
    assert dict(values) == VALUES
    assert pickle.loads(pickle.dumps(values)) == values


def test_claims_ask_of_it_what_steps_ask():
    claims = [
        "A.said == [type_name(e), str(e), str([e])]",
        "A.said[1] == str(one.exception())",
        "e != 'ValueError: a: b'",
    ]
    of = program(f"{TEXT}    expect: {{final: {claims}}}\n", "threading")
    assert judge(of, run(of)).failures == explore(of, judge=judge).findings == ()
