"""Verdicts over runs and explorations."""

from judge.programs import COUNTER_IS_FULL, PLACE, POSITIVE, outcome, program, stuck

from scenario.judge import exploration_verdict, judge, run_verdict, runs_verdict
from scenario.judge.verdict import Run
from scenario.program.claims import DeadlockClaim
from scenario.results.exploration import Exploration, Finding
from scenario.results.failures import AssertFalse, Deadlock, Failure, FinalFalse
from scenario.results.schedule import Schedule
from scenario.results.undecided import NotFollowed

FACTS = {"final": FinalFalse("x"), "assert": AssertFalse("x"), "deadlock": Deadlock(())}


def verdict_of_run(checked, seen):
    return run_verdict(checked, seen, judge(checked, seen), seed=1)


def exploration(*kinds, exhausted=True, **rest):
    findings = tuple(Finding(Failure(FACTS[kind], PLACE), Schedule("d")) for kind in kinds)
    return Exploration(exhausted, 1, 1, 0.1, findings, **rest)


def word(checked, explored):
    return exploration_verdict(checked, explored).word


def test_a_run_with_an_unexpected_failure_fails():
    assert verdict_of_run(program(final=(COUNTER_IS_FULL,)), outcome(1)).word == "fails"


def test_a_run_that_shows_the_bug_of_its_file_holds_and_keeps_the_evidence():
    verdict = verdict_of_run(program(final=(COUNTER_IS_FULL,), fails=("final",)), outcome(1))
    assert verdict.word == "holds"
    assert [(e.failure.kind, e.expected) for e in verdict.evidence] == [("final", True)]


def test_in_a_run_an_expected_kind_may_be_missing():
    assert verdict_of_run(program(fails=("deadlock",)), outcome()).word == "holds"


def test_in_a_run_another_kind_than_the_expected_fails():
    assert verdict_of_run(program(final=(COUNTER_IS_FULL,), fails=("deadlock",)), outcome(1)).word == "fails"


def test_a_permitted_deadlock_stands_in_the_results_and_holds():
    verdict = verdict_of_run(program(deadlock=DeadlockClaim("possible")), outcome(end="deadlock", blocked=stuck("A")))
    assert (verdict.word, verdict.evidence[0].failure.kind) == ("holds", "deadlock")


def test_an_interrupted_run_is_undecided():
    assert verdict_of_run(program(), outcome(end="interrupted")).word == "undecided"


def test_of_many_runs_each_failure_stands_once_with_its_first_seed():
    checked = program(final=(COUNTER_IS_FULL,))
    runs = [Run(o, judge(checked, o), seed) for seed, o in enumerate((outcome(20), outcome(3), outcome(4)))]
    verdict = runs_verdict(checked, runs)
    assert [e.seed for e in verdict.evidence] == [1]


def test_sometimes_is_reported_as_seen_when_one_run_shows_it():
    checked = program(sometimes=(POSITIVE, COUNTER_IS_FULL))
    runs = [Run(o, judge(checked, o), 0) for o in (outcome(0), outcome(1))]
    assert [seen.seen for seen in runs_verdict(checked, runs).seen] == [True, False]


def test_an_exhausted_exploration_without_findings_holds():
    assert word(program(), exploration()) == "holds"


def test_an_exploration_past_its_budget_is_undecided():
    assert word(program(), exploration(exhausted=False)) == "undecided"


def test_what_can_not_be_explored_is_undecided_and_says_why():
    verdict = exploration_verdict(program(), exploration(undecided=(NotFollowed("process pool"),)))
    assert (verdict.word, verdict.why) == ("undecided", (NotFollowed("process pool"),))


def test_a_finding_fails_even_where_not_all_was_covered():
    assert word(program(), exploration("final", exhausted=False)) == "fails"


def test_sometimes_that_no_interleaving_shows_fails():
    assert word(program(sometimes=(POSITIVE,)), exploration()) == "fails"
    assert word(program(sometimes=(POSITIVE,)), exploration(sometimes=frozenset({0}))) == "holds"


def test_reachable_that_no_state_shows_fails():
    assert word(program(reachable=(POSITIVE,)), exploration()) == "fails"
    assert word(program(reachable=(POSITIVE,)), exploration(reached=frozenset({0}))) == "holds"


def test_what_was_not_reached_within_the_budget_is_undecided():
    assert word(program(reachable=(POSITIVE,)), exploration(exhausted=False)) == "undecided"


def test_a_possible_deadlock_must_be_reachable():
    checked = program(deadlock=DeadlockClaim("possible"))
    assert word(checked, exploration()) == "fails"
    assert word(checked, exploration(deadlock=True)) == "holds"


def test_a_possible_livelock_must_be_reachable():
    assert word(program(livelock="possible"), exploration()) == "fails"
    assert word(program(livelock="possible"), exploration(livelock=True)) == "holds"


def test_fails_holds_when_exactly_these_kinds_are_found():
    checked = program(fails=("final", "deadlock"))
    assert word(checked, exploration("final", "deadlock")) == "holds"
    assert word(checked, exploration("final", "deadlock", "assert")) == "fails"


def test_fails_with_a_kind_that_no_interleaving_shows_fails():
    verdict = exploration_verdict(program(fails=("final", "deadlock")), exploration("final"))
    assert verdict.word == "fails"
    assert [e.failure.kind for e in verdict.evidence if not e.expected] == ["fails"]


def test_fails_is_undecided_where_not_all_was_covered():
    assert word(program(fails=("final",)), exploration("final", exhausted=False)) == "undecided"


def test_fails_may_name_what_is_judged_over_all_executions():
    assert word(program(sometimes=(POSITIVE,), fails=("sometimes",)), exploration()) == "holds"
