"""Who is stuck at an object after another has used it is told alike by `run`, `explore` and `replay`: of every kind."""

from __future__ import annotations

from typing import get_args

import pytest
from language.stepped import one_after_the_other
from replay.test_same_waits import explored, ran, replayed, shown
from threads.files import program

from scenario.engines.explore.explore import explore
from scenario.judge import judge
from scenario.language.primitives import KINDS
from scenario.program import ops
from scenario.results.waiting import Wait


def stuck(kind):
    """Files in which the second waits for ever and the first for it: one for each thing that the second waits for."""
    found = {}
    for text in one_after_the_other(kind):
        of = program(text)
        waits = {one.thread: one.wait for finding in explore(of, judge=judge).findings for one in finding.blocked}
        if "B" in waits and waits.get("A") == Wait("thread", "B", by=("B",)):
            found.setdefault(waits["B"].kind, of)
    return found.values()


@pytest.mark.parametrize("kind", KINDS)
def test_who_is_stuck_after_another_is_told_alike_by_every_engine(kind):
    for of in stuck(kind):
        first = explored(of)
        assert shown(ran(of)) == shown(first)
        assert shown(replayed(of, first.schedule)) == shown(first)


def test_some_thread_is_stuck_in_each_wait_that_an_operation_names():
    waits = {op.waits_for for op in get_args(ops.AnyOperation) if op.waits_for} - {
        "action"
    }  # by an action that waits itself
    assert waits <= {explored(of).blocked[-1].wait.kind for kind in KINDS for of in stuck(kind)}
