"""Code that comes in the middle of a thread: where it may come, on whose stack it runs, and that nothing else is left out.

Random programs are held against the same ones with a `choose` and a call written out before each step.
"""

from __future__ import annotations

import random

import pytest
from explore.found import count, ends, explored, kinds, program, values, verdict
from replay.steps import random_walk

from scenario.diagnostics import InvalidScenario
from scenario.engines.explore.evidence.retrace import retrace
from scenario.engines.threads import run
from scenario.engines.threads.controlled import replay
from scenario.judge import judge


def found(text: str) -> set[tuple[object, str | None]]:
    """The rows: values and end."""
    return {(repr(row.values), row.end) for row in explored(text, odds=False).rows}


def test_it_comes_before_any_step_or_not_at_all():
    # A has three steps: before each of them, or never
    text = "vars: {x: 0, y: 0}\nthreads:\n  A: {steps: [x += 1, y = x]}\n  h: {interrupts: A, steps: [x = 5]}\n"
    # steps of A: R x, W x, R x, W y
    assert count(text) == 5
    assert values(text) == {(1, 1), (6, 6), (5, 5), (5, 1)}


def test_it_comes_at_most_as_often_as_said_and_not_inside_itself():
    text = "vars: {log: []}\nthreads:\n  A: {steps: ['log.append(0)']}\n  h: {interrupts: A, times: 2, steps: ['log.append(1)', 'log.append(2)']}\n"
    assert values(text) == {(0,), (1, 2, 0), (1, 2, 1, 2, 0)}


@pytest.mark.parametrize(("kind", "expected"), [("Lock", ["deadlock"]), ("RLock", [])])
def test_it_holds_what_its_thread_holds(kind: str, expected: list[str]):
    text = f"primitives: {{m: {kind}}}\nvars: {{x: 0}}\nthreads:\n  A: {{steps: [{{with: m, do: [x += 1]}}]}}\n  h: {{interrupts: A, steps: [{{with: m, do: [x += 1]}}]}}\n"
    assert kinds(text) == expected


def test_its_exception_is_raised_where_the_thread_stands():
    text = """
vars: {x: 0}
primitives: {m: Lock}
threads:
  A: {steps: [{try: [{acquire: m}, x = 1, {release: m}], except: {KeyboardInterrupt: [x = 2]}}]}
  h: {interrupts: A, steps: [{raise: KeyboardInterrupt}]}
expect: {observe: [x, m.locked()]}
"""
    assert set(ends(text)) == {(1, False), (2, False), (2, True)}
    assert kinds(text) == []
    assert kinds(text.replace("except: {KeyboardInterrupt: [x = 2]}", "finally: [pass]")) == ["error"]


def test_a_lock_stays_taken_if_it_raises_between_a_body_and_the_release():
    """CPython guards the body, not the call of `__exit__` that follows it (bpo-29988)."""
    text = "vars: {x: 0}\nprimitives: {m: Lock}\nthreads:\n  A: {steps: [{with: m, do: [x = 1]}]}\n  h: {interrupts: A, steps: [{raise: ValueError}]}\nexpect: {errors: {A: {possible: ValueError}}, observe: [x, m.locked()]}\n"
    assert values(text) == {(0, False), (1, False), (1, True)}


CTRL_C = "\nthreads:\n  h: {interrupts: main, steps: [{raise: KeyboardInterrupt}]}\nexpect: {errors: {main: {possible: KeyboardInterrupt}}, observe: [x]}\n"


def test_it_raises_between_a_call_and_the_try_behind_it():
    """Where nobody gives the lock back; with the call inside of a `with` somebody does, but for the end of the body."""
    leaks = "vars: {x: 0}\nprimitives: {m: Lock}\nmain: [{acquire: m}, {try: [x = 1, {print: done}], finally: [{release: m}]}]"
    found = explored(leaks + CTRL_C.replace("[x]", "[x, m.locked()]"), odds=False)
    assert {tuple(value for _, value in row.values) for row in found.rows} == {
        (0, False), (1, False), (0, True), (1, True),
    }  # fmt: skip


def test_it_raises_behind_the_last_call_in_a_try_but_not_behind_the_last_store():
    called = "vars: {x: []}\nmain: [{try: [x.append(1)], except: {KeyboardInterrupt: [x.append(2)]}}]" + CTRL_C
    assert values(called) == {(1,), (2,), (1, 2)}
    stored = "vars: {x: 0}\nmain: [{try: [x = 1], except: {KeyboardInterrupt: [x += 2]}}]" + CTRL_C
    assert values(stored) == {1, 2}


def test_it_raises_between_a_call_and_the_storing_of_what_it_gave():
    lost = "vars: {x: [7]}\nmain: [v = 0, {try: [v = x.pop()], except: {KeyboardInterrupt: [x.append(v)]}}]" + CTRL_C
    assert values(lost) == {(), (0,), (7, 0)}


def test_it_raises_between_two_local_steps():
    text = (
        "vars: {x: 0}\nmain: [x = 1, a = 1, {try: [a = 2, a = 3, x = 2], except: {KeyboardInterrupt: [x = a]}}]"
        + CTRL_C
    )
    assert values(text) == {0, 1, 2, 3}


def test_return_ends_it_and_its_locals_are_its_own():
    text = "vars: {x: 0}\nthreads:\n  A: {steps: [t = 1, x = t]}\n  h: {interrupts: A, steps: [t = 7, return, x = 9]}\n"
    assert values(text) == {1}


def test_name_and_index_are_the_threads():
    text = "vars: {log: []}\nthreads:\n  A: {count: 2, steps: ['log.append(0)']}\n  h: {interrupts: A, steps: ['log.append([name, index])']}\n"
    assert values(text) >= {(("A-1", 1), 0, 0), (("A-0", 0), ("A-1", 1), 0, 0)}


def test_none_comes_inside_an_atomic_block_or_in_the_middle_of_a_wait():
    atomic = (
        "vars: {x: 0, y: 0}\nthreads:\n  A: {steps: [{atomic: [x = 1, y = x]}]}\n  h: {interrupts: A, steps: [x = 5]}\n"
    )
    assert values(atomic) == {(1, 1)}
    waits = """
primitives: {e: Event}
vars: {y: 0, z: 0}
threads:
  A: {steps: [{wait: e}]}
  B: {steps: [{await: A.blocked == 1}, y = 1, {set: e}]}
  h: {interrupts: A, steps: [z = y and not e.is_set()]}
expect: {observe: [z]}
"""
    assert values(waits) == {0}
    assert True not in values(waits)


def test_a_thread_is_stuck_although_one_might_have_come_before():
    text = "primitives: {s: {Semaphore: 0}}\nthreads:\n  A: {steps: [{acquire: s}]}\n  h: {interrupts: A, steps: [{release: s}]}\n"
    assert {row.end for row in explored(text, odds=False).rows} == {"deadlock", None}


def test_a_slow_thread_is_interrupted_before_it_comes_to_a_lock_that_another_holds():
    text = """
vars: {hits: 0}
primitives: {m: Lock}
threads:
  A: {steps: [{with: m, do: [pass]}]}
  h: {interrupts: A, steps: [hits += 1]}
main:
  - acquire: m
  - start: A
  - assert: hits == 0
  - release: m
  - join: A
"""
    assert kinds(text) == ["assert"]


def test_main_and_its_end():
    text = "vars: {x: 0}\nmain: [x = 1, x = 2]\nthreads:\n  h: {interrupts: main, steps: [x += 10]}\n"
    assert values(text) == {2}
    assert count(text) == 3


def test_a_thread_that_has_not_been_started_is_not_interrupted():
    text = "vars: {x: 0}\nthreads:\n  A: {steps: [x = 1]}\n  h: {interrupts: A, steps: [x = 5]}\nmain: [pass]\n"
    assert values(text) == {0}


def test_a_timer_is_not_interrupted_before_it_fires():
    text = "vars: {x: 0}\nthreads:\n  A: {timer: 1, steps: [x = 1]}\n  h: {interrupts: A, steps: [x = 5, x = 6]}\nmain: [{start: A}, {cancel: A}, {join: A}]\nexpect: {observe: [x]}\n"
    assert values(text) == {0, 1}


@pytest.mark.parametrize("text", [
    "threads:\n  A: {steps: [pass]}\n  h: {interrupts: B, steps: [pass]}\n",
    "threads:\n  A: {steps: [pass]}\n  h: {interrupts: main, steps: [pass]}\n",
    "threads:\n  A: {steps: [pass]}\n  h: {interrupts: A, count: 2, steps: [pass]}\n",
    "threads:\n  A: {times: 2, steps: [pass]}\n",
    "threads:\n  A: {steps: [{join: h}]}\n  h: {interrupts: A, steps: [pass]}\n",
    "threads:\n  A: {steps: [{call: h}]}\n  h: {interrupts: A, steps: [pass]}\n",
    "threads:\n  A: {steps: [pass]}\n  h: {interrupts: A, steps: [pass]}\nexpect: ['h.alive == 0']\n",
    "threads:\n  A: {steps: [pass]}\n  h: {interrupts: A, times: -1, steps: [pass]}\n",
    "threads:\n  h: {interrupts: h, steps: [pass]}\n",
])  # fmt: skip
def test_what_an_interrupt_is_not_is_refused(text: str):
    with pytest.raises(InvalidScenario):
        program(text)


# --- random programs, written out ---------------------------------------------------------------------------

BODY = (
    "x = 1", "x = y", "y += 1", "{acquire: m}", "{release: m}", "{with: m, do: [y = 2, x = 3]}", "{with: r, do: [x = 4]}",
    "{atomic: [x = 2, y = x]}", "{try: [x = 7, y = 8], except: {ValueError: [y = 9]}}", "{acquire: s}",
    "{with: c, do: [{notify: c}]}", "{set: e}", "{wait: e}",
)  # fmt: skip
HANDLER = (
    "x = 5",
    "y = x",
    "{with: m, do: [x = 6]}",
    "{with: r, do: [y = 6]}",
    "{raise: ValueError}",
    "{release: s}",
    "{set: e}",
)
HEAD = """
vars: {{x: 0, y: 0}}
primitives: {{m: Lock, r: RLock, s: {{Semaphore: 0}}, c: Condition, e: Event}}
routines:
  handle: {{steps: [{handler}]}}
threads:
"""
EXPECT = """
expect: {deadlock: possible, errors: {A: {possible: [ValueError, RuntimeError]}, B: {possible: [ValueError, RuntimeError]}}, observe: [x, y, m.locked(), s.value]}
"""


def drawn(seed: int) -> tuple[str, str]:
    """A random program with an interrupt, and the same one with it written out."""
    chance = random.Random(seed)
    handler = ", ".join(chance.choice(HANDLER) for _ in range(chance.randint(1, 2)))
    # what is raised between a body's end and the release of its lock can not be written out: see below
    steps = [step for step in BODY if not ("raise" in handler and step.startswith("{with"))]
    body = [chance.choice(steps) for _ in range(chance.randint(1, 3))]
    other = [chance.choice(BODY) for _ in range(chance.randint(0, 2))] or ["pass"]
    times = chance.choice([1, 1, 2])
    head = HEAD.format(handler=handler)
    second = f"  B: {{steps: [{', '.join(other)}]}}\n"
    comes = f"  A: {{steps: [{', '.join(body)}]}}\n{second}  h: {{interrupts: A, times: {times}, run: handle}}\n"
    written = f"  A: {{steps: [left = {times}, {', '.join(_written(body, times))}]}}\n{second}"
    return head + comes + EXPECT, head + written + EXPECT


def _written(body: list[str], times: int) -> list[str]:
    return [part for number, step in enumerate(body) for part in _split(step, times, is_first=not number)]


def _split(step: str, times: int, *, is_first: bool) -> list[str]:
    """The step with a choice before each of what the language counts as its steps."""
    maybe = [
        "{choose: comes, from: '[0, 1] if left else [0]'}",
        "{if: comes, then: [left -= 1, {call: handle}]}",
    ] * times
    inner = {
        "x = y": ["t = y", "x = t"],
        "y += 1": ["t = y", "y = t + 1"],
        "{with: m, do: [y = 2, x = 3]}": None,
        "{with: r, do: [x = 4]}": None,
        "{with: c, do: [{notify: c}]}": None,
        "{try: [x = 7, y = 8], except: {ValueError: [y = 9]}}": None,
    }
    if step not in inner:
        return [*maybe, step]
    if inner[step] is not None:
        return [part for one in inner[step] or () for part in (*maybe, one)]
    words = ", ".join
    if step.startswith("{try"):
        outside = [] if is_first else maybe  # a thread's first local work is none that it comes before
        return [
            *outside,
            f"{{try: [{words([*maybe, 'x = 7', *maybe, 'y = 8'])}], except: {{ValueError: [{words([*maybe, 'y = 9'])}]}}}}",
        ]
    lock, body = {"m": ("m", ["y = 2", "x = 3"]), "r": ("r", ["x = 4"]), "c": ("c", ["{notify: c}"])}[step[7]]
    inside = [part for one in body for part in (*maybe, one)]
    return [*maybe, f"{{with: {lock}, do: [{words([*inside, *maybe])}]}}"]


@pytest.mark.parametrize("seed", range(150))
def test_the_same_ends_as_written_out(seed: int):
    comes, written = drawn(seed)
    assert found(comes) == found(written)
    assert found(comes) == {(repr(row.values), row.end) for row in explored(comes, odds=False, reduce=False).rows}


@pytest.mark.parametrize("seed", range(40))
def test_a_real_run_stays_within_what_is_explored(seed: int):
    text = drawn(seed)[0]
    rows, made = found(text), program(text)
    for number in range(6):
        judged = judge(made, run(made, seed=number))
        assert (repr(judged.values), judged.end) in rows


def test_it_is_undecided_under_the_virtual_clock():
    text = "threads:\n  A: {steps: [{sleep: 1}]}\n  h: {interrupts: A, steps: [pass]}\nexplore: {clock: virtual}\n"
    assert verdict(text) == "undecided"


@pytest.mark.parametrize("seed", range(60))
def test_real_threads_take_the_same_steps(seed: int):
    made = program(drawn(seed)[0])
    schedule, is_over, expected = random_walk(made, seed)
    replayed = replay(made, next(retrace(made, schedule)))
    assert replayed.diverged is None
    seen = replayed.outcome
    assert (seen.shared, seen.end == "finished") == (expected.shared, is_over)
    assert {ref: error.name for ref, error in seen.errors.items()} == {
        ref: error.name for ref, error in expected.errors.items()
    }
