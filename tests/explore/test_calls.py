"""Calls of a pool that only add up, left out: nothing that can be seen of the whole is lost by it."""

import random

import pytest
from explore.found import explored, program
from explore.test_pools_alike import seen

from scenario.engines.explore.reductions.calls import as_threads
from scenario.engines.explore.reductions.reduced import reduced

INNER = [
    *["{with: lock, do: [x += 1]}", "{with: 'locks[0]', do: [y += i]}", "{with: lock, do: [x += i, y -= 1]}"] * 4,
    "x += 1", "{with: gate, do: [x += 1]}", "{repeat: 2, do: [{with: lock, do: [x += 1]}]}", "{acquire: lock}, x += 1, {release: lock}",
    "{sleep: 0.1}, {with: lock, do: [y += 1]}", "{put: q, item: 1}", "{get: q}", "{wait: e}", "{raise: ValueError}", "z = name", "{with: lock, do: [x += index]}",
    "{with: lock, do: [x += y]}", "{submit: other, to: pool}", "{return: 1}", "{with: lock, do: [{if: x > 1, then: [y += 1]}]}", "{call: other}", "{start: B}", "{set: e}",
]  # fmt: skip
HANDED = [
    *["{submit: work, to: pool, args: [1]}", "{repeat: 2, as: r, do: [{submit: work, to: pool, args: [r]}]}"] * 4,
    "{for: r, in: range(2), do: [{submit: work, to: pool, args: [r + 1]}]}", "{map: work, to: pool, over: range(2)}",
    "{submit: work, to: pool, args: [x]}", "{submit: work, to: pool, args: [2], into: f}", "{submit: other, to: pool}",
    "{repeat: 2, as: r, do: [{submit: work, to: pool, args: [r]}, {submit: other, to: pool}]}", "{submit: work, to: two, args: [1]}",
]  # fmt: skip
BEFORE = [
    "",
    "",
    "",
    "{start: A}",
    "{start: A}, {start: B}",
    "{start: all}",
    "{start: A}, {start: A}",
    "{start: all}, {start: A}",
    "{wait: e}",
    "x = 5",
    "{join: A}",
]
AFTER = [
    "", "", "{shutdown: pool}", "{shutdown: pool}, {assert: x < 2}", "{shutdown: pool, wait: false}, {if: x > 0, then: [z = 1]}",
    "{shutdown: pool, cancel_futures: true}", "{join: all}, z = x", "{join: all}, {shutdown: pool}, z = x", "z = x", "{set: e}, {shutdown: pool}",
    "{shutdown: pool}, {submit: other, to: pool}", "{shutdown: pool}, {shutdown: pool}, x += 1", "{shutdown: two}", "{shutdown: pool}, {start: B}",
]  # fmt: skip
THREADS = [
    "pass",
    "{with: lock, do: [x += 1]}",
    "z = x",
    "{wait: e}",
    "{set: e}",
    "{submit: other, to: pool}",
    "{with: lock, do: [{wait: e}]}",
    "{with: 'locks[0]', do: [{with: lock, do: [z += 1]}]}",
]
CLAIMS = [
    "observe: [x, y, z]",
    "observe: [x, y, z]",
    "final: [x < 3]",
    "always: [x < 2]",
    "observe: [x], errors: {main: {possible: RuntimeError}}",
    "observe: [z], deadlock: possible",
]


def drawn(seed: int) -> str:
    chance = random.Random(seed)
    handed = ", ".join(chance.choices(HANDED, k=chance.randint(1, 2)))
    after = chance.choice(AFTER)
    handed, after = chance.choice([(handed, after), (f"{{with: pool, do: [{handed}]}}", after)])
    main = ", ".join(filter(None, [chance.choice(BEFORE), handed, after]))
    return f"""
        vars: {{x: 0, y: 0, z: 0}}
        primitives: {{pool: {{ThreadPoolExecutor: {chance.randint(1, 2)}}}, two: {{ThreadPoolExecutor: 1}}, lock: Lock, locks: {{array: 2, of: Lock}}, gate: {{Semaphore: 2}}, q: {{Queue: 1}}, e: Event}}
        routines:
          work: {{params: [i], steps: [{", ".join(chance.choices(INNER, k=chance.choice([1, 1, 2])))}]}}
          other: {{steps: [{chance.choice(["{with: lock, do: [y += 3]}", "y += 3", "pass"])}]}}
        threads:
          A: {{steps: [{chance.choice(THREADS)}]}}
          B: {{steps: [{chance.choice(THREADS)}]}}
        main: [{main}]
        expect: {{{chance.choice(CLAIMS)}}}
    """


def are_left_out(text: str) -> bool:
    calls = as_threads(program(text))
    counted = None if calls is None else reduced(calls.program)
    return calls is not None and counted is not None and calls.routines.keys() <= counted.groups


def first_left_out(seed: int) -> str:
    """Of files of that kind the first whose calls are left out."""
    return next(text for n in range(1000) if are_left_out(text := drawn(seed * 1000 + n)))


@pytest.mark.parametrize("seed", range(20))
def test_nothing_is_lost_with_the_calls_that_add_up(seed: int) -> None:
    text = first_left_out(seed)
    reduced_, whole = seen(text), seen(text, reduce=False)
    assert None in (reduced_, whole) or reduced_ == whole, text


BORDERS = {
    "threads that are joined are no calls": "[{submit: work, to: pool, args: [1]}, {join: all}, z = x, {shutdown: pool}]",
    "main does not wait for calls": "[{submit: work, to: pool, args: [1]}, {shutdown: pool, wait: false}, z = x]",
    "main waits before it hands over": "[{wait: e}, {submit: work, to: pool, args: [1]}]",
    "main is over before it hands over": "[{start: A}, {start: A}, {submit: work, to: pool, args: [1]}]",
    "main is over before it hands over, as all have been started": "[{start: all}, {start: A}, {submit: work, to: pool, args: [1]}]",
    "calls that are thrown away": "[{submit: work, to: pool, args: [1]}, {submit: work, to: pool, args: [1]}, {shutdown: pool, cancel_futures: true}]",
    "a call that waits for the next": "[{submit: taking, to: pool}, {submit: giving, to: pool}]",
    "an argument that changes": "[{start: A}, {submit: work, to: pool, args: [x]}]",
    "a call after the end of the pool": "[{submit: work, to: pool, args: [1]}, {shutdown: pool}, {submit: work, to: pool, args: [1]}]",
    "a round's own number": "[{repeat: 3, as: r, do: [{submit: work, to: pool, args: [r * 2]}]}]",
    "threads that are joined for a while": "[{start: A}, {submit: other, to: pool}, {shutdown: pool}, {join: all, timeout: 1}, z = x]",
    "the number of the last round": "[{repeat: 2, as: r, do: [{submit: work, to: pool, args: [r]}]}, {shutdown: pool}, {try: [z = r], except: {Exception: [z = 7]}}]",
    "a call of whoever waits": "[{start: A}, {submit: work, to: pool, args: [1]}, {join: A}, z = x, {set: e}]",
}
HEAD = """
    vars: {x: 0, y: 0, z: 0}
    primitives: {pool: {ThreadPoolExecutor: 1}, lock: Lock, q: Queue, e: Event}
    routines:
      work: {params: [i], steps: [{with: lock, do: [x += i]}]}
      other: {steps: [{with: lock, do: [y += 1]}]}
      taking: {steps: [{get: q}]}
      giving: {steps: [{put: q, item: 1}]}
    threads: {A: {steps: [ADDS]}}
    main: MAIN
    expect: {observe: [x, y, z], deadlock: possible, errors: {main: {possible: RuntimeError}}}
"""


@pytest.mark.parametrize("main", BORDERS.values(), ids=BORDERS)
def test_just_beyond_a_condition_the_whole_is_searched(main: str) -> None:
    adds = "{with: lock, do: [x += 1]}" if "start: A" in main else "pass"
    text = HEAD.replace("MAIN", main).replace("ADDS", adds)
    assert seen(text) == seen(text, reduce=False)


def test_a_local_of_main_that_a_claim_asks_for_stays() -> None:
    text = HEAD.replace("MAIN", "[{repeat: 2, as: r, do: [{submit: work, to: pool, args: [r]}]}]").replace(
        "ADDS", "pass"
    )
    text = text.replace("observe: [x, y, z]", "observe: [x, main.r]")
    assert seen(text) == seen(text, reduce=False)


HUNDRED = """
    params: {k: 100}
    vars: {n: 0, total: 0}
    primitives: {pool: {ThreadPoolExecutor: 4}, lock: Lock}
    routines: {work: {params: [i], steps: [{with: lock, do: [n += 1, total += i]}]}}
    main:
      - with: pool
        do: [{repeat: k, as: i, do: [{submit: work, to: pool, args: [i]}]}]
      - assert: n == k
    expect: [n == k, total == k * (k - 1) // 2]
"""


def test_a_hundred_calls_hold_at_once() -> None:
    found = explored(HUNDRED, odds=False)
    assert (found.exhausted, found.findings, found.states < 10) == (True, (), True)
