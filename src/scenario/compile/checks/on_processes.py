"""What a file uses and `multiprocessing` does not have, and what would silently be lost there.

What a manager gives of a container's element is a copy: a change inside of it is nobody's. That a process starts, joins and tests its
own children alone, CPython says itself (AssertionError).
"""

from __future__ import annotations

from collections.abc import Iterator

from scenario.compile.checks.unfit import Unfit, may_wait, threads_with
from scenario.language.runtimes import MOST_OF_A_SEMAPHORE, SHARED_INTEGERS
from scenario.program import ops
from scenario.program.places import MUTATING, root
from scenario.program.program import (
    BoundedSemaphore,
    Kind,
    ProcessPool,
    Program,
    Queue,
    Semaphore,
    SimpleQueue,
)
from scenario.program.targets import bound, targets
from scenario.program.walk import walk_all
from scenario.program.whole import barrier_actions, bodies, used
from scenario.source import Span
from scenario.spec.scenario import Scenario
from scenario.syntax import AugmentedAssign, Delete, Expr, Method, Node, Query, Ref, Shared, Slice, Subscript


def on_processes(program: Program, model: Scenario) -> Iterator[Unfit]:
    """All that does not go there."""
    yield from threads_with(model, "timer", "timers", "let a thread of its own `sleep` first")
    for kind, claims in (("always", program.claims.always), ("reachable", program.claims.reachable)):
        for claim in claims:
            yield Unfit(f"`{kind}`", claim.span, "claim it of the end (`final`), or `assert` it in a thread")
    for var in program.vars:
        yield from _value(var.value, var.span)
    for primitive in program.primitives:
        if any(_size(kind) > MOST_OF_A_SEMAPHORE for kind in primitive.elements):
            yield Unfit(
                f"size of more than {MOST_OF_A_SEMAPHORE}", primitive.span, "write 0 for a queue without a bound"
            )
    yield from _outside_of_main(program)
    simple = {p.name for p in program.primitives if any(isinstance(kind, SimpleQueue) for kind in p.elements)}
    for node in walk_all((*bodies(program), program.claims.final, program.claims.observe or ())):
        yield from _operation(node, simple, program)
    containers = frozenset(var.name for var in program.vars if isinstance(var.value, list | dict))
    for node in walk_all(bodies(program)):
        yield from _changes(node, containers)


def _size(kind: Kind) -> int:
    """What a semaphore of it counts to."""
    match kind:
        case Semaphore(value) | BoundedSemaphore(value):
            return value
        case Queue(maxsize):
            return maxsize
        case _:
            return 0


def _outside_of_main(program: Program) -> Iterator[Unfit]:
    """An executor can not be given to a process: CPython refuses to pickle it."""
    pools = {p.name for p in program.primitives if any(isinstance(kind, ProcessPool) for kind in p.elements)}
    others = (*(group.body for group in program.groups), *barrier_actions(program))
    for node in used(others, program.routines):
        if isinstance(node, Ref) and node.name in pools:
            instead = f"use `{node.name}` in `main`: an executor can not be given to another process"
            yield Unfit("pool in another process than main's", node.span, instead)


def _value(value: object, span: Span) -> Iterator[Unfit]:
    match value:
        case int() if value not in SHARED_INTEGERS:
            yield Unfit(
                "shared integers of more than 64 bits", span, "keep it in a list, `[number]`, and write `name[0]`"
            )
        case bool() | int() | float() | list() | dict() | None:
            pass
        case str():
            yield Unfit("shared texts", span, "keep it in a list, `['text']`, and write `name[0]`")
        case _:
            yield Unfit(f"shared value of type {type(value).__name__}", span, "write a list or a dict")


def _operation(node: Node, simple: set[str], program: Program) -> Iterator[Unfit]:
    match node:
        case ops.Release(n=n) if n is not None:
            yield Unfit("`n` of a release", node.span, "release it so often: `repeat`")
        case ops.Put(ref) | ops.Get(ref) if ref.name in simple and (node.block is not None or node.timeout is not None):
            key = "block" if node.block is not None else "timeout"
            yield Unfit(f"`{key}` of a SimpleQueue", node.span, "write `Queue`, or leave it out")
        case ops.ShutdownQueue():
            yield Unfit("shutdown of a queue", node.span, "put an item that says so (`null`), one for each that gets")
        case Query(ref, "qsize") if ref.name in simple:
            yield Unfit("`qsize` of a SimpleQueue", node.span, "ask `empty()`")
        case Query(_, "is_shutdown"):
            yield Unfit("`is_shutdown` of a queue", node.span, "put an item that says so (`null`)")
        case ops.AddDoneCallback(routine=routine) if may_wait(routine, program):
            instead = "let it wake a thread that waits: it `set`s an event, or puts with `block: false`"
            yield Unfit("callbacks that may wait", node.span, instead)
        case _:
            pass


def _changes(node: Node, containers: frozenset[str]) -> Iterator[Unfit]:
    """What would be lost: another object under a container's name, a change inside of an element."""
    if not isinstance(node, AugmentedAssign | Delete):
        for place in (place for target in targets(node) for place in bound(target)):
            if isinstance(place, Shared) and place.name in containers:
                instead = f"change it in place (`{place.name}[k] = …`, `{place.name}.append(…)`)"
                yield Unfit(f"assignment to `{place.name}`, which a manager holds", place.span, instead)
    changed = [node.value] if isinstance(node, Method) and node.name in MUTATING else _containers_of_targets(node)
    for place in changed:
        if not isinstance(place, Shared) and _variable(place) is not None:
            instead = "copy it (`list(x[k])`, `dict(x[k])`), change the copy, and assign it (`x[k] = copy`)"
            yield Unfit("change inside of an element: what a manager gives is a copy", place.span or node.span, instead)


def _containers_of_targets(node: Node) -> list[Expr]:
    places = (place for target in targets(node) for place in bound(target))
    return [place.value for place in places if isinstance(place, Subscript)]


def _variable(place: Expr) -> Shared | None:
    """The shared variable inside of which it lies; a slice is a copy that is meant to be one."""
    match place:
        case Subscript(_, Slice()):
            return None
        case Method(value, "get" | "setdefault"):
            return root(value)
        case _:
            return root(place)
