"""For which files closed forms decide all values, and for which, next to them, they must not: one condition each."""

from __future__ import annotations

import time

import pytest
from explore.test_for_all import at_the_least, opened

from scenario.engines.explore.forall.closed import by_closed_forms
from scenario.results.for_all import Outside, Proved, Refuted
from scenario.source import Source
from scenario.spec.load import load

HEAD = """
scenario: s
params: {n: 2, r: 3, half: {expr: n // 2}, twice: {expr: 2 * n}}
vars: {x: 0, y: {expr: r}, cells: {expr: "[0] * n"}, three: [0, 0, 0], mixed: [0, 5, 0], rs: {expr: "[r] * n"}, wider: {expr: "[0] * (n + 1)"}, fewer: {expr: "[0] * (n - 3)"}, mood: {expr: "[0] if n < 5 else n"}}
primitives: {a: Lock, b: Lock, again: RLock, one: {Semaphore: 1}, two: {Semaphore: 2}, some: {Semaphore: n}, q: {Queue: n}, small: {Queue: 1}, wide: SimpleQueue}
routines:
  add: {params: [k], steps: [{with: a, do: ["x += k"]}]}
  tick: {steps: ["x += 1"]}
"""


def answer(threads: str, claims: str = "final: []", *, extra: str = "", names: tuple[str, ...] = ("n", "r")):
    text = f"{HEAD.strip()}\n{extra}\nthreads: {{{threads}}}\nexpect: {{{claims}}}"
    load(Source("s.yaml", text))
    return by_closed_forms(at_the_least(opened(text), names))


def group(steps: str, count: str = "n", name: str = "A") -> str:
    return f"{name}: {{count: {count}, steps: [{steps}]}}"


LOCKED = "{with: a, do: ['x += 1']}"
ROUNDS = f"{{repeat: r, do: [{LOCKED}]}}"


@pytest.mark.parametrize(
    ("threads", "claim"),
    [
        (group(ROUNDS), "x == n * r"),
        (group(ROUNDS, "twice"), "x == 2 * n * r"),
        (group(ROUNDS, "n + r"), "x == (n + r) * r"),
        (group("{repeat: r, as: i, do: [{with: a, do: ['x += i * index']}]}"), "x == r * (r - 1) // 2 * (n * (n - 1) // 2)"),
        (group("{repeat: index, do: [{with: a, do: ['x += 1']}]}"), "x == n * (n - 1) // 2"),
        (group("{repeat: r, as: i, do: [{repeat: i, do: [{call: add, args: [2]}]}]}"), "x == n * r * (r - 1)"),
        (group("{for: i, in: range(r), do: [{with: one, do: ['x += 1']}]}"), "x >= 0"),
        (group("{atomic: ['x += r', 'y -= 1']}"), "x == n * r and y == r - n"),
        (group("{with: again, do: [{with: again, do: ['x += 1']}]}"), "not x < n"),
        (group("{with: some, do: [{with: a, do: ['x += 1']}]}"), "x == n"),
        (group("'cells[index] += r'"), "cells == [r] * n"),
        (group("'cells[index] += r'"), "sum(cells) == n * r and len(cells) == n"),
        (group("'cells[index] += 1'", "n") + ", B: {steps: ['x += 1']}", "x == 1 and sum(cells) == n"),
        (group("{put: wide, item: 1}") + ", " + group("{get: wide}", name="B"), "x == 0"),
        (group("{put: q, item: 1}") + ", " + group("{get: q}", name="B"), "x == 0"),
        (group("{put: q, item: 1}"), "x == 0"),
        (group(ROUNDS), "x < n * r + 1 and x != n * r + 1 and x <= n * r"),
        (group(ROUNDS), "x == 5 or x == n * r"),
        (group("'k = 1', {repeat: r, do: ['k = 1', {call: add, args: [k]}]}"), "x == n * r"),
        (group("{print: '{n} of {r}'}, {with: a, do: ['x += (2 * index + 1) % 2']}"), "x == n"),
        (group(LOCKED), "y == r"),
        (group(LOCKED), "three == [0] * 3 and three[1] == 0"),
    ],
)  # fmt: skip
def test_it_holds_for_all_values(threads: str, claim: str) -> None:
    assert isinstance(answer(threads, f'final: ["{claim}"]'), Proved)


@pytest.mark.parametrize(
    ("threads", "claim", "at"),
    [
        (group(ROUNDS), "x == n * r + 1", {"n": 1, "r": 0}),
        (group(ROUNDS), "x <= n", {"n": 1, "r": 2}),
        (group(ROUNDS), "x < n * r + r", {"n": 1, "r": 0}),
        (group(ROUNDS), "x != 7", {"n": 1, "r": 7}),
        (group("'cells[index] += index'"), "sum(cells) <= 3", {"n": 4, "r": 0}),
        (group("'cells[index] += index'"), "cells == [0] * n", {"n": 2, "r": 0}),
        (group(LOCKED), "len(fewer) == n - 3", {"n": 1, "r": 0}),
        (group(ROUNDS), "x > n * r", {"n": 1, "r": 0}),
        (group(ROUNDS), "1 // (x - n * r) == 1 or x == n * r", {"n": 1, "r": 0}),
        (group(ROUNDS), "not (three[n + 3] == 0 and x < 0)", {"n": 1, "r": 0}),
        (group(ROUNDS), "not (three < 1 and x < 0)", {"n": 1, "r": 0}),
        (group(ROUNDS), "not (0 < three[3] < 0 - n)", {"n": 1, "r": 0}),
        (group(ROUNDS), "0 <= x <= n * r - 1", {"n": 1, "r": 0}),
        (group(ROUNDS), "not (x == n * r or x < 0)", {"n": 1, "r": 0}),
        (group("'three[index] += 1'", "3"), "three[0] == 0", {"n": 1, "r": 0}),
        (group(LOCKED), "sum(mixed) == 0", {"n": 1, "r": 0}),
        (group(LOCKED), "rs[0] == 0", {"n": 1, "r": 1}),
        (group("'wider[index] += 1'"), "wider == [1] * (n + 1)", {"n": 1, "r": 0}),
        ("A: {steps: ['three[0] += 1']}", "three == [1] * 3", {"n": 1, "r": 0}),
    ],
)
def test_it_fails_at_the_least_values(threads: str, claim: str, at: dict[str, int]) -> None:
    found = answer(threads, f'final: ["{claim}"]')
    assert isinstance(found, Refuted)
    assert sum(found.at.values()) == sum(at.values())


@pytest.mark.parametrize(
    "threads",
    [
        pytest.param(group("'x += 1'"), id="nothing guards it"),
        pytest.param(group("'x += 1'", "1") + ", B: {steps: ['x += 1']}", id="two threads, each alone in its group"),
        pytest.param(group(LOCKED) + ", B: {steps: [{with: b, do: ['x += 1']}]}", id="another lock"),
        pytest.param(group("{with: two, do: ['x += 1']}"), id="a semaphore that lets two in"),
        pytest.param(group("{with: some, do: ['x += 1']}"), id="a semaphore that lets in one only at the least values"),
        pytest.param(group("{with: [a, b], do: ['x += 1']}") + ", " + group("{with: [b, a], do: ['x += 1']}", name="B"), id="two orders"),
        pytest.param(group("{with: a, do: [{with: a, do: ['x += 1']}]}"), id="a lock twice"),
        pytest.param(group("{acquire: a}, 'x += 1', {if: 'r > 0', then: [{release: a}]}"), id="a lock that is given back under a condition"),
        pytest.param(group("{repeat: n - 2, do: [" + LOCKED + "]}"), id="rounds that may be less than none"),
        pytest.param(group(LOCKED, "n - r"), id="threads that may be less than none"),
        pytest.param(group("{repeat: x, do: [" + LOCKED + "]}"), id="rounds that others decide"),
        pytest.param(group("{with: a, do: ['x += y']}") + ", B: {steps: [{with: a, do: ['y += 1']}]}", id="an amount that others decide"),
        pytest.param(group("{with: a, do: ['x = 2 * x']}"), id="more than adding"),
        pytest.param(group("{with: a, do: ['k = x']}, {with: a, do: ['x = k + 1']}"), id="read in another section"),
        pytest.param(group("{with: a, do: ['x += index // 2']}"), id="what is left over differs"),
        pytest.param(group("{with: a, do: ['x += half']}"), id="a param computed in a way that is no polynomial"),
        pytest.param(group("{repeat: r, do: ['k = 1', " + LOCKED + "]}, {print: '{k}'}"), id="a local that may not be set"),
        pytest.param(group("{repeat: r, as: i, do: [" + LOCKED + "]}, {with: a, do: ['x += i']}"), id="the counter after the loop"),
        pytest.param(group("{sleep: r}, " + LOCKED), id="a time that may be too long"),
        pytest.param(group("{assert: 'index < 5'}, " + LOCKED), id="an assert"),
        pytest.param(group("{raise: ValueError}"), id="an error"),
        pytest.param(group("{while: x < 1, do: [" + LOCKED + "]}"), id="a loop that others end"),
        pytest.param(group("'cells[index] += 1'", "n + 1"), id="more threads than elements"),
        pytest.param(group("'three[index] += 1'"), id="any number of threads, three elements"),
        pytest.param(group("'fewer[index] += 1'"), id="elements that may be less than none"),
        pytest.param(group("'cells[index] += 1'") + ", " + group("'cells[index] += 1'", name="B"), id="two own the same"),
        pytest.param(group("'cells[index] += 1'") + ", B: {steps: ['cells[0] += 1']}", id="an element by its number, too"),
        pytest.param(group("'three[index] += 1'", "3") + ", B: {steps: ['three[0] += 1']}", id="an element of three by its number"),
        pytest.param(group("{with: b, do: [{repeat: y, do: ['x += 1']}]}") + ", " + group("{with: b, do: ['y += 1']}", name="B"), id="rounds that others decide, in a section"),
        pytest.param(group("{with: a, do: ['x += r * (r - 1) // 2 % 2']}"), id="what is left over of what has halves"),
        pytest.param(group("{put: q, item: 1}") + ", " + group("{get: q}", "n + 1", name="B"), id="more is taken than put"),
        pytest.param(group("{put: q, item: 1}", "n + 1"), id="more is put than there is room for"),
        pytest.param(group("{put: small, item: 1}"), id="more is put than fits for all values"),
        pytest.param(group("{put: wide, item: 1}, {get: wide}"), id="both ends of a queue"),
        pytest.param(group(LOCKED).replace("count:", "name: 'w{n}', count:"), id="names that depend on a param"),
        pytest.param(group("{print: '{len(mood)}'}, " + LOCKED), id="a line that can be made at the least values only"),
        pytest.param(group("{if: 'n == 1', then: [" + LOCKED + "], else: ['x += 1']}"), id="a branch"),
        pytest.param(group(LOCKED).replace("count:", "daemon: true, count:") + ", B: {steps: [pass]}", id="daemons"),
        pytest.param(group(LOCKED).replace("count: n", "timer: 1, count: n"), id="timers"),
    ],
)  # fmt: skip
def test_nothing_is_said_next_to_it(threads: str) -> None:
    assert isinstance(answer(threads, "final: []"), Outside)


@pytest.mark.parametrize(
    "claims",
    [
        "always: ['x != 1']", "reachable: ['x == 1']", "deadlock: possible", "deadlock: always", "livelock: possible", "fails: [final]",
        "output: []", "order: []\n, output: [done]", "errors: {A: {possible: ValueError}}", "outcomes: [{when: 'x >= 0', is: acceptable}]",
        "elapsed: {at_most: 1}", "final: ['A[0].k is None']", "final: ['(x - 3) * (x - 3) >= 0']", "final: ['not a.locked() or n == 3']", "sometimes: ['two.value == 2']",
    ],
)  # fmt: skip
def test_claims_of_other_kinds_are_not_decided(claims: str) -> None:
    assert isinstance(answer(group("'k = 1', " + LOCKED), claims), Outside)


@pytest.mark.parametrize(
    "main",
    [
        "main: ['x = 1', {start: all}, {join: all}]",
        "main: [{start: all}, {join: all}, 'x += 1']",
        "main: [{start: all}, {join: all}, {print: '{1 // x}'}]",
        "main: [{start: all}, {join: all}, {print: '{k}'}, 'k = 1']",
        "main: [{start: A}, {join: A}]",
        "main: [{start: 'A[0]'}, {start: B}]",
    ],
)
def test_a_main_that_does_more_is_not_decided(main: str) -> None:
    assert isinstance(answer(group(LOCKED) + ", B: {steps: [pass]}", extra=main), Outside)


def test_a_main_that_starts_joins_and_prints_is_fine() -> None:
    main = "main: [{start: A}, {start: B}, {join: A}, {join: B}, {print: '{x} of {n}'}]"
    assert isinstance(answer(group(LOCKED) + ", B: {steps: [pass]}", "final: [x == n]", extra=main), Proved)


def test_time_that_is_told_is_not_decided() -> None:
    assert isinstance(answer(group(LOCKED), extra="explore: {clock: virtual}"), Outside)


def test_a_semaphore_that_may_let_nobody_in_is_not_decided() -> None:
    less = HEAD.replace("wide:", "less: {Semaphore: n - r}, wide:")
    text = f"{less.strip()}\nthreads: {{{group('{with: less, do: [' + LOCKED + ']}')}}}"
    assert isinstance(by_closed_forms(at_the_least(opened(text), ("n", "r"))), Outside)


def test_a_barrier_is_not_decided_and_one_that_nothing_uses_does_not_matter() -> None:
    barrier = HEAD.replace("wide:", "gate: {Barrier: n}, wide:")
    unused = f"{barrier.strip()}\nthreads: {{{group(LOCKED)}}}\nexpect: [x == n]"
    assert isinstance(by_closed_forms(at_the_least(opened(unused), ("n", "r"))), Proved)
    used = unused.replace("[{with", "[{wait: gate}, {with")
    assert isinstance(by_closed_forms(at_the_least(opened(used), ("n", "r"))), Outside)


MANY = [f"p{i}" for i in range(20)]
SUM = f"({' + '.join(MANY)})"


@pytest.mark.parametrize(
    ("steps", "claim"),
    [
        (f"{{with: a, do: ['x += {SUM} * {SUM} * {SUM} * {SUM} * {SUM}']}}", "x == 1"),
        (f"{{with: a, do: ['x += {SUM} * {SUM} * {SUM} * {SUM}']}}", "x == 1"),
        ("".join(f"{{repeat: '{SUM}', as: i{n}, do: [" for n in range(9)) + LOCKED + "]}" * 9, "x == 1"),
        ("".join(f"{{repeat: '{'i' + str(n - 1) if n else 'p0'}', as: i{n}, do: [" for n in range(9)) + LOCKED + "]}" * 9, "x == 1"),
        ("".join(f"{{repeat: '{p}', do: [" for p in MANY[:14]) + LOCKED + "]}" * 14, "x == 0 or x > 0"),
        (LOCKED, "sum([i for i in range(p0 * 1000000)]) >= 0"),
        (LOCKED, f"x == p0 or {' * '.join([SUM] * 30)} == 1"),
        ("'cells[index] += 1'", "len(cells) != 100000"),
    ],
)  # fmt: skip
def test_what_is_large_on_purpose_takes_no_time(steps: str, claim: str) -> None:
    params = ", ".join(f"{name}: 1" for name in MANY)
    text = (
        f"scenario: s\nparams: {{{params}}}\nvars: {{x: 0, cells: {{expr: '[0] * (p0 * p0 * p0 * p0)'}}}}\nprimitives: {{a: Lock}}\n"
        f"threads: {{A: {{count: p0 * p0 * p0 * p0, steps: [{steps}]}}}}\nexpect: ['{claim}']"
    )
    began = time.process_time()
    by_closed_forms(at_the_least(opened(text), tuple(MANY)))
    assert time.process_time() - began < 6
