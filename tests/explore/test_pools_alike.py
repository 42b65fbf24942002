"""Workers of a pool that nothing tells apart, and futures that nobody has: left out of what is searched, and nothing is lost by it."""

import random
import re

import pytest
from explore.found import program, verdict

from scenario.engines.explore import explore
from scenario.judge import judge
from scenario.settings import ExploreOptions

BODIES = [
    "x += 1", "v = x, x = v + 1", "{with: lock, do: [x += 1]}", "{acquire: lock}, x += 1, {release: lock}", "{raise: ValueError}",
    "{wait: gate}, y += 1", "{set: gate}", "{submit: inner, to: pool}", "{choose: c, from: [0, 1]}, x += c", "{shutdown: pool, wait: false}",
    "{acquire: lock}, {raise: KeyError}", "log.append(x)", "{return: 1}", "{assert: x < 3}", "{get: q, into: z}, x += z", "{put: q, item: 1}",
]  # fmt: skip
CALLS = [
    "{submit: a, to: pool}", "{submit: b, to: pool}", "{submit: a, to: pool, into: f}, {try: [{result: f}], except: {Exception: [y += 1]}}",
    "{submit: b, to: pool, into: f}, {cancel: f}", "{submit: a, to: pool, into: f}, {add_done_callback: f, run: inner}", "y += 1",
    "{repeat: 2, do: [{submit: b, to: pool}]}", "{map: two, to: pool, over: '[1, 2]'}", "{set: gate}", "{put: q, item: 2}",
]  # fmt: skip
ENDS = ["", "{shutdown: pool}", "{shutdown: pool, wait: false}", "{shutdown: pool, cancel_futures: true}"]


def drawn(seed: int) -> str:
    chance = random.Random(seed)
    own = [", ".join(chance.choices(BODIES, k=chance.randint(1, 2))) for _ in range(2)]
    calls = [*chance.choices(CALLS, k=chance.randint(1, 3)), chance.choice(ENDS)]
    steps = ", ".join(filter(None, calls))
    initializer = chance.choice(["", "", "", ", initializer: begin"])
    begin = chance.choice(["y += 1", "{raise: ValueError}, y += 1"])
    by = chance.choice([f"main: [{steps}]", f"threads: {{A: {{steps: [{steps}]}}}}"])
    return f"""
        vars: {{x: 0, y: 0, log: []}}
        primitives: {{pool: {{ThreadPoolExecutor: {{max_workers: {chance.randint(2, 3)}{initializer}}}}}, lock: Lock, gate: Event, q: Queue}}
        routines:
          a: {{steps: [{own[0]}]}}
          b: {{steps: [{own[1]}]}}
          inner: {{steps: [x += 2]}}
          two: {{params: [n], steps: [x += n]}}
          begin: {{steps: [{begin}]}}
        {by}
        expect: {{observe: [x, y, log], deadlock: possible}}
    """


Seen = tuple[set[object], set[object]]


def seen(text: str, *, reduce: bool = True) -> Seen | None:
    """How executions end, and what fails where; None: there is too much of it."""
    options = ExploreOptions(keep_going=True, reduce=reduce, max_states=20_000)
    found = explore(program(text), options, judge=judge)
    if not found.exhausted:
        return None
    return (
        {(repr(row.values), row.end) for row in found.rows},
        {(finding.failure.kind, finding.failure.span.line) for finding in found.findings},
    )


@pytest.mark.parametrize("seed", range(30))
def test_nothing_is_lost(seed: int) -> None:
    text = drawn(seed)
    reduced, whole = seen(text), seen(text, reduce=False)
    assert None in (reduced, whole) or reduced == whole


def named(text: str) -> str:
    """The same where somebody has every future for a while."""
    return re.sub(
        r"{submit: (\w+), to: pool}", r"{submit: \1, to: pool, into: kept}, {if: kept.done(), then: [pass]}", text
    )


@pytest.mark.parametrize("seed", range(30))
def test_a_future_that_nobody_has_is_like_any(seed: int) -> None:
    nameless, kept = seen(drawn(seed)), seen(named(drawn(seed)))
    assert None in (nameless, kept) or nameless[0] == kept[0]


WHO = """
    vars: {first: null}
    primitives: {pool: {ThreadPoolExecutor: {max_workers: 2, thread_name_prefix: w}}}
    routines: {work: {steps: [first = first or WHO]}}
    main: [{submit: work, to: pool}, {shutdown: pool}]
    expect: [first == 'w_0' or first == 0]
"""


@pytest.mark.parametrize("who", ["name", "index"])
def test_workers_that_ask_who_they_are_are_not_alike(who: str) -> None:
    assert verdict(WHO.replace("WHO", who)) == "holds"
