"""What is left out of a search is nothing that could be seen: reduced programs against the naive search of the whole ones.

The programs stand near the borders of what may be left out: the same few variables and locks, used in all the ways that a
condition speaks of.
"""

from __future__ import annotations

import re
import time
from textwrap import dedent
from typing import Any

import pytest
from conformance.explored import rows
from drawn import examples
from explore.found import program
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from scenario.engines.explore import explore
from scenario.engines.explore.reductions.reduced import reduced
from scenario.judge import judge
from scenario.program.program import Program
from scenario.settings import ExploreOptions

EXAMPLES = examples(60)

PLACES = ("x", "y", "cells[0]", "cells[index]", 'shelf["k"]')
LOCKS = ("a", "b", "again", "slots", "pair", "own", "forks[0]", "forks[1]", "forks[index]", "doors[0]")
OF_ARRAYS = (
    "forks[0]",
    "forks[1]",
    "forks[2]",
    "forks[-1]",
    "forks[index]",
    "forks[index + 1]",
    "forks[2 - index]",
    "forks[i]",
    "doors[index]",
    "doors[0]",
)
HEAD = """
vars: {x: 0, y: 1, cells: [0, 0, 0], shelf: {k: 0}, flag: false}
primitives: {a: Lock, b: Lock, again: RLock, own: Condition, slots: {Semaphore: 1}, pair: {Semaphore: 2}, q: {Queue: 1}, wide: SimpleQueue, e: Event, c: {Condition: b}, forks: {array: 3, of: Lock}, doors: {array: 2, of: {Semaphore: index + 1}}}
routines:
  more: {params: [n], steps: [{with: a, do: ["x += n"]}]}
  bare: {steps: ["y += 1"]}
  taking: {params: [n], steps: [{acquire: a}, "x += n", {release: a}]}
"""

AMOUNTS = ("1", "-1", "2", "index", "i", "i % 2", "(i + 1) // 2", "i * 2 - 1", "n", "y", "True", "0.5")
OF_A_PLACE = (
    "{p} += {n}", "{p} -= {n}", "{p} = {p} + {n}", "{p} = {n} - {p}", "{p} = {n}", "{p} *= 2", "seen = {p}", "n = {n}",
    "{p} = seen + {n}", "{{print: '{{{p}}}'}}", "{{print: done}}", "{{assert: '{p} < 2'}}", "{{mark: m}}",
    "{{if: '{p} == 1', then: ['y = 9']}}", "{{if: 'a.locked()', then: ['y = 9']}}", "{{if: 'index == 0', then: ['{p} += 1']}}",
    "{{choose: n, from: [1, 2]}}", "{{call: more, args: [{n}]}}", "{{call: bare}}", "{{call: taking, args: [{n}]}}", "{{atomic: '{p} += {n}'}}", "{{sleep: 0.1}}",
    "{{try: ['{p} += {n}'], finally: ['{p} += 1']}}", "{{raise: ValueError}}", "{{await: '{p} > 0'}}", "{{set: e}}", "{{wait: e}}",
    "{{acquire: {l}}}", "{{release: {l}}}", "{{acquire: {l}, blocking: false, into: got}}", "{{acquire: {l}, timeout: 1, into: got}}",
    "{{notify: c}}",
)  # fmt: skip
QUEUED = (
    "{{put: q, item: {n}}}",
    "{{get: q}}",
    "{{get: wide, into: n}}",
    "{{put: wide, item: 1}}",
    "{{get: q, timeout: 1}}",
)
OF_A_PLACE += (*QUEUED, "{{join: q}}", "{{task_done: q}}", "{{if: 'q.empty()', then: ['y = 9']}}")
OWN = ("mine = [{n}, 0.5]", "mine = {{1: [index], 2: (i,)}}", "n = 0.5", "mine = [ghost]", "mine = [mine]")
OF_A_PLACE += OWN
TAME = OF_A_PLACE[:4] + (OF_A_PLACE[0],) * 8 + QUEUED[:4] + OWN[:2] + ("{{call: taking, args: [{n}]}}",)
"""What threads do that may be left out, so that many may."""


TESTS = (
    "i % 2 == 0", "i == 1", "i < 1", "w == 0", "w % 2", "not i", "w >= 1 and i != 1", "w > 0 or index", "index == 0", "i >= index", "x == 1",
    "i * i > 0", "seen", "1 > 0", "0 <= i <= 1", "2 % n", "ghost",
)  # fmt: skip
LOOPS = ("{{repeat: 3, as: i, do: [{branch}]}}", "'w = 0', {{while: 'w < 3', do: [{branch}, 'w += 1']}}")
COUNTING = (
    "'w = 0', {{while: 'w < 2', do: [{inner}, 'w += 1']}}", "'w = 0', {{while: 'w < 3', do: ['w += 1', {inner}]}}",
    "'w = 0', {{while: 'w < 2', do: [{inner}, 'w += 1', 'w += 1']}}", "{{while: 'w < 2', do: ['w += 1', {inner}]}}",
    "'w = 0', {{while: 'w < 2', do: [{inner}]}}", "'w = 0', 'w = 1', {{while: 'w < 2', do: [{inner}, 'w += 1']}}",
    "'w = 0', {{while: 'w < 2', do: [{inner}, 'w += index']}}", "'w = 0', {{while: 'w < index', do: [{inner}, 'w += 1']}}",
    "'w = 0', {{while: 'w < 2', do: [{inner}, {{if: 'i == 0', then: [continue]}}, 'w += 1']}}",
    "'w = 0', {{while: 'w < 2', do: [{inner}, {{if: 'i == 0', then: [break]}}, 'w += 1']}}",
    "'w = 0', {{while: 'w < 2', do: ['w = 0', {inner}, 'w += 1']}}", "'w = 0', {{while: 'w < 0', do: [{inner}, 'w += 1']}}",
)  # fmt: skip


DEEP = ("plain", "pair", "tried", "for", "atomic", *("with", "with", "repeat", "if", "while") * 2)
WITH_VALUES = ("i = 0", "n = 1", "seen = 0", "w = 0", "mine = 0")


@st.composite
def steps(draw: Any, depth: int, tame: bool) -> str:
    kind = draw(st.sampled_from(DEEP if depth else ("plain",)))
    if kind == "plain":
        pattern = draw(st.sampled_from(TAME if tame else OF_A_PLACE))
        amount = draw(st.sampled_from(AMOUNTS[:7] if tame else AMOUNTS))
        place, lock = draw(st.sampled_from(PLACES)), draw(st.sampled_from(LOCKS))
        text = pattern.format(p=place, n=amount, l=lock)
        return text if text.startswith("{") else f"'{text}'"
    inner = ", ".join(draw(st.lists(steps(depth - 1, tame), min_size=1, max_size=2)))
    match kind:
        case "with":
            return f"{{with: {draw(st.sampled_from(LOCKS))}, do: [{inner}]}}"
        case "pair" | "tried":
            return as_a_pair(draw(st.sampled_from(LOCKS)), inner, tried=kind == "tried")
        case "repeat":
            return f"{{repeat: {draw(st.integers(0, 2))}, as: i, do: [{inner}]}}"
        case "if":
            other = draw(steps(depth - 1, tame))
            branch = (
                f"{{if: '{draw(st.sampled_from(TESTS[:8] if tame else TESTS))}', then: [{inner}], else: [{other}]}}"
            )
            loop = draw(st.sampled_from(("{branch}", *LOOPS * 3)))
            return loop.format(branch=branch)
        case "while":
            return draw(st.sampled_from(COUNTING[:2] * 4 if tame else COUNTING)).format(inner=inner)
        case "for":
            return f"{{for: i, in: range({draw(st.integers(1, 2))}), do: [{inner}]}}"
        case _:
            return f"{{atomic: [{inner}]}}" if "with" not in inner and "acquire" not in inner else inner


def as_a_pair(lock: str, inner: str, *, tried: bool) -> str:
    """Steps that take a lock, and give it back after what is done with it."""
    between, last = f"{{acquire: {lock}}}, ", f"{{release: {lock}}}"
    return f"{between}{{try: [{inner}], finally: [{last}]}}" if tried else f"{between}{inner}, {last}"


CLAIMS = (
    "", "", "final: [x == 0]", "final: [x + y < 3, cells[0] < 2], observe: [x, shelf]", "always: [x >= 0]",
    "reachable: [x == 1]", "sometimes: [x == 1, y == 2]", "output: {contains: ['1']}", "order: [[m]]",
    "final: [not a.locked()]", "observe: [q.qsize(), q.empty(), a.locked()]", "observe: [q.unfinished_tasks]", "final: [A[0].seen is None]", "final: [A.seen is None]", "deadlock: possible", "always: [A.alive >= 0]", "fails: [final]",
)  # fmt: skip
MAINS = (
    "", "", "", "main: [{start: A}, {start: B}, {join: A}, {join: B}, {print: '{x}'}]", "main: [{start: all}, {join: A}, 'y += x']",
    "main: [{start: A}, {join: A}, {start: B}, {join: B}]", "main: [{start: A}]", "main: ['x = 5', {start: all}, {join: all}]",
    "main: [{start: all}, {join: all}, {assert: 'x == 1'}, 'x = 0']", "main: [{start: all}, 'x += 1', {join: all}]",
)  # fmt: skip


@st.composite
def files(draw: Any, claims: tuple[str, ...] = CLAIMS, mains: tuple[str, ...] = MAINS) -> str:
    groups = []
    for name in "AB"[: draw(st.integers(1, 2))]:
        tame = draw(st.integers(0, 3)) > 0
        body = ", ".join([*WITH_VALUES, *draw(st.lists(steps(2, tame), min_size=1, max_size=2))])
        groups.append(f"  {name}: {{count: {draw(st.integers(1, 2))}, steps: [{body}]}}")
    claim = draw(st.sampled_from(claims))
    main = draw(st.sampled_from(mains)) if len(groups) == 2 else ""
    return "\n".join([HEAD.strip(), "threads:", *groups, main, f"expect: {{{claim}}}"])


def facts(whole: Program) -> Any:
    """All that a report says of a search without reductions, its counts aside."""
    found = explore(whole, ExploreOptions(keep_going=True, reduce=False, max_states=20_000), judge=judge)
    assume(found.exhausted)
    rows = {(repr(row.values), row.label, row.end) for row in found.rows}
    failures = {(finding.failure.kind, finding.failure.span) for finding in found.findings}
    permitted = {finding.failure.kind for finding in found.permitted}
    return rows, failures, permitted, found.sometimes, found.reached, found.deadlock, found.livelock


def compiled(text: str) -> Program:
    from scenario.diagnostics import InvalidScenario

    try:
        return program(text)
    except InvalidScenario:
        assume(False)
        raise


@st.composite
def branching(draw: Any) -> str:
    """One group whose threads go by their counters, mostly under one lock."""
    groups = []
    for name in "AB"[: draw(st.integers(1, 2))]:
        body = ", ".join([*WITH_VALUES, draw(counting(2))])
        groups.append(f"  {name}: {{count: {draw(st.integers(1, 2))}, steps: [{body}]}}")
    claim = draw(st.sampled_from(("final: [x == 0]", "final: [x + y < 3], observe: [x, shelf]", "sometimes: [x == 1]")))
    return "\n".join([HEAD.strip(), "threads:", *groups, f"expect: {{{claim}}}"])


OF_A_COUNTER = (
    "{c} % 2 == 0", "{c} == 1", "{c} < 1", "1 <= {c}", "{c} % 2", "not {c}", "{c} >= 1 and {c} != 2", "{c} > 0 or index", "index == 0",
    "index != {c}", "{c} * {c} > 1", "{c} + 1 == 2", "2 * {c} - index > 1", "({c} + 1) // 2 == 1", "-{c} % 3 == 1 or x == 9",
)  # fmt: skip


@st.composite
def counting(draw: Any, depth: int) -> str:
    counter = draw(st.sampled_from("iw"))
    updates = [draw(updating()) for _ in range(3)]
    test = draw(st.sampled_from(OF_A_COUNTER)).format(c=counter)
    inner = f"{{if: '{test}', then: [{updates[0]}], else: [{updates[1]}]}}, {updates[2]}"
    if depth and draw(st.integers(0, 3)) == 0:
        inner = f"{inner}, {draw(counting(0))}"
    loops = LOOPS[:1] if counter == "i" else (*LOOPS[1:] * 6, *COUNTING[:2] * 4, *COUNTING)
    return draw(st.sampled_from(loops)).format(inner=inner, branch=inner)


@st.composite
def updating(draw: Any) -> str:
    place, amount = (
        draw(st.sampled_from(PLACES[:3])),
        draw(st.sampled_from(("1", "-1", "i", "w", "i % 2", "w // 2", "index"))),
    )
    section = f"{{with: a, do: ['{place} += {amount}']}}"
    return draw(
        st.sampled_from((section,) * 12 + ("pass", "'mine = [i, w]'", f"'{place} += {amount}'", "'w = w'", "'i = 2'"))
    )


def nothing_is_lost(text: str) -> None:
    """Whatever can be seen of the whole can be seen without the threads that add up."""
    whole = compiled(text)
    smaller = reduced(whole)
    assume(smaller is not None)
    assert smaller is not None
    assert facts(smaller.program) == facts(whole)


@settings(max_examples=EXAMPLES)
@given(branching())
def test_branches_and_loops_that_count_add_what_they_would(text: str) -> None:
    nothing_is_lost(text)


@settings(max_examples=EXAMPLES)
@given(files())
def test_nothing_that_is_left_out_could_be_seen(text: str) -> None:
    nothing_is_lost(text)


@st.composite
def with_elements(draw: Any) -> str:
    """Threads that take elements of arrays, in an order or in none."""
    groups = []
    for name in "AB"[: draw(st.integers(1, 2))]:
        order = (
            OF_ARRAYS
            if draw(st.integers(0, 2)) == 0
            else draw(st.sampled_from((OF_ARRAYS[:3], OF_ARRAYS[4:6], OF_ARRAYS[8:])))
        )
        sections = []
        for _ in range(draw(st.integers(1, 2))):
            first, second = (draw(st.sampled_from(order)) for _ in range(2))
            place, other = (draw(st.sampled_from(("cells[index]", "cells[0]", "x", "y"))) for _ in range(2))
            within = f", {{with: '{second}', do: ['{other} += index + 1']}}" if first != second else ""
            sections.append(f"{{with: '{first}', do: ['{place} += 1'{within}]}}")
        groups.append(f"  {name}: {{count: {draw(st.integers(1, 2))}, steps: [i = 0, {', '.join(sections)}]}}")
    claim = draw(
        st.sampled_from(("observe: [x, y, cells]", "final: [x < 3, sum(cells) < 4]", "final: [not forks[0].locked()]"))
    )
    return "\n".join([HEAD.strip(), "threads:", *groups, f"expect: {{{claim}}}"])


@settings(max_examples=EXAMPLES)
@given(with_elements())
def test_elements_of_arrays_are_locks_by_themselves(text: str) -> None:
    nothing_is_lost(text)


BORDERS = {
    "a circle of elements": """
        vars: {x: 0, y: 0}
        primitives: {forks: {array: 2, of: Lock}}
        threads:
          A: {count: 2, steps: [{with: "forks[index]", do: [{with: "forks[1 - index]", do: [x += 1]}]}]}
    """,
    "an element that is tried": """
        vars: {x: 0}
        primitives: {forks: {array: 2, of: Lock}}
        threads:
          A: {steps: [{with: "forks[0]", do: [x += 1]}]}
          B: {steps: [{acquire: "forks[0]", blocking: false, into: got}, {if: got, then: [{release: "forks[0]"}]}]}
        expect: {observe: [x, B.got]}
    """,
    "an element of which several may be inside": """
        vars: {x: 0}
        primitives: {doors: {array: 2, of: {Semaphore: index + 1}}}
        threads:
          A: {count: 2, steps: [{with: "doors[1]", do: [x += 1]}]}
        expect: {observe: [x]}
    """,
    "elements that differ": """
        vars: {x: 0}
        primitives: {forks: {array: 2, of: Lock}}
        threads:
          A: {count: 2, steps: [{with: "forks[index]", do: [x += 1]}]}
        expect: {observe: [x]}
    """,
    "a lock that a condition takes": """
        vars: {x: 0}
        primitives: {m: Lock, c: {Condition: m}}
        threads:
          A: {steps: [{with: m, do: [x += 1]}]}
          B: {steps: [{with: c, do: [{join: A}]}]}
    """,
    "a main that is over before all are started": """
        vars: {x: 0}
        primitives: {m: Lock}
        threads:
          A: {steps: [{with: m, do: [x += 1]}]}
          B: {steps: [{with: m, do: [x += 1]}]}
        main: [{start: A}, {start: A}, {start: B}]
        expect: {errors: {main: RuntimeError}}
    """,
    "a thread that is started by another": """
        vars: {x: 0}
        primitives: {m: Lock}
        threads:
          A: {steps: [{start: B}]}
          B: {steps: [pass]}
          C: {steps: [{with: m, do: [x += 1]}]}
        main: [{start: A}, {start: B}, {start: C}]
        expect: {errors: {main: {possible: RuntimeError}, A: {possible: RuntimeError}}}
    """,
    "a queue that a claim asks": """
        primitives: {q: Queue}
        threads:
          A: {steps: [{put: q, item: 1}, {put: q, item: 2}]}
          B: {steps: [{get: q}]}
        expect: {observe: [q.qsize()]}
    """,
    "a variable that main reads before all are joined": """
        vars: {x: 0, seen: 0}
        primitives: {m: Lock}
        threads:
          A: {steps: [{with: m, do: [x += 1]}]}
          B: {steps: [{with: m, do: [x += 1]}]}
        main: [{start: all}, {join: A}, seen = x, {join: B}]
        expect: {observe: [x, seen]}
    """,
}


@pytest.mark.parametrize("text", BORDERS.values(), ids=BORDERS)
def test_just_beyond_a_condition_the_whole_is_searched(text: str) -> None:
    whole = program(text)
    found, naive = (
        explore(whole, ExploreOptions(keep_going=True, reduce=reduce), judge=judge) for reduce in (True, False)
    )
    assert rows(found) == rows(naive)


EIGHT = """
routines:
  r: {steps: [{with: lock, do: [x += 1]}]}
  s: {steps: [EIGHT r]}
  t: {steps: [EIGHT s]}
  u: {steps: [EIGHT t]}
"""
LONG = {
    "routines in many sections": """
        vars: {x: 0}
        primitives: {lock: Lock, a: {array: 200, of: Lock}, b: {array: 200, of: Lock}}
        threads:
          A: {count: 199, steps: [{with: "a[index + 1]", do: [{with: "a[index]", do: [pass]}]}, {with: "b[index]", do: [{call: u}]}]}
          B: {count: 199, steps: [{with: "b[index + 1]", do: [{with: "b[index]", do: [pass]}]}, {with: "b[index]", do: [{call: u}]}]}
    """,
    "routines of many threads": """
        vars: {x: 0}
        primitives: {lock: Lock, a: {array: 3, of: Lock}}
        threads: {A: {count: 1000, steps: [{with: "a[index % 3]", do: [pass]}, {call: u}]}}
    """,
    "many steps of many threads": f"""
        vars: {{x: 0, cells: [0, 0, 0]}}
        primitives: {{lock: Lock, a: {{array: 3, of: Lock}}}}
        threads: {{A: {{count: 1000, steps: [{", ".join(["{with: 'a[index % 3]', do: ['cells[index % 3] += 1']}"] * 100)}]}}}}
    """,
}


@pytest.mark.parametrize("text", LONG.values(), ids=LONG)
def test_what_is_read_of_long_threads_keeps_to_the_time(text: str) -> None:
    routines = re.sub(r"EIGHT (\w)", lambda found: ", ".join([f"{{call: {found[1]}}}"] * 8), EIGHT)
    made, began = program(dedent(text).strip() + routines), time.process_time()
    explore(made, ExploreOptions(max_seconds=1), judge=judge)
    assert time.process_time() - began < 8


LARGE = """
params: {n: 10, rounds: 100000}
vars: {x: 0, y: 0, cells: [0, 0, 0, 0]}
primitives: {lock: Lock, locks: {array: 4, of: Lock}}
threads: {t: {count: n, steps: [STEPS]}}
expect: ["CLAIM"]
"""
WRITTEN = {
    "each second round": (
        "{repeat: rounds, as: i, do: [{if: i % 2 == 0, then: [{with: lock, do: [x += 1]}], else: [{with: lock, do: [y += 1]}]}]}",
        "x == y == n * rounds // 2",
    ),
    "the last round": (
        "{for: i, in: range(rounds), do: [{with: lock, do: [x += 1]}, {if: i == rounds - 1, then: [{with: lock, do: [y += 1]}]}]}",
        "x == n * rounds and y == n",
    ),
    "the first rounds": (
        "{repeat: rounds, as: i, do: [{with: lock, do: [{if: not i > 4 and i % 10, then: [x += 1], else: [y += 1]}]}]}",
        "x == 4 * n and y == n * (rounds - 4)",
    ),
    "the thread's number": (
        "{if: index == 0, then: [{repeat: rounds, do: [{with: lock, do: [x += 2]}]}], else: [{repeat: rounds, do: [{with: lock, do: [x += 1]}]}]}",
        "x == (n + 1) * rounds",
    ),
    "while": (
        "i = 0, {while: i < rounds, do: [{with: lock, do: [x += i]}, i += 1]}",
        "x == n * rounds * (rounds - 1) // 2",
    ),
    "elements of an array in their order": (
        "{repeat: rounds, do: [{with: 'locks[index % 3]', do: [{with: 'locks[index % 3 + 1]', do: ['cells[index % 3] -= 1', 'cells[index % 3 + 1] += 1']}]}]}",
        "sum(cells) == 0 and cells[0] == -4 * rounds",
    ),
    "a list of its own": (
        "'mine = [index, 0]', {repeat: rounds, do: ['d = {}', {with: lock, do: [x += 1]}]}",
        "x == n * rounds",
    ),
}


@pytest.mark.parametrize(("steps", "claim"), WRITTEN.values(), ids=WRITTEN)
def test_what_people_write_is_added_up_however_large(steps: str, claim: str) -> None:
    found = explore(program(LARGE.replace("STEPS", steps).replace("CLAIM", claim)), ExploreOptions(), judge=judge)
    assert (found.exhausted, found.states, found.findings) == (True, 1, ())


def test_reading_stretches_takes_no_longer_than_a_search_may() -> None:
    """A thousand threads with a hundred stretches each were read for 47 s, whatever the budget was."""
    rounds = "{repeat: rounds, as: i, do: [{with: lock, do: [{if: i % 16 == 3, then: [x += i], else: [x += index]}]}]}"
    few, many = (program(LARGE.replace("STEPS", rounds).replace("CLAIM", "x >= 0"), n=n) for n in (10, 1000))
    assert reduced(few) is not None
    assert reduced(many) is None


def test_a_branch_that_nobody_takes_is_told() -> None:
    whole = program("""
        vars: {x: 0}
        primitives: {lock: Lock}
        threads: {t: {count: 2, steps: [{repeat: 3, as: i, do: [{with: lock, do: [x += 1]}, {if: i > 5, then: [x += 1]}]}]}}
        expect: [x == 6]
    """)
    assert len(explore(whole, ExploreOptions(), judge=judge).unreached) == 1
