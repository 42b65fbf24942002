"""Each access of a thread to shared variables, in the order of its way, and which reads a written value comes from."""

from __future__ import annotations

from collections.abc import Iterable

from scenario import syntax
from scenario.lint.access import Access
from scenario.lint.locals import Fact, Locals, base, replaced
from scenario.lint.places import Known, Place
from scenario.lint.visits import Visit
from scenario.lint.walk import Walk
from scenario.program import ops
from scenario.program.walk import children, walk
from scenario.syntax import Expr, Local, Node, Shared

_BODIES = (ops.With, ops.Try, ops.Expect, ops.Atomic)
"""Operations without expressions of their own: what is in them is visited by itself."""


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
        self.locals = Locals(index, own)
        self._waiting: dict[int, tuple[int, Expr]] = {}
        self._at = 0

    def collect(self) -> Accesses:
        loops: list[int] = []
        for number, visit in enumerate(self.walk.visits):
            while loops and self.walk.lasts[loops[-1]] < number:
                self._looked_again(loops.pop())
            self._at = number
            self.locals.enter(visit.frame)
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
                self._given(target, replaced(self._value(values), self.locals.items(values)))
            case ops.CallRoutine():
                self._called(visit.op)
            case _ if isinstance(visit.op, _BODIES):
                pass
            case op:
                into = getattr(op, "into", None)
                for child in children(op):
                    if child is not into:
                        self._value(child)
                own = isinstance(op, ops.Get | ops.Result | ops.Submit | ops.SetRunning | ops.WaitBarrier)
                self._given(into, Fact(Known(own=own)))

    # --- reading --------------------------------------------------------------------------------------------

    def _value(self, node: Node | None) -> Fact:
        """Notes the reads of an expression (or template, or ref); what is known of its value."""
        if node is None:
            return Fact()
        reads: list[Access] = []
        asked: list[syntax.Query] = []
        own = False
        for place, writes in self.locals.places(node):
            access = self._note(place, writes=writes, once=writes)
            reads.append(access)
        for part in walk(node):
            if isinstance(part, Local | syntax.TlsField):
                fact = self.locals.fact(part)
                reads += fact.reads
                asked += fact.asked
                own = own or fact.known.own
            elif isinstance(part, syntax.Query):
                asked.append(part)
        return Fact(self.locals.known(node, own=own), tuple(dict.fromkeys(reads)), tuple(asked))

    def _note(self, place: Place, *, writes: bool, once: bool = False) -> Access:
        return self._added(Access(place, writes, self._at, self._here, once=once))

    def _written(self, place: Place, sources: tuple[Access, ...], *, rebinds: bool = False) -> None:
        self._added(Access(place, True, self._at, self._here, sources, rebinds=rebinds))

    def _added(self, access: Access) -> Access:
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
                reads = self.locals.left(part.name, visit.frame).reads
                self.tests[at] = tuple(dict.fromkeys((*self.tests[at], *reads)))

    # --- writing --------------------------------------------------------------------------------------------

    def _given(self, target: Expr | None, fact: Fact) -> None:
        """Notes the writes of a target."""
        match target:
            case Local(name=name):
                self.locals.assign(name, fact)
            case syntax.TlsField(tls=tls, field=name):
                self.locals.assign(f"{tls.name}.{name}", fact, 0)
            case Shared(name=name):
                self._written(Place(name), fact.reads, rebinds=True)
            case syntax.Subscript() if base(target) is not None:
                *before, place = self.locals.chain(target)
                for read in before:
                    self._note(read, writes=False)
                self._written(place, fact.reads)
            case syntax.TupleDisplay(items=items) | syntax.ListDisplay(items=items):
                for item in items:
                    self._given(item, replaced(fact, Known(own=fact.known.own)))
            case syntax.Starred(value=value):
                self._given(value, fact)

    def _loop_target(self, target: Expr | None, iterable: Expr) -> None:
        fact = self._value(iterable)
        if target is not None:
            self._given(target, replaced(fact, self.locals.items(iterable)))

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
            self.locals.assign(param, fact, frame)
        if op.into is not None:
            self._waiting[frame] = (self._here.frame, op.into)

    def _returned(self, value: Expr | None) -> None:
        fact = self._value(value)
        frame, into = self._waiting.get(self._here.frame, (0, None))
        if isinstance(into, Local):
            self.locals.assign(into.name, fact, frame)
        elif into is not None:
            self._given(into, fact)
