"""Who could have ended a wait: the threads with a step on that very object, of an array too."""

import pytest
from judge.programs import PLACE

from scenario.judge.givers import givers
from scenario.language.primitives import Semaphore
from scenario.program.claims import Claims
from scenario.program.ops import Release
from scenario.program.program import Primitive, Program, ThreadGroup
from scenario.results.waiting import Blocked, Wait
from scenario.syntax import Const, Local, Ref

SEATS = Primitive("seats", (Semaphore(0), Semaphore(0)), is_array=True)


def who_gives(index):
    """Who could have released `seats[1]`, for which A waits, of a thread that releases the element."""
    release = Release(Ref("seats", index), Const(1))
    groups = (ThreadGroup("A", ("A",), ()), ThreadGroup("B", ("B",), (release,)))
    program = Program("p", "p.yaml", {}, (), (SEATS,), {}, groups, None, Claims())
    waits = [Blocked("A", PLACE, Wait("semaphore", "seats[1]"))]
    return [giver.thread for giver in givers(program, waits, {}, ["B"])]


@pytest.mark.parametrize("index", [Const(1), Const(-1), Local("i")])
def test_an_element_is_the_same_however_it_is_counted(index):
    assert who_gives(index) == ["B"]


@pytest.mark.parametrize("index", [Const(0), Const(-2), Const(7)])
def test_who_releases_another_element_gives_nothing(index):
    assert who_gives(index) == []
