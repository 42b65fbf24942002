"""Files with many rounds, decided by a program that goes round as often as it likes: what is proved, what is not, and that it is so."""

from __future__ import annotations

from collections.abc import Iterable
from random import Random

import pytest
from explore.found import HEAD

from scenario.compile import compile_scenario
from scenario.engines.explore import explore
from scenario.engines.explore.forall.of_any_rounds import proved_of_any_rounds
from scenario.engines.explore.model.budget import Budget
from scenario.judge import exploration_verdict, judge
from scenario.program.program import Program
from scenario.results.exploration import Exploration
from scenario.results.ways import AnyRounds
from scenario.settings import ExploreOptions
from scenario.source import Source
from scenario.spec.load import load

SECTION = """
vars: {inside: 0, done: 0}
primitives: {l: Lock}
threads:
  w:
    count: 10
    steps: [{repeat: 1000, do: [{with: l, do: [inside += 1, {assert: inside == 1}, inside -= 1, done += 1]}]}]
expect: {final: [done == 10000]}
"""
THROTTLE = """
vars: {inside: 0}
primitives: {s: {Semaphore: 3}}
threads:
  w:
    count: 10
    steps: [{repeat: 1000, do: [{with: s, do: [{atomic: inside += 1}, {assert: inside <= 3}, {atomic: inside -= 1}]}]}]
"""
ACCOUNT = """
vars: {a: 1000, b: 0}
primitives: {l: Lock}
threads:
  w: {count: 10, steps: [{repeat: 100, do: [{with: l, do: [a -= 1, {assert: a >= 0}, b += 1]}]}]}
expect: {final: [a == 0, b == 1000]}
"""
READERS = """
vars: {readers: 0, writing: false}
primitives: {c: Condition}
threads:
  reader:
    count: 4
    steps:
      - repeat: 50
        do:
          - {with: c, do: [{wait_for: c, until: not writing}, readers += 1]}
          - assert: not writing
          - {with: c, do: [readers -= 1, {notify_all: c}]}
  writer:
    count: 2
    steps:
      - repeat: 50
        do:
          - {with: c, do: [{wait_for: c, until: not writing and readers == 0}, writing = True]}
          - assert: readers == 0
          - {with: c, do: [writing = False, {notify_all: c}]}
"""
PHILOSOPHERS = """
params: {n: 5}
vars: {meals: 0}
primitives: {forks: {array: n, of: Lock}}
threads:
  p:
    count: n
    steps:
      - low = min(index, (index + 1) % n)
      - repeat: 1000
        do: [{with: "forks[low]", do: [{with: "forks[max(index, (index + 1) % n)]", do: [{atomic: meals += 1}]}]}]
expect: {final: [meals == 5000]}
"""


def program_of(text: str) -> Program:
    source = Source("s.yaml", HEAD + text)
    return compile_scenario(load(source), source, {}, exploring=True)[0]


def proved(text: str) -> Exploration | None:
    return proved_of_any_rounds(program_of(text), judge, Budget(6_000, 20.0))


def values(found: Exploration) -> set[tuple[str, object]]:
    return {(repr(row.values), row.end) for row in found.rows}


@pytest.mark.parametrize(
    ("text", "row"),
    [
        (SECTION, {"inside": 0, "done": 10_000}),
        (THROTTLE, {"inside": 0}),
        (ACCOUNT, {"a": 0, "b": 1000}),
        (READERS, {"readers": 0, "writing": False}),
        (PHILOSOPHERS, {"meals": 5000}),
        (THROTTLE + "expect: [s.value == 3, inside == 0]", {"inside": 0}),
    ],
)
def test_many_rounds_hold_with_the_one_end_that_they_have(text, row):
    found = proved(text)
    assert found is not None
    assert AnyRounds() in found.reductions
    assert [dict(one.values) for one in found.rows] == [row]


def test_a_search_that_has_grown_asks_for_it():
    found = explore(program_of(THROTTLE), ExploreOptions(), judge=judge)
    assert found.exhausted
    assert AnyRounds() in found.reductions


@pytest.mark.parametrize(
    "text",
    [
        SECTION.replace("{with: l, do: ", "{atomic: [pass]}, {if: true, then: "),
        SECTION.replace("inside == 1", "inside == 2"),
        SECTION.replace("done == 10000", "done == 9999"),
        SECTION.replace("{final", "{always: [inside == 0], final"),
        THROTTLE.replace("Semaphore: 3", "Semaphore: 4"),
        ACCOUNT.replace("a: 1000", "a: 999").replace("a == 0", "a == -1"),
        READERS.replace("and readers == 0", ""),
        PHILOSOPHERS.replace("min(index, (index + 1) % n)", "index").replace(
            "max(index, (index + 1) % n)", "(index + 1) % n"
        ),
        PHILOSOPHERS.replace("meals == 5000", "meals == 4999"),
        PHILOSOPHERS.replace("{atomic: meals += 1}", "meals += 1"),  # each under locks of its own
        PHILOSOPHERS.replace("{atomic: meals += 1}", "{atomic: ['seen = min(meals, 9)', meals = seen + 1]}"),
    ],
)
def test_what_is_wrong_is_not_proved(text):
    assert proved(text) is None


ONCE = """
vars: {x: 0}
primitives: {l: Lock}
threads: {w: {count: 2, steps: [{repeat: 3, do: [{with: l, do: [x = 1]}]}]}}
expect: {CLAIM}
"""
WAITS = """
vars: {x: 0, go: false}
primitives: {l: Lock}
threads:
  w: {steps: [{repeat: 3, do: [{with: l, do: [x += 1]}]}]}
  v: {steps: [{while: not go, do: [pass]}]}
"""
TAKES = """
vars: {xs: [1, 1], x: 0}
primitives: {l: Lock}
threads: {w: {steps: [{assert: xs.pop() > 0}, {repeat: 2, do: [{with: l, do: [x += 1]}]}]}}
expect: {final: [len(xs) == 2]}
"""


@pytest.mark.parametrize(
    "text",
    [
        ONCE.replace("CLAIM", "sometimes: [x == 0]"),  # only of no rounds at all
        ONCE.replace("CLAIM", "outcomes: [{when: x == 0, is: interesting}]"),
        ONCE.replace("CLAIM", "observe: [x + 1]"),
        ONCE.replace("CLAIM", "deadlock: possible"),
        WAITS,  # without end, in the file too
        TAKES,  # a check that changes something
        TAKES.replace("{assert: xs.pop() > 0}", "got = xs.pop()"),
        ONCE.replace("CLAIM", "").replace("repeat: 3", "for: i, in: range(3)").replace("x = 1", "x = i"),
    ],
)
def test_what_is_beyond_a_condition_is_left_to_the_search(text):
    assert proved(text) is None


ADDS = """
vars: {x: 0, xs: [0, 1, 0, 1]}
primitives: {l: Lock, fs: {array: 2, of: Lock}}
threads: {w: {count: 2, steps: [{for: i, in: range(2), do: [{with: l, do: [x += 2, x -= 1]}]}, LAST]}}
expect: {CLAIM}
"""


@pytest.mark.parametrize(
    ("last", "claim"),
    [
        ("pass", "final: ['w[0].i != 1']"),  # no round leaves it without a value
        ("pass", "always: [x <= 4]"),  # what a section adds and takes away again is seen on the way
        ("{assert: x < 5}", ""),
        ("{for: j, in: range(1000001), do: [{with: l, do: [pass]}]}", ""),  # longer than a range may be
    ],
)
def test_what_is_seen_of_steps_that_add_nothing_is_not_passed_over(last, claim):
    assert proved(ADDS.replace("LAST", "pass").replace("CLAIM", "final: [x == 4]")) is not None
    assert proved(ADDS.replace("LAST", last).replace("CLAIM", claim)) is None


@pytest.mark.parametrize(
    "last", ["{print: '{xs.pop()}'}", "{mark: '{xs.pop()}'}", "{with: 'fs[xs.pop()]', do: [pass]}"]
)
def test_what_a_text_changes_is_in_no_closed_form_but_in_the_search(last):
    """The numbers are known by counting, and nothing is said of what was taken from the list by then."""
    text = ADDS.replace("LAST", last)
    found = proved(text.replace("CLAIM", "final: [x == 4]"))
    assert found is not None
    assert found.rows == ()
    assert proved(text.replace("CLAIM", "final: [x == 4, 'len(xs) == 4']")) is None


def test_what_begins_near_the_bound_of_integers_is_left_to_the_search():
    text = ONCE.replace("expect: {CLAIM}", "").replace("x = 1", "x += 1")
    assert proved(text) is not None
    assert proved(text.replace("x: 0", "x: {expr: 2 ** 10000 - 1}")) is None


def test_ends_that_other_rounds_may_have_are_no_rows():
    """With one end more than the file has there is no table; that it holds is told all the same."""
    found = proved(ONCE.replace("expect: {CLAIM}", "").replace("x = 1", "{if: x < 3, then: [x += 1]}"))
    assert found is not None
    assert found.rows == ()


def test_what_is_added_and_never_read_has_no_column_that_is_not_so():
    found = proved(
        READERS.replace("vars: {", "vars: {served: 0, ").replace("readers -= 1", "readers -= 1, served += 1")
    )
    assert found is not None
    assert found.rows == ()


def test_a_loop_in_one_step_stays_as_it_is():
    text = ONCE.replace("CLAIM", "always: [x == 0]").replace("x = 1", "{atomic: [{repeat: 4, do: [x = 1 - x]}]}")
    assert proved(text) is not None


# --- random programs -----------------------------------------------------------------------------------

STEPS = (
    "{with: l, do: ['x += 1', {assert: 'x >= 0'}]}", "{atomic: ['y += 1']}", "{with: l, do: ['x += 1', 'x -= 1']}", "{with: l, do: ['y += 2']}",
    "{with: l, do: [{assert: 'x == 0'}, 'x += 1', {assert: 'x == 1'}, 'x -= 1']}", "{with: l, do: ['x -= 1']}", "{assert: 'y >= 0'}",
    "{with: s, do: [{atomic: ['y += 1']}, {assert: 'y <= 2'}, {atomic: ['y -= 1']}]}", "{assert: 'x <= 4'}", "{acquire: l}", "{release: l}",
    "{with: 'fs[index % 2]', do: [{atomic: 'y += 1'}]}", "{with: 'fs[0]', do: [{with: 'fs[1]', do: [{with: l, do: ['x += 1']}]}]}",
    "{with: 'fs[1]', do: [{with: 'fs[0]', do: ['x += 1']}]}", "'mine = min(index, 1)'", "{with: 'fs[index % 2]', do: ['y += 1']}",
    "{with: k, do: [{if: 'y > 0', then: ['y -= 1']}]}", "{assert: 'x + y >= 0'}", "'x += 1'", "{with: k, do: [{wait: c}]}", "{with: k, do: [{notify: c}]}",
)  # fmt: skip
CLAIMS = (
    "", "", "final: [x == 0]", "final: [y == 4]", "always: [x >= 0]", "always: [x <= 1, y >= 0]", "final: [x == 2, y == 2], always: [x >= 0]",
    "final: [x == 4]", "final: [y == 0]", "always: [y <= 2]",
)  # fmt: skip
LOOPS = ("repeat: 2", "repeat: 3", "for: i, in: range(2)")


def random_text(chance: Random) -> str:
    def block(depth: int) -> str:
        kind = chance.choice(("step", "step", "loop", "loop", "with")) if depth else "step"
        if kind == "step":
            return chance.choice(STEPS)
        inner = ", ".join(block(depth - 1) for _ in range(chance.randint(1, 3)))
        return (
            f"{{with: {chance.choice('sk')}, do: [{inner}]}}"
            if kind == "with"
            else f"{{{chance.choice(LOOPS)}, do: [{inner}]}}"
        )

    def body() -> str:
        return f"[{{repeat: 2, do: [{block(1)}]}}{chance.choice(('', f', {block(1)}'))}]"

    other = chance.choice(("", f", b: {{steps: {body()}}}"))
    return f"""
vars: {{x: 0, y: 0}}
primitives: {{l: Lock, s: {{Semaphore: 2}}, k: Lock, c: {{Condition: k}}, fs: {{array: 2, of: Lock}}}}
threads: {{a: {{count: 2, steps: {body()}}}{other}}}
expect: {{{chance.choice(CLAIMS)}}}
"""


def held_against_all(texts: Iterable[str], max_states: int) -> tuple[int, int]:
    """How many are proved and searched whole as they stand, and of how many there is a table; all that is said of each is so."""
    checked = with_rows = 0
    for text in texts:
        program = program_of(text)
        found = proved_of_any_rounds(program, judge, Budget(1_000, 5.0))
        if found is None:
            continue
        all_of_it = explore(program, ExploreOptions(max_states=max_states, reduce=False, keep_going=True), judge=judge)
        assert not all_of_it.findings, text
        if not all_of_it.exhausted:
            continue
        checked, with_rows = checked + 1, with_rows + bool(found.rows)
        assert exploration_verdict(program, all_of_it).word == "holds", text
        assert not found.rows or values(found) == values(all_of_it), text
        assert set(found.unreached) <= set(all_of_it.unreached), text
        assert {one.span for one in found.vacuous} <= {one.span for one in all_of_it.vacuous}, text
    return checked, with_rows


def test_what_is_proved_holds():
    """Random programs, each that is proved beside the search of all that it does as it stands."""
    _, with_rows = held_against_all((random_text(Random(seed)) for seed in range(120)), 4_000)
    assert with_rows > 5


TOO_LARGE = """\
params: {n: 1000, a: BIG, b: BIG}
vars: {x: 0}
primitives: {lock: Lock}
threads:
  A:
    count: 2
    steps:
      - repeat: ROUNDS
        do: [{with: lock, do: [STEP]}]
EXPECT
"""


@pytest.mark.parametrize(
    ("rounds", "step", "expect"),
    [
        ("n", "x += a * b", ""),  # a sum that nothing reads
        ("n", "x -= 1 + a * b - a * b", ""),
        ("n + a * b - a * b", "x += 1", ""),  # as often as it likes
        ("n", "x += 1, {assert: a * b > 0}", ""),  # a check that changes nothing
        ("n", "x += 1, {assert: a * b > 0}", "expect: [x == 2 * n]"),
    ],
)
def test_what_is_left_out_is_not_the_files_fault(rounds: str, step: str, expect: str) -> None:
    """A number of more bits than one may have ends a run: a program that does not come to it shows nothing of that."""
    text = TOO_LARGE.replace("BIG", str(2**6000)).replace("ROUNDS", rounds).replace("STEP", step)
    text = text.replace("EXPECT", expect)
    assert proved(text) is None
    small = text.replace(str(2**6000), "6")
    assert proved(small) is not None
