"""What is said of all values is so at each that is small enough to search: closed forms against the naive search of the instances.

Programs stand near the borders of what closed forms are known for, as in test_reductions.py. SCENARIO_EXAMPLES=5000 for a long run.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from typing import Any

from drawn import examples
from hypothesis import assume, event, given, settings
from hypothesis import strategies as st

from scenario.compile.opened import OpenFile
from scenario.diagnostics import InvalidScenario
from scenario.engines.explore import explore
from scenario.engines.explore.forall import decide, least, of_total
from scenario.engines.explore.forall.closed import Beyond, ends_of
from scenario.judge import exploration_verdict, judge
from scenario.program.open import Open
from scenario.program.program import Program
from scenario.results.exploration import Exploration
from scenario.results.for_all import Answer, Proved, Refuted
from scenario.settings import ExploreOptions
from scenario.source import Source
from scenario.spec.load import understood

EXAMPLES = examples(20)
FURTHEST = int(os.environ.get("SCENARIO_FURTHEST", "2"))
"""How much above the least values the instances that are searched are, in total."""
MOST = int(os.environ.get("SCENARIO_STATES", "700"))
"""States of an instance; of a larger one nothing is asked."""

HEAD = """
scenario: s
params: {n: 2, r: 2, twice: {expr: 2 * n}}
vars: {x: 0, y: {expr: r}, cells: {expr: "[0] * n"}, three: [0, 0, 0], shelf: {k: 0}}
primitives: {a: Lock, b: Lock, again: RLock, one: {Semaphore: 1}, slots: {Semaphore: n}, some: {Semaphore: r}, q: {Queue: n}, wide: SimpleQueue}
routines:
  more: {params: [k], steps: [{with: a, do: ["x += k"]}]}
"""
COUNTS = ("n", "n", "n", "n + 1", "2", "1", "r", "r + 1", "n - 1", "twice", "n * n")
TIMES = ("r", "r", "n", "2", "r + 1", "index", "i", "twice // 2", "r * r", "n", "r - 1", "n - r", "x")
PLACES = ("x", "y", "cells[index]", "cells[0]", "three[index]", 'shelf["k"]', "three[1]")
GUARDS = ("a", "a", "a", "b", "again", "one", "slots", "some")
AMOUNTS = (
    "1",
    "-1",
    "r",
    "index",
    "i",
    "n * i - 1",
    "y",
    "twice",
    "k",
    "r * (r - 1) // 2",
    "r // 2",
    "(2 * i + 1) % 2",
)
STEPS = (
    "{p} += {n}", "{p} -= {n}", "{p} = {p} + {n}", "{p} = {n} - {p}", "{p} = {n}", "seen = {p}", "k = {n}", "{p} = seen + {n}",
    "{{print: '{{{p}}} {{r}}'}}", "{{print: '{{i}}'}}", "{{assert: '{p} < 2'}}", "{{call: more, args: [{n}]}}", "{{sleep: r}}",
    "{{atomic: '{p} += {n}'}}", "{{put: q, item: {n}}}", "{{get: q}}", "{{put: wide, item: 1}}", "{{get: wide}}",
    "{{acquire: a}}", "{{if: 'r == 1', then: ['{p} += 1']}}",
)  # fmt: skip
TAME = (
    "{{with: a, do: ['x += {n}']}}", "{{with: a, do: ['x -= {n}', 'x += 1']}}", "{{with: again, do: ['y += {n}', {{with: again, do: ['y -= 1']}}]}}",
    "'cells[index] += {n}'", "{{with: slots, do: [{{with: a, do: ['x += {n}']}}]}}", "{{call: more, args: [{n}]}}", "{{with: one, do: ['three[1] += {n}']}}",
    "{{atomic: ['shelf[\"k\"] += {n}']}}", "{{put: wide, item: {n}}}", "'k = {n}'", "{{with: slots, do: ['shelf[\"k\"] += {n}']}}",
    "{{acquire: a}}, 'x += {n}', {{release: a}}", "{{acquire: again}}, {{try: ['y += {n}'], finally: [{{release: again}}]}}",
)  # fmt: skip
"""Steps of which closed forms are known, if the amounts are."""

CLAIMS = (
    "x == n * r", "x == r * n * (n - 1) // 2", "x >= 0", "x <= 4", "x != 3", "y == r", "y >= r", "sum(cells) == n * r", "cells == [r] * n",
    "cells == [0] * n", "x + y == n * r + r", "not x < 0 and y >= 0", "x == 0 or y == r", "len(cells) == n", "shelf == {{'k': 0}}",
    "slots.value == n", "0 <= x <= n * r", "x == {}", "three[0] == 0", "len(cells) == n + r",
    "1 // x == 1 or x >= 0", "not (three < x and x < 0)", "three[n] == 0 or y >= 0", "x == 0 or 7 % r == 0",
)  # fmt: skip
EXTRA = (
    "",
    "",
    "",
    "",
    "",
    "",
    ", always: [x >= 0]",
    ", always: [x <= n * r]",
    ", always: ['0 <= x + y', 'y >= r']",
    ", always: ['x <= y + n * r * 3', 'x > -1']",
    ", always: ['x < 3']",
    ", reachable: [x == 1]",
    ", deadlock: possible",
    ", observe: [x + r]",
)
MAINS = (
    "",
    "",
    "",
    "main: [{start: all}, {join: all}, {print: '{x} {n}'}]",
    "main: [{start: all}, {join: A}, 'x += r']",
)


@st.composite
def body(draw: Any, depth: int, tame: bool) -> str:
    """A step, with those below it."""
    kinds = ("plain", "repeat", "repeat", "for", *(("atomic", "with", "with") if not tame else ()))
    kind = draw(st.sampled_from(kinds if depth else ("plain",)))
    if kind == "plain":
        place, amount = draw(st.sampled_from(PLACES)), draw(st.sampled_from(AMOUNTS[:6] if tame else AMOUNTS))
        text = draw(st.sampled_from(TAME if tame else STEPS)).format(p=place, n=amount)
        return text if text.startswith(("{", "'")) else f"'{text}'"
    inner = ", ".join(draw(st.lists(body(depth - 1, tame), min_size=1, max_size=2)))
    times = draw(st.sampled_from(TIMES[:10] if tame else TIMES))
    match kind:
        case "with":
            return f"{{with: {draw(st.sampled_from(GUARDS))}, do: [{inner}]}}"
        case "repeat":
            return f"{{repeat: {times}, as: i, do: [{inner}]}}"
        case "for":
            return f"{{for: i, in: range({times}), do: [{inner}]}}"
        case _:
            return f"{{atomic: [{inner}]}}" if "with" not in inner else inner


@st.composite
def files(draw: Any) -> str:
    groups = []
    for name in "AB"[: draw(st.integers(1, 2))]:
        tame = draw(st.integers(0, 4)) > 0
        first = "'i = 1', 'k = 1', 'seen = 0', " if tame or draw(st.integers(0, 3)) else ""
        inner = ", ".join(draw(st.lists(body(2, tame), min_size=1, max_size=2)))
        count = f"count: {draw(st.sampled_from(COUNTS))}, " if draw(st.integers(0, 6)) else ""
        groups.append(f"  {name}: {{{count}steps: [{first}{inner}]}}")
    claims = draw(st.lists(st.sampled_from(CLAIMS), min_size=0, max_size=2))
    final = ", ".join(f'"{claim.format(draw(st.integers(0, 3)))}"' for claim in claims)
    extra, main = draw(st.sampled_from(EXTRA)), draw(st.sampled_from(MAINS))
    return "\n".join([HEAD.strip(), "threads:", *groups, main, f"expect: {{final: [{final}]{extra}}}"])


def opened(text: str) -> OpenFile:
    source = Source("s.yaml", text)
    return OpenFile(understood(source), source, {})


def search(program: Program) -> Exploration:
    """All interleavings, as far as that is soon done: nothing reduced."""
    return explore(program, ExploreOptions(reduce=False, max_states=MOST, max_seconds=5), judge=judge)


def verdict(program: Program) -> str:
    return exploration_verdict(program, search(program)).word


def instances(file: OpenFile, lowest: Mapping[str, int]) -> Iterator[tuple[int, dict[str, int], Program]]:
    """Each small one, and how much it is above the least."""
    for total in range(FURTHEST + 1):
        for values in of_total(lowest, total):
            yield total, values, file.instance(0, values)


def at_the_least(file: OpenFile, names: tuple[str, ...]) -> Open:
    return file.left_open(0, least(file.left_open(0, dict.fromkeys(names, 2))))


def held_against_instances(file: OpenFile, of: Open, answer: Answer) -> None:
    match answer:
        case Proved():
            for _, values, instance in instances(file, of.least):
                assert verdict(instance) in ("holds", "undecided"), values
        case Refuted(at):
            above = sum(at.values()) - sum(of.least.values())
            assert above > FURTHEST or verdict(file.instance(0, at)) in ("fails", "undecided")
            for total, values, instance in instances(file, of.least):
                assert total >= above or verdict(instance) in ("holds", "undecided"), values


@settings(max_examples=EXAMPLES)
@given(files(), st.sampled_from((("n", "r"), ("n", "r"), ("n",), ("r",))))
def test_what_is_said_of_all_values_is_so_at_small_ones(text: str, names: tuple[str, ...]) -> None:
    file = opened(text)
    try:
        of = at_the_least(file, names)
        answer = decide(of, judge, 2.0)
        event(type(answer).__name__)
        held_against_instances(file, of, answer)
    except InvalidScenario:
        assume(False)


@settings(max_examples=EXAMPLES)
@given(files())
def test_the_one_end_that_is_computed_is_the_only_one_there_is(text: str) -> None:
    file = opened(text)
    try:
        of = at_the_least(file, ("n", "r"))
        ends = ends_of(of, is_sure=False)
    except (InvalidScenario, Beyond):
        event("no closed form")
        return
    for _, values, instance in instances(file, of.least):
        found = search(instance)
        if found.exhausted:
            event("an instance")
            expected = {name: repr(value) for name, value in ends.shared(values).items()}
            assert [{f.failure.kind for f in found.findings} - {"final"}, found.deadlock] == [set(), False]
            rows = [dict(row.values) for row in found.rows]
            assert len(rows) == 1
            assert "observe" in text or {name: repr(value) for name, value in rows[0].items()} == expected
