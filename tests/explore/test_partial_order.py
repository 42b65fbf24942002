"""What is taken alone makes no difference: a search over such steps against the naive one.

SCENARIO_PROGRAMS=5000 looks at more random programs (from SCENARIO_FIRST on).
"""

from __future__ import annotations

import random
from functools import partial

import pytest
from conformance.generator import generated
from drawn import first_fitting, seeds
from explore.found import program
from replay.steps import program_of

from scenario.diagnostics import InvalidScenario
from scenario.engines.explore import explore
from scenario.engines.explore.independence.alone import is_possible
from scenario.engines.explore.model.budget import Budget
from scenario.engines.explore.model.code import Access
from scenario.engines.explore.search.search import Ended, Enough, Exhausted, Search
from scenario.engines.explore.search.smaller import Smaller
from scenario.engines.explore.search.strategies import breadth_first
from scenario.engines.explore.search.strategies.taken_at_once import search_alone
from scenario.engines.explore.search.summary import summed, with_endless
from scenario.engines.explore.step.numbering import layout
from scenario.judge import judge
from scenario.program.program import Program
from scenario.results.exploration import Exploration
from scenario.results.notes import NotShortest
from scenario.results.undecided import NotAll
from scenario.results.ways import PartialOrder
from scenario.settings import ExploreOptions

SEEDS = seeds(25)


def facts(found: Exploration):
    """All that a report says of a search, its counts and schedules aside."""
    rows = {(repr(row.values), row.label, row.end) for row in found.rows}
    return (
        rows,
        found.sometimes,
        found.reached,
        found.deadlock,
        found.livelock,
        set(found.unreached),
        {claim for claim in found.vacuous if claim.why != "true of every value"},  # which is no matter of a search
    )


def failures(search: Search):
    return {(found.failure.kind, found.failure.span) for found in search.failures.found}


def told(search: Search, ended: Ended) -> Exploration:
    """What is said of all executions: schedules are another matter."""
    search.failures.found.clear()
    search.failures.permitted.clear()
    return summed(search, *with_endless(search, ended), odds=False)


def places(found: Exploration):
    return {(finding.failure.kind, finding.failure.span) for finding in found.findings}


def naive(of: Program, max_states: int = 6_000) -> Exploration:
    return explore(of, ExploreOptions(keep_going=True, reduce=False, max_states=max_states), judge=judge)


def compare(of: Program, max_states: int = 6_000) -> tuple[int, int] | None:
    """The numbers of states of both searches; None where they can not be compared."""
    made = layout(of)
    if not is_possible(made):
        return None
    whole = naive(of, max_states)
    if not whole.exhausted:
        return None
    search, ended = search_alone(made, Budget(), partial(judge, of), stop_at_first=False)
    if isinstance(ended, Enough):
        return None  # it is not worth it
    assert isinstance(ended, Exhausted)
    renames = bool(search.reduction.ways)  # then a deadlock's place may be where another thread stands
    found, known = (
        {(kind, None if renames else span) for kind, span in each} for each in (failures(search), places(whole))
    )
    if not search.is_acyclic:
        assert found <= known  # it fails, or nothing is said
        return None
    assert found == known
    assert facts(told(search, ended)) == facts(whole)
    assert len(search.graph.states) <= whole.states
    return len(search.graph.states), whole.states


@pytest.mark.parametrize("seed", SEEDS)
def test_random_programs_over_everything_have_the_same_ends(seed):
    assert first_fitting(seed, lambda each: compare(program_of(generated(each))))


# --- near the borders of what is taken alone --------------------------------------------------------------

HEAD = """
vars: {x: 0, y: 1, cells: [0, 0, 0], shelf: {k: 0}}
primitives:
  a: Lock
  b: Lock
  own: RLock
  locks: {array: 3, of: Lock}
  slots: {Semaphore: 1}
  signal: {Semaphore: 0}
  few: {BoundedSemaphore: 1}
  e: Event
  q: {Queue: 1}
  c: {Condition: b}
routines:
  more: {params: [n], steps: [{with: a, do: ["x += n"]}]}
"""
LOCKS = ("a", "a", "b", "own", "locks[index]", "locks[i]", "locks[(index + 1) % 3]", "slots", "few")
PLACES = ("x", "y", "cells[0]", "cells[index]", "cells[i]", "cells[(index + 1) % 3]", "shelf['k']")
PLAIN = (
    "'{p} += 1'", "'{p} = {o} + 1'", "'n = {p}'", "'{p} = n'", "'n = sum(cells)'", "'i = (i + 1) % 3'", "'cells.reverse()'",
    "{{assert: '{p} <= {o} + 1'}}", "{{if: '{p} == 1', then: ['{o} = 5']}}", "{{atomic: ['n = {p}', '{o} = n + 1']}}",
    "{{atomic: [{{if: '{p} == 0', then: ['{p} = 1', 'i = 1']}}]}}", "{{print: '{{n}}'}}", "{{mark: m}}", "{{call: more, args: [1]}}",
    "{{choose: i, from: [0, 1]}}", "{{try: [{{raise: ValueError}}], except: {{ValueError: ['{p} = 2']}}}}",
)  # fmt: skip
WAITING = (
    "{{release: signal}}", "{{acquire: signal}}", "{{release: slots}}", "{{release: few}}", "{{await: '{p} > 0'}}", "{{set: e}}",
    "{{wait: e}}", "{{acquire: {l}, blocking: false, into: n}}", "{{acquire: {l}, timeout: 1, into: n}}", "{{release: {l}}}",
    "{{acquire: {l}}}", "{{if: 'a.locked()', then: ['{p} = 7']}}", "{{put: q, item: 1}}", "{{get: q, into: n}}", "{{notify: c}}",
    "{{with: c, do: [{{wait: c}}]}}", "{{with: c, do: [{{notify: c}}, '{p} += 1']}}", "{{await: '{p} > 0', timeout: 1}}",
    "{{if: 'slots.value == 1', then: ['{p} = 7']}}", "{{wait: e, timeout: 1}}", "{{raise: ValueError}}",
)  # fmt: skip
LIVES = (
    "{{start: B}}", "{{join: A}}", "{{start: all}}", "{{join: all}}", "{{start: 'A[1]'}}", "{{join: 'B[0]'}}", "{{start: 'A[n % 2]'}}",
    "{{try: [{{start: B}}], except: {{RuntimeError: ['{p} += 1']}}}}", "{{try: [{{join: B}}], except: {{RuntimeError: ['{p} += 1']}}}}",
)  # fmt: skip
CLAIMS = (
    "", "", "final: [x < 2]", "always: [x < 2]", "always: ['cells[0] <= x']", "reachable: ['x == 1 and y == 1']", "sometimes: [x == 2]",
    "reachable: ['a.locked() and b.locked()']", "output: {contains: ['1']}", "order: [[m]]", "deadlock: possible",
    "final: ['A[0].n == 0']", "errors: {A: {possible: ValueError}}", "final: [not a.locked()]", "reachable: ['x == 0 and y == 5']",
)  # fmt: skip
MAINS = (
    "", "", "main: [{start: all}, 'n = x', {join: all}, 'x += n']", "main: ['x = 1', {start: A}, 'y += x', {start: B}, {join: A}]",
    "main: [{start: B}, {join: B}, {start: A}, {join: A}, {assert: 'x < 2'}]", "main: [{join: A}, {start: all}]",
    "main: [{start: A}, {join: A}, {start: B}, 'y = x']", "main: ['x = 1', {start: A}]", "main: [{start: A}, {if: 'x > 0', then: [{start: B}]}]",
    "main: [{start: 'A[0]'}, {with: a, do: [{start: B}]}, {join: 'B[0]'}, 'y += 1', {join: all}]",
)  # fmt: skip


class Writer:
    """One file in the making."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self.main = self.one(MAINS)
        self.more = ("lives",) if self.main else ()

    def one(self, of: tuple[str, ...]) -> str:
        return self.chance.choice(of)

    def step(self, depth: int) -> str:
        kinds = ("plain", "plain", "waiting", "with", "with", "with", "repeat", *self.more)
        kind = self.one(kinds) if depth else "plain"
        match kind:
            case "plain" | "waiting" | "lives":
                text = self.one({"plain": PLAIN, "waiting": WAITING, "lives": LIVES}[kind])
                return text.format(p=self.one(PLACES), o=self.one(PLACES), l=self.one(LOCKS)).replace(
                    "shelf['k']", 'shelf["k"]'
                )
            case "with":
                return f"{{with: '{self.one(LOCKS)}', do: [{self.steps(depth - 1)}]}}"
            case _:
                return f"{{repeat: 2, as: i, do: [{self.steps(depth - 1)}]}}"

    def steps(self, depth: int) -> str:
        return ", ".join(self.step(depth) for _ in range(self.chance.randint(1, 2)))

    def text(self) -> str:
        groups = [
            f"  {name}: {{count: {self.chance.randint(1, 2)}, steps: ['i = 0', 'n = 0', {self.steps(2)}]}}"
            for name in "AB"
        ]
        return "\n".join([HEAD.strip(), "threads:", *groups, self.main, f"expect: {{{self.one(CLAIMS)}}}"])


@pytest.mark.parametrize("seed", SEEDS)
def test_random_programs_over_locks_and_elements_have_the_same_ends(seed):
    assert first_fitting(seed, compared)


def compared(seed):
    """None where it is no scenario, or can not be compared."""
    try:
        return compare(program(Writer(seed).text()))
    except InvalidScenario:
        return None


# --- what becomes of it ----------------------------------------------------------------------------------


def alone(text: str) -> tuple[Search, Ended]:
    """The search over steps that are taken at once, which is compared with the naive one."""
    of = program(text)
    assert compare(of) is not None
    search, ended = search_alone(layout(of), Budget(), partial(judge, of), stop_at_first=False)
    return search, ended


def test_threads_that_touch_nothing_in_common_are_one_state():
    search, _ = alone("""
        vars: {cells: [0, 0, 0]}
        primitives: {locks: {array: 3, of: Lock}}
        threads: {t: {count: 3, steps: [{with: 'locks[index]', do: ['cells[index] += 1']}]}}
    """)
    assert len(search.graph.states) == 1


def test_a_section_is_one_step():
    search, _ = alone("""
        vars: {x: 0, y: 0}
        primitives: {a: Lock}
        threads:
          A: {steps: [{with: a, do: ['x += 1', 'y = x']}]}
          B: {steps: [{with: a, do: ['x *= 2', 'y = x']}]}
    """)
    assert len(search.graph.states) == 5


def test_sections_inside_each_other_in_both_orders_still_deadlock():
    search, _ = alone("""
        vars: {x: 0}
        primitives: {a: Lock, b: Lock}
        threads:
          A: {steps: [{with: [a, b], do: ['x += 1']}]}
          B: {steps: [{with: [b, a], do: ['x += 1']}]}
    """)
    assert [found.failure.kind for found in search.failures.found] == ["deadlock"]


def test_philosophers_far_apart_are_no_choice():
    search, _ = alone("""
        primitives: {forks: {array: 4, of: Lock}}
        threads:
          left: {count: 2, steps: [{with: 'forks[index]', do: [{with: 'forks[1 - index]', do: [pass]}]}]}
          right: {count: 2, steps: [{with: 'forks[2 + index]', do: [{with: 'forks[3 - index]', do: [pass]}]}]}
    """)
    assert len(search.graph.states) == 28  # not the product of both


def test_a_lock_that_another_gives_back_guards_nothing():
    search, _ = alone("""
        vars: {x: 0}
        primitives: {a: Lock}
        threads:
          A: {count: 2, steps: [{with: a, do: ['n = x', 'x = n + 1']}]}
          C: {steps: [{try: [{release: a}], except: {RuntimeError: [pass]}}]}
        expect: {final: [x == 2]}
    """)
    assert "error" in {found.failure.kind for found in search.failures.found}


def test_who_waits_brings_in_who_lets_him_go_on():
    search, _ = alone("""
        vars: {x: 0, y: 0, z: 0}
        threads:
          A: {steps: [{await: 'x == 1'}, 'z += 1']}
          B: {steps: ['y = 1', 'x = 1', 'z += 1']}
          C: {steps: ['x += y']}
    """)
    assert {found.failure.kind for found in search.failures.found} == {"deadlock"}


def test_whom_all_passes_over_is_looked_at_without_a_step():
    search, _ = alone("""
        vars: {x: 0}
        primitives: {a: Lock}
        threads:
          A: {steps: [{with: a, do: [{start: all}]}, 'x += 1']}
          B: {steps: ['x += 1']}
        main: [{start: A}, {start: B}]
        expect: {errors: {main: {possible: KeyError}}}
    """)
    assert {found.failure.kind for found in search.failures.found} == {"error"}  # A may have started B before


def test_what_is_reached_before_an_element_counts_as_well():
    codes = layout(
        program("vars: {cells: ['x', 0], y: 0}\nthreads: {A: {steps: ['y = cells[0][0][cells[1]]', 'y = cells[1]']}}")
    ).codes
    accesses = [of for of in codes["thread A"].instructions if isinstance(of, Access)]
    assert any(of.reaches for of in accesses)
    assert any(of.element is not None for of in accesses)
    assert not any(of.reaches and of.element is not None for of in accesses)


STARTED = """
    vars: {x: 0, y: 0}
    threads:
      A: {steps: ['x = 1']}
      B: {steps: [BODY]}
      C: {steps: ['y += 1']}
"""


@pytest.mark.parametrize("body", ["'x = 2'", "'i = 1', 'x = 1 + i'"])
def test_who_has_not_been_started_needs_who_starts_him(body):
    search, _ = alone(STARTED.replace("BODY", body) + "    main: [{start: A}, {start: C}, 'y += 1', {start: B}]")
    assert {judged.values[0] for judged in search.graph.ends.values()} == {("x", 1), ("x", 2)}


def test_who_joins_needs_whom_he_joins():
    search, _ = alone(STARTED.replace("BODY", "'y += 1'") + "    main: [{start: all}, {join: B}, 'x = 2']")
    assert {judged.values[0] for judged in search.graph.ends.values()} == {("x", 1), ("x", 2)}


PAIRS = """
    primitives: {forks: {array: 4, of: Lock}}
    threads:
      left: {count: 2, steps: [{with: 'forks[index]', do: [{with: 'forks[1 - index]', do: [pass]}]}]}
      right: {count: 2, steps: [{with: 'forks[2 + index]', do: [{with: 'forks[3 - index]', do: [pass]}]}]}
"""


def test_fewer_threads_suffice_where_main_starts_them():
    search, _ = alone(PAIRS + "    main: [{start: left}, {start: right}, {join: all}]")
    assert search.stepper.taken < search.stepper.asked / 2
    assert {found.failure.kind for found in search.failures.found} == {"deadlock"}


def test_fewer_threads_suffice_where_they_are_many():
    of = program("""
        params: {n: 40}
        primitives: {forks: {array: n, of: Lock}}
        threads:
          p:
            count: n
            steps:
              - mine = index - index % 2
              - with: 'forks[mine]'
                do: [{with: 'forks[mine + 1]', do: [pass]}]
    """)
    search, ended = search_alone(layout(of), Budget(max_seconds=60), partial(judge, of), stop_at_first=False)
    assert isinstance(ended, Exhausted)
    assert not search.failures.found
    assert len(search.graph.states) < 100  # 20 pairs, each in two orders: not the product of them


def test_what_always_looks_at_is_seen_in_the_middle_of_a_section():
    search, _ = alone("""
        vars: {x: 0}
        primitives: {a: Lock}
        threads:
          A: {steps: [{with: a, do: ['x = 1', 'x = 0']}]}
          B: {steps: [{with: a, do: ['x = 1', 'x = 0']}]}
        expect: {always: [x < 2], reachable: [x == 1]}
    """)
    assert not search.failures.found


def test_what_changes_inside_a_section_alone_is_not_said_to_be_constant():
    search, ended = alone("""
        vars: {x: 0}
        primitives: {a: Lock}
        threads: {A: {count: 2, steps: [{with: a, do: ['x = 1', 'x = 0']}]}}
        expect: {final: [x == 0]}
    """)
    assert not told(search, ended).vacuous


def test_a_search_that_goes_round_says_nothing():
    of = program("""
        vars: {x: 0, y: 0}
        threads:
          A: {steps: [{while: 'x == 0', do: ['y = 1']}]}
          B: {steps: ['n = 0', {while: 'n == 0', do: ['n = 0', 'z = y']}]}
        expect: {livelock: possible}
    """)
    search, _ = search_alone(layout(of), Budget(), partial(judge, of), stop_at_first=False)
    assert not search.is_acyclic


# --- when it comes in ---------------------------------------------------------------------------------------

RING = """
    params: {n: 4, last: 0}
    vars: {meals: 0}
    primitives: {forks: {array: n, of: Lock}}
    threads:
      p:
        count: n
        steps:
          - right = (index + 1) % n
          - {if: 'index < last', then: ['left = index'], else: ['left = min(index, right)', 'right = max(index, right)']}
          - {with: 'forks[left]', do: [{with: 'forks[right]', do: ['atomic: meals += 1']}]}
    expect: [meals == n]
""".replace("'atomic: meals += 1'", "{atomic: 'meals += 1'}")


def grown(monkeypatch, states: int, **options) -> Exploration:
    monkeypatch.setattr(breadth_first, "GROWN", states)
    params = options.pop("params", {})
    return explore(program(RING, **params), ExploreOptions(**options), judge=judge)


def test_a_search_that_grows_is_overtaken(monkeypatch):
    small, plain = grown(monkeypatch, 50), grown(monkeypatch, 10_000)
    assert small.exhausted
    assert plain.exhausted
    assert small.states < plain.states
    assert PartialOrder() in small.reductions
    assert PartialOrder() not in plain.reductions


def test_a_search_that_does_nothing_twice_is_overtaken_sooner(monkeypatch):
    """Each state of a table that is looked at in atomic blocks has steps of its own to be worked out: 3,000 took 6 s."""
    table = program("""
        vars: {table: {expr: "[0] * 16"}}
        threads:
          t:
            count: 4
            steps:
              - repeat: 2
                as: m
                do:
                  - h = (m * 4 + index) * 3 % 16
                  - is_in = False
                  - while: not is_in
                    do:
                      - atomic: [{if: "table[h] == 0", then: ["table[h] = index + 1", is_in = True]}]
                      - {if: not is_in, then: [h = (h + 1) % 16]}
        expect: ["table.count(0) == 8"]
    """)
    monkeypatch.setattr(breadth_first, "STEPS", 1_000)
    plain = explore(table, ExploreOptions(), judge=judge)
    assert plain.states == 81
    monkeypatch.setattr(breadth_first, "GROWN", 82)
    assert PartialOrder() not in explore(table, ExploreOptions(), judge=judge).reductions
    monkeypatch.setattr(breadth_first, "STEPS", 2)
    assert PartialOrder() in explore(table, ExploreOptions(), judge=judge).reductions


def test_a_search_that_is_nearly_one_way_is_overtaken_by_none(monkeypatch):
    """It would be through with its few ways sooner than another search, which is tried whatever it looks like if it is large."""
    taking_turns = program("""
        vars: {turn: 0}
        primitives: {changed: Condition}
        threads:
          t:
            count: 3
            steps:
              - repeat: 12
                do:
                  - with: changed
                    do:
                      - {wait_for: changed, until: turn % 3 == index}
                      - turn += 1
                      - notify_all: changed
        expect: [turn == 36]
    """)
    monkeypatch.setattr(breadth_first, "GROWN", 200)
    assert PartialOrder() not in explore(taking_turns, ExploreOptions(), judge=judge).reductions
    monkeypatch.setattr(breadth_first, "LARGE", 400)
    assert PartialOrder() in explore(taking_turns, ExploreOptions(), judge=judge).reductions


def test_a_search_that_goes_round_overtakes_none(monkeypatch):
    monkeypatch.setattr(breadth_first, "GROWN", 1)
    of = program("""
        vars: {x: 0, y: 0}
        threads:
          A: {steps: [{while: 'x == 0', do: ['y += 0']}]}
          B: {steps: ['y = 1', 'y = 2', 'x = 1']}
    """)
    found = explore(of, ExploreOptions(), judge=judge)
    assert found.exhausted
    assert PartialOrder() not in found.reductions


@pytest.mark.parametrize("options", [{"reduce": False}, {"odds": True}])
def test_it_is_off_without_reductions_and_with_odds(monkeypatch, options):
    assert grown(monkeypatch, 50, **options).states == 464


def test_what_fails_has_its_shortest_schedule_from_the_plain_search(monkeypatch):
    small, plain = (grown(monkeypatch, states, params={"last": 4}) for states in (50, 10_000))
    assert [one.schedule for one in small.findings] == [one.schedule for one in plain.findings]


FAILS_LATE = """
    vars: {cells: [0, 0, 0]}
    primitives: {a: Lock, b: Lock}
    threads:
      busy: {count: 3, steps: [{repeat: 5, do: ['cells[index] += 1']}]}
      A: {steps: [{with: [a, b], do: [pass]}]}
      B: {steps: [{with: [b, a], do: [pass]}]}
"""


def test_where_the_plain_search_does_not_come_to_it_another_schedule_stands(monkeypatch):
    monkeypatch.setattr(breadth_first, "GROWN", 10)
    found = explore(program(FAILS_LATE), ExploreOptions(max_states=100), judge=judge)
    assert [one.failure.kind for one in found.findings] == ["deadlock"]
    assert len(found.findings[0].schedule.moves) == 32
    assert found.notes == (NotShortest(),)
    assert not found.undecided


def test_who_interrupts_the_search_for_the_shortest_schedule_has_the_one_that_was_found(monkeypatch):
    """What had been found was lost with the plain search: the file was undecided."""
    overtakes = Smaller.overtakes

    def then_interrupted(smaller):
        overtakes(smaller)
        raise KeyboardInterrupt

    monkeypatch.setattr(breadth_first, "GROWN", 10)
    monkeypatch.setattr(Smaller, "overtakes", then_interrupted)
    found = explore(program(FAILS_LATE.replace("+= 1", "= 1")), judge=judge)
    assert ([one.failure.kind for one in found.findings], found.interrupted) == (["deadlock"], True)
    assert (found.notes, found.undecided) == ((NotShortest("interrupted"),), (NotAll("interrupted"),))


def test_what_is_asked_of_a_search_that_has_ended_is_answered_though_it_believed_too_much():
    of = program("""
        params: {n: 3, rounds: 5}
        vars: {x: 0}
        threads: {w: {count: n, steps: [{repeat: rounds, do: [x += 1]}]}}
        expect: [x == n * rounds]
    """)
    found = explore(of, ExploreOptions(max_seconds=30), judge=judge)
    assert [finding.failure.kind for finding in found.findings] == ["final"]


BORDERS = {
    "a try may fail": """
        vars: {x: 0}
        primitives: {a: Lock}
        threads:
          A: {steps: [got = 0, {acquire: a, blocking: false, into: got}, {if: got, then: [x += 1, {release: a}]}]}
          B: {steps: [{with: a, do: [x += 2]}]}
        expect: {observe: [A.got, x]}
    """,
    "a timed wait may end": """
        vars: {x: 0}
        primitives: {a: Lock}
        threads:
          A: {steps: [got = 0, {acquire: a, timeout: 1, into: got}, {if: got, then: [x += 1, {release: a}]}]}
          B: {steps: [{with: a, do: [x += 2]}]}
        expect: {observe: [A.got, x]}
    """,
    "a key that comes has its place behind the others": """
        vars: {d: {expr: "{}"}}
        threads:
          A: {steps: ["d['n'] = 1"]}
          B: {steps: ["d['m'] = 2"]}
        expect: {observe: [list(d)]}
    """,
}


@pytest.mark.parametrize("text", BORDERS.values(), ids=BORDERS)
def test_just_beyond_a_condition_both_orders_are_looked_at(text):
    alone(text)
    assert len(naive(program(text)).rows) > 1
