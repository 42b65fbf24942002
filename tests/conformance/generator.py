"""Random small programs over everything that is explored: a seed -> the text of a scenario.

Each feature gives steps, expressions and the primitives they need. In them `<e>` stands for an expression, `<s>` for a
statement, `<b>` for a body, `<i>` for where a value goes, `<t>` for a timeout or none, `<w>` for a timeout, not
blocking, or neither.
"""

from __future__ import annotations

import random
import re

STATEMENTS = [
    "x = <e>", "y = <e>", "x += 1", "y += 1", "x += <e>", "a = <e>", "x, y = y, x", "x, a = a, <e>", "x -= 1", "a += x",
    "x = y = x + 1",
]  # fmt: skip
EXPRESSIONS = [
    "x", "y", "x + y", "x + 1", "a", "a + x", "0", "1", "x if y else a", "x and y", "x or y", "not x", "0 < x < 2",
    "x < y < 2", "max(x, y)", "x == y", "[x, y][a % 2]", "(x + a) * y",
]  # fmt: skip
MORE_STATEMENTS = {
    "list": [
        "xs.append(<e>)", "xs.pop()", "xs[0] = <e>", "xs[0] += 1", "xs += [x]", "xs.insert(0, <e>)", "del xs[0]",
        "xs[x] = y", "xs = [x]", "a = xs.pop()", "xs[a] += x", "y = xs.pop(0) + x", "xs[1:] = [x]",
    ],
    "dict": ["d[x] = y", "d[1] += 1", "del d[0]", "d[y] = <e>", "a = d.setdefault(x, y)", "d.update({x: 1})", "d.clear()"],
    "local": ["tls.v = <e>", "tls.v += 1", "x = tls.v"],
    "set": ["ss.add(<e>)", "ss.discard(x)", "ss.remove(1)", "a = ss.pop()", "ss |= {x}", "ss.clear()", "ss = {x, 5}"],
}  # fmt: skip
MORE_EXPRESSIONS = {
    "list": [
        "len(xs)", "sum(xs)", "xs[0]", "xs[-1] + x", "sum(v + x for v in xs)", "any(v > y for v in xs)", "xs[x]",
        "[v for v in xs if v > x][0]", "x in xs", "sum(xs[a:])", "len([1 for v in xs for w in xs if v < w])",
        "sum(i + v for i, v in enumerate(list(xs)))",
    ],
    "dict": [
        "d.get(x, 0)", "len(d)", "d[1]", "sum(d.values())", "x in d", "sum(k + v for k, v in d.items())", "max([k for k in d])",
        "sum(v for v in d.values() if v > x)", "len({k: d[k] for k in d})", "len(sorted(d))",
    ],
    "set": ["len(ss)", "x in ss", "sum(v for v in ss)", "sum(ss)", "len([v for v in ss for w in ss])", "any(v > x for v in ss)", "max(list(ss))"],
    "local": ["tls.v"],
    "lock": ["int(l.locked())"],
    "event": ["int(e.is_set())"],
    "queue": ["q.qsize()", "int(q.empty())", "int(q.full())", "q.unfinished_tasks"],
    "future": ["int(fo.done())", "int(fo.cancelled() or fa[1].running())", "len([o for o in fa if o.done()])"],
    "barrier": ["g.n_waiting", "int(g.broken)"],
}  # fmt: skip
STEPS = {
    "lock": ["{acquire: l}", "{release: l}", "{with: l, do: [<b>]}", "{acquire: l, into: <i><w>}"],
    # a thread that ends with an RLock leaves it to whoever gets its ident from the system: none does here
    "rlock": [
        "{release: r}", "{with: r, do: [{with: r, do: [<b>]}]}",
        "{acquire: r, into: ok<w>}, {if: ok, then: [{try: [<b>], finally: [{release: r}]}]}",
    ],
    "semaphore": ["{acquire: s}", "{release: s, n: 2}", "{with: s, do: [<b>]}", "{acquire: s, into: <i><w>}"],
    "bounded": ["{acquire: b}", "{release: b}", "{with: b, do: [<b>]}"],
    "event": ["{wait: e, into: <i><t>}", "{set: e}", "{clear: e}"],
    "condition": [
        "{with: c, do: [{wait: c, into: <i><t>}]}", "{with: c, do: [{notify: c}]}", "{with: c, do: [{notify_all: c}]}",
        "{with: c, do: [<s>, {notify: c, n: 2}]}", '{with: c, do: [{wait_for: c, until: "y > x", into: <i><t>}]}',
        "{notify: c}", "{wait: c}", "{release: c}",
    ],
    "barrier": ["{wait: g, into: <i><t>}", "{wait: g}", "{abort: g}", "{reset: g}"],
    "queue": ['{put: q, item: "<e>"<p>}', "{get: q, into: <i><p>}", "{task_done: q}", "{join: q}"],
    "simple": ['{put: sq, item: "<e>"}', "{get: sq, into: <i><p>}"],
    "array": ['{with: "fk[x % 2]", do: [<b>]}', '{with: ["fk[0]", "fk[1]"], do: [<s>]}'],
    "choose": ['{choose: <i>, from: "[0, 1]"}', '{choose: <i>, from: "[x, y]"}'],
    "await": ['{await: "x > 0"<t>}', '{await: "x >= y"}'],
    "atomic": ["{atomic: [<s>, <s>]}", '{atomic: [{if: "<e>", then: [<s>]}]}', "{atomic: [{repeat: 2, do: [<s>]}]}"],
    "routine": ['{call: f, args: ["<e>"], into: <i>}'],
    "pool": [
        "{add_done_callback: fu, run: act}", '{submit: f, to: pool, args: ["<e>"], into: fu}', "{result: fu, into: <i><t>}", "{cancel: fu, into: <i>}",
        '{map: f, to: pool, over: "[x, 1]", into: m}', '{map: f, to: pool, over: [1, 2], as: v, do: ["x += v"]}',
        '{wait_futures: "[fu]"<t>, into: [dn, pd]}', "{shutdown: pool, wait: false, cancel_futures: true}",
        '{as_completed: z, in: "[fu]", do: [{result: z, into: x}]}', "{shutdown: pool}", '"a = int(fu.done())"',
    ],
    "future": [
        '{set_result: fo, value: "<e>"}', '{set_exception: "fa[x % 2]", error: ValueError, message: "v {x}"}',
        "{result: fo, into: <i><t>}", '{cancel: "fa[a % 2]", into: <i>}', "{set_running_or_notify_cancel: fo, into: <i>}",
        '{add_done_callback: fo, run: f, args: ["<e>"]}', "{add_done_callback: fo, run: act}",
        '{try: [{result: "fa[0]", into: <i>}], except: {Exception: [<s>]}}', '{set_running_or_notify_cancel: "fa[0]"}',
        "{wait_futures: fa<t>, into: [dn, pd]}", '{wait_futures: "[fo, fa[0]]", return_when: FIRST_COMPLETED<t>}',
        '{as_completed: z, in: "[fo, fa[0]]", do: [{result: z, into: x}]}', "{for: z, in: fa, do: [{cancel: z}]}",
        "{set_result: fo, value: 2, raises: InvalidStateError}", '{await: "fo.done()"<t>}',
    ],
    "exceptions": [
        '{raise: ValueError, message: "m {x}"}', "{try: [<b>], except: {RuntimeError: [<b>]}, finally: [<s>]}",
        "{try: [<b>], finally: [<b>]}", "{try: [<b>], except: {Exception: [<s>]}, else: [<s>]}",
        "{try: [<s>, {raise: ValueError}], except: {ValueError: [<s>, raise]}}",
    ],
    "control": [
        '{if: "<e>", then: [<b>], else: [<b>]}', "{repeat: 2, do: [<l>]}", "{repeat: 2, as: y, do: [<l>]}",
        '{for: v, in: "[x, y]", do: [<l>]}', "{for: y, in: [1, 2], do: [<l>]}", '{while: "x < 2", do: [<l>]}',
    ],
    "observed": ['{print: "p {x} {y + a}"}'],
    "list": ["{for: v, in: xs, do: [<l>]}"],
    "dict": [
        "{for: v, in: d, do: [<l>]}", '{for: [k, v], in: "d.items()", do: [<l>]}', '{for: x, in: "d.values()", do: [<l>]}',
        "{try: [{for: v, in: d, do: [<b>]}], except: {RuntimeError: [<s>]}}",
    ],
    "set": ["{for: v, in: ss, do: [<l>]}", "{for: x, in: ss, do: [<l>]}", "{try: [{for: v, in: ss, do: [<b>]}], except: {RuntimeError: [<s>]}}"],
    "compute": ["{compute: 0.0001}", '{compute: "x / 10000"}', "{repeat: 2, do: [{compute: 0}, <l>]}"],
    "local": [], "daemon": [], "timer": [], "main": [], "interrupts": [],
}  # fmt: skip
PRIMITIVES = {
    "lock": ["l: Lock"], "rlock": ["r: RLock"], "semaphore": ["s: Semaphore", "s: {Semaphore: 0}"], "event": ["e: Event"],
    "bounded": ["b: {BoundedSemaphore: 1}"], "condition": ["c: Condition", "own: Lock, c: {Condition: own}"],
    "barrier": ["g: {Barrier: 2}", "g: {Barrier: {parties: 2, action: act}}", "g: {Barrier: {parties: 1, timeout: 0.01}}"],
    "queue": ["q: {Queue: 1}", "q: Queue", "q: {LifoQueue: 1}", "q: {PriorityQueue: 2}"], "simple": ["sq: SimpleQueue"],
    "local": ["tls: local"], "future": ["fo: Future, fa: {array: 2, of: Future}"], "array": ["fk: {array: 2, of: Lock}", "fk: {array: 2, of: RLock}"],
    "pool": ["pool: {ThreadPoolExecutor: 1}", "pool: {ThreadPoolExecutor: {max_workers: 2, initializer: act}}"],
}  # fmt: skip
CHOICES = {
    "i": ["a", "a", "x", "y"],
    "t": ["", ", timeout: 0.01", ", timeout: 0"],
    "w": [", blocking: false", ", timeout: 0.01"],
    "p": ["", ", timeout: 0.01", ", block: false"],
}
HOLE = re.compile(r"<([estwiplb])>")
QUIET = ("pool", "future", "barrier", "condition", "await", "routine", "local", "observed")
"""What routines leave out, as they also run in workers and as a barrier's action."""


class Writer:
    """One program in the making."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self.features = sorted(self.chance.sample(sorted(STEPS), self.chance.randint(1, 5)))

    def one(self, options: list[str]) -> str:
        return self.chance.choice(options)

    def filled(self, text: str, depth: int) -> str:
        return HOLE.sub(lambda hole: self.hole(hole[1], depth), text)

    def hole(self, kind: str, depth: int) -> str:
        match kind:
            case "e":
                return self.one(EXPRESSIONS + self.more(MORE_EXPRESSIONS))
            case "s":
                return f'"{self.filled(self.one(STATEMENTS + self.more(MORE_STATEMENTS)), depth)}"'
            case "b" | "l":
                jump = ", " + self.one(["break", "continue"]) if kind == "l" and self.chance.random() < 0.2 else ""
                return self.steps(self.chance.randint(1, 2), depth - 1) + jump
            case _:
                return self.one(CHOICES[kind])

    def more(self, table: dict[str, list[str]]) -> list[str]:
        return [text for feature in self.features for text in table.get(feature, [])]

    def steps(self, count: int, depth: int) -> str:
        options = ["<s>"] * 3 + ['{assert: "<e>"}'] + (self.more(STEPS) * 2 if depth > 0 else [])
        return ", ".join(self.filled(self.one(options), depth) for _ in range(count))

    def thread(self, number: int, last: bool) -> str:
        start = ["a = 0"] + ["tls.v = 0"] * ("local" in self.features)
        start += ["{submit: f, to: pool, args: [0], into: fu}"] * ("pool" in self.features)
        kind = ""
        if last and "daemon" in self.features:
            kind = "daemon: true, "
        elif last and "timer" in self.features:
            kind = "timer: 0.01, "
        elif self.chance.random() < 0.2:
            kind = self.one(["count: 2, ", "class: Own, "])
        body = ", ".join([*start, self.steps(self.chance.randint(1, 3), 2)])
        return f"  T{number}: {{{kind}steps: [{body}]}}"

    def routines(self) -> list[str]:
        features, self.features = self.features, [f for f in self.features if f not in QUIET]
        inner = [self.steps(1, 1)] * self.chance.randint(0, 1)
        lines = [f"  f: {{params: [n], steps: [{', '.join(['a = n', *inner, '{return: a + 1}'])}]}}"]
        lines.append(f"  act: {{steps: [{self.one(['x += 1', 'x += 1, y = x', '{raise: ValueError}'])}]}}")
        self.features = features
        return lines

    def interrupt(self, count: int) -> str:
        """What comes in the middle of one of the threads."""
        target = self.one(["main"] * ("main" in self.features) + [f"T{i}" for i in range(count)])
        return f"  h: {{interrupts: {target}, times: {self.one(['1', '2'])}, steps: [a = 0, {self.steps(1, 1)}]}}"

    def text(self) -> str:
        count = self.chance.randint(2, 3)
        threads = [self.thread(i, i == count - 1) for i in range(count)]
        claims = ["observe: [x, y, list(xs), dict(d), set(ss)]"]
        claims += ['output: {contains: ["p"]}'] * ("observed" in self.features)
        claims += ['always: ["x < 2"]'] * (self.chance.random() < 0.3)
        lines = ["scenario: generated", 'vars: {x: 0, y: 1, xs: [1, 2], d: {expr: "{0: 1}"}, ss: {expr: "{1, 2}"}}']
        lines.append(f"primitives: {{{', '.join(self.one(PRIMITIVES[f]) for f in self.features if f in PRIMITIVES)}}}")
        lines += ["routines:", *self.routines(), "threads:", *threads]
        if "interrupts" in self.features:
            lines.append(self.interrupt(count))
        if "main" in self.features:
            lines.append("main: [{start: all}, x += 1, {join: all}]")
        lines.append(f"expect: {{{', '.join(claims)}}}")
        if self.chance.random() < 0.15:
            how = self.one(["wake: fifo", "spurious: true", "clock: virtual", "fairness: weak"])
            lines.append(f"explore: {{{how}}}")
        return "\n".join(lines) + "\n"


def generated(seed: int) -> str:
    """The scenario of that seed."""
    return Writer(seed).text()
