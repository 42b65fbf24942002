"""What programs are drawn from: kinds of shared things, each with expressions that read it and statements that change it.

`it` is the state of an execution, `{t}` the number of the thread. What an expression gives is kept and observed.
"""

from dataclasses import dataclass, field

HEADER = """
import array, bisect, collections, contextlib, copy, functools, heapq, itertools, operator, queue, string, types, weakref
from collections import ChainMap, Counter, OrderedDict, UserDict, UserList, defaultdict, deque
from dataclasses import dataclass, field
from threading import Lock
"""


@dataclass(frozen=True)
class Kind:
    """A shared thing: text of the module, of `__init__`, of `reset`."""

    reads: tuple
    writes: tuple
    module: str = ""
    init: str = ""
    reset: str = ""
    names: tuple = field(default=())
    """Globals to be observed."""


def lines(text):
    return tuple(line.strip() for line in text.strip().splitlines())


KINDS = {
    "attributes": Kind(
        lines("""
            it.n
            it.n + it.m
            (it.n, it.m)
            it.n == it.m
            it.n < it.m < 3
            getattr(it, "n")
            getattr(it, "absent", None)
            match_state(it)
            hasattr(it, "extra")
            f"{it.n}-{it.m}"
            max(it.n, it.m)
            -it.n if it.m else it.m
            it.n and it.m
            operator.attrgetter("n", "m")(it)
            "{0.n}-{0.m}".format(it)
            "{a.n}{a.m}".format_map({"a": it})
            [getattr(it, each) for each in ("n", "m")]
            sorted([it, it], key=operator.attrgetter("m"))[0].n
            list(map(operator.attrgetter("n"), [it, it]))
        """),
        lines("""
            it.n += 1
            it.n = it.m + 1
            it.n, it.m = it.m, it.n
            it.m += it.n
            it.n = it.m = 5
            it.extra = 1
            setattr(it, "n", it.m)
            it.m = 7; it.m = 0
            for it.n in (3, 4): pass
        """),
        module="""
def match_state(it):
    match it:
        case object(n=0, m=0):
            return "both"
        case object(n=n, m=2 | 3 as m) if it.n == n:
            return (n, m)
        case object(extra=extra):
            return extra
    return None
""",
        init="self.n = 0; self.m = 2",
    ),
    "list": Kind(
        lines("""
            len(it.xs)
            sum(it.xs)
            sorted(it.xs)
            [x for x in it.xs]
            [x for x in it.xs if x > 1]
            it.xs[0]
            it.xs[-1]
            it.xs[:2]
            3 in it.xs
            it.xs == it.ys
            it.xs + it.ys
            it.xs < it.ys < [9]
            max(it.xs, key=lambda x: -x)
            max(it.xs, key=lambda x: len(it.ys))
            list(map(lambda x: x + 1, it.xs))
            list(map(lambda x: x, it.xs))
            match_list(it.xs)
            match_list((it.xs, it.ys))
            functools.reduce(lambda a, b: a + b, it.xs, 0)
            [*it.xs, *it.ys]
            list(zip(it.xs, it.ys))
            list(zip(map(lambda x: x, it.xs), it.ys))
            any(x > 3 for x in it.xs)
            all(x for x in it.xs)
            list(reversed(it.xs))
            list(enumerate(it.xs))
            list(itertools.chain(it.xs, it.ys))
            [x for x in itertools.chain(it.xs, it.ys)]
            [x for x in itertools.islice(it.xs, 5)]
            [x for x in itertools.accumulate(it.xs)]
            list(itertools.takewhile(lambda x: x < 9, it.xs))
            list(itertools.chain.from_iterable([it.xs, it.ys]))
            copy.copy(it.xs)
            copy.deepcopy(it.xs)
            list(filter(None, it.xs))
            not it.xs
            it.xs.count(2) or len(it.ys)
            str(it.xs)
            repr(it.xs) + str(it.ys)
            f"{it.xs}{it.ys}"
            f"{it.xs!r:>30}"
            "%s %s" % (it.xs, it.ys)
            it.xs * 2
            operator.itemgetter(0, 1)(it.xs)
            bisect.bisect(it.xs, 2)
            heapq.nlargest(2, it.xs)
            heapq.nsmallest(2, it.xs, key=lambda x: -x)
            min(it.xs, default=0)
            it.xs.copy() + it.ys.copy()
            ",".join(map(str, it.xs))
            [a + b for a, b in zip(it.xs, it.ys)]
            (lambda a, *b: (a, b))(*it.xs)
            [x for part in (it.xs, it.ys) for x in part]
            {x: x for x in it.xs}
            sorted(it.xs, key=lambda x: it.ys.count(x))
            sorted(it.xs, key=it.ys.count)
            list(map(it.ys.count, it.xs))
            [[*it.xs] for _ in it.ys]
            list(it.walk())
            sum(it.walk())
            [x for x in it.walk()]
            operator.eq(it.xs, it.ys)
            operator.concat(it.xs, it.ys)
            it.xs is it.ys
            list(itertools.starmap(lambda a, b: a + b, zip(it.xs, it.ys)))
            tuple(x for x in it.xs)
            set(it.xs) | set(it.ys)
            collections.Counter(it.xs).most_common(1)
            next(iter(it.xs))
            list(it.xs.__iter__())
            it.xs.__len__()
            it.xs.__getitem__(0)
            list.__len__(it.xs)
            str.join(",", map(str, it.xs))
            functools.partial(max, it.xs)()
            functools.partial(lambda a: sum(a), it.xs)()
        """),
        lines("""
            it.xs.append(4)
            it.xs.pop()
            it.xs.append(4); it.xs.pop()
            it.xs[0] += 1
            it.xs += [4]
            it.xs.extend(it.ys)
            it.xs[:] = [7]
            it.xs[1:1] = it.ys
            del it.xs[0]
            it.xs.sort(reverse=True)
            it.xs.sort(key=lambda x: -x)
            it.xs.insert(0, 9)
            it.xs.clear()
            it.xs = [5]
            it.xs.remove(2)
            it.xs *= 2
            list(map(it.xs.append, [8]))
            it.ys = it.xs[:]
            it.ys[0] = 3
            it.ys[0] = it.ys.pop()
            heapq.heappush(it.xs, 0)
            heapq.heappop(it.xs)
            it.xs.reverse()
            bisect.insort(it.xs, 2)
            it.xs[0], it.xs[1] = it.xs[1], it.xs[0]
            collections.deque(map(it.xs.append, it.ys), 0)
            it.xs.extend(x for x in it.ys)
            it.xs.extend(map(lambda x: x, it.ys))
            it.xs[len(it.xs):] = it.ys
            list.append(it.xs, 6)
            operator.setitem(it.xs, 0, 6)
            operator.iadd(it.xs, it.ys)
            operator.methodcaller("append", 9)(it.xs)
            functools.partial(it.xs.append, 3)()
            it.xs.__setitem__(0, 8)
            it.xs, it.ys = it.ys, it.xs
            for i, x in enumerate(it.xs[:3]): it.ys[0] = x
            (add := it.xs.append)(1)
            getattr(it.xs, "append")(2)
        """),
        module="""
def match_list(xs):
    match xs:
        case [1, *_, last] if len(xs) > 2:
            return last
        case [[a, *_], [*_, b]]:
            return (a, b)
        case [a, b, *rest]:
            return (a, rest, b)
        case [] | [_]:
            return "short"
""",
        init="self.xs = [1, 2, 3]; self.ys = [2, 3]",
    ),
    "dict": Kind(
        lines("""
            len(it.d)
            it.d.get("a")
            it.d["a"]
            "b" in it.d
            match_dict(it.d)
            match_dict(it.chain)
            list(it.d)
            [k for k in it.d]
            [v for v in it.d.values()]
            [(k, v) for k, v in it.d.items()]
            sum(it.d.values())
            sorted(it.d.items())
            max(it.d, key=it.d.get)
            max(it.d, key=lambda k: it.d[k])
            max(it.d, key=lambda k: k)
            sorted(it.d, key=lambda k: 0)
            list(map(it.d.get, ["a", "b"]))
            list(map(lambda k: k, it.d))
            {**it.d, **it.e}
            dict(it.d, **it.e)
            it.d | it.e
            it.d == it.e
            it.d.keys() & it.e.keys()
            it.d.keys() == it.e.keys()
            dict(zip(it.d, it.e.values()))
            {k: v for k, v in it.d.items() if v}
            any(v > 1 for v in it.d.values())
            list(it.d.items())
            tuple(it.d.values()) + tuple(it.e)
            ChainMap(it.d, it.e)["b"]
            list(ChainMap(it.d, it.e))
            it.chain["b"]
            sorted(it.chain)
            it.chain.get("a")
            it.view["a"]
            list(it.view)
            it.d.copy()
            next(iter(it.d.values()), None)
            [v for v in reversed(it.d)]
            "{a}{b}".format(**it.d)
            "%(a)s" % it.d
            "{x[a]}".format(x=it.d)
            (lambda **kw: sorted(kw))(**it.d)
            it.d.setdefault("z", len(it.e))
            it.d.pop("a", None)
            operator.itemgetter("a")(it.d)
            str(it.d) + str(it.e)
            list(itertools.chain(it.d, it.e))
            [k for k in itertools.chain(it.d, it.e)]
            list(itertools.filterfalse(lambda k: False, it.d))
            collections.Counter(it.d)["a"]
            bool(it.d) and len(it.e)
            copy.copy(it.d)
            string.Template("$a").safe_substitute(it.d)
            list(it.d.keys() - it.e.keys())
            [d["a"] for d in (it.d, {"a": 0})]
        """),
        lines("""
            it.d["a"] = 5
            it.d["a"] += 1
            it.d["c"] = 3
            it.d.pop("b", None)
            it.d["c"] = 1; del it.d["c"]
            it.d.update(it.e)
            it.d.update(b=7)
            it.d |= it.e
            it.d.clear()
            it.d.setdefault("q", 1)
            it.e["b"] = 9
            it.e, it.d = it.d, it.e
            del it.d["a"]
            it.d.popitem()
            it.d.update((k, 0) for k in it.e)
            it.chain["a"] = 4
            it.chain.update(n=1)
            collections.deque(map(it.d.__setitem__, "ab", "xy"), 0)
            it.d[len(it.d)] = 0
            it.d["a"], it.d["b"] = it.d["b"], it.d["a"]
            for it.d["a"] in (1, 2): pass
            operator.setitem(it.d, "b", 0)
            it.d.update(map(lambda k: (k, 8), "ab"))
        """),
        module="""
def match_dict(d):
    match d:
        case {"a": 1, "b": b}:
            return b
        case {"a": a, **rest} if rest:
            return (a, sorted(rest.items(), key=repr))
        case {"c": c} | {"q": c}:
            return c
        case {}:
            return len(d)
""",
        init=(
            "self.d = {'a': 1, 'b': 2}; self.e = {'b': 4}; self.chain = ChainMap(self.d, self.e); self.view = types.MappingProxyType(self.d)"
        ),
    ),
    "set": Kind(
        lines("""
            len(it.s)
            2 in it.s
            sorted(it.s)
            sum(it.s)
            it.s | it.z
            it.s & it.z
            it.s == it.z
            it.s <= it.z
            [x for x in it.s]
            max(it.s, key=lambda x: x)
            it.s.union(it.z)
            it.s.isdisjoint(it.z)
            any(x > 2 for x in it.s)
            frozenset(it.s)
            {*it.s, *it.z}
            sorted(map(it.z.__contains__, it.s))
            sorted(filter(it.z.__contains__, it.s))
            sorted(it.s.symmetric_difference(it.z))
        """),
        lines("""
            it.s.add(9)
            it.s.add(9); it.s.discard(9)
            it.s.discard(1)
            it.s |= it.z
            it.s -= it.z
            it.s.update(it.z)
            it.s.remove(2)
            it.s.clear()
            it.z.add(1)
            it.s &= {1}
            it.s ^= it.z
            it.s = it.z
            it.s.pop()
            it.s.update(x for x in (7, 8))
        """),
        init="self.s = {1, 2, 3}; self.z = {2, 5}",
    ),
    "rows": Kind(
        lines("""
            sum(map(sum, it.rows))
            it.rows[0][1]
            [a + b for a, b in it.rows]
            it.rows == [[0, 1], [2, 3]]
            sorted(it.rows)
            max(it.rows)
            max(it.rows, key=lambda r: r)
            sorted(it.rows, key=lambda r: r)
            sum(it.rows, [])
            sum((r for r in it.rows), [])
            list(itertools.chain.from_iterable(it.rows))
            [x for x in itertools.chain.from_iterable(it.rows)]
            list(zip(*it.rows))
            [list(r) for r in it.rows]
            dict(it.rows)
            dict(r for r in it.rows)
            any(it.rows)
            any(r for r in it.rows)
            all(map(lambda r: r, it.rows))
            [0, 1] in it.rows
            it.rows.index([2, 3])
            it.rows.count([0, 1])
            copy.deepcopy(it.rows)
            str(it.rows)
            list(map(len, it.rows))
            list(map(list, it.rows))
            list(itertools.starmap(lambda a, b: a - b, it.rows))
            (it.rows[0], 1) == ([0, 1], 1)
            it.pair == ([0], 1)
            (it.rows, 1) < ([[0, 1]], 2)
            functools.reduce(operator.add, it.rows)
            functools.reduce(lambda a, b: a + b, it.rows)
            [r[0] for r in it.rows]
            list(map(operator.itemgetter(1), it.rows))
            sorted(it.rows, key=operator.itemgetter(1))
            {"k": it.rows[0]} == {"k": [0, 1]}
            [x for r in it.rows for x in r]
            min(it.rows[0], it.rows[1])
            heapq.nsmallest(1, it.rows)
            bisect.bisect(it.rows, [1])
            list(heapq.merge(*it.rows))
            list(itertools.groupby(it.rows[0] + it.rows[1]))[0][0]
            [sum(r) for r in zip(*it.rows)]
            match_rows(it.rows)
        """),
        lines("""
            it.rows[0][0] = 4
            it.rows[0][0] = 1; it.rows[0][1] = 0
            it.rows[1].append(5)
            it.rows[1].append(5); it.rows[1].pop()
            it.rows.append([7, 8])
            it.rows[0], it.rows[1] = it.rows[1], it.rows[0]
            it.rows[0] = it.rows[1]
            it.rows[1][:] = [9, 9]
            it.rows.pop()
            it.rows[0].clear(); it.rows[0].extend([0, 1])
            it.rows.sort(key=lambda r: -r[0])
            it.pair[0][0] = 6
            it.pair[0].append(1); it.pair[0].pop()
            for r in it.rows: r[0] += 1
            for it.rows[0][0], x in [[1, 2], [3, 4]]: pass
            it.rows.reverse()
        """),
        module="""
def match_rows(rows):
    match rows:
        case [[a, b], *rest]:
            return (a, b, len(rest))
        case _:
            return None
""",
        init="self.rows = [[0, 1], [2, 3]]; self.pair = ([0], 1)",
    ),
    "points": Kind(
        lines("""
            it.p == Point(0, 0)
            it.p == it.q
            it.p < it.q
            it.ps == [Point(0, 1)]
            it.p in it.ps
            sorted(it.ps)[0].x
            max(it.ps).x
            max(it.ps, key=lambda p: p.x).y
            max(it.ps, key=lambda p: p).y
            str(it.p)
            f"{it.p}"
            f"{it.ps}"
            str(it.ps)
            it.p.x + it.p.y
            it.p.total
            [p.total for p in it.ps]
            sum(p.x for p in it.ps)
            it.p.shifted(1).x
            copy.copy(it.p).y
            copy.deepcopy(it.ps)[0].x
            (it.p, 1) == (Point(0, 0), 1)
            {1: it.p} == {1: Point(0, 0)}
            it.ps.index(Point(0, 1))
            list(map(operator.attrgetter("x"), it.ps))
            sorted(it.ps, key=operator.attrgetter("y"))[0].x
            list(map(Point.shifted, it.ps, [1]))[0].x
            repr([it.p, it.q])
            "%s" % it.p
            "{}".format(it.ps)
            "{0.x}{0.y}".format(it.p)
            it.p.seen()
            min(it.p, it.q).x
            [p.x for p in (it.p, it.q)]
            dataclass_fields(it.p)
            match_point(it.p)
            (it.p.x, it.p.y)
            vector_sum(it)
        """),
        lines("""
            it.p.x = 1
            it.p.x = 1; it.p.x = 0
            it.p.y += 1
            it.ps[0].x = 3
            it.ps[0].y, it.ps[0].x = 9, 9
            it.p = it.q
            it.p.x, it.q.x = it.q.x, it.p.x
            it.p.total = 4
            it.ps.append(it.p)
            it.q.x = it.p.y
            it.p.move(2)
            setattr(it.p, "y", 7)
            it.p.__init__(5, 6)
            it.p += Vector(1)
            it.ps.sort()
            it.ps.sort(key=Point.shifted_x)
        """),
        module="""
@dataclass(order=True)
class Point:
    x: int = 0
    y: int = 0

    @property
    def total(self):
        return self.x + self.y

    @total.setter
    def total(self, value):
        self.x = value
        self.y = 0

    def shifted(self, by=1):
        return Point(self.x + by, self.y)

    def shifted_x(self):
        return -self.x

    def move(self, by):
        self.x += by
        self.y += by

    def seen(self):
        return repr(self)

    def __iadd__(self, other):
        self.x += other.by
        return self


class Vector:
    def __init__(self, by):
        self.by = by

    def __radd__(self, other):
        return other + self.by


def vector_sum(it):
    return sum([it.v, it.v])


def dataclass_fields(p):
    import dataclasses
    return dataclasses.astuple(p)


def match_point(p):
    match p:
        case Point(x=0, y=y):
            return y
        case Point(x, y):
            return (x, y)
""",
        init="self.p = Point(0, 0); self.q = Point(1, 2); self.ps = [Point(0, 1), Point(2, 0)]; self.v = Vector(2)",
    ),
    "global": Kind(
        lines("""
            g
            g + len(table)
            read_g()
            table.get("k")
            [table.get(k) for k in ("k", "j")]
            Config.level
            Config().level
            Special.level
            Special().level
            memo(1)
            f"{g}{Config.level}"
            default()
            (lambda: g)()
            max([1], key=lambda _: g)
            type(it).shared
            it.shared
        """),
        lines("""
            bump_g()
            table["k"] = table.get("k", 0) + 1
            set_g(4)
            loop_g()
            with_g()
            except_g()
            import_g()
            Config.level += 1
            Special.level = 3
            setattr(Config, "level", 8)
            default(1)
            State.shared = 1
            it.shared = 2
            State.shared += 1
            drop_g()
            unpack_g()
            walrus_g()
            table.clear()
        """),
        module="""
g = 0
table = {"k": 1}


class Config:
    level = 1


class Special(Config):
    pass


def bump_g():
    global g
    g += 1


def set_g(value):
    global g
    g = value


def loop_g():
    global g
    for g in (5, 6):
        pass


def with_g():
    global g
    with contextlib.nullcontext(7) as g:
        pass


def except_g():
    global g
    try:
        raise KeyError("x")
    except KeyError as g:
        pass
    g = 0


def import_g():
    global g
    g = 8


def drop_g():
    global g
    del g
    g = 9


def unpack_g():
    global g
    g, other = 3, 4


def walrus_g():
    global g
    (g := 2)


def read_g():
    return g


def default(value=None, kept=[0]):
    if value is not None:
        kept[0] += value
    return kept[0]


@functools.lru_cache
def memo(x):
    return x + g
""",
        reset="global g\ng = 0\ntable.clear(); table['k'] = 1\nConfig.level = 1\nif 'level' in vars(Special): del Special.level\n"
        "default.__defaults__[1][:] = [0]\nState.shared = 0\nmemo.cache_clear()",
        names=("g", "table"),
    ),
    "closure": Kind(
        lines("""
            it.look()
            it.look() + it.look()
            list(map(lambda _: it.look(), [1, 2]))
        """),
        lines("""
            it.bump()
            it.put(4)
            it.cycle()
        """),
        module="""
def counter():
    count = 0

    def bump():
        nonlocal count
        count += 1
        return count

    def look():
        return count

    def put(value):
        nonlocal count
        count = value

    def cycle():
        nonlocal count
        for count in (7, 8):
            pass

    return bump, look, put, cycle
""",
        init="self.bump, self.look, self.put, self.cycle = counter()",
    ),
    "deque": Kind(
        lines("""
            len(it.dq)
            list(it.dq)
            it.dq[0]
            [x for x in it.dq]
            max(it.dq, key=lambda x: x)
            sum(it.dq)
            it.dq == deque([1])
            it.dq.copy()
            2 in it.dq
            [it.dq.popleft() for _ in range(len(it.dq))]
            it.od == OrderedDict(a=1)
            [k for k in it.od]
            list(it.od.items())
            it.dd["x"]
            it.dd["new"]
            it.dd.get("new")
            sorted(it.dd)
            it.count["a"]
            it.count.most_common(1)
            it.count.total()
            sorted(it.count.elements())
            it.count + Counter("b")
            it.factory["k"]
            list(it.factory["j"])
        """),
        lines("""
            it.dq.append(4)
            it.dq.popleft()
            it.dq.rotate(1)
            it.dq.appendleft(0); it.dq.popleft()
            it.dq.extend([7, 8])
            it.dq += [5]
            it.dq.clear()
            it.od["b"] = 2
            it.od.move_to_end("a")
            it.od.popitem(last=False)
            it.dd["x"] += 1
            it.dd["y"] += 1
            it.count["a"] += 1
            it.count.update("ab")
            it.count.update(x for x in "ab")
            it.count.subtract("a")
            it.count += Counter("a")
            it.factory["k"].append(1)
            it.factory["k"] = [2]
        """),
        module="""
def made():
    State.made += 1
    return [State.made]
""",
        init="self.dq = deque([1, 2]); self.od = OrderedDict(a=1); self.dd = defaultdict(int); self.count = Counter('a');"
        "self.factory = defaultdict(made)",
        reset="State.made = 0",
    ),
    "iterators": Kind(
        lines("""
            next(it.gen, None)
            next(it.it, None)
            next(it.count)
            list(it.gen)
            list(it.it)
            [x for x in it.gen]
            [x for x in it.it]
            [x for x in it.pairs]
            sum(it.gen)
            sum(it.it)
            max(it.it, default=0)
            [*it.it]
            tuple(it.gen)
            2 in it.it
            next(it.mapped, None)
            list(it.mapped)
            [x for x in it.mapped]
            list(zip(it.it, it.gen))
            list(itertools.islice(it.gen, 1))
            [x for x in itertools.islice(it.count, 2)]
            it.it.__next__()
            next(it.cycle)
            it.counting()
            [x for x in it.shared_gen()]
            [x for x in it.shared_iter()]
            it.gen.send(None)
            {x for x in it.it}
            dict(it.pairs)
            it.take_two()
            next(enumerate(it.it))
            list(map(str, it.it))
            next(x for x in it.it)
        """),
        lines("""
            it.numbers.append(5)
            next(it.gen, None)
            it.numbers.clear()
            it.numbers.insert(0, 9)
            it.it = iter([8])
            it.gen.close()
            it.numbers += [5, 6]
            it.base = 10
        """),
        init="self.base = 0; self.numbers = [1, 2, 3]; self.gen = self.walk_numbers(); self.it = iter(self.numbers); self.count = itertools.count();"
        "self.pairs = iter([(1, 2), (3, 4)]); self.mapped = map(lambda x: x + self.base, self.numbers); self.cycle = itertools.cycle([1, 2]);"
        "self.counting = itertools.count(5).__next__; self.kept_gen = None; self.kept_iter = None",
    ),
    "own containers": Kind(
        lines("""
            len(it.bag)
            it.bag[0]
            list(it.bag)
            [x for x in it.bag]
            2 in it.bag
            sum(it.bag)
            sorted(it.bag)
            bool(it.bag)
            not it.bag
            it.bag == it.bag2
            it.bag + it.bag2
            it.bag < it.bag2
            str(it.bag)
            f"{it.bag}"
            hash(it.bag)
            max(it.bag, default=0)
            [it.bag] == [it.bag2]
            it.bag in [it.bag2]
            it.bag()
            [*it.bag]
            list(reversed(it.bag))
            a_and_b(it.bag)
            list(map(it.bag.__getitem__, [0, 1]))
            -it.bag
            sum([it.bag, it.bag2], 0)
            it.kd["a"]
            it.kd["lost"]
            len(it.kd)
            dict(it.kd)
            [k for k in it.kd]
            {**it.kd}
            it.kd.extra
            it.kl[0]
            it.kl.total()
            sum(it.kl)
            it.kl == [1]
            sorted(it.kl)
            list(iter(it.kl))
            it.lazy.x
            it.lazy.fresh
            [getattr(it.lazy, n) for n in ("x", "y")]
            it.slot.a
            it.slot.a + it.slot.b
            it.child.who()
            it.child.where
            super(Child, it.child).where
            it.desc.value
            {it.bag: 1}.get(it.bag2)
            it.bag.total
            it.bag.cached
            operator.length_hint(it.bag)
            range(5)[it.index]
            [1, 2, 3][it.index]
        """),
        lines("""
            it.bag.items.append(4)
            it.bag[0] = 7
            del it.bag[0]
            it.bag += 3
            it.bag.items = [9, 9]
            it.bag.grow()
            it.bag2.items.append(1); it.bag2.items.pop()
            it.kd["a"] = 3
            it.kd["b"] = 1
            it.kd.extra = 2
            it.kd.clear()
            it.kl.append(2)
            it.kl[0] = 5
            it.kl.extra = 4
            it.lazy.x = 4
            it.lazy.base = 6
            it.slot.a = 2
            it.slot.a, it.slot.b = 5, 6
            Base.where = "moved"
            it.child.where = "mine"
            it.desc.value = 3
            it.child.who = lambda: "replaced"
            it.bag.grow = lambda: None
            it.index.n = 0
            Child.where = "there"
            with it.bag as it.bag.items: pass
        """),
        module="""
class Bag:
    def __init__(self, *items):
        self.items = list(items)

    def __len__(self):
        return len(self.items)

    def __getitem__(self, index):
        return self.items[index]

    def __setitem__(self, index, value):
        self.items[index] = value

    def __delitem__(self, index):
        del self.items[index]

    def __iter__(self):
        for item in self.items:
            yield item

    def __contains__(self, item):
        return any(each == item for each in self.items)

    def __eq__(self, other):
        return self.items == other.items

    def __lt__(self, other):
        return len(self.items) < len(other.items)

    def __hash__(self):
        return len(self.items)

    def __add__(self, other):
        return len(self) + len(other)

    def __radd__(self, other):
        return other + len(self.items)

    def __iadd__(self, other):
        self.items.append(other)
        return self

    def __neg__(self):
        return [-x for x in self.items]

    def __str__(self):
        return "/".join(str(x) for x in self.items)

    __repr__ = __str__

    def __call__(self):
        return len(self.items)

    def __enter__(self):
        self.items.append(0)
        return [5]

    def __exit__(self, *error):
        self.items.append(6)

    def grow(self):
        self.items += self.items[:1]

    @property
    def total(self):
        return sum(self.items)

    @functools.cached_property
    def cached(self):
        return len(self.items)


def a_and_b(bag):
    a, *b = bag
    return a, b


class KeptDict(dict):
    extra = 0

    def __missing__(self, key):
        return len(self)


class KeptList(list):
    extra = 0

    def total(self):
        return sum(self) + self.extra


class Lazy:
    def __init__(self):
        self.base = 1

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return self.base


class Slot:
    __slots__ = ("a", "b")

    def __init__(self):
        self.a = self.b = 1


class Base:
    where = "base"

    def who(self):
        return "base"


class Child(Base):
    def who(self):
        return super().who() + super().where


class Checked:
    def __get__(self, owner, kind):
        return owner.__dict__["kept"] if False else owner.kept

    def __set__(self, owner, value):
        owner.kept = value


class Described:
    value = Checked()

    def __init__(self):
        self.kept = 0


class Index:
    def __init__(self):
        self.n = 1

    def __index__(self):
        return self.n
""",
        init="self.bag = Bag(1, 2); self.bag2 = Bag(2, 3); self.kd = KeptDict(a=1); self.kl = KeptList([1]); self.lazy = Lazy(); self.slot = Slot();"
        "self.child = Child(); self.desc = Described(); self.index = Index()",
        reset="Base.where = 'base'\nif 'where' in vars(Child): del Child.where",
    ),
    "foreign": Kind(
        lines("""
            it.ns.a
            it.ns == types.SimpleNamespace(a=1)
            str(it.ns)
            it.arr[0]
            sum(it.arr)
            it.arr == array.array("i", [1])
            it.arr + it.arr
            list(it.arr)
            [x for x in it.arr]
            it.mem[0]
            bytes(it.mem)
            bytes(it.buf)
            len(it.buf)
            it.buf + b"z"
            it.buf[:2]
            it.ud["a"]
            len(it.ud)
            sorted(it.ud)
            it.ud == {"a": 1}
            it.ud.data
            dict(it.ud)
            [k for k in it.ud]
            "a" in it.ud
            it.ud | {"z": 0}
            it.ul[0]
            it.ul + [1]
            it.ul == [1]
            sum(it.ul)
            it.own_ud["a"]
            it.own_ud.size()
            it.proxy.n0
            it.own_ns.a
            it.err.args
            str(it.err)
            it.part.keywords["k"]
            it.part()
            sorted(it.ul, key=lambda x: x)
            max(it.arr, key=lambda x: x)
            it.ul.index(1) if 1 in it.ul else None
            copy.copy(it.ns).a
            f"{it.ns.a}{it.ud}"
            it.q.qsize()
            it.q.get_nowait()
            it.q.empty()
            it.q.unfinished_tasks
            list(it.q.queue)
            memoryview(it.buf)[0]
        """),
        lines("""
            it.ns.a += 1
            it.ns.b = 2
            it.arr.append(3)
            it.arr[0] = 5
            it.arr.append(3); it.arr.pop()
            it.mem[0] = 99
            it.buf[0] = 98
            it.buf.append(1) if not it.buf.startswith(b"x") else None
            it.ud["a"] = 4
            it.ud["c"] = 1; del it.ud["c"]
            it.ud.update(b=1)
            it.ud.data["a"] = 9
            it.ud |= {"w": 1}
            it.ul.append(2)
            it.ul += [4]
            it.ul.data.append(2); it.ul.data.pop()
            it.own_ud["a"] = 2
            it.own_ud["b"] = 2
            it.n0 = 3
            it.proxy.n0 = 4
            it.own_ns.a = 5
            it.err.args = (2,)
            it.bound.append(1)
            it.part.keywords["k"] = 3
            it.q.put_nowait(5)
            it.q.get_nowait()
            it.q.task_done()
            it.q.queue.clear()
            it.ud.pop("a", None)
        """),
        module="""
class Owned(UserDict):
    def size(self):
        return len(self.data)


class Space(types.SimpleNamespace):
    pass
""",
        init="self.ns = types.SimpleNamespace(a=1); self.arr = array.array('i', [1, 2]); self.buf = bytearray(b'ab');"
        "self.backing = bytearray(b'mn'); self.mem = memoryview(self.backing); self.ud = UserDict(a=1); self.ul = UserList([1]); self.own_ud = Owned(a=1); self.n0 = 0;"
        "self.proxy = weakref.proxy(self); self.own_ns = Space(a=1); self.err = ValueError(1); self.bound = [];"
        "self.part = functools.partial(lambda bound, k: (list(bound), k), self.bound, k=1); self.q = queue.Queue(); self.q.put(1)",
    ),
}
