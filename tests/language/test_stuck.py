"""Who is stuck at an object after another has used it is told alike by `run`, `explore` and `replay`: of every kind."""

from __future__ import annotations

from functools import cache
from typing import get_args

import pytest
from language.stepped import letting_go, one_after_the_other
from replay.test_same_waits import explored, ran, replayed, shown
from threads.files import program

from scenario.engines.explore.explore import explore
from scenario.engines.threads import run
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


@cache
def let_go(kind):
    """Those files in which the other is blocked before, and nobody is stuck in the end."""
    files = [(ends, wait, program(text)) for ends, wait, text in letting_go(kind)]
    return [(ends, wait, of) for ends, wait, of in files if not explore(of, judge=judge).findings]


@pytest.mark.parametrize("kind", KINDS)
def test_a_real_thread_that_stands_blocked_is_let_go_by_what_ends_its_wait(kind):
    for ends, wait, of in let_go(kind):
        assert run(of).end == "finished", f"{ends.__name__} does not end the wait of a real thread for {wait}"


def test_some_real_thread_is_let_go_from_each_wait_that_an_operation_ends():
    waits = {op.waits_for for op in get_args(ops.AnyOperation)}
    said = {(op, kind) for op in get_args(ops.AnyOperation) for kind in op.ends if kind in waits}
    seen = {(ends, wait) for kind in KINDS for ends, wait, _ in let_go(kind)}
    assert said - seen == set()


def test_some_thread_is_stuck_in_each_wait_that_an_operation_names():
    waits = {op.waits_for for op in get_args(ops.AnyOperation) if op.waits_for} - {
        "action"
    }  # by an action that waits itself
    assert waits <= {explored(of).blocked[-1].wait.kind for kind in KINDS for of in stuck(kind)}
