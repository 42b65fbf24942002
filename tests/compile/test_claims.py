"""`expect`: claims over the final state, over all states, and over threads."""

import pytest
from compile.files import check, diagnostics, program

from scenario import syntax
from scenario.program import claims

FILE = """\
scenario: x
vars: {n: 0}
primitives: {lock: Lock, slots: Semaphore, tls: local}
routines:
  work: {params: [k], steps: [r = k]}
threads:
  A: {steps: [r = 1, tls.x = 1]}
  worker: {count: 2, steps: [{choose: r, from: [1, 2]}, s = 1]}
  runs: {run: work, args: {k: 1}}
main: [start: all, m = 1]
"""


def claims_of(expect):
    return program(FILE + f"expect: {expect}\n").claims


def test_a_list_is_short_for_final():
    (claim,) = claims_of("[n == 1]").final
    assert claim.text == "n == 1"
    assert claim.expr == syntax.Compare(syntax.Shared("n"), ("==",), (syntax.Const(1),))


def test_without_expect_the_defaults_stand():
    assert program(FILE).claims == claims.Claims()


def test_registers_are_a_threads_locals():
    found = claims_of(
        "[A.r == 1, 'worker[1].r + worker[0].s == 2', main.m == 1, runs.r == runs.k, 'sum(worker[i].r for i in range(2))']"
    )
    assert found.final[0].expr.left == syntax.Register(syntax.Ref("A"), "r")
    assert found.final[1].expr.left.left == syntax.Register(syntax.Ref("worker", syntax.Const(1)), "r")
    assert len(found.final) == 5


@pytest.mark.parametrize("key", ["final", "sometimes", "observe"])
def test_registers_stand_where_the_final_state_is_asked(key):
    assert diagnostics(FILE + f"expect: {{{key}: [A.r]}}\n") == ()
    assert diagnostics(FILE + "expect: {outcomes: [{when: A.r == 1, is: acceptable}]}\n") == ()


@pytest.mark.parametrize(
    "expect",
    [
        "[⟨SC309 A.q⟩ == 1]",
        "['⟨SC324 worker⟩.r == 1']",
        "['worker[⟨SC324 2⟩].r == 1']",
        "['⟨SC324 A[0]⟩.r == 1']",
        "{always: [⟨SC309 A.r⟩ == 1]}",
        "{reachable: ['⟨SC309 worker[0].r⟩ == 1']}",
        "[⟨SC303 tls.x⟩ == 1]",
        "[⟨SC308 A.blocked⟩ == 0]",
        "[⟨SC301 m⟩ == 1]",
        "[⟨SC303 lock⟩]",
        "[⟨SC308 lock.locked⟩]",
        "{outcomes: [{when: ⟨SC301 r⟩ == 1, is: acceptable}]}",
        "{errors: {⟨SC360 B⟩: ValueError}}",
        "{errors: {⟨SC360 lock⟩: ValueError}}",
        "{errors: {'worker[⟨SC324 5⟩]': ValueError}}",
        "{errors: {⟨SC361 A⟩: SystemExit}}",
        "{errors: {⟨SC361 A⟩: {possible: [ValueError, SystemExit]}}}",
        "{deadlock: {possible: [A, ⟨SC360 B⟩]}}",
        "{elapsed: {at_most: \"⟨SC342 'x'⟩\"}}",
        "{elapsed: {at_most: ⟨SC303 n⟩}}",
    ],
)
def test_claims_that_can_never_be_asked(expect):
    check(FILE + f"expect: {expect}\n")


def test_a_register_is_not_read_in_a_step():
    check("scenario: x\nthreads:\n  A: {steps: [r = 1]}\n  B: {steps: [x = ⟨SC309 A.r⟩]}\n")


def test_errors_name_threads_groups_members_and_main():
    found = claims_of(
        "{errors: {A: ValueError, worker: [KeyError, IndexError], 'worker[-1]': {possible: OSError}, main: Empty}}"
    )
    assert [(c.thread, c.exceptions, c.possible) for c in found.errors] == [
        (syntax.Ref("A"), ("ValueError",), False),
        (syntax.Ref("worker"), ("KeyError", "IndexError"), False),
        (syntax.Ref("worker", syntax.Const(1)), ("OSError",), True),
        (syntax.Ref("main"), ("Empty",), False),
    ]


def test_a_group_that_may_be_stuck_stands_for_its_members():
    found = claims_of("{deadlock: {possible: [A, worker, main]}}")
    assert found.deadlock.threads == {"A", "worker[0]", "worker[1]", "main"}
    assert claims_of("{deadlock: possible}").deadlock.threads is None


def test_everything_else_is_taken_over():
    found = claims_of("""
  output: {contains: [a], absent: [b]}
  order: [[x, y]]
  livelock: possible
  elapsed: {at_least: 0.5, at_most: 1 + 1}
  fails: [deadlock]
  observe: [n, A.r]
  outcomes: [{when: n == 1, is: interesting, because: luck}]
""")
    assert found.output == claims.Output(contains=(claims.Words("a"),), absent=(claims.Words("b"),))
    assert found.order == ((claims.Words("x"), claims.Words("y")),)
    assert found.livelock == "possible"
    assert found.elapsed == claims.Elapsed(0.5, 2.0)
    assert found.fails == ("deadlock",)
    assert [claim.text for claim in found.observe] == ["n", "A.r"]
    assert (found.outcomes[0].rating, found.outcomes[0].because) == ("interesting", "luck")
    assert found.outcomes[0].when.span.line == found.outcomes[0].span.line == 18


def test_observe_is_by_default_not_given():
    assert claims_of("[n == 1]").observe is None
