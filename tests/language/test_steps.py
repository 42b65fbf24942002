"""What an operation's class says of itself is what its steps in the model are seen to do: who leaves it out is told here."""

from __future__ import annotations

import dataclasses
from typing import get_args

import pytest
from language.stepped import seen, whatever
from threads.files import program

from scenario.engines.explore.explore import explore
from scenario.engines.threads.watch.library import BY_KIND
from scenario.judge import judge
from scenario.language.primitives import KINDS
from scenario.program import operations, ops
from scenario.settings import ExploreOptions

pytestmark = pytest.mark.xdist_group("seen")  # what is seen of all operations takes seconds
ALL = [op for op in get_args(ops.AnyOperation) if op is not ops.WaitFor]  # in which `wait` is done, again and again
each = pytest.mark.parametrize("op", ALL, ids=lambda op: op.__name__)
EFFECT = {"lock": "free", "relock": "free", **{kind: function.moved_by for kind, function in BY_KIND.items()}}


def place(op: type[ops.Operation], what: str, why: str = "") -> str:
    return f"program/operations.py: {what} of {op.__name__}{why}"


def test_every_operation_is_one_of_those_that_the_engines_know():
    made = [one for one in vars(operations).values() if isinstance(one, type) and issubclass(one, ops.Operation)]
    for op in made:
        if op is not ops.Operation:
            assert op in get_args(ops.AnyOperation), f"program/operations.py: AnyOperation has no {op.__name__}"


@each
def test_every_operation_is_seen(op):
    assert op in seen() or op is ops.ShutdownQueue, f"no model has a step for {op.__name__}"  # since 3.13


@each
def test_it_says_for_what_it_waits(op):
    waits = seen()[op].waits
    assert (op.waits_for in waits) if waits else op.waits_for == "", place(
        op, "waits_for", f", which waits for {waits}"
    )


@each
def test_it_says_which_waits_it_ends(op):
    ends = (
        set() if op.holds == "lends" else seen()[op].ends - {"relock"}
    )  # whoever has the lock ends that, as any other
    assert set(op.ends) == ends, place(op, "ends", f", which ends waits for {ends}")


@each
def test_its_effects_are_what_moves_those_whom_it_moves(op):
    for kind in seen()[op].moves - {"action"}:
        assert EFFECT.get(kind) in op.effects, place(
            op, "effects", f", which moves who waits for {kind} by {EFFECT.get(kind)!r}"
        )


@each
def test_what_changes_what_may_be_asked_has_an_effect(op):
    assert op.effects or not seen()[op].shows, place(op, "effects", ", which changes what may be asked of the object")


@each
def test_it_says_who_has_the_object_afterwards(op):
    one = seen()[op]
    holds = {(True, True): "lends", (True, False): "takes", (False, True): "gives back"}
    found = holds.get((one.takes, one.gives_back), "")
    assert op.holds == found, place(op, "holds", f", after which its models' `taken` tell {found!r}")


@each
def test_it_says_whether_a_container_may_come_of_it(op):
    if "into" in {field.name for field in dataclasses.fields(op)}:
        assert "gives_plain" in vars(op), place(op, "gives_plain")
        assert op.gives_plain == (list not in seen()[op].values), place(op, "gives_plain")


@each
def test_a_wait_for_what_somebody_has_tells_who(op):
    one = seen()[op]
    assert one.told == one.waits & ops.HELD, f"holders in the `wait` of the models that {op.__name__} is used on"


@each
def test_a_step_changes_no_more_than_its_model_says(op):
    assert seen()[op].strays == set()


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_is_lost_where_steps_are_remembered_and_threads_renamed(kind):
    for text in whatever(kind):
        naive, usual = (
            explore(program(text), ExploreOptions(reduce=reduce, keep_going=True), judge=judge)
            for reduce in (False, True)
        )
        assert {repr(row) for row in usual.rows} == {repr(row) for row in naive.rows}
