"""Random programs of one thread over all statements, expressions and containers: a seed -> a thread's steps.

Holes stand for what is drawn: `<i>` a number, `<b>` a truth value, `<t>` a text, `<l>` a list, `<d>` a dict, `<s>` a set,
`<u>` a tuple, `<k>` what can be hashed, `<v>` any value, `<n>` a number that no other hole has, for the trace of effects.
One in twelve is filled with another kind than it asks for: exceptions are what is to be compared, too.
"""

from __future__ import annotations

import random
import re
from typing import Any

VARS = {
    "x": 1, "y": 2, "z": None, "xs": [1, 2, 3], "ys": [[1], [2, 3]], "log": [], "ds": {"expr": "{0: 1, 1: 5}"},
    "ss": {"expr": "{3, 11, 'b', 'a'}"},
}  # fmt: skip
LOCALS = {
    "i": "1",
    "j": "2",
    "t": "'ab'",
    "l": "[1, 2]",
    "m": "[[0], 7]",
    "d": "{1: 2, 'k': [3]}",
    "s": "{8, 0, 3}",
    "u": "(1, 2)",
}
EXPRESSIONS = {
    "i": [
        "i", "j", "x", "y", "0", "1", "2", "-1", "len(<l>)", "<i> + <i>", "<i> - <i>", "<i> * 2", "<i> // <i>", "<i> % <i>",
        "<l>[<i>]", "xs[<i>]", "ds[<k>]", "d[<k>]", "sum(<l>)", "max(<l>)", "min(<i>, <i>)", "abs(<i>)", "int(<t>)", "xs[-1]",
        "int('ff', base=16)", "<i> if <b> else <i>", "<b> and <i>", "<i> or <i>", "divmod(<i>, <i>)[0]", "xs.index(<i>)",
        "<l>.count(<i>)", "xs.pop()", "l.pop()", "xs.pop(<i>)", "ds.pop(<k>)", "d.get(<k>, <i>)", "-<i>", "~<i>", "1 << x",
        "2 ** j", "round(<i> / 2)", "tls.v", "(log.append(<n>) or <i>)", "(log.append(<n>) or <i>)", "len(ss)", "len(ds)",
        "ys[<i>][0]", "ys[0].pop()", "sum(v for v in xs)", "sum([v * i for v in <l>])", "sum(<s>)", "len(<t>)", "m[0][0]",
        "sum(1 for v in ss if v != <k>)", "int(<b>)", "<i> & 3", "<i> | 4", "<i> ^ x", "len(<d>)", "index", "round(<i>, ndigits=0)",
        "sum(<l>, start=<i>)", "max(<l>, default=0)", "xs[i:][0]", "(l[0] if l else x)",
    ],
    "b": [
        "True", "False", "x == y", "<i> < <i>", "<i> < <i> <= <i>", "not <b>", "<b> and <b>", "<b> or <b>", "<i> in <l>", "<k> in <s>",
        "<k> in ds", "<k> not in ss", "z is None", "z is not None", "any(v > 1 for v in xs)", "all(v for v in <l>)", "<l> == <l>",
        "<s> <= <s>", "xs == <l>", "<t> < <t>", "bool(<v>)", "<v> == <v>", "<v> != <v>", "(log.append(<n>) or <b>)", "l is m", "m[0] is m[-1]",
        "<t>.startswith('a')", "any(v == w for v in xs for w in l)", "x < y < <i>", "m is l", "ys[<i>] is ys[<i>]", "ys[<i>] == ys[<i>]", "ys[<i>] in ys", "ys == ys", "l in ys", "<f> == <f>", "<f> in [<f>]",
    ],
    "f": ["0.5", "float('nan')", "float('inf')", "-0.0", "x / 2", "<i> / <i>", "1e3", "float(<t>)", "float(<i>)"],
    "t": [
        "t", "'a'", "'12'", "''", "str(<v>)", "<t> + <t>", "<t> * 2", "<t>[<i>]", "<t>[<i>:]", "name", "<t>.upper()", "type_name(<v>)",
        "','.join(<l>)", "','.join([str(v) for v in <s>])", "<t>.replace('a', <t>)", "<t>.strip()", "str(ss)", "str(<s>)", "<t>.center(5)",
        "<t>.zfill(4)", "str(ds)", "str(ys)", "str(<f>)",
    ],
    "l": [
        "l", "m", "[]", "[<i>, <i>]", "[<v>]", "list(xs)", "xs[:]", "l[:]", "list(<l>)", "sorted(<l>)", "reversed(<l>)", "list(<s>)", "list(ss)",
        "<l> + <l>", "<l> * 2", "[v for v in <l>]", "[v + 1 for v in xs]", "[v for v in xs if v > x]", "[(v, w) for v in <l> for w in xs]",
        "[*<l>, <i>]", "[*xs, x, *<s>]", "[*l, (log.append(<n>) or x)]", "list(<d>)", "list(ds)", "list(ds.items())", "list(d.values())",
        "zip(<l>, xs)", "enumerate(<l>)", "<t>.split('b')", "list(range(<i>))", "sorted(ss)", "[i for i in range(3)]", "list(ys[0])",
        "[[v] for v in l]", "[l, l]", "l.copy()", "sorted(<l>, reverse=<b>)", "[v for v in ss]", "[v for v in ds]", "[k for k, v in ds.items()]",
        "[[v, w] for v in xs if v in <l> for w in ss]", "[x for v in xs]", "[xs.pop() for v in xs]", "enumerate(xs, start=<i>)", "xs[::-1]",
        "[len(v) for v in ys]", "[v[0] for v in ys]", "[*<u>]", "[a for a, *b in <l>]", "[[*b, a] for a, *b in [[1, 2, 3], <u>]]",
    ],
    "d": [
        "d", "{}", "{<k>: <v>}", "{<k>: <i>, <k>: <v>}", "{**<d>, <k>: <i>}", "dict(ds)", "{v: i for v in <l>}", "{v: x for v in xs}",
        "{k: v + y for k, v in ds.items()}", "d.copy()", "dict(<d>)", "{**ds, x: y}", "dict(a=<i>)", "<d> | <d>", "dict(zip(<l>, <l>))",
        "{k: (log.append(<n>) or v) for k, v in d.items()}",
    ],
    "s": [
        "s", "set()", "{<k>, <k>}", "{<i>, 'b', <k>}", "set(<l>)", "set(xs)", "set(ss)", "<s> | <s>", "<s> & ss", "<s> - <s>", "<s> ^ <s>",
        "{v for v in <l>}", "{v % 8 for v in xs}", "s.copy()", "s.union(<l>)", "{*<s>, <k>}", "{x, *xs, (log.append(<n>) or y)}", "ss | <s>",
        "set(<t>)", "set(ds)", "ds.keys() | <s>", "d.keys() - <s>", "s.intersection(<s>)", "ss.difference(<s>)",
    ],
    "u": ["u", "()", "(<i>, <v>)", "(<v>,)", "tuple(<l>)", "tuple(ss)", "(<i>, *<l>)", "u + <u>", "(x, y)", "(l, m)", "divmod(<i>, <i>)", "u[1:]", "u * 2"],
    "k": ["<i>", "<t>", "<u>", "None", "<b>", "<f>"],
    "v": ["<i>", "<i>", "<t>", "<l>", "<d>", "<s>", "<u>", "<b>", "None", "<f>", "tls.w", "z is None", "late", "range(<i>)", "d.get(<k>)", "[*ss]"],
}  # fmt: skip
STATEMENTS = [
    "x.append(<i>)", "x.append(l.pop())", "ys[<i>][l.pop()] = <i>", "ys[<i>][<i>] = l.pop()", "xs.insert(<i>, x)", "x.sort(reverse=<b>)", "l.sort(reverse=x)", "y.pop(<i>)", "z.append(<i>)", "ys[x].append(<i>)", "ys[i].insert(<i>, <v>)", "ys[<i>][<i>] += <i>", "ys[<i>].extend(<l>)", "z = ys[<i>][<i>]", "z = ys[<i>][l.pop()]", "z[<i>][<i>] = x", "z.add(<i>)", "t = t.replace(<t>, x)", "i.append(<i>)", "i.add(xs[<i>], x=y)", "l = [xs.pop(i) for i in <l>]", "l = [late for v in xs]", "l = [v for v in xs if late]", "l = [v for v in late]", "i = sum(late for v in l)", "l = [[late for v in l] for w in xs]", "l = [w for v in l for w in late]", "ds[<k>][<i>] = <i>", "z = ds.get(<k>, <i>)", "z = ds.get(1 // <i>, xs.pop())", "x = z[<i>]", "z = xs[<i>] if xs[<i>] else ys[<i>]", "x.append(xs[<i>] if <b> else ys[<i>])", "y.append(xs[<i>] if <b> else l.pop())", "y.append(x and l.pop())", "y.append([v for v in xs][<i>])",
    "i = <i>", "j = <i>", "x = <i>", "y = <i>", "t = <t>", "l = <l>", "m = <l>", "d = <d>", "s = <s>", "u = <u>", "z = <v>", "xs = <l>", "ss = <s>", "ds = <d>",
    "x += <i>", "y -= <i>", "x *= 2", "x //= <i>", "x %= <i>", "x <<= 1", "i += <i>", "i -= x", "t += <t>", "u += <u>", "x /= 2", "x **= 2",
    "xs[<i>] = <i>", "xs[<i>] += <i>", "xs[<i>] -= xs[<i>]", "xs += <l>", "xs += [x]", "xs += [xs[<i>]]", "xs *= 2", "xs.append(<i>)", "xs.append(<v>)",
    "xs.extend(<l>)", "xs.insert(<i>, <i>)", "xs.remove(<i>)", "xs.sort()", "xs.sort(reverse=<b>)", "xs.reverse()", "xs.clear()", "xs.pop()",
    "xs[<i>:<i>] = <l>", "xs[:] = <l>", "xs[::2] = <l>", "xs[<i>:] += <l>", "del xs[<i>]", "del xs[<i>:]", "ys[<i>].append(j)", "ys[<i>].append(x)", "ys[<i>][j] = <i>", "ys[<i>][x] += <i>", "ys[j][x] = <i>",
    "ys[<i>] += <l>", "ys[<i>] = <l>", "ys.append(<l>)", "ys[0] = [x]", "ys = [l, l]", "ys = [l] * 2", "ys += [l, m]", "ys[<i>].sort()",
    "l[<i>] = <v>", "l[<i>] += <i>", "l += <l>", "l *= 2", "l[<i>:<i>] = <l>", "l[<i>:] *= 2", "del l[<i>]", "del l[<i>], l[0]", "l.append(<v>)", "l.append(l)", "l.append(m)", "l.extend(<s>)",
    "l.sort()", "l.reverse()", "l.insert(0, <v>)", "m = l", "l = m", "l, m = m, l", "m.append(l)", "m[0] = l", "m[0] += [<i>]", "m[0].append(<i>)", "l.remove(<v>)",
    "d[<k>] = <v>", "d[<k>] += <i>", "ds[<k>] = <i>", "ds[<k>] += <i>", "del d[<k>]", "del ds[<k>]", "d.update(<d>)", "ds.update(<d>)", "ds |= <d>", "d |= <d>",
    "ds.setdefault(<k>, <v>)", "ds.popitem()", "ds.clear()", "d.pop(<k>)", "ds[x] = xs[<i>]", "ds[ds[<k>]] = <i>", "d = {**d, 'z': xs[<i>]}", "d['k'] += [x]", "d['k'].append(<v>)",
    "s.add(<k>)", "ss.add(<k>)", "ss.discard(<k>)", "ss.remove(<k>)", "s |= <s>", "ss |= <s>", "ss -= <s>", "ss &= <s>", "s ^= <s>", "ss.update(<l>)", "i = s.pop()", "z = ss.pop()", "s.update(<l>, <s>)",
    "i, j = <u>", "x, y = y, x", "x, y = <u>", "x, y = ()", "i, *l = <l>", "*l, i = <l>", "x, xs[<i>] = <u>", "(i, j), x = <v>", "[i, j] = <l>", "i, x = x, i", "i, *l, j = xs[:]",
    "i = x = <i>", "x = y = <v>", "xs[x] = x = <i>", "x, xs[x] = <u>", "xs[0], xs[1] = xs[1], xs[0]", "l[0], l[1] = l[1], l[0]", "l = xs = <l>", "i = l[i] = <i>", "x, *xs = <l>",
    "b[<i>] += xs[<i>]", "i[<i>] = (log.append(<n>) or 1)", "i[(log.append(<n>) or 0)] += (log.append(<n>) or 1)", "l[(log.append(<n>) or 0)] = (log.append(<n>) or 1)",
    "xs[(log.append(<n>) or 0)] += (log.append(<n>) or 1)", "xs[xs[<i>]] = <i>", "xs[xs[0]] += xs[1]", "l[xs[<i>]] += x", "i.add(xs[<i>])", "l.append(xs[<i>])", "t.add(<i>)", "x.append(xs[<i>])", "s.append(xs[<i>])",
    "tls.v = <v>", "tls.v += <i>", "tls.w = l", "tls.w = <v>", "tls.w.append(<i>)", "tls.w[0] = <v>", "l = tls.w", "tls.w += [x]", "log.append(str(l))", "log.append(str(s))", "log.append(list(xs))",
    "log.append([<v>, <v>])", "z = [l, l]", "z = {<k>: l, 1: l}", "z[0].append(i)", "z[0] = <v>", "z[0][0] = <i>", "z[1] += [<i>]", "z.append(l)", "ys[0], ys[1] = <v>, <v>", "l[:] = <v>", "pass",
    "late = <v>", "xs.insert(len(<l>), l.pop())", "s.update(<l>, <v>)", "ss.update(<s>, <v>)", "ys.append(l)", "x.append(<i> if <b> else d[<k>])", "ys[<i>].append(<b> and d[<k>])", "ys[<i>][<i> if <b> else xs[<i>]] = <i>", "x.append(ys[<i>][<i>] or xs[<i>])", "i = ys.index(ys[<i>])", "ys.remove(ys[<i>])", "t = <v> % <v>",
    "u = (l, l)", "u[0].append(<i>)", "u[0] += [<i>]", "x = xs.pop() + xs.pop()", "xs.append(len(xs))", "xs[len(xs) - 1] = xs[0]", "x = x if x else y", "i = {} is {}", "i = index", "t = name",
    "x = [v for v in xs if v > 1][<i>]", "i = [i for i in xs][0]", "z = {str(v): [v] for v in ss}", "d = {k: l for k in range(2)}", "z = [[0]] * 2", "z[0] += [1]", "log.append(list(ss))", "xs[<i>] = xs[<i>] = x",
]  # fmt: skip
STEPS = [
    {"call": "f", "args": ["<l>", "l.pop()"], "into": "z"}, {"call": "f", "args": ["[l, l]", "(l.append(x) or 0)"], "into": "l"}, {"call": "f", "args": ["<v>", "xs.pop()"], "into": "ys[<i>]"},
    {"if": "<b>", "then": "<B>"}, {"if": "<b>", "then": "<B>", "else": "<B>"}, {"if": "<b>", "then": "<B>", "elif": [{"if": "<b>", "then": "<B>"}], "else": "<B>"},
    {"repeat": "2", "do": "<L>"}, {"repeat": "<i>", "as": "i", "do": "<L>"}, {"repeat": "<i>", "as": "x", "do": "<L>"}, {"repeat": "<v>", "do": "<B>"},
    {"for": "v", "in": "xs", "do": "<L>"}, {"for": "v", "in": "<l>", "do": "<L>"}, {"for": "v", "in": "<s>", "do": "<L>"}, {"for": "v", "in": "ss", "do": "<L>"}, {"for": "v", "in": "ds", "do": "<L>"},
    {"for": "x", "in": "<l>", "do": "<L>"}, {"for": "i, j", "in": "<v>", "do": "<L>"}, {"for": "k, v", "in": "ds.items()", "do": "<L>"}, {"for": "v", "in": "xs[:]", "do": "<L>"},
    {"for": "v", "in": "d", "do": ["d[<k>] = xs[<i>]", "<S>"]}, {"for": "v", "in": "d.values()", "do": ["d.pop(<k>)", "<S>"]}, {"for": "k, v", "in": "d.items()", "do": ["d[<k>] = d.pop(<k>, x)"]}, {"for": "v", "in": "s", "do": ["s.add(xs[<i>])", "s.discard(<k>)"]},
    {"for": "v", "in": "<d>.values()", "do": "<L>"}, {"for": "v", "in": "<v>.keys()", "do": "<L>"}, {"for": "v", "in": "(d if <b> else ds)", "do": "<L>"}, {"for": "v", "in": "l or xs", "do": "<L>"}, {"for": "v", "in": "list(xs)", "do": "<L>"}, {"for": "v", "in": "ys[0]", "do": "<L>"}, {"for": "xs[0]", "in": "<l>", "do": "<L>"}, {"for": "v", "in": "d", "do": "<L>"},
    {"for": "v", "in": "<t>", "do": "<L>"}, {"for": "v", "in": "zip(xs, l)", "do": "<L>"}, {"for": "i, *l", "in": "[<l>, <u>]", "do": "<L>"}, {"for": "v", "in": "<i>", "do": "<L>"},
    {"while": "w < 2 and <b>", "do": "<W>"},
    {"try": "<B>", "except": {"<X>": "<B>"}}, {"try": "<B>", "except": {"Exception": "<H>"}}, {"try": "<B>", "except": {"<X>": "<H>", "<Y>": "<B>"}, "else": "<B>", "finally": "<B>"},
    {"try": "<B>", "finally": "<B>"}, {"try": "<B>", "except": {"LookupError": "<H>"}, "else": "<B>"}, {"try": "<B>", "except": {"Exception": "<B>"}, "finally": "<B>"},
    {"try": ["<S>"], "raises": "<X>"}, {"try": "<B>", "raises": "Exception"}, {"raise": "<X>"}, {"raise": "<X>", "message": "m {<v>}"}, {"raise": "ValueError", "raises": "<X>"},
    {"assert": "<b>"}, {"assert": "<b>", "message": "{<v>} {x}"}, {"assert": "<b>", "raises": "<X>"},
    {"print": "p {<v>} {<i>!r}"}, {"print": "{<v>!r} {xs}"}, {"print": "{<i>:>4}|{x}"}, {"print": "{<t>:<5}{ss}"}, {"print": "{l} {d} {s} {z}"}, {"mark": "{<i>}"}, {"print": "{1 // x}"},
    {"call": "f", "args": ["<v>", "<v>"], "into": "i"}, {"call": "f", "args": ["l", "<v>"], "into": "z"}, {"call": "g", "args": ["<l>"], "into": "l"}, {"call": "g", "args": ["xs[:]"], "into": "xs[<i>]"}, {"call": "g", "args": ["<v>"], "into": "x, y"},
    {"return": "<v>"}, {"choose": "i", "from": "[<i>]"}, {"choose": "x", "from": "<l>[:1]"}, {"atomic": ["<S>", "<S>"]}, {"atomic": "<S>"},
]  # fmt: skip
ROUTINES = {
    "f": {"params": ["p", "q"], "steps": ["r = p", "x += 1", {"if": "q", "then": [{"return": "[r, q]"}]}, "r += 1", {"return": "r"}]},
    "g": {"params": ["p"], "steps": [{"try": ["p.append(x)"], "finally": ["log.append(0)"]}, {"for": "v", "in": "p", "do": [{"if": "v", "then": [{"return": "p"}]}]}]},
}  # fmt: skip
EXCEPTIONS = [
    "IndexError",
    "TypeError",
    "ValueError",
    "KeyError",
    "ZeroDivisionError",
    "AttributeError",
    "UnboundLocalError",
    "RuntimeError",
    "LookupError",
]
HOLE = re.compile(r"<([ibftlduskvn])>")


class Writer:
    """One program in the making."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self.number = 100

    def one(self, options: list[Any]) -> Any:
        return self.chance.choice(options)

    def filled(self, text: str, depth: int) -> str:
        return HOLE.sub(lambda hole: self.hole(hole[1], depth), text)

    def hole(self, kind: str, depth: int) -> str:
        if kind == "n":
            self.number += 1
            return str(self.number)
        if self.chance.random() < 1 / 12:
            kind = self.one(sorted(EXPRESSIONS))
        options = EXPRESSIONS[kind]
        if depth <= 0:
            options = [text for text in options if "<" not in text] or ["None"]
        text = self.filled(self.one(options), depth - 1)
        return text if re.fullmatch(r"[\w.]+", text) else f"({text})"

    def statement(self) -> str:
        return self.filled(self.one(STATEMENTS), 2)

    def block(self, depth: int, extra: list[str] = ()) -> list[Any]:
        steps = [self.step(depth) for _ in range(self.chance.randint(1, 2))]
        if extra and self.chance.random() < 0.3:
            steps.append(self.one(extra))
        return steps

    def step(self, depth: int) -> Any:
        if depth <= 0 or self.chance.random() < 0.6:
            return self.statement()
        return self.shape(self.one(STEPS), depth)

    def shape(self, node: Any, depth: int) -> Any:
        match node:
            case "<B>":
                return self.block(depth - 1, ["return"] if self.chance.random() < 0.1 else [])
            case "<L>":
                return self.block(depth - 1, ["break", "continue", "return"])
            case "<H>":
                return self.block(depth - 1, ["raise"])
            case "<W>":
                return ["w += 1", *self.block(depth - 1, ["break", "continue"])]
            case "<S>":
                return self.statement()
            case str():
                return self.filled(node.replace("<X>", self.one(EXCEPTIONS)), 2)
            case list():
                return [self.shape(item, depth) for item in node]
            case _:
                return {self.name(key): self.shape(value, depth) for key, value in node.items()}

    def name(self, key: str) -> str:
        return self.one(EXCEPTIONS) if key in ("<X>", "<Y>") else key

    def scenario(self) -> dict[str, Any]:
        start = [f"{name} = {value}" for name, value in LOCALS.items()] + [
            "w = 0",
            "b = 1",
            {"if": "y == 0", "then": ["late = 1"]},
        ]
        if self.chance.random() < 0.7:
            start += ["tls.v = 1", "tls.w = l"]
        steps = start + [self.step(3) for _ in range(self.chance.randint(2, 7))]
        expect: dict[str, Any] = {"observe": [f"A.{name}" for name in LOCALS]}
        if self.chance.random() < 0.5:
            expect["output"] = {"contains": []}
        return {
            "scenario": "single", "vars": VARS, "primitives": {"tls": "local"}, "routines": ROUTINES,
            "threads": {"A": {"steps": steps}}, "expect": expect,
        }  # fmt: skip


def generated(seed: int) -> dict[str, Any]:
    """The scenario of that seed, as its file would be read."""
    return Writer(seed).scenario()
