"""What of a program is guarded, checked and written down while it runs for real, found before it does."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import field, replace
from typing import Protocol

from scenario.program import ops
from scenario.program.program import Condition, Future, ProcessPool, Program
from scenario.program.targets import shared_names, writes
from scenario.program.walk import walk_all
from scenario.program.whole import RUNS, bodies, kinds, lock_name, with_called
from scenario.real.effects import Effect
from scenario.record import record
from scenario.source import Span
from scenario.syntax import FutureQuery, Node, Now, Query, Ref


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
