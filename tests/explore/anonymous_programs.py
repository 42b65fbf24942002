"""Random programs whose groups have any number of threads, near the borders of what is decided of all numbers at once.

What is decided of all, and of each number by counting, is held against a search of each as it stands.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import product
from random import Random

from explore.found import HEAD as FIRST_LINE

from scenario.compile.opened import OpenFile
from scenario.diagnostics import InvalidScenario
from scenario.engines.explore import Unexplored, explore
from scenario.engines.explore.coverability.deciding import Deciding
from scenario.engines.explore.coverability.system import Uncounted
from scenario.engines.explore.forall.by_counting import by_counting, counted
from scenario.engines.explore.model.budget import Budget
from scenario.judge import exploration_verdict, judge
from scenario.program.program import Program
from scenario.results.for_all import Outside, Proved, Refuted
from scenario.settings import ExploreOptions
from scenario.source import Source
from scenario.spec.load import load

STATES = 1_000
"""Larger instances are not looked at."""

HEAD = """
params: {n: 1, m: 1, z: 1}
vars: {x: 0, y: 0, open: true}
primitives: {l: Lock, r: RLock, s: {Semaphore: 2}, b: {BoundedSemaphore: 1}, k: Lock, c: {Condition: k}, own: Condition, e: Event, q: {Queue: 1}}
routines:
  twice: {params: [v], steps: ["x = (v + 1) % 3", {return: v}]}
"""
STEPS = (
    "'x = (x + 1) % 3'", "'x = 0'", "'x = 1'", "'y = x'", "'y = (y + 1) % 2'", "{atomic: 'x = (x + 1) % 3'}", "'mine = x'", "'mine = 1'",
    "{assert: 'x < 2'}", "{assert: 'not (x and y)'}", "{assert: 'mine < 2'}", "{await: 'x == 1'}", "{await: 'y == 0'}",
    "{acquire: l}", "{release: l}", "{acquire: r}", "{release: r}", "{acquire: s}", "{release: s}", "{release: b}", "{acquire: b}",
    "{acquire: l, blocking: false, into: got}", "{acquire: s, timeout: 1, into: got}", "{acquire: k}", "{release: k}",
    "{with: k, do: [{wait: c}]}", "{with: c, do: [{wait: c, timeout: 1, into: got}]}", "{with: c, do: [{notify: c}]}",
    "{with: k, do: [{notify_all: c}]}", "{with: c, do: [{wait_for: c, until: 'x == 1'}]}", "{with: own, do: [{wait: own}]}",
    "{with: own, do: [{notify: own}]}", "{with: own, do: [{notify: own, n: 2}]}", "{atomic: [{acquire: k}, {notify: c}, {notify: c}, {release: k}]}",
    "{wait: e}", "{wait: e, timeout: 1, into: got}", "{set: e}", "{clear: e}", "{atomic: [{set: e}, {clear: e}]}",
    "{put: q, item: x}", "{get: q, into: mine}", "{get: q, block: false, into: mine}", "{choose: mine, from: [0, 1]}",
    "{raise: ValueError}", "{call: twice, args: [1], into: mine}", "{print: '{name} {x}'}", "'mine = index'", "{join: q}", "{task_done: q}",
    "{if: 'l.locked()', then: ['y = 1']}", "{if: 'e.is_set()', then: ['y = 1']}", "{if: 'q.empty()', then: ['y = 1']}", "{return: null}",
    "{start: B}", "{join: B}", "{if: 'A.alive > 1', then: ['y = 1']}", "{if: 'n == 2', then: ['y = 1']}",
)  # fmt: skip
ACCESSES = STEPS[:10]
TAME = (*STEPS[:7], *STEPS[8:10], *STEPS[11:13])
CALM = (*TAME[:7],
    "{with: c, do: [{while: 'x == 1', do: [{wait: c}]}, 'x = 1']}", "{with: c, do: ['x = 0', {notify: c}]}", "{with: c, do: ['x = 0', {notify_all: c}]}",
    "{set: e}", "{wait: e}", "{with: k, do: [{if: 'y == 0', then: [{set: e}, 'y = 1'], else: [{wait: e, timeout: 1}]}]}",
    "{acquire: l, blocking: false, into: got}", "{if: got, then: [{release: l}]}", "{with: l, do: ['mine = x', 'x = 1', {assert: 'x == 1'}, 'x = mine']}",
    "{put: q, item: 1}", "{get: q}", "{choose: mine, from: [0, 1]}", "{call: twice, args: [1], into: mine}", "{print: '{name} {x}'}",
    "{atomic: [{if: 'x == 0', then: ['x = 1', 'mine = 2']}]}", "{if: 'mine == 2', then: [{assert: 'x == 1'}, 'x = 0']}", "{await: 'not l.locked()'}",
)  # fmt: skip
"""Steps of programs that may well hold."""
MILD = (
    "",
    "",
    "always: [s.value >= 0]",
    "final: [s.value == 2, not l.locked()]",
    "always: [x < 3], reachable: [y == 0]",
    "final: [x < 2]",
)
CLAIMS = (
    "", "", "", "always: [x < 2]", "always: [not (x and y)]", "always: [s.value >= 0]", "final: [x == 0]", "final: [y == 0, not l.locked()]",
    "reachable: [x == 2]", "reachable: [x == 1 and y == 1]", "always: [x < 2], final: [x == 1]", "always: [x < 3, s.value >= 0]", "sometimes: [x == 1]", "deadlock: possible",
    "errors: {B: {possible: ValueError}}", "livelock: possible", "final: [x <= n]",
)  # fmt: skip
SETTINGS = ("", "", "", "explore: {wake: fifo}", "explore: {spurious: true}", "explore: {fairness: weak}")
MAINS = ("",) * 6 + ("main: [{start: all}, {join: all}]", "main: [{start: A}, {start: B}, 'y = 1']")


def steps(chance: Random, depth: int, mood: Sequence[str]) -> str:
    kinds = ("plain", "plain", "with", "with", "if", "while", "repeat", "try", "atomic") if depth else ("plain",)
    kind = chance.choice(kinds)
    if kind == "plain":
        return chance.choice(mood)
    inner = ", ".join(steps(chance, depth - 1, mood) for _ in range(chance.randint(1, 3)))
    match kind:
        case "with":
            return f"{{with: {chance.choice('lrsbc')}, do: [{inner}]}}"
        case "if" | "while":
            test = chance.choice(("x == 1", "y == 0", "x == y", "mine == x"))
            then = f"do: [{inner}]" if kind == "while" else f"then: [{inner}], else: [{steps(chance, 0, mood)}]"
            return f"{{{kind}: {test!r}, {then}}}"
        case "repeat":
            rounds = chance.choice(("repeat: 2", "repeat: z", "for: i, in: range(z)", "repeat: z + 1"))
            return f"{{{rounds}, do: [{inner}]}}"
        case "try":
            return f"{{try: [{inner}], except: {{ValueError: [pass], RuntimeError: [pass]}}}}"
        case _:
            return f"{{atomic: [{', '.join(chance.choice(ACCESSES) for _ in range(2))}]}}"


def text(chance: Random) -> str:
    """A file with params `n` and `m`; groups A (`n` threads), maybe C (`m` threads), and B."""
    mood = chance.choice((STEPS, TAME, CALM, CALM, CALM, CALM))

    def body() -> str:
        return f"[mine = 0, got = False, {', '.join(steps(chance, 2, mood) for _ in range(chance.randint(1, 3)))}]"

    other = chance.choice(("", "B: {{steps: {}}}", "B: {{count: 2, steps: {}}}", "C: {{count: m, steps: {}}}"))
    threads = f"A: {{count: n, steps: {body()}}}, {other.format(body()) if other else ''}"
    parts = [f"threads: {{{threads}}}", "" if mood is CALM else chance.choice(MAINS), chance.choice(SETTINGS)]
    claims = chance.choice(MILD if mood is CALM else CLAIMS)
    return "\n".join([HEAD, *parts, f"expect: {{{claims}}}" if claims else ""])


def differences(of: str, most: int) -> Iterator[str]:
    """What is said of all numbers first; then where a search of an instance (up to `most` threads in a group) says something else."""
    source = Source("test.yaml", FIRST_LINE + of)
    ranges = {"n": range(1, most + 1)}
    if "C:" in of:
        ranges["m"] = range(1, most + 1)
    if any(loop in of for loop in ("repeat: z", "range(z)")):
        ranges["z"] = range(3)
    names = tuple(ranges)
    try:
        file = OpenFile(load(source), source, {})
        opened = file.left_open(0, {name: values[0] for name, values in ranges.items()})
    except InvalidScenario:
        yield "invalid"
        return
    answer = by_counting(opened, judge, 1.0)
    yield _word(answer)
    deciding = counted(opened, judge, Budget(max_seconds=60))
    if isinstance(deciding, Outside) and isinstance(answer, Outside):
        return
    too_large: list[tuple[int, ...]] = []
    for values in product(*ranges.values()):
        if any(all(a >= b for a, b in zip(values, known, strict=True)) for known in too_large):
            continue
        at = dict(zip(names, values, strict=True))
        found = _found(file.instance(0, at))
        if found == "undecided":
            too_large.append(values)
            continue
        match answer:
            case Proved() if found != "holds":
                yield f"{at}: {found}, but proved to hold"
            case Refuted(least) if at == least and found != "fails":
                yield f"{at}: {found}, but said to fail"
            case Refuted(least) if sum(values) < sum(least.values()) and found != "holds":
                yield f"{at}: {found}, but {least} are the least that fail"
            case _:
                pass
        fails = None if isinstance(deciding, Outside) else _fails(deciding, at)
        if fails is not None and fails != (found == "fails"):
            yield f"{at}: {found}, but counting says that {'it fails' if fails else 'it does not'}"


def _word(answer: Proved | Refuted | Outside) -> str:
    return ", ".join(sorted({r.what for r in answer.reasons})) if isinstance(answer, Outside) else type(answer).__name__


def _found(program: Program) -> str:
    exploration = explore(program, ExploreOptions(max_states=STATES, max_seconds=20), judge=judge)
    return exploration_verdict(program, exploration).word


def _fails(deciding: Deciding, at: Mapping[str, int]) -> bool | None:
    """What counting says of these numbers, if anything."""
    try:
        return deciding.fails({"A": at["n"], "C": at.get("m", 1)})
    except (Uncounted, Unexplored):
        return None
