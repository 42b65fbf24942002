"""A search keeps to its time, also in what it does after the last state; what it says then is still true."""

import itertools
import math
import time
from contextlib import suppress

import pytest
from explore.found import explored, program

from scenario import machine
from scenario.engines.explore import Unexplored, again, explore
from scenario.engines.explore.model.budget import Budget, TimeIsUp
from scenario.engines.explore.search.schedules import shorten
from scenario.engines.explore.step import numbering
from scenario.engines.explore.step.numbering import layout
from scenario.engines.explore.step.stepper import Stepper
from scenario.judge import judge
from scenario.program.bounded.patience import Expired
from scenario.program.evaluate import DEADLINE
from scenario.results.notes import Hurried, NoOdds
from scenario.results.schedule import Schedule
from scenario.results.undecided import OutOfMemory, OutOfTime, TooManyStates
from scenario.settings import ExploreOptions, Sampling

CYCLE = """
vars: {x: 0}
threads:
  A: {steps: [{while: true, do: [x = 1, x = 0]}]}
"""
PHILOSOPHERS = """
params: {n: 3}
primitives: {forks: {array: n, of: Lock}}
threads:
  philosopher: {count: n, steps: [{with: ['forks[index]', 'forks[(index + 1) % n]'], do: [pass]}]}
"""
SAME = """
vars: {x: 0}
threads:
  A: {count: 3, steps: [x += 1, {assert: x == 1}, {assert: x < 3}]}
"""


def test_without_time_to_look_at_the_whole_graph_nothing_is_decided() -> None:
    found = explore(program(CYCLE), ExploreOptions(max_seconds=0), judge=judge)
    assert (found.exhausted, found.findings, found.undecided) == (False, (), (OutOfTime(),))


MANY = """
threads:
  A: {count: 20000, steps: [pass]}
main: [{start: all}, {join: all}]
"""


WORKERS = """
primitives: {p: {ThreadPoolExecutor: 10 ** 12}}
main: [pass]
"""


@pytest.mark.parametrize("text", [MANY, "\n".join(MANY.splitlines()[:3]) + "\n", WORKERS])
def test_time_ends_the_building_of_a_program(text) -> None:
    """Of 100,000 threads that took two minutes on a busy machine."""
    spent = Budget(max_seconds=0)
    with pytest.raises(TimeIsUp), spent.searching():
        layout(program(text), spent.look)
    found = explore(program(text), ExploreOptions(max_seconds=0.01), judge=judge)
    assert (found.states, found.undecided) == (0, (OutOfTime(),))


NO_TIME = {
    "what is kept": lambda made: again.recheck(made, Schedule("", ()), "final", judge=judge, max_seconds=0),
    "a game": lambda made: again.game(made, judge=judge, max_states=9, max_seconds=0),
    "what passes": lambda made: again.nearest_passing(made, Schedule("", ()), judge=judge, max_seconds=0),
    "an execution": lambda made: again.execution(made, 0, 0),
    "a film": lambda made: again.film(made, Schedule("", ()), 0),
    "a replay": lambda made: next(again.retrace(made, Schedule("", ()), 0)),
    "a sample": lambda made: (
        explore(made, ExploreOptions(max_seconds=0, sampling=Sampling(9, seed=0)), judge=judge).undecided
    ),
}


@pytest.mark.parametrize("what", NO_TIME.values(), ids=NO_TIME)
def test_time_ends_the_building_for_whatever_it_is(monkeypatch, what) -> None:
    """A failure that was kept was tried first, and so that of 400,000 workers took minutes."""
    made = program("threads: {A: {steps: [pass]}}")
    monkeypatch.setattr(numbering, "Thread", lambda *_, **__: pytest.fail("it is built"))
    with suppress(Unexplored):
        assert what(made) in (None, (OutOfTime(),))


def test_time_ends_the_making_of_a_first_state(monkeypatch) -> None:
    spent = Budget(max_seconds=0)
    many = Stepper(layout(program(MANY)), spent)
    made = []
    monkeypatch.setattr(many.local, "fresh", made.append)
    with pytest.raises(TimeIsUp), spent.searching():
        many.initial()
    assert len(made) < 20000


def test_without_time_to_compare_ways_a_shortest_one_is_shown(monkeypatch) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(Budget, "finish", Budget.close)
        late = explore(program(PHILOSOPHERS), judge=judge)
    found = explore(program(PHILOSOPHERS), judge=judge)
    assert [len(f.schedule.moves) for f in late.findings] == [len(f.schedule.moves) for f in found.findings] == [3]
    assert late.findings[0].failure.kind == "deadlock"


def test_threads_that_nothing_tells_apart_fail_once_at_a_place() -> None:
    reduced, whole = (explored(SAME, odds=False, reduce=reduce) for reduce in (True, False))
    assert len(reduced.findings) == len(whole.findings) == 2
    assert {len(f.schedule.moves) for f in reduced.findings} == {len(f.schedule.moves) for f in whole.findings}


COUNTER = """
vars: {n: 0, other: 0}
threads:
  A: {steps: [{while: true, do: [n += 1, {assert: n < 20}]}]}
  B: {steps: [{repeat: 3, do: [other += 1]}]}
"""


@pytest.mark.parametrize("states", [1, 10, 50, 100, 200])
def test_undecided_says_how_far_it_came_and_what_the_states_differ_in(states: int) -> None:
    found = explore(program(COUNTER), ExploreOptions(max_states=states), judge=judge)
    shortest = len(explore(program(COUNTER), judge=judge).findings[0].schedule.moves)
    if not found.findings:
        assert found.covered < shortest
        assert found.undecided
        assert "A" in {source.name for source in found.sources}
    assert found.covered == 0 or states >= found.covered


LONG_STEPS = {
    "a wide choice": "threads: {A: {steps: [{choose: i, from: 'range(1000000)'}, {choose: j, from: 'range(1000000)'}]}}",
    "a wide choice on the way": "vars: {n: 0}\nthreads: {A: {steps: [n = 1, {choose: i, from: 'range(1000000)'}]}}",
    "a value of much work": """
vars: {n: 0}
threads: {A: {steps: ["n = [0] * 900000", {while: true, do: [{choose: i, from: "range(900000)"}, "n[i] += 1"]}]}}
""",
    "a claim of much work": """
vars: {n: 0}
threads: {A: {count: 6, steps: [{repeat: 5, do: [n += index]}]}}
expect: {always: ["sum(i for i in range(1000000)) > n"]}
""",
    "a loop without steps": "threads: {A: {steps: [k = 0, {while: true, do: [k += 1]}]}}",
    "an atomic block without end": "vars: {n: 0}\nthreads: {A: {steps: [{atomic: [{while: true, do: [n += 1]}]}]}}",
    "many threads": "vars: {n: 0}\nthreads: {A: {count: 100000, steps: [n += index]}}",
}


@pytest.mark.parametrize("what", LONG_STEPS)
def test_time_ends_a_search_in_the_middle_of_a_step(what) -> None:
    long = program(LONG_STEPS[what])
    began = time.process_time()
    found = explore(long, ExploreOptions(max_seconds=1), judge=judge)
    assert (found.exhausted, found.findings) == (False, ())
    assert isinstance(found.undecided[0], OutOfTime)
    assert time.process_time() - began < 3


def test_a_step_has_no_more_alternatives_than_states_may_be_looked_at() -> None:
    for what in ("a wide choice", "a wide choice on the way"):
        found = explore(program(LONG_STEPS[what]), ExploreOptions(max_states=1000), judge=judge)
        assert found.undecided == (TooManyStates(1_000),)


def test_who_took_a_long_step_is_told() -> None:
    found = explore(program(LONG_STEPS["an atomic block without end"]), ExploreOptions(max_seconds=1), judge=judge)
    assert found.undecided == (OutOfTime("step", "A"),)


def test_an_atomic_block_may_go_round_as_often_as_it_likes() -> None:
    text = "vars: {n: 0}\nthreads: {A: {steps: [{atomic: [{repeat: 3000, do: [n += 1]}]}]}}\nexpect: [n == 3000]"
    found = explored(text)
    assert (found.exhausted, found.states, found.findings) == (True, 2, ())


def test_an_atomic_block_that_repeats_itself_is_a_livelock() -> None:
    found = explored("vars: {n: 0}\nthreads: {A: {steps: [{atomic: [{while: true, do: [n = 1]}]}]}}")
    assert [f.failure.kind for f in found.findings] == ["livelock"]


def test_odds_are_left_out_when_the_time_is_up(monkeypatch) -> None:
    monkeypatch.setattr(Budget, "go_on", Budget.close)
    found = explore(program(PHILOSOPHERS), ExploreOptions(odds=True), judge=judge)
    assert (found.exhausted, found.odds) == (True, False)
    assert NoOdds() in found.notes


def test_a_schedule_that_may_not_be_the_best_says_so(monkeypatch) -> None:
    assert explore(program(PHILOSOPHERS), judge=judge).notes == ()
    finish = Budget.finish
    monkeypatch.setattr(Budget, "finish", lambda budget: (finish(budget), budget.spare(-1.0)))
    assert explore(program(PHILOSOPHERS), judge=judge).notes == (Hurried(),)


def test_holders_are_told_where_there_is_no_time_left_to_judge() -> None:
    def late(program, outcome):
        if any(one.wait.holders for one in outcome.blocked):  # as the way there tells, once that is followed
            raise Expired
        return judge(program, outcome)

    (found,) = explore(program(PHILOSOPHERS), judge=late).findings
    assert [one.thread for one in found.failure.fact.blocked] == [one.thread for one in found.blocked]
    assert all(one.wait.holders for one in found.failure.fact.blocked)


def test_words_have_time_of_their_own(monkeypatch) -> None:
    """However long the shortest schedule was looked for."""
    finish, judged = Budget.finish, []

    def late(budget):
        finish(budget)
        budget.spare(-1.0)
        budget.told = -math.inf

    def looks(program, outcome):
        if any(one.wait.holders for one in outcome.blocked):
            DEADLINE.look()
            judged.append(outcome)
        return judge(program, outcome)

    monkeypatch.setattr(Budget, "finish", late)
    explore(program(PHILOSOPHERS), judge=looks)
    assert len(judged) == 1


def test_a_livelock_without_time_for_its_cycle_is_one_all_the_same(monkeypatch) -> None:
    monkeypatch.setattr(Budget, "finish", Budget.close)
    found = explore(program(CYCLE), judge=judge)
    assert [f.failure.kind for f in found.findings] == ["livelock"]


def test_shortening_is_interrupted_with_what_there_is(monkeypatch) -> None:
    interrupts = iter([KeyboardInterrupt])

    def interrupted(*_):
        for interrupt in interrupts:
            raise interrupt
        raise TimeIsUp(OutOfTime())

    monkeypatch.setattr(shorten, "_layers", interrupted)
    found = explore(program(PHILOSOPHERS), judge=judge)
    assert (found.interrupted, [f.failure.kind for f in found.findings]) == (True, ["deadlock"])


def test_a_search_that_takes_too_much_memory_is_undecided_with_a_word(monkeypatch) -> None:
    monkeypatch.setattr(machine, "available", lambda: 60 << 20)
    monkeypatch.setattr(machine, "resident", iter(range(10 << 20, 10**12, 5 << 20)).__next__)
    found = explored("vars: {x: 0}\nthreads:\n  A: {steps: [{while: true, do: [x += 1]}]}\n", max_seconds=30)
    assert not found.exhausted
    assert found.undecided[0] == OutOfMemory(30 << 20)
    assert found.seconds < 10


def test_a_search_may_take_half_of_the_memory_that_is_free_unless_told(monkeypatch) -> None:
    monkeypatch.setattr(machine, "available", lambda: 8 << 30)
    assert (Budget()._memory.most, Budget(max_memory=100)._memory.most) == (4 << 30, 100 << 20)
    monkeypatch.setattr(machine, "available", lambda: 0)
    assert Budget()._memory.most == machine.MEMORY


@pytest.mark.parametrize(
    ("call", "last"), [("{call: r0}", "{with: l, do: [x += 1]}"), ("{with: l, do: [{call: r0}]}", "x += 1")]
)
def test_routines_that_call_each_other_more_often_than_anybody_can_read_are_no_way_past_the_budget(call, last):
    """Each of 24 calls the next one twice: what they add, and whether they come to an end, is not read to the end."""
    chain = "".join(f"  r{n}: {{steps: [{{call: r{n + 1}}}, {{call: r{n + 1}}}]}}\n" for n in range(24))
    made = program(
        f"vars: {{x: 0}}\nprimitives: {{l: Lock}}\nroutines:\n{chain}  r24: {{steps: [{last}]}}\nthreads: {{w: {{count: 2, steps: [{call}]}}}}\n"
    )
    began = time.process_time()
    found = explore(made, ExploreOptions(max_seconds=1), judge=judge)
    assert time.process_time() - began < 5
    assert found.undecided


COUNTERS = """
vars: {x: 0}
threads:
  w: {count: 5, steps: [mine = index, {repeat: 6, do: [x += 1]}]}
"""


def test_what_is_left_is_told_of_the_whole_budget_and_each_search_has_its_own_pace() -> None:
    began, seconds, told = time.monotonic(), 4.0, []
    options = ExploreOptions(max_seconds=seconds, keep_going=True)
    explore(program(COUNTERS), options, judge=judge, progress=lambda pace: told.append((time.monotonic(), pace)))
    assert all(abs(pace.left_seconds - (began + seconds - now)) < 0.5 for now, pace in told)
    others = [one.seconds for (_, one), (_, next_) in itertools.pairwise(told) if next_.states < one.states]
    assert others, "a smaller search took its turn"
    assert told[-1][1].seconds < seconds - others[0]
