"""Exploring on asyncio: what is explored is what runs show, and no more than may be."""

from __future__ import annotations

import time

import pytest
from conformance.explored import row_of, rows
from drawn import examples
from hypothesis import given, settings
from tasks.drawn import programs
from tasks.files import program

from scenario.diagnostics import InvalidScenario
from scenario.engines import tasks
from scenario.engines.tasks import exploring
from scenario.engines.tasks.around import Around
from scenario.engines.tasks.deciding import Between, Spent
from scenario.engines.tasks.evidence import players
from scenario.engines.tasks.loop import opened
from scenario.engines.tasks.recording import Recording
from scenario.engines.tasks.running import Watched, conducted, module_of
from scenario.engines.tasks.runtime import Run
from scenario.judge import exploration_verdict, judge
from scenario.results.notes import AnyReady
from scenario.results.token import decode, encode
from scenario.results.undecided import OutOfTime
from scenario.settings import ExploreOptions

ALL = ExploreOptions(keep_going=True, max_seconds=20)


def explored(text, options=ALL):
    made = program(text)
    return tasks.explore(made, options, judge=judge)


def verdict(text, options=ALL):
    made = program(text)
    return exploration_verdict(made, tasks.explore(made, options, judge=judge)).word


def really(made, seed=0):
    """A run on asyncio's own loop, with its steps; a deadlock is decided where nothing moves any more, not before."""
    recording = Recording()
    run = Run(module_of(made), seed, around=Around(_soon(made), ended=recording.ended))
    between = InRounds(run, made.timeout)
    with opened(between) as loop, recording.of(run):
        loop.time = lambda: between.now
        return conducted(run, loop), begun(recording.recorded())


class InRounds(Watched):
    """A round has one time. CPython reads its clock twice while a timeout begins, and who is held up in between for all of it is over at once."""

    now = time.monotonic()

    def before_round(self, loop, timeout):
        self.now = time.monotonic()
        return super().before_round(loop, timeout)


def begun(recorded):
    return [(step.thread, step.span, step.what) for step in recorded.steps]


def _soon(made):
    return time.monotonic() + made.timeout


def drawn(text):
    """The program, if it is one."""
    try:
        return program(text)
    except InvalidScenario:
        return None


@given(programs(timed=False))
@settings(max_examples=examples(60))
def test_without_times_the_one_execution_is_that_of_a_run_step_by_step(text):
    made = drawn(text)
    if made is None:
        return
    found = tasks.explore(made, ALL, judge=judge)
    assert found.exhausted
    assert len(found.rows) == 1, found.rows
    outcome, steps = really(made)
    with players(made, _soon(made)) as player:
        only = player.recorded(())
    assert only.taken == ()
    assert begun(only.recorded) == steps
    assert (only.outcome.end, only.outcome.shared, only.outcome.blocked) == (
        outcome.end,
        outcome.shared,
        outcome.blocked,
    )
    assert rows(found) == {row_of(made, outcome)}


@given(programs(timed=True))
@settings(max_examples=examples(25))
def test_with_times_what_a_run_shows_has_been_explored(text):
    made = drawn(text)
    if made is None:
        return
    found = tasks.explore(made, ALL, judge=judge)
    if found.exhausted:
        for seed in range(3):
            outcome, _ = really(made, seed)
            if outcome.end != "timeout":
                assert row_of(made, outcome) in rows(found), text


@given(programs(timed=True))
@settings(max_examples=examples(15))
def test_states_that_are_taken_for_one_go_on_alike(text):
    made = drawn(text)
    if made is None:
        return
    each = tasks.explore(made, ExploreOptions(keep_going=True, max_seconds=5, reduce=False), judge=judge)
    if each.exhausted:
        found = tasks.explore(made, ALL, judge=judge)
        assert rows(found) == rows(each), text
        assert found.states <= each.states


LOST = """
    vars: {n: 0}
    threads: {A: {count: 2, steps: [x = n, {sleep: 1}, n = x + 1]}}
    expect: [n == 2]
"""


def test_an_update_across_an_await_is_lost_and_one_without_is_not():
    assert verdict(LOST) == "fails"
    assert verdict(LOST.replace("{sleep: 1}", "pass")) == "holds"


@pytest.mark.parametrize(("start", "change"), [("{a: 1, b: 2}", "d['c'] = 3"), ('{expr: "{1, 2}"}', "d.add(3)")])
def test_a_dict_or_set_that_changes_under_a_loop_raises_there(start, change):
    """Also where others go on afterwards: states are compared in which an iterator has nothing more to say."""
    text = f"""
        vars: {{d: {start}, n: 0, seen: 0}}
        threads:
          A: {{steps: [{{for: k, in: d, do: [n += 1, {{sleep: 0.1}}]}}]}}
          B: {{steps: [{{sleep: 0.1}}, "{change}", {{sleep: 0.1}}, seen = n]}}
        expect: {{errors: {{A: {{possible: RuntimeError}}}}, observe: [n, seen]}}
    """
    found = explored(text)
    assert found.exhausted
    assert {tuple(value for _, value in row.values) for row in found.rows} >= {(1, 1), (2, 2)}
    assert verdict(text) == "holds"


def test_a_lock_across_the_await_mends_it():
    text = LOST.replace("[x = n, {sleep: 1}, n = x + 1]", "[{with: l, do: [x = n, {sleep: 1}, n = x + 1]}]")
    assert verdict(text + "    primitives: {l: Lock}\n") == "holds"


def test_a_failure_has_a_schedule_that_is_replayed():
    text = """
        vars: {n: 0}
        threads: {A: {steps: [{sleep: 2}, n = 1]}, B: {steps: [{sleep: 1}, n = 2]}}
        expect: [n == 1]
    """
    made = program(text)
    (finding,) = tasks.explore(made, ALL, judge=judge).findings
    schedule = decode(encode(finding.schedule))
    outcome, taken = tasks.replay(made, schedule, 10)
    assert outcome.shared == {"n": 2}
    assert [(move.thread, move.span) for move in taken.moves] == [(m.thread, m.span) for m in finding.schedule.moves]


def test_sleeps_are_over_in_any_order_unless_the_clock_is_virtual():
    text = """
        vars: {seen: []}
        threads: {A: {steps: [{sleep: 2}, seen.append('A')]}, B: {steps: [{sleep: 1}, seen.append('B')]}}
    """
    assert len(explored(text).rows) == 2
    (row,) = explored(f"{text}    explore: {{clock: virtual}}\n").rows
    assert row.values == (("seen", ["B", "A"]),)


def test_who_awaits_what_holds_now_may_go_on_before_his_time_is_over():
    text = """
        vars: {n: 0, seen: 0}
        threads:
          A: {steps: [{await: n == 1, timeout: 2}, seen = 1]}
          B: {steps: [%sn = 1]}
    """
    some = explored(text % "{sleep: 1}, ")
    assert {row.values[1][1] for row in some.rows} == {0, 1}, "either may be the first"
    at_once = explored(text % "")
    assert [row.values[1][1] for row in at_once.rows] == [1], "B comes in the round in which A begins to wait"
    exact = explored(text % "{sleep: 1}, " + "    explore: {clock: virtual}\n")
    assert [row.values[1][1] for row in exact.rows] == [1]


def test_with_the_virtual_clock_what_is_elapsed_is_exact():
    text = (
        "threads: {A: {steps: [{sleep: 2}]}}\nexplore: {clock: virtual}\nexpect: {elapsed: {at_least: 2, at_most: 2}}\n"
    )
    assert verdict(text) == "holds"
    assert verdict(text.replace("at_most: 2", "at_most: 1.5").replace("at_least: 2", "at_least: 1")) == "fails"
    assert verdict(text.replace("clock: virtual", "clock: free")) == "undecided"


def test_any_ready_task_may_be_next_if_that_is_asked_for():
    text = """
        vars: {seen: []}
        threads: {A: {steps: [seen.append('A')]}, B: {steps: [seen.append('B')]}}
    """
    assert len(explored(text).rows) == 1
    assert len(explored(f"{text}    explore: {{ready: any}}\n").rows) == 2


def test_a_failure_where_any_ready_task_may_be_next_says_so():
    text = "vars: {n: 0}\nthreads: {A: {steps: [n = 1]}, B: {steps: [n = 2]}}\nexpect: [n == 2]\n"
    assert explored(text).notes == ()
    assert explored(f"{text}explore: {{ready: any}}\n").notes == (AnyReady(),)
    assert explored(f"{text.replace('n = 1', 'n = 2')}explore: {{ready: any}}\n").notes == ()


def test_futures_that_are_done_already_come_in_any_order():
    text = """
        vars: {seen: []}
        primitives: {f: {array: 3, of: Future}}
        threads: {A: {steps: [{for: i, in: [0, 1], do: [{set_result: "f[i]", value: i}]},
          {as_completed: one, in: "[f[0], f[1], f[2]]", do: [{result: one, into: got}, seen.append(got)]}]},
          B: {steps: [{await: len(seen) == 2}, {set_result: "f[2]", value: 2}]}}
    """
    assert [row.values[0][1] for row in explored(text).rows] == [[0, 1, 2], [1, 0, 2]]


def test_sleepers_go_through_few_states_whatever_was_executed_before():
    text = """
        threads:
          A: {steps: [{repeat: 4, do: [{print: A}, {sleep: 1}]}]}
          B: {steps: [{repeat: 4, do: [{print: B}, {sleep: 1}]}]}
        expect: {output: {unordered: [A, A, A, A, B, B, B, B]}}
    """
    found = explored(text)
    assert found.exhausted
    assert found.states < 100, "positions and who is ready, not each order of what was printed"
    ordered = explored(text.replace("unordered: [A, A, A, A, B, B, B, B]", "lines: [A, B, A, B, A, B, A, B]"))
    assert ordered.states > found.states


def test_every_choice_is_tried():
    found = explored("vars: {x: 0}\nthreads: {A: {steps: [{choose: x, from: [1, 2, 3]}]}}\n")
    assert {row.values for row in found.rows} == {(("x", n),) for n in (1, 2, 3)}


def test_a_deadlock_that_a_time_decides_is_found():
    text = """
        primitives: {e: Event}
        threads: {A: {steps: [{sleep: 1}, {wait: e}]}, B: {steps: [{sleep: 1}, {set: e}, {clear: e}]}}
    """
    found = explored(text)
    assert found.deadlock
    assert [finding.failure.kind for finding in found.findings] == ["deadlock"]
    assert [one.thread for one in found.findings[0].blocked] == ["A"]


def test_who_polls_for_what_comes_is_no_livelock_and_for_what_never_comes_is_one():
    text = """
        vars: {stop: false}
        threads: {A: {steps: [{while: not stop, do: [{sleep: 1}]}]}, B: {steps: [{sleep: 1}, stop = True]}}
    """
    assert verdict(text) == "holds"
    found = explored(text.replace("stop = True", "pass"))
    assert [(finding.failure.kind, finding.failure.thread) for finding in found.findings] == [("livelock", "A")]
    assert found.findings[0].schedule.cycle is not None


def test_who_gives_way_for_ever_is_a_livelock_and_for_a_while_is_none():
    text = "vars: {a: 0}\nthreads: {A: {steps: [{while: a == 0, do: [{sleep: 0}]}]}, B: {steps: [{sleep: 1}, a = 1]}}\n"
    assert verdict(text) == "holds"
    assert verdict(text.replace("a = 1", "pass")) == "fails"


def test_states_in_which_somebody_awaits_are_compared():
    text = """
        vars: {a: 0}
        threads:
          A: {steps: [{await: a == 2}]}
          B: {count: 2, steps: [{repeat: 2, do: [{sleep: 1}]}]}
          C: {steps: [{sleep: 1}, a = 2]}
    """
    assert verdict(text, ExploreOptions(keep_going=True, max_states=150)) == "holds"


def test_who_is_stuck_beside_one_that_goes_on_for_ever_is_deadlocked():
    text = """
        primitives: {e: Event}
        threads: {A: {steps: [{wait: e}]}, B: {steps: [{while: true, do: [{sleep: 1}]}]}}
    """
    found = explored(text)
    assert [finding.failure.kind for finding in found.findings] == ["deadlock"]
    assert [one.thread for one in found.findings[0].blocked] == ["A"]


def test_what_holds_the_loop_for_ever_is_an_error_at_its_place():
    with pytest.raises(InvalidScenario) as refused:
        verdict("vars: {n: 0}\nthreads:\n  A: {steps: [{while: true, do: [n = 1]}]}\n")
    (said,) = refused.value.diagnostics
    assert (said.code, said.span.line) == ("SC355", 4)


def test_a_claim_that_is_false_on_the_way_fails_also_where_nothing_ends():
    text = """
        vars: {n: 0}
        threads: {A: {steps: [{sleep: 1}, n = 1, n = 0, {while: true, do: [{sleep: 1}]}]}}
        expect: {always: [n == 0], livelock: possible}
    """
    assert [finding.failure.kind for finding in explored(text).findings] == ["always"]


@pytest.mark.parametrize("most", [1, 5])
def test_past_the_budget_of_states_it_is_undecided(most):
    text = "vars: {n: 0}\nthreads: {A: {count: 3, steps: [{sleep: 1}, n += 1, {sleep: 1}]}}\n"
    assert verdict(text, ExploreOptions(max_states=most)) == "undecided"


def test_a_timeout_that_comes_as_late_as_the_lock_loses_it_or_not():
    text = """
        vars: {got: null}
        primitives: {l: Lock}
        threads:
          A: {steps: [{with: l, do: [{sleep: 1}]}]}
          B: {steps: [{acquire: l, timeout: 1, into: got}, {if: got, then: [{release: l}]}]}
          C: {steps: [{with: l, do: [pass]}]}
        expect: {sometimes: [got, not got]}
    """
    assert verdict(text) == "holds"  # whoever comes after it gets the lock in each case


def test_so_many_tasks_that_end_in_one_round_do_not_outlive_the_time():
    """Whoever looked at all of them for each, as once, would take minutes."""
    text = "vars: {n: 0}\nthreads: {A: {count: 50_000, steps: [n += 1, {assert: n < 0}]}}\n"
    began = time.process_time()
    explored(text, ExploreOptions(max_seconds=1))
    assert time.process_time() - began < 30


def test_the_clock_is_looked_at_while_the_state_of_many_tasks_is_read(monkeypatch):
    """100,000 of them took four seconds past the budget."""
    made = program("threads: {A: {count: 2000, steps: [{sleep: 1}]}}")
    reading, looks = [], []

    def state(search, *given):
        reading.append(None)
        found = real(search, *given)
        reading.pop()
        return found

    def look(between):
        looks.extend(reading)
        if len(looks) > 20:
            raise Spent(OutOfTime())

    real = exploring._Search.state
    monkeypatch.setattr(exploring._Search, "state", state)
    monkeypatch.setattr(Between, "look", look)
    found = tasks.explore(made, ALL, judge=judge)
    assert (found.states, found.exhausted) == (0, False)
