"""Which threads are left out of a search, condition by condition: what breaks one of them is searched."""

from __future__ import annotations

import pytest
from explore.found import explored, kinds, program, verdict

from scenario.engines.explore.reductions.reduced import reduced
from scenario.results.notes import AsUpdates
from scenario.results.ways import CommutingUpdates, Sections

HEAD = """
vars: {x: 0, y: 0, flag: true, half: 0.5, cells: [0, 0], names: {a: 0}}
primitives: {a: Lock, b: Lock, again: RLock, one: {Semaphore: 1}, two: {Semaphore: 2}, none: {Semaphore: 0},
             q: {Queue: 1}, wide: Queue, e: Event}
routines:
  add: {params: [n], steps: [{with: again, do: [x += n]}]}
"""
ADDS = "{with: a, do: [x += 1]}"


def threads(first: str, second: str = ADDS, rest: str = "") -> str:
    """Two of the first, and one of the second."""
    return f"{HEAD}threads:\n  A: {{count: 2, steps: [{first}]}}\n  B: {{steps: [{second}]}}\n{rest}"


def left_out(text: str) -> frozenset[str]:
    smaller = reduced(program(text))
    return smaller.groups if smaller is not None else frozenset()


@pytest.mark.parametrize(
    "text",
    [
        threads(ADDS),
        threads("{repeat: 1000, do: [{with: a, do: [x += 2, x = x - 1]}]}"),
        threads("{with: a, do: [{with: b, do: [x += 1, y -= 1]}]}", "{with: a, do: [{with: b, do: [y += 1]}]}"),
        threads("{with: again, do: [{with: again, do: [x += 1]}, {call: add, args: [2]}]}", "{call: add, args: [1]}"),
        threads("{with: one, do: [x += 1]}", "{with: one, do: [x += 1]}"),
        threads("{with: two, do: [{with: a, do: [x += 1]}]}"),
        threads("{atomic: [x += 1]}", "{atomic: [x += 1]}"),
        threads("'cells[index] += 1'", "y += 1"),
        threads(ADDS, "\"names['a'] += 1\", y += 1"),
        threads("{repeat: 3, as: i, do: [{with: a, do: ['x += i * i - index']}]}"),
        threads("{for: i, in: range(5), do: [{with: a, do: ['x = i + x']}]}"),
        threads("{with: a, do: ['old = x', 'x = old + 1']}"),
        threads("{sleep: 0.1}, {print: 'now {x}'}, " + ADDS),
        threads(ADDS, ADDS, "main: [{start: A}, {start: B}, {join: all}, {assert: x == 3}]\n"),
        threads("{put: wide, item: 1}", "{repeat: 2, do: [{get: wide}, y += 1]}"),
        threads(ADDS, "{acquire: a}, x += 2, {release: a}", "expect: [not a.locked()]\n"),
        threads("{put: wide, item: 1}", "{repeat: 2, do: [{get: wide}]}", "expect: [wide.empty()]\n"),
        threads("{put: q, item: index}", "{get: q, into: job}, y += 1"),  # two in, one out, and room for one
    ],
)
def test_threads_that_only_add_up_are_left_out(text: str) -> None:
    assert left_out(text) == {"A", "B"}
    assert explored(text, odds=False, keep_going=True).states < 20


@pytest.mark.parametrize(
    "text",
    [
        # what guards
        threads("x += 1"),
        threads(ADDS, "{with: b, do: [x += 1]}"),
        threads("{with: two, do: [x += 1]}", "{with: two, do: [x += 1]}"),
        threads(ADDS, "{atomic: [x += 1]}"),
        threads("{with: a, do: ['old = x']}, {with: a, do: ['x = old + 1']}", "pass"),
        threads("'cells[0] += 1'", "pass"),
        # who gives locks back
        threads(ADDS, "{acquire: a}"),
        threads(ADDS, "{acquire: a, blocking: false, into: got}"),
        threads(ADDS, "{acquire: a, timeout: 1, into: got}"),
        threads(ADDS, "{try: [{release: a}], except: {RuntimeError: [pass]}}"),
        threads(ADDS, "{with: a, do: [{wait: e}]}"),
        threads("{with: a, do: [{with: b, do: [x += 1]}]}", "{with: b, do: [{with: a, do: [x += 1]}]}"),
        threads("{with: a, do: [{with: a, do: [x += 1]}]}", "pass"),
        threads("{with: none, do: [x += 1]}", "pass"),
        threads(ADDS, "'y = a.locked()'"),
        threads(ADDS, ADDS, "expect: {always: [not a.locked()]}\n"),
        # who sees it
        threads(ADDS, "{with: a, do: ['y = x']}"),
        threads(ADDS, "{await: x > 0}"),
        threads(ADDS, ADDS, "expect: {always: [x >= 0]}\n"),
        threads(ADDS, ADDS, "expect: {reachable: [x == 1]}\n"),
        threads("{with: a, do: [x += 1, {print: '{x}'}]}", ADDS, "expect: {output: {contains: ['1']}}\n"),
        threads("{with: a, do: [x += 1, {assert: x > 0}]}"),
        threads("{with: a, do: [x += 1, {if: x == 1, then: [y = 1]}]}"),
        threads(ADDS, ADDS, "main: [{start: A}, {start: B}, 'y = x', {join: all}]\n"),
        threads("{with: a, do: ['old = x', x += 1]}", "pass", "expect: ['A[0].old is None']\n"),
        # what is added
        threads("{with: a, do: [flag += 1]}", "pass"),
        threads("{with: a, do: [half += 1]}", "pass"),
        threads("{with: a, do: [x += 0.5]}", "pass"),
        threads("{with: a, do: [x *= 2]}", "pass"),
        threads("{with: a, do: [x = 2]}", "pass"),
        threads("{with: a, do: [x += y]}", "{with: a, do: [y += 1]}, y += 1"),
        threads("{with: a, do: ['x += 10 ** 400']}", "pass"),
        threads(f"{{with: a, do: ['x += {10**400}']}}", "pass"),
        threads("{repeat: 2000000, do: [pass]}, " + ADDS, "pass"),
        # when it is seen
        threads(ADDS, ADDS, "main: [{start: B}, {join: B}, {start: A}, {join: A}]\n"),
        threads(ADDS, "'y = A.alive'"),
        threads(ADDS, "{while: y > 0, do: [pass]}"),
        threads(ADDS, "{join: 'A[0]', timeout: 1}"),
        threads(ADDS, ADDS, "explore: {clock: virtual}\n"),
        # queues
        threads("{get: wide}", "{put: wide, item: 1}"),
        threads("{put: q, item: 1}", "pass"),
        threads("{put: wide, item: 1}, {get: wide}", "pass"),
        threads("{put: wide, item: 1}, {put: wide, item: 1}", "{get: wide}", "expect: [not wide.empty()]\n"),
        threads("{put: wide, item: 1}", "{get: wide, timeout: 1}"),
        threads("{put: wide, item: 1}", "{get: wide}, {if: wide.empty(), then: [y = 1]}"),
    ],
)  # fmt: skip
def test_what_may_be_seen_or_may_not_end_is_searched(text: str) -> None:
    assert "A" not in left_out(text)


def test_a_thread_that_is_never_started_adds_nothing() -> None:
    assert left_out(threads(ADDS, "y += 1", "main: [{start: A}, {join: A}]\n")) == {"A"}


def test_an_end_below_zero_on_the_way_is_found() -> None:
    text = threads(ADDS, "{with: a, do: [x -= 1]}", "expect: {final: [x == 1], always: [x >= 0]}\n")
    assert kinds(text) == ["always"]


def test_two_locks_in_both_orders_are_found_to_deadlock() -> None:
    text = threads("{with: a, do: [{with: b, do: [x += 1]}]}", "{with: b, do: [{with: a, do: [x += 1]}]}")
    assert kinds(text) == ["deadlock"]


def test_a_wrong_sum_fails() -> None:
    assert verdict(threads(ADDS, ADDS, "expect: [x == 3]\n")) == "holds"
    assert verdict(threads(ADDS, ADDS, "expect: [x == 4]\n")) == "fails"


def test_without_reductions_nothing_is_left_out() -> None:
    whole = explored(threads(ADDS), odds=False, reduce=False)
    assert whole.reductions == ()
    assert whole.states > 20


def test_the_report_names_what_was_left_out() -> None:
    found = explored(threads(ADDS), odds=False)
    assert found.reductions == (Sections(("a",)), CommutingUpdates(("x",)))
    assert found.notes == (AsUpdates("A", 2), AsUpdates("B", 1))
