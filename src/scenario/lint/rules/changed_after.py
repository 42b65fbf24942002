"""A container that a thread changes after it has given it away: what was given is a copy."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TypeAlias

from scenario import syntax
from scenario.diagnostics import Diagnostic, Page
from scenario.lint.facts import Facts
from scenario.program import ops
from scenario.program.places import MUTATING, root, target_names
from scenario.program.walk import children, walk, walk_all
from scenario.source import Span
from scenario.syntax import Expr, Local, Method, Node, Subscript

PAGE = Page(
    "SC416",
    "changed-after-giving",
    "A thread changes a container that it has given away.",
    "A container that is given to a shared variable, a queue, a routine or a future is copied, so that two threads never have one in common "
    "by accident. What the giver does to its own afterwards reaches nobody, though the same Python program would have changed both.",
    "primitives: {jobs: Queue}\nthreads:\n  A:\n    steps:\n      - batch = [1]\n      - put: jobs\n        item: batch\n      - batch.append(2)\n"
    "  B:\n    steps:\n      - get: jobs\n        into: batch\n",
    "primitives: {jobs: Queue}\nthreads:\n  A:\n    steps:\n      - batch = [1]\n      - batch.append(2)\n      - put: jobs\n        item: batch\n"
    "  B:\n    steps:\n      - get: jobs\n        into: batch\n",
)

Given: TypeAlias = Mapping[str, Span]
"""The locals that have been given away and not been assigned since, and where."""

_LONGEST = 20_000
"""Operations of one body, loops inside one another counted as often as they are gone through. Past it nothing is said."""

_LEAVING = (syntax.Return, syntax.Break, syntax.Continue, syntax.Reraise, ops.Raise)

_KEEPING = frozenset({"append", "insert", "setdefault"})
"""The methods of a shared container after which an argument is an element of it."""


def check(facts: Facts) -> Iterator[Diagnostic]:
    if facts.shows_a_bug:
        return
    program = facts.program
    groups, routines = program.groups, program.routines.values()
    for body in (program.main or (), *(group.body for group in groups), *(routine.body for routine in routines)):
        way = _Way()
        way.block(body, {})
        for name, change, given in way.found:
            message = f"`{name}` was given away in line {given.line}: that was a copy, which this does not change"
            hint = f"change it before, or give `list({name})` or the like, if a copy is meant"
            yield Diagnostic(PAGE.code, message, change, hint, "warning")


class _Way:
    """One body, gone through in its order; a loop's twice where its first round gives something away."""

    def __init__(self) -> None:
        self.found: list[tuple[str, Span, Span]] = []
        self._left = _LONGEST

    def block(self, body: ops.Block, given: Given) -> Given:
        """What has been given away after a block; nothing, where it does not come to its end."""
        for op in body:
            self._left -= 1
            if self._left < 0 or isinstance(op, _LEAVING):
                return {}
            given = self._op(op, given)
        return given

    def _op(self, op: ops.Op, given: Given) -> Given:
        self.found += [(name, op.span, given[name]) for name in _changed(op) if name in given]
        match op:
            case ops.If(branches=branches, orelse=orelse):
                return _joined(self.block(body, given) for body in (*(body for _, body in branches), orelse))
            case ops.Try(body=body, handlers=handlers, orelse=orelse, finalbody=finalbody):
                after = self.block(orelse, self.block(body, given))
                return self.block(finalbody, _joined([after, *(self.block(one.body, given) for one in handlers)]))
            case ops.Expect():
                return given  # what raises has given nothing
            case ops.With(body=body) | ops.Atomic(body=body):
                return self.block(body, given)
            case ops.While() | ops.Repeat() | ops.For() | ops.AsCompleted() | ops.Map():
                return self._looped(op, given)
            case _:
                return {**_without(given, op), **dict.fromkeys(_gives(op), op.span)}

    def _looped(self, op: ops.While | ops.Repeat | ops.For | ops.AsCompleted | ops.Map, given: Given) -> Given:
        after = _joined([given, self.block(op.body or (), _without(given, op))])
        if after.keys() == given.keys():
            return after
        return _joined([after, self.block(op.body or (), _without(after, op))])


def _joined(ways: Iterable[Given]) -> Given:
    return {name: span for way in ways for name, span in way.items()}


def _without(given: Given, op: ops.Op) -> Given:
    assigned = frozenset().union(*map(target_names, _targets(op)))
    return {name: span for name, span in given.items() if name not in assigned}


def _targets(op: ops.Op) -> tuple[Expr, ...]:
    match op:
        case syntax.Assign(targets=targets) | syntax.Delete(targets=targets):
            return targets
        case syntax.AugmentedAssign():
            return ()  # of a container it changes what is there
        case _:
            return tuple(found for name in ("into", "target") if (found := getattr(op, name, None)) is not None)


def _changed(op: ops.Op) -> Iterator[str]:
    """The locals whose containers an operation changes by itself."""
    own = tuple(child for child in children(op) if isinstance(child, Expr))
    for node in walk_all(own):
        if isinstance(node, Method) and node.name in MUTATING:
            yield from _base(node.value)
    match op:
        case syntax.AugmentedAssign(
            target=Local(name=name), value=syntax.ListDisplay() | syntax.SetDisplay() | syntax.DictDisplay()
        ):
            yield name
        case syntax.AugmentedAssign(target=Subscript() as target):
            yield from _base(target)
        case _:
            for each in _targets(op):
                yield from (name for node in walk(each) if isinstance(node, Subscript) for name in _base(node))


def _base(value: Expr) -> Iterator[str]:
    match value:
        case Local(name=name):
            yield name
        case Subscript(value=container):
            yield from _base(container)


def _gives(op: ops.Op) -> Iterator[str]:
    """The locals that an operation gives away whole, or in a display."""
    match op:
        case syntax.Assign(targets=targets, value=value) if any(map(root, targets)):
            yield from _whole(value)
        case syntax.Evaluate(value=Method(value=container, name=method, args=args)) if (
            root(container) and method in _KEEPING
        ):
            yield from (name for arg in args for name in _whole(arg))
        case syntax.AugmentedAssign(target=target, value=syntax.ListDisplay() as value) if root(target):
            yield from _whole(value)
        case ops.Put(item=value) | ops.SetResult(value=value):
            yield from _whole(value)
        case ops.Submit(args=args) | ops.AddDoneCallback(args=args) | ops.CallRoutine(args=args):
            yield from (name for arg in args for name in _whole(arg))


def _whole(value: Node | None) -> Iterator[str]:
    match value:
        case Local(name=name):
            yield name
        case syntax.ListDisplay(items=parts) | syntax.TupleDisplay(items=parts) | syntax.DictDisplay(values=parts):
            yield from (name for part in parts for name in _whole(part))
