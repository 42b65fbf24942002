"""What a program's threads may ever do, found before it runs: who could wake whom, what is guarded."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import field, replace
from typing import Protocol, TypeAlias

from scenario.program import ops
from scenario.program.ops import Block
from scenario.program.program import Barrier, Condition, Future, Primitive, ProcessPool, Program, ThreadPool
from scenario.program.targets import shared_names, writes
from scenario.program.walk import walk_all
from scenario.program.whole import RUNS, bodies, with_called
from scenario.record import mutable, record
from scenario.source import Span
from scenario.syntax import FutureQuery, Node, Now, OwnFuture, Query, Ref

Effect: TypeAlias = tuple[str, str]
"""(what is done, to which primitive, variable or group): ("set", "ready")."""


@record
class Check:
    """One claim of `always` or `reachable`: its kind, its number, the names that it reads."""

    kind: str
    number: int
    reads: frozenset[str]


@record
class Footprint:
    """`guarded`: names (of vars and primitives) under the hidden lock, empty if the file needs none.

    `hidden`: whether there is a hidden lock at all. `recorded`: the locks whose holder the emitted code
    writes down, because acquires and releases do not balance by the form of the code. `released`: those
    that a thread other than the holder may release. `futures`: the scenario's own, if something guarded asks a future.
    `awaits`: what each `await` depends on, by where it stands.
    """

    hidden: bool
    guarded: frozenset[str]
    checks: tuple[Check, ...]
    recorded: frozenset[str]
    released: frozenset[str]
    futures: frozenset[str] = frozenset()
    awaits: Mapping[Span, Asked] = field(default_factory=dict)

    def asked_at(self, span: Span) -> Asked:
        """What the `await` at a step depends on."""
        return self.awaits.get(span, ANYTHING)

    def concerned(self, names: frozenset[str]) -> tuple[Check, ...]:
        """The checks to make after a step that changes these names."""
        return tuple(check for check in self.checks if check.reads & names)


def find(program: Program) -> Footprint:
    """The program's footprint."""
    everything = tuple(walk_all(bodies(program)))
    waiting = [node for node in everything if isinstance(node, ops.Atomic | ops.Await)]
    claims = (*program.claims.always, *program.claims.reachable)
    guarded: set[str] = set()
    for node in waiting:
        guarded |= names(with_called(node.body, program.routines, RUNS) if isinstance(node, ops.Atomic) else node.test)
    guarded |= names(claims)
    own = own_futures(program)
    futures = own if own & guarded or _asks_futures((waiting, claims)) else frozenset()
    guarded |= futures
    checks = [Check("always", n, names(claim)) for n, claim in enumerate(program.claims.always)]
    checks += [Check("reachable", n, names(claim)) for n, claim in enumerate(program.claims.reachable)]
    checks = [replace(check, reads=check.reads | futures) if check.reads & own else check for check in checks]
    released = {
        lock_name(program, node.ref.name)
        for node in everything
        if isinstance(node, ops.Operation) and node.holds in ("takes", "gives back")
    }
    recorded = released | {lock_name(program, name) for name in guarded & kinds(program).keys()}
    if program.runtime == "multiprocessing":  # each object says itself who has it
        recorded = set()
    awaits = {node.span: asked(node.test, program) for node in waiting if isinstance(node, ops.Await)}
    return Footprint(
        bool(waiting or claims), frozenset(guarded), tuple(checks), frozenset(recorded), frozenset(released), futures,
        awaits,
    )  # fmt: skip


def _asks_futures(trees: object) -> bool:
    return any(isinstance(node, FutureQuery) for node in walk_all(trees))


def own_futures(program: Program) -> frozenset[str]:
    """The scenario's own, by the names of the primitives."""
    return frozenset(p.name for p in program.primitives if any(isinstance(kind, Future) for kind in p.elements))


def callbacks(program: Program) -> Iterator[Block]:
    """What may run wherever a future is done."""
    added = {node.routine for node in walk_all(bodies(program)) if isinstance(node, ops.AddDoneCallback)}
    yield from (program.routines[name].body for name in sorted(added & program.routines.keys()))


def of_callbacks(program: Program) -> frozenset[Effect]:
    """All that callbacks may do."""
    return frozenset().union(*(effects(block, program) for block in callbacks(program)))


def kinds(program: Program) -> dict[str, Primitive]:
    return {primitive.name: primitive for primitive in program.primitives}


def lock_name(program: Program, name: str) -> str:
    """The lock under a condition; any other primitive is itself. Elements of an array are of one kind."""
    primitive = kinds(program).get(name)
    kind = next(iter(primitive.elements), None) if primitive is not None else None
    return kind.lock[0] if isinstance(kind, Condition) and kind.lock is not None else name


def names(tree: object) -> frozenset[str]:
    """The vars, primitives and groups in the tree."""
    refs = {node.name for node in walk_all(tree) if isinstance(node, Ref)}
    return shared_names(tree) | refs


class Mover(Protocol):
    """Whoever goes on, as far as a condition asks: what kind of thread, of which group."""

    @property
    def kind(self) -> str: ...
    @property
    def group(self) -> str: ...


@record
class Asked:
    """What a condition depends on: named things, which threads live, who is blocked, futures, or on no thread of the run.

    `lives`: the groups of which it is asked who is alive. `anyone`: it is asked who is blocked, which any step of anybody may
    change. `by_itself`: time, a worker process and the user's own code may make it true.
    """

    names: frozenset[str] = frozenset()
    lives: frozenset[str] = frozenset()
    anyone: bool = False
    futures: bool = False
    by_itself: bool = False

    def may_change(self, movers: Sequence[Mover], effects: frozenset[Effect]) -> bool:
        """Whether these threads, which may do these things, can change what it depends on."""
        done = {effect for effect, _ in effects}
        return (
            (self.anyone and bool(movers))
            or any(name in self.names for _, name in effects)
            or (bool(self.lives) and ("start", "all") in effects)
            or any(mover.group in self.lives for mover in movers)
            or (self.futures and (any(m.kind == "worker" for m in movers) or bool(done & _ON_FUTURES)))
        )


ANYTHING = Asked(by_itself=True)

_ON_FUTURES = frozenset({"submit", "cancel", "shutdown", "complete", "notify cancel"})
"""What may change a future beside the worker that runs its call."""


def asked(test: Node, program: Program) -> Asked:
    """What the test of an `await` depends on."""
    groups = {group.key for group in program.groups} | {"main"}
    found = tuple(walk_all(test))
    queries = [node for node in found if isinstance(node, Query) and node.ref.name in groups]
    futures = any(isinstance(node, FutureQuery) for node in found)
    foreign = bool(program.python) or any(
        isinstance(kind, ProcessPool) for primitive in program.primitives for kind in primitive.elements
    )
    return Asked(
        names(test),
        frozenset(node.ref.name for node in queries if node.attribute in ("alive", "is_alive")),
        any(node.attribute == "blocked" for node in queries),
        futures,
        any(isinstance(node, Now) for node in found) or (futures and foreign),
    )


def step_writes(op: Node, program: Program) -> frozenset[str]:
    """The names whose state the op itself may change (not the ops in its blocks)."""
    found = set(writes(_without_blocks(op)))
    ref = getattr(op, "ref", None)
    if isinstance(ref, Ref):
        found |= {ref.name, lock_name(program, ref.name)}
        found |= _conditions_over(program, ref.name)
    return frozenset(found)


def _without_blocks(op: Node) -> object:
    if isinstance(op, ops.Repeat | ops.For | ops.Map | ops.AsCompleted):
        return tuple(target for target in (op.target, getattr(op, "into", None)) if target is not None)
    return () if hasattr(op, "body") or isinstance(op, ops.If) else op


def _conditions_over(program: Program, lock: str) -> set[str]:
    return {
        primitive.name
        for primitive in program.primitives
        for kind in primitive.elements
        if isinstance(kind, Condition) and kind.lock is not None and kind.lock[0] == lock
    }


def of_thread(key: str, body: Block, program: Program) -> frozenset[Effect]:
    """All that a thread of that key may ever do, and what comes in the middle of it."""
    handlers = (program.routines[one.routine].body for one in program.interrupts_of(key))
    return frozenset().union(*(effects(block, program) for block in (body, *handlers)))


def effects(block: Block, program: Program) -> frozenset[Effect]:
    """All that a thread with this body may ever do to what others wait for (an over-approximation)."""
    return _Effects(program).of(block)


@mutable
class _Effects:
    program: Program

    def of(self, block: Block) -> frozenset[Effect]:
        found: set[Effect] = set()
        seen: set[int] = set()  # by identity: a constant in a block may be a list, which has no hash
        waiting = [block]
        while waiting:
            current = waiting.pop()
            if id(current) in seen:
                continue
            seen.add(id(current))
            for node in walk_all(current):
                found.update(self.own(node))
                waiting.extend(self.started(node))
            found.update(("write", name) for name in writes(current))
        return frozenset(found)

    def own(self, node: Node) -> Iterator[Effect]:
        for effect in node.effects if isinstance(node, ops.Act) else ():
            ref = getattr(node, "ref", None)
            if ref is None and isinstance(future := getattr(node, "future", None), OwnFuture):
                ref = future.ref
            name = ref.name if isinstance(ref, Ref) else ""
            yield effect, name
            if lock_name(self.program, name) != name:
                yield effect, lock_name(self.program, name)
        if isinstance(node, ops.Submit | ops.Map):
            yield "submit", node.to.name
            yield "cancel", ""

    def started(self, node: Node) -> Iterator[Block]:
        """Blocks that may run because of the op: of routines, of started threads, of barrier actions."""
        match node:
            case ops.CallRoutine(routine):
                yield from self.routine(routine)
            case ops.Submit(routine) | ops.Map(routine):
                yield from self.routine(routine)
                for kind in kinds(self.program)[node.to.name].elements:  # a new worker begins with it
                    if isinstance(kind, ThreadPool) and kind.initializer:
                        yield from self.routine(kind.initializer)
            case ops.Start(ref):
                for group in self.program.groups:
                    if ref.name in (group.key, "all"):
                        yield group.body
            case (
                ops.SetResult() | ops.SetException() | ops.CancelFuture() | ops.AddDoneCallback() | ops.ShutdownPool()
            ):  # fmt: skip
                yield from callbacks(self.program)
            case ops.WaitBarrier(ref):
                for kind in kinds(self.program)[ref.name].elements:
                    if isinstance(kind, Barrier) and kind.action:
                        yield from self.routine(kind.action)
            case _:
                pass

    def routine(self, name: str) -> Iterator[Block]:
        if name in self.program.routines:
            yield self.program.routines[name].body


def pool_effects(program: Program) -> dict[str, frozenset[Effect]]:
    """Per thread pool, what its workers may do: every routine that is given to it, and its initializer."""
    found: dict[str, frozenset[Effect]] = {}
    for primitive in program.primitives:
        initializers = {kind.initializer or "" for kind in primitive.elements if isinstance(kind, ThreadPool)}
        if initializers:
            given = {
                node.routine
                for node in walk_all(bodies(program))
                if isinstance(node, ops.Submit | ops.Map) and node.to.name == primitive.name
            }
            blocks = (
                *(program.routines[name].body for name in given | initializers if name in program.routines),
                *callbacks(program),
            )
            found[primitive.name] = frozenset().union(*(effects(block, program) for block in blocks))
    return found
