"""Random programs in which some threads give what others take, in numbers that mostly fit."""

from __future__ import annotations

from random import Random

NOTES = ("{notify_all: c}", "{notify_all: c}", "{notify: c}")
PAIRS = (
    ("{acquire: e}, {with: l, do: ['n += 1']}, {release: f}", "{acquire: f}, {with: l, do: ['n -= 1']}, {release: e}"),
    (
        "{with: c, do: [{while: 'len(b) >= 2', do: [{wait: c}]}, b.append(1), 'm += 1', NOTE]}",
        "{with: c, do: [{while: 'not b', do: [{wait: c}]}, b.pop(), 'm += 1', NOTE]}",
    ),
    (
        "{with: c, do: [{wait_for: c, until: 'len(b) < 2'}, b.append(0), NOTE]}",
        "{with: c, do: [{wait_for: c, until: 'len(b) > 0'}, 'got = b.pop()', NOTE]}",
    ),
    ("{put: q, item: 1}", "{get: q, into: x}"),
    (
        "{with: c, do: [{while: 'n >= 2', do: [{wait: c}]}, 'n += 1', NOTE]}",
        "{with: c, do: [{while: 'n <= 0', do: [{wait: c}]}, 'n -= 1', NOTE]}",
    ),
    ("{acquire: e}, {put: p, item: 0}", "{get: p}, {release: e}"),
    ("{with: e, do: [{put: q, item: 1}]}", "{with: f, do: [{get: q}]}"),
    ("{release: f}", "{acquire: f}, b.pop(), {release: e}"),
    ("{acquire: e}, b.append(3), {release: f}", "{get: q}, {task_done: q}"),
)
MORE = (
    "{wait: r}", "{wait: r}", "{with: l, do: ['m += 1']}", "m += 1", "{with: c, do: ['m += 2']}", "{if: 'm > 1', then: [{release: e}]}",
    "{with: c, do: [{if: 'n > 0', then: ['n -= 1']}, NOTE]}", "{assert: 'n <= 2'}", "{acquire: f}", "{release: f}", "pass",
    "{join: q}", "{with: l, do: [{wait: r}]}", "{with: [l, e], do: ['m += 1']}", "{call: one}", "{atomic: ['m += 1']}",
    "{await: 'n < 2'}", "{release: e, n: 2}", "{choose: z, from: [0, 1]}, {if: z, then: [{put: q, item: 2}]}",
)  # fmt: skip
CLAIMS = (
    "", "", "", "final: [n == 0]", "final: [m == 4]", "always: [n <= 2]", "final: [len(b) == 0]", "final: [m == 8, n == 0]",
    "final: [m == 2, not b]", "always: [len(b) <= 2]", "final: [m > 2]", "final: [m == 6]", "final: [q.qsize() == 0]", "final: [e.value == 2]",
)  # fmt: skip


def text(chance: Random) -> str:
    """A file without its first line."""
    pick = chance.choice
    usual = pick(PAIRS)

    def steps(side: int, depth: int = 0) -> str:
        found = []
        for _ in range(pick((1, 1, 1, 2))):
            kind = chance.random()
            if kind < 0.75:
                found.append((usual if chance.random() < 0.85 else pick(PAIRS))[side])
            elif kind < 0.8 and not depth:
                found.append(f"{{repeat: {pick((1, 2, 2))}, do: [{steps(side, 1)}]}}")
            else:
                found.append(pick(MORE))
        return ", ".join(found)

    def maybe(probability: float, step: str) -> list[str]:
        return [step] if chance.random() < probability else []

    def body(side: int, rounds: int) -> str:
        loop = f"{{repeat: {rounds}, do: [{steps(side)}]}}"
        return ", ".join((*maybe(0.1, pick(MORE)), loop, *maybe(0.15, pick(MORE))))

    givers, takers, rounds = pick((1, 1, 2)), pick((1, 1, 2)), pick((1, 2, 2, 3))
    others = rounds if chance.random() < 0.8 else pick((1, 2, 3))
    if givers != takers and chance.random() < 0.7:
        rounds, others = rounds * takers, rounds * givers
    objects = ", ".join((
        f"e: {{{pick(('Semaphore', 'BoundedSemaphore'))}: {pick((1, 2, 2))}}}", f"f: {{Semaphore: {pick((0, 0, 0, 1))}}}",
        f"q: {{{pick(('Queue', 'LifoQueue'))}: {pick((0, 1, 2))}}}", f"r: {{Barrier: {pick((2, 2, givers + takers))}}}",
    ))  # fmt: skip
    lines = (
        "",
        "vars: {n: 0, m: 0, b: []}",
        f"primitives: {{l: Lock, c: Condition, p: {{Queue: 2}}, {objects}}}",
        f"routines: {{one: {{steps: [{steps(0)}]}}}}",
        f"threads: {{A: {{count: {givers}, steps: [{body(0, rounds)}]}}, B: {{count: {takers}, steps: [{body(1, others)}]}}}}",
        *maybe(0.15, "main: [{start: A}, {start: B}, {join: all}, m += 1]"),
        *maybe(0.2, f"explore: {{{pick(('spurious: true', 'wake: any'))}}}"),
        f"expect: {{{pick(CLAIMS)}}}",
    )
    return "\n".join(lines).replace("NOTE", pick(NOTES))
