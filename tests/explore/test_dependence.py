"""Whose values a step works with, and whose values decided that it is taken."""

from explore.found import program

from scenario.engines.explore.explore import explore
from scenario.judge import judge


def moves(text):
    (finding, *_) = explore(program(text), judge=judge).findings
    return finding.schedule.moves


def test_a_value_is_followed_through_locals_and_routines():
    read, write = moves(
        """
        vars: {x: 1, y: 0}
        routines: {fetch: {params: [n], steps: ["found = x + n", {return: found}]}}
        threads: {A: {steps: [{call: fetch, args: {n: 2}, into: got}, "z = got * 2", "y = z"]}}
        expect: ["y == 0"]
        """
    )
    assert (read.reads, read.uses) == (("x",), ())
    assert (write.writes, write.uses) == (("y",), (0,))


def test_what_is_written_by_a_constant_comes_from_no_read():
    read, write = moves("vars: {x: 1}\nthreads: {A: {steps: [z = x, x = 5]}}\nexpect: ['x == 1']")
    assert write.uses == ()
    assert not read.tested


def test_a_step_is_decided_by_the_branch_that_it_stands_in_and_by_no_other():
    look, inside, after = moves(
        "vars: {x: 1, y: 0}\nthreads: {A: {steps: [{if: x == 1, then: [y = 1]}, y = 2]}}\nexpect: ['y == 0']"
    )
    assert look.tested
    assert (inside.because, after.because) == ((0,), ())


def test_each_round_of_a_loop_is_decided_by_its_own_look():
    first, one, _, two, last = moves(
        "vars: {n: 0}\nthreads: {A: {steps: [{while: n < 2, do: [{atomic: n += 1}]}]}}\nexpect: ['n == 0']"
    )
    assert (one.because, two.because) == ((0,), (2,))
    assert first.tested
    assert last.tested


def test_both_operands_of_and_decide():
    *_, act = moves(
        "vars: {a: 1, b: 1, y: 0}\nthreads: {A: {steps: [{if: a and b, then: [y = 1]}]}}\nexpect: ['y == 0']"
    )
    assert act.because == (0, 1)


def test_a_look_claims_what_its_branch_may_change():
    look, _ = moves("vars: {x: 0}\nthreads: {A: {steps: [{if: x == 0, then: [x = 1]}]}}\nexpect: ['x == 0']")
    assert look.claims == ("x",)


def test_what_a_thread_may_still_write_is_known_at_each_step():
    first, second = moves("vars: {x: 0, y: 0}\nthreads: {A: {steps: [x = 1, y = 1]}}\nexpect: ['x == 0']")
    assert (first.later, second.later) == (("y",), ())


def test_a_failed_check_names_the_reads_that_refuted_it():
    *_, last = moves("vars: {x: 0, y: 1}\nthreads: {A: {steps: [a = x, b = y, {assert: a == b}]}}")
    assert last.refuted == (0, 1)
