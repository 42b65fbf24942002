"""Each access of a thread to shared variables, in the order of its way, and which reads a written value comes from."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from scenario import syntax
from scenario.program import ops
from scenario.program.accesses import MUTATING
from scenario.program.walk import children, walk
from scenario.record import record
from scenario.rules.constants import UNKNOWN, constant
from scenario.rules.places import ANYTHING, Known, Place
from scenario.rules.walk import Visit, Walk
from scenario.syntax import Expr, Local, Node, Shared

_KEYED = frozenset({"get", "pop", "setdefault"})
_MOST = 1000
"""Values of a loop's variable that are told apart."""

_BODIES = (ops.With, ops.Try, ops.Expect, ops.Atomic)
"""Operations without expressions of their own: what is in them is visited by itself."""


@record
class Access:
    """One read or write. `at`: the number of its visit. `sources`: the reads that a written value comes from.

    `once`: a read and a write that are one step (a container's method, `results += […]`).
    """

    place: Place
    writes: bool
    at: int
    visit: Visit
    sources: tuple[Access, ...] = ()
    once: bool = False

    __eq__ = object.__eq__  # two accesses are two, however alike
    __hash__ = object.__hash__

    @property
    def updates(self) -> tuple[Access, ...]:
        """The reads of the same place that the written value comes from."""
        return tuple(read for read in self.sources if read.place.alike(self.place))


@record
class Fact:
    """What is known of a local: its values, the shared reads and the queries of objects that it comes from."""

    known: Known = ANYTHING
    reads: tuple[Access, ...] = ()
    asked: tuple[syntax.Query, ...] = ()


class Accesses:
    """Of one thread, whose number in its group is `index`.

    `containers`: the variables whose `+=` is one step. `own`: a routine's parameters, of each call's own.
    """

    def __init__(self, walk: Walk, containers: frozenset[str], index: int | None, own: Iterable[str] = ()) -> None:
        self.walk = walk
        self.all: list[Access] = []
        self.tests: dict[int, tuple[Access, ...]] = {}
        """By the visit of an `if`, `while`, `await` or `wait_for`: the reads that its test looks at."""
        self.asked: dict[int, tuple[syntax.Query, ...]] = {}
        """By the same: the queries of primitives and threads."""
        self._containers = containers
        self._single: Mapping[str, object] = {} if index is None else {"index": index}
        self._index = index
        self._facts: dict[tuple[int, str], Fact] = {(0, name): Fact(Known(own=True)) for name in own}
        self._waiting: dict[int, tuple[int, Expr]] = {}
        self._at = 0

    def collect(self) -> Accesses:
        loops: list[int] = []
        for number, visit in enumerate(self.walk.visits):
            while loops and self.walk.lasts[loops[-1]] < number:
                self._looked_again(loops.pop())
            self._at = number
            self._visit(visit)
            if isinstance(visit.op, ops.While):
                loops.append(number)
        while loops:
            self._looked_again(loops.pop())
        return self

    @property
    def _here(self) -> Visit:
        return self.walk.visits[self._at]

    def _visit(self, visit: Visit) -> None:
        match visit.op:
            case syntax.Assign(targets=targets, value=value):
                fact = self._value(value)
                for target in targets:
                    self._given(target, fact)
            case syntax.AugmentedAssign():
                self._augmented(visit.op)
            case syntax.Delete(targets=targets):
                for target in targets:
                    self._given(target, Fact())
            case syntax.Return(value=value):
                self._returned(value)
            case ops.If(branches=branches):
                self._test(test for test, _ in branches)
            case ops.While(test=test) | ops.Await(test=test) | ops.WaitFor(until=test):
                self._test([test])
            case ops.Repeat(times=times, target=target):
                self._value(times)
                self._loop_target(target, syntax.Builtin("range", (times,)))
            case ops.For(target=target, iterable=iterable):
                self._loop_target(target, iterable)
            case ops.AsCompleted(target=target, futures=futures):
                self._value(futures)
                self._given(target, Fact(Known(own=True)))
            case ops.Map(over=over, target=target, into=into):
                self._value(over)
                for each in (target, into):
                    self._given(each, Fact(Known(own=True)))
            case ops.Choose(target=target, values=values):
                self._given(target, replaced(self._value(values), self._items(values)))
            case ops.CallRoutine():
                self._called(visit.op)
            case _ if isinstance(visit.op, _BODIES):
                pass
            case op:
                into = getattr(op, "into", None)
                for child in children(op):
                    if child is not into:
                        self._value(child)
                own = isinstance(op, ops.Get | ops.Result | ops.Submit | ops.WaitBarrier)
                self._given(into, Fact(Known(own=own)))

    # --- reading --------------------------------------------------------------------------------------------

    def _value(self, node: Node | None) -> Fact:
        """Notes the reads of an expression (or template, or ref); what is known of its value."""
        if node is None:
            return Fact()
        reads: list[Access] = []
        asked: list[syntax.Query] = []
        own = False
        for place, writes in self._places(node):
            access = self._note(place, writes=writes, once=writes)
            reads.append(access)
        for part in walk(node):
            if isinstance(part, Local | syntax.TlsField):
                fact = self._fact(part)
                reads += fact.reads
                asked += fact.asked
                own = own or fact.known.own
            elif isinstance(part, syntax.Query):
                asked.append(part)
        return Fact(self._known(node, own=own), tuple(dict.fromkeys(reads)), tuple(asked))

    def _places(self, node: Node) -> Iterator[tuple[Place, bool]]:
        """Each shared variable or element in an expression, and whether a method changes it."""
        match node:
            case Shared(name=name):
                yield Place(name), False
                return
            case syntax.Subscript() if _base(node) is not None:
                yield from ((place, False) for place in self._chain(node))
                return
            case syntax.Compare(left=left, operators=("in" | "not in",), comparands=(Shared(name=name),)):
                yield from self._places(left)
                yield self._element(name, left), False
                return
            case syntax.Method(value=value, name=method, args=args) if _base(value) is not None:
                for arg in args:
                    yield from self._places(arg)
                *before, place = self._chain(value)
                yield from ((index, False) for index in before)
                if isinstance(value, Shared) and method in _KEYED and args:
                    place = self._element(value.name, args[0])
                yield place, method in MUTATING
                return
        for child in children(node):
            yield from self._places(child)

    def _chain(self, node: Expr) -> Iterator[Place]:
        """`x[i][j]`: what its indices read, then the element itself; a slice is the whole."""
        keys: list[Expr] = []
        whole = False
        while isinstance(node, syntax.Subscript):
            for place, _ in self._places(node.index):
                yield place
            whole = whole or isinstance(node.index, syntax.Slice)
            if not isinstance(node.index, syntax.Slice):
                keys.insert(0, node.index)
            node = node.value
        assert isinstance(node, Shared), "asked of such chains only"
        if whole or not keys:
            yield Place(node.name)
        else:
            yield self._element(node.name, keys[0] if len(keys) == 1 else syntax.TupleDisplay(tuple(keys)))

    def _element(self, name: str, key: Expr) -> Place:
        own = any(self._fact(part).known.own for part in walk(key) if isinstance(part, Local))
        return Place(name, key, self._known(key, own=own))

    def _note(self, place: Place, *, writes: bool, sources: tuple[Access, ...] = (), once: bool = False) -> Access:
        access = Access(place, writes, self._at, self._here, sources, once)
        self.all.append(access)
        return access

    def _test(self, tests: Iterable[Expr]) -> None:
        facts = [self._value(test) for test in tests]
        self.tests[self._at] = tuple(read for fact in facts for read in fact.reads)
        self.asked[self._at] = tuple(query for fact in facts for query in fact.asked)

    def _looked_again(self, at: int) -> None:
        """After a round of a `while`: its test looks at what the round has left in locals."""
        visit = self.walk.visits[at]
        assert isinstance(visit.op, ops.While), "asked of loops only"
        for part in walk(visit.op.test):
            if isinstance(part, Local):
                reads = self._facts.get((visit.frame, part.name), Fact()).reads
                self.tests[at] = tuple(dict.fromkeys((*self.tests[at], *reads)))

    # --- what is known of locals ----------------------------------------------------------------------------

    def _fact(self, part: Local | syntax.TlsField) -> Fact:
        if isinstance(part, syntax.TlsField):
            return self._facts.get((0, f"{part.tls.name}.{part.field}"), Fact())
        if part.name == "index" and self._index is not None:
            return Fact(Known(frozenset({repr(self._index)}), own=True))
        if part.name in ("index", "name"):
            return Fact(Known(own=True))
        return self._facts.get((self._here.frame, part.name), Fact())

    def _known(self, node: Node, *, own: bool) -> Known:
        if isinstance(node, syntax.Template | syntax.Ref):
            return Known(own=own)
        if isinstance(node, Local):
            return self._fact(node).known
        value = constant(node, self._single)  # type: ignore[arg-type]
        return Known(None if value is UNKNOWN else frozenset({repr(value)}), own)

    def _items(self, iterable: Expr) -> Known:
        """What each item of an iterable may be."""
        fact = self._fact(iterable) if isinstance(iterable, Local) else None
        value = constant(iterable, self._single)
        if isinstance(value, list | tuple | set | frozenset | dict | str | range) and len(value) <= _MOST:
            return Known(frozenset(map(repr, value)))
        own = fact.known.own if fact else any(self._fact(p).known.own for p in walk(iterable) if isinstance(p, Local))
        return Known(own=own)

    # --- writing --------------------------------------------------------------------------------------------

    def _given(self, target: Expr | None, fact: Fact) -> None:
        """Notes the writes of a target."""
        match target:
            case Local(name=name):
                self._facts[self._here.frame, name] = fact
            case syntax.TlsField(tls=tls, field=name):
                self._facts[0, f"{tls.name}.{name}"] = fact
            case Shared(name=name):
                self._note(Place(name), writes=True, sources=fact.reads)
            case syntax.Subscript() if _base(target) is not None:
                *before, place = self._chain(target)
                for read in before:
                    self._note(read, writes=False)
                self._note(place, writes=True, sources=fact.reads)
            case syntax.TupleDisplay(items=items) | syntax.ListDisplay(items=items):
                for item in items:
                    self._given(item, replaced(fact, Known(own=fact.known.own)))
            case syntax.Starred(value=value):
                self._given(value, fact)

    def _loop_target(self, target: Expr | None, iterable: Expr) -> None:
        fact = self._value(iterable)
        if target is not None:
            self._given(target, replaced(fact, self._items(iterable)))

    def _augmented(self, op: syntax.AugmentedAssign) -> None:
        if isinstance(op.target, Shared) and op.target.name in self._containers:
            self._value(op.value)
            self._note(Place(op.target.name), writes=True, once=True)
            return
        before, value = self._value(op.target), self._value(op.value)
        known = Known(own=before.known.own or value.known.own)
        self._given(op.target, Fact(known, (*before.reads, *value.reads), (*before.asked, *value.asked)))

    # --- routines -------------------------------------------------------------------------------------------

    def _called(self, op: ops.CallRoutine) -> None:
        facts = [self._value(arg) for arg in op.args]
        frame = self.walk.entered.get(self._at)
        if frame is None:
            self._given(op.into, Fact())
            return
        for param, fact in zip(self.walk.params(op.routine), facts, strict=False):
            self._facts[frame, param] = fact
        if op.into is not None:
            self._waiting[frame] = (self._here.frame, op.into)

    def _returned(self, value: Expr | None) -> None:
        fact = self._value(value)
        frame, into = self._waiting.get(self._here.frame, (0, None))
        if isinstance(into, Local):
            self._facts[frame, into.name] = fact
        elif into is not None:
            self._given(into, fact)


def replaced(fact: Fact, known: Known) -> Fact:
    """The fact with another value."""
    return Fact(known, fact.reads, fact.asked)


def _base(value: Expr) -> Shared | None:
    """The shared variable that a chain of subscripts begins with."""
    while isinstance(value, syntax.Subscript):
        value = value.value
    return value if isinstance(value, Shared) else None
